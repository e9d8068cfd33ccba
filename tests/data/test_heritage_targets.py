"""The figures heritage terms are solved to are derived again from published cells."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from sim.config import compose
from sim.data import facts
from sim.data.choices import HERITAGE_MEMBERS

SOURCES = os.environ.get("PLACEMATTERS_SOURCES", "")
needs_sources = pytest.mark.skipif(
    not SOURCES, reason="PLACEMATTERS_SOURCES does not name a folder of source files"
)
CELLS = {
    "white_british": ("white", "non-EAL"), "white_other": ("white", "EAL"), "asian": ("Asian", ""),
    "black": ("black", ""), "mixed_any_other": ("mixed", ""),
}  # fmt: skip
CENSUS = {
    "White British": "white_british", "White Irish": "white_other", "Irish": "white_other",
    "Gypsy or Roma": "white_other", "Traveller of Irish heritage": "white_other",
    "Any other White background": "white_other", "Indian": "indian_chinese",
    "Chinese": "indian_chinese", "Pakistani": "pakistani", "Bangladeshi": "bangladeshi",
    "Any other Asian": "asian_other", "Black African": "black_african",
    "Any other Black background": "black_african", "Black Caribbean": "black_caribbean",
    "White and Black Caribbean": "white_black_caribbean", "White and Asian": "other_mixed",
    "White and Black African": "other_mixed", "Any other Mixed background": "other_mixed",
    "Any other ethnic group": "any_other",
}  # fmt: skip
Row = dict[str, str]


def told() -> dict[tuple[str, str, str], float]:
    rows = facts.rows("heritage_targets")
    return {(r["group"], r["measure"], r["who"]): float(r["value"]) for r in rows}


def pooled(measure: str, chosen: Callable[[Row], bool]) -> tuple[float, float]:
    """Mean over published cells by pupils, and pupils."""
    with (Path(SOURCES) / "mechanisms/heritage_national.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["measure"] == measure and chosen(r)]
    pupils = sum(float(r["pupils"]) for r in rows)
    return sum(float(r["value"]) * float(r["pupils"]) for r in rows) / max(pupils, 1), pupils


def cell(measure: str, broad: str, who: str) -> tuple[float, float]:
    group, language = CELLS[broad]
    return pooled(
        f"KS4 - {measure}",
        lambda r: (
            r["group"] == group and r["who"] == who and (not language or r["language"] == language)
        ),
    )


def free_meals(measure: str, group: str, years: Collection[str]) -> float:
    return pooled(
        measure,
        lambda r: (
            r["who"] == "FSM eligible"
            and r["year"] in years
            and CENSUS[r["group"].split(" - ")[-1]] == group
        ),
    )[0]


def test_every_figure_names_its_year_and_source() -> None:
    rows = facts.rows("heritage_targets")
    assert all(r["year"] and r["source"] and r["unit"] for r in rows)
    by_group = {key[1:] for key in told() if key[2] != "gap"}
    assert len(told()) == len(rows) == len(HERITAGE_MEMBERS) * len(by_group) + 2 * len(CELLS)


@needs_sources
def test_gaps_at_16_are_those_of_the_published_cells() -> None:
    for broad in CELLS:
        for measure, digits in (("Progress 8", 3), ("Attainment 8", 2)):
            name = measure.lower().replace(" ", "")
            poor, rest = (cell(measure, broad, f"{n}disadvantaged")[0] for n in ("", "non-"))
            assert round(rest - poor, digits) == told()[broad, name, "gap"], (broad, name)


@needs_sources
def test_results_by_free_meals_are_census_groups_added_up() -> None:
    early, later = "good level of development at 5", "KS2 reading, writing and maths expected"
    years = ("2022/23", "2023/24", "2024/25")
    for group in HERITAGE_MEMBERS:
        before, after = (free_meals(early, group, [year]) for year in ("2021/22", "2024/25"))
        found = (before + 2 * after) / 3
        assert told()[group, "good_level", "fsm"] == pytest.approx(found, abs=1e-3), group
        at_11 = free_meals(later, group, years)
        if at_11:  # no figure of White and Black Caribbean pupils
            known = told()[group, "ks2_expected", "disadvantaged"]
            assert known == pytest.approx(at_11, abs=1e-3), group


@needs_sources
def test_late_shares_are_what_progress_has_fewer_pupils_than_attainment() -> None:
    people = compose("baseline", ["world=tiny"]).beliefs.values.people
    where = {"white_british": 0, "white_other": 1, "asian": 3, "black": 6, "mixed_any_other": 9}
    for broad, group in where.items():
        for who, shares in (("", people.late_disadvantaged), ("non-", people.late_others)):
            sat, known = (
                cell(measure, broad, f"{who}disadvantaged")[1]
                for measure in ("Attainment 8", "Progress 8")
            )
            assert shares[group] == pytest.approx(1 - known / sat, abs=6e-4), (broad, who)
