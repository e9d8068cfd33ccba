"""How far work is: seconds that seem left, and a line in the log for each cell."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping, Sequence

from sim.config.models import Settings

__all__ = ["Log", "Pace", "guess_seconds"]

TELL_SECONDS = 1.0
START_SECONDS = 3.0
"""What workers take to start, about."""
_LOG = logging.getLogger("sim.cells")


def guess_seconds(cell: Settings) -> float:
    """Guess the seconds of one process that a cell takes, by the size of its world."""
    from sim.study.cost import year_seconds

    return year_seconds(cell) * (cell.years + 4)  # its past is shared


class Pace:
    """Seconds left: a guess until cells are done, then as fast as it went so far.

    Args:
        names: Digests of the cells, group by group.
        there: Cells that were done, or given up, before.
        seconds: What a cell is guessed to take.
        always: So many of the first groups are run whatever the budget.
    """

    def __init__(
        self, names: Sequence[Sequence[str]], there: Collection[str], seconds: float, always: int
    ) -> None:
        self._todo = sum(name not in there for group in names for name in group)
        self._sure = sum(name not in there for group in names[:always] for name in group)
        self._before = sum(map(len, names)) - self._todo
        self._guess = START_SECONDS + self._todo * seconds
        self._started = time.monotonic()
        self._told = (-1, 0.0)

    def is_due(self, done: int) -> bool:
        """Whether so many cells are news, or a second has passed since the last word."""
        now = time.monotonic()
        if done == self._told[0] and now - self._told[1] < TELL_SECONDS:
            return False
        self._told = (done, now)
        return True

    def left(self, done: int, most: float) -> float | None:
        """Return the seconds that seem left; None where a guess has run out.

        Args:
            done: Cells that are done.
            most: Seconds of a budget that are left; cells that run whatever it is may take longer.
        """
        spent, fresh = time.monotonic() - self._started, done - self._before
        if fresh <= 0:
            return self._guess - spent if self._guess - spent >= 1 else None
        each = spent / fresh
        return max(0.0, min(each * (self._todo - fresh), max(each * (self._sure - fresh), most)))


class Log:
    """A line in the log, at level INFO, for each cell that begins, ends or fails."""

    def __init__(
        self, groups: Sequence[Sequence[Settings]], names: Sequence[Sequence[str]],
        apart: Mapping[str, str],
    ) -> None:  # fmt: skip
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
