r"""Spells without work: who neither studies nor looks for work in a year, from 19 to 30.

.. math:: out = a + b\,y + c\,[no\ Level\ 3] + d\,FSM + e\,(age - 25) + place\,(1 - w\,y)
          + \sqrt{l}\,z + \sqrt{1 - l}\,z_t > 0

with *y* attainment at 16, *z* luck of a whole life and :math:`z_t` that of a year, so that spells
last and come back. Place is a departure from the national mean (`sim.world.labour`). Whoever is out
gives up the post held, with the steps taken in it, and looks for another when the spell ends.

References:
    Department for Education, longitudinal education outcomes: main activity by years since Year 11.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Float32s, Int8s, Int32s, UInt32s, row_of
from sim.codes import GRADE_AT_25, GRADUATION_GRADE, NOWHERE, SPELL_OUT
from sim.config.models import Switches
from sim.config.values import SpellsBeliefs
from sim.kernel import kernel
from sim.rng import BLOCK, Key, Luck, Purpose, draw_block, luck, normal
from sim.world.adults import Adults

__all__ = ["lose_work"]

_F = np.float32
_ZERO = np.uint32(0)
_SPELL = np.uint32(int(Purpose.SPELL))


class Worker(NamedTuple):
    """Who may be without work, and what is lost by it."""

    id: UInt32s
    area: Int32s
    fsm15: Bools
    score: Float32s
    level3: Int8s
    entered: Int8s
    without_work: Bools
    job: Int8s
    region: Int8s
    grade_of_job: Int8s
    stepped: Bools
    moved: Bools
    left_to_get_on: Bools


class Spell(NamedTuple):
    """Coefficients of being without work in one year group, probit.

    Attributes:
        base: Constant, with what age adds.
        attainment: Per SD at 16.
        no_level3: Without Level 3 by 19.
        fsm: Registered for free meals at 15.
        weaker: By what share place counts less per SD at 16.
        shared: Loading of the luck of a life, and of the year's.
        studying: Whether those who entered higher education are still there.
    """

    base: np.float32
    attainment: np.float32
    no_level3: np.float32
    fsm: np.float32
    weaker: np.float32
    shared: Float32s
    studying: bool


def lose_work(
    adults: Adults, year: int, slack: Float32s, beliefs: SpellsBeliefs, on: Switches, key: Key
) -> None:
    """Say who of a cohort is without work this year; they give up their posts.

    Args:
        adults: One cohort of working age. Written: without_work, and what goes with a post.
        year: School year.
        slack: (areas,) how much harder work is to find (`sim.world.labour.slack`).
        beliefs: Beliefs of the group ``spells``.
        on: Switches; ``after_school_background`` off lets free meals at 15 take nothing.
        key: Luck.
    """
    grade = adults.grade(year)
    out = beliefs.without_work
    spell = Spell(
        base=_F(out.constant + out.age * (grade - GRADE_AT_25)),
        attainment=_F(out.attainment),
        no_level3=_F(out.no_level3),
        fsm=_F(out.fsm * bool(on.after_school_background)),
        weaker=_F(beliefs.weaker),
        shared=row_of((np.sqrt(beliefs.lasting), np.sqrt(1 - beliefs.lasting))),
        studying=grade < GRADUATION_GRADE,
    )
    _lose(adults.view(Worker), slack, spell, luck(key), luck(key, year))


@kernel
def _lose(people: Worker, slack: Float32s, of: Spell, of_life: Luck, of_year: Luck) -> None:
    words = np.empty((4, BLOCK), np.uint32)
    yearly = np.empty((4, BLOCK), np.uint32)
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, of_life.when, _SPELL, _ZERO, of_life.k0, of_life.k1, words)
        draw_block(part, of_year.when, _SPELL, _ZERO, of_year.k0, of_year.k1, yearly)
        for j in range(part.size):
            i = low + j
            y = people.score[i]
            v = of.base + of.attainment * y
            v += max(_F(1.0) - of.weaker * y, _F(0.0)) * slack[people.area[i]]
            v += of.no_level3 if people.level3[i] == 0 else _F(0.0)
            v += of.fsm if people.fsm15[i] else _F(0.0)
            v += of.shared[0] * normal(words[SPELL_OUT, j])
            v += of.shared[1] * normal(yearly[SPELL_OUT, j])
            studies = of.studying and people.entered[i] > 0
            out = v > _F(0.0) and not studies
            people.without_work[i] = out
            if out:
                people.job[i], people.region[i] = 0, NOWHERE
                people.grade_of_job[i], people.stepped[i] = 0, False
                people.moved[i], people.left_to_get_on[i] = False, False
