"""Work: employers take up practices, posts are opened, graduate schemes and one market fill them.

Before that, who is without work for a spell. The arithmetic is `sim.year.spells`,
`sim.year.funnel` and `sim.year.recruitment`; what one employer does is `sim.model.agents.Employer`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.codes import JOB_LEVELS, JOB_PROFESSIONAL, LEVELS_GRADE, REGION_COUNT, SCHEME_GRADE
from sim.markets.jobs import Scene
from sim.nation import After, Bought, Nation, by_grade
from sim.year import funnel, recruitment, spells

__all__ = ["bought", "find_work", "lose_work", "recruit", "vacant"]


def find_work(nation: Nation, year: int) -> None:
    """Let employers take up practices, open posts and fill them."""
    pace = nation.terms.values.recruitment.adoption_pace
    nation.agents.employers.do("adopt", nation.policy, pace)
    if nation.terms.on.local_work:
        lose_work(nation, year)
    recruit(nation, year)
    if nation.policy_year == 0:
        nation.after.employers.remember()


def lose_work(nation: Nation, year: int) -> None:
    """Say who is without work for a spell this year."""
    terms, blocks = nation.terms, by_grade(nation.after, year)
    if LEVELS_GRADE in blocks:
        slack = nation.work.slack
        spells.foresee(blocks[LEVELS_GRADE], slack, terms.values.spells, terms.on, terms.key)
    grown = [people for grade, people in blocks.items() if grade >= LEVELS_GRADE]
    nation.crew.run([partial(spells.lose_work, people, year) for people in grown])


def recruit(nation: Nation, year: int) -> None:
    """Open posts by last year's supply, run graduate schemes, and one market for everybody."""
    terms, work, employers = nation.terms, nation.work, nation.after.employers
    scene = Scene(terms.values.recruitment, terms.on, terms.key, year)
    blocks = by_grade(nation.after, year)
    everybody = list(blocks.values())
    recruitment.open_posts(employers, everybody, work.places, work.demand, scene, nation.crew)
    if SCHEME_GRADE in blocks:
        posts = float(employers.posts[employers.at(JOB_PROFESSIONAL)].sum())
        many = work.demand.by_age[:, 0].sum()
        contextual, blind = employers.scheme_shares()
        places = funnel.scheme_places(posts, many, terms.values.funnel)
        favoured = nation.policy.hiring.groups
        chosen = funnel.Selection(places, contextual, blind, favoured)
        schemes = Scene(terms.values.funnel, terms.on, terms.key, year)
        funnel.funnel(blocks[SCHEME_GRADE], work.places.weight, chosen, schemes)
    recruitment.recruit(everybody, employers, work.places, work.demand, scene, nation.crew)


def bought(nation: Nation, year: int) -> Iterator[Bought]:
    """Yield how applications to graduate schemes are read, under levers or by default."""
    blocks = by_grade(nation.after, year)
    if SCHEME_GRADE in blocks:
        people = blocks[SCHEME_GRADE]
        yield Bought(people, funnel.bought(people, *nation.after.employers.scheme_shares()))


def vacant(after: After) -> NDArray[np.int64]:
    """Return (9, 3) posts left open this year by region and level (lower, middle, professional)."""
    employers = after.employers
    left = np.zeros((REGION_COUNT, len(JOB_LEVELS)), np.int64)
    spare = np.maximum(employers.vacancies - employers.filled, 0)
    np.add.at(left, (employers.region, employers.level - 1), spare)
    return left
