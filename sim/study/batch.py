"""Many cells on one machine: groups that share a past, in balanced order, in a few processes.

The order is balanced over scenarios, so that stopping early costs precision, not balance: draw 0,
then draws 1, 2, ..., then more replicates of draw 0. Finished cells are in the store at once;
whatever stops the work, they stay.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sim import kernel
from sim.config.models import Settings
from sim.results import Store
from sim.study.cells import at, digest, run_group
from sim.study.design import pairs_of
from sim.study.workers import Workers

__all__ = ["groups_of", "processes", "run_groups", "warm_up", "with_threads", "work"]

LOOK_SECONDS = 0.2
Watch = Callable[[list[str], int, float | None], None]
Work = Callable[[list[Settings], str], list[str]]


def groups_of(scenarios: Sequence[Settings]) -> list[list[Settings]]:
    """Return the cells of a comparison, grouped by the past they share, in balanced order."""
    pairs = pairs_of(scenarios[0].draws, scenarios[0].replicates)
    return [[at(settings, *pair) for settings in scenarios] for pair in pairs]


def warm_up() -> None:
    """Compile kernels in this process if nobody has, so that workers only load them."""
    if any(Path(kernel.CACHE_FOLDER).rglob("*.nbi")):
        return
    from sim.config import compose
    from sim.model import SchoolsModel

    model = SchoolsModel(compose("baseline", ["world=tiny", "years=1", "machine.threads=1"]))
    model.run()
    model.close()


def work(group: list[Settings], root: str) -> list[str]:
    """Run one group in a worker; the first failure ends it."""
    return list(run_group(group, Store(root)))


def with_threads(group: list[Settings], threads: int) -> list[Settings]:
    """Return the same cells for a worker that has so many cores to itself."""
    return [
        cell.model_copy(update={"machine": cell.machine.model_copy(update={"threads": threads})})
        for cell in group
    ]


def processes(first: Settings, groups: int) -> int:
    """Return how many processes fit: cores asked for, and memory for a past and a branch each."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    fits = int(memory // (3.0 if first.world.name == "england" else 0.8))
    return max(1, min(first.machine.threads, fits, groups))


def run_groups(
    groups: list[list[Settings]], store: Store, *, budget: float, watch: Watch,
    work: Work = work, left_out: frozenset[str] = frozenset(),
) -> list[str]:  # fmt: skip
    """Run groups until all are done or the budget of seconds is spent; return finished digests.

    Args:
        groups: Cells that share a past, in the order in which they matter.
        store: Where cells go.
        budget: Seconds of running after which no further group is begun.
        watch: Called with the digests done, the number planned and the seconds left.
        work: What a worker does with a group.
        left_out: Cells that are not run, though they are not there.

    Raises:
        WorkFailed: A cell failed; finished ones are kept.
    """
    names = [[digest(cell) for cell in group] for group in groups]
    planned = sum(map(len, names))
    there = store.digests() | left_out
    todo = [i for i, group in enumerate(names) if not there.issuperset(group)]
    if todo:
        _drive(groups, names, todo, store, budget, watch, planned, work)
    return _finished(names, store, watch, planned)


def _finished(names: list[list[str]], store: Store, watch: Watch, planned: int) -> list[str]:
    there = store.digests()
    done = [name for group in names if there.issuperset(group) for name in group]
    watch(done, planned, 0.0)
    return done


def _drive(
    groups: list[list[Settings]], names: list[list[str]], todo: list[int], store: Store,
    budget: float, watch: Watch, planned: int, work: Work,
) -> None:  # fmt: skip
    """Hand out groups to workers and look at the store while they work."""
    started = time.perf_counter()
    first = groups[0][0]
    workers = processes(first, len(todo))
    threads = max(1, first.machine.threads // workers)  # few large cells share the cores
    flat = [name for group in names for name in group]
    waiting, seen, longest = list(todo), 0, 0.0
    begun: dict[int, float] = {}
    with Workers(workers) as crew:
        while waiting or crew.running:
            spent = time.perf_counter() - started
            while waiting and crew.free and (not begun or spent + longest <= budget):
                number = waiting.pop(0)
                begun[number] = time.perf_counter()
                crew.hand(number, work, with_threads(groups[number], threads), str(store.root))
            if not crew.running:
                break
            for ended in crew.ended(LOOK_SECONDS):
                longest = max(longest, time.perf_counter() - begun[ended.number])
            there = store.digests()
            done = [name for name in flat if name in there]
            if len(done) != seen:
                seen = len(done)
                watch(done, planned, _left(started, seen, planned, budget))


def _left(started: float, done: int, planned: int, budget: float) -> float | None:
    """Seconds that seem left, at the pace so far."""
    if not done:
        return None
    spent = time.perf_counter() - started
    return max(0.0, min(spent / done * (planned - done), budget - spent))
