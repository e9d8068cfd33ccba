"""What one school year costs in a world, in all and process by process: ``years.py WORLD``.

Run by `speed.py`, one world a process, so that no world finds the memory of another in the cache.
Seconds are those of one thread's work, medians over the years.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from typing import Any

from sim.config import compose
from sim.model import SchoolsModel
from sim.study.cells import at

__all__ = ["measure"]

YEARS = 4


def measure(world: str) -> dict[str, Any]:
    """Return pupils, schools, seconds a year and milliseconds of each part of the year."""
    settings = compose("baseline", [f"world={world}", f"years={YEARS}", "machine.threads=1"])
    warm = SchoolsModel(compose("baseline", ["world=tiny", "years=1", "machine.threads=1"]))
    warm.run()
    warm.close()
    start = time.thread_time()
    model = SchoolsModel(at(settings, 0, 0))
    built = time.thread_time() - start
    gc.disable()  # as `SchoolsModel.run` does
    years, pupils = [], []
    while model.policy_year <= YEARS:
        pupils.append(sum(len(cohort) for cohort in model.world.cohorts.values()))
        start = time.thread_time()
        model.step()
        years.append(time.thread_time() - start)
    found = {
        "world": world, "pupils": round(statistics.mean(pupils)),
        "schools": len(model.world.schools), "build_seconds": built,
        "year_seconds": statistics.median(years),
        "parts_ms": {name: 1000 * statistics.median(each) for name, each in model.seconds.items()},
    }  # fmt: skip
    model.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
