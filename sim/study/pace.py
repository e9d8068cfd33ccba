"""How far work is: seconds that seem left, and a line in the log for each cell."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sim.config.models import Settings
from sim.study.sizes import cell_work

__all__ = ["Log", "Pace", "Part", "parts_of"]

TELL_SECONDS = 1.0
_LOG = logging.getLogger("sim.cells")


@dataclass(frozen=True)
class Part:
    """A group as work: what each of its cells takes by digest, and what the past they share takes.

    Only proportions count: how fast this machine is shows as cells are done.
    """

    own: Mapping[str, float]
    past: float

    def work(self, names: Collection[str]) -> float:
        """Return what these cells take, with the past that any of them needs."""
        own = [took for name, took in self.own.items() if name in names]
        return sum(own) + (self.past if own else 0.0)


def parts_of(groups: Sequence[Sequence[Settings]], names: Sequence[Sequence[str]]) -> list[Part]:
    """Return groups as work, by the size of their worlds and the years they live."""
    parts = []
    for group, digests in zip(groups, names, strict=True):
        past, _ = cell_work(group[0])
        own = {name: cell_work(cell)[1] for name, cell in zip(digests, group, strict=True)}
        parts.append(Part(own, past))
    return parts


class Pace:
    """Seconds left, as fast as it went so far; nothing before that can be told.

    Starting takes each process some seconds, and what another machine took is no measure of this
    one. So the clock starts when every process has had time to finish a cell, and the seconds left
    are told once each has had time for another.

    Args:
        parts: The work, group by group.
        there: Cells that were done, or given up, before.
        workers: Processes that share it.
        always: So many of the first groups are run whatever the budget.
    """

    def __init__(
        self, parts: Sequence[Part], there: Collection[str], workers: int, always: int
    ) -> None:
        gone = frozenset(there)
        todo = [
            Part({n: w for n, w in part.own.items() if n not in gone}, part.past) for part in parts
        ]
        self._todo, self._sure = todo, todo[:always]
        self._workers = workers
        self._base: tuple[float, float, int] | None = None
        self._told = (-1, 0.0)

    def is_due(self, done: int) -> bool:
        """Whether so many cells are news, or a second has passed since the last word."""
        now = time.monotonic()
        if done == self._told[0] and now - self._told[1] < TELL_SECONDS:
            return False
        self._told = (done, now)
        return True

    def left(self, there: Collection[str], most: float) -> float | None:
        """Return the seconds that seem left; None until enough is done to tell.

        Args:
            there: Cells that are done, or given up.
            most: Seconds of a budget that are left; cells that run whatever it is may take longer.
        """
        fresh = sum(name in there for part in self._todo for name in part.own)
        if fresh < self._workers:
            return None
        now, work = time.monotonic(), sum(part.work(there) for part in self._todo)
        if self._base is None:
            self._base = (now, work, fresh)
        then, before, first = self._base
        if fresh < first + self._workers:
            return None
        each = (now - then) / (work - before)
        ahead, sure = (each * _ahead(parts, there) for parts in (self._todo, self._sure))
        return max(0.0, min(ahead, max(sure, most)))


def _ahead(parts: Sequence[Part], there: Collection[str]) -> float:
    """Return the work of what is not there."""
    return sum(part.work(part.own.keys()) - part.work(there) for part in parts)


class Log:
    """A line in the log, at level INFO, for each cell that begins, ends or fails."""

    def __init__(
        self,
        groups: Sequence[Sequence[Settings]],
        names: Sequence[Sequence[str]],
        apart: Mapping[str, str],
    ) -> None:
        self._names = names
        self._told = {
            name: f"{cell.scenario}, draw {cell.draw}, replicate {cell.replicate}"
            f"{apart.get(name, '')} ({name[:12]})"
            for group, cells in zip(names, groups, strict=True)
            for name, cell in zip(group, cells, strict=True)
        }
        self._begun: dict[str, float] = {}

    def begun(self, number: int, ours: Collection[str]) -> None:
        """Note that cells of a group were handed to a worker."""
        for name in self._names[number]:
            if name in ours and name not in self._begun:
                self._begun[name] = time.monotonic()
                _LOG.info("begun: %s", self._told[name])

    def ended(self, there: Collection[str], failed: Collection[str]) -> None:
        """Note those begun that are there, or failed, by now."""
        for name in [n for n in self._begun if n in there or n in failed]:
            seconds = time.monotonic() - self._begun.pop(name)
            how = "ended" if name in there else "failed"
            _LOG.info("%s after %.1f s: %s", how, seconds, self._told[name])
