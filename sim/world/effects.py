"""What schools and areas add that nothing here explains, keyed by their ids and the year.

As first drawn it lasts as long as nothing drifts; what is drawn for a later year is what a drift
moves towards (`sim.year.drift`).
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Reals
from sim.codes import (
    AREA_EFFECT_EARLY,
    AREA_EFFECT_KS2,
    AREA_EFFECT_KS4,
    AREA_EFFECT_PRIMARIES,
    AREA_EFFECT_SECONDARIES,
    AREA_EFFECT_SLOT_COHORTS,
    AREA_EFFECT_SLOT_SCHOOLS,
    PRIMARY,
    SCHOOL_EFFECT_DIFFERENTIAL,
    SCHOOL_EFFECT_VALUE_ADDED,
)
from sim.config.values import LearningBeliefs
from sim.rng import Key, Purpose, normals, words
from sim.world.tables import Areas, World

__all__ = ["of_areas", "of_cohorts", "of_schools"]


def of_areas(key: Key, areas: Areas, learning: LearningBeliefs, year: int = 0) -> dict[str, Reals]:
    """Return the unexplained differences between areas by column, SD.

    Args:
        key: Luck.
        areas: The areas.
        learning: Beliefs, for their spread.
        year: School year of what a drift brings in; 0 for the first draw.
    """
    luck = normals(words(key, areas.id, Purpose.AREA_EFFECT, year=year))
    return {
        "early_residual": learning.area_early * luck[AREA_EFFECT_EARLY],
        "ks2_residual": learning.area_primary * luck[AREA_EFFECT_KS2],
        "ks4_residual": learning.area_secondary * luck[AREA_EFFECT_KS4],
    }


def of_schools(world: World, learning: LearningBeliefs, year: int = 0) -> dict[str, Reals]:
    """Return what schools add for all and further for disadvantaged pupils, by column, SD.

    Schools of an area share a part of it.

    Args:
        world: Schools, areas and luck.
        learning: Beliefs, for the spread and the part shared.
        year: School year of what a drift brings in; 0 for the first draw.
    """
    schools, areas = world.schools, world.areas
    luck = normals(words(world.key, schools.id, Purpose.SCHOOL_EFFECT, year=year))
    place = normals(
        words(world.key, areas.id, Purpose.AREA_EFFECT, year=year, slot=AREA_EFFECT_SLOT_SCHOOLS)
    )
    size = np.where(
        schools.phase == PRIMARY, learning.value_added_primary, learning.value_added_secondary
    )
    part = learning.value_added_area
    shared = np.where(
        schools.phase == PRIMARY,
        place[AREA_EFFECT_PRIMARIES][schools.area],
        place[AREA_EFFECT_SECONDARIES][schools.area],
    )
    own = luck[SCHOOL_EFFECT_VALUE_ADDED]
    return {
        "value_added": size * (np.sqrt(1 - part) * own + np.sqrt(part) * shared),
        "differential": learning.differential * luck[SCHOOL_EFFECT_DIFFERENTIAL],
    }


def of_cohorts(world: World, learning: LearningBeliefs, year: int) -> tuple[Reals, Reals]:
    """Return what one year alone does to those who are 11, and to those who are 16, by area, SD."""
    luck = normals(
        words(
            world.key, world.areas.id, Purpose.AREA_EFFECT, year=year, slot=AREA_EFFECT_SLOT_COHORTS
        )
    )
    return (
        learning.cohort_shock_primary * luck[AREA_EFFECT_PRIMARIES],
        learning.cohort_shock_secondary * luck[AREA_EFFECT_SECONDARIES],
    )
