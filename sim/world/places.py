"""Where things are: homes in England's small areas, and schools at the sites of real ones.

The ground is real (`sim.data.ground`): where children live and how many of them, how poor their
small area is, where schools stand and how large they are. Whoever lives and teaches there is
drawn: a school here is a stand-in for one at a place like this. Positions are kilometres of the
National Grid.

A small area is told by two homes at either side of its centre, because half of its families may
live nearer another school than the other half does.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import rng
from sim.codes import PHASES, SMALL_AREA_X, SMALL_AREA_Y, fit
from sim.config.values import PlacesBeliefs, Values
from sim.data import ground
from sim.data.facts import Areas as AreaFacts
from sim.rng import Key, Purpose
from sim.world.reach import places_in_reach, squares
from sim.world.tables import Areas, Schools, SmallAreas

__all__ = ["independents_near", "lay_out", "rural", "within"]

HOMES = 2
"""Homes by which a small area is told."""
SMALL_ID_BITS, SCHOOL_ID_BITS = 12, 10
RATES = 0.01, 0.97
"""Bounds on the share of poor children of a small area, so that each has a quantile."""
Floats = NDArray[np.float64]


def lay_out(
    areas: Areas, facts: AreaFacts, rows: NDArray[np.int64], values: Values
) -> tuple[SmallAreas, Schools]:
    """Return the homes and the schools of every area of a world.

    Args:
        areas: The areas to fill, one row each, with the market each belongs to.
        facts: Published figures (`sim.data.facts.areas`); ``rows`` are the areas' rows in it.
        rows: Row of each area in the facts.
        values: Beliefs: where homes are, how far independent schools reach.

    Returns:
        Homes by area; schools, primaries of all areas first.
    """
    small = _homes(areas, values.places, independents_near(values.people.leave_km))
    return small, _schools(areas, facts, rows)


def within(areas: Areas, number: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return which rows of a table of the ground lie in the world, by area, and in which row.

    Args:
        areas: Areas of the world.
        number: Number of the area of each row of the table.
    """
    row_of = np.full(int(max(number.max(), areas.id.max())) + 1, -1, np.int64)
    row_of[areas.id] = np.arange(len(areas))
    area = row_of[number]
    here = np.flatnonzero(area >= 0)
    here = here[np.argsort(area[here], kind="stable")]
    return here, area[here]


def _homes(areas: Areas, places: PlacesBeliefs, independents: Floats) -> SmallAreas:
    """Put two homes in every small area, each with half of its children."""
    table = ground.small_areas()
    here, area = within(areas, table.area)
    own, area = np.repeat(here, HOMES), np.repeat(area, HOMES)
    small = SmallAreas(own.size)
    small.area = area
    small.id = _ids(areas.id[area], area, SMALL_ID_BITS)
    # The same in every run: where homes are is no luck of a run.
    first = rng.words(Key(0, 0), small.id[::HOMES], Purpose.SMALL_AREA)
    aside = rng.normals(first[SMALL_AREA_X : SMALL_AREA_Y + 1]).T * places.home_scatter
    aside = np.stack([aside, -aside], axis=1).reshape(-1, 2) * table.scatter[own][:, None]
    small.x = (table.x[own] + aside[:, 0]) / ground.METRES
    small.y = (table.y[own] + aside[:, 1]) / ground.METRES
    small.children = (table.primary + table.secondary)[own] / HOMES
    small.income = _incomes(table.idaci_rate[own], small, len(areas), places.income_by_idaci)
    small.band = table.band[own]
    small.rural = rural()[own]
    small.independents = independents[own]
    return small


def _incomes(rate: Floats, small: SmallAreas, areas: int, slope: float) -> Floats:
    """Return what homes of a small area share in income, less the mean of the area's children.

    The more children of a small area live in poverty (IDACI), the lower, on the probit scale.
    """
    income = -slope * ndtri(np.clip(rate, *RATES))
    heads = np.bincount(small.area, small.children, minlength=areas)
    mean = np.bincount(small.area, income * small.children, minlength=areas) / heads
    return np.asarray(income - mean[small.area])


def _schools(areas: Areas, facts: AreaFacts, rows: NDArray[np.int64]) -> Schools:
    """Put a school at every site of the areas, primaries first."""
    table = ground.sites()
    here, area = within(areas, table.area)
    by_phase = np.argsort(table.phase[here], kind="stable")
    here, area = here[by_phase], area[by_phase]
    schools = Schools(here.size)
    schools.area, schools.phase = area, table.phase[here]
    cell = schools.phase.astype(np.int64) * len(areas) + area
    schools.id = _ids(len(PHASES) * areas.id[area] + schools.phase, cell, SCHOOL_ID_BITS)
    schools.x, schools.y = ground.spots_km(table)[here].T
    schools.roll = table.roll[here]
    market = schools.phase.astype(np.int64) * len(areas) + areas.market[area]
    schools.share = schools.roll / np.bincount(market, schools.roll)[market]
    schools.grammar = table.selective[here]
    schools.gender = table.gender[here]
    schools.catholic = table.faith[here] == ground.FAITHS.index("roman_catholic")
    schools.miles = table.sparsity_miles[here]
    schools.opportunity = _in_opportunity_area(facts, table.area, table.district)[here]
    schools.area_cost = _area_cost(facts, table.area, table.district)[here]
    schools.listed = facts.education_investment_area[rows[area]]
    return schools


def rural() -> NDArray[np.bool_]:
    """Return which small areas of England are rural by their class."""
    return np.asarray(ground.small_areas().rural_urban >= ground.RURAL_URBAN.index("D1"))


@lru_cache(maxsize=4)
def independents_near(km: float) -> Floats:
    """Return places near at independent schools by small area of England, 1 on average.

    Args:
        km: Kilometres over which a school loses two thirds of those who would go.
    """
    table, schools = ground.small_areas(), ground.independents()
    x, y = ground.spots_km(table).T
    lived, at = squares(x, y, table.children_11_15.astype(float), np.ones(len(table)))
    spots = ground.spots_km(schools)
    near = places_in_reach(lived, spots, schools.pupils.astype(float), 0.0, 1.0, km)[at]
    near.setflags(write=False)
    return near


def _in_opportunity_area(
    facts: AreaFacts, area: NDArray[np.int64], district: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return what lies in an Opportunity Area: a whole area, or a district of one."""
    named = ground.districts()
    whole = facts.number[facts.opportunity_area >= 1]
    return np.isin(area, whole) | np.isin(district, named.code[named.list == "opportunity_area"])


def _area_cost(
    facts: AreaFacts, area: NDArray[np.int64], district: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return area cost in ten-thousandths; in and outside of the London fringe it differs."""
    named = ground.districts()
    cost = np.zeros(int(facts.number.max()) + 1, np.int64)
    cost[facts.number] = facts.area_cost
    fringe = named.list == "fringe"
    cost[named.area[fringe]] = named.area_cost_rest[fringe]
    own = np.zeros(int(named.code.max()) + 1, np.int64)
    own[named.code[fringe]] = named.area_cost[fringe]
    return np.where(own[district] > 0, own[district], cost[area])


def _ids(owner: NDArray[np.int64], cell: NDArray[np.int64], bits: int) -> NDArray[np.uint32]:
    """Number the rows of each cell, whose rows follow each other, below their owner's number."""
    begin = np.searchsorted(cell, cell, side="left")
    number = np.arange(cell.size) - begin
    fit({"row in its area": int(number.max(initial=0))}, bits)
    return np.asarray((owner.astype(np.int64) << bits) + number, np.uint32)
