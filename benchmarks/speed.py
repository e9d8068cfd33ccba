"""How fast the model is and what it needs, beside its limits: ``speed.py [--json] [--quick]``.

Nothing here asserts anything. Seconds are those of this machine; ratios are taken within one
process, both sides in turn. A limit that is missed is followed by where a year's time goes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from commands import Spent, environment, spend  # noqa: E402

RUN = ("run", "baseline", "machine.threads=2")
TWO_WORLDS = ("tenth", "england")
FIRST_TABLE = 5
CELLS = 70


@dataclass(frozen=True)
class Figure:
    """One number, its limit and whether it is met; ``limit`` and ``met`` are null where none is."""

    name: str
    title: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the limit is met."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def figures(quick: bool, profile: dict[str, Any]) -> Iterator[Figure]:
    """Measure one thing after the other; parts of a year go into ``profile``."""
    yield from update(3 if quick else 7)
    yield from tenth(3 if quick else 5)
    yield from first_run()
    if quick:
        return
    yield from growth(profile)
    yield from england()
    yield from comparison()


def update(rounds: int) -> Iterator[Figure]:
    """Compare a year's learning of 100,000 pupils with Mesa, on one thread."""
    from update import compare

    found = compare(rounds)
    note = "both come to the same attainment" if found.same else "THE TWO SIDES DIFFER"
    yield Figure(
        "update_over_mesa", "Mesa's do over our update, 100,000 pupils", found.ratio, "times",
        200, at_least=True, note=note,
    )  # fmt: skip
    yield Figure("update_ns", "our update of a pupil", found.kernel_ns, "ns")
    yield Figure("mesa_ns", "Mesa's update of a pupil", found.mesa_ns, "ns")
    yield Figure("update_over_draws", "our update over its draws alone", found.over_draws, "times")


def tenth(times: int) -> Iterator[Figure]:
    """Run a tenth of England from start to end, as a user does."""
    spend([*RUN, "world=tiny"])  # so that kernels are compiled
    runs = [spend([*RUN, "world=tenth"]) for _ in range(times)]
    yield _seconds("tenth", "a default run of tenth, the whole process", 6, runs)
    yield _peak("tenth", "memory of a run of tenth", None, runs)


def first_run() -> Iterator[Figure]:
    """Run it where no kernel was ever compiled."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [spend([*RUN, "world=tenth"], cache=Path(folder))]
    yield _seconds("first_run", "the first run of all (tenth), compiling", 30, runs)


def england() -> Iterator[Figure]:
    """Run all of England, 28 years."""
    runs = [spend([*RUN, "world=england"])]
    yield _seconds("england", "a default run of england, the whole process", 45, runs)
    yield _peak("england", "memory of a run of england", 3000, runs)


def growth(profile: dict[str, Any]) -> Iterator[Figure]:
    """Compare a year of England with a year of a tenth of it, on one thread."""
    small, large = (_year_of(world, profile) for world in TWO_WORLDS)
    for found in (small, large):
        yield Figure(
            f"{found['world']}_year", f"a year of {found['world']}, one thread's work",
            found["year_seconds"], "s", note=f"{found['pupils']:,} pupils",
        )  # fmt: skip
    cost = math.log(large["year_seconds"] / small["year_seconds"])
    size = math.log(large["pupils"] / small["pupils"])
    yield Figure("exponent", "growth of cost with size, tenth to england", cost / size, "", 1.10)


def _year_of(world: str, profile: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "years.py"), world]
    told = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(told.stdout)
    profile[world] = found
    return found


def comparison() -> Iterator[Figure]:
    """Run the main job: five policies on a tenth of England, both ends, report and all."""
    run = spend(["compare", "machine.threads=2", "--budget", "10000"], cells=FIRST_TABLE)
    yield _seconds("compare", "a default sim compare, all in", 230, [run])
    assert run.first_seconds is not None
    yield Figure("first_table", "until every policy has a cell to show", run.first_seconds, "s", 60)
    yield Figure("cell", "a cell of it, two at a time", run.seconds / CELLS, "s")


def _seconds(name: str, title: str, limit: float, runs: list[Spent]) -> Figure:
    seconds = [run.seconds for run in runs]
    notes = []
    if all(run.first_seconds is None for run in runs):  # workers of a batch may not be counted
        cpu = statistics.median(run.cpu_seconds for run in runs)
        notes.append(f"{cpu:.1f} s of processors")
    if len(runs) > 1:
        notes.append(f"median of {len(runs)}, {min(seconds):.2f} to {max(seconds):.2f}")
    note = "; ".join(notes)
    return Figure(f"{name}_seconds", title, statistics.median(seconds), "s", limit, note=note)


def _peak(name: str, title: str, limit: float | None, runs: list[Spent]) -> Figure:
    peak = statistics.median(run.peak_mb for run in runs)
    return Figure(f"{name}_peak_mb", title, peak, "MB", limit)


def machine() -> dict[str, Any]:
    """Say what it was measured on, and how busy it was with other things."""
    import numba
    import numpy as np

    return {
        "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(), "machine": platform.machine(),
        "numba": numba.__version__, "numpy": np.__version__,
    }  # fmt: skip


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print machine-readable output")
    parser.add_argument("--quick", action="store_true", help="leave out england and compare")
    given = parser.parse_args()
    before, profile, found = machine(), dict[str, Any](), list[Figure]()
    for figure in figures(given.quick, profile):
        found.append(figure)
        if not given.json:
            print(_line(figure), flush=True)
    if given.json:
        rows = [{**asdict(figure), "met": figure.met} for figure in found]
        print(json.dumps({"machine": before, "figures": rows, "profile": profile}, indent=2))
    elif any(figure.met is False for figure in found):
        _print_profile(profile)


def _line(figure: Figure) -> str:
    sign = "at least" if figure.at_least else "at most"
    limit = "" if figure.limit is None else f"{sign} {figure.limit:g}"
    met = {True: "met", False: "MISSED", None: ""}[figure.met]
    value = f"{figure.value:,.2f} {figure.unit}"
    return f"{figure.title:<45}{value:>16}  {limit:<14}{met:<8}{figure.note}".rstrip()


def _print_profile(profile: dict[str, Any]) -> None:
    for world, found in profile.items():
        print(f"\nA year of {world}: {1000 * found['year_seconds']:.0f} ms, of which")
        for name, spent in sorted(found["parts_ms"].items(), key=lambda part: -part[1]):
            print(f"  {name:<24}{spent:>9.1f} ms")


if __name__ == "__main__":
    main()
