"""Numbers say what they rest on wherever they go, and England is said of all England only."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xarray as xr

from sim.show.figures import money_beside_attainment
from sim.show.report import write_report
from sim.show.scope import Scope, regions_of, scope_of, today, with_scope
from sim.show.terminal import print_comparison
from sim.show.text import opening
from tests.example import both_ends, example_dataset

RECORD = {"date": "2026-11-29T10:00:00Z", "version": "9.8.7", "code_digest": "0123456789abcdef"}
PLACES = {
    "england": "England, all 18 areas",
    "tiny": "World tiny, a test world of 18 areas: not for use",
    "tenth": "World tenth, simulated by 18 areas",
    "region": "One region, as simulated by 18 areas",
}


def of_world(world: str) -> xr.Dataset:
    return example_dataset(["baseline", "flat", "pupil_need"], draws=2, years=24).assign_attrs(
        world=world
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reports") / "tiny"
    ends = {end: one.assign_attrs(world="tiny") for end, one in both_ends().items()}
    write_report(of_world("tiny"), place, record=RECORD, name="tiny", ends=ends)
    return place


@pytest.mark.parametrize("world", PLACES)
def test_one_line_holds_all_of_it(world: str) -> None:
    line = scope_of(of_world(world), RECORD).line()
    assert line == (
        f"{PLACES[world]}; 24 policy years; 2 draws, 2 replicates; "
        "placematters 9.8.7, code 0123456789ab, 2026-11-29"
    )


def test_a_base_year_is_named_where_it_is_not_the_usual_one() -> None:
    scope = scope_of(of_world("tenth").assign_attrs(base_year="2025-26"), RECORD)
    assert "24 policy years; base year 2025-26; 2 draws" in scope.line()
    assert scope.columns()["base_year"] == "2025-26"
    assert "base_year" not in scope_of(of_world("tenth"), RECORD).columns()


def test_a_region_is_named() -> None:
    dataset = of_world("region")
    dataset = dataset.assign_coords(region=("area", ["South West"] * dataset.sizes["area"]))
    assert scope_of(dataset).place == "South West, as simulated by 18 areas"


def test_regions_say_of_how_many_areas_unless_all_are_there() -> None:
    assert regions_of(of_world("tenth"))["London"] == "London (as simulated by 2 areas)"
    assert regions_of(of_world("england"))["London"] == "London"
    rows = money_beside_attainment.rows(of_world("tenth"))
    assert all(str(place).endswith(")") for place in rows["place"])


def test_every_table_carries_it_in_columns(tiny: Path) -> None:
    files = list((tiny / "tables").glob("*.csv"))
    assert len(files) > 8
    for path in files:
        table: Any = pd.read_csv(path)
        assert set(table["world"]) == {"tiny"}, path
        assert set(table["years"]) == {24}, path
        assert set(table["version"]) == {"9.8.7"}, path
        assert set(table["date"]) == {"2026-11-29"}, path
        assert set(table["code"]) == {"0123456789ab"}, path
        assert {"draws", "replicates", "areas"} <= set(table.columns), path


def test_every_picture_and_the_page_carry_it_and_mark_a_test_world(tiny: Path) -> None:
    from tests.show.drawing import draw_all

    page = (tiny / "index.html").read_text(encoding="utf-8")
    assert page.count("a test world of 18 areas: not for use") > 8
    assert "A test world of 18 areas: not for use." in page
    assert "placematters 9.8.7, code 0123456789ab, 2026-11-29" in page
    charts, _ = draw_all(of_world("tiny"), {})
    assert charts
    for path in (tiny / "figures").glob("*.svg"):
        assert 'id="stamp"' in path.read_text(), path


def spoken(page: str) -> str:
    """The words of a page as a reader meets them: no markup, none of the files inside it."""
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_opening_names_the_rules_of_the_base_year() -> None:
    other = Scope("tenth", 25, "", 24, 8, 4, "1", "", "", "2025-26")
    assert opening(other).startswith("Baseline: the funding rules of 2025-26, no policy.")
    assert "World tenth: 25 areas, weighted so that together they are like England" in opening(
        other
    )


def test_no_world_but_england_speaks_of_england_or_the_nation(tiny: Path) -> None:
    page = (tiny / "index.html").read_text(encoding="utf-8")
    said = spoken(page[: page.index('id="record"')])
    assert "East of England (as simulated by 2 areas)" in said
    for fine in (
        "East of England (as simulated by 2 areas)",
        "a world with all authorities of England or of a region",  # what it would take
    ):
        said = said.replace(fine, "")
    found = re.finditer(r"\b(?:England|[Nn]ationally|the nation)\b", said)
    assert [said[max(0, m.start() - 60) : m.end() + 60] for m in found] == []
    assert "national baseline" not in said
    for path in (tiny / "tables").glob("*.csv"):
        text = path.read_text().replace("East of England (as simulated by 2 areas)", "")
        assert "England" not in text, path
        assert "england" not in path.name


def test_the_table_on_a_terminal_carries_it(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    import sim

    print_comparison(of_world("tiny"), sys.stdout)
    told = " ".join(capsys.readouterr().out.split())
    assert "a test world of 18 areas: not for use" in told
    assert f"placematters {sim.__version__}, {today()}" in told
    assert "England" not in told


def test_the_date_can_be_set_so_that_a_build_is_the_same_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert today() == "1970-01-02"
    assert with_scope({})["date"] == "1970-01-02"
    assert with_scope({"date": "2020-01-01"})["date"] == "2020-01-01"


def test_a_slide_passed_on_alone_says_what_its_words_mean() -> None:
    from sim.show.style import NOTE, canvas, stamp

    figure = canvas("Who?", "Nobody", "How to read it: not.")
    stamp(
        figure,
        "World tiny",
        scope_of(of_world("tiny")).warning,
        "Of policy years 14 and 15 together.",
    )
    told = {text.get_gid(): text for text in figure.texts}
    assert told["note"].get_text() == f"Of policy years 14 and 15 together. {NOTE}"
    assert "free school meals at any time in the last six years" in NOTE
    assert told["warning"].get_text() == "NOT FOR USE: a test world of 18 areas"
    assert told["warning"].get_size() >= told["question"].get_size()
    assert [one for one in figure.artists if one.get_gid() == "band"]
    assert scope_of(of_world("tenth")).warning == ""


def test_the_first_sheet_says_at_its_top_which_world_it_is_and_not_to_use_a_test() -> None:
    from sim.show.report import _about

    told = scope_of(of_world("tiny")).columns() | {"code": "0123"}
    assert list(_about("a", {"title": "b"}, told))[:5] == [
        "report", "not for use", "world", "areas", "code"
    ]  # fmt: skip
    assert "not for use" not in _about("a", {}, scope_of(of_world("tenth")).columns())


def test_a_picture_says_at_its_top_what_has_to_be_known() -> None:
    from sim.show.style import canvas, stamp

    figure = canvas("Who?", "Nobody", "How to read it: not.")
    stamp(figure, "World tenth", "Belief set outside its own range: money.return_per_thousand.")
    told = [text.get_text() for text in figure.texts]
    assert "Belief set outside its own range: money.return_per_thousand." in told
