"""Drift: what schools and areas add beyond all reasons changes slowly, and always did.

The arithmetic is `sim.year.drift`. Luck is keyed by school, area and year, so that every scenario
of a comparison has the same drift.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.arrays import Reals
from sim.codes import FIRST_SECONDARY, LAST_GRADE
from sim.nation import Nation, Terms
from sim.world import effects
from sim.world.tables import Areas, Schools, World
from sim.year.drift import MEMORY, remembered, walk

__all__ = ["as_it_was", "move_on"]

LONGEST = MEMORY + FIRST_SECONDARY  # years that reputations look back, and the year they stand in


def move_on(nation: Nation, year: int) -> None:
    """Let value added and what is unexplained of areas walk for a year."""
    if not nation.terms.on.drift:
        return
    for table, columns in _walked(nation.world, nation.terms, year):
        for column, values in columns.items():
            table.set(column, values)


def as_it_was(world: World, terms: Terms) -> dict[int, World]:
    """Return the world in each year that a child at school in its first year has lived through.

    A walk that keeps its spread is the same walk backwards, and is walked back from the first
    year; what was known of schools then comes of what they had added before. Nothing else differs
    from year to year: all other columns are shared, and a change shows in every year.
    """
    lived = range(world.first_year, world.first_year - LAST_GRADE - 1, -1)
    if not terms.on.drift:
        return dict.fromkeys(lived, world)
    before = [world]
    for year in range(world.first_year - 1, lived[-1] - LONGEST, -1):
        (areas, of_areas), (schools, of_schools) = _walked(before[-1], terms, year)
        then = replace(world, areas=areas.but_for(of_areas), schools=schools.but_for(of_schools))
        before.append(then)
    if terms.on.reputation:
        added = np.array([then.schools.value_added for then in before])
        for ago, then in enumerate(before[: len(lived)]):
            known = _reputations(world, terms, added[ago + 1 :] - added[0])
            before[ago] = replace(then, schools=then.schools.but_for({"reputation": known}))
    return dict(zip(lived, before, strict=False))


def _reputations(world: World, terms: Terms, added: Reals) -> Reals:
    """Return reputations that follow what schools had added 1, 2, ... years before, less now."""
    learning, choice = terms.values.learning, terms.values.admissions
    known = world.schools.reputation.astype(float)
    spread = learning.value_added_primary, learning.value_added_secondary
    for phase, years in enumerate((FIRST_SECONDARY, LAST_GRADE + 1 - FIRST_SECONDARY)):
        rows = world.rows(phase)
        weights = remembered(years, choice.inertia)
        more = np.tensordot(weights, added[: weights.size, rows], 1)
        known[rows] += choice.first_reputation * more / spread[phase] if spread[phase] else 0
    return known


def _walked(
    world: World, terms: Terms, year: int
) -> tuple[tuple[Areas, dict[str, Reals]], tuple[Schools, dict[str, Reals]]]:
    """Return what a step towards the luck of a year makes of areas and of schools, by column."""
    learning, areas, schools = terms.values.learning, world.areas, world.schools
    fresh = effects.of_areas(terms.key, areas, learning, year)
    of_areas = {name: walk(areas.get(name), new, learning.drift) for name, new in fresh.items()}
    fresh = effects.of_schools(world, learning, year)
    of_schools = {name: walk(schools.get(name), new, learning.drift) for name, new in fresh.items()}
    return (areas, of_areas), (schools, of_schools)
