"""Compiling is said to be that, as long as it lasts, and once."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from sim import cache, kernel
from sim.cli.progress import Progress
from sim.config import compose
from sim.study import warmup
from sim.study.workers import Ended


class Compiling:
    """Stands for a worker that takes a while."""

    looks = 35

    def __init__(self, most: int) -> None:
        self.left = 0

    def __enter__(self) -> Compiling:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def hand(self, number: int, work: Any) -> None:
        assert work is warmup.compile_kernels
        self.left = self.looks

    @property
    def running(self) -> bool:
        return self.left > 0

    def ended(self, seconds: float) -> list[Ended]:
        self.left -= 1
        return []


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    clock = iter(range(1000))
    monkeypatch.setattr(kernel, "CACHE_FOLDER", tmp_path)
    monkeypatch.setattr(warmup, "Workers", Compiling)
    monkeypatch.setattr(warmup.time, "monotonic", lambda: float(next(clock)))
    return tmp_path


def test_compiling_is_told_in_a_pipe_every_ten_seconds(
    cold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress():
        warmup.warm_up()
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("compiling, once for this machine and version")
    assert told[1:] == [f"compiling: {n} s so far" for n in (10, 20, 30)]


def test_nobody_hears_of_it_who_did_not_ask(cold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warmup.warm_up()
    with Progress(quiet=True):
        warmup.warm_up()
    said = capsys.readouterr()
    assert said.out + said.err == ""


def test_what_cannot_be_kept_is_told_once_and_why(
    cold: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(cache._NOT_KEPT, cold, "Read-only file system: '/home/me'")
    with caplog.at_level(logging.INFO, "sim"):
        warmup.warm_up()
    (told,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "Read-only file system: '/home/me'" in told.getMessage()
    assert "NUMBA_CACHE_DIR" in told.getMessage()
    (begins,) = [record.getMessage() for record in caplog.records if "busy" in record.getMessage()]
    assert begins.startswith("compiling, for this command alone: about")


def test_whole_kernels_are_not_compiled_again(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "is_whole", lambda folder: folder == cold)
    started: list[object] = []
    monkeypatch.setattr(warmup, "Workers", lambda *given: started.append(given))
    warmup.warm_up()
    assert started == []


class Compiled(Exception):
    """Says that compiling was asked for, before anything was simulated."""


@pytest.mark.parametrize("command", ["explain", "validate", "list schools"])
def test_commands_that_simulate_by_themselves_say_that_they_compile(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim import api
    from sim.evidence import scorecard
    from sim.study import pounds, roster

    def compiled() -> None:
        raise Compiled

    for module, simulates in (
        (pounds, "SchoolsModel"),
        (scorecard, "SchoolsModel"),
        (roster, "build"),
    ):
        monkeypatch.setattr(module, "warm_up", compiled)
        monkeypatch.setattr(module, simulates, None)
    with pytest.raises(Compiled):
        if command == "explain":
            api.explain_school(1, "baseline", "world=tiny", "years=1")
        elif command == "list schools":
            roster.schools(compose("baseline", ["world=tiny"]))
        else:
            api.validate("world=tenth", "years=1")
