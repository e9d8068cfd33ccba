"""Areas that were asked for have rows, a table, a chart and the warning wherever they are."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest
import xarray as xr

from sim.config.marks import PLACES, PLACES_NOTE, PLACES_WARNING
from sim.results.shapes import as_cells
from sim.show.area_tables import areas_of
from sim.show.codebook import COLUMNS, codebook
from sim.show.few import FEWEST, TOO_FEW
from sim.show.figures import gains_at_places
from sim.show.listed import gains_by_area
from sim.show.measured import reason
from sim.show.placed import MOST_TABLES, SHOWN, columns_of, place_tables, placed
from sim.show.placed_screen import print_places
from sim.show.style import looks
from sim.show.terminal import console_of
from sim.tabulate import difference, measure
from tests.example import example_dataset
from tests.show import samples

CODES = ["E06999004", "E06999001"]
NUMBERS = ("value", "low", "high", "verdict")


def asked(codes: list[str] = CODES, years: int = 24, draws: int = 8) -> xr.Dataset:
    """The example, of which areas were asked for."""
    whole = example_dataset(["baseline", "flat", "pupil_need"], draws=draws, years=years)
    return whole.assign_attrs({PLACES: json.dumps(codes), PLACES_NOTE: PLACES_WARNING})


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return asked()


@pytest.fixture(scope="module")
def rows(results: xr.Dataset) -> pd.DataFrame:
    return placed(results)


def test_rows_are_those_of_the_measures_by_area(results: xr.Dataset, rows: pd.DataFrame) -> None:
    assert list(dict.fromkeys(rows["place"])) == CODES, "in the order asked for"
    assert list(dict.fromkeys(rows["scenario"])) == ["baseline", "flat", "pupil_need"]
    assert len(rows) == len(CODES) * 3 * len(SHOWN)
    for one in SHOWN:
        table = difference(results, one.measure, "area", one.group).squeeze()
        level = measure(results, one.measure, "area", one.group).squeeze()
        mine = rows[(rows["measure"] == one.measure) & (rows["group"] == one.group)]
        for row in mine.to_dict("records"):
            source = level if row["scenario"] == "baseline" else table
            wanted = source.sel(scenario=row["scenario"], place=row["place"])
            told = NUMBERS[:3] if row["scenario"] == "baseline" else NUMBERS
            assert [row[c] for c in told] == [wanted[c].item() for c in told]
    assert set(rows["warning"]) == {PLACES_WARNING}
    assert rows["pupils"].min() >= FEWEST


def test_one_number_has_one_verdict_area_by_area_too(results: xr.Dataset) -> None:
    both = gains_at_places.rows(results).merge(
        gains_by_area(as_cells(results)), left_on=["scenario", "area"],
        right_on=["scenario", "place"],
    )  # fmt: skip
    assert len(both) == 2 * len(CODES)
    assert (both["verdict_x"] == both["verdict_y"]).all()
    assert (both["value_x"] == both["value_y"]).all()


def test_too_few_pupils_have_no_verdict_anywhere(results: xr.Dataset) -> None:
    few = results.copy()
    few["ks4_n"] = results["ks4_n"].where(results["area"] != CODES[0], 1)
    few["attainment8_sum"] = results["attainment8_sum"].where(results["area"] != CODES[0], 35.0)
    rows = placed(few)
    marks = rows[(rows["measure"] == "attainment8") & (rows["scenario"] != "baseline")]
    assert set(marks.loc[marks["place"] == CODES[0], "verdict"]) == {TOO_FEW}
    assert TOO_FEW not in set(marks.loc[marks["place"] == CODES[1], "verdict"])
    area = gains_by_area(as_cells(few))
    assert set(area.loc[area["place"] == CODES[0], "verdict"]) == {TOO_FEW}
    assert f"Too few pupils: fewer than {FEWEST}." in place_tables(few, rows)[0]["note"]
    chart = gains_at_places.rows(few)
    assert "Example 5" not in gains_at_places.title(chart)


def test_nobody_asked_leaves_everything_as_it_was() -> None:
    bare = example_dataset(["baseline", "flat"], draws=2)
    assert reason(placed(bare)).startswith("no area was asked for")
    areas = areas_of(as_cells(bare))
    assert "named_places" not in areas.files
    assert not [one for one in areas.shown if "place like" in one["title"]]
    assert not printed(bare)


def test_the_page_has_a_table_a_place_with_the_warning(results: xr.Dataset) -> None:
    areas = areas_of(as_cells(results))
    first, second = areas.shown[:2]
    assert (first["title"], second["title"]) == ("A place like Example 5", "A place like Example 2")
    assert PLACES_WARNING in first["note"] and "levels" in first["rows"][0]["name"]
    assert len(first["columns"]) == len(SHOWN) == len(first["rows"][1]["cells"])
    assert "named_places" in areas.files
    many = asked([f"E06999{i:03d}" for i in range(18)])
    tables = place_tables(many, placed(many))
    assert len(tables) == MOST_TABLES
    assert tables[0]["note"].endswith("6 more areas in the file.")


def test_the_terminal_prints_them_with_the_warning(results: xr.Dataset) -> None:
    said = " ".join(printed(results).split())
    assert PLACES_WARNING in said
    assert "Example 5" in said and "Example 2" in said and "(level)" in said


def test_a_short_run_tells_money_and_says_what_is_not_reached() -> None:
    short = asked(years=6, draws=2)
    rows = placed(short)
    assert set(rows["measure"]) == {"funding_per_pupil"}
    assert len(columns_of(rows)) == len(SHOWN) - 1, "jobs are left out"
    table = place_tables(short, rows)[0]
    assert table["rows"][1]["cells"][0]["text"] == "not reached"
    assert "nobody is 16 yet" in reason(gains_at_places.rows(short))
    assert "not reached" in printed(short)


def test_every_column_is_in_the_codebook(results: xr.Dataset, rows: pd.DataFrame) -> None:
    chart = gains_at_places.rows(results)
    assert (set(rows.columns) | set(chart.columns)) <= set(COLUMNS)
    book = codebook({"named_places": rows, "gains_at_places": chart}, results)
    told = set(zip(book["file"], book["name"], strict=True))
    assert ("tables/named_places.csv", "stands_for") in told


def test_a_picture_shows_the_first_and_says_how_many_there_are() -> None:
    rows = samples.named_places()
    chart = gains_at_places.draw(rows, looks(samples.SCENARIOS))
    assert "The first 5 of 6 areas." in chart.caption
    assert "not the places' own schools" in chart.caption
    assert "stands for others" in chart.caption and "Leeds" not in chart.alt
    assert len(chart.rows) == len(rows)
    alone = gains_at_places.draw(rows.assign(stands_for=1), looks(samples.SCENARIOS))
    assert "stands for others" not in alone.caption


def printed(results: xr.Dataset) -> str:
    """What the terminal shows of the areas that were asked for."""
    file = io.StringIO()
    print_places(as_cells(results), console_of(file))
    return file.getvalue()
