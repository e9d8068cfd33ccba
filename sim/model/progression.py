"""Progression: steps and pay from nineteen to thirty.

The arithmetic is `sim.year.progression`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sim.codes import GRADE_AT_25, JOB_PROFESSIONAL, LAST_ADULT_GRADE
from sim.markets.jobs import Scene
from sim.nation import Bought, Nation, by_grade
from sim.world import offers
from sim.year import progression

__all__ = ["PAID", "bought", "climb", "progress"]


PAID = range(GRADE_AT_25 - 1, LAST_ADULT_GRADE + 1)


def progress(nation: Nation, year: int) -> None:
    """Let everybody at work progress and be paid; younger ones see what became of those of 25."""
    _live(nation, year, PAID)


def climb(nation: Nation, year: int) -> None:
    """Do as `progress` in a year that nobody measures: pay is not worked out, nothing reads it."""
    _live(nation, year, range(0))


def _live(nation: Nation, year: int, paid: range) -> None:
    world, after, terms = nation.world, nation.after, nation.terms
    scene = Scene(terms.values.progression, terms.on, terms.key, year)
    blocks = by_grade(after, year)

    def one(grade: int) -> None:
        progression.promote(blocks[grade], after.employers, scene)
        if grade in paid:
            progression.pay(blocks[grade], nation.work.log_pay, scene)

    nation.crew.run([partial(one, grade) for grade in blocks])
    if GRADE_AT_25 in blocks:
        adults = blocks[GRADE_AT_25]
        offers.note_prospects(
            after.offers.neighbours,
            adults.area,
            adults.job == JOB_PROFESSIONAL,
            world.areas.weight.astype(float),
            terms.values.offers.neighbours_keep,
        )


def bought(nation: Nation, year: int) -> Iterator[Bought]:
    """Yield by which criteria people are promoted, under levers or by default."""
    for people in by_grade(nation.after, year).values():
        yield Bought(people, progression.bought(people, nation.after.employers))
