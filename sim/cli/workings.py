"""Count x rate x area cost = pounds: every line of a grant worked out, one policy or two."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.tabulate.clauses import in_words

__all__ = ["Row", "csv_of", "rows_of", "table_of"]

Line = Mapping[str, Any]
_BLOCKS = (
    ("= formula", ()),
    ("= protected", ("minimum", "floor", "scaling")),
    ("= total", ("slice", "targeted", "premium", "extra")),
)
"""Where a sum is drawn: after the rule's own lines, after what protects schools, after all."""
_ROUNDING = "rounding"
_COLUMNS = ("policy", "clause", "what", "part", "count", "rate_gbp", "area_cost", "gbp")


@dataclass(frozen=True)
class Row:
    """A product, a line without one, a rounding or a sum; not all have count, rate and cost."""

    clause: str
    part: str
    count: float | None
    rate: int | None
    area_cost: float | None
    pence: int

    @property
    def is_sum(self) -> bool:
        """Whether it adds up rows above."""
        return self.clause.startswith("=")


def rows_of(lines: Sequence[Line], before: str = "") -> list[Row]:
    """Return one policy's rows; those without a mark of a sum add up to its total, to the penny.

    ``before``: how the keys of the policy begin: nothing, or ``baseline_``.
    """
    found: list[Row] = []
    whole = 0
    for name, clauses in _BLOCKS:
        later = {one for _, others in _BLOCKS for one in others}
        mine = [
            line
            for line in lines
            if (line["clause"] in clauses if clauses else line["clause"] not in later)
        ]
        block = [row for line in mine for row in _of_line(line, before)]
        paid = sum(int(line[f"{before}pence"]) for line in mine)
        if missed := paid - sum(row.pence for row in block):
            block.append(Row(_ROUNDING, "", None, None, None, missed))
        whole += paid
        found += [*block, Row(name, "", None, None, None, whole)]
    return found


def _of_line(line: Line, before: str) -> Iterator[Row]:
    products = line.get(f"{before}workings", ())
    clause = str(line["clause"])
    for one in products:
        yield Row(
            clause, one["part"], one["count"], one["rate_pence"], one["area_cost"], one["pence"]
        )
    if not products and line[f"{before}pence"]:
        yield Row(clause, "", None, None, None, int(line[f"{before}pence"]))


def csv_of(sides: Mapping[str, Sequence[Row]], pupils: Mapping[str, int | None]) -> str:
    """Return all rows as a table of text, with pounds a pupil at the end; by name of the policy."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for policy, rows in sides.items():
        for row in rows:
            told = "" if row.is_sum or row.clause == _ROUNDING else in_words(row.clause)
            rate = "" if row.rate is None else f"{row.rate / 100:.2f}"
            count = "" if row.count is None else f"{row.count:.10g}"
            worth = f"{row.pence / 100:.2f}"
            writer.writerow([policy, row.clause, told, row.part, count, rate, _cost(row), worth])
        if many := pupils.get(policy):
            each = f"{rows[-1].pence / 100 / many:.2f}"
            writer.writerow([policy, "a pupil", "", "", many, "", "", each])
    return text.getvalue()


def table_of(sides: Mapping[str, Sequence[Row]]) -> list[list[str]]:
    """Return rows of cells, heads first: one policy, or two side by side with their difference."""
    if len(sides) == 1:
        (rows,) = sides.values()
        head = ["clause", "part", "count", "x rate", "x area cost", "= GBP"]
        table = [[*_left(row), *_numbers(row), _gbp(row.pence)] for row in rows]
        return [head, *_without_idle_sums(table)]
    old, new = (_by_key(rows) for rows in sides.values())
    head = ["clause", "part", "area cost", "A count", "A rate", "A GBP", "B count", "B rate"]
    table = [_beside(old.get(key, []), new.get(key, [])) for key in _merged(list(old), list(new))]
    return [[*head, "B GBP", "B less A"], *_without_idle_sums(table)]


def _without_idle_sums(table: list[list[str]]) -> list[list[str]]:
    """Leave out a sum that follows another: nothing was added."""
    return [
        row
        for row, before in zip(table, [[""], *table], strict=False)
        if not (row[0].startswith("=") and before[0].startswith("=") and row[0] != "= total")
    ]


def _beside(a: Sequence[Row], b: Sequence[Row]) -> list[str]:
    """Return one line of two policies; one of them may not have it."""
    costs = {_cost(row) for row in (*a, *b)}
    sums = [sum(row.pence for row in each) for each in (a, b)]
    more = sums[1] - sums[0]
    left = [*_left((*b, *a)[0]), " / ".join(sorted(costs, reverse=True)).strip(" /")]
    told = f"{more / 100:+,.2f}" if more else "0"
    return [*left, *_both(a), _gbp(sums[0]), *_both(b), _gbp(sums[1]), told]


Key = tuple[str, str, int]


def _by_key(rows: Sequence[Row]) -> dict[Key, list[Row]]:
    """Group rows by clause, part and which area cost of it; doses of one part are together."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        same = [key for key in found if key[:2] == (row.clause, row.part)]
        known = [key for key in same if found[key][0].area_cost == row.area_cost]
        key = (row.clause, row.part, len(same))
        found.setdefault(known[0] if known and row.count is not None else key, []).append(row)
    return found


def _merged(first: list[Key], second: list[Key]) -> list[Key]:
    """Return the keys of both in one order: what only one has stands where it has it."""
    keys = list(second)
    for place, key in enumerate(first):
        if key not in keys:
            before = next((one for one in reversed(first[:place]) if one in keys), None)
            keys.insert(0 if before is None else keys.index(before) + 1, key)
    return keys


def _both(rows: Sequence[Row]) -> tuple[str, str]:
    """Return count and rate of rows of one key; several doses have no one rate."""
    if not rows or rows[0].count is None:
        return "", ""
    count = sum(row.count or 0.0 for row in rows)
    return _count(count), _rate(rows[0].rate) if len(rows) == 1 else "several"


def _left(row: Row) -> list[str]:
    return [row.clause, row.part.replace(".", " ")]


def _numbers(row: Row) -> list[str]:
    return [_count(row.count), _rate(row.rate), _cost(row)]


def _cost(row: Row) -> str:
    return "" if row.area_cost is None else f"{row.area_cost:.4f}"


def _count(count: float | None) -> str:
    return "" if count is None else f"{count:,.4f}".rstrip("0").rstrip(".")


def _rate(pence: int | None) -> str:
    return "" if pence is None else f"{pence / 100:,.2f}"


def _gbp(pence: int) -> str:
    return f"{pence / 100:,.2f}" if pence else "0"
