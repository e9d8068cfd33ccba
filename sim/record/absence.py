"""Rows of the record: how much of school pupils on roll missed this year, where schools stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Float32s, Int8s, Int32s, Int64s
from sim.codes import FIXED_POINT, GROUP_COUNT
from sim.kernel import kernel
from sim.nation import Nation
from sim.world.attendance import absence, absence_terms
from sim.world.pupils import Pupils

__all__ = ["absence_rows"]


def absence_rows(nation: Nation, groups: dict[int, NDArray[np.int8]]) -> Mapping[str, ArrayLike]:
    """Return sums of absence, and of who misses much of school, by area and group.

    Where the switch ``attendance`` is off, what children of such homes miss on average.

    Args:
        nation: The nation at the end of a year.
        groups: Results group of each child, by birth year.
    """
    world, terms = nation.world, nation.terms
    cohorts, effort = list(world.cohorts.values()), nation.policy.schools.attendance
    found = np.zeros((len(cohorts), len(world.areas), GROUP_COUNT, 2), np.int64)

    def one(k: int, pupils: Pupils) -> None:
        by = absence_terms(terms.values, terms.on, pupils.grade(nation.year), effort)
        each = absence(pupils, by, int(terms.bits.ever6))
        _count(pupils.school, world.schools.area, groups[pupils.birth_year], *each, found[k])

    nation.crew.run([partial(one, k, pupils) for k, pupils in enumerate(cohorts)])
    total = found.sum(axis=0) / FIXED_POINT
    return {"absence_sum": total[:, :, 0], "persistent_sum": total[:, :, 1]}


@kernel
def _count(
    school: Int32s, at: Int32s, group: Int8s, missed: Float32s, often: Float32s, sums: Int64s
) -> None:
    for i in range(school.size):
        s = school[i]
        if s == at.size:  # not on a roll
            continue
        local = sums[at[s], group[i]]
        local[0] += np.int64(np.round(np.float64(missed[i]) * FIXED_POINT))
        local[1] += np.int64(np.round(np.float64(often[i]) * FIXED_POINT))
