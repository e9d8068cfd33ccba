"""Fill in the one page of a report; everything it shows is inside the file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.show import tables, text
from sim.show.dose import sentences
from sim.show.later import MINIMUM_JOB
from sim.show.reference import reference_of
from sim.show.style import crop, inline_svg
from sim.show.tables import HEADLINES, MINIMUM, Headline
from sim.show.words import label, number, percent, signed

if TYPE_CHECKING:
    import pandas as pd

    from sim.show.chart import Chart
    from sim.show.leads import Finding
    from sim.show.scope import Scope

__all__ = ["Content", "render"]

HEADINGS = {
    "scenario": "Policy",
    "place": "Place",
    "stage": "Stage",
    "shelf": "Index",
    "way": "Counted by",
    "group": "Of whom",
    "part": "Part",
    "who": "Group",
    "year": "Policy year",
    "value": "Value",
    "ratio": "For one of the others",
    "low": "Low, doubt and chance",
    "high": "High, doubt and chance",
    "chance_low": "Low, chance alone",
    "chance_high": "High, chance alone",
    "pupils": "Share of disadvantaged pupils",
    "pounds": "Pounds a pupil",
    "pounds_low": "Pounds, low",
    "pounds_high": "Pounds, high",
    "worse": "Worse off",
    "better": "Better off",
    "verdict": "Verdict",
}
"""Columns shown under a chart, in this order; the CSV beside the page holds all."""

MOST_ROWS = 200
"""A longer table (every authority under every policy) stands in its CSV alone."""

HIDDEN = {"worse_off": ("value", "chance_low", "chance_high")}


@dataclass(frozen=True)
class Content:
    """What a page is made of: charts, their drawings (SVG), headline rows, the record."""

    name: str
    charts: Sequence[Chart]
    drawings: Mapping[str, bytes]
    undrawn: Sequence[tuple[str, str]]
    headline: pd.DataFrame
    found: Sequence[Finding]
    scenarios: Sequence[str]
    scope: Scope
    record: Mapping[str, Any]


def render(content: Content) -> str:
    """Return the page as one HTML document without a single outside request."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("sim.show"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(_variables(content))


def _variables(content: Content) -> dict[str, Any]:
    from sim.metrics import ABSENT

    record = content.record
    return {
        "heading": str(record.get("title") or f"Comparison: {content.name}"),
        "standfirst": text.standfirst(content.scope, content.scenarios),
        "scope": content.scope,
        "summary": text.summary(content.found, content.scenarios, _scenario_titles(record)),
        "reading": text.READING,
        "primary": _primary(content.headline),
        "charts": [_chart(c, content.drawings[c.name]) for c in content.charts],
        "undrawn": content.undrawn,
        "sure": text.how_sure(content.scope.draws, content.scope.replicates, record),
        "misses": _misses(record.get("targets") or ()),
        "limits": text.LIMITS,
        "missing": sorted(ABSENT.items()),
        "beliefs": _beliefs(record.get("beliefs") or ()),
        "record": json.dumps(record, indent=2, sort_keys=True, default=str, ensure_ascii=False),
    }  # fmt: skip


def _scenario_titles(record: Mapping[str, Any]) -> dict[str, str]:
    told = record.get("scenarios") or {}
    if not isinstance(told, Mapping):
        return {}
    return {n: str(s["title"]) for n, s in told.items() if isinstance(s, Mapping) and "title" in s}


