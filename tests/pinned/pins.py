"""Today's results, pinned: what two small cells hold, and ten numbers that people look at.

``make pins`` (``python -m tests.pinned.pins``) writes `pins.json` anew; the difference is looked
at line by line before it is kept, in a change of its own that says why results moved.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.config import compose_all
from sim.model import SchoolsModel
from sim.record.variables import AT_SCHOOL
from sim.results import content_digest
from sim.results.shapes import stack_cells
from sim.study.cells import at, simulate
from sim.tabulate import evaluate

PINS = Path(__file__).with_name("pins.json")
SCENARIOS = ("baseline", "gap_triggered")
YEARS = 22
"""So many that people of 30 have lived some of their school years under the policy."""

NUMBERS: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("attainment8", "baseline", "england", {"group": "disadvantaged"}),
    ("attainment8", "gap_triggered", "england", {"group": "disadvantaged"}),
    ("attainment8", "baseline", "area_affluence", {"group": "disadvantaged", "place": 1}),
    ("attainment8", "gap_triggered", "area_affluence", {"group": "disadvantaged", "place": 1}),
    ("ks4_gap_index", "gap_triggered", "england", {}),
    ("targeted_undercoverage", "gap_triggered", "england", {}),
    ("pounds_per_pupil_reached", "gap_triggered", "england", {}),
    ("he_rate", "baseline", "england", {"group": "disadvantaged"}),
    ("professional_job_rate", "gap_triggered", "england", {"group": "disadvantaged"}),
    ("pay", "baseline", "england", {"group": "all"}),
)
"""Measure, scenario, places and what of it; all of the last year."""


def lived() -> dict[str, xr.Dataset]:
    """Return the two cells: the central beliefs, the first luck, one past."""
    words = ("world=tiny", f"years={YEARS}", "machine.threads=1")
    settings = [at(one, 0, 0) for one in compose_all(SCENARIOS, words)]
    past = SchoolsModel(settings[0]).live_past()
    return {one.scenario: simulate(one, past.copy()) for one in settings}


LINES = [
    "technical_offer",
    "free_travel",
    "premium_to_19",
    "student_success",
    "selection",
    "open_criteria",
]
"""Lines of cost that were there when this was pinned: what a new lever costs moves nothing else."""


LATER = [
    *sorted(there for there in AT_SCHOOL.values() if there.endswith("_s")),
    *("home_pupils", "own_area_n", "home_pupils_q", "own_area_n_q"),
    *("poached_sum", "absence_sum", "persistent_sum", "needs_spill_sum"),
]
"""Recorded since this was pinned: by the area of the school, teachers drawn away, absence."""


def digests(cells: Mapping[str, xr.Dataset]) -> dict[str, str]:
    """Return what each cell holds, as one digest: no date, version or code is part of it."""
    return {
        name: content_digest(cell.sel(lever=LINES).drop_vars(LATER)) for name, cell in cells.items()
    }


def numbers(cells: Mapping[str, xr.Dataset]) -> dict[str, float]:
    """Return the ten numbers, each under what it is of."""
    results = stack_cells(list(cells.values()))
    found = {}
    for name, scenario, by, where in NUMBERS:
        table = evaluate(results, name, by, years=YEARS)
        cell = int(np.flatnonzero(table["scenario"].values == scenario)[0])
        value = float(table.isel(cell=cell).sel(where or None).squeeze())
        found[" ".join([name, scenario, by, *map(str, where.values())])] = value
    return found


def made_with() -> dict[str, str]:
    """Return what last bits may hang on beside our code: kind of machine and three libraries."""
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        **{name: version(name) for name in ("numpy", "numba", "llvmlite")},
    }


def main() -> None:
    """Write the pins anew."""
    cells = lived()
    found = {"digests": digests(cells), "numbers": numbers(cells), "made_with": made_with()}
    PINS.write_text(json.dumps(found, indent=2) + "\n")
    print(f"{PINS.name}: written. See what moved: git diff tests/{PINS.parent.name}")


if __name__ == "__main__":
    main()
