"""Records as aligned columns, however narrow the terminal is."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence

__all__ = ["print_table"]

_MIDDLES = (24, 18, 14, 12)  # most characters of a column between, tried one by one
_NARROW = (10, 8)  # the same, where even then one line would be too long
_LEAST = 30  # characters that the last column has, if it needs them
_FIRST = 20  # characters that the first column has, if it needs them
_GAP = 2


def print_table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Print records as aligned columns; the last column wraps at the terminal's width.

    Where that is too wide, columns between are shortened, then words of the first are wrapped, and
    at last the last column stands below the others. Nothing of the first and the last is cut.
    """
    full = [list(columns), *([_text(row.get(column)) for column in columns] for row in rows)]
    wide = shutil.get_terminal_size((100, 24)).columns
    bound = sys.stdout.isatty() or "COLUMNS" in os.environ
    for middle in _MIDDLES:
        table = [_cut(line, middle) for line in full]
        widths = [max(len(line[place]) for line in table) for place in range(len(columns))]
        between = sum(width + _GAP for width in widths[1:-1]) + _GAP
        last = min(widths[-1], _LEAST)
        if not bound or widths[0] + between + last <= wide:
            break
    first, room = widths[0], max(wide - widths[0] - between, last)
    if bound and first + between + last > wide:
        first = min(first, max(wide - between - last, _longest_word(table), _FIRST))
        room = wide - first - between
    if bound and room < last:
        table, widths, first = _narrowed(full, wide)
    for line in table:
        _print_line(line, [first, *widths[1:-1]], room if room >= last else 0, wide)


def _narrowed(full: list[list[str]], wide: int) -> tuple[list[list[str]], list[int], int]:
    """Return the table with its last column below the others: cells, widths, that of the first."""
    for middle in (*_MIDDLES, *_NARROW):
        table = [_cut(line, middle) for line in full]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        left = wide - sum(_GAP + width for width in widths[1:-1])
        if min(widths[0], _longest_word(table)) <= left:
            break
    return table, widths, min(widths[0], max(left, _FIRST))


def _print_line(line: list[str], widths: list[int], room: int, wide: int) -> None:
    """Print one record; without room its last column stands below the others."""
    heads = textwrap.wrap(line[0], widths[0], break_on_hyphens=False) or [""]
    middle = [f"{cell:<{width}}" for cell, width in zip(line[1:-1], widths[1:], strict=True)]
    left = sum(width + _GAP for width in widths)
    lasts = textwrap.wrap(line[-1], room or max(wide - 4, _FIRST)) if len(line) > 1 else []
    beside = lasts if room else []
    for place in range(max(len(heads), len(beside))):
        head = heads[place] if place < len(heads) else ""
        cells = [f"{head:<{widths[0]}}", *(middle if place == 0 else [])]
        start = "".join(cell + " " * _GAP for cell in cells)
        print((f"{start:<{left}}" + (beside[place] if place < len(beside) else "")).rstrip())
    for last in lasts if not room else []:
        print("    " + last)


def _longest_word(table: Sequence[Sequence[str]]) -> int:
    return max(len(word) for line in table for word in (line[0].split() or [""]))


def _cut(line: list[str], middle: int) -> list[str]:
    """Shorten what stands between the first column and the last."""
    between = [
        cell if len(cell) <= middle else cell[: middle - 3].rstrip() + "..." for cell in line[1:-1]
    ]
    return [line[0], *between, line[-1]] if len(line) > 1 else line


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(_text(entry) for entry in value)
    return str(value)