def _primary(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the main table: policies down, headline measures across, both intervals below."""
    names, reference = list(dict.fromkeys(rows["scenario"])), reference_of(rows.attrs)
    less = "the baseline" if reference == tables.BASELINE else label(reference)
    return {
        "caption": (
            f"Differences from {less} at the end of the run (for that itself, its level), with "
            "90 % intervals; Attainment 8 and jobs are those of disadvantaged pupils"
        ),
        "columns": [f"{c.long} ({c.unit})" for c in HEADLINES],
        "rows": [
            {
                "name": f"{label(name)} (levels)" if name == reference else label(name),
                "cells": _cells(rows[rows["scenario"] == name], name == reference),
            }
            for name in names
        ],
        "notes": (
            "First interval: doubt and chance together. In brackets: chance alone, around the "
            "result under central beliefs. Less than matters: smaller than "
            f"{MINIMUM:g} points of Attainment 8, or {MINIMUM_JOB:g} percentage points in "
            "professional jobs.",
            *sentences(rows),
        ),
    }


def _cells(rows: pd.DataFrame, level: bool) -> list[dict[str, Any]]:
    found = rows.set_index("key")
    return [_cell(found, c, level) for c in HEADLINES]


def _cell(rows: pd.DataFrame, column: Headline, level: bool) -> dict[str, Any]:
    if column.key not in rows.index:
        return {"text": "does not apply", "notes": (), "number": False}
    row: Any = rows.loc[column.key]
    if not math.isfinite(float(row["value"])):
        return {"text": "not reached", "notes": (), "number": False}
    chance = _ends(row, column, level, "chance_")
    notes = [
        _ends(row, column, level, ""),
        f"({chance})" if chance else "",
        str(row["verdict"]),
    ]
    return {
        "text": _written(float(row["value"]), column, level),
        "notes": [n for n in notes if n],
        "number": True,
    }


def _ends(row: Any, column: Headline, level: bool, kind: str) -> str:
    ends = [float(row[f"{kind}{side}"]) for side in ("low", "high")]
    if not all(map(math.isfinite, ends)):
        return ""
    return " to ".join(_written(e, column, level) for e in ends)


def _written(value: float, column: Headline, level: bool) -> str:
    if column.unit == "%":
        return percent(value)
    if column.unit == "£":
        return f"£{number(value, column.digits)}"
    shown = column.scale * value
    return number(shown, column.digits) if level else signed(shown, column.digits)


def _chart(chart: Chart, drawing: bytes) -> dict[str, Any]:
    hidden = HIDDEN.get(chart.name, ())
    columns = [c for c in HEADINGS if c in chart.rows.columns and c not in hidden]
    return {
        "name": chart.name,
        "question": chart.question,
        "title": chart.title,
        "caption": chart.caption,
        "svg": _safe(inline_svg(drawing, chart.name, chart.alt, crop(chart.figure))),
        "header": [HEADINGS[c] for c in columns],
        "count": len(chart.rows),
        "cells": [[_plain(x) for x in row] for row in chart.rows[columns].itertuples(index=False)]
        if len(chart.rows) <= MOST_ROWS
        else [],
    }


def _safe(svg: str) -> Any:
    """Mark our own drawing as safe to stand in the page as it is."""
    from markupsafe import Markup

    return Markup(svg)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return number(value, 0 if abs(value) >= 100 else 3)
    return label(value) if isinstance(value, str) else str(value)


def _misses(targets: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Put targets that miss first, then near ones, then the rest, each in its own order."""
    order = {"fail": 0, "near": 1, "pass": 2}
    ranked = sorted(targets, key=lambda t: order.get(str(t.get("verdict")), 3))
    keys = ("name", "value", "tolerance", "median", "verdict", "why")
    return [{key: _value(t.get(key, "")) for key in keys} for t in ranked]


def _beliefs(beliefs: Any) -> list[dict[str, str]]:
    """Flatten beliefs, given as records or as group -> name -> record, into rows of text."""
    if isinstance(beliefs, Mapping):
        beliefs = [
            {"name": f"{group}.{name}", **one}
            for group, members in beliefs.items()
            for name, one in members.items()
        ]
    return [_belief(one) for one in beliefs]


def _belief(one: Mapping[str, Any]) -> dict[str, str]:
    group = one.get("group")
    low, high = _end(one.get("low"), min), _end(one.get("high"), max)
    row = {k: _value(one.get(k, "")) for k in ("unit", "kind", "strength", "source", "meaning")}
    return {
        **row,
        "name": f"{group}.{one['name']}" if group else str(one["name"]),
        "value": _value(one.get("value", "")),
        "range": f"{low} to {high}" if low or high else "fixed",
    }


def _end(value: Any, furthest: Callable[[list[Any]], Any]) -> str:
    """Write one end of a range; for a table of numbers, the furthest end of all."""
    return _value(furthest(_flat(value))) if isinstance(value, list | tuple) else _value(value)


def _flat(values: Sequence[Any]) -> list[Any]:
    return [
        v for item in values for v in (_flat(item) if isinstance(item, list | tuple) else [item])
    ]


def _value(value: Any) -> str:
    """Write a number, a pair or a table of numbers briefly."""
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")
    if isinstance(value, list | tuple):
        flat = _flat(value)
        if len(flat) <= 4:
            return ", ".join(_value(v) for v in flat)
        return f"{len(flat)} values, {_value(min(flat))} to {_value(max(flat))}"
    return "" if value is None else str(value)
