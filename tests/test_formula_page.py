"""docs/formula.md works as it stands: files saved, commands in order, in an empty folder."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim.config import compose
from sim.config.formula import FACTORS
from sim.config.rates_files import GUARDS, WORDS
from tests.pages import blocks
from tests.processes import ROOT, environment

PAGE = "docs/formula.md"


def saved(folder: Path) -> list[str]:
    """Save every file of the page; return their names."""
    named = [(str(block.path), block.text) for block in blocks(PAGE, "yaml")]
    for name, text in named:
        (folder / name).write_text(text, encoding="utf-8")
    return [name for name, _ in named]


def test_every_file_of_the_page_is_a_formula(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in saved(tmp_path):
        funding = compose(name).policy.funding
        assert funding.rule == "rates" and funding.floor == -0.015


def test_the_tables_name_every_key_of_a_file() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE))))
    assert named == {*FACTORS, *GUARDS, *WORDS, "area_cost", "solve", "base"}


def pounds(text: str) -> float:
    return float(text.replace(",", ""))


@pytest.mark.slow
def test_the_page_from_top_to_bottom(tmp_path: Path) -> None:
    saved(tmp_path)
    said = []
    for block in blocks(PAGE, "sh"):
        for line in block.text.splitlines():
            words = [sys.executable, "-m", *shlex.split(line), "machine.threads=1"]
            done = subprocess.run(
                words, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=600
            )
            assert done.returncode == 0, (line, done.stderr)
            said.append(done.stdout)
    first, explained, beside, *_ = said
    assert "outputs/reports/formula/index.html" in first
    assert "= total" in explained
    text = " ".join((ROOT / PAGE).read_text(encoding="utf-8").split())
    quoted = re.search(r"about GBP ([\d,]+) in primary and ([\d,]+) in secondary", text)
    printed = re.search(
        r"GBP ([\d,]+) in primary and ([\d,]+) in secondary", " ".join(first.split())
    )
    assert quoted is not None and printed is not None
    for one, other in zip(quoted.groups(), printed.groups(), strict=True):
        assert pounds(one) == pytest.approx(pounds(other), rel=0.01), "the page quotes what is said"
    (designed,) = (text for text in said if "formulae tried" in text)
    assert "best for gap" in designed and "not results" in designed
    assert "A: flat. B: my_formula.yaml." in beside and (tmp_path / "school_3.csv").is_file()
