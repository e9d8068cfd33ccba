"""Fill in the one page of a report; everything it shows is inside the file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim.show import minima, text
from sim.show.belief_rows import belief_rows, briefly, that_matter
from sim.show.codebook import unit_of
from sim.show.dose import sentences
from sim.show.finding import JOBS
from sim.show.headlines import JOB_CONTRAST, JOB_HEADS, JOB_KEYS, notes_on_columns, years_in
from sim.show.inside import Link
from sim.show.numbers import as_shown, with_unit, written
from sim.show.reference import BASELINE, reference_of
from sim.show.tables import HEADLINES, Headline
from sim.show.words import bound, label, number, percent, records, signed, years_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.show.area_tables import Areas
    from sim.show.leads import Finding
    from sim.show.picture import Picture
    from sim.show.scope import Scope

__all__ = ["Content", "render"]

HEADINGS = {
    "scenario": "Policy",
    "less": "Less the policy",
    "measure": "Measure",
    "place": "Place",
    "stage": "Stage",
    "shelf": "Index",
    "way": "Counted by",
    "end": "Posts",
    "group": "Of whom",
    "part": "Part",
    "who": "Group",
    "year": "Policy year",
    "unit": "Unit",
    "value": "Value",
    "ratio": "Over the rate of the others",
    "low": "Low, doubt and chance",
    "high": "High, doubt and chance",
    "chance_low": "Low, as wide as chance alone",
    "chance_high": "High, as wide as chance alone",
    "share_of_pupils": "Share of disadvantaged pupils",
    "pounds": "Pounds a pupil",
    "pounds_low": "Pounds, low",
    "pounds_high": "Pounds, high",
    "worse": "Worse off",
    "worse_low": "Worse off, low",
    "worse_high": "Worse off, high",
    "better": "Better off",
    "better_low": "Better off, low",
    "better_high": "Better off, high",
    "verdict": "Verdict",
}
"""Columns shown under a chart, in this order; the CSV beside the page holds all."""

MOST_ROWS = 200
"""A longer table (every authority under every policy) stands in its CSV alone."""

OF_AREAS = {
    "tables/named_places.csv": "areas that were asked for (CSV)",
    "tables/listed_areas.csv": "listed areas and all others (CSV)",
    "tables/gains_by_area.csv": "area by area (CSV)",
}
"""Tables of areas by name, where there are any, and what their links say."""

ON_PAGE = tuple(column for column in HEADLINES if column.on_page)


@dataclass(frozen=True)
class Content:
    """What a page is made of: pictures, links to files, headline rows, findings, the record.

    ``money`` is what is told of each policy's money, ``apart`` which have other money, and what.
    """

    name: str
    charts: Sequence[Picture]
    files: Mapping[str, Link]
    undrawn: Sequence[tuple[str, str]]
    headline: pd.DataFrame
    found: Sequence[Finding]
    scenarios: Sequence[str]
    scope: Scope
    record: Mapping[str, Any]
    areas: Areas
    money: Sequence[tuple[str, str]] = ()
    pounds: tuple[Sequence[str], Sequence[Sequence[str]]] = ((), ())
    apart: Mapping[str, str] = field(default_factory=dict)


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
    from sim.tabulate import ABSENT

    record = content.record
    told = belief_rows(record.get("beliefs") or ())
    shown = {key: value for key, value in record.items() if key not in ("beliefs", "targets")}
    shown["settings"] = without_repeats(record.get("settings") or {})
    return {
        "heading": str(record.get("title") or f"Comparison: {content.name}"),
        "standfirst": text.standfirst(content.scope, content.scenarios, content.apart),
        "scope": content.scope,
        "summary": _summary(content),
        "money": content.money,
        "pounds": content.pounds,
        "areas": content.areas,
        "area_files": [
            (content.files[path], words)
            for path, words in OF_AREAS.items()
            if path in content.files
        ],
        "opening": text.opening(content.scope),
        "reading": text.reading(any(one.kind == JOBS for one in content.found)),
        "primary": _primary(content.headline),
        "charts": [_chart(c, content.files) for c in content.charts],
        "files": _files(content),
        "undrawn": content.undrawn,
        "sure": text.how_sure(content.scope.draws, content.scope.replicates, record),
        "misses": _misses(record.get("targets") or ()),
        "limits": text.LIMITS,
        "missing": sorted(ABSENT.items()),
        "beliefs": that_matter(told, record.get("drivers") or ()),
        "all_beliefs": len(told),
        "which_beliefs": "those that drive the doubt in these results most"
        if record.get("drivers")
        else "those nearest to what money does in schools",
        "record": json.dumps(shown, indent=2, sort_keys=True, default=str, ensure_ascii=False),
    }


def without_repeats(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings of the first policy, and of each other one what differs from them.

    >>> without_repeats({"a": {"years": 2, "seed": 1}, "b": {"years": 2, "seed": 3}})
    {'a': {'years': 2, 'seed': 1}, 'b': {'seed': 3}}
    """
    first: Mapping[str, Any] = next(iter(settings.values()), {})
    return {
        name: {key: value for key, value in own.items() if own is first or value != first.get(key)}
        for name, own in settings.items()
    }


