"""The numbers behind a chart as a table of a page: even digits, and no row that says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.show.words import bound, label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_shown", "with_unit", "written"]

LARGE, FINE = 100, 3
SHARE, PERCENT, POINTS = "share", "%", "percentage points"
OF_VALUE = ("value", "low", "high", "chance_low", "chance_high")
SHARES = (
    "share_of_pupils",
    "worse",
    "worse_low",
    "worse_high",
    "better",
    "better_low",
    "better_high",
)
"""Columns that are shares whatever the unit of ``value``."""
OWN_UNITS = {"ratio": "ratio", **dict.fromkeys(SHARES, PERCENT)}
IN_WORDS = {
    "naive": "both: before and after",
    "caused": "caused by the policy",
    "ours": "this model",
    "published": "published value",
    "to_67": "tax, 30 to 66",
}
"""Codes of parts and ways, as the pictures call them."""
ENDS = {0.0: "do not follow those who qualify", 1.0: "follow in full"}
NO_UNIT = ("by row", "column unit")


def as_shown(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the rows of a chart as a page shows them; the CSV keeps shares between 0 and 1.

    Shares are in percent, places and measures go by name, and what has no value says so.

    Args:
        rows: of a chart.
        unit: of ``value``; each row may have its own in a column ``unit``.
    """
    import pandas as pd

    found = rows.copy()
    for column in (c for c in SHARES if c in rows):
        found[column] = 100 * rows[column]
    shares = pd.Series(unit == SHARE, rows.index)
    if "unit" in rows:
        shares = rows["unit"] == SHARE
        found["unit"] = rows["unit"].where(~shares, _in_percent(rows))
    for column in (c for c in OF_VALUE if c in rows):
        found[column] = rows[column].where(~shares, 100 * rows[column])
    for column in (c for c in ("measure", "stage") if c in rows):
        found[column] = rows[column].map({n: _title(n) for n in set(rows[column])})
    for column in (c for c in ("part", "way") if c in rows):
        found[column] = rows[column].map(lambda one: IN_WORDS.get(one, one))
    if "end" in rows:
        found["end"] = rows["end"].map(ENDS)
    if "place_name" in rows:
        found["place"] = rows["place_name"]
    return found


def _title(measure: str) -> str:
    """Return the title of a measure; a stage that is none keeps its name."""
    from sim.tabulate import available, describe

    return describe(measure).title if measure in available() else measure


def _in_percent(rows: pd.DataFrame) -> str:
    """Return the unit of a share in percent: of a difference, percentage points."""
    return POINTS if "verdict" in rows else PERCENT


def with_unit(heading: str, column: str, rows: pd.DataFrame, unit: str) -> str:
    """Return what heads a column, with the unit of its figures as :func:`as_shown` gives them."""
    own = OWN_UNITS.get(column, "")
    if column == "value" and unit not in NO_UNIT:
        own = _in_percent(rows) if unit == SHARE else unit
    return f"{heading} ({own})" if own else heading


def written(rows: pd.DataFrame, columns: Sequence[str]) -> list[list[str]]:
    """Return the cells of a table in text.

    Rows in which every figure is missing are left out. The figures of one column have the same
    digits, and where rows are of several measures those of one measure have; a figure that would
    read as nought has more.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": ["a", "b", "c"], "value": [73.946, 200.0, float("nan")]})
    >>> written(rows, ["who", "value"])
    [['A', '74'], ['B', '200']]
    """
    figures = [c for c in columns if rows[c].dtype.kind == "f"]
    kept = rows[rows[figures].notna().any(axis=1)] if figures else rows
    blocks = [kept]
    if "measure" in kept:
        blocks = [block for _, block in kept.groupby("measure", sort=False)]
    return [row for block in blocks for row in _block(block, columns)]


def _block(rows: pd.DataFrame, columns: Sequence[str]) -> list[list[str]]:
    """Return the cells of rows whose figures are of one kind."""
    kinds: dict[str, list[str]] = {}
    for column in (c for c in columns if rows[c].dtype.kind == "f"):
        kinds.setdefault(_kind(column), []).append(column)
    digits = {c: _digits(rows[own]) for own in kinds.values() for c in own}
    told = [dict(zip(columns, row, strict=True)) for row in rows[list(columns)].to_numpy(object)]
    return [[_plain(row[c], digits.get(c)) for c in columns] for row in told]


def _kind(column: str) -> str:
    """Return what a column and the ends of its interval have in common.

    >>> _kind("chance_low"), _kind("worse_high"), _kind("worse"), _kind("ratio")
    ('value', 'worse', 'worse', 'ratio')
    """
    return "value" if column in OF_VALUE else column.removesuffix("_low").removesuffix("_high")


def _digits(columns: pd.DataFrame) -> int:
    """Return digits behind the point: three of numbers below one, none of those beyond 100."""
    largest = float(columns.abs().max().max())
    return next((n for n, most in enumerate((LARGE, LARGE / 10, 1)) if largest > most), FINE)


def _plain(value: Any, digits: int | None) -> str:
    if digits is not None:
        return bound(float(value), digits)
    if isinstance(value, str):
        return label(value)
    return "n/a" if value != value else str(value)
