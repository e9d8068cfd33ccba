"""Build the world: places, families, schools filled, children taught up to their year group.

Everything here happens before policy and is keyed by area, school and child, so that a place and
its children are the same in every world that contains them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.codes import (
    LAST_GRADE,
    PRIMARY,
    SCHOOL_EFFECT_VALUE_ADDED,
    SECONDARY,
    SMALL_AREA_EARLY,
    SMALL_AREA_SLOT_EARLY,
    STARTING_AGE,
)
from sim.config.models import Settings
from sim.config.values import AdmissionsBeliefs, PeopleBeliefs, Values
from sim.data.facts import Areas as AreaFacts
from sim.data.facts import Fact
from sim.errors import BadRequest, did_you_mean
from sim.rng import Key, Purpose
from sim.world import effects, people, places
from sim.world.near import candidates, school_neighbours
from sim.world.tables import Areas, Near, SmallAreas, World

__all__ = ["TINY", "area_rows", "area_weights", "build"]

AT_SECONDARY = range(2008, 2013)
TINY = ("Blackpool", "Hackney", "West Berkshire", "Herefordshire, County of")
BIRTHS = "births_"
NO_SCHOOL_KM = 1e6
"""Where there is no school, families feel it this far away."""
SCHOOLS_AROUND = 5
"""How many near schools, itself among them, a school learns from."""
LEAST_UNREGISTERED = 0.001
"""Share of entitled children not registered where hardly any is: it is divided by."""


def area_rows(facts: AreaFacts, name: str, region: str | None) -> NDArray[np.int64]:
    """Return the rows of the table of areas that a world consists of.

    Raises:
        BadRequest: No such world or region.
    """
    if name == "england":
        chosen = np.ones(len(facts.code), bool)
    elif name == "tenth":
        chosen = facts.tenth_weight > 0
    elif name == "tiny":
        chosen = np.isin(facts.name, TINY)
    elif name == "region":
        chosen = facts.region == region
    else:
        raise BadRequest(
            f"No world {name!r}. " + did_you_mean(name, ("tiny", "region", "tenth", "england"))
        )
    if not chosen.any():
        raise BadRequest(
            f"No area in region {region!r}. " + did_you_mean(str(region), facts.region)
        )
    return np.flatnonzero(chosen)


def birth_table(national: Mapping[str, Fact]) -> dict[int, float]:
    """Return live births by year from the national figures."""
    found = {
        int(name.removeprefix(BIRTHS)): fact.value
        for name, fact in national.items()
        if name.startswith(BIRTHS)
    }
    return dict(sorted(found.items()))


def build(
    settings: Settings, facts: AreaFacts, national: Mapping[str, Fact], key: Key, first_year: int
) -> World:
    """Return the world without schools' history: places, families and children with incomes.

    Args:
        settings: Settings of the run.
        facts: The table of areas (`sim.data.facts.areas`).
        national: National figures (`sim.data.facts.national`).
        key: Luck.
        first_year: First school year to be simulated.
    """
    values = settings.beliefs.values
    rows = area_rows(facts, settings.world.name, settings.world.region)
    births = birth_table(national)
    areas = _areas(facts, rows, settings, key, births)
    small, schools = places.lay_out(areas, facts, rows, values)
    near = [
        candidates(areas, small, schools, phase, values.places) for phase in (PRIMARY, SECONDARY)
    ]
    world = World(
        key=key,
        areas=areas,
        small=small,
        schools=schools,
        near=(near[0], near[1]),
        around=school_neighbours(areas, schools, SCHOOLS_AROUND),
        heritage=np.cumsum(facts.heritage[rows], axis=1),
        cell_income=np.zeros((len(rows), 5), np.float32),
        under=_under_registration(facts, values.people)[rows],
        facts=facts,
        first_year=first_year,
    )
    _school_effects(world, values)
    youngest = first_year - STARTING_AGE
    for birth_year in range(youngest - LAST_GRADE, youngest + 1):
        index = people.cohort_index(birth_year, births, falling=settings.falling_rolls)
        world.cohorts[birth_year] = people.born(
            world, birth_year, index, values, late=settings.switches.late_arrivals
        )
    return world


def area_weights(facts: AreaFacts, name: str, region: str | None) -> NDArray[np.int64]:
    """Return for how many areas like it each area of England stands in a world; 0: not in it."""
    rows = area_rows(facts, name, region)
    weight = np.zeros(len(facts), np.int64)
    weight[rows] = facts.tenth_weight[rows] if name == "tenth" else 1
    return weight


def _areas(
    facts: AreaFacts,
    rows: NDArray[np.int64],
    settings: Settings,
    key: Key,
    births: dict[int, float],
) -> Areas:
    values = settings.beliefs.values
    areas = Areas(len(rows))
    areas.id, areas.facts_row = facts.number[rows], rows
    areas.weight = area_weights(facts, settings.world.name, settings.world.region)[rows]
    areas.fifth = facts.affluence_fifth[rows]
    areas.region = np.unique(facts.region, return_inverse=True)[1][rows]
    areas.fsm_rate = facts.fsm_2019[rows]
    # Borders are open where every neighbour is there; elsewhere each area is a market of its own.
    areas.market = 0 if settings.world.name == "england" else np.arange(len(rows))
    areas.primary_births = facts.pupils_home_primary[rows] / 7
    # Secondary cohorts of 2024 were born in years with more births, which comes off here.
    more = np.mean(
        [people.cohort_index(year, births, falling=settings.falling_rolls) for year in AT_SECONDARY]
    )
    keep = (facts.pupils_home_secondary / 5) / (facts.pupils_home_primary / 7) / more
    areas.keep = keep[rows]
    areas.first_number = people.first_numbers(facts, keep, values.people)[rows]
    log_km = np.log(facts.km_third_secondary)
    weight = facts.pupils
    order = np.argsort(facts.number)  # sums of floats depend on it
    areas.log_isolation = (log_km - np.average(log_km[order], weights=weight[order]))[rows]
    for column, drawn in effects.of_areas(key, areas, values.learning).items():
        areas.set(column, drawn)
    return areas


def _under_registration(facts: AreaFacts, beliefs: PeopleBeliefs) -> NDArray[np.float32]:
    """Share of entitled children not registered, by area: more in affluent areas if so believed."""
    order = np.lexsort((facts.number, facts.fsm_2019))
    rank = (np.argsort(order) + 0.5) / len(order)
    under = beliefs.under_registration + beliefs.under_registration_slope * (0.5 - rank)
    return np.asarray(np.maximum(under, LEAST_UNREGISTERED), np.float32)


def _school_effects(world: World, values: Values) -> None:
    """Draw what each school lastingly adds, and what it believes of programmes."""
    schools = world.schools
    for column, drawn in effects.of_schools(world, values.learning).items():
        schools.set(column, drawn)
    luck = rng.normals(rng.words(world.key, schools.id, Purpose.SCHOOL_EFFECT))
    schools.reputation = values.admissions.first_reputation * luck[SCHOOL_EFFECT_VALUE_ADDED]


def ways(
    near: Near, choice: AdmissionsBeliefs, phase: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what families feel of the way to each candidate school, shape (homes, candidates).

    Log of kilometres and a little more, so that the first steps hardly count; and what the way
    costs in utility, more across the border of the authority.
    """
    km = np.log(np.minimum(near.km, NO_SCHOOL_KM).astype(float) + choice.distance_near[phase])
    cost = choice.distance[phase] * km + choice.border[phase] * near.across
    return np.asarray(km, np.float32), np.asarray(cost, np.float32)


def small_area_luck(small: SmallAreas, key: Key, size: float) -> NDArray[np.float32]:
    """Return unexplained differences between small areas at 5, SD."""
    luck = rng.normals(
        rng.words(key, small.id, Purpose.SMALL_AREA, slot=SMALL_AREA_SLOT_EARLY)[SMALL_AREA_EARLY]
    )
    return np.asarray(size * luck, np.float32)
