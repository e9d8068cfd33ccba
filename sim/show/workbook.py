"""The tables of a report as one Excel workbook; the same tables always give the same bytes."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["workbook"]

_LONGEST = 31  # characters of a sheet's name that Excel takes
_WIDEST = 60
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written into the file as its date: when it was made is told on its first sheet, by the record."""
_PLAIN = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def workbook(tables: Mapping[str, pd.DataFrame], about: Mapping[str, object]) -> bytes:
    """Return an .xlsx file: a sheet that says what it is, then one for each table.

    Args:
        tables: by name, which becomes that of the sheet. Missing values are empty cells.
        about: what the first sheet says, line by line.
    """
    import xlsxwriter

    body = io.BytesIO()
    with xlsxwriter.Workbook(body, _PLAIN) as book:
        book.set_properties({"created": _MADE, "title": str(about.get("report", ""))})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        first = book.add_worksheet("about")
        first.set_column(0, 0, 16)
        first.set_column(1, 1, 100)
        for row, (key, value) in enumerate(about.items()):
            first.write_string(row, 0, str(key), bold)
            first.write_string(row, 1, str(value), wrapped)
        taken = {"about"}
        for name, table in tables.items():
            sheet = book.add_worksheet(_sheet_name(name, taken))
            sheet.freeze_panes(1, 0)
            _fill(sheet, table, bold)
    return body.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel takes, and that no other sheet has."""
    short = name[:_LONGEST]
    number = 1
    while short.lower() in taken:
        number += 1
        short = f"{name[: _LONGEST - len(str(number)) - 1]}_{number}"
    taken.add(short.lower())
    return short


def _fill(sheet: Worksheet, table: pd.DataFrame, bold: Format) -> None:
    for column, name in enumerate(map(str, table.columns)):
        values = table.iloc[:, column].tolist()
        sheet.write_string(0, column, name, bold)
        longest = max([len(name), *(len(_shown(value)) for value in values[:200])])
        sheet.set_column(column, column, min(longest + 2, _WIDEST))
        for row, value in enumerate(values, 1):
            _write(sheet, row, column, value)


def _write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write a number as one, text as text and nothing where there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value):
            sheet.write_number(row, column, value)
    elif value is not None and str(value):
        sheet.write_string(row, column, str(value)[:32_767])


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
