"""After school: what each process from sixteen to thirty reads and writes.

Like `sim.steps`, this knows the tables, while the files of `sim.year` know only arrays. People
after school are blocks of `Adults`, one a cohort; universities and employers are tables over which
the model makes agents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.adults import Adults
from sim.arrays import Bools
from sim.codes import (
    FIRST_ADULT_GRADE,
    GRADUATION_GRADE,
    ID_BITS,
    LAST_ADULT_GRADE,
    LATER_DEGREE_GRADES,
    LEVELS_GRADE,
)
from sim.config.models import Policy
from sim.config.values import Values
from sim.crew import Crew, Job
from sim.employers import Employers
from sim.pupils import Pupils
from sim.rng import Key
from sim.steps import Setting
from sim.world import offers, parents, universities
from sim.world.tables import World
from sim.world.universities import Universities
from sim.year import higher, post16

__all__ = [
    "After", "by_grade", "choose_routes", "enter_higher", "found", "leave_school",
    "older_leavers", "reach",
]  # fmt: skip


@dataclass
class After:
    """Everybody and everything after sixteen; what changes is copied for a branch.

    Attributes:
        adults: Cohorts by birth year.
        offers: What can be reached after sixteen, and older neighbours.
        universities: Table of universities.
        employers: Table of employers.
        distances: Kilometres between regions, for students.
        fifth: Deprivation fifth of each small area, 1 the most deprived.
        professional: Share of workers in professional jobs around each area.
    """

    adults: dict[int, Adults]
    offers: offers.Offers
    universities: Universities
    employers: Employers
    distances: NDArray[np.float64]
    fifth: NDArray[np.int8]
    professional: NDArray[np.float64]

    def copy(self) -> After:
        """Return a branch of its own."""
        return replace(
            self, adults={year: block.copy() for year, block in self.adults.items()},
            offers=self.offers.copy(), universities=self.universities.copy(),
            employers=self.employers.copy(),
        )  # fmt: skip


def found(world: World, values: Values, key: Key) -> After:
    """Lay out sixth forms, colleges, universities and employers of a world."""
    rows = world.areas.facts_row
    return After(
        adults={}, offers=offers.lay_out(world, values.offers),
        universities=universities.found(world.facts, values.higher, key), employers=Employers(),
        distances=universities.region_distances(world.facts), fifth=_fifths(world),
        professional=np.asarray(world.facts.professional_share[rows], float),
    )  # fmt: skip


def _fifths(world: World) -> NDArray[np.int8]:
    """Return the fifth of each small area by the share of its children registered for FSM."""
    small = world.small
    order = np.lexsort((small.id, -small.fsm_share))
    weight = world.areas.weight[small.area[order]].astype(float)
    place = (np.cumsum(weight) - weight / 2) / weight.sum()
    fifth = np.empty(len(small), np.int8)
    fifth[order] = np.minimum(5 * place, 4).astype(np.int8) + 1
    return fifth


def leave_school(
    world: World, after: After, pupils: Pupils, score: NDArray[np.float32],
    group: NDArray[np.int8], fixed: Setting,
) -> Adults:  # fmt: skip
    """Turn a cohort that has finished Year 11 into adults; only those on a roll are followed.

    Args:
        world: The places.
        after: Where the new block is put.
        pupils: The cohort as it left school.
        score: Its Attainment 8 as standard scores of year 0.
        group: Its results groups.
        fixed: Beliefs, switches and luck.
    """
    here = np.flatnonzero(pupils.school < len(world.schools))
    adults = Adults(here.size, pupils.birth_year)
    small = pupils.small[here]
    area = world.small.area[small]
    adults.id, adults.small, adults.area = pupils.id[here], small, area
    adults.heritage, adults.group, adults.score = pupils.heritage[here], group[here], score[here]
    bits = pupils.registered[here]
    adults.fsm15 = (bits & 1) != 0
    adults.ever6 = group[here] > 0
    adults.fifth = after.fifth[small]
    adults.occupation = parents.occupation(
        adults.id, pupils.parents[here], adults.fsm15, after.professional[area],
        fixed.values.parents, fixed.key,
    )  # fmt: skip
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


def by_grade(after: After, year: int) -> dict[int, Adults]:
    """Return the cohorts by year group (12 after Year 11), those up to thirty."""
    found = {block.grade(year): block for block in after.adults.values()}
    return {g: b for g, b in sorted(found.items()) if FIRST_ADULT_GRADE <= g <= LAST_ADULT_GRADE}


def choose_routes(
    world: World, after: After, year: int, fixed: Setting, policy: Policy, crew: Crew
) -> None:
    """Post-16: a route in the autumn after Year 11; Level 2 and 3 by 19."""
    blocks, under = by_grade(after, year), (fixed.values, fixed.on, fixed.key, policy.post16)
    jobs: list[Job] = []
    if FIRST_ADULT_GRADE in blocks:
        jobs.append(partial(post16.choose_routes, blocks[FIRST_ADULT_GRADE], after.offers, *under))
    if LEVELS_GRADE in blocks:
        jobs.append(partial(post16.finish_levels, blocks[LEVELS_GRADE], *under))
    crew.run(jobs)
    if FIRST_ADULT_GRADE in blocks:
        young = blocks[FIRST_ADULT_GRADE]
        offers.note_routes(
            after.offers.neighbours, young.area, young.ever6, young.route,
            world.areas.weight.astype(float), fixed.values.offers.neighbours_keep,
        )  # fmt: skip


def enter_higher(world: World, after: After, year: int, fixed: Setting, crew: Crew) -> None:
    """Higher education: entry by 19, degrees at 22, later degrees; counts entrants."""
    blocks, under = by_grade(after, year), (fixed.values, fixed.on, fixed.key)
    jobs: list[Job] = []
    if LEVELS_GRADE in blocks:
        homes = world.areas.region.astype(np.int64)
        chances = higher.destinations(after.universities, after.distances, fixed.values)
        log_km = after.offers.places.log_km
        jobs.append(partial(higher.enter, blocks[LEVELS_GRADE], log_km, homes, chances, *under))
    if GRADUATION_GRADE in blocks:
        support = after.universities.support
        jobs.append(partial(higher.graduate, blocks[GRADUATION_GRADE], support, *under))
    for grade in LATER_DEGREE_GRADES:
        if grade in blocks:
            jobs.append(partial(higher.later_degrees, blocks[grade], grade, *under))
    crew.run(jobs)
    if LEVELS_GRADE in blocks:
        young = blocks[LEVELS_GRADE]
        went = young.university >= 0
        weight = world.areas.weight[young.area[went]]
        after.universities.entrants = np.bincount(
            young.university[went], weight, minlength=len(after.universities)
        )


def reach(world: World, after: After, young: Adults, fixed: Setting, policy: Policy) -> Bools:
    """Return (people, 4): which kinds of post-16 offer can be reached from each home."""
    near = offers.kinds_in_reach(after.offers.places, fixed.values.offers, fixed.on, policy.post16)
    return np.asarray(near[young.small], np.bool_)
