"""A folder that opens offline, says what it knows and what it does not."""

from __future__ import annotations

import base64
import csv
import dataclasses
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import xarray as xr

from sim.errors import BadRequest, WorkFailed
from sim.show.figures import FIGURES
from sim.show.report import write_report
from sim.tabulate.by_clause import without
from tests.example import both_ends, example_dataset

DRAWN = len(FIGURES) - 2
"""Charts of the example: its invented areas have no place on a map, and none was asked for."""

RECORD = {
    "world": "tenth",
    "seed": 1,
    "scenarios": {"flat": {"title": "The same pounds for every pupil of a phase"}},
    "targets": [
        {"name": "KS2 gap index", "value": 3.13, "tolerance": 0.15, "median": 3.1,
         "verdict": "pass"},
        {"name": "KS4 gap index", "value": 3.92, "tolerance": 0.1, "median": 3.6, "verdict": "fail",
         "why": "too little <sorting>"},
    ],
    "beliefs": {
        "learning": {
            "money": {"value": 0.04, "low": 0.02, "high": 0.06, "unit": "SD per GBP 1,000",
                      "kind": "response", "strength": "medium", "source": "a study",
                      "meaning": "what a pound teaches"},
            "carry": {"value": [0.1] * 6, "low": [0.05] * 6, "high": [0.2] * 6, "unit": "share"},
        }
    },
}  # fmt: skip


class Reader(HTMLParser):
    """Collect what matters for reading by ear and by keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reports") / "first"
    page = write_report(example_dataset(), place, record=RECORD, name="first", ends=both_ends())
    assert page == place / "index.html"
    return place


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A poor report, written where a better one and somebody's own chart were."""
    place = tmp_path_factory.mktemp("reports") / "short"
    (place / "figures").mkdir(parents=True)
    (place / "figures" / "missed.svg").write_text("old")
    (place / "figures" / "mine.svg").write_text("mine")
    dataset = example_dataset(["baseline", "flat"], draws=1, replicates=1, years=5)
    write_report(dataset, place, record={}, name="short")
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    found = Reader()
    found.feed(page)
    return found


def test_every_promised_file_is_there(folder: Path) -> None:
    for suffix in ("svg", "png"):
        assert len(list((folder / "figures").glob(f"*.{suffix}"))) == DRAWN
    tables = {path.stem for path in (folder / "tables").glob("*.csv")}
    assert {"headline", "gains_by_affluence", "measures_over_all_areas"} <= tables
    assert json.loads((folder / "record.json").read_text()) == RECORD
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]


def test_results_are_whole(folder: Path) -> None:
    with xr.open_dataset(folder / "results.nc") as stored:
        loaded = stored.load()
    original = without(example_dataset())  # grants by clause are for the picture alone
    assert set(loaded.data_vars) == set(original.data_vars)
    assert list(loaded["scenario"].values) == list(original["scenario"].values)
    xr.testing.assert_allclose(loaded["attainment8_sum"], original["attainment8_sum"])


