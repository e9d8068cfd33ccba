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

__all__ = ["Years", "as_it_was", "as_it_was_known", "move_on"]

Years = dict[int, World]
"""The world as it was, by school year."""
LONGEST = MEMORY + FIRST_SECONDARY - 1  # years that reputations look back


def move_on(nation: Nation, year: int) -> None:
    """Let value added and what is unexplained of areas walk for a year."""
    if not nation.terms.on.drift:
        return
    for table, columns in _walked(nation.world, nation.terms, year):
        for column, values in columns.items():
            table.set(column, values)


def as_it_was(world: World, terms: Terms) -> Years:
    """Return the world in each year that a child at school in its first year has lived through.

    A walk that keeps its spread is the same walk backwards, and is walked back from the first
    year. Nothing else differs from year to year: all other columns are shared, and a change shows
    in every year.
    """
    lived = _lived(world)
    if not terms.on.drift:
        return dict.fromkeys(lived, world)
    return dict(zip(lived, _back(world, terms, len(lived)), strict=True))


def as_it_was_known(world: World, terms: Terms) -> Years:
    """Return the same with reputations that come of what schools had added before each year."""
    lived = _lived(world)
    if not (terms.on.drift and terms.on.reputation):
        return as_it_was(world, terms)
    before = _back(world, terms, len(lived) + LONGEST)
    added = np.array([then.schools.value_added for then in before])
    known = (_reputations(world, terms, added[ago + 1 :] - added[0]) for ago in range(len(lived)))
    return {
        year: replace(then, schools=then.schools.but_for({"reputation": one}))
        for year, then, one in zip(lived, before, known, strict=False)
    }


def _lived(world: World) -> range:
    """School years that children at school in the first year have lived through, newest first."""
    return range(world.first_year, world.first_year - LAST_GRADE - 1, -1)


def _back(world: World, terms: Terms, years: int) -> list[World]:
    """Return the world as it was in so many years, the first year of all first."""
    before = [world]
    for ago in range(1, years):
        (areas, of_areas), (schools, of_schools) = _walked(
            before[-1], terms, world.first_year - ago
        )
        then = replace(world, areas=areas.but_for(of_areas), schools=schools.but_for(of_schools))
        before.append(then)
    return before


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
