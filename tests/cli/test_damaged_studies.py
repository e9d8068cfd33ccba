"""Notes and designs that are damaged, and folders nobody may look into, are told or swept."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.errors import BadRequest
from sim.study.design import from_words
from sim.study.ledger import Ledger, Tracker
from sim.study.sweep import Study, begin, open_study

WORDS = ("world=tiny", "years=1", "draws=0", "replicates=1")


def kept(outputs: Path) -> Study:
    """A study of two cells that were asked for and never run."""
    one = open_study(outputs, "mine", from_words((*WORDS, "scenarios=baseline,flat"), []))
    one.ledger.write(one.record)
    return one


def note(**changed: object) -> str:
    return json.dumps({"host": socket.gethostname(), "pid": 1, "since": 0.0} | changed)


@pytest.mark.parametrize(
    "text",
    [
        "[]", "null", "7", "", "{", '"text"', "[" * 100_000, "\x00", note(pid="many"),
        note(pid=-1), note(pid=0), note(pid=None), note(pid=True), note(pid=1.5), note(pid=10**30),
        note(host="elsewhere", since="now"), note(host="elsewhere", since=None),
        note(host="elsewhere", since=float("nan")), "{}",
    ],
)  # fmt: skip
def test_a_note_that_no_process_can_have_left_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    asked: list[int] = []
    ask = os.kill
    monkeypatch.setattr(os, "kill", lambda pid, sign: (asked.append(pid), ask(pid, sign)))
    one = kept(tmp_path)
    path = tmp_path / "running" / f"{one.record.digests[0]}.json"
    path.parent.mkdir()
    path.write_text(text)
    status = one.ledger.status(one.record)
    assert (status.running, status.missing) == (0, 2)
    assert not path.exists()
    assert all(pid > 0 for pid in asked)


def test_the_note_of_a_living_process_stays(tmp_path: Path) -> None:
    one = kept(tmp_path)
    Tracker(tmp_path).begin(one.record.digests[0])
    assert one.ledger.status(one.record).running == 1


def test_a_folder_among_the_notes_is_no_cell(tmp_path: Path) -> None:
    one = kept(tmp_path)
    for kind in ("running", "failed"):
        (tmp_path / kind / "folder").mkdir(parents=True)
        (tmp_path / kind / f"{one.record.digests[0]}.txt").write_text("")
    status = one.ledger.status(one.record)
    assert (status.running, status.failed) == (0, 0)


@pytest.mark.parametrize("text", ["[]", "{}", "", "{", '{"error": ""}', "\x00", "[" * 100_000])
def test_a_failure_whose_note_is_damaged_is_told_with_its_name(
    sim: Any, tmp_path: Path, text: str
) -> None:
    one = kept(tmp_path / "outputs")
    failed = tmp_path / "outputs" / "failed" / f"{one.record.digests[1]}.json"
    failed.parent.mkdir()
    failed.write_text(text)
    done = sim("sweep", "mine", "--status")
    assert done.status == 0, done.err
    assert "failed: flat, draw 0, replicate 0: the note of what happened is damaged" in done.out
    assert failed.name in done.out


def damaged(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def text(before: str) -> str:
        told = json.loads(before)
        changed = change(told)
        return json.dumps(told if changed is None else changed)

    return text


@pytest.mark.parametrize(
    "change",
    [
        lambda before: "", lambda before: "[]", lambda before: "null", lambda before: "7",
        lambda before: before[: len(before) // 2], lambda before: "[" * 100_000,
        damaged(lambda told: told.pop("rows") and None),
        damaged(lambda told: told.update(rows=[["flat", 0, 0]])),
        damaged(lambda told: told.update(rows=[])),
        damaged(lambda told: told.update(rows=[[1, 0, 0, []], ["flat", 0, 0, []]])),
        damaged(lambda told: told.update(rows=[["flat", "x", 0, []], ["flat", 0, 0, []]])),
        damaged(lambda told: told.update(axes=[])),
        damaged(lambda told: told.update(axes={"seed": 3})),
        damaged(lambda told: told.update(digests=[])),
        damaged(lambda told: told.update(digests=[1, 2])),
        damaged(lambda told: told.update(fixed=[1])),
        damaged(lambda told: told.update(layout="x")),
        damaged(lambda told: told.update(code=None)),
    ],
)  # fmt: skip
def test_a_damaged_design_is_named(sim: Any, tmp_path: Path, change: Callable[[str], str]) -> None:
    path = kept(tmp_path / "outputs").ledger.folder / "design.json"
    path.write_text(change(path.read_text()))
    for words in (("sweep", "mine", "--status"), ("sweep", "mine", *WORDS, "--dry-run")):
        done = sim(*words)
        assert done.status == 2
        assert "design.json" in done.err and "Move the folder away" in done.err


def test_a_folder_in_the_place_of_a_design_is_named(sim: Any, tmp_path: Path) -> None:
    path = kept(tmp_path / "outputs").ledger.folder / "design.json"
    path.unlink()
    path.mkdir()
    done = sim("sweep", "mine", "--status")
    assert done.status == 2 and "design.json: cannot be read" in done.err


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Forbid a folder: nothing stops root, so the system's answers are changed."""
    access, listed = os.access, os.listdir

    def forbid(folder: Path) -> None:
        def may(path: Any, mode: int, **rest: Any) -> bool:
            return Path(path).resolve() != folder.resolve() and access(path, mode, **rest)

        def names(path: Any = ".") -> list[str]:
            if not isinstance(path, int) and Path(path).resolve() == folder.resolve():
                raise PermissionError(13, "Permission denied", str(path))
            return listed(path)

        monkeypatch.setattr(os, "access", may)
        monkeypatch.setattr(os, "listdir", names)

    return forbid


