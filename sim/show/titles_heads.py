"""Titles that count pupils: no count without its interval, and none whose interval holds nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.metrics.verdicts import ENOUGH_DRAWS
from sim.show.clear import brief
from sim.show.words import label, records

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HEADS", "heads_told", "surest", "worse_off"]

NOBODY = 0.005  # a share that is less than one pupil in two hundred is nobody
HEADS = (("worse", "lose"), ("better", "gain"))
"""Columns of shares of pupils, and what those pupils do."""


def worse_off(rows: pd.DataFrame) -> str:
    """Say under which policies most disadvantaged pupils certainly lose and gain.

    ``rows``: one a scenario with ``worse`` and ``better`` (shares between 0 and 1), the ends of
    their intervals (``worse_low``, ...) and ``draws``. A count whose interval reaches nobody is
    never told as one.
    """
    if int(rows["draws"].min()) < ENOUGH_DRAWS:
        ends = [f"{100 * rows['worse'].agg(f):.0f}" for f in ("min", "max")]
        span = " to ".join(dict.fromkeys(ends))
        return f"Run longer to tell who loses; so far {span} of 100 disadvantaged pupils"
    told = [f"{heads_told(row, column)} {verb} under {label(str(row['scenario']))}"
            for column, verb in HEADS if (row := surest(rows, column))]  # fmt: skip
    if not told:
        return _no_heads(rows)
    start = "Of 100 disadvantaged pupils,"
    plain = [one.split(" under ")[0] + " under one policy" for one in told]
    return brief(f"{start} {'; '.join(told)}", f"{start} {told[0]}", f"{start} {plain[0]}")


def surest(rows: pd.DataFrame, column: str) -> dict[str, Any]:
    """Return the row in which most pupils certainly lose or gain; empty where nobody does."""
    row = records(rows.loc[[rows[f"{column}_low"].idxmax()]])[0]
    return row if float(row[f"{column}_low"]) >= NOBODY else {}


def heads_told(row: Mapping[str, Any], column: str) -> str:
    """Write a share in whole pupils of 100, with its interval."""
    value, low, high = (round(100 * float(row[f"{column}{end}"])) for end in ("", "_low", "_high"))
    return f"{value}" if low == high else f"{value} ({low} to {high})"


def _no_heads(rows: pd.DataFrame) -> str:
    """Say what may be where no count is certain."""
    may = {verb: round(100 * float(rows[f"{column}_high"].max())) for column, verb in HEADS}
    if not any(may.values()):
        return "Hardly any disadvantaged pupils are in groups that lose or gain under any policy"
    parts = [f"up to {count} may {verb}" for verb, count in may.items() if count]
    return f"Of 100 disadvantaged pupils none certainly lose or gain; {' and '.join(parts)}"
