"""What is in a report's tables is told in a codebook, and in a workbook that Excel opens."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from sim.show.codebook import COLUMNS
from sim.show.report import write_report
from sim.show.workbook import workbook
from tests.example import both_ends, example_dataset

RECORD = {"world": "tenth", "years": 28, "scenarios": {"baseline": {}, "flat": {}}}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "a"
    results = example_dataset(("baseline", "flat", "pupil_need"), draws=2, years=27, areas=10)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.show.report.Drawing", NoDrawing)
        write_report(results, folder, record=RECORD, name="a", ends=both_ends())
    return folder


class NoDrawing:
    """Draws nothing: only tables are looked at here."""

    def __init__(self, asked: Sequence[object], told: object) -> None:
        self.count = len(asked)

    def finish(self) -> list[str]:
        return ["not drawn"] * self.count


def test_every_column_and_every_variable_is_in_the_codebook(report: Path) -> None:
    book = pd.read_csv(report / "tables" / "codebook.csv").fillna("")
    assert list(book.columns)[:6] == ["file", "name", "dimensions", "unit", "meaning", "codes"]
    assert {"world", "years", "version"} <= set(book.columns[6:]), "as in every table"
    assert (book["unit"] != "").all() and (book["meaning"] != "").all()
    told = set(zip(book["file"], book["name"], strict=True))
    assert len(told) == len(book)
    files = sorted((report / "tables").glob("*.csv"))
    assert len(files) > 10
    for file in files:
        if file.name != "codebook.csv":
            for column in pd.read_csv(file, comment="#").columns:
                assert (f"tables/{file.name}", column) in told, (file.name, column)
                assert column in COLUMNS, column
    assert {("results.nc", name) for name in ("pupils", "group", "present", "draw")} <= told
    code = book[(book["file"] == "results.nc") & (book["name"] == "affluence")]["codes"].item()
    assert code.startswith("1 = most affluent fifth; 2 = ")
    measures = set(
        pd.read_csv(report / "tables/measures_over_all_areas.csv", comment="#")["measure"]
    )
    assert {("measures", name) for name in measures} <= told


def test_the_main_table_has_the_unit_of_each_number_beside_it(report: Path) -> None:
    rows = pd.read_csv(report / "tables" / "headline.csv", comment="#")
    units = dict(zip(rows["key"], rows["unit"], strict=True))
    assert units["most_affluent"] == units["all_areas"] == "points"
    assert units["job_least_affluent"] == units["worse_off"] == "share"
    assert units["dose"] == "£" and rows["unit"].notna().all()
    book = pd.read_csv(report / "tables" / "codebook.csv").set_index(["file", "name"])["unit"]
    assert book["headline keys", "worse_off"] == "share; the page shows 100 times as much, %"


def test_the_workbook_has_a_sheet_for_each_table(report: Path) -> None:
    with zipfile.ZipFile(report / "tables.xlsx") as book:
        assert book.testzip() is None
        sheets = book.read("xl/workbook.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    for file in (report / "tables").glob("*.csv"):
        assert f'name="{file.stem[:31]}"' in sheets
    assert "tenth" in texts and "baseline, flat" in texts


def test_the_same_tables_give_the_same_bytes_whatever_is_in_them() -> None:
    odd = pd.DataFrame({
        "a": [1, float("nan"), float("inf"), -0.5], "b": ["=1+1", "", None, "é\u2212<x>"],
        "c": ["http://a.b", "'", "0012", "x" * 40_000], "d": [True, 1 << 40, 0.1, "text"],
    })  # fmt: skip
    names = ["n" * 40, "n" * 50, "About", "short"]
    made = [workbook(dict.fromkeys(names, odd), {"report": "=x", "years": 3}) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(BytesIO(made[0])) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
        assert "<f>" not in sheet and "inf" not in sheet and "nan" not in sheet
        assert book.read("xl/workbook.xml").decode().count("<sheet ") == 5


def test_a_table_without_rows_is_a_sheet_with_its_head() -> None:
    assert workbook({"none": pd.DataFrame({"a": []})}, {})
