"""Pupils counted as worse and as better off: rows, colours and words.

No count is told without its interval, and none whose interval holds nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.show.measured import named
from sim.show.words import records

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["BETTER", "HEADS", "WORSE", "heads_of", "heads_overall", "heads_told", "surest"]

WORSE, BETTER = "#D55E00", "#0072B2"
NOBODY = 0.005  # a share that is less than one pupil in two hundred is nobody
HEADS = (("worse", "lose"), ("better", "gain"))
"""Columns of shares of pupils, and what those pupils do."""


def heads_overall(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares of pupils ``worse`` and ``better`` off, by group (column ``who``)."""
    rows = heads_of(dataset, "england", ["disadvantaged", "other"]).rename(columns={"group": "who"})
    return rows.drop(columns=["place", "place_name"], errors="ignore")


def heads_of(dataset: xr.Dataset, by: str, groups: Sequence[str]) -> pd.DataFrame:
    """Shares of pupils ``worse`` and ``better`` off, each with its interval (``worse_low``, ...).

    Chance is averaged out before groups are judged, so there is no interval of chance alone.
    """
    from sim.tabulate import frame, measure

    # A fall in the mirror is a rise: the one rule for "worse off" also tells who is better off.
    mirror = dataset.assign(attainment8_sum=-dataset["attainment8_sum"])
    told = {}
    for name, data in (("worse", dataset), ("better", mirror)):
        rows = named(frame(measure(data, "worse_off_share", by, list(groups))))
        ends = {"value": name, "low": f"{name}_low", "high": f"{name}_high"}
        told[name] = rows.rename(columns=ends)
    keys = ["scenario", "place", "group"]
    first = [*keys, "place_name", "worse", "worse_low", "worse_high"]
    second = told["better"][[*keys, "better", "better_low", "better_high"]]
    rows = told["worse"][[*first, "draws", "replicates"]].merge(second, on=keys)
    counted = ["draws", "replicates"]
    rows = rows[[c for c in rows.columns if c not in counted] + counted]
    rows.attrs = dict(told["worse"].attrs)
    return rows


def surest(rows: pd.DataFrame, column: str) -> dict[str, Any]:
    """Return the row in which most pupils certainly lose or gain; empty where nobody does."""
    row = records(rows.loc[[rows[f"{column}_low"].idxmax()]])[0]
    return row if float(row[f"{column}_low"]) >= NOBODY else {}


def heads_told(row: Mapping[str, Any], column: str) -> str:
    """Write a share in whole pupils of 100, with its interval."""
    value, low, high = (round(100 * float(row[f"{column}{end}"])) for end in ("", "_low", "_high"))
    return f"{value}" if low == high else f"{value} ({low} to {high})"
