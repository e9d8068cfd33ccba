"""Numbers of one area that rest on too few pupils for a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["FEWEST", "TOO_FEW", "mark_few"]

FEWEST = 30
"""Pupils, in every cell, that a number of one area must rest on to be called anything."""
TOO_FEW = "too few pupils"


def mark_few(rows: pd.DataFrame, cells: xr.Dataset, name: str) -> pd.DataFrame:
    """Return rows of a measure by area with the pupils behind each, and no verdict on too few.

    Args:
        rows: By ``place``, the code of an area, and perhaps ``group``.
        cells: What they were made of.
        name: The measure; the last sum it needs counts its pupils.
    """
    years = [int(year) for year in str(rows.attrs.get("years", "")).split(",") if year.strip()]
    if rows.empty or not years:
        return rows.assign(pupils=0)
    behind = _fewest(cells, name, years)
    group = rows["group"] if "group" in rows else ["all"] * len(rows)
    pupils = [behind[str(p), str(g)] for p, g in zip(rows["place"], group, strict=True)]
    marked = rows.assign(pupils=pupils)
    if "verdict" in rows:
        few = (marked["pupils"] < FEWEST) & (marked["verdict"] != "")
        marked["verdict"] = marked["verdict"].where(~few, TOO_FEW)
    marked.attrs = dict(rows.attrs)
    return marked


def _fewest(cells: xr.Dataset, name: str, years: list[int]) -> dict[tuple[str, str], int]:
    """Return by area and group the pupils behind a number, in the cell that has fewest."""
    from sim.tabulate import describe
    from sim.tabulate.aggregate import add_up, collect, places_of
    from sim.tabulate.windows import Window

    one = describe(name)
    counted = replace(one, needs=one.needs[-1:])
    sums = collect(cells, counted, "area", Window(tuple(years), pooled=True))
    many = add_up(sums, places_of(cells, "area"))[one.needs[-1]].min("cell")
    groups = many["group"].values.tolist() if "group" in many.dims else ["all"]
    values = many.transpose("place", ...).values.reshape(many.sizes["place"], -1)
    return {
        (str(place), str(group)): int(values[p, g])
        for p, place in enumerate(many["place"].values)
        for g, group in enumerate(groups)
    }
