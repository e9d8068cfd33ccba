"""Numbers of tables and intervals: even digits, nothing that reads as nought and is none."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.show.finding import JOBS, POINTS, Finding
from sim.show.headlines import CONTRAST, HEADLINES, notes_on_columns
from sim.show.numbers import as_shown, with_unit, written
from sim.show.page import HEADINGS, _cell, _reached
from sim.show.scope import Scope
from sim.show.terminal import WIDTH_OF_CHANGES, _between
from sim.show.text import standfirst
from sim.show.words import MINUS, bound, interval
from tests.processes import ROOT
from tests.show import samples

CHANGE = next(one for one in HEADLINES if one.key == "most_affluent")


@pytest.mark.parametrize(
    ("end", "digits", "text"),
    [
        (-0.0041, 2, f"{MINUS}0.004"), (0.0041, 2, "0.004"), (-0.00012, 2, f"{MINUS}0.0001"),
        (-0.3, 0, f"{MINUS}0.3"), (0.0, 2, "0.00"), (-0.0, 2, "0.00"), (-0.56, 2, f"{MINUS}0.56"),
        (-1e-9, 2, "just below 0"), (1e-9, 0, "just above 0"), (float("nan"), 2, "n/a"),
    ],
)  # fmt: skip
def test_an_end_that_is_not_nought_does_not_read_as_nought(
    end: float, digits: int, text: str
) -> None:
    assert bound(end, digits) == text


def test_every_interval_of_a_change_shows_on_which_side_of_nought_its_ends_are() -> None:
    assert interval(-0.56, -0.003, 2) == f"{MINUS}0.56 to {MINUS}0.003"
    assert interval(-0.001, 0.14, 2) == f"{MINUS}0.001 to +0.14"
    assert _between(-0.56, -0.003, CHANGE) == f"{MINUS}0.56,{MINUS}0.003"
    assert _between(-0.56, -0.0003, CHANGE) == f"{MINUS}0.56, <0"
    assert len(_between(-0.56, -1e-9, CHANGE)) <= WIDTH_OF_CHANGES
    points = Finding(POINTS, "flat", "disadvantaged", 1, -0.3, -0.56, -0.003, "lower")
    assert points.between().endswith("0.003 to 0.56)")
    jobs = Finding(JOBS, "flat", "disadvantaged", 1, 6.0, 0.3, 12.0, "higher")
    assert jobs.between().endswith("0.3 to 12)")
    cell = {"value": -0.28, "low": -0.56, "high": -0.003, "verdict": "lower"}
    rows = pd.DataFrame([cell], index=["most_affluent"])
    assert _cell(rows, CHANGE, level=False)["notes"][0] == f"{MINUS}0.56 to {MINUS}0.003"


def test_a_table_drops_rows_without_a_figure_and_keeps_the_digits_of_a_measure_even() -> None:
    rows = pd.DataFrame({
        "scenario": ["flat"] * 4, "measure": ["a", "a", "b", "b"],
        "value": [73.946, 200.0, 0.0042, float("nan")], "draws": [8] * 4,
    })  # fmt: skip
    told = written(rows, ["scenario", "value", "draws"])
    assert told == [["Flat", "74", "8"], ["Flat", "200", "8"], ["Flat", "0.004", "8"]]


def test_no_two_rows_of_the_numbers_behind_a_chart_are_told_alike() -> None:
    """Each policy stood twice under the chart of both ends, with nothing to tell them apart."""
    for name, make in samples.CHARTS.items():
        rows = make()
        shown = as_shown(rows, str(rows.attrs.get("unit", "")))
        told = [c for c in HEADINGS if c in shown.columns and shown[c].dtype.kind != "f"]
        told = [c for c in told if c != "verdict"]
        assert not shown.duplicated(told).any(), (name, told)


def test_jobs_have_no_column_where_nobody_gets_to_25() -> None:
    rows = pd.DataFrame(
        {"key": ["most_affluent", "job_most_affluent"], "value": [0.1, float("nan")]}
    )
    keys = [column.key for column in _reached(rows)]
    assert "most_affluent" in keys
    assert not [key for key in keys if key.startswith("job_")]
    assert any("nobody is 25" in note for note in notes_on_columns(rows, lacking_jobs=True))
    rows["value"] = 0.1
    assert "job_most_affluent" in [column.key for column in _reached(rows)]


def test_columns_say_of_whom_they_speak() -> None:
    rows = pd.DataFrame({"key": ["dose"], "value": [187.0]})
    rows.attrs["untargeted"] = ["flat"]
    notes = " ".join(notes_on_columns(rows, lacking_jobs=False))
    assert "Flat targets no money" in notes
    assert "Worse off is a share of all pupils" in notes
    worse = next(one for one in HEADLINES if one.key == "worse_off")
    assert "all" in worse.short.lower()
    assert "all pupils" in worse.long


def test_a_number_has_one_name_on_screen_and_page() -> None:
    page = (ROOT / "docs" / "first_hour.md").read_text(encoding="utf-8")
    for one in HEADLINES:
        short = " ".join(one.short.split()).partition(" (")[0].replace("A8", "Attainment 8")
        name = one.long.replace(" fifth", "") if one.key == CONTRAST else one.long
        assert short == name, one.key
    for key in ("missed", "worse_off", "dose"):
        assert f"| {next(one.long for one in HEADLINES if one.key == key)} |" in page


def test_one_policy_is_not_called_each() -> None:
    rests_on = Scope("tenth", 25, "", 15, 8, 4, "1", "", "")
    assert "each" not in standfirst(rests_on, ["two_places"])
    assert ", each against" in standfirst(rests_on, ["flat", "two_places"])


def test_numbers_of_a_page_are_in_percent_where_they_are_shares_and_places_have_names() -> None:
    rows = pd.DataFrame({
        "scenario": ["flat"], "place": [1], "place_name": ["fifth of areas 1 (most affluent)"],
        "value": [0.873], "low": [0.8], "worse": [1.0], "share_of_pupils": [0.129],
    })  # fmt: skip
    columns = ["place", "value", "low", "worse", "share_of_pupils"]
    told = written(as_shown(rows, "share"), columns)
    assert told == [["Fifth of areas 1 (most affluent)", "87.3", "80.0", "100.0", "12.9"]]
    heads = {c: with_unit(c, c, rows, "share") for c in columns}
    assert heads["value"] == "value (%)" and heads["worse"] == "worse (%)"
    assert heads["share_of_pupils"] == "share_of_pupils (%)" and heads["place"] == "place"
    points = as_shown(rows.assign(value=0.5), "points")
    assert points["value"].tolist() == [0.5], "only shares are"
    assert rows["worse"].tolist() == [1.0], "the file keeps them between 0 and 1"
    change = rows.assign(verdict="higher")
    assert with_unit("Value", "value", change, "share") == "Value (percentage points)"
    assert with_unit("Value", "value", rows, "by row") == "Value"


def test_numbers_of_several_measures_name_each_with_its_unit() -> None:
    rows = pd.DataFrame({
        "scenario": ["flat"] * 2, "less": ["pupil_need"] * 2, "unit": ["points", "share"],
        "measure": ["attainment8", "professional_job_rate"], "value": [0.5, 0.003],
        "verdict": ["higher", float("nan")],
    })  # fmt: skip
    told = written(as_shown(rows, "column unit"), [c for c in HEADINGS if c in rows])
    assert told[0] == ["Flat", "Pupil need", "Attainment 8", "Points", "0.500", "Higher"]
    assert told[1][1] == "Pupil need" and told[1][3:5] == ["Percentage points", "0.300"]
    assert told[1][-1] == "n/a", "what has no verdict says so"


def test_codes_of_parts_and_stages_are_told_in_words() -> None:
    rows = pd.DataFrame({"part": ["naive", "home"], "stage": ["level3_rate", "other"]})
    told = as_shown(rows, "SD")
    assert told["part"].tolist() == ["both: before and after", "home"]
    assert told["stage"].tolist() == ["Level 3 by 19", "other"]
