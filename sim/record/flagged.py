"""Flag cohorts: what becomes of the schools that a trigger flags first, funded or not.

A gap that was measured large is partly luck, and shrinks by itself. Whoever compares before with
after counts that as an effect. Every cell therefore follows the same schools: those flagged in
policy year 1, which rest on the past alone and are the same under every policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.codes import FIXED_POINT, PHASES
from sim.config.models import Targeting, Trigger
from sim.funding.census import Census
from sim.funding.targeting import reach
from sim.funding.trigger import UNKNOWN
from sim.record.flag_variables import FALSE_YEARS, FLAG_YEARS, SIDES, TRIGGERS
from sim.world.tables import Schools

__all__ = ["DECLARED", "Followed", "first_flags"]

Sums = NDArray[np.int64]
Flags = NDArray[np.bool_]

DECLARED = MappingProxyType(
    {
        "level_own_school": Trigger(on="level", against="own_school"),
        "progress_national": Trigger(on="progress", against="national"),
    }
)
"""The triggers whose first flags are followed; what a scenario itself flags is another matter."""

_FIRST = slice(0, 2)  # pupils and sum of the disadvantaged, then of the others, of (schools, 6)
_SECOND = slice(3, 5)


def first_flags(census: Census) -> Flags:
    """Return the schools flagged by each declared trigger, bool[triggers, n], by no award before.

    Args:
        census: That of policy year 1.
    """
    nobody = np.full(len(census), UNKNOWN, dtype=np.int64)
    arms = [Targeting(arm="gap_triggered", trigger=DECLARED[name]) for name in TRIGGERS]
    return np.stack([reach(census, arm, nobody).flags for arm in arms])


@dataclass
class Followed:
    """Results of flagged schools, year by year.

    Attributes:
        flags: Which schools, bool[triggers, schools].
        n: Pupils, int64[years, areas, triggers, phases, sides].
        total: Sums of results in the shape of ``n``, 2^-20 SD.
        later: By trigger and school, pupils and sums (2, sides) over the years that tell whether
            a flag was right; int64[triggers, schools, sides, 2].
    """

    flags: Flags
    n: Sums
    total: Sums
    later: Sums = field(repr=False)

    @classmethod
    def begin(cls, flags: Flags, areas: int) -> Followed:
        """Return a record of nothing yet."""
        shape = (len(FLAG_YEARS), areas, len(TRIGGERS), len(PHASES), len(SIDES))
        later = np.zeros((*flags.shape, len(SIDES), 2), np.int64)
        return cls(flags, np.zeros(shape, np.int64), np.zeros(shape, np.int64), later)

    def add_past(self, schools: Schools) -> None:
        """Add the years that the flags rest on, from what schools are remembered by."""
        for place, year in enumerate((-2, -1, 0)):
            kept = (schools.get(name).reshape(-1, 6, 3) for name in ("gap_level", "gap_progress"))
            self.add(year, schools, *(values[:, :, place] for values in kept))

    def add(self, year: int, schools: Schools, level: Sums, progress: Sums) -> None:
        """Add a policy year; one that is not followed is passed over.

        Args:
            year: Policy year.
            schools: Table of schools.
            level: Counts, sums, squares of leavers' results: disadvantaged, others; [schools, 6].
            progress: The same for progress since the stage before, SD.
        """
        if year not in FLAG_YEARS:
            return
        for k, name in enumerate(TRIGGERS):
            results = level if DECLARED[name].on == "level" else progress
            sides = np.stack([results[:, _FIRST], results[:, _SECOND]], axis=1)
            if year in FALSE_YEARS:
                self.later[k] += sides
            rows = np.flatnonzero(self.flags[k])
            where = (schools.area[rows], schools.phase[rows])
            at = FLAG_YEARS.index(year)
            np.add.at(self.n[at, :, k], where, sides[rows, :, 0])
            np.add.at(self.total[at, :, k], where, sides[rows, :, 1])

    def arrays(self, schools: Schools, weight: Sums) -> Mapping[str, ArrayLike]:
        """Return the variables of a cell; ``weight``: how many areas each area stands for."""
        shape = (self.n.shape[1], len(TRIGGERS), len(PHASES))
        known, false = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for k, name in enumerate(TRIGGERS):
            gap, seen = _gaps(self.later[k], DECLARED[name])
            pupils = np.where(seen, self.later[k, :, 0, 0], 0)
            for phase in range(len(PHASES)):
                rows = schools.phase == phase
                many = (weight[schools.area] * pupils)[rows]
                mean = int((many * gap[rows]).sum()) / max(1, int(many.sum()))
                mine = np.flatnonzero(rows & self.flags[k] & seen)
                np.add.at(known[:, k, phase], schools.area[mine], pupils[mine])
                mine = mine[gap[mine] < mean]
                np.add.at(false[:, k, phase], schools.area[mine], pupils[mine])
        return {
            "flagged_results_n": self.n,
            "flagged_results_sum": self.total / FIXED_POINT,
            "flagged_known_n": known,
            "flagged_false_n": false,
        }


def _gaps(sums: Sums, trigger: Trigger) -> tuple[Sums, Flags]:
    """Return each school's pooled gap in 2^-20 SD, whole so that no order matters, where known."""
    n, total = sums[:, :, 0], sums[:, :, 1]
    mean = np.rint(total / np.maximum(n, 1)).astype(np.int64)
    if trigger.against == "national":
        return -mean[:, 0], n[:, 0] > 0
    return mean[:, 1] - mean[:, 0], (n[:, 0] > 0) & (n[:, 1] > 0)
