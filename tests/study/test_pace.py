"""How much time is left is told by what was done here, and by nothing before that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.config import compose_all
from sim.study import slurm
from sim.study.batch import groups_of
from sim.study.cells import digest
from sim.study.pace import Pace, Part, parts_of

START, PAST, OWN, GROUPS, CELLS, WORKERS = 9.0, 2.0, 3.0, 12, 3, 2
PARTS = [Part({f"{g}-{c}": OWN for c in range(CELLS)}, PAST) for g in range(GROUPS)]


def finished() -> Iterator[tuple[float, set[str]]]:
    """Yield the time and the cells there, as two processes end cell after cell."""
    moments = []
    for number in range(GROUPS):
        turn = number // WORKERS * (PAST + CELLS * OWN) + 0.1 * (number % WORKERS)
        moments += [(START + turn + PAST + OWN * (c + 1), f"{number}-{c}") for c in range(CELLS)]
    there: set[str] = set()
    for moment, name in sorted(moments):
        there.add(name)
        yield moment, set(there)


def test_the_time_left_does_not_jump_and_is_not_told_before_cells_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("sim.study.pace.time.monotonic", lambda: now[0])
    pace = Pace(PARTS, (), WORKERS, 1)
    assert pace.left((), 1e9) is None
    end = START + GROUPS / WORKERS * (PAST + CELLS * OWN) + 0.1
    for moment, there in finished():
        now[0] = moment
        left = pace.left(there, 1e9)
        if len(there) < 2 * WORKERS:
            assert left is None, there
        else:
            assert left == pytest.approx(end - moment, abs=0.25 * (end - moment) + 6), len(there)
    assert left == 0


def test_a_budget_cuts_what_seems_left_but_not_what_is_run_whatever_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("sim.study.pace.time.monotonic", lambda: now[0])
    pace = Pace(PARTS, {"0-0"}, WORKERS, 2)
    told = []
    for moment, there in list(finished())[:5]:
        now[0] = moment
        told.append([pace.left(there, most) for most in (1e9, 20.0, 0.0)])
    assert told[0] == [None] * 3
    whole, cut, least = told[-1]
    assert whole is not None and cut is not None and least is not None
    assert whole > 20.0 == cut > least > 0


def test_longer_lives_are_more_work() -> None:
    works = []
    for words in (("world=tiny", "years=2"), ("world=tiny", "years=8"), ("years=8",)):
        groups = groups_of(compose_all(["baseline", "flat"], [*words, "draws=1", "replicates=1"]))
        names = [[digest(cell) for cell in group] for group in groups]
        (first, second) = parts_of(groups, names)
        assert first.work(names[0]) == second.work(names[1]) > first.work(names[0][:1])
        assert first.work(names[1]) == 0
        works.append(first.work(names[0]))
    assert works == sorted(works)


def test_a_queue_of_a_cluster_is_no_part_of_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.slurm.time.monotonic", lambda: 1000.0)
    assert slurm._left(None, 1, 99) is None
    assert slurm._left((990.0, 4), 4, 96) is None
    assert slurm._left((990.0, 4), 8, 40) == 100.0
