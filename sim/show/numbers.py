"""The numbers behind a chart as a table of a page: even digits, and no row that says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.show.words import bound, label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["written"]

LARGE, FINE = 100, 3


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
    digits = {c: _digits(rows[c]) for c in columns if rows[c].dtype.kind == "f"}
    told = [dict(zip(columns, row, strict=True)) for row in rows[list(columns)].to_numpy(object)]
    return [[_plain(row[c], digits.get(c)) for c in columns] for row in told]


def _digits(column: pd.Series[float]) -> int:
    return 0 if float(column.abs().max()) >= LARGE else FINE


def _plain(value: Any, digits: int | None) -> str:
    if digits is not None:
        return bound(float(value), digits)
    return label(value) if isinstance(value, str) else str(value)
