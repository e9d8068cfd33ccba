"""Learning: what every child has on entry, and learns in a year.

The arithmetic is `sim.year.learning`.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.codes import PRIMARY, SECONDARY, phase_of
from sim.crew import Crew
from sim.nation import Nation, Terms
from sim.world.build import small_area_luck
from sim.world.pupils import Pupils
from sim.world.tables import World
from sim.year import assessment, learning

__all__ = ["endow", "enter_secondary", "ever6_bits", "grow", "teach"]

REGISTER = 0xFFFF


def teach(nation: Nation, year: int) -> None:
    """Let every child learn for a year."""
    grow(nation.world, year, nation.terms, nation.crew)


def grow(world: World, year: int, terms: Terms, crew: Crew) -> None:
    """Let every child learn for a year."""
    if not terms.on.learning:
        return
    in_phase = [
        learning.school_terms(world.schools, world.areas, terms.values, terms.on, phase)
        for phase in (PRIMARY, SECONDARY)
    ]

    def one(pupils: Pupils) -> None:
        given = in_phase[phase_of(pupils.grade(year))]
        bits = int(terms.bits.ever6)
        learning.grow(pupils, year, terms.key, terms.values, terms.on, bits, given)

    crew.run([partial(one, pupils) for pupils in world.cohorts.values()])


def endow(world: World, pupils: Pupils, terms: Terms, ago: int = 0) -> None:
    """Give a cohort its attainment on entry to Reception, which was some years ago."""
    values, small = terms.values, world.small
    near = values.learning.support_near
    local = (1 - near) * world.areas.fsm_rate[small.area] + near * small.fsm_share
    luck = small_area_luck(small, terms.key, values.learning.small_area_early)
    residual = (world.areas.early_residual[small.area] + luck).astype(np.float32)
    support = (values.learning.early_support * local).astype(np.float32)
    ground = learning.Ground(support, residual)
    learning.endow(pupils, values, terms.on, ground, ever6_bits(terms, ago))


def enter_secondary(pupils: Pupils, terms: Terms, ago: int = 0) -> None:
    """Let a cohort, in Year 7 some years ago, lose a part of earlier gains; late comers join it.

    Where a child stands for one that came later, its mark at 11 does not follow it further.
    """
    values, on = terms.values, terms.on
    learning.fade(pupils, values.learning, on)
    late = assessment.came_late(pupils, terms.key, values, on, ever6_bits(terms, ago))
    if late is not None:
        pupils.ks2 = np.where(late, np.float32(np.nan), pupils.ks2)


def ever6_bits(terms: Terms, ago: int) -> int:
    """Return the bits of registration that made a child disadvantaged some years ago."""
    return int(terms.bits.ever6) << ago & REGISTER
