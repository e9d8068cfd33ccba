r"""Spells without work: who neither studies nor looks for work in a year, from 19 to 30.

.. math:: out_t = a + b\,y + c\,[no\ Level\ 3] + d\,FSM + e\,(age - 25) + place\,(1 - w\,y)
          + \sqrt{l}\,z + \sqrt{1 - l}\,z_t > 0

with *y* what attainment at 16 counts, *z* luck of a whole life and :math:`z_t` that of a year, so
that spells last and come back. Place is a departure from the national mean (`sim.world.labour`).
Nothing of this changes after 19, so that all years are told at once then, a bit each. Whoever is
out gives up the post held, with the steps taken in it, and looks for another when the spell ends.

References:
    Department for Education, longitudinal education outcomes: main activity by years since Year 11.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Float32s, Int8s, Int32s, UInt16s, UInt32s, row_of
from sim.codes import (
    GRADE_AT_25,
    GRADUATION_GRADE,
    LAST_ADULT_GRADE,
    LEVELS_GRADE,
    NOWHERE,
    SPELL_LIFE,
    SPELL_YEARS,
)
from sim.config.models import Switches
from sim.config.values import SpellsBeliefs
from sim.kernel import kernel
from sim.rng import BLOCK, BYTE_NORMALS, Key, Luck, Purpose, draw_block, luck, normal
from sim.world.adults import Adults

__all__ = ["foresee", "lose_work"]

_F = np.float32
_ZERO = np.uint32(0)
_SPELL = np.uint32(int(Purpose.SPELL))
_YEARS = LAST_ADULT_GRADE - LEVELS_GRADE + 1
_A_WORD = 4
_BITS, _BYTE = np.uint32(8), np.uint32(255)
_NORMALS = BYTE_NORMALS.astype(np.float32)  # luck of a year


class Worker(NamedTuple):
    """Whose spells are told, by what; bits of ``spells`` are years from 19 on."""

    id: UInt32s
    area: Int32s
    fsm15: Bools
    score: Float32s
    level3: Int8s
    spells: UInt16s


class Spell(NamedTuple):
    """Coefficients of being without work, probit.

    Attributes:
        base: Constant at 19.
        attainment: Per SD at 16.
        no_level3: Without Level 3 by 19.
        fsm: Registered for free meals at 15.
        age: What a year of age adds.
        weaker: By what share place counts less per SD at 16.
        shared: Loading of the luck of a life, and of the year's.
    """

    base: np.float32
    attainment: np.float32
    no_level3: np.float32
    fsm: np.float32
    age: np.float32
    weaker: np.float32
    shared: Float32s


def foresee(
    adults: Adults, slack: Float32s, beliefs: SpellsBeliefs, on: Switches, key: Key
) -> None:
    """Tell for those who turn 19 in which years to 30 they are without work; writes spells.

    Args:
        adults: One cohort, with its levels.
        slack: (areas,) how much harder work is to find (`sim.world.labour.slack`).
        beliefs: Beliefs of the group ``spells``.
        on: Switches; ``after_school_background`` off lets free meals at 15 take nothing.
        key: Luck.
    """
    out = beliefs.without_work
    spell = Spell(
        base=_F(out.constant + out.age * (LEVELS_GRADE - GRADE_AT_25)),
        attainment=_F(out.attainment),
        no_level3=_F(out.no_level3),
        fsm=_F(out.fsm * bool(on.after_school_background)),
        age=_F(out.age),
        weaker=_F(beliefs.weaker),
        shared=row_of((np.sqrt(beliefs.lasting), np.sqrt(1 - beliefs.lasting))),
    )
    _foresee(adults.view(Worker), slack, spell, luck(key))


@kernel
def _foresee(people: Worker, slack: Float32s, of: Spell, luck: Luck) -> None:
    words = np.empty((4, BLOCK), np.uint32)
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _SPELL, _ZERO, luck.k0, luck.k1, words)
        for j in range(part.size):
            i = low + j
            y = people.score[i]
            v = of.base + of.attainment * y + of.shared[0] * normal(words[SPELL_LIFE, j])
            v += max(_F(1.0) - of.weaker * y, _F(0.0)) * slack[people.area[i]]
            v += of.no_level3 if people.level3[i] == 0 else _F(0.0)
            v += of.fsm if people.fsm15[i] else _F(0.0)
            spells = np.uint16(0)
            for k in range(_YEARS):
                word = words[SPELL_YEARS + k // _A_WORD, j] >> _BITS * np.uint32(k % _A_WORD)
                out = v + _F(k) * of.age + of.shared[1] * _NORMALS[word & _BYTE] > _F(0.0)
                spells |= np.uint16(out) << np.uint16(k)
            people.spells[i] = spells


def lose_work(adults: Adults, year: int) -> None:
    """Say who of a cohort is without work this year; they give up their posts.

    Args:
        adults: One cohort of working age. Written: without_work, and what goes with a post.
        year: School year.
    """
    grade = adults.grade(year)
    out = (adults.spells >> np.uint16(grade - LEVELS_GRADE)) & np.uint16(1) != 0
    if grade < GRADUATION_GRADE:
        out &= adults.entered == 0
    adults.without_work = out
    rows = np.flatnonzero(out & (adults.job > 0))
    adults.job[rows], adults.market[rows], adults.region[rows] = 0, NOWHERE, NOWHERE
    adults.grade_of_job[rows], adults.stepped[rows] = 0, False
    adults.moved[rows], adults.left_to_get_on[rows] = False, False
