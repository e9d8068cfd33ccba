"""Work: what recruitment and progression read and write, from nineteen to thirty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.after import After, by_grade
from sim.careers_facts import careers, distances, per_leaver
from sim.codes import GRADE_AT_25, JOB_LEVELS, JOB_PROFESSIONAL, LAST_ADULT_GRADE, SCHEME_GRADE
from sim.crew import Crew
from sim.market import Scene
from sim.steps import Setting
from sim.world import offers
from sim.world.tables import World
from sim.year import funnel, progression, recruitment

__all__ = ["Workplace", "progress", "recruit", "vacant"]

PAID = range(GRADE_AT_25 - 1, LAST_ADULT_GRADE + 1)


@dataclass(frozen=True)
class Workplace:
    """What recruitment needs of places; nothing in it changes."""

    places: recruitment.Places
    demand: recruitment.Demand
    log_pay: NDArray[np.float64]

    @classmethod
    def of(cls, world: World, fixed: Setting) -> Workplace:
        """Read published figures on jobs and the weights and regions of areas."""
        table = careers()
        demand = recruitment.Demand(
            per_leaver(table, fixed.values.recruitment.raised_abroad),
            table.by_age,
            distances(table),
        )
        places = recruitment.Places(world.areas.weight, world.areas.region.astype(np.int8))
        return cls(places, demand, table.log_pay)


def recruit(
    after: After, work: Workplace, year: int, fixed: Setting, groups: tuple[str, ...], crew: Crew
) -> None:
    """Recruitment: posts by last year's supply, graduate schemes, one market for everybody.

    Args:
        after: Adults and employers; changed in place.
        work: Places, demand and pay of regions.
        year: School year.
        fixed: Beliefs, switches and luck.
        groups: For whom contextual employers read results in the light of background.
        crew: Threads.
    """
    scene = Scene(fixed.values.recruitment, fixed.on, fixed.key, year)
    blocks = by_grade(after, year)
    employers = after.employers
    everybody = list(blocks.values())
    recruitment.open_posts(employers, everybody, work.places, work.demand, scene, crew)
    if SCHEME_GRADE in blocks:
        posts = float(employers.posts[employers.at(JOB_PROFESSIONAL)].sum())
        many = work.demand.by_age[:, 0].sum()
        contextual, blind = employers.scheme_shares()
        places = funnel.scheme_places(posts, many, fixed.values.funnel)
        chosen = funnel.Selection(places, contextual, blind, groups)
        schemes = Scene(fixed.values.funnel, fixed.on, fixed.key, year)
        funnel.funnel(blocks[SCHEME_GRADE], work.places.weight, chosen, schemes)
    recruitment.recruit(everybody, employers, work.places, work.demand, scene, crew)


def progress(
    world: World, after: After, work: Workplace, year: int, fixed: Setting, crew: Crew
) -> None:
    """Progression: steps and pay; what became of 25-year-olds is seen by younger ones."""
    scene = Scene(fixed.values.progression, fixed.on, fixed.key, year)
    blocks = by_grade(after, year)

    def one(grade: int) -> None:
        progression.promote(blocks[grade], after.employers, scene)
        if grade in PAID:
            progression.pay(blocks[grade], work.log_pay, scene)

    crew.run([partial(one, grade) for grade in blocks])
    if GRADE_AT_25 in blocks:
        adults = blocks[GRADE_AT_25]
        offers.note_prospects(
            after.offers.neighbours, adults.area, adults.job == JOB_PROFESSIONAL,
            world.areas.weight.astype(float), fixed.values.offers.neighbours_keep,
        )  # fmt: skip


def vacant(after: After) -> NDArray[np.int64]:
    """Return posts left open this year by region and level (lower, middle, professional)."""
    employers = after.employers
    left = [
        employers.vacancies[employers.at(n)] - employers.filled[employers.at(n)] for n in JOB_LEVELS
    ]
    return np.asarray(np.maximum(np.stack(left, axis=1), 0), np.int64)
