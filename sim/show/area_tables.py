"""What a page says of areas: lines to open with, and two small tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.show.fifths import areas_in_fifths, fifths_told, with_counts
from sim.show.listed import (
    GROUPS,
    LISTED,
    OTHERS,
    SYNTHETIC,
    area_lists,
    gains_by_area,
    list_lines,
    listed_areas,
)
from sim.show.placed import place_tables, placed
from sim.show.sums import sums_told
from sim.show.words import interval, join, label, records, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["Areas", "areas_of"]

Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Areas:
    """What is told of areas: opening lines, tables for the page and for files, notes, counts."""

    first: Lines
    last: Lines
    shown: Sequence[Mapping[str, Any]]
    files: Mapping[str, pd.DataFrame]
    notes: Sequence[str]
    fifths: Mapping[int, int]

    def around(self, lead: Lines) -> list[tuple[str, str]]:
        """Return opening lines with those on listed areas; few areas of a fifth are counted."""
        told = [(heading, with_counts(line, self.fifths)) for heading, line in lead]
        return [*self.first, *told, *self.last]


def areas_of(cells: xr.Dataset) -> Areas:
    """Gather what is to be told of areas by name.

    A list of one's own is the question asked, so its lines come first; those of the package's
    lists come after the rest.
    """
    lists, listed, single = area_lists(cells), listed_areas(cells), gains_by_area(cells)
    lines = list_lines(cells, listed)
    own = any(one.own for one in lists)
    asked = placed(cells)
    shown = [_of_list(listed, one.policies, one.told) for one in lists]
    found = {"named_places": asked, "listed_areas": listed, "gains_by_area": single}
    known = single["value"].notna().any()
    return Areas(
        first=lines if own else (),
        last=() if own else lines,
        shown=[
            *place_tables(cells, asked),
            *(one for one in shown if one["rows"]),
            *([_by_area(single)] if known else []),
        ],
        files={name: rows for name, rows in found.items() if rows["value"].notna().any()},
        notes=[note for note in (sums_told(cells), fifths_told(cells)) if note],
        fifths=areas_in_fifths(cells),
    )


def _of_list(rows: pd.DataFrame, policies: Sequence[str], where: str) -> dict[str, Any]:
    """Return the table of one list: policies down, listed and all other areas across."""
    mine = rows[(rows["list"] == ", ".join(policies)) & rows["value"].notna()]
    heads = {
        (place, group): f"{name}, {who}"
        for place, name in ((LISTED, "Listed areas"), (OTHERS, "All other areas"))
        for group, who in GROUPS.items()
    }
    by_key = {(r["scenario"], r["place"], r["group"]): r for r in records(mine)}
    return {
        "title": f"On the list of {join(map(label, policies))}",
        "caption": f"Difference from the baseline in Attainment 8 (points), in {where} and in all "
        "other areas (children in the area they grew up in), weighted by pupils",
        "head": "Policy",
        "columns": list(heads.values()),
        "note": SYNTHETIC,
        "rows": [
            {"name": label(name), "cells": [_cell(by_key.get((name, *key))) for key in heads]}
            for name in dict.fromkeys(mine["scenario"])
        ],
    }


def _by_area(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the table of all areas of a small world: areas down, policies across."""
    policies = list(dict.fromkeys(rows["scenario"]))
    by_key = {(r["scenario"], r["place"]): r for r in records(rows)}
    areas = rows.drop_duplicates("place").sort_values(["fifth", "place_name"])
    return {
        "title": "Area by area",
        "caption": "Difference from the baseline in disadvantaged pupils' Attainment 8 (points), "
        "area by area (children in the area they grew up in), fifth 1 the most affluent",
        "head": "Area",
        "columns": [label(name) for name in policies],
        "note": SYNTHETIC,
        "rows": [
            {
                "name": f"{area['place_name']} (fifth {area['fifth']})",
                "cells": [_cell(by_key.get((name, area["place"]))) for name in policies],
            }
            for area in records(areas)
        ],
    }


def _cell(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Write a value, its interval and its verdict; nothing where nobody is there."""
    if row is None:
        return {"text": "nobody", "notes": ()}
    notes = (interval(row["low"], row["high"], 2), str(row["verdict"]))
    return {"text": signed(float(row["value"]), 2), "notes": [note for note in notes if note]}