def test_nothing_is_asked_of_the_network(page: str) -> None:
    outside = re.findall(r'(?:src|href)="((?:https?:)?//[^"]+)"', page)
    assert outside == []
    assert "<script" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_page_can_be_read_without_seeing_it(reader: Reader) -> None:
    assert reader.all("html")[0]["lang"] == "en-GB"
    pictures = [attrs for attrs in reader.all("svg") if attrs.get("role") == "img"]
    assert len(pictures) == 2 * DRAWN, "one for wide screens and one for telephones"
    assert all(len(attrs["aria-label"] or "") > 80 for attrs in pictures)
    assert len(reader.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(reader.all("caption")) == len(reader.all("table"))
    assert all("scope" in attrs for attrs in reader.all("th"))
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = [attrs["href"] for attrs in reader.all("a") if (attrs["href"] or "").startswith("#")]
    assert inside[0] == "#short", "the skip link comes first"
    assert {(href or "")[1:] for href in inside} <= set(ids)


def test_links_to_files_lead_somewhere(folder: Path, reader: Reader) -> None:
    saved = [a for a in reader.all("a") if not (a["href"] or "").startswith("#")]
    assert len(saved) == 3 * DRAWN + 5, "main table, workbook, codebook, beliefs, area by area"
    files = {path.name: path for path in folder.rglob("*") if path.is_file()}
    for link in saved:
        kind, _, content = (link["href"] or "").partition(";base64,")
        if link["href"] == "tables.xlsx":  # what is too large for a page is beside it
            assert (folder / "tables.xlsx").is_file()
            continue
        assert kind.startswith("data:"), "a page that is sent on alone still has them"
        assert base64.b64decode(content) == files[link["download"] or ""].read_bytes()
    assert (folder / "index.html").stat().st_size < 6_000_000


def test_the_codebook_says_how_results_lie_in_the_file(folder: Path) -> None:
    with (folder / "tables" / "codebook.csv").open(encoding="utf-8") as file:
        told = {r["name"]: r for r in csv.DictReader(file) if r["file"] == "results.nc"}
    with xr.open_dataset(folder / "results.nc") as results:
        assert set(told) >= set(map(str, results.variables))
        for name, variable in results.variables.items():
            assert told[str(name)]["dimensions"] == ", ".join(map(str, variable.dims)), name


def test_levels_say_their_years_and_why_there_is_none_as_differences_do(short: Path) -> None:
    with (short / "tables" / "headline.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["key"] not in ("dose", "gap_index")]
    assert any(row["key"] == "job_most_less_least" for row in rows)
    for row in rows:
        assert row["policy_years"] or row["note"], row


def test_beliefs_are_a_file_and_the_page_shows_those_that_matter(folder: Path, page: str) -> None:
    with (folder / "tables" / "beliefs.csv").open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == ["learning.money", "learning.carry"]
    shown = page[page.index('id="beliefs"') : page.index('id="record"')]
    assert "learning.money" in shown
    assert "learning.carry" not in shown, "it is no response"
    assert "1 of 2" in shown


def test_what_the_opening_lines_need_stands_above_them(page: str) -> None:
    first = page[page.index('id="short"') : page.index('class="lead"')]
    for words in (
        "Baseline: the funding rules of 2024-25", "Disadvantaged: on free school meals at any time",
        "One point of Attainment 8 is one GCSE grade in one subject", "the true doubt is wider",
    ):  # fmt: skip
        assert words in first
    assert "better job is another&#39;s loss" in page[: page.index('id="table"')], "it tells jobs"


def test_a_declared_number_without_a_column_stands_below_the_main_table(
    folder: Path, page: str
) -> None:
    with (folder / "tables" / "headline.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["key"] == "job_most_less_least"]
    (line,) = re.findall(r"<p[^>]*>(Professional job at 25, most minus least.*?)</p>", page)
    for row in (r for r in rows if r["scenario"] != "baseline"):
        told = f"{10_000 * float(row['value']):+.0f}".replace("-", "\N{MINUS SIGN}")
        assert re.search(rf"{re.escape(told)} \([^)]*\), {row['verdict']}[;.]", line), row


def test_the_page_says_how_sure_it_is_and_what_is_missing(page: str) -> None:
    assert "Draws move response beliefs only" in page
    assert "were set by hand" in page
    assert "Nothing after 16" not in page
    assert "Careers end at 30" in page
    assert "Professional job at 25, most affluent fifth (of 10,000)" in page
    assert "30 of 10,000 people in professional jobs" in page
    assert page.index("KS4 gap index</th>") < page.index("KS2 gap index</th>"), "misses first"
    assert "too little &lt;sorting&gt;" in page
    assert "learning.money" in page
    assert "SD per GBP 1,000" in page
    assert "Flat: The same pounds for every pupil of a phase" in page


@pytest.mark.slow
def test_the_same_results_give_the_same_bytes(short: Path, tmp_path: Path) -> None:
    dataset = example_dataset(["baseline", "flat"], draws=1, replicates=1, years=5)
    write_report(dataset, tmp_path, record={}, name="short")
    again = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".nc"]
    assert {path.suffix for path in again} == {".html", ".svg", ".png", ".csv", ".json", ".xlsx"}
    for path in again:
        assert (short / path.relative_to(tmp_path)).read_bytes() == path.read_bytes(), path


def test_a_short_poor_run_is_reported_honestly(short: Path) -> None:
    page = (short / "index.html").read_text(encoding="utf-8")
    assert "run more years" in page
    assert "Run longer before using any direction" in page
    assert "not reached" in page
    assert "No policy in this comparison targets money" in page


def test_charts_of_an_earlier_report_do_not_linger(short: Path) -> None:
    assert not (short / "figures" / "missed.svg").exists()
    assert (short / "figures" / "mine.svg").read_text() == "mine"


def test_a_file_in_the_way_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    for place in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(BadRequest, match="is a file"):
            write_report(example_dataset(draws=1), place, record={}, name="x")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_baseline_alone_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="baseline only"):
        write_report(example_dataset(["baseline"], draws=1), tmp_path, record={}, name="x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: object, **__: object) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorkFailed, match="No space left"):
        dataset = example_dataset(["baseline", "flat"], draws=1, years=5)
        write_report(dataset, tmp_path, record={}, name="x")


def test_results_can_be_read_back_and_are_signed(folder: Path) -> None:
    from sim.results import SCHEMA, content_digest
    from sim.results.netcdf import from_file

    stored = from_file(folder / "results.nc")
    assert stored.attrs["schema"] == SCHEMA
    assert content_digest(stored) == stored.attrs["content_digest"]


@pytest.mark.slow
def test_a_report_replaces_one_whose_results_are_open(tmp_path: Path) -> None:
    dataset = example_dataset(["baseline", "flat"], draws=1, replicates=1, years=5)
    write_report(dataset, tmp_path / "a", record={"seed": 1}, name="a")
    with xr.open_dataset(tmp_path / "a" / "results.nc", engine="netcdf4") as held:
        write_report(dataset, tmp_path / "a", record={"seed": 2}, name="a")
        xr.testing.assert_allclose(held["pupils"], dataset["pupils"])
    assert json.loads((tmp_path / "a" / "record.json").read_text()) == {"seed": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.slow
def test_a_measure_and_a_chart_that_fail_are_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sim.show import figures, tables
    from sim.tabulate import description

    def boom(*_: object) -> None:
        raise ValueError("boom <here>")

    whole = description.describe

    def described(name: str) -> description.Description:
        one = whole(name)
        return dataclasses.replace(one, function=boom) if name == "attainment8_gap" else one

    monkeypatch.setattr("sim.tabulate.tables.describe", described)
    questions = [
        dataclasses.replace(q, draw=boom) if q.name == "over_time" else q for q in figures.FIGURES
    ]
    monkeypatch.setattr(figures, "FIGURES", tuple(questions))
    dataset = example_dataset(["baseline", "flat"], draws=1, replicates=1, years=15)
    page = write_report(dataset, tmp_path / "a", record={}, name="a").read_text(encoding="utf-8")
    told = caplog.text
    assert told.count("report: left out: measure 'attainment8_gap' failed: ValueError: boom") == 1
    assert "chart over_time is left out: ValueError: boom" in told
    assert "How do gains build up over the years? Not drawn, because of ValueError: boom" in page
    assert "test_report.py" not in page
    assert "boom &lt;here&gt;" in page
    table = (tmp_path / "a" / "tables" / "measures_by_area_affluence.csv").read_text()
    assert "attainment8_gap_national" in table
    assert ",attainment8_gap," not in table
    assert tables.every_measure(dataset, "england")[1].keys() == {"attainment8_gap"}


def test_a_request_whose_report_could_not_be_written_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim import api

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr("sim.study.batch.run_groups", never)
    monkeypatch.setattr("sim.study.batch.warm_up", never)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "taken").write_text("mine")
    outputs = f"machine.outputs='{tmp_path}'"
    for name in ("taken", "x" * 300, "a/b", "", "..", "a\0b"):
        with pytest.raises(BadRequest):
            api.compare(["flat"], outputs, "world=tiny", "years=1", name=name)
    assert [path.name for path in tmp_path.rglob("*")] == ["reports", "taken"]


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys, sim.show.report, sim.show.terminal\n"
        "heavy = {'matplotlib', 'seaborn', 'pandas', 'xarray', 'jinja2', 'rich'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
