"""A chart is one file of a folder: nothing else names it."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import pytest
import xarray as xr

from sim.show import figures
from sim.show.report import write_report
from tests.example import example_dataset
from tests.show.drawing import draw_all

CHART = '''
"""How many rows has the example?"""
from sim.show.chart import Chart
from sim.show.measured import gains_overall
from sim.show.style import canvas, themed

ORDER = 45
QUESTION = "How far do all pupils move?"


def rows(dataset):
    """One row a policy."""
    return gains_overall(dataset, "all")


def title(rows):
    """Count the policies."""
    return f"All pupils move under {len(rows)} policies"


def draw(rows, look):
    """Draw a mark a policy."""
    with themed():
        figure = canvas(QUESTION, title(rows), "How to read it: it is not to be read.")
        figure.subplots().scatter(rows["value"], range(len(rows)))
    alt = f"Marks, one of each of {len(rows)} policies."
    return Chart("how_far", QUESTION, title(rows), "Not to be read.", alt, figure, rows)
'''


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> xr.Dataset:
    """Results, while a folder of somebody's own stands beside our charts and only it is drawn."""
    place = tmp_path / "charts"
    place.mkdir()
    (place / "how_far.py").write_text(CHART, encoding="utf-8")
    monkeypatch.setattr(figures, "__path__", [*figures.__path__, str(place)])
    every = figures.found()
    assert [one.name for one in every if 40 <= one.order <= 50][1] == "how_far"
    sys.modules.pop("sim.show.figures.how_far")
    monkeypatch.delattr(figures, "how_far")
    monkeypatch.setattr(figures, "FIGURES", tuple(q for q in every if q.name == "how_far"))
    return example_dataset(["baseline", "flat", "pupil_need"], draws=2, years=15)


def test_a_file_dropped_into_the_folder_is_a_chart(results: xr.Dataset) -> None:
    (chart,), undrawn = draw_all(results, {})
    assert (chart.name, chart.question) == ("how_far", "How far do all pupils move?")
    assert chart.title == "All pupils move under 2 policies"
    assert chart.alt == "Marks, one of each of 2 policies."
    assert chart.rows["scenario"].tolist() == ["flat", "pupil_need"]
    assert chart.phone is not None and not undrawn


@pytest.mark.slow
def test_its_picture_table_and_words_are_in_the_report(results: xr.Dataset, tmp_path: Path) -> None:
    page = write_report(results, tmp_path / "report", record={}, name="one").read_text("utf-8")
    assert "All pupils move under 2 policies" in page
    assert "Marks, one of each of 2 policies." in page
    with (tmp_path / "report" / "tables" / "how_far.csv").open(encoding="utf-8") as lines:
        assert [row["scenario"] for row in csv.DictReader(lines)] == ["flat", "pupil_need"]
    for kind in ("svg", "png"):
        assert (tmp_path / "report" / "figures" / f"how_far.{kind}").stat().st_size > 1000


def test_every_chart_says_what_it_must() -> None:
    orders = [one.order for one in figures.FIGURES]
    assert orders == sorted(set(orders)), "no two stand in the same place"
    for one in figures.FIGURES:
        assert one.text.endswith("?"), one.name
        assert one.title.__module__ == one.rows.__module__ == one.draw.__module__, one.name
        assert one.draw.__module__.rpartition(".")[2] == one.name


def test_no_two_files_of_the_page_import_each_other() -> None:
    here = Path(figures.__file__).parents[1]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in here.glob("*.py")}
    needs = {
        one: {name for name in texts if f"sim.show.{name} import" in text
              or re.search(rf"from sim\.show import .*\b{name}\b", text)}
        for one, text in texts.items()
    }  # fmt: skip
    assert needs["tables"] >= {"measured", "dose"}, "what is looked for is found"
    assert not [(a, b) for a, used in needs.items() for b in used if a < b and a in needs[b]]
