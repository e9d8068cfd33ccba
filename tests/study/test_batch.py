"""Many cells: balanced order, going on where one stopped, budgets, and workers that die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.config import compose_all
from sim.config.models import Settings
from sim.errors import WorkFailed
from sim.results import Store
from sim.study import batch
from sim.study.cells import at, digest
from sim.study.sizes import memory_mb, room_mb
from sim.study.workers import Ended, Workers
from tests.processes import of_session

SCENARIOS = ("baseline", "flat", "pupil_need")
SMALL = ("world=tiny", "years=1", "draws=2", "replicates=2", "machine.threads=1")
ORDER = [(0, 0), (1, 0), (2, 0), (0, 1)]
DRIVER = """
import sys
from sim.config import compose_all
from sim.results import Store
from sim.study.batch import groups_of, run_groups

groups = groups_of(compose_all(["baseline", "flat"], sys.argv[2:]))
run_groups(groups, Store(sys.argv[1]), budget=1e9, watch=lambda *_: None)
"""

Seen = list[tuple[list[str], int, float | None]]


def small_groups(*changes: str) -> list[list[Settings]]:
    return batch.groups_of(compose_all(SCENARIOS, [*SMALL, *changes]))


def run(groups: list[list[Settings]], store: Store, budget: float = 1e9) -> tuple[list[str], Seen]:
    seen: Seen = []
    done = batch.run_groups(groups, store, budget=budget, watch=lambda *now: seen.append(now))
    return done, seen


class Still(Workers):
    """Workers of which every task is done at once."""

    def __init__(self, most: int):
        super().__init__(most)
        self.numbers: list[int] = []

    def hand(self, number: int, work: Any, *task: Any) -> None:
        self.numbers.append(number)

    @property
    def running(self) -> dict[int, int]:
        return dict.fromkeys(self.numbers, 0)

    def ended(self, seconds: float) -> list[Ended]:
        ended, self.numbers = self.numbers, []
        return [Ended(number, [], 0.0) for number in ended]


def no_pool(*_: Any, **__: Any) -> None:
    raise AssertionError("a worker was started")


def test_order_is_draw_nought_then_draws_then_replicates_each_with_every_scenario() -> None:
    groups = small_groups()
    assert [(group[0].draw, group[0].replicate) for group in groups] == ORDER
    for group in groups:
        assert tuple(cell.scenario for cell in group) == SCENARIOS
        assert len({(cell.draw, cell.replicate) for cell in group}) == 1
        assert len({cell.beliefs.values.money.return_per_thousand for cell in group}) == 1


def test_cells_have_names_of_their_own() -> None:
    names = [digest(cell) for group in small_groups() for cell in group]
    assert len(set(names)) == len(names)


def test_a_budget_cuts_whole_groups_from_the_end_and_the_rest_is_made_up_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, groups = Store(tmp_path / "cells"), small_groups()
    names = [[digest(cell) for cell in group] for group in groups]
    cut, seen = run(groups, store, budget=1e-9)
    assert cut == names[0]  # one worker: one group begun, and what is begun is ended
    assert seen[-1] == (names[0], 12, 0.0)

    whole, seen = run(groups, store)
    assert whole == [name for group in names for name in group]
    counts = [len(done) for done, _, _ in seen]
    assert counts == sorted(counts) and counts[0] >= 3
    for done, planned, left in seen:
        assert set(names[0]) <= set(done) and planned == 12
        assert left is None or left >= 0

    before = {path.name: path.stat().st_mtime_ns for path in store.root.iterdir()}
    monkeypatch.setattr(batch, "Workers", no_pool)
    again, seen = run(groups, store)
    assert again == whole and seen == [(whole, 12, 0.0)]
    assert {path.name: path.stat().st_mtime_ns for path in store.root.iterdir()} == before


def test_the_groups_a_verdict_needs_run_whatever_the_budget(tmp_path: Path) -> None:
    store, groups = Store(tmp_path / "cells"), small_groups()
    names = [[digest(cell) for cell in group] for group in groups]
    done = batch.run_groups(groups, store, budget=1e-9, watch=lambda *_: None, always=2)
    assert done == [*names[0], *names[1]]


def test_a_verdict_needs_eight_draws_beside_draw_nought() -> None:
    def needed(draws: int, replicates: int = 2) -> int:
        words = ["world=tiny", "years=1", f"draws={draws}", f"replicates={replicates}"]
        return batch.groups_for_words(batch.groups_of(compose_all(["baseline"], words)))

    assert (needed(8), needed(30), needed(8, 9)) == (9, 9, 9)
    assert (needed(0, 9), needed(7, 9)) == (1, 1), "too few for words anyhow"


def test_waiting_for_a_processor_spends_no_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers that got little of a busy machine have used little of what they may."""
    held, begun = small_groups(), []

    class Slow(Still):
        def hand(self, number: int, work: Any, *task: Any) -> None:
            super().hand(number, work, *task)
            begun.append(number)

        def ended(self, seconds: float) -> list[Ended]:
            time.sleep(0.05)
            return [Ended(one.number, [], 0.001) for one in super().ended(seconds)]

    monkeypatch.setattr(batch, "Workers", Slow)
    batch.run_groups(held, Store(tmp_path), budget=0.02, watch=lambda *_: None)
    assert begun == [0, 1, 2, 3]


