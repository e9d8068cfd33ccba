"""Two drivers on one store share the work; what the dead claimed is taken over."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.study import claims
from sim.study.claims import Claims
from tests.processes import contents, environment

DEAD = {"host": socket.gethostname(), "pid": 2**22 + 1}


def left(folder: Path, name: str, note: object, age: float = 0.0) -> Path:
    path = folder / "running" / "claims" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(note if isinstance(note, str) else json.dumps(note))
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def test_what_one_took_no_other_gets_until_it_is_given_up(tmp_path: Path) -> None:
    with Claims(tmp_path) as one, Claims(tmp_path) as two:
        assert one.take(["a", "b"]) == {"a", "b"}
        assert one.take(["a"]) == set(), "it is taken once"
        assert two.take(["a", "b", "c"]) == {"c"}
        one.release(["a", "c"])
        assert two.take(["a", "b"]) == {"a"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("note", "age", "free"),
    [
        (DEAD, 0, True),
        ({"host": socket.gethostname(), "pid": os.getppid()}, 0, False),
        ({"host": socket.gethostname(), "pid": os.getppid()}, 9999, True),
        ({"host": "elsewhere", "pid": 1}, 0, False),
        ({"host": "elsewhere", "pid": 1}, 9999, True),
        ("", 0, False),
        ("", 9999, True),
        ("[]", 9999, True),
        ({"host": socket.gethostname(), "pid": "x"}, 9999, True),
        ({"host": socket.gethostname(), "pid": 10**30}, 0, True),
    ],
)
def test_claims_of_the_dead_are_taken_over(
    tmp_path: Path, note: object, age: float, free: bool
) -> None:
    left(tmp_path, "a", note, age)
    with Claims(tmp_path) as mine:
        assert mine.take(["a"]) == ({"a"} if free else set())


def test_what_killed_drivers_left_is_swept_away(tmp_path: Path) -> None:
    left(tmp_path, "a", DEAD)
    left(tmp_path, "b", {"host": "elsewhere", "pid": 1}, 9999)
    alive = left(tmp_path, "c", {"host": "elsewhere", "pid": 1})
    with Claims(tmp_path):
        assert list(alive.parent.iterdir()) == [alive]


def test_an_owner_that_lives_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "BEAT_SECONDS", 0.0)
    with Claims(tmp_path) as mine, Claims(tmp_path) as other:
        mine.take(["a"])
        path = tmp_path / "running" / "claims" / "a"
        os.utime(path, (1.0, 1.0))
        mine.beat()
        assert other.take(["a"]) == set()


def test_a_folder_that_takes_no_notes_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "running").write_text("a file is in the way")
    with Claims(tmp_path) as mine:
        assert mine.take(["a"]) == {"a"}


WORDS = ("scenarios=baseline,flat", "draws=0", "replicates=8", "world=tiny", "years=1",
         "machine.threads=1")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sweep", "compare"])
def test_two_drivers_share_the_work_and_both_end_with_all_of_it(tmp_path: Path, kind: str) -> None:
    words = ["sweep", "mine", *WORDS] if kind == "sweep" else [
        "compare", "baseline", "flat", *WORDS[1:]]  # fmt: skip
    command = [sys.executable, "-m", "sim", *words, "-v"]
    more = [["--json"], ["--json"]] if kind == "sweep" else [["--name", "a"], ["--name", "b"]]
    both = [
        subprocess.Popen(
            [*command, *more[number]], cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )
        for number in range(2)
    ]  # fmt: skip
    told = [one.communicate(timeout=300)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    begun = [text.count("begun: ") for text in told]
    assert sum(begun) == 16, "no cell was run twice"
    assert min(begun) >= 2, "and both had some"
    assert len(contents(tmp_path)) == 16
    assert not (tmp_path / "outputs" / "running").exists()
