"""What building England and living in it cost beside an earlier state: ``since.py COMMIT``.

Both sides take turns, each time in a process of its own on one thread, so that a busy machine slows
both; ratios are medians over the turns, of processor seconds (user and system) from an empty
process with compiled kernels. COMMIT is checked out into a folder that is removed afterwards; a
folder with a checkout may be named instead, whose kernels are then compiled once and for all.
Both run with the libraries of this Python. Limits are those of the issue that put England's own
ground under the model, for the state before it (``since.py 3a7bfa7``).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEFORE_THE_GROUND = "3a7bfa7"
FIGURES = {
    "build": ("building the world and its past", "s", 1.10),
    "first_year": ("that, the past years and year 1", "s", 1.05),
    "run": ("that and the years after it", "s", 1.05),
    "peak": ("memory at its peak", "MB", 1.05),
}
"""By name: what it is, its unit, and how many times the earlier state it may be."""

MEASURE = """
import gc, json, resource, sys, time
from sim.config import compose
from sim.model import SchoolsModel
from sim.study.cells import at

def model(world, years):
    given = [f"world={world}", f"years={years}", "machine.threads=1"]
    return SchoolsModel(at(compose("baseline", given), 0, 0))

def live(model, years):
    while model.policy_year <= years:
        model.step()

world, years = sys.argv[1], int(sys.argv[2])
warm = model("tiny", 1)  # so that kernels are compiled and loaded
live(warm, 1)
warm.close()
began, found = time.process_time(), {}
asked = model(world, years)
found["build"] = time.process_time() - began
gc.disable()  # as `SchoolsModel.run` does
for name, last in (("first_year", 1), ("run", years)):
    live(asked, last)
    found[name] = time.process_time() - began
unit = 1 if sys.platform == "darwin" else 1024
found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
print(json.dumps(found))
"""
"""Runs on either side, so it names only what both have."""


@contextmanager
def checkout(named: str) -> Iterator[Path]:
    """Yield a folder with the code of a commit, or the folder that is named."""
    if Path(named, "sim").is_dir():
        yield Path(named).resolve()
        return
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "then")
        subprocess.run([*git, "add", "--quiet", "--detach", str(folder), named], check=True)
        try:
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def measure(folder: Path, world: str, years: int) -> dict[str, float]:
    """Return processor seconds and megabytes of one process that runs the code of a folder."""
    told = subprocess.run(
        [sys.executable, "-c", MEASURE, world, str(years)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, stdout=subprocess.PIPE,
        check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(told.stdout)
    return found


def main() -> None:
    """Measure both sides in turn and print each ratio beside its limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("then", nargs="?", default=BEFORE_THE_GROUND, metavar="COMMIT")
    parser.add_argument("--world", default="england")
    parser.add_argument("--years", type=int, default=5, help="years of policy in a run")
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()
    pairs = []
    with checkout(given.then) as folder:
        for side in (folder, ROOT):
            measure(side, "tiny", 1)
        for turn in range(given.turns):
            pairs.append([measure(side, given.world, given.years) for side in (folder, ROOT)])
            print(f"turn {turn + 1} of {given.turns}", file=sys.stderr)
    for name, (title, unit, limit) in FIGURES.items():
        then, now = (statistics.median(pair[side][name] for pair in pairs) for side in (0, 1))
        ratios = sorted(pair[1][name] / pair[0][name] for pair in pairs)
        ratio = statistics.median(ratios)
        met = "met" if ratio <= limit else "MISSED"
        spread = f"{ratios[0]:.3f} to {ratios[-1]:.3f}"
        print(
            f"{title:<34}{then:>9,.1f} {now:>9,.1f} {unit:<4}"
            f"{ratio:>7.3f}  at most {limit:.2f}  {met:<7}{spread}"
        )


if __name__ == "__main__":
    main()
