"""What one school year costs in a world, in all and process by process: ``years.py WORLD``.

Run by `speed.py`, one world a process, so that no world finds the memory of another in the cache.
Seconds are those of one thread's work, medians over the years.
"""

from __future__ import annotations

import functools
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from sim import after, after_work, history, invariants, steps
from sim.config import compose
from sim.model import SchoolsModel
from sim.record.recorder import Recorder
from sim.study.cells import at
from sim.year import allocation, teachers

__all__ = ["measure"]

YEARS = 4
PARTS: dict[str, tuple[Any, str]] = {
    "allocation": (allocation, "allocate"),
    "plans": (SchoolsModel, "make_plans"),
    "teachers": (teachers, "staff"),
    "admissions": (steps, "enter_all"),
    "moves": (steps, "move"),
    "census": (steps, "census_of"),
    "learning": (steps, "grow"),
    "assessment": (steps, "assess"),
    "post-16": (after, "choose_routes"),
    "higher education": (SchoolsModel, "go_to_university"),
    "recruitment": (SchoolsModel, "find_work"),
    "progression": (after_work, "progress"),
    "invariants": (invariants, "check_year"),
    "record": (Recorder, "record"),
    "next year": (SchoolsModel, "turn_year"),
    "the past before (once)": (history, "begin"),
    "older people (once)": (SchoolsModel, "_older_people"),
}
"""Parts of a year by name: where they live and what they are called there."""

Clock = dict[str, list[float]]


def _timed(clock: Clock, name: str, action: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(action)
    def wrapped(*given: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return action(*given, **named)
        finally:
            clock.setdefault(name, []).append(time.thread_time() - start)

    return wrapped


def measure(world: str) -> dict[str, Any]:
    """Return pupils, schools, seconds a year and milliseconds of each part of the year."""
    settings = compose("baseline", [f"world={world}", f"years={YEARS}", "machine.threads=1"])
    warm = SchoolsModel(compose("baseline", ["world=tiny", "years=1", "machine.threads=1"]))
    warm.run()
    warm.close()
    clock: Clock = {}
    for name, (owner, called) in PARTS.items():
        setattr(owner, called, _timed(clock, name, getattr(owner, called)))
    start = time.thread_time()
    model = SchoolsModel(at(settings, 0, 0))
    built = time.thread_time() - start
    gc.disable()  # as `SchoolsModel.run` does
    years: Clock = {}
    live = _timed(years, "year", model.step)
    pupils = []
    while model.policy_year <= YEARS:
        pupils.append(sum(len(cohort) for cohort in model.world.cohorts.values()))
        live()
    found = {
        "world": world, "pupils": round(statistics.mean(pupils)),
        "schools": len(model.world.schools), "build_seconds": built,
        "year_seconds": statistics.median(years["year"]),
        "parts_ms": {name: 1000 * statistics.median(spent) for name, spent in clock.items()},
    }  # fmt: skip
    model.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
