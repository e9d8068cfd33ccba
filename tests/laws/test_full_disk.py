"""A disk that fills up: exit status 1, whole cells only, and what was whole stays whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.config import compose_all
from sim.errors import WorkFailed
from sim.results import Store, atomic, content_digest
from sim.study.cells import digest, run_group
from tests.laws import worlds

WORDS = ("world=tiny", "years=1", "machine.threads=1")
SCENARIOS = ("baseline", "flat", "pupil_need")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """A disk with so many bytes left; writing what does not fit fails half-way, as disks do."""
    left = {"bytes": float("inf")}
    original = os.write

    def write(handle: int, body: Any) -> int:
        if left["bytes"] < len(body):
            original(handle, bytes(body)[: int(left["bytes"])])
            left["bytes"] = 0
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left["bytes"] -= len(body)
        return original(handle, body)

    monkeypatch.setattr(atomic.os, "write", write)
    return left


def assert_whole(folder: Path) -> set[str]:
    """Every result there is can be read and is what its digest says; nothing half is left."""
    store = Store(folder)
    found = store.digests() if folder.is_dir() else frozenset()
    for name in found:
        cell = store.get(name)
        assert content_digest(cell) == cell.attrs["content_digest"]
        assert store.identity(name)
    assert not list(folder.rglob(".tmp-*"))
    return set(found)


def test_a_run_on_a_full_disk_exits_with_1_and_leaves_nothing(
    room: dict[str, float], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room["bytes"] = 20_000
    status = main(["run", "baseline", *WORDS, f"machine.outputs={tmp_path / 'out'}"])
    said = capsys.readouterr().err
    assert status == 1
    assert "not written" in said and "run again" in said and "Traceback" not in said
    assert assert_whole(tmp_path / "out" / "cells") == set()


def test_a_batch_on_a_filling_disk_keeps_its_whole_cells_and_goes_on_later(
    room: dict[str, float], tmp_path: Path
) -> None:
    store = Store(tmp_path / "cells")
    group = compose_all(list(SCENARIOS), WORDS)
    running = run_group(group, store)
    first = next(running)
    room["bytes"] = 50_000
    with pytest.raises(WorkFailed, match="not written: No space left on device"):
        next(running)
    assert assert_whole(store.root) == {first} == {digest(group[0])}
    room["bytes"] = float("inf")
    assert first not in list(run_group(group, store))
    assert assert_whole(store.root) == {digest(cell) for cell in group}


def test_a_comparison_on_a_disk_that_is_full_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(groups: Any, store: Store, **_: Any) -> list[str]:
        # What a worker does, in this process, where the disk can be made full.
        return [name for group in groups for name in run_group(group, store)]

    def put(self: Store, *given: Any, **named: Any) -> Path:
        if self.digests():
            raise WorkFailed(f"{self.root}: not written: No space left on device.")
        return kept(self, *given, **named)

    kept = Store.put
    monkeypatch.setattr(Store, "put", put)
    monkeypatch.setattr("sim.study.batch.run_groups", full)
    out = tmp_path / "out"
    words = [*WORDS, "draws=0", "replicates=1", f"machine.outputs={out}"]
    assert main(["compare", "baseline", "flat", *words]) == 1
    assert "No space left" in capsys.readouterr().err
    assert len(assert_whole(out / "cells")) == 1
    assert not (out / "reports").exists()


def test_the_cells_of_a_tiny_world_need_more_than_the_room_above(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name = next(run_group([worlds.settings("baseline", "years=1")], store))
    assert store.path(name).stat().st_size > 50_000
