"""Beliefs of a record as rows of a table, and the few of them that decide what a policy does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "belief_rows", "belief_table", "briefly", "that_matter"]

COLUMNS = ("name", "meaning", "value", "range", "unit", "kind", "strength", "source")
HELD = "held in every draw"
"""Range of a belief whose value a request gave by itself."""
FEW = 10
FEW_NUMBERS = 4
"""Numbers of a table that are written one by one."""
FIRST = ("money", "plans", "teachers", "learning", "admissions", "recruitment", "funnel")
"""Groups of beliefs on what a policy does, in the order in which money becomes results."""


def belief_rows(beliefs: Any) -> list[dict[str, str]]:
    """Flatten beliefs, given as records or as group -> name -> record, into rows of text."""
    if isinstance(beliefs, Mapping):
        beliefs = [
            {"name": f"{group}.{name}", **one}
            for group, members in beliefs.items()
            for name, one in members.items()
        ]
    return [_belief(one) for one in beliefs]


def belief_table(beliefs: Any) -> pd.DataFrame:
    """Return the same as a table, with the columns of :data:`COLUMNS`."""
    import pandas as pd

    return pd.DataFrame(belief_rows(beliefs), columns=list(COLUMNS))


def that_matter(
    rows: Sequence[dict[str, str]], drivers: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Return at most ten rows: those that drive the doubt, else responses in the order of money.

    Args:
        rows: of :func:`belief_rows`.
        drivers: names of beliefs that drive the doubt in these results, strongest first.
    """
    order = {name: rank for rank, name in enumerate(drivers)}
    groups = {group: rank for rank, group in enumerate(FIRST)}
    responses = [row for row in rows if row["kind"] == "response"]

    def rank(row: Mapping[str, str]) -> tuple[int, int]:
        group = row["name"].partition(".")[0]
        return order.get(row["name"], len(order)), groups.get(group, len(groups))

    return sorted(responses, key=rank)[:FEW]


def _belief(one: Mapping[str, Any]) -> dict[str, str]:
    group = one.get("group")
    low, high = _end(one.get("low"), min), _end(one.get("high"), max)
    row = {k: briefly(one.get(k, "")) for k in ("unit", "kind", "strength", "source", "meaning")}
    return {
        **row,
        "name": f"{group}.{one['name']}" if group else str(one["name"]),
        "value": with_entries(one) or briefly(one.get("value", "")),
        "range": HELD if one.get("held") else f"{low} to {high}" if low or high else "fixed",
    }


def with_entries(one: Mapping[str, Any]) -> str:
    """Write a table of few numbers with the words of its positions; nothing for any other value.

    >>> with_entries({"value": [0.5, 2.0], "entries": ["primary", "secondary"]})
    'primary 0.5, secondary 2'
    """
    value, words = one.get("value"), one.get("entries")
    if not words or not isinstance(value, list | tuple) or len(value) > FEW_NUMBERS:
        return ""
    return ", ".join(
        f"{w.replace('_', ' ')} {briefly(v)}" for w, v in zip(words, value, strict=True)
    )


def _end(value: object, furthest: Callable[[list[Any]], Any]) -> str:
    """Write one end of a range; for a table of numbers, the furthest end of all."""
    return briefly(furthest(_flat(value))) if isinstance(value, list | tuple) else briefly(value)


def _flat(values: Sequence[Any]) -> list[Any]:
    return [
        v for item in values for v in (_flat(item) if isinstance(item, list | tuple) else [item])
    ]


def briefly(value: object) -> str:
    """Write a number, a pair or a table of numbers briefly."""
    if isinstance(value, float):
        text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        return text.replace("-", "\N{MINUS SIGN}")
    if isinstance(value, list | tuple):
        flat = _flat(value)
        if len(flat) <= FEW_NUMBERS:
            return ", ".join(briefly(v) for v in flat)
        return f"{len(flat)} values, {briefly(min(flat))} to {briefly(max(flat))}"
    return "" if value is None else str(value)