def _summary(content: Content) -> text.Summary:
    """Return the opening lines, those on areas by name among them, and what each policy does."""
    titles = _scenario_titles(content.record)
    told = text.summary(content.found, content.scenarios, titles, content.apart)
    return replace(told, lead=tuple(content.areas.around(told.lead)))


def _scenario_titles(record: Mapping[str, Any]) -> dict[str, str]:
    told = record.get("scenarios") or {}
    if not isinstance(told, Mapping):
        return {}
    return {n: str(s["title"]) for n, s in told.items() if isinstance(s, Mapping) and "title" in s}


ELSEWHERE = "; sentences, charts and every other table stay differences from the baseline"


def _primary(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the main table: policies down, headline measures across, both intervals below."""
    names, reference = list(dict.fromkeys(rows["scenario"])), reference_of(rows.attrs)
    less = "the baseline" if reference == BASELINE else label(reference)
    columns = _reached(rows)
    return {
        "caption": (
            f"Differences from {less}{years_in(rows)} (in its own row, levels), with "
            "90 % intervals; Attainment 8 and jobs are those of disadvantaged pupils"
            + ("" if reference == BASELINE else ELSEWHERE)
        ),
        "columns": [c.heading for c in columns],
        "rows": [
            {
                "name": f"{label(name)} (levels)" if name == reference else label(name),
                "cells": _cells(rows[rows["scenario"] == name], columns, name == reference),
            }
            for name in names
        ],
        "notes": (
            "Below each number stands its 90 % interval, for doubt and chance together (none where "
            "both ends round to the number itself); charts and the file also show how wide chance "
            "alone would be. Less than matters: smaller than "
            f"{minima.MINIMUM:g} points of Attainment 8, or {minima.MINIMUM_JOB:g} of "
            f"{JOB_HEADS:,} people in professional jobs.",
            *notes_on_columns(rows, lacking_jobs=len(columns) < len(ON_PAGE)),
            *sentences(rows),
            *_jobs_at_the_ends(rows, reference),
        ),
    }


def _jobs_at_the_ends(rows: pd.DataFrame, reference: str) -> list[str]:
    """Tell the declared number that has no column of its own; nothing where it is not reached."""
    mine = rows[(rows["key"] == JOB_CONTRAST) & (rows["scenario"] != reference)]
    mine = mine[mine["value"].notna()]
    column = next(one for one in HEADLINES if one.key == JOB_CONTRAST)
    told = [
        f"{label(str(r['scenario']))} {_written(float(r['value']), column, False)} "
        f"({_ends(r, column, False)}), {r['verdict']}"
        for r in records(mine)
    ]
    return [f"{column.long} (of {JOB_HEADS:,} people): {'; '.join(told)}."] if told else []


def _reached(rows: pd.DataFrame) -> list[Headline]:
    """Return the columns of the page; jobs are left out of a run in which nobody gets to 25."""
    known = set(rows.loc[rows["value"].notna(), "key"])
    return [c for c in ON_PAGE if c.key in known or not c.key.startswith(JOB_KEYS)]


def _cells(rows: pd.DataFrame, columns: Sequence[Headline], level: bool) -> list[dict[str, Any]]:
    found = rows.set_index("key")
    return [_cell(found, c, level) for c in columns]


def _cell(rows: pd.DataFrame, column: Headline, level: bool) -> dict[str, Any]:
    if column.key not in rows.index:
        return {"text": "does not apply", "notes": (), "number": False}
    row: Any = rows.loc[column.key]
    if not math.isfinite(float(row["value"])):
        return {"text": "not reached", "notes": (), "number": False}
    notes = [_ends(row, column, level), str(row["verdict"])]
    return {
        "text": _written(float(row["value"]), column, level),
        "notes": [n for n in notes if n],
        "number": True,
    }


def _ends(row: Any, column: Headline, level: bool) -> str:
    """Write both ends of an interval; nothing where they look alike."""
    ends = [float(row[side]) for side in ("low", "high")]
    if not all(map(math.isfinite, ends)):
        return ""
    shown = list(dict.fromkeys(_end(e, column, level) for e in ends))
    return " to ".join(shown) if len(shown) > 1 else ""


def _end(value: float, column: Headline, level: bool) -> str:
    """Write one end of an interval; of a change, never as nought what is none."""
    if level or not column.is_change:
        return _written(value, column, level)
    return bound(column.scale * value, column.digits, sign=True)


def _written(value: float, column: Headline, level: bool) -> str:
    if column.unit == "%":
        return percent(value)
    if column.unit == "£":
        return f"£{number(value, column.digits)}"
    shown = column.scale * value
    return number(shown, column.digits) if level else signed(shown, column.digits)


def _files(content: Content) -> dict[str, Link]:
    """Return the links that stand in the page's own sections, by a short name."""
    wanted = {
        "headline": "tables/headline.csv",
        "beliefs": "tables/beliefs.csv",
        "codebook": "tables/codebook.csv",
        "workbook": "tables.xlsx",
    }
    return {name: content.files[path] for name, path in wanted.items() if path in content.files}


def _chart(chart: Picture, files: Mapping[str, Link]) -> dict[str, Any]:
    unit = unit_of(chart.name, chart.rows)
    shown = as_shown(chart.rows, unit)
    columns = [c for c in HEADINGS if c in shown.columns]
    return {
        "name": chart.name,
        "question": chart.question,
        "title": chart.title,
        "caption": " ".join(filter(None, (chart.caption, years_of(chart.rows)))),
        "svg": _safe(chart.slide),
        "phone": _safe(chart.phone),
        "png": files[f"figures/{chart.name}.png"],
        "drawing": files[f"figures/{chart.name}.svg"],
        "csv": files[f"tables/{chart.name}.csv"],
        "header": [with_unit(HEADINGS[c], c, chart.rows, unit) for c in columns],
        "count": len(chart.rows),
        "cells": written(shown, columns) if len(chart.rows) <= MOST_ROWS else [],
    }


def _safe(svg: str) -> Any:
    """Mark our own drawing as safe to stand in the page as it is."""
    from markupsafe import Markup

    return Markup(svg)


def _misses(targets: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Put targets that miss first, then near ones, then the rest, each in its own order."""
    order = {"fail": 0, "near": 1, "pass": 2}
    ranked = sorted(targets, key=lambda t: order.get(str(t.get("verdict")), 3))
    keys = ("name", "value", "tolerance", "median", "verdict", "why")
    return [{key: briefly(t.get(key, "")) for key in keys} for t in ranked]
