"""Many cells on one machine: groups that share a past, in balanced order, in a few processes.

The order is balanced over scenarios, so that stopping early costs precision, not balance: draw 0,
then draws 1, 2, ..., then more replicates of draw 0. Finished cells are in the store at once;
whatever stops the work, they stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sim.config.models import Settings
from sim.errors import WorkFailed
from sim.results import Store
from sim.study.cells import at, digest, run_group
from sim.study.claims import Claims
from sim.study.design import pairs_of
from sim.study.pace import Log, Pace, parts_of
from sim.study.room import memory_here
from sim.study.sizes import memory_mb, room_mb
from sim.study.warmup import warm_up
from sim.study.workers import Ended, Workers
from sim.tabulate.verdicts import ENOUGH_DRAWS

__all__ = [
    "groups_for_words",
    "groups_of",
    "processes",
    "run_groups",
    "warm_up",
    "with_threads",
    "work",
]

LOOK_SECONDS = 0.2
Watch = Callable[[list[str], int, float | None], None]
Work = Callable[[list[Settings], str], list[str]]


def groups_of(scenarios: Sequence[Settings]) -> list[list[Settings]]:
    """Return the cells of a comparison, grouped by the past they share, in balanced order."""
    pairs = pairs_of(scenarios[0].draws, scenarios[0].replicates)
    return [[at(settings, *pair) for settings in scenarios] for pair in pairs]


def groups_for_words(groups: Sequence[Sequence[Settings]]) -> int:
    """Return how many of the first groups hold the draws that a verdict in words needs.

    One where there are too few draws for words anyhow.
    """
    drawn = 0
    for number, group in enumerate(groups, 1):
        drawn += group[0].draw > 0
        if drawn == ENOUGH_DRAWS:
            return number
    return 1


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
    each = room_mb(memory_mb(first.world.name, first.world.region))
    fits = (memory_here() or math.inf) / 1e6 // each
    return max(1, int(min(first.machine.threads, fits, groups)))


def run_groups(
    groups: list[list[Settings]],
    store: Store,
    *,
    budget: float,
    watch: Watch,
    work: Work = work,
    left_out: Callable[[], frozenset[str]] = frozenset,
    always: int = 1,
    apart: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Run groups until all are done or the budget of seconds is spent; return finished digests.

    Another driver at work on the same store is left the cells it has begun, and waited for.

    Args:
        groups: Cells that share a past, in the order in which they matter.
        store: Where cells go.
        budget: Seconds of processor time, of each core at work, after which no further group is
            begun: on a busy machine it is the work that counts, not the waiting.
        watch: Called with the digests done, the number planned and the seconds left.
        work: What a worker does with a group.
        left_out: Returns cells that are not run, though they are not there.
        always: So many of the first groups are run whatever the budget.
        apart: What sets a cell apart beside scenario, draw and replicate, for the log.

    Raises:
        WorkFailed: A cell failed; finished ones are kept.
    """
    drive = _Drive(groups, store, budget, watch, work, left_out, always, apart)
    if drive.waiting():
        drive.run()
    there = store.digests()
    done = [name for group in drive.names if there.issuperset(group) for name in group]
    watch(done, drive.planned, 0.0)
    return done


@dataclass
class _Drive:
    """One driver: hands out groups to workers, and looks at the store while they work."""

    groups: list[list[Settings]]
    store: Store
    budget: float
    watch: Watch
    work: Work
    left_out: Callable[[], frozenset[str]]
    always: int
    apart: Mapping[str, str] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    begun: int = 0
    spent: float = 0.0
    longest: float = 0.0

    def __post_init__(self) -> None:
        self.names = [[digest(cell) for cell in group] for group in self.groups]
        self.planned = sum(map(len, self.names))
        self.log = Log(self.groups, self.names, self.apart)
        self.there = self.store.digests() | self.left_out()

    def waiting(self) -> list[int]:
        """Return the numbers of groups with cells that nobody has finished or been given."""
        known = self.there | self.handed
        return [i for i, names in enumerate(self.names) if not known.issuperset(names)]

    def run(self) -> None:
        """Hand out groups until none is left that may be begun."""
        first = self.groups[0][0]
        workers = processes(first, len(self.waiting()))
        self.threads = max(1, first.machine.threads // workers)  # few large cells share the cores
        self.cores = workers * self.threads
        parts = parts_of(self.groups, self.names)
        self.pace = Pace(parts, self.there, workers, self.always)
        with Workers(workers) as crew, Claims(self.store.root.parent) as claims:
            self._look()
            while self._hand_out(crew, claims) or crew.running:
                for ended in crew.ended(LOOK_SECONDS):
                    self._refuse_other_code(ended)
                    self.spent += ended.seconds
                    self.longest = max(self.longest, ended.seconds)
                    claims.release(self.names[ended.number])
                claims.beat()
                self._look()

    def _refuse_other_code(self, ended: Ended) -> None:
        """Stop where a worker gives cells other names than we do: it runs other code."""
        if not set(ended.result) <= set(self.names[ended.number]):
            raise WorkFailed(
                "The code of the model, or of a package whose rule is used, was changed while "
                "cells were run: workers that start now run other code than those before. "
                "Finished cells are kept, each under the code it was run by. Run it again."
            )

    def _hand_out(self, crew: Workers, claims: Claims) -> bool:
        """Give free workers what may be begun; return whether anything is left for later."""
        for number in (waiting := self.waiting()):
            if not self._may_begin(number, len(crew.running)):
                return False
            if not crew.free:
                return True
            known = self.there | self.handed
            ours = claims.take(name for name in self.names[number] if name not in known)
            together = zip(self.names[number], self.groups[number], strict=True)
            cells = [cell for name, cell in together if name in ours]
            if not cells:
                continue  # somebody else is at it: come back to see
            self.handed |= ours
            self.begun += 1
            self.log.begun(number, ours)
            crew.hand(number, self.work, with_threads(cells, self.threads), str(self.store.root))
        return bool(waiting)

    def _may_begin(self, number: int, running: int) -> bool:
        if number < self.always or not self.begun:
            return True
        ahead = self.longest * (running + 1)
        return (self.spent + ahead) / self.cores <= self.budget

    def _look(self) -> None:
        """See what is there, and tell it when that is news or a second has passed."""
        kept, failed = self.store.digests(), self.left_out()
        self.there = kept | failed
        self.log.ended(kept, failed)
        done = [name for group in self.names for name in group if name in kept]
        if self.pace.is_due(len(done)):
            most = self.budget - self.spent / self.cores
            self.watch(done, self.planned, self.pace.left(self.there, most))
