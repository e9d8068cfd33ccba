"""What a verdict lets a sentence say, and which of many numbers is the clearest.

One number has one verdict (see :mod:`sim.tabulate.verdicts`); titles, lead lines and tables read
it through this module, so that none of them can say what another denies.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.show.words import records
from sim.tabulate import verdicts

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LESS",
    "LONGER",
    "MOST_WORDS",
    "SAME",
    "brief",
    "clearest",
    "clearness",
    "direction",
    "is_unsettled",
    "matters",
    "small",
]

SAME, LONGER = verdicts.SAME, verdicts.RUN_LONGER
LESS = "less than matters"
"""What a sentence says of a number that is sure and small: the words of its verdict."""
MOST_WORDS = 20


def direction(verdict: str) -> int:
    """Return 1 where a verdict says higher, -1 where lower, 0 where it names no direction.

    >>> direction("higher"), direction("lower, less than matters"), direction("cannot tell")
    (1, -1, 0)
    """
    return {verdicts.HIGHER: 1, verdicts.LOWER: -1}.get(verdicts.direction(verdict), 0)


def matters(verdict: str) -> bool:
    """Say whether a verdict names a direction and a size that matters.

    >>> matters("higher"), matters("higher, less than matters"), matters("cannot tell")
    (True, False, False)
    """
    return verdict in (verdicts.HIGHER, verdicts.LOWER)


def small(verdict: str) -> str:
    """Return what a clause ends with where its number is sure and less than matters.

    >>> small("lower, less than matters"), small("lower")
    (', less than matters', '')
    """
    return f", {LESS}" if direction(verdict) and not matters(verdict) else ""


def is_unsettled(rows: pd.DataFrame) -> bool:
    """Say whether rows rest on too few draws for any direction."""
    return bool((rows["verdict"] == LONGER).any())


def clearness(value: float, low: float, high: float) -> float:
    """Return how clear a number is: its distance from 0 in half widths of its interval.

    >>> clearness(-1.0, -1.5, -0.5), clearness(0.5, float("nan"), float("nan"))
    (2.0, 0.0)
    """
    half = (high - low) / 2
    if not (math.isfinite(value) and math.isfinite(half)):
        return 0.0
    return abs(value) / half if half > 0 else math.inf


def clearest(rows: pd.DataFrame, sign: int) -> dict[str, Any] | None:
    """Return the row whose verdict has this sign and is clearest; none if no verdict has it.

    Rows that matter come before rows that are certain but small; among those that are equally
    clear the larger one is taken.
    """
    found = [r for r in records(rows) if direction(r["verdict"]) == sign]
    return max(found, key=_rank, default=None)


def _rank(row: dict[str, Any]) -> tuple[bool, float, float]:
    value = float(row["value"])
    return matters(row["verdict"]), clearness(value, row["low"], row["high"]), abs(value)


def brief(*options: str) -> str:
    """Return the first of several ways to say a thing that is short enough for a title.

    >>> brief("long " * 21, "short")
    'short'
    """
    return next((one for one in options if len(one.split()) <= MOST_WORDS), options[-1])
