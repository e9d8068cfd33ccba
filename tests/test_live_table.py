"""A table while work goes on: of whole sets, on any terminal, and never the end of the work."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cli.progress import Progress
from sim.results import Asked, Store
from sim.show.tables import headline, headline_variables
from sim.study.look import Look
from tests.example import example_cell, example_dataset
from tests.processes import ROOT, environment, in_terminal

SHOWN = """
import fcntl, struct, sys, termios
from sim.cli.progress import Progress
from sim.show.terminal import print_comparison
from tests.example import example_dataset

results = example_dataset(draws=2, years=15)
for columns in map(int, sys.argv[1:]):
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with Progress() as progress:
        progress.watch(1, 4, None, None)
        progress.watch(2, 4, 9.0, lambda: results)
        assert not progress._off
        progress.watch(4, 4, 0.0, None)
    print("@", columns, flush=True)
    print_comparison(results, sys.stdout)
    print("@", flush=True)
"""
WIDTHS = [(20, 80, 120), pytest.param((0, 1, 38, 39), marks=pytest.mark.slow)]
COMPARE = ["-m", "sim", "compare", "baseline", "flat", "world=tiny", "years=1", "draws=0",
           "replicates=2"]  # fmt: skip


def kept(store: Store, *cells: tuple[str, int, int]) -> list[str]:
    names = []
    for scenario, draw, replicate in cells:
        name = f"{scenario}-{draw}-{replicate}"
        asked = {"settings": {"draw": draw, "replicate": replicate}}
        store.put(name, asked, example_cell(scenario, draw, replicate, years=5, areas=5))
        names.append(name)
    return names


def looks(store: Store, done: list[str]) -> list[Any]:
    pairs = dict.fromkeys(name.partition("-")[2] for name in done)
    sets = [[Asked(f"{s}-{pair}", s) for s in ("baseline", "flat")] for pair in pairs]
    seen: list[Any] = []
    look = Look(store, sets, lambda *now: seen.append(now[3]))
    look(done, 99, 1.0)
    return seen


@pytest.mark.parametrize(
    "halves",
    [
        [("baseline", 0, 0), ("baseline", 0, 1)],
        [("baseline", 0, 0), ("flat", 0, 1)],
        [("flat", 0, 0), ("flat", 0, 1), ("flat", 1, 0)],
        [("baseline", 0, 0), ("baseline", 1, 0)],
    ],
)
def test_halves_of_two_sets_are_no_table(
    tmp_path: Path, halves: list[tuple[str, int, int]]
) -> None:
    store = Store(tmp_path)
    names = kept(store, *halves)
    assert looks(store, names) == [None]


def test_only_whole_sets_are_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    names = kept(store, ("baseline", 0, 0), ("flat", 0, 0), ("baseline", 0, 1), ("flat", 1, 0))
    (read,) = looks(store, names)
    cells = read()
    assert bool(cells["present"].all())
    assert (cells["draw"].values.tolist(), cells["replicate"].values.tolist()) == ([0], [0])


def test_two_names_of_one_cell_are_two_rows_of_a_table(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name, other = kept(store, ("baseline", 0, 0), ("flat", 0, 0))
    sets = [[Asked(name, "baseline"), Asked(other, "flat"), Asked(other, "other")]]
    seen: list[Any] = []
    Look(store, sets, lambda *now: seen.append(now[3]))([name, other, other], 99, 1.0)
    assert seen[0]()["scenario"].values.tolist() == ["baseline", "flat", "other"]


def test_what_a_callers_own_watch_raises_is_the_callers(tmp_path: Path) -> None:
    def watch(*_: Any) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        Look(Store(tmp_path), [], watch)([], 4, None)


class Broken:
    """A stream that cannot be written to, as a closed terminal or a full disk is."""

    def __init__(self, error: BaseException, terminal: bool):
        self.error, self.terminal, self.encoding = error, terminal, "utf-8"

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error

    def fileno(self) -> int:
        raise OSError("no descriptor")


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left"), BrokenPipeError(), ValueError("I/O on closed file"),
        UnicodeEncodeError("ascii", "x", 0, 1, "no"),
    ],
)  # fmt: skip
def test_a_display_that_fails_is_turned_off_with_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception,
    terminal: bool,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG, "sim")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Broken(error, terminal))
    with Progress() as progress:
        for done in range(5):
            progress.watch(done, 4, 1.0, None)
    told = [line for line in caplog.messages if line.startswith("progress is not shown")]
    assert len(told) == 1


def test_a_table_that_cannot_be_drawn_does_not_end_the_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sim")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    def results() -> Any:
        raise MemoryError

    with Progress() as progress:
        progress._live = progress._live or _Still()
        progress.watch(1, 4, 1.0, results)
        progress.watch(4, 4, 1.0, None)
    assert "MemoryError" in caplog.text


def test_the_table_on_the_way_is_that_of_everything_read() -> None:
    """Only what the table shows is read while cells come; nothing in it hangs on the rest."""
    whole = example_dataset(draws=2, years=24)
    wanted = {"present", *headline_variables()}  # which cells there are is read with any of them
    kept = [name for name in whole.data_vars if name in wanted]
    assert 0 < len(kept) < len(whole.data_vars) / 2
    part = whole[kept]
    pd.testing.assert_frame_equal(headline(part), headline(whole))


class _Still:
    """Stands for a live display."""

    def stop(self) -> None:
        pass

    @property
    def console(self) -> Any:
        raise AssertionError


def test_a_pipe_hears_something_every_ten_seconds_though_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("sim.cli.progress.time.monotonic", lambda: now[0])
    with Progress() as progress:
        for _ in range(25):
            progress.watch(0, 4, None, None)
            now[0] += 1
    told = capsys.readouterr().err.splitlines()
    assert told == [f"0 of 4 cells, estimating the time left, {n} s so far" for n in (0, 10, 20)]


def test_no_stderr_at_all_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with Progress() as progress:
        progress.watch(4, 4, 1.0, None)
    assert capsys.readouterr().out == ""


def shown(*columns: int, **env: str) -> str:
    command = [sys.executable, "-c", SHOWN, *map(str, columns)]
    status, text = in_terminal(
        command, columns=columns[0], cwd=ROOT, env=environment(**{"TERM": "xterm", **env})
    )
    assert status == 0, text
    return text


@pytest.mark.slow
@pytest.mark.parametrize("widths", WIDTHS)
def test_the_table_is_shown_within_a_terminal_of_any_width(widths: tuple[int, ...]) -> None:
    text = _plain(shown(*widths))
    for columns in widths:
        table = text.split(f"@ {columns}\n")[1].split("\n@")[0].split("\n")
        squeezed = "".join("".join(table).split())
        assert "Baseline" in squeezed and "(level)" in squeezed and "Pupilneed" in squeezed
        assert max(map(len, table)) <= (columns or 80), columns
        if columns >= 39:
            (row,) = [line for line in table if line.startswith("Pupil need")]
            assert "+" in row, "a policy and its values stand in one line"


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.mark.slow
def test_a_terminal_that_cannot_move_its_cursor_gets_no_control_characters() -> None:
    text = shown(80, 120, TERM="dumb")
    assert "\x1b" not in text and "\r" not in text
    assert "Pupil need" in text and text.count("4 of 4 cells") == 2


@pytest.mark.slow
def test_no_color_is_honoured() -> None:
    text = shown(80, 120, TERM="xterm-256color", NO_COLOR="1")
    assert not re.search(r"\x1b\[[34]\d", text)
    assert "Pupil need" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("columns", "env"),
    [(80, {"TERM": "xterm"}), (120, {"TERM": "xterm"}), (100, {"TERM": "dumb"}),
     (100, {"TERM": "xterm", "NO_COLOR": "1"}), (20, {"TERM": "xterm"})],
)  # fmt: skip
def test_a_comparison_of_two_on_a_terminal_ends_well(
    tmp_path: Path, columns: int, env: dict[str, str]
) -> None:
    status, text = in_terminal(
        [sys.executable, *COMPARE], columns=columns, cwd=tmp_path, env=environment(**env)
    )
    assert status == 0, text
    assert "Flat" in text and "Report: " in _plain(text)
