"""``-v`` and ``--log FILE`` say what long work does."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest

from sim.config import compose_all
from sim.results import Store
from sim.study import batch
from sim.study.cells import digest
from tests.example import example_cell

LINE = re.compile(r"^[-0-9]{10} [0-9:,]{12} [A-Z]+ ")


@pytest.fixture
def busy(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that says something of its cells."""

    def run(scenario: str, *settings: str) -> Any:
        logging.getLogger("sim.cells").info("begun: %s", scenario)
        logging.getLogger("sim.progress").info("compiling")
        logging.getLogger("sim").debug("details")
        return example_cell("baseline", 0, 0, years=5, areas=5).assign_attrs(digest="abc")

    monkeypatch.setattr(api, "run", run)


def test_verbose_says_it_on_stderr_with_the_time(sim: Any, busy: None) -> None:
    done = sim("run", "baseline", "-v")
    told = [line for line in done.err.splitlines() if "begun" in line]
    assert done.status == 0 and len(told) == 1 and LINE.match(told[0])
    assert "details" not in done.err and done.err.count("compiling") == 1
    assert "begun" not in sim("run", "baseline").err


def test_a_log_file_is_added_to(sim: Any, busy: None, tmp_path: Path) -> None:
    for _ in range(2):
        done = sim("run", "baseline", "--log", "logs/mine.txt")
        assert done.status == 0 and "begun" not in done.err
    lines = (tmp_path / "logs" / "mine.txt").read_text().splitlines()
    assert all(LINE.match(line) for line in lines)
    for word in ("begun: baseline", "compiling", "details"):
        assert sum(word in line for line in lines) == 2
    assert logging.getLogger("sim").level == logging.NOTSET


@pytest.mark.parametrize("name", ["/proc/no/such", ".", "a\0b", "n" * 300])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(
    sim: Any, api: Any, name: str
) -> None:
    done = sim("run", "baseline", "--log", name)
    assert done.status == 2 and "--log" in done.err and "Traceback" not in done.err
    assert api.asked == []


def test_each_cell_begins_and_ends_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sim")
    words = ["world=tiny", "years=1", "draws=0", "replicates=1"]
    groups = batch.groups_of(compose_all(["baseline", "flat"], words))
    seen: list[Any] = []
    swept = {digest(cell): f", seed={n}" for n, cell in enumerate(groups[0])}
    batch.run_groups(
        groups, Store(tmp_path / "cells"), budget=1e9, watch=lambda *now: seen.append(now),
        apart=swept,
    )  # fmt: skip
    told = [line for line in caplog.messages if "draw 0" in line]
    for number, scenario in enumerate(("baseline", "flat")):
        assert told[number].startswith(f"begun: {scenario}, draw 0, replicate 0, seed={number} (")
        assert re.match(rf"ended after [0-9.]+ s: {scenario}, draw 0", told[2 + number])
    first = seen[0]
    assert (first[0], first[1]) == ([], 2)
    assert first[2] is None, "no time left is told before cells say how fast it goes"
