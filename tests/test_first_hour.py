"""docs/first_hour.md is followed by its text alone, from a fresh copy of the project."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xarray as xr

from tests.pages import Block, blocks
from tests.processes import ROOT, environment

PAGE = "docs/first_hour.md"
END = "END_OF_THE_FILE"
HAS_R = shutil.which("Rscript") is not None and (
    subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode == 0
)


def script() -> str:
    """All blocks in their order: commands as they stand, files written where the reader is."""
    return "\n".join(["set -euo pipefail", *map(_step, blocks(PAGE))])


def _step(block: Block) -> str:
    if block.language == "sh":
        return "".join(f"echo '$ {line}'\n{line}\n" for line in block.text.splitlines())
    assert block.path is not None, f"a file without a name: {block.text[:60]}"
    return (
        f"mkdir -p {block.path.parent}\ncat > {block.path} <<'{END}'\n{block.text}{END}"
    )  # fmt: skip


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The reader's folder after the last line, and all that was printed."""
    folder = tmp_path_factory.mktemp("hour")
    skip = shutil.ignore_patterns(".git", ".venv", "venv", "__pycache__", ".*_cache", "outputs")
    shutil.copytree(ROOT, folder / "placematters", ignore=skip)
    variables = environment(PATH=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin")
    del variables["PYTHONPATH"]  # only what the page installs is found
    done = subprocess.run(
        ["bash", "-c", script()], cwd=folder / "placematters", env=variables,
        capture_output=True, text=True, timeout=1500,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-3000:])
    return folder / "my_work", done.stdout


@pytest.mark.slow
def test_every_line_works(walked: tuple[Path, str]) -> None:
    folder, said = walked
    named = set(re.findall(r"--name (\w+)", script()))
    reports = {path.name for path in (folder / "outputs" / "reports").iterdir()}
    assert reports == named | {"first-again"}
    assert "The content is the same as in the record" in said
    assert all(f"Report: outputs/reports/{name}/index.html" in said for name in named)
    assert "24 cells: 24 done, 0 running, 0 failed, 0 missing" in said
    with (folder / "attainment.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {"scenario", "place", "value", "low", "high"} <= set(rows[0])
    assert {row["verdict"] for row in rows} & {"higher", "lower", "practically the same"}


@pytest.mark.slow
def test_figures_that_the_page_quotes_are_those_it_prints(walked: tuple[Path, str]) -> None:
    page = " ".join((ROOT / PAGE).read_text(encoding="utf-8").split())
    said = " ".join(walked[1].split())
    first = re.search(r'such as "([^"]+)" for `flat` .of shares "([^"]+)".,', page)
    sentence = re.search(r'in sentences "([^"]+)"', page)
    both = re.search(
        r"table at (\S+), .* has (\S+) for `pupil_need`, and your first report (\S+):", page
    )
    assert first and sentence and both
    assert first[1].replace(", ", " to ") == sentence[1], "one interval, written in two ways"
    for printed in (first[1], first[2], f"({sentence[1]})", f"{both[1]} Pupil need {both[2]} "):
        assert printed in said, printed
    assert re.search(rf"Pupil need (\S+ ){{3,9}}practically {re.escape(both[3])} ", said)


@pytest.mark.slow
def test_the_workbook_has_a_sheet_for_each_table(walked: tuple[Path, str]) -> None:
    report = walked[0] / "outputs" / "reports" / "first"
    with zipfile.ZipFile(report / "tables.xlsx") as book:
        sheets = set(re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode()))
    assert {path.stem[:31] for path in (report / "tables").glob("*.csv")} <= sheets


@pytest.mark.slow
def test_files_variables_and_columns_that_the_page_reads_in_r_are_there(
    walked: tuple[Path, str],
) -> None:
    folder, _ = walked
    (r,) = blocks(PAGE, "r")
    files = re.findall(r'"([\w./]+\.(?:csv|nc))"', r.text)
    assert len(files) == 2
    table, results = (folder / name for name in files)
    with table.open() as file:
        header = set(next(csv.reader(file)))
    columns = re.search(r"subset\(\w+, (\w+) ==.*c\((.+?)\)", r.text)
    assert columns is not None
    assert {columns.group(1), *columns.group(2).split(", ")} <= header
    with xr.open_dataset(results) as opened:
        assert set(re.findall(r'ncvar_get\(\w+, "(\w+)"', r.text)) <= set(opened.variables)
        order = re.search(r"^# (group, .*)$", r.text, re.MULTILINE)
        assert order is not None
        for name in ("attainment8_sum", "ks4_n"):  # R counts dimensions from the other end
            assert order.group(1).split(", ") == list(map(str, opened[name].dims[::-1]))


@pytest.mark.slow
@pytest.mark.skipif(
    not HAS_R,
    reason="no Rscript with ncdf4 here: of the lines in R, only the names of files, variables and "
    "columns were checked",
)
def test_the_lines_in_r_run(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    subprocess.run(["Rscript", "read.R"], cwd=folder, check=True)
