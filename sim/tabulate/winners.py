"""Who gains and who loses money: pupils and pounds of schools, under a policy less the baseline.

A cell keeps the grants of its schools in the final year; a school is the same in every policy under
the same luck. Heads are those of the baseline, so that both ways are of the same children.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from sim.codes import PHASES
from sim.results import Asked, Store
from sim.results.shapes import AXES, as_grid
from sim.tabulate.tables import BASELINE

__all__ = ["NAMES", "WAYS", "moved", "read_winners"]

NEEDS = ("school_area", "school_phase", "school_pence", "school_pupils", "weight")
WAYS = ("gain", "lose")
_HEADS, _PENCE = "moved_pupils", "moved_pence"
NAMES = (_HEADS, _PENCE, "way")
_LEAST = 100  # pence a pupil: what is less is no change
_FIFTHS = range(1, 6)


def moved(policy: xr.Dataset, baseline: xr.Dataset) -> xr.Dataset:
    """Return pupils and pence of schools that gain and that lose, by phase and affluence.

    Weighted: what they stand for in the country. A change of less than a pound a pupil is none.

    Returns:
        ``moved_pupils`` and ``moved_pence`` (way, phase, fifth), of all the grant: premium,
        targeted and new money are in it.
    """
    rolls = (policy["school_pupils"].values, baseline["school_pupils"].values)
    now, then = (one["school_pence"].values.sum(axis=0) for one in (policy, baseline))
    both = (rolls[0] > 0) & (rolls[1] > 0)
    each = np.where(both, now / np.maximum(rolls[0], 1) - then / np.maximum(rolls[1], 1), 0.0)
    at = baseline["school_area"].values
    heads = rolls[1] * baseline["weight"].values[at]
    fifth, phase = baseline["affluence"].values[at], baseline["school_phase"].values
    found = np.zeros((2, len(WAYS), len(PHASES), len(_FIFTHS)))
    for way, those in enumerate((each >= _LEAST, each <= -_LEAST)):
        np.add.at(found[0, way], (phase[those], fifth[those] - 1), heads[those])
        np.add.at(found[1, way], (phase[those], fifth[those] - 1), (heads * each)[those])
    dims = ("way", "phase", "fifth")
    return xr.Dataset(
        {_HEADS: (dims, found[0]), _PENCE: (dims, found[1])}, coords={"way": list(WAYS)}
    )


def read_winners(results: xr.Dataset, asked: Iterable[Asked], store: Store) -> xr.Dataset:
    """Return results with who gains and loses in every cell that has a baseline beside it."""
    cells = {}
    for one in asked:
        cell = store.get(one.digest, NEEDS)
        cells[one.scenario or cell.attrs["scenario"], *_luck(cell)] = cell
    told = [
        (key, moved(cell, cells[BASELINE, *key[1:]]))
        for key, cell in cells.items()
        if (BASELINE, *key[1:]) in cells
    ]
    if not told:
        return results
    whole = xr.concat([part for _, part in told], "cell")
    who = {
        axis: ("cell", list(own))
        for axis, own in zip(AXES, zip(*(key for key, _ in told), strict=True), strict=True)
    }
    grid = as_grid(whole.assign_coords(who))
    return results.assign({name: grid[name] for name in (_HEADS, _PENCE)})


def _luck(cell: xr.Dataset) -> tuple[int, int]:
    return int(cell.attrs["draw"]), int(cell.attrs["replicate"])
