"""Learning: what every child has on entry, and learns in a year.

The arithmetic is `sim.year.learning`.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.codes import FIRST_SECONDARY, LAST_GRADE, PRIMARY, SECONDARY
from sim.crew import Crew
from sim.nation import YEAR_ZERO, Nation, Terms
from sim.world import attendance, effects, needs, schooling
from sim.world.build import small_area_luck
from sim.world.pupils import Pupils
from sim.world.schooling import Taught
from sim.world.tables import World
from sim.year import assessment, households, learning

__all__ = ["by_grade", "endow", "enter_secondary", "ever6_bits", "grow", "teach"]

REGISTER = 0xFFFF
EXAMINED = (FIRST_SECONDARY - 1, LAST_GRADE)
"""Year groups at the end of which pupils are examined, by phase."""


def teach(nation: Nation, year: int) -> None:
    """Let every child learn for a year."""
    effort = nation.policy.schools.attendance
    grow(nation.world, year, nation.terms, nation.crew, effort)


def grow(world: World, year: int, terms: Terms, crew: Crew, effort: float = 0.0) -> None:
    """Let every child learn for a year, in schools that work on attendance so far (0 to 1)."""
    if not terms.on.learning:
        return
    schools = by_grade(world, year, terms)
    counted = terms.on.causal_gains and year > YEAR_ZERO
    more = schooling.beyond_year_0(world.schools) if counted else None

    def one(pupils: Pupils) -> None:
        at_school, bits = schools[pupils.grade(year)], int(terms.bits.ever6)
        learning.grow(pupils, year, terms.key, terms.values, terms.on, bits, at_school, effort)
        if more is not None:
            learning.keep_added(pupils, year, terms.values, terms.on, bits, more)
        if terms.credit is not None and world.schools.has("flow_reached"):
            reached = households.counting(pupils, terms.credit.bits(terms.bits, year).ever6)
            flow = world.schools.flow_reached[:, 0]
            grade = pupils.grade(year)
            schooling.reach(pupils, grade, terms.values, terms.on, reached, flow)

    crew.run([partial(one, pupils) for pupils in world.cohorts.values()])


def by_grade(world: World, year: int, terms: Terms) -> tuple[Taught, ...]:
    """Return what schools add this year, by year group from Reception to Year 11.

    What one year alone does to an area is in the marks of those who are examined. It is no gain
    of which a part would fade.
    """
    primaries, secondaries = (
        schooling.taught(world.schools, world.areas, terms.values, terms.on, phase)
        for phase in (PRIMARY, SECONDARY)
    )
    grades = [primaries] * FIRST_SECONDARY + [secondaries] * (LAST_GRADE + 1 - FIRST_SECONDARY)
    if terms.on.cohort_shocks:
        shocks = effects.of_cohorts(world, terms.values.learning, year)
        for grade, shock in zip(EXAMINED, shocks, strict=True):
            given = grades[grade]
            flow = given.terms.flow + shock[world.schools.area].astype(np.float32)
            grades[grade] = given._replace(terms=given.terms._replace(flow=flow))
    return tuple(grades)


def endow(world: World, pupils: Pupils, terms: Terms, ago: int = 0) -> None:
    """Give a cohort its attainment on entry to Reception, which was some years ago."""
    values, small = terms.values, world.small
    near = values.learning.support_near
    local = (1 - near) * world.areas.fsm_rate[small.area] + near * small.fsm_share
    luck = small_area_luck(small, terms.key, values.learning.small_area_early)
    residual = (world.areas.early_residual[small.area] + luck).astype(np.float32)
    support = (values.learning.early_support * local).astype(np.float32)
    ground = learning.Ground(support, residual)
    if terms.on.special_needs:
        needs.assign(pupils, values.children, values.people, terms.key)
    if terms.on.attendance:
        attendance.assign(pupils, terms.key)
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
