"""Post-16: a route in the autumn after Year 11; Level 2 and 3 by 19.

The arithmetic is `sim.year.post16`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from sim.arrays import Bools
from sim.codes import FIRST_ADULT_GRADE, LEVELS_GRADE
from sim.config.models import Policy
from sim.crew import Job
from sim.nation import After, Bought, Nation, Terms, by_grade
from sim.world import offers
from sim.world.adults import Adults
from sim.year import post16

__all__ = ["bought", "choose_routes", "reach"]


def choose_routes(nation: Nation, year: int) -> None:
    """Let 16-year-olds choose a route, and 19-year-olds finish their levels."""
    world, after, terms = nation.world, nation.after, nation.terms
    blocks = by_grade(after, year)
    under = (terms.values, terms.on, terms.key, nation.policy.post16)
    slack = nation.work.slack if terms.on.local_work else None
    jobs: list[Job] = []
    if FIRST_ADULT_GRADE in blocks:
        young = blocks[FIRST_ADULT_GRADE]
        jobs.append(partial(post16.choose_routes, young, after.offers, *under, slack))
    if LEVELS_GRADE in blocks:
        jobs.append(partial(post16.finish_levels, blocks[LEVELS_GRADE], *under))
    nation.crew.run(jobs)
    if FIRST_ADULT_GRADE in blocks:
        offers.note_routes(
            after.offers.neighbours,
            young.area,
            young.ever6,
            young.route,
            world.areas.weight.astype(float),
            terms.values.offers.neighbours_keep,
        )


def bought(nation: Nation, year: int) -> Iterator[Bought]:
    """Yield what post-16 levers buy for those between 16 and 18."""
    blocks = by_grade(nation.after, year)
    for grade in range(FIRST_ADULT_GRADE, LEVELS_GRADE):
        if grade in blocks:
            yield Bought(blocks[grade], post16.bought(blocks[grade], nation.policy.post16))


def reach(after: After, young: Adults, terms: Terms, policy: Policy) -> Bools:
    """Return (people, 4): which kinds of post-16 offer can be reached from each home."""
    near = offers.kinds_in_reach(after.offers.places, terms.values.offers, terms.on, policy.post16)
    return np.asarray(near[young.small], np.bool_)
