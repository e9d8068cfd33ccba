"""Higher education: entry by 19, degrees, later degrees; universities set places and support.

The arithmetic is `sim.year.higher`; what one university does is `sim.model.agents.University`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from sim.codes import ENTRY_HIGH_TARIFF, GRADUATION_GRADE, LATER_DEGREE_GRADES, LEVELS_GRADE
from sim.crew import Job
from sim.markets import queues
from sim.nation import Bought, Nation, by_grade
from sim.world.adults import Adults
from sim.world.universities import destinations
from sim.year import higher

__all__ = ["bought", "enter_higher", "go_to_university"]


def go_to_university(nation: Nation, year: int) -> None:
    """Let a cohort enter, others graduate; universities set places and support students."""
    universities = nation.agents.universities
    universities.do("back_students", nation.policy.higher.student_success)
    enter_higher(nation, year)
    table = nation.after.universities
    entrants = np.bincount(table.high, table.entrants, minlength=2)
    for university in universities:
        university.offer(float(entrants[int(university.high)]))


def enter_higher(nation: Nation, year: int) -> None:
    """Let a cohort enter by 19, others take degrees at 22 or later; count entrants."""
    world, after, terms = nation.world, nation.after, nation.terms
    blocks, under = by_grade(after, year), (terms.values, terms.on, terms.key)
    jobs: list[Job] = []
    if LEVELS_GRADE in blocks:
        chances = destinations(after.universities, after.distances, terms.values)
        log_km = after.offers.places.log_km
        young = blocks[LEVELS_GRADE]
        limit = _limit(nation, young)
        jobs.append(partial(higher.enter, young, log_km, chances, *under, limit))
    if GRADUATION_GRADE in blocks:
        support = after.universities.support
        jobs.append(partial(higher.graduate, blocks[GRADUATION_GRADE], support, *under))
    for grade in LATER_DEGREE_GRADES:
        if grade in blocks:
            jobs.append(partial(higher.later_degrees, blocks[grade], grade, *under))
    nation.crew.run(jobs)
    if LEVELS_GRADE in blocks:
        went = young.university >= 0
        weight = world.areas.weight[young.area[went]]
        after.universities.entrants = np.bincount(
            young.university[went], weight, minlength=len(after.universities)
        )
        if nation.policy_year == 0:
            high = young.entered == ENTRY_HIGH_TARIFF
            nation.memory.high_tariff = float(np.average(high, weights=world.weight_of(young)))


def _limit(nation: Nation, young: Adults) -> higher.Queue | None:
    """Return how places of high tariff are given out from year 1 on: as many a head as in year 0.

    Pupils of independent schools, who are not followed, hold theirs or compete for them.
    """
    if not nation.terms.on.tariff_places or nation.policy_year < 1:
        return None
    values, weight = nation.terms.values.higher, nation.world.weight_of(young)
    heads, apart = float(weight.sum()), values.independents
    rivals = queues.Rivals(
        heads * apart.pupils * apart.high_tariff, apart.high_tariff, values.independents_hold
    )
    places = heads * nation.memory.high_tariff
    return partial(queues.cutoff, weight=weight, places=places, rivals=rivals)


def bought(nation: Nation, year: int) -> Iterator[Bought]:
    """Yield what universities do under levers for those of an age to be students."""
    blocks, support = by_grade(nation.after, year), nation.after.universities.support
    for grade in range(LEVELS_GRADE, GRADUATION_GRADE):
        if grade in blocks:
            yield Bought(blocks[grade], higher.bought(blocks[grade], support))
