"""Which sums a policy of a comparison moves at all: what none can move tells nothing of them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.tabulate.description import Description, stored_name
from sim.tabulate.settings import setting_of

__all__ = ["moved"]

BASELINE = "baseline"


def moved(cells: xr.Dataset, one: Description, by: str) -> dict[str, bool]:
    """Return ``moved_<name>`` for each sum a measure needs.

    True where in some cell, place and year it differs from the baseline's with the same luck, by
    however little: what no lever reaches is the same to the last bit. True for all where these
    results hold nothing to compare.

    >>> from types import SimpleNamespace
    >>> luck = {name: ("cell", [0, 0]) for name in ("draw", "replicate")}
    >>> made = xr.Dataset({"ks4_n": (("cell", "area"), [[5, 6], [5, 6]]),
    ...     "ks2_sum": (("cell", "area"), [[1, 2], [1, 3]])},
    ...     coords={"scenario": ("cell", ["baseline", "flat"]), **luck})
    >>> moved(made, SimpleNamespace(needs=("ks4_n", "ks2_sum")), "area")
    {'moved_ks4_n': False, 'moved_ks2_sum': True}
    """
    mine, base = _pairs(cells)
    if not len(mine):
        return {f"moved_{name}": True for name in one.needs}
    found = {}
    for name in one.needs:
        values = cells[stored_name(name, by)]
        if "cell" not in values.dims:
            found[f"moved_{name}"] = False
            continue
        rows = values.transpose("cell", ...).values
        found[f"moved_{name}"] = any(
            not np.array_equal(rows[i], rows[j], equal_nan=True)
            for i, j in zip(mine, base, strict=True)
        )
    return found


def _pairs(cells: xr.Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of cells that have a baseline with the same luck and setting, and rows of that."""
    names = cells["scenario"].values.astype(str).tolist()
    luck = zip(
        cells["draw"].values.tolist(),
        cells["replicate"].values.tolist(),
        setting_of(cells),
        strict=True,
    )
    pairs = list(luck)
    rows = {
        pair: i for i, (pair, name) in enumerate(zip(pairs, names, strict=True)) if name == BASELINE
    }
    mine = [i for i, name in enumerate(names) if name != BASELINE and pairs[i] in rows]
    return np.array(mine, dtype=np.int64), np.array([rows[pairs[i]] for i in mine], dtype=np.int64)
