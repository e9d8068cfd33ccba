"""docs/sweeps.md works as it stands: its commands in order, in an empty folder."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import blocks
from tests.processes import environment
from tests.study.one_node import needs_slurm, one_node

PAGE = "docs/sweeps.md"


def commands() -> list[list[str]]:
    """Every line of the page, without the `sim` in front."""
    lines = [line.split() for block in blocks(PAGE, "sh") for line in block.text.splitlines()]
    assert {words[0] for words in lines} == {"sim"}
    return [words[1:] for words in lines]


def run(words: list[str], folder: Path, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment(**more),
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def follow(folder: Path, lines: list[list[str]], more: dict[str, str]) -> list[str]:
    """Run commands one after the other; returns what each printed."""
    (table,), (study,) = blocks(PAGE, "csv"), blocks(PAGE, "yaml")
    (folder / "cells.csv").write_text(table.text)
    (folder / str(study.path)).write_text(study.text)
    said = []
    for words in lines:
        done = run(["-m", "sim", *words], folder, more)
        assert done.returncode == 0, (words, done.stderr)
        said.append(done.stdout)
    return said


def read_back(folder: Path) -> None:
    python, which = blocks(PAGE, "python")
    done = run(["-c", python.text], folder, {})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["0.005", "0.01", "0.02"]
    done = run(["-c", which.text], folder, {})
    assert done.returncode == 0, done.stderr
    assert "cannot be told with 8 points" in done.stdout
    assert (folder / "which_belief.csv").is_file()


def assert_the_same(mine: str, theirs: str) -> None:
    """Two people who ran the same study read the same content digest."""
    (one,), (other,) = (re.findall(r"\b[0-9a-f]{64}\b", text) for text in (mine, theirs))
    assert one == other


@pytest.mark.slow
def test_on_this_machine(tmp_path: Path) -> None:
    said = follow(tmp_path, commands()[:-1], {})
    mine, status, plan, study, known, sampled, table, share, _, shared, again, *checked = said
    assert "60 cells: 60 done, 0 running, 0 failed, 0 missing" in mine
    assert "60 cells: 60 done" in status
    assert "128 cells" in plan and "To run: 128 cells" in plan
    assert "8 cells: 8 done" in study and "8 cells: 8 done" in known
    assert "16 cells: 16 done" in sampled
    assert "4 cells: 4 done" in table
    assert "share 1/2: 4 of its 4 cells done" in share
    assert "8 cells: 8 done, 0 running, 0 failed, 0 missing" in shared
    assert "8 cells: 8 done" in again and "kept from before" not in again
    assert_the_same(*checked)
    read_back(tmp_path)


@needs_slurm
def test_on_a_cluster_of_one_node(tmp_path: Path) -> None:
    there = [
        words
        if {"check", "--status", "--dry-run", "--share", "--on"} & set(words)
        else [*words, "--on", "slurm"]
        for words in commands()
    ]
    with one_node() as variables:
        said = follow(tmp_path, there, variables)
    assert "60 cells: 60 done" in said[0] and "60 cells: 60 done" in said[1]
    assert "8 cells: 8 done" in said[3]
    assert "16 cells: 16 done" in said[5]
    assert "4 cells: 4 done" in said[6]
    assert "8 cells: 8 done, 0 running, 0 failed, 0 missing" in said[9]
    assert_the_same(*said[11:13])
    assert "20 cells: 20 done, 0 running, 0 failed, 0 missing" in said[13]
    read_back(tmp_path)
