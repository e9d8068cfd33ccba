"""A design in a table: a CSV file with one row a cell, whose columns are keys.

Tables come from Excel, pandas and editors, so commas, semicolons and tabs are told apart by the
first line, and rows without content are skipped. What is wrong is told with its line and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.codes import LUCKS
from sim.config.problems import refuse
from sim.errors import BadRequest, did_you_mean
from sim.study.axes import axis_problem, swept
from sim.study.design import AXES, Design, Row

__all__ = ["from_table"]

SHOWN = 20
"""Faults that are listed; a table made by a program may hold thousands of one kind."""

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LONGEST = 40  # characters of a number that are shown
_WHOLE = re.compile(r"^0*[0-9]{1,9}(\.0*)?$")
_WHOLE_WITH_POINT = re.compile(r"^(-?(?:0|[1-9][0-9]*))\.0+$")
_IN_NUMBERS = (
    "Write numbers with a decimal point and without separators of thousands (0.01, 500000000)"
)
_SAVE = "Save it as CSV, in UTF-8."
_COLUMNS = {
    "scenarios": "A row is one cell. Name the column 'scenario'.",
    "draws": "A row is one cell. Write the number of its draw in a column 'draw'.",
    "replicates": "A row is one cell. Write its number in a column 'replicate'.",
}


def from_table(path: Path, words: Sequence[str]) -> Design:
    """Return the design of a CSV file: one row a cell, columns are keys.

    ``scenario`` is needed; ``draw`` and ``replicate`` are 0 where the column is missing. An empty
    field leaves its key as it is.

    Raises:
        BadRequest: The file cannot be read, or what is wrong in which line.
    """
    _refuse_axes(words)
    lines, separator = _fields(path)
    columns = lines[0][1]
    while not columns[-1]:
        columns.pop()  # spreadsheets write empty columns on the right
    head = _Head(path, columns, _SEPARATORS.get(separator, repr(separator)))
    _refuse_some(_column_problems(head))
    problems: list[str] = []
    rows = [row for line, told in lines[1:] if (row := _row(head, line, told, problems))]
    if len(lines) == 1:
        problems.append(f"{path}: holds no row. Write one for each cell.")
    problems += _twins(path, rows)
    _refuse_some(problems)
    axes = {
        name: tuple(dict.fromkeys(dict(row.keys).get(name, "") for row in rows))
        for name in columns
        if name not in AXES
    }
    return Design(tuple(rows), tuple(words), axes, table=str(path))


class _Head(NamedTuple):
    """The first line of a table, and in words what parts its fields."""

    path: Path
    columns: list[str]
    separators: str


def _refuse_axes(words: Sequence[str]) -> None:
    for word in words:
        key = word.partition("=")[0]
        if key == "scenarios" or swept(word) is not None:
            column = "scenario" if key == "scenarios" else key
            raise BadRequest(
                f"{word}: with --table, the table says what differs. Give it a column {column!r}."
            )


def _refuse_some(problems: list[str]) -> None:
    unique = list(dict.fromkeys(problems))
    if len(unique) > SHOWN:
        unique[SHOWN:] = [f"... and {len(unique) - SHOWN} more like these."]
    refuse(unique)


# ---- from bytes to fields ----------------------------------------------------------------------


def _fields(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """Return the rows with content, each with its line, and what parts their fields."""
    text = _text(path)
    first, _, rest = text.partition("\n")
    skipped = 0
    if re.match(r"^sep=.\r?$", first):  # a line that Excel writes for itself
        text, skipped = rest, 1
        separator = first[4]
    else:
        separator = _separator(path, text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found, before = [], 0
    try:
        for fields in reader:
            stripped = [field.strip() for field in fields]
            if any(stripped):
                found.append((before + 1 + skipped, stripped))
            before = reader.line_num
    except csv.Error as error:
        raise BadRequest(
            f"{path} line {before + 1 + skipped}: cannot be read as a row of a table ({error}). "
            f"Look for a quote that is opened and not closed."
        ) from None
    if not found:
        raise BadRequest(
            f"{path}: is empty. Write the columns in the first line, such as scenario."
        )
    return found, separator


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadRequest(
            f"{path}: cannot be read as a table ({error.strerror or error}). Give a CSV file."
        ) from None
    if raw.startswith(b"PK\x03\x04"):
        raise BadRequest(f"{path}: is a workbook or an archive, not a CSV file. {_SAVE}")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadRequest(f"{path}: is written in UTF-16. {_SAVE}")
    if b"\x00" in raw:
        raise BadRequest(f"{path}: is not text: it holds bytes that are nought. {_SAVE}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadRequest(f"{path} line {line}: is not written in UTF-8. {_SAVE}") from None


def _separator(path: Path, text: str) -> str:
    """Tell by the first line with content what parts the fields: that which names 'scenario'."""
    head = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    there = [mark for mark in _SEPARATORS if mark in head]
    naming = [mark for mark in there if "scenario" in _split(head, mark)]
    if len(naming) == 1:
        return naming[0]
    if len(there) > 1:
        names = " and ".join(_SEPARATORS[mark] for mark in there)
        raise BadRequest(
            f"{path}: the first line holds {names}, and no column 'scenario' between them. Part "
            f"all fields by one of them."
        )
    return there[0] if there else ","


def _split(line: str, separator: str) -> list[str]:
    fields = next(csv.reader([line], delimiter=separator), [])
    return [field.strip() for field in fields]


# ---- from fields to rows -----------------------------------------------------------------------


def _column_problems(head: _Head) -> list[str]:
    path, columns, separators = head
    problems = []
    if "scenario" not in columns:
        hint = did_you_mean("scenario", [name.lower() for name in columns if name])
        near = f" ({', '.join(columns)})" if hint.startswith("Did") else ""
        problems.append(
            f"{path}: no column 'scenario'{near}. Add one: every row names its scenario. Columns "
            f"are parted by {separators} here."
        )
    for name in dict.fromkeys(name for name in columns if columns.count(name) > 1 and name):
        problems.append(f"{path}: two columns have the same name, {name!r}. Name each key once.")
    for number, name in enumerate(columns, 1):
        if not name:
            problems.append(
                f"{path}: column {number} has no name. Name its key, or leave the column out."
            )
        elif name not in AXES and (problem := axis_problem(name)) is not None:
            told = _COLUMNS.get(name, problem.partition(". ")[2])
            problems.append(f"{path}: {name!r} cannot be a column. {told}")
    return problems


def _row(head: _Head, line: int, told: list[str], problems: list[str]) -> Row | None:
    path, columns, separators = head
    while len(told) > len(columns) and not told[-1]:
        told.pop()
    if len(told) != len(columns):
        what = "fields" if len(told) > 1 else "field"
        more = f" {_IN_NUMBERS}, and put text with {separators} in double quotes."
        problems.append(
            f"{path} line {line}: {len(told)} {what} where the first line names {len(columns)}, "
            f"parted by {separators}.{more if len(told) > len(columns) else ''}"
        )
        return None
    fields, numbers, found = dict(zip(columns, told, strict=True)), {}, len(problems)
    if not fields["scenario"]:
        problems.append(f"{path} line {line}, column scenario: is empty. Name the row's scenario.")
    for name in ("draw", "replicate"):
        text = fields.get(name) or "0"
        numbers[name] = int(text.partition(".")[0]) if _WHOLE.match(text) else LUCKS
        if numbers[name] >= LUCKS:
            problems.append(
                f"{path} line {line}, column {name}: {text[:_LONGEST]!r} is not allowed. Give a "
                f"whole number from 0 and below {LUCKS:,}."
            )
    keys = tuple((key, _whole(text)) for key, text in fields.items() if key not in AXES and text)
    problems += [p for key, text in keys if (p := _several(f"{path} line {line}", key, text))]
    if len(problems) > found:
        return None
    return Row(fields["scenario"], numbers["draw"], numbers["replicate"], keys, line)


def _whole(text: str) -> str:
    """Return a number without a point and noughts: pandas gives them to columns with gaps.

    >>> _whole("3.0"), _whole("0.50"), _whole("03.0")
    ('3', '0.50', '03.0')
    """
    return _WHOLE_WITH_POINT.sub(r"\1", text)


def _several(line: str, key: str, text: str) -> str | None:
    """Return a message if a field is read as several values, as a decimal comma is."""
    if "," not in text and "(" not in text:
        return None  # reading the grammar takes time, and most fields are one number
    try:
        if swept(f"{key}={text}") is None:
            return None
    except BadRequest:
        pass
    return (
        f"{line}, column {key}: {text!r} is several values, and a row is one cell. {_IN_NUMBERS}."
    )


def _twins(path: Path, rows: Sequence[Row]) -> list[str]:
    seen: dict[Row, int] = {}
    problems = []
    for row in rows:
        if row in seen:
            problems.append(
                f"{path}: lines {seen[row]} and {row.line} are the same cell. Keep one."
            )
        seen.setdefault(row, row.line)
    return problems
