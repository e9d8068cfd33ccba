"""Cells of a sweep that differ in more than scenario and luck: one table for each setting.

Cells of two settings are never replicates of one another, so nothing is pooled or paired over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import xarray as xr

from sim.data.base_year import DEFAULT, EACH, in_prices
from sim.errors import BadRequest
from sim.results.shapes import AXES

__all__ = [
    "base_year_of",
    "labels_of",
    "refuse_swept",
    "rows_of",
    "setting_of",
    "swept",
    "table_by_setting",
]

BASE_YEAR = "base_year"


def labels_of(results: xr.Dataset | xr.DataArray) -> list[str]:
    """Return the coordinates that tell cells apart: scenario, luck, and what was swept."""
    return [str(n) for n, label in results.coords.variables.items() if label.dims == ("cell",)]


def swept(results: xr.Dataset | xr.DataArray) -> list[str]:
    """Return the keys that a sweep varied: labels along ``cell`` with more than one value."""
    labels = [name for name in labels_of(results) if name not in AXES]
    return [name for name in labels if len(set(results[name].values.tolist())) > 1]


def base_year_of(results: xr.Dataset | xr.DataArray) -> str:
    """Return whose prices results are in: a base year, or in words those of each.

    >>> base_year_of(xr.Dataset()), base_year_of(xr.Dataset(attrs={"base_year": "2025-26"}))
    ('2024-25', '2025-26')
    """
    if BASE_YEAR not in labels_of(results):
        return str(results.attrs.get(BASE_YEAR, DEFAULT))
    first, *others = set(results[BASE_YEAR].values.tolist())
    return EACH if others else str(first)


def refuse_swept(results: xr.Dataset) -> None:
    """Raise BadRequest for results of a sweep over other settings, which one table would pool."""
    if mixed := swept(results):
        raise BadRequest(
            f"these cells differ in {', '.join(mixed)} too, and one table would pool them. "
            f"Choose one value, or use difference() for a table of each."
        )


def setting_of(results: xr.Dataset | xr.DataArray) -> list[tuple[Any, ...]]:
    """Return the values of the swept keys in each cell; empty tuples where none was swept.

    >>> one = xr.Dataset(coords={"seed": ("cell", [1, 2]), "draw": ("cell", [0, 0])})
    >>> setting_of(one)
    [(1,), (2,)]
    """
    columns = [results[name].values.tolist() for name in swept(results)]
    return list(zip(*columns, strict=True)) if columns else [()] * results.sizes["cell"]


def rows_of(keys: Iterable[Any]) -> dict[Any, list[int]]:
    """Return the rows that share each key, in the order in which keys first appear.

    >>> rows_of("abca")
    {'a': [0, 3], 'b': [1], 'c': [2]}
    """
    found: dict[Any, list[int]] = {}
    for row, key in enumerate(keys):
        found.setdefault(key, []).append(row)
    return found


def table_by_setting(results: xr.Dataset, make: Callable[[xr.Dataset], xr.Dataset]) -> xr.Dataset:
    """Make a table of the cells of each setting, along ``setting``; without a sweep, just one.

    Settings keep their order of first appearance; each swept key is a coordinate along them, and
    so are the numbers of draws and replicates, which may differ. Where base years differ, the unit
    says so.
    """
    keys = swept(results)
    if not keys:
        return make(results)
    rows, plain = rows_of(setting_of(results)), results.drop_vars(keys)
    tables = [make(_of_its_year(results, plain, same)) for same in rows.values()]
    together = xr.concat(
        tables,
        "setting",
        coords=["draws", "replicates"],
        compat="override",
        combine_attrs="override",
    )
    values = zip(*rows, strict=True)
    labels = {key: ("setting", list(own)) for key, own in zip(keys, values, strict=True)}
    if BASE_YEAR in keys and "unit" in together.attrs:
        first = base_year_of(_of_its_year(results, plain, next(iter(rows.values()))))
        together.attrs["unit"] = in_prices(together.attrs["unit"].replace(first, DEFAULT), EACH)
    return together.assign_coords(labels)


def _of_its_year(results: xr.Dataset, plain: xr.Dataset, same: list[int]) -> xr.Dataset:
    """Return the cells of one setting, which say in whose prices they are."""
    cells = plain.isel(cell=same)
    if BASE_YEAR not in labels_of(results):
        return cells
    return cells.assign_attrs({BASE_YEAR: str(results[BASE_YEAR].values[same[0]])})
