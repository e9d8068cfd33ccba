"""Readings of who goes how far to school: distances, nearest schools, borders.

Straight-line miles between a home and its school. Of a world with closed borders, what it shows of
borders and of rolls is nothing: those readings are of England only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import PHASES, SECONDARY, phase_of
from sim.model import SchoolsModel
from sim.world.near import NO_SCHOOL_KM, in_market
from sim.world.tables import World

__all__ = ["distances"]

Floats = NDArray[np.float64]
KM_PER_MILE = 1.609344
NEAR = 3
LONDON = "London"


class Journeys(NamedTuple):
    """Pupils of a phase: home, school, miles between them, areas they stand for."""

    home: NDArray[np.int32]
    school: NDArray[np.int32]
    miles: Floats
    weight: Floats


def distances(model: SchoolsModel) -> dict[str, float]:
    """Return shares at the nearest schools, miles to school, and shares across a border."""
    out = _third(model)
    world, areas = model.world, model.world.areas
    for phase, name in enumerate(PHASES):
        trips = _journeys(model, phase)
        for percent in (50, 95):
            key = f"miles_{name}_p{percent}"
            out[key] = _percentile(trips.miles, trips.weight, percent)
        out.update(_at_nearest(model, trips, phase, name))
        if areas.market.max() == 0 and len(areas) > 1:
            out[f"roll_misfit_{name}"] = _misfit(world, phase)
            home = world.small.area[trips.home]
            across = 100.0 * (world.schools.area[trips.school] != home)
            out[f"across_border_{name}"] = float(np.average(across, weights=trips.weight))
            names = world.facts.region[areas.facts_row]
            in_london = (names == LONDON)[home]
            out[f"across_border_{name}_london"] = float(
                np.average(across[in_london], weights=trips.weight[in_london])
            )
        if phase == SECONDARY and world.schools.grammar.any():
            chosen = world.schools.grammar[trips.school]
            out["miles_grammar_p50"] = _percentile(trips.miles[chosen], trips.weight[chosen], 50)
    return out


def _misfit(world: World, phase: int) -> float:
    """How far schools' shares of all pupils are from those they really have, added up, per cent."""
    rows = world.rows(phase)
    roll = world.schools.pupils[rows].astype(float)
    return float(100 * np.abs(roll / roll.sum() - world.schools.share[rows]).sum())


def _journeys(model: SchoolsModel, phase: int) -> Journeys:
    world, parts = model.world, []
    for pupils in world.cohorts.values():
        if phase_of(pupils.grade(model.year)) == phase:
            here = np.flatnonzero(world.enrolled(pupils))
            parts.append((pupils.small[here], pupils.school[here]))
    home, school = (np.concatenate(column) for column in zip(*parts, strict=True))
    small, schools = world.small, world.schools
    km = np.hypot(small.x[home] - schools.x[school], small.y[home] - schools.y[school])
    weight = world.areas.weight[small.area[home]].astype(float)
    return Journeys(home, school, km.astype(float) / KM_PER_MILE, weight)


def _at_nearest(model: SchoolsModel, trips: Journeys, phase: int, name: str) -> dict[str, float]:
    """Shares of pupils at one of the nearest schools that do not select, or nearer than it."""
    world = model.world
    mine = np.flatnonzero((world.schools.phase == phase) & ~world.schools.grammar)
    _, far = in_market(world.areas, world.small, world.schools, mine, NEAR)
    miles = far[trips.home] / KM_PER_MILE + 1e-4
    out = {}
    for rank, word in ((0, "nearest"), (NEAR - 1, "nearest_three")):
        hit = trips.miles <= miles[:, rank]
        out[f"{word}_{name}"] = 100 * float(np.average(hit, weights=trips.weight))
    return out


def _third(model: SchoolsModel) -> dict[str, float]:
    """Kilometres from each secondary to the third nearest other one of its market."""
    world = model.world
    mine = np.flatnonzero(world.schools.phase == SECONDARY)
    _, far = in_market(world.areas, world.schools, world.schools, mine, NEAR + 1, mine)
    known = far[:, NEAR] < NO_SCHOOL_KM
    km = far[known, NEAR]
    many = world.weight_of(world.schools)[mine[known]].astype(float)
    return {f"km_third_secondary_p{p}": _percentile(km, many, p) for p in (50, 90)}


def _percentile(values: Floats, weight: Floats, percent: float) -> float:
    order = np.argsort(values)
    place = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return float(np.interp(percent / 100, place, values[order]))
