"""A folder is the old one or the new one, whatever happens in between."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

import pytest

from sim.errors import BadRequest, WorkFailed
from sim.show import whole
from sim.show.whole import can_replace, draft
from tests.processes import environment


def ours(inside: PurePath) -> bool:
    return inside.suffix == ".csv" or str(inside) == "tables"


def write(final: Path, **files: str) -> None:
    with draft(final, ours) as out:
        for name, body in files.items():
            out.put(f"tables/{name}.csv", body.encode())


def left(folder: Path) -> list[str]:
    """Hidden things in a folder: what should have been swept."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.fixture(params=["one step", "two steps"])
def final(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is there already, on systems with and without an exchange."""
    if request.param == "two steps":
        monkeypatch.setattr(whole, "_exchange", lambda *_: False)
    write(tmp_path / "deep" / "a", old="1", both="1")
    return tmp_path / "deep" / "a"


def test_a_new_folder_replaces_all_of_the_old(final: Path) -> None:
    write(final, both="2", new="2")
    assert {p.stem: p.read_text() for p in final.rglob("*.csv")} == {"both": "2", "new": "2"}
    assert left(final.parent) == []


def test_a_file_held_open_stays_what_it_was(final: Path) -> None:
    with (final / "tables" / "both.csv").open() as held:
        write(final, both="2")
        assert held.read() == "1"
    assert (final / "tables" / "both.csv").read_text() == "2"


def test_files_of_somebody_s_own_are_kept(final: Path, tmp_path: Path) -> None:
    (final / "notes.txt").write_text("mine")
    (final / "tables" / "book.xlsx").write_text("mine")
    (final / "drafts" / "empty").mkdir(parents=True)
    (final / "drafts" / "x.csv.bak").write_text("mine")
    (final / "elsewhere").symlink_to(tmp_path)
    (final / "dangling").symlink_to("nowhere")
    write(final, new="2")
    for name in ("notes.txt", "tables/book.xlsx", "drafts/x.csv.bak"):
        assert (final / name).read_text() == "mine"
    assert (final / "drafts" / "empty").is_dir()
    assert (final / "elsewhere").readlink() == tmp_path
    assert (final / "dangling").is_symlink()
    assert not (final / "tables" / "old.csv").exists()


def test_a_full_disk_leaves_the_old_folder_and_names_the_file(
    final: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_: object) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorkFailed, match=r"a/tables/new\.csv: No space left") as told:
        write(final, new="2")
    assert "None" not in str(told.value)
    assert (final / "tables" / "old.csv").read_text() == "1"
    assert left(final.parent) == []


def test_an_error_in_between_leaves_the_old_folder(final: Path) -> None:
    with pytest.raises(KeyError), draft(final, ours) as out:
        out.put("tables/new.csv", b"2")
        raise KeyError("x")
    assert not (final / "tables" / "new.csv").exists()
    assert left(final.parent) == []


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", old="1")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", new="2")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "tables" / "new.csv").read_text() == "2"


KILLED = """
import os, sys
from pathlib import Path
from sim.show.whole import draft
with draft(Path(sys.argv[1]), lambda path: True) as out:
    out.put("tables/new.csv", b"2")
    os.kill(os.getpid(), 9)
"""


def test_a_kill_leaves_the_old_folder_and_the_next_run_sweeps(
    final: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(final)], env=environment())
    assert done.returncode == -9
    assert (final / "tables" / "old.csv").read_text() == "1"
    assert not (final / "tables" / "new.csv").exists()
    assert len(left(final.parent)) == 1
    monkeypatch.setattr(whole, "_JUST_MADE", -1.0)
    write(final, new="3")
    assert left(final.parent) == []


def test_a_draft_somebody_else_is_at_work_on_is_not_swept(
    final: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "_JUST_MADE", -1.0)
    with draft(final, ours) as first:
        first.put("tables/first.csv", b"1")
        write(final, second="2")
        assert (first.place / "tables" / "first.csv").exists()
    assert (final / "tables" / "first.csv").read_text() == "1"


def test_an_old_folder_moved_aside_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    final = tmp_path / "a"
    write(final, old="1")
    final.rename(tmp_path / f"{whole._old(final)}x")
    with pytest.raises(KeyError), draft(final, ours):
        raise KeyError
    assert (final / "tables" / "old.csv").read_text() == "1"


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


def test_what_cannot_be_replaced_is_refused_before_work(tmp_path: Path) -> None:
    write(tmp_path / "a", old="1")
    old = tmp_path / "a" / "tables" / "old.csv"
    with mode(old, 0o444), pytest.raises(BadRequest, match=r"old\.csv is write-protected"):
        can_replace(tmp_path / "a", 0)
    with mode(tmp_path / "a", 0o555), pytest.raises(BadRequest, match="write-protected"):
        can_replace(tmp_path / "a", 0)
    with pytest.raises(BadRequest, match="is a file, not a folder"):
        can_replace(old / "below", 0)
    for name in ("x" * 300, "x" * 251 + "é" * 9):
        with pytest.raises(BadRequest, match="cannot be written: File name too long"):
            can_replace(tmp_path / name, 0)
    with pytest.raises(BadRequest, match="null"):
        can_replace(tmp_path / "a\0b", 0)
    with pytest.raises(BadRequest, match=r"MB free, and a report needs about"):
        can_replace(tmp_path / "a", 10**18)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_parent_without_permission_is_refused(tmp_path: Path) -> None:
    with mode(tmp_path, 0o555), pytest.raises(BadRequest, match="cannot be written"):
        can_replace(tmp_path / "a", 0)


def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    can_replace(tmp_path / "not" / "yet" / "there", 1000)
    can_replace(tmp_path / ("é" * 120), 1000)
    assert list(tmp_path.iterdir()) == []