def test_nobody_works_where_there_is_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = small_groups("machine.threads=8")
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2 * 2**30 // 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)
    each = 1e6 * room_mb(memory_mb("tiny"))  # the room that --dry-run tells of
    assert batch.processes(groups[0][0], len(groups)) == 2**31 // each == 3
    sizes["SC_PHYS_PAGES"] = 1
    assert batch.processes(groups[0][0], len(groups)) == 1
    sizes["SC_PHYS_PAGES"] = 2**40 // 4096
    assert batch.processes(groups[0][0], len(groups)) == len(groups)


@pytest.mark.parametrize(("groups", "threads"), [(1, 4), (2, 2), (3, 1), (9, 1)])
def test_few_groups_share_the_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: int, threads: int
) -> None:
    given: list[int] = []

    class Counting(Still):
        def __init__(self, most: int):
            assert most == min(groups, 4)
            super().__init__(most)

        def hand(self, number: int, work: Any, *task: Any) -> None:
            given.extend(cell.machine.threads for cell in task[0])
            super().hand(number, work, *task)

    monkeypatch.setattr(batch, "Workers", Counting)
    one = small_groups("machine.threads=4")[0]
    many = [[at(cell, 0, number) for cell in one] for number in range(groups)]
    batch.run_groups(many, Store(tmp_path), budget=1e9, watch=lambda *_: None)
    assert set(given) == {threads}


class Mortal(Workers):
    """Workers that are killed as soon as they have work."""

    def hand(self, number: int, work: Callable[..., Any], *given: Any) -> None:
        super().hand(number, work, *given)
        for worker in self.running.values():
            os.kill(worker, signal.SIGKILL)


@pytest.mark.kill
def test_a_worker_that_dies_is_told_of_and_whole_cells_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, groups = Store(tmp_path / "cells"), small_groups()
    kept, _ = run(groups[:1], store)
    with monkeypatch.context() as patch:
        patch.setattr(batch, "Workers", Mortal)
        with pytest.raises(WorkFailed, match="A worker process died") as told:
            run(groups, store)
    assert told.value.exit_status == 1
    assert store.digests() == set(kept)
    whole, _ = run(groups, store)
    assert len(whole) == 12


def until(what: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    return what()


@pytest.mark.kill
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_workers_end_with_a_driver_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DRIVER, str(tmp_path / "cells"), "world=tiny", "years=60"]
    root = Path(__file__).parents[2]
    driver = subprocess.Popen(command, cwd=root, start_new_session=True)
    store = Store(tmp_path / "cells")
    try:
        assert until(lambda: len(store.digests()) > 0, 120)  # workers are in the middle of it
        assert len(of_session(driver.pid)) > 2
    finally:
        driver.kill()
        driver.wait()
    assert until(lambda: not set(of_session(driver.pid)), 20)
    for name in store.digests():
        store.get(name)


def test_a_worker_that_runs_other_code_than_the_driver_stops_the_work(tmp_path: Path) -> None:
    groups = small_groups()[:1]
    drive = batch._Drive(groups, Store(tmp_path), 1e9, print, batch.work, frozenset, 0)
    (names,) = drive.names
    drive._refuse_other_code(Ended(0, [], 0.0))
    drive._refuse_other_code(Ended(0, names, 0.0))
    with pytest.raises(WorkFailed, match="was changed while"):
        drive._refuse_other_code(Ended(0, ["0" * 32], 0.0))
