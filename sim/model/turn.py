"""The year turns: the oldest leave school, the next Reception is born, households have a year."""

from __future__ import annotations

from functools import partial

from sim.codes import LAST_ADULT_GRADE, LAST_GRADE, STARTING_AGE
from sim.crew import Crew
from sim.model import checks
from sim.model.allocation import census
from sim.model.leaving import leave_school
from sim.nation import Nation, Terms
from sim.record import flagged
from sim.world import parents
from sim.world.people import born, cohort_index
from sim.world.pupils import Pupils
from sim.world.tables import World
from sim.year import households

__all__ = ["admit_newborn", "register", "turn_year"]


def turn_year(nation: Nation, year: int) -> None:
    """Let the oldest leave, the next Reception be born, and every household have its year.

    Args:
        nation: Everything; its year becomes the next one.
        year: The school year that ends.
    """
    world, memory, terms = nation.world, nation.memory, nation.terms
    year = nation.year = year + 1
    oldest = world.cohorts.pop(year - STARTING_AGE - LAST_GRADE - 1)
    grown = leave_school(world, nation.after, oldest, memory.leavers, terms)
    if nation.settings.invariants:
        checks.check_leavers(world, oldest, grown, year)
    nation.after.adults.pop(year - STARTING_AGE - LAST_ADULT_GRADE - 1, None)
    birth_year = year - STARTING_AGE
    index = cohort_index(birth_year, nation.births, falling=nation.settings.falling_rolls)
    young = born(world, birth_year, index, terms.values, late=terms.on.late_arrivals)
    admit_newborn(world, young, terms)
    register(world, year, terms, nation.crew)
    if nation.policy_year == 1:
        memory.flagged = flagged.first_flags(census(nation))


def admit_newborn(world: World, pupils: Pupils, terms: Terms) -> None:
    """Make a new cohort part of the world: incomes are right from birth; attainment comes later."""
    parents.education(world, pupils, terms.values, terms.on)
    world.cohorts[pupils.birth_year] = pupils


def register(world: World, year: int, terms: Terms, crew: Crew) -> None:
    """Move every household to a new year and register its children for free meals, or not."""
    crew.run(
        [
            partial(households.turn, pupils, year, terms.key, terms.walk, terms.credit)
            for pupils in world.cohorts.values()
        ]
    )
