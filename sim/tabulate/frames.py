"""From one figure in every cell to a table with intervals and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.tabulate.description import Description
from sim.tabulate.intervals import summarise
from sim.tabulate.verdicts import verdicts
from sim.tabulate.windows import exposures

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["POOLED", "Table", "difference_table", "frame", "tabulate"]

POOLED = "replicates_pooled"
"""Label of cells that a measure made of several replicates: of how many."""

Table = xr.Dataset
"""Dimensions scenario, perhaps year, place, perhaps group and part; value, low, high, ..."""


def tabulate(found: xr.DataArray, one: Description) -> Table:
    """Summarise the cells of each scenario over draws and replicates."""
    scenario = found["scenario"].values.astype(str)
    labels = list(dict.fromkeys(scenario.tolist()))
    pooled = found[POOLED].values if POOLED in found.coords else np.ones(len(scenario), np.int64)
    parts = []
    for label in labels:
        rows = np.flatnonzero(scenario == label)
        draw = found["draw"].values[rows]
        replicates = int(pooled[rows][draw == 0].sum())
        parts.append((summarise(found.values[rows], draw), draw, replicates))
    dims = ("scenario", *(str(d) for d in found.dims if d != "cell"))
    names = list(parts[0][0]) if parts else []
    data: dict[str, Any] = {n: (dims, np.stack([p[n] for p, *_ in parts])) for n in names}
    coords: dict[str, Any] = {
        "scenario": labels,
        "draws": ("scenario", [len(np.unique(d[d > 0])) for _, d, _ in parts]),
        "replicates": ("scenario", [count for *_, count in parts]),
        **{str(n): c for n, c in found.coords.items() if "cell" not in c.dims},
    }
    if "year" in found.dims:
        coords["exposure"] = ("year", exposures(found["year"].values.tolist(), one.age))
    table = xr.Dataset(data, coords=coords, attrs=found.attrs)
    return _inverted(table) if one.inverse else table


def _inverted(table: Table) -> Table:
    """Turn gain per pound into pounds per gain; not defined where the gain may be nil."""
    out = table.copy()
    for low, high in (
        ("low", "high"),
        ("chance_low", "chance_high"),
        ("mean_low", "mean_high"),
    ):
        sound = (table[low] > 0) & np.isfinite(table[high])
        out[low] = (1 / table[high]).where(sound)
        out[high] = (1 / table[low]).where(sound)
    for name in ("value", "central"):
        out[name] = (1 / table[name]).where(table[name] > 0)
    out["value"] = out["value"].where(table["low"].isnull() | (table["low"] > 0))
    note = "not defined where the 90 % interval of the gain reaches zero"
    return out.assign_attrs(note="; ".join(n for n in (table.attrs["note"], note) if n))


def difference_table(found: xr.DataArray, one: Description) -> Table:
    """Tabulate paired differences, each with the verdict that its own interval gives it.

    One over a gain is no difference from anything and has no verdict.
    """
    table = tabulate(found, one)
    if one.inverse:
        return table.assign(verdict=xr.full_like(table["value"], "", dtype=object))
    value, draws = xr.broadcast(table["value"], table["draws"])
    draws = draws.transpose(*value.dims)
    minimum = float(table.attrs["minimum"])
    words = verdicts(value.values, table["low"].values, table["high"].values, minimum, draws.values)
    return table.assign(verdict=(value.dims, words))


def frame(table: Table) -> pd.DataFrame:
    """Return a table as a pandas DataFrame, one row a scenario, year, place and group.

    Rows with nobody in them are left out unless the whole table is empty ("not reached").
    """
    flat = table.to_dataframe().reset_index()
    known = flat["value"].notna()
    flat = flat[known] if known.any() else flat
    flat.attrs = dict(table.attrs)
    return flat.reset_index(drop=True)
