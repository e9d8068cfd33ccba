"""Long checks say how far they are; short ones say nothing."""

from __future__ import annotations

import logging

import pytest

from sim.study import counting
from sim.study.counting import counted, tell_kept


def told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: float
) -> list[str]:
    clock = iter(step * n for n in range(10_000))
    monkeypatch.setattr(counting.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.INFO, logger="sim.progress"):
        assert list(counted(range(2_000), "checking cells", 2_000)) == list(range(2_000))
    return [record.getMessage() for record in caplog.records]


def test_what_takes_long_is_told_after_three_seconds_and_every_ten(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lines = told(monkeypatch, caplog, 0.01)
    assert lines == [f"checking cells: {n} of 2,000" for n in ("300", "1,300")]


def test_what_is_quick_is_silent(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(monkeypatch, caplog, 0.0001) == []


def test_cells_from_before_are_told_apart_from_those_to_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="sim.progress"):
        tell_kept(["a", "b", "c"], frozenset())
        tell_kept(["a", "b", "c"], {"b", "z"})
        tell_kept(["b"], {"b"})
    assert [record.getMessage() for record in caplog.records] == [
        "3 cells: 1 kept from before, 2 to run",
        "1 cell: 1 kept from before, none to run",
    ]