@pytest.mark.parametrize("kind", ["cells", "running", "failed", "studies/mine"])
def test_outputs_that_may_not_be_used_are_told_before_any_run(
    tmp_path: Path, forbidden: Callable[[Path], None], kind: str
) -> None:
    one = kept(tmp_path)
    (tmp_path / kind).mkdir(exist_ok=True)
    forbidden(tmp_path / kind)
    with pytest.raises(BadRequest, match=f"{kind}.*(cannot be written|cannot be listed)"):
        begin(one, retry=False)


@pytest.mark.parametrize("kind", ["cells", "running", "failed"])
def test_notes_and_cells_that_may_not_be_listed_are_told_by_a_look(
    sim: Any, tmp_path: Path, forbidden: Callable[[Path], None], kind: str
) -> None:
    kept(tmp_path / "outputs")
    (tmp_path / "outputs" / kind).mkdir()
    forbidden(tmp_path / "outputs" / kind)
    done = sim("sweep", "mine", "--status")
    assert done.status == 2
    assert f"{kind}: cannot be listed (Permission denied)" in done.err


def test_a_name_too_long_for_a_folder_is_refused(sim: Any, tmp_path: Path) -> None:
    for words in (("sweep", "x" * 300, *WORDS), ("compare", "flat", *WORDS, "--name", "x" * 300)):
        done = sim(*words)
        assert done.status == 2
        assert "too long for a folder" in done.err and len(done.err) < 250
    done = sim("run", "flat", *WORDS, f"machine.outputs={'x' * 300}")
    assert done.status == 2 and "too many for one name" in done.err
    assert list(tmp_path.iterdir()) == []


def test_looking_at_a_study_writes_nothing(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path / "outputs")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert sim("sweep", "mine", "--status").status == 0
    done = sim("sweep", "mine", *WORDS, "scenarios=baseline,flat")
    assert done.status == 2 and "cannot be written" in done.err


def test_a_ledger_of_nothing_has_no_record(tmp_path: Path) -> None:
    assert Ledger(tmp_path, "none").read() is None


def test_a_finished_cell_can_be_shown_where_nobody_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import xarray as xr

    import sim as package
    from sim.results import Store

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    with pytest.raises(BadRequest, match=r"outputs/cells.*cannot be written"):
        package.run("flat", *WORDS)
    monkeypatch.setattr(Store, "has", lambda *_: True)
    monkeypatch.setattr(Store, "get", lambda *_: xr.Dataset())
    assert package.run("flat", *WORDS).attrs["scenario"] == "flat"
    assert list(tmp_path.iterdir()) == []
