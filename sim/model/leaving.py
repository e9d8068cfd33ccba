"""Leaving school: a cohort that has finished Year 11 goes on as adults."""

from __future__ import annotations

import numpy as np

from sim.codes import ID_BITS, LAST_GRADE
from sim.nation import After, Leavers, Terms
from sim.world import parents
from sim.world.adults import Adults
from sim.world.pupils import Pupils
from sim.world.tables import World
from sim.year import assessment

__all__ = ["leave_school", "older_leavers"]


def leave_school(
    world: World, after: After, pupils: Pupils, leavers: Leavers, terms: Terms
) -> Adults:
    """Turn a cohort that has finished Year 11 into adults; only those on a roll are followed.

    Args:
        world: The places.
        after: Where the new block is put.
        pupils: The cohort as it left school.
        leavers: Its Attainment 8 as standard scores of year 0, and its results groups.
        terms: Beliefs, switches and luck.
    """
    here = np.flatnonzero(world.enrolled(pupils))
    adults = Adults(here.size, pupils.birth_year)
    small = pupils.small[here]
    area = world.small.area[small]
    adults.id, adults.small, adults.area = pupils.id[here], small, area
    adults.heritage, adults.girl = pupils.heritage[here], pupils.girl[here]
    adults.group, adults.score = leavers.group[here], leavers.score[here]
    if terms.on.causal_gains:
        doubted = np.float32(1 - terms.values.post16.causal_share)
        scale = assessment.scale(terms.values.assessment, terms.on, LAST_GRADE)
        adults.score -= doubted * pupils.added[here] / scale.spread
    bits = pupils.registered[here]
    adults.fsm15 = (bits & 1) != 0
    adults.ever6 = adults.group > 0
    adults.fifth = after.fifth[small]
    adults.occupation = parents.occupation(
        adults.id,
        pupils.parents[here],
        adults.fsm15,
        after.professional[area],
        terms.values.parents,
        terms.key,
    )
    after.adults[pupils.birth_year] = adults
    return adults


def older_leavers(after: After, youngest: Adults, cohorts: int) -> None:
    """Fill in older cohorts: the leavers of the first year again, under luck of their own.

    They pass through the same functions as everybody, year by year, before policy.
    """
    for back in range(1, cohorts + 1):
        twin = youngest.copy()
        twin.birth_year = youngest.birth_year - back
        twin.id = youngest.id - np.uint32(back << ID_BITS)
        after.adults[twin.birth_year] = twin
