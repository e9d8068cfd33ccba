"""Who gains and who loses money: pupils and pounds of schools, under a policy less the baseline.

A cell keeps the grants of its schools in the final year, and their rolls in year 0; a school is the
same in every policy under the same luck. Heads are those of year 0, before any policy moved a
child, and pounds are the change a pupil times those heads: no policy gains by growing.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from sim.codes import PHASES
from sim.money import IntArray
from sim.results import Asked, Store
from sim.results.shapes import grid_of
from sim.tabulate.tables import BASELINE

__all__ = ["LEAST", "NAMES", "moved", "read_winners"]

NEEDS = (
    "school_area",
    "school_phase",
    "school_pence",
    "school_pupils",
    "school_pupils_0",
    "weight",
)
WAYS = ("gain", "lose")
_HEADS, _PENCE = "moved_pupils", "moved_pence"
NAMES = (_HEADS, _PENCE, "way", "size", "fifth")
"""Names that :func:`read_winners` adds, coordinates of their own among them."""
LEAST = 100  # pence a pupil: what is less is no change
_FIFTHS = 5


def moved(policy: xr.Dataset, baseline: xr.Dataset) -> xr.Dataset:
    """Return pupils and pence of schools that gain and that lose, by phase, size and affluence.

    Weighted: what they stand for in the country. A change of less than a pound a pupil is none. A
    school without pupils in year 0 or in the final year of either is left out.

    Returns:
        ``moved_pupils`` and ``moved_pence`` (way, phase, size, fifth), of all the grant: premium,
        targeted and new money are in it. ``size`` is the fifth of the schools of a phase by roll in
        year 0 (1 smallest), ``fifth`` that of areas by affluence (1 most affluent).
    """
    rolls = [one["school_pupils"].values for one in (policy, baseline)]
    now, then = (one["school_pence"].values.sum(axis=0) for one in (policy, baseline))
    both = (rolls[0] > 0) & (rolls[1] > 0)
    each = np.where(both, now / np.maximum(rolls[0], 1) - then / np.maximum(rolls[1], 1), 0.0)
    at, phase = baseline["school_area"].values, baseline["school_phase"].values
    many = baseline["weight"].values[at].astype(np.int64)
    roll = baseline["school_pupils_0"].values
    where = (phase, _sizes(roll, phase, many), baseline["affluence"].values[at] - 1)
    found = np.zeros((2, len(WAYS), len(PHASES), _FIFTHS, _FIFTHS))
    for way, those in enumerate((each >= LEAST, each <= -LEAST)):
        place = tuple(one[those] for one in where)
        np.add.at(found[0, way], place, (roll * many)[those])
        np.add.at(found[1, way], place, (roll * many * each)[those])
    dims, fifths = ("way", "phase", "size", "fifth"), range(1, _FIFTHS + 1)
    return xr.Dataset(
        {_HEADS: (dims, found[0]), _PENCE: (dims, found[1])},
        coords={"way": list(WAYS), "size": list(fifths), "fifth": list(fifths)},
    )


def _sizes(roll: IntArray, phase: IntArray, many: IntArray) -> IntArray:
    """Return the fifth [n], from 0, of each school among those of its phase by roll.

    Schools that stand for many count as many.
    """
    found = np.zeros(roll.size, dtype=np.int64)
    for one in range(len(PHASES)):
        rows = np.flatnonzero((phase == one) & (roll > 0))
        order = rows[np.argsort(roll[rows], kind="stable")]
        before = np.cumsum(many[order]) - many[order]
        found[order] = before * _FIFTHS // max(1, int(many[order].sum()))
    return found


def read_winners(results: xr.Dataset, asked: Iterable[Asked], store: Store) -> xr.Dataset:
    """Return results with who gains and loses under every policy, of the central beliefs alone."""
    cells = {}
    for one in asked:
        if int(store.get(one.digest, ("weight",)).attrs["draw"]) == 0:
            cell = store.get(one.digest, NEEDS)
            cells[one.scenario or cell.attrs["scenario"], 0, int(cell.attrs["replicate"])] = cell
    told = [
        (key, moved(cell, cells[BASELINE, *key[1:]]))
        for key, cell in cells.items()
        if (BASELINE, *key[1:]) in cells
    ]
    if not told:
        return results
    grid = grid_of([part for _, part in told], [key for key, _ in told])
    return results.assign({name: grid[name] for name in (_HEADS, _PENCE)})
