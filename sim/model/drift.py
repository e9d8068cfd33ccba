"""Drift: from year 1 on, what schools and areas add beyond all reasons changes slowly.

The arithmetic is `sim.year.drift`. Luck is keyed by school, area and year, so that every scenario
of a comparison has the same drift.
"""

from __future__ import annotations

from sim.nation import YEAR_ZERO, Nation
from sim.world import effects
from sim.year.drift import walk

__all__ = ["move_on"]


def move_on(nation: Nation, year: int) -> None:
    """Let value added and what is unexplained of areas walk for a year; year 0 is left alone."""
    terms, world = nation.terms, nation.world
    if not terms.on.drift or year <= YEAR_ZERO:
        return
    learning, areas, schools = terms.values.learning, world.areas, world.schools
    for column, fresh in effects.of_schools(world, learning, year).items():
        schools.set(column, walk(schools.get(column), fresh, learning.drift))
    for column, fresh in effects.of_areas(terms.key, areas, learning, year).items():
        areas.set(column, walk(areas.get(column), fresh, learning.drift))
