"""A list of areas has an answer for its areas; sums and small fifths are told where they matter."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.config import compose
from sim.results.shapes import as_cells
from sim.show.area_tables import areas_of
from sim.show.colours import looks
from sim.show.fifths import empty_told, fifths_told, with_areas, with_counts
from sim.show.figures import flagged_gaps, gains_by_affluence, missed
from sim.show.inside import Link
from sim.show.labels import labelled
from sim.show.listed import LISTED, OTHERS, area_lists, gains_by_area, list_lines, listed_areas
from sim.show.page import Content, render
from sim.show.scope import Scope
from sim.show.sums import bare, sums_told
from sim.show.terminal import print_comparison
from sim.tabulate.aggregate import places_of
from sim.tabulate.windows import window
from tests.example import example_dataset
from tests.show.samples import by_place, undercoverage

OWN = ["Example 5", "E06999009"]


def told(**changed: dict[str, Any]) -> xr.Dataset:
    """The example with a policy for two areas by name and by code; ``changed`` by policy."""
    arms = {
        "baseline": "none", "flat": "none", "area_list_eia": "area_list",
        "pupil_need": "pupil_need", "gap_triggered": "gap_triggered",
    }  # fmt: skip
    aims = {
        name: {"arm": arm, "areas": OWN, "envelope_gbp": 1e9, "dose_gbp": None, "funded": True}
        | changed.get(name, {})
        for name, arm in arms.items()
    }
    return slim().assign_attrs(targeting=json.dumps(aims))


def slim() -> xr.Dataset:
    """Return the example without what no test here reads."""
    whole = example_dataset(draws=8, years=15)
    return whole[
        ["present", "attainment8_sum", "ks4_n", *(n for n in whole if "flagged" in str(n))]
    ]


@pytest.fixture(scope="module")
def cells() -> xr.Dataset:
    return as_cells(told())


@pytest.fixture(scope="module")
def listed(cells: xr.Dataset) -> pd.DataFrame:
    return listed_areas(cells)


def test_listed_areas_and_all_others_are_sums_over_their_pupils(
    cells: xr.Dataset, listed: pd.DataFrame
) -> None:
    one = listed.query(
        f"scenario == 'area_list_eia' and place == '{LISTED}' and group == 'disadvantaged'"
    )
    here = cells.sel(year=list(window(cells["year"].values, "ks4").years)).isel(area=[4, 9])
    poor = here.sel(group=[g for g in here["group"].values if g != "other"])

    def mean(scenario: str, draw: int) -> float:
        at = (poor["scenario"] == scenario) & (poor["draw"] == draw) & (poor["replicate"] == 0)
        mine = poor.isel(cell=np.flatnonzero(at.values))
        total, count = (
            float((mine[name] * mine["weight"]).sum()) for name in ("attainment8_sum", "ks4_n")
        )
        return total / count

    gained = [mean("area_list_eia", d) - mean("baseline", d) for d in range(1, 9)]
    assert one["value"].item() == pytest.approx(np.mean(gained))
    assert listed.groupby("place")["areas_here"].first().to_dict() == {LISTED: 2, OTHERS: 16}
    assert set(listed["scenario"]) == {"flat", "area_list_eia", "pupil_need", "gap_triggered"}


def test_a_list_is_told_for_its_areas_and_for_all_others_with_a_caveat(
    cells: xr.Dataset, listed: pd.DataFrame
) -> None:
    first, second = list_lines(cells, listed)
    assert first[0] == "Area list EIA, in the listed areas (Example 5 and Example 10)"
    assert "isadvantaged pupils +" in first[1]
    assert "other pupils" in first[1]
    assert "90 % interval" in first[1]
    assert "higher" in first[1]
    assert second[0] == "Area list EIA, in all other areas (16)"
    assert "stand-ins" in second[1]


def test_the_lists_of_the_package_are_those_of_this_world() -> None:
    shipped = as_cells(
        told(
            area_list_eia={"areas": "education_investment_areas"},
            pupil_need={"arm": "area_list", "areas": "opportunity_areas"},
            gap_triggered={"arm": "area_list", "areas": "education_investment_areas"},
        )
    )
    lists = area_lists(shipped)
    assert [one.policies for one in lists] == [("area_list_eia", "gap_triggered"), ("pupil_need",)]
    assert lists[0].inside.tolist() == (shipped["listed_eia"].values == 1).tolist()
    assert lists[1].inside.tolist() == (shipped["listed_oa"].values > 0).tolist()
    assert not lists[0].own
    assert areas_of(shipped).last
    many = as_cells(told(area_list_eia={"areas": [f"Example {i}" for i in range(1, 9)]}))
    assert area_lists(many)[0].told == "the 8 listed areas"


def test_without_a_list_or_a_word_of_it_nothing_is_said_of_lists() -> None:
    silent = as_cells(slim())
    assert list_lines(silent) == []
    assert sums_told(silent) == ""


def test_a_small_world_is_told_area_by_area_and_a_large_one_is_not(cells: xr.Dataset) -> None:
    rows = gains_by_area(cells)
    assert set(rows["place_name"]) == {f"Example {i}" for i in range(1, 19)}
    assert rows.query("place_name == 'Example 5'")["fifth"].unique().tolist() == [5]
    wide = cells.isel(area=np.arange(36) % 18)
    assert gains_by_area(wide).empty


def page_of(cells: xr.Dataset) -> str:
    """Return the page of a comparison without its charts."""
    areas = areas_of(cells)
    level = {"scenario": "baseline", "key": "all_areas", "value": 46.0, "low": 45.0, "high": 47.0}
    rows = pd.DataFrame([level]).assign(verdict="", note="")
    rests_on = Scope("tenth", 18, "", 15, 8, 2, "1", "", "")
    link = Link("data:,", "x.csv", inside=True)
    names = ("headline", "codebook", "beliefs", *areas.files)
    files = {f"tables/{name}.csv": link for name in names} | {"tables.xlsx": link}
    return render(Content("x", [], files, [], rows, [], ["flat"], rests_on, {}, areas))


def test_the_page_has_both_tables_and_their_lines(cells: xr.Dataset) -> None:
    page = page_of(cells)
    assert "<b>Area list EIA, in the listed areas (Example 5 and Example 10).</b>" in page
    assert "<h3>On the list of Area list EIA</h3>" in page
    assert "Listed areas, disadvantaged pupils" in page
    assert "<h3>Area by area</h3>" in page
    assert "Example 5 (fifth 5)" in page
    assert "£1bn a year in all England" in page
    assert 'download="x.csv">listed areas and all others (CSV)</a>, <a' in page


def test_a_page_without_a_list_or_in_a_large_world_has_no_such_table() -> None:
    page = page_of(as_cells(slim()))
    assert "area by area (CSV)" in page
    assert "listed areas" not in page
    large = slim().isel(area=np.arange(36) % 18)
    assert "area by area" not in page_of(as_cells(large)).lower()


def test_different_sums_stand_beside_the_names_and_equal_ones_are_said_once() -> None:
    same = as_cells(labelled(told()))
    assert sums_told(same) == (
        "Each policy that targets money shares out £1bn a year in all England, and the same share "
        "of the pot here (2.29%)."
    )
    two = as_cells(told(gap_triggered={"arm": "none"}))
    assert sums_told(two).startswith("Area list EIA and Pupil need each share out £1bn a year")
    assert set(same["scenario"].values.astype(str)) >= {"pupil_need", "area_list_eia"}
    other = labelled(told(gap_triggered={"envelope_gbp": 250e6}))
    names = set(other["scenario"].values.astype(str))
    assert {"baseline", "flat", "Gap triggered (£250m)", "Area list EIA (£1bn)"} <= names
    assert set(labelled(other)["scenario"].values.astype(str)) == names
    assert sums_told(other).endswith(
        "or give all the same (area_list_eia@policy.targeting.envelope_gbp=250e6)."
    )
    assert (
        looks(sorted(names))["Gap triggered (£250m)"].colour
        == looks(["flat", "gap_triggered", "area_list_eia", "pupil_need"])["gap_triggered"].colour
    )
    assert set(flagged_gaps.rows(as_cells(other))["scenario"]) == {"Gap triggered (£250m)"}
    assert bare("Pupil need (envelope £3bn)") == "Pupil need (envelope £3bn)"


def test_results_of_a_comparison_say_who_is_given_what() -> None:
    from sim.api.comparing import labelled
    from sim.study.request import Request

    words = ["world=tiny", "policy.targeting.envelope_gbp=250e6"]
    request = Request((compose("baseline", ["world=tiny"]), compose("pupil_need", words)))
    aims = json.loads(labelled(xr.Dataset(), request).attrs["targeting"])
    assert aims["pupil_need"]["envelope_gbp"] == 250e6
    assert aims["baseline"]["arm"] == "none"


def test_a_title_or_a_name_calls_no_other_fifth_the_least_affluent() -> None:
    table = undercoverage()
    without_ends = table[table["place"].isin([2, 4])].assign(areas_here=2)
    title = missed.title(without_ends)
    assert "in the second most affluent fifth" in title
    assert "in the second least affluent" in title
    assert "the least affluent" not in title and "the most affluent" not in title
    assert "(2 areas)" in missed.title(table[table["place"].isin([1, 5])].assign(areas_here=2))
    names = places_of(slim().isel(area=[1, 3]), "area_affluence").names
    assert names.tolist() == ["fifth of areas 2", "fifth of areas 4"]


def test_fifths_with_few_areas_or_none_are_counted() -> None:
    small = slim().isel(area=[0, 1, 4, 9])
    assert fifths_told(small) == (
        "Areas of this world by affluence, 1 the most affluent: 1 area in fifth 1, 1 area in fifth "
        "2, none in fifth 3, none in fifth 4, 2 areas in fifth 5."
    )
    rows = with_areas(by_place().query("place in (1, 2, 5)"), small)
    assert empty_told(rows) == " Fifths 3 and 4 hold no area of this world."
    one = rows.query("scenario == 'flat' and place == 5")
    assert "in the least affluent fifth (2 areas: " in gains_by_affluence.title(one)
    assert with_counts("in the least affluent fifth", {5: 30}) == "in the least affluent fifth"
    large = small.isel(area=np.arange(40) % 4).assign_coords(
        affluence=("area", np.arange(40) % 5 + 1)
    )
    assert fifths_told(large) == ""


def test_a_screen_answers_in_the_order_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """A list of one's own is the question asked: its areas come first, on a screen too."""
    whole = example_dataset(draws=8, years=15)
    print_comparison(whole.assign_attrs(targeting=told().attrs["targeting"]), sys.stdout)
    said = capsys.readouterr().out
    assert said.index("in the listed areas") < said.index("Who gains") < said.index("Areas of this")
