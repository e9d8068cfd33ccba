"""The areas that a comparison was asked for: a row each, under every policy and in key measures.

What pupils reach is told of those who live in the area, at whatever school; money of the area's
schools, whoever goes there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.marks import PLACES, PLACES_NOTE
from sim.results.shapes import as_cells
from sim.show.few import FEWEST, TOO_FEW, mark_few
from sim.show.headlines import JOB_HEADS
from sim.show.measured import named, nothing, only_baseline
from sim.show.reference import BASELINE
from sim.show.words import bound, join, label, number, records, signed, times, years_told

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "JOBS",
    "NO_PLACES",
    "SHOWN",
    "Shown",
    "cell_of",
    "columns_of",
    "note_of",
    "place_tables",
    "placed",
    "places_of",
]

NO_PLACES = (
    "no area was asked for (places=Cornwall,Hackney in sim compare gives areas rows of their own)"
)
MOST_TABLES = 12
"""Areas that the page has a table for; the file holds all."""


@dataclass(frozen=True)
class Shown:
    """A measure of a place: what it is called on the page and, in few letters, on a screen."""

    measure: str
    group: str
    long: str
    short: str
    digits: int
    scale: float = 1.0


JOBS = Shown(
    "professional_job_rate", "disadvantaged",
    f"Professional job at 25, disadvantaged who grew up there (of {JOB_HEADS:,})",
    f"Professional job\nat 25, disadv.\n(of {JOB_HEADS:,})", 0, float(JOB_HEADS),
)  # fmt: skip
SHOWN = (
    Shown("attainment8", "disadvantaged",
          "Attainment 8, disadvantaged who live there (points)", "A8,\ndisadv.\n(points)", 2),
    Shown("attainment8", "other",
          "Attainment 8, others who live there (points)", "A8,\nothers\n(points)", 2),
    Shown("funding_per_pupil", "all",
          "School money per pupil of its schools (£ a year)", "£ a pupil,\nits schools\n(£)", 0),
    JOBS,
)  # fmt: skip
_FIRST = ("scenario", "place", "place_name", "measure", "unit", "group")


def places_of(dataset: xr.Dataset) -> list[str]:
    """Return the codes of the areas that were asked for, in that order; those that are here."""
    asked = json.loads(str(dataset.attrs.get(PLACES) or "[]"))
    here = set(dataset["area"].values.astype(str).tolist()) if asked else ()
    return [str(code) for code in asked if code in here]


def note_of(dataset: xr.Dataset) -> str:
    """Return what has to be known of numbers of one place."""
    return str(dataset.attrs.get(PLACES_NOTE) or "")


def placed(dataset: xr.Dataset) -> pd.DataFrame:
    """Return key measures of every area that was asked for: levels of the baseline, differences.

    Columns ``scenario``, ``place`` (code), ``place_name``, ``measure``, ``unit``, ``group``, those
    of a difference, ``pupils`` (behind the number), ``stands_for``, ``minimum``, ``policy_years``
    and ``warning``. No rows where no area was asked for; what is not reached has none either.
    """
    import pandas as pd

    codes = places_of(dataset)
    if not codes:
        return nothing(NO_PLACES)
    cells = _only(as_cells(dataset), codes)
    parts = [
        _rows(where, one, is_level)
        for where, is_level in ((only_baseline(cells), True), (cells, False))
        for one in SHOWN
        if _holds(cells, one)
    ]
    rows = pd.concat([part for part in parts if len(part)] or [nothing("")], ignore_index=True)
    rows["order"] = rows["place"].map({code: i for i, code in enumerate(codes)})
    rows = rows.sort_values("order", kind="stable", ignore_index=True).drop(columns="order")
    weight = dict(zip(codes, cells["weight"].values.tolist(), strict=True))
    rows = rows.assign(stands_for=rows["place"].map(weight), warning=note_of(dataset))
    return rows[[*_FIRST, *(c for c in rows.columns if c not in _FIRST)]]


def _only(cells: xr.Dataset, codes: Sequence[str]) -> xr.Dataset:
    here = cells["area"].values.astype(str).tolist()
    return cells.isel(area=np.array([here.index(code) for code in codes]))


def _holds(cells: xr.Dataset, one: Shown) -> bool:
    from sim.tabulate import describe

    return all(need in cells for need in describe(one.measure).needs)


def _rows(cells: xr.Dataset, one: Shown, is_level: bool) -> pd.DataFrame:
    """Return one measure of every place: where the baseline stands, or policies less baseline."""
    from sim.tabulate import difference, frame, measure

    tabulate = measure if is_level else difference
    rows = named(frame(tabulate(cells, one.measure, "area", one.group)))
    rows = mark_few(rows.dropna(subset=["value"]), cells, one.measure)
    told = {k: rows.attrs.get(k, "") for k in ("unit", "minimum", "years")}
    found = rows.assign(
        measure=one.measure,
        unit=told["unit"],
        minimum=told["minimum"],
        policy_years=told["years"],
    )
    found.attrs = dict(rows.attrs)
    return found


def columns_of(rows: pd.DataFrame) -> list[Shown]:
    """Return the measures to be shown; jobs only where somebody who lived under a policy is 25."""
    known = set(rows["measure"])
    return [one for one in SHOWN if one is not JOBS or one.measure in known]


def place_tables(dataset: xr.Dataset, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table for each of the first areas: policies down, measures across."""
    if rows.empty:
        return []
    shown, note = columns_of(rows), _note(dataset, rows)
    by_key = {(r["place"], r["scenario"], r["measure"], r["group"]): r for r in records(rows)}
    tables = []
    for code, name in rows.drop_duplicates("place")[["place", "place_name"]].to_numpy()[
        :MOST_TABLES
    ]:
        tables.append(
            {
                "title": f"A place like {name}",
                "caption": f"Differences from the baseline{_years(rows)} (in its own row, levels), "
                "with 90 % intervals",
                "head": "Policy",
                "columns": [one.long for one in shown],
                "note": note,
                "rows": [
                    {
                        "name": f"{label(s)} (levels)" if s == BASELINE else label(s),
                        "cells": [
                            _page_cell(by_key.get((code, s, one.measure, one.group)), one)
                            for one in shown
                        ],
                    }
                    for s in dict.fromkeys(rows["scenario"])
                ],
            }
        )
    return tables


