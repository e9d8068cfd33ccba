"""Cells of a sweep that differ in more than scenario and luck: one table for each setting.

Cells of two settings are never replicates of one another, so nothing is pooled or paired over them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from sim.results.reading import AXES, as_cells

__all__ = ["labels_of", "setting_of", "swept", "table_by_setting"]


def labels_of(results: xr.Dataset | xr.DataArray) -> list[str]:
    """Return the coordinates that tell cells apart: scenario, luck, and what was swept."""
    return [str(name) for name, label in results.coords.items() if label.dims == ("cell",)]


def swept(results: xr.Dataset | xr.DataArray) -> list[str]:
    """Return the keys that a sweep varied: labels along ``cell`` with more than one value."""
    labels = [name for name in labels_of(results) if name not in AXES]
    return [name for name in labels if len(set(results[name].values.tolist())) > 1]


def setting_of(results: xr.Dataset | xr.DataArray) -> list[tuple[Any, ...]]:
    """Return the values of the swept keys in each cell; empty tuples where none was swept.

    >>> one = xr.Dataset(coords={"seed": ("cell", [1, 2]), "draw": ("cell", [0, 0])})
    >>> setting_of(one)
    [(1,), (2,)]
    """
    columns = [results[name].values.tolist() for name in swept(results)]
    return list(zip(*columns, strict=True)) if columns else [()] * results.sizes.get("cell", 1)


def table_by_setting(results: xr.Dataset, make: Callable[[xr.Dataset], xr.Dataset]) -> xr.Dataset:
    """Make a table of the cells of each setting, along ``setting``; without a sweep, just one.

    Settings keep their order of first appearance; each swept key is a coordinate along them, and
    so are the numbers of draws and replicates, which may differ.
    """
    keys = swept(results) if "cell" in results.dims else []
    if not keys:
        return make(results)
    cells = as_cells(results)
    each = setting_of(cells)
    found = list(dict.fromkeys(each))
    tables = [
        make(cells.isel(cell=np.flatnonzero([one == setting for one in each])).drop_vars(keys))
        for setting in found
    ]
    together = xr.concat(
        tables, "setting", coords=["draws", "replicates"], compat="override",
        combine_attrs="override",
    )  # fmt: skip
    values = zip(*found, strict=True)
    labels = {key: ("setting", list(own)) for key, own in zip(keys, values, strict=True)}
    return together.assign_coords(labels)
