"""Pounds for each pupil reached, and a mark where no study has seen the like."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.funding.doses import dose_mark
from sim.show.measured import named
from sim.show.words import label, number

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["MARK", "doses", "sentences", "untargeted", "written"]

MARK = "*"
NAME = "pounds_per_pupil_reached"


def doses(dataset: xr.Dataset) -> pd.DataFrame:
    """Return pounds a year for each pupil reached, over all areas.

    ``note`` is a sentence where the dose, over all areas or in the area with the largest, lies
    outside the evidence.
    """
    from sim.tabulate import frame, measure

    rows = named(frame(measure(dataset, NAME)))
    areas = frame(measure(dataset, NAME, "area"))
    largest = areas.dropna(subset=["value"]).sort_values("value").groupby("scenario").tail(1)
    by_name = largest.set_index("scenario")
    rows["note"] = [
        _note(float(value), by_name.loc[name] if name in by_name.index else None)
        for name, value in zip(rows["scenario"], rows["value"], strict=True)
    ]
    return rows


def untargeted(cells: xr.Dataset, paid: pd.DataFrame) -> list[str]:
    """Return the policies that move money and target none, in order.

    Args:
        cells: Of the comparison, along ``cell``.
        paid: What :func:`doses` gave for them.
    """
    names = cells["scenario"].values.astype(str)
    target = cells["targeted_sum"].values.reshape(len(names), -1).sum(axis=1) > 0
    aimed = set(names[target].tolist())
    moving = paid.loc[paid["value"].notna(), "scenario"]
    return [str(name) for name in moving if name not in aimed]


def _note(over_all: float, largest: Any) -> str:

    if mark := dose_mark(over_all):
        return f"{mark}."
    if largest is None:
        return ""
    mark = dose_mark(float(largest["value"]), f"pupil reached in {largest['place_name']}")
    return f"{mark}." if mark else ""


def written(row: Any) -> str:
    """Write a dose, with a mark where it lies outside the evidence; nothing where there is none.

    >>> written({"value": 33703.2, "note": "GBP 33,703 a pupil reached is ..."})
    '£33,703 *'
    """
    value = float(row["value"])
    if not math.isfinite(value):
        return ""
    return f"£{number(value, 0)}" + (f" {MARK}" if row["note"] else "")


def sentences(rows: pd.DataFrame) -> list[str]:
    """Return what must be said of doses outside the evidence, policy by policy.

    ``rows``: of :func:`sim.show.tables.headline`.
    """
    beyond = rows[(rows["key"] == "dose") & (rows["note"] != "")]
    return [
        f"{label(str(name))}: {note}"
        for name, note in zip(beyond["scenario"], beyond["note"], strict=True)
    ]