def _note(dataset: xr.Dataset, rows: pd.DataFrame) -> str:
    """Say what has to be known, and what is not shown."""
    many = rows["place"].nunique()
    more = f" {times(many - MOST_TABLES, 'more area')} in the file." if many > MOST_TABLES else ""
    few = (
        f" {TOO_FEW.capitalize()}: fewer than {FEWEST}." if TOO_FEW in set(rows["verdict"]) else ""
    )
    return f"{note_of(dataset)}{few}{more}"


def _years(rows: pd.DataFrame) -> str:
    """Say of which policy years each measure is told."""
    told: dict[str, list[str]] = {}
    for one in columns_of(rows):
        mine = rows.loc[rows["measure"] == one.measure, "policy_years"]
        what = {"attainment8": "Attainment 8", "funding_per_pupil": "money"}.get(
            one.measure, "jobs"
        )
        if len(mine) and (years := years_told(str(mine.iloc[0]))):
            told.setdefault(years, [])
            told[years] += [what] if what not in told[years] else []
    parts = [f"{join(what)} of {years}" for years, what in told.items()]
    return f", {', '.join(parts)}" if parts else ""


def cell_of(row: dict[str, Any] | None, one: Shown) -> list[str]:
    """Write a value, its interval and its verdict, as far as there are any."""
    if row is None:
        return ["not reached"]
    value, low, high = (one.scale * float(row[c]) for c in ("value", "low", "high"))
    if row["scenario"] == BASELINE:
        return [number(value, one.digits)]
    told = [signed(value, one.digits)]
    if math.isfinite(low) and math.isfinite(high):
        ends = [bound(end, one.digits, sign=True) for end in (low, high)]
        told += [" to ".join(ends)] if len(set(ends)) > 1 else []
    return [*told, str(row["verdict"])]


def _page_cell(row: dict[str, Any] | None, one: Shown) -> dict[str, Any]:
    text, *notes = cell_of(row, one)
    return {"text": text, "notes": [note for note in notes if note]}
