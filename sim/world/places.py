"""Where things are: small areas and schools on the land of each area.

Numbers of schools and children, sizes of schools and distances are published facts; positions are
drawn. An area's land is a torus (no edges), scaled so that the median distance from a secondary
to its third nearest is the published one. Most wards are towns on a small part of the land.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtri

from sim import rng
from sim.arrays import ranks
from sim.codes import (
    PHASES,
    PRIMARY,
    SCHOOL_SITE_SIZE,
    SCHOOL_SITE_TURN,
    SCHOOL_SITE_X,
    SCHOOL_SITE_Y,
    SECONDARY,
    SMALL_AREA_INCOME,
    SMALL_AREA_X,
    SMALL_AREA_Y,
    WARD_INCOME,
    WARD_TOWN,
    WARD_X,
    WARD_Y,
)
from sim.config.values import PlacesBeliefs
from sim.data.facts import Areas as AreaFacts
from sim.rng import Key, Purpose
from sim.world.tables import Areas, Near, Schools, SmallAreas

__all__ = ["candidates", "lay_out", "sparsity_miles"]

WARD_SIZE = 16
CHILDREN = 20
SCHOOL_IDS = 2048
SMALL_IDS = 4096
KM_PER_MILE = 1.609344
NO_SCHOOL_KM = 1e9
"""Farther than any school: there are fewer than are looked for."""
SITE_SCATTER = 0.02
"""Of a school's site about the homes it is laid beside, over the root of the number of wards."""
JITTER, JITTER_SIDE_KM = 0.01, 10.0
"""Share of an area's side, up to so long, by which schools of one small area lie apart."""
SMALLEST_ROOT = 0.3
"""Least root of a school's roll, over that of the middle one: the smallest have a logarithm."""
Floats = NDArray[np.float64]


class Area(NamedTuple):
    """An area while its places are drawn: number, published figures (one row of them), beliefs."""

    id: int
    facts: AreaFacts
    row: int
    places: PlacesBeliefs
    key: Key


class Sites(NamedTuple):
    """Schools of a phase in an area: ids, positions, small areas and log rolls."""

    ids: NDArray[np.uint32]
    spot: Floats
    at: NDArray[np.int64]
    log_roll: Floats


def lay_out(
    areas: Areas, facts: AreaFacts, rows: NDArray[np.int64], key: Key, places: PlacesBeliefs
) -> tuple[SmallAreas, Schools]:
    """Draw small areas and schools of every area.

    Args:
        areas: The areas to fill, one row each.
        facts: Published figures (`sim.data.facts.Areas`); ``rows`` are the areas' rows in it.
        rows: Row of each area in the facts.
        key: Luck of the run.
        places: Beliefs about places (`beliefs.values.places`).

    Returns:
        Small areas by area; schools, primaries of all areas first.
    """
    drawn = [Area(int(areas.id[i]), facts, int(row), places, key) for i, row in enumerate(rows)]
    parts = [_draw(index, area) for index, area in enumerate(drawn)]
    small = _stack(SmallAreas, [p[0] for p in parts])
    areas.side = [p[3] for p in parts]
    begins = np.cumsum([0, *[p[0]["id"].size for p in parts[:-1]]])
    for (_, primary, secondary, _), begin in zip(parts, begins, strict=True):
        primary["small"] += begin
        secondary["small"] += begin
    schools = _stack(Schools, [p[1] for p in parts] + [p[2] for p in parts])
    schools.opportunity = small.opportunity[schools.small]
    schools.area_cost = facts.area_cost[rows][schools.area]
    schools.listed = facts.education_investment_area[rows][schools.area]
    return small, schools


def _stack(kind: type[Any], parts: list[dict[str, NDArray[Any]]]) -> Any:
    table = kind(sum(part["id"].size for part in parts))
    for name in parts[0]:
        table.set(name, np.concatenate([part[name] for part in parts]))
    return table


def _draw(
    index: int, area: Area
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]], dict[str, NDArray[Any]], float]:
    """Draw one area on a land of side 1, then give it its size."""
    facts, row, places = area.facts, area.row, area.places
    cohort = facts.pupils_primary[row] / 7
    count = max(8, int(cohort // CHILDREN))
    ids = (np.uint32(area.id * SMALL_IDS) + np.arange(count)).astype(np.uint32)
    xy, ward, income, town = _small_areas(ids, area)
    path = _path(xy, ward, town)
    spread = facts.idaci_spread[row] / places.idaci_spread_mean
    fsm = facts.fsm_2019[row]
    scale = np.clip(
        spread / np.sqrt(fsm * (1 - fsm) / places.fsm_variance_mean), *places.spread_bounds
    )
    income = scale * (income - income.mean())
    primaries, secondaries = (_sites(area, phase, xy, path) for phase in (PRIMARY, SECONDARY))
    side = _side(secondaries.spot, facts.km_third_secondary[row], facts.land_km2[row])
    small = {
        "id": ids,
        "area": np.full(count, index, np.int32),
        "x": (xy[:, 0] * side).astype(np.float32),
        "y": (xy[:, 1] * side).astype(np.float32),
        "income": income.astype(np.float32),
        "band": _bands(income, facts, row),
        "opportunity": _opportunity(xy, ward, income, facts.opportunity_area[row]),
    }
    selective = facts.selective_share[row]
    primary = _school_columns(index, PRIMARY, primaries, 0.0)
    return small, primary, _school_columns(index, SECONDARY, secondaries, selective), side


def _small_areas(
    ids: NDArray[np.uint32], area: Area
) -> tuple[Floats, NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Draw wards in towns and in the country, and small areas around their wards."""
    places, key, count = area.places, area.key, ids.size
    wards = max(2, count // WARD_SIZE)
    ward_ids = (np.uint32(area.id * SMALL_IDS) + np.arange(wards)).astype(np.uint32)
    drawn = rng.words(key, ward_ids, Purpose.WARD)
    spot = rng.uniforms(drawn[WARD_X : WARD_Y + 1]).T.astype(float)
    town = rng.uniforms(drawn[WARD_TOWN]) < places.town_share
    side = np.sqrt(places.town_land)
    spot[town] *= side
    inner = ~town & (spot < side).all(axis=1)
    spot[inner] = side + spot[inner] / side * (1 - side)
    width = np.where(town, side / np.sqrt(places.town_share), 1 / np.sqrt(1 - places.town_share))
    ward = np.arange(count) % wards
    own = rng.words(key, ids, Purpose.SMALL_AREA)
    scatter = (
        rng.normals(own[SMALL_AREA_X : SMALL_AREA_Y + 1]).T * places.ward_scatter / np.sqrt(wards)
    )
    xy = (spot[ward] + width[ward, None] * scatter) % 1.0
    income = places.ward_sd * rng.normals(drawn[WARD_INCOME])[
        ward
    ] + places.small_area_sd * rng.normals(own[SMALL_AREA_INCOME])
    return xy, ward, income.astype(float), town


def _path(xy: Floats, ward: NDArray[np.int64], town: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Order small areas along a path through the area, towns first, that seldom jumps far."""
    cells = 16
    wards = int(ward.max()) + 1
    centre = np.array([xy[ward == w][0] for w in range(wards)])
    column = np.minimum((centre * cells).astype(int), cells - 1)
    # Column by column, up and down in turn.
    along = np.where(column[:, 0] % 2 == 0, column[:, 1], cells - 1 - column[:, 1])
    place = np.lexsort((along, column[:, 0], ~town[:wards]))
    turn = np.empty(wards, np.int64)
    turn[place] = np.arange(wards)
    return np.lexsort((ward, turn[ward]))


def _sites(area: Area, phase: int, xy: Floats, path: NDArray[np.intp]) -> Sites:
    """Put schools along the path, each in the middle of as many children as it has places for.

    Larger schools tend to come first, in the towns.
    """
    facts, row, name = area.facts, area.row, PHASES[phase]
    schools = max(1, int(getattr(facts, f"schools_{name}")[row]))
    ids = (np.uint32(area.id * SCHOOL_IDS + phase * 1024) + np.arange(schools)).astype(np.uint32)
    drawn = rng.words(area.key, ids, Purpose.SCHOOL_SITE)
    mean = getattr(facts, f"log_roll_mean_{name}")[row]
    spread_log = getattr(facts, f"log_roll_sd_{name}")[row]
    size = (ranks(drawn[SCHOOL_SITE_SIZE]) + 0.5) / schools
    log_roll = mean + spread_log * _shape(size, spread_log)
    tie = area.places.size_density
    order = np.argsort(
        -tie * size + (1 - tie) * rng.uniforms(drawn[SCHOOL_SITE_TURN]), kind="stable"
    )
    share = np.exp(log_roll[order])
    middle = (np.cumsum(share) - share / 2) / share.sum()
    at = np.empty(schools, np.int64)
    at[order] = path[np.minimum((middle * path.size).astype(int), path.size - 1)]
    spread = SITE_SCATTER / np.sqrt(max(2, xy.shape[0] // WARD_SIZE))
    spot = (xy[at] + spread * rng.normals(drawn[SCHOOL_SITE_X : SCHOOL_SITE_Y + 1]).T) % 1.0
    return Sites(ids, spot, at, log_roll)


def _shape(place: Floats, spread: float) -> Floats:
    """Return standard scores of log rolls at places (0 to 1) in the order of size.

    Roots of rolls are close to normal: p10, p50 and p90 lie evenly about the middle.
    """
    raw = np.log(np.maximum(1 + spread / 2 * ndtri(place), SMALLEST_ROOT))
    return np.asarray((raw - raw.mean()) / raw.std() if place.size > 2 else ndtri(place))


def _side(spot: Floats, km_third: float, land_km2: float) -> float:
    """Kilometres of the side of the land.

    So long that the median distance to the third nearest other secondary is the published one;
    with fewer than four secondaries, the root of the published land area.
    """
    if spot.shape[0] < 4:
        return float(np.sqrt(land_km2))
    far, _ = cKDTree(spot, boxsize=1.0).query(spot, k=4)
    return float(km_third / np.median(far[:, 3]))


def _bands(income: Floats, facts: AreaFacts, row: int) -> NDArray[np.int8]:
    """Give the poorest small areas band A, the next B and so on, in the published shares."""
    shares = [getattr(facts, f"idaci_{band}")[row] for band in "abcdef"]
    place = (ranks(income) + 0.5) / income.size
    return np.searchsorted(np.cumsum(shares), place, side="left").astype(np.int8)


def _opportunity(
    xy: Floats, ward: NDArray[np.int64], income: Floats, share: float
) -> NDArray[np.bool_]:
    """Mark the Opportunity Area inside the area: the ground around its poorest ward."""
    if share <= 0 or share >= 1:
        return np.full(income.size, share >= 1)
    means = np.bincount(ward, income) / np.bincount(ward)
    centre = xy[ward == np.argmin(means)].mean(axis=0)
    away = np.abs(xy - centre)
    away = np.minimum(away, 1 - away)
    return np.asarray(ranks((away**2).sum(axis=1)) < share * income.size)


def _school_columns(
    index: int, phase: int, sites: Sites, selective: float
) -> dict[str, NDArray[Any]]:
    """Return the columns of the schools of an area, a share of whose places select."""
    ids, roll = sites.ids, np.exp(sites.log_roll)
    return {
        "id": ids,
        "area": np.full(ids.size, index, np.int32),
        "phase": np.full(ids.size, phase, np.int8),
        "small": sites.at.astype(np.int32),
        "share": roll / roll.sum(),
        "grammar": _grammars(roll, selective) if selective > 0 else np.zeros(ids.size, bool),
    }


def _grammars(roll: Floats, share: float) -> NDArray[np.bool_]:
    """Make schools selective, middle sizes first, until they hold the published share of places."""
    order = np.argsort(np.abs(np.log(roll) - np.log(roll).mean()), kind="stable")
    held = np.cumsum(roll[order]) / roll.sum()
    grammar = np.zeros(roll.size, bool)
    grammar[order[: max(1, int(np.sum(held <= share + 0.5 * held[0])))]] = True
    return grammar


def candidates(areas: Areas, small: SmallAreas, schools: Schools, phase: int, most: int) -> Near:
    """Return the schools near each small area, nearest first; grammar schools come after.

    Args:
        areas: Areas, with the side of their land.
        small: Small areas.
        schools: Schools.
        phase: 0 primary, 1 secondary.
        most: How many near schools a family can think of; two grammar schools may be added.
    """
    extra = 2 if phase == SECONDARY else 0
    near = np.full((len(small), most + extra), -1, np.int32)
    km = np.full((len(small), most + extra), NO_SCHOOL_KM, np.float32)
    for index, side in enumerate(areas.side):
        here = np.flatnonzero(small.area == index)
        mine = np.flatnonzero((schools.area == index) & (schools.phase == phase))
        plain, grammars = mine[~schools.grammar[mine]], mine[schools.grammar[mine]]
        for chosen, first, many in ((plain, 0, most), (grammars, most, extra)):
            k = min(many, chosen.size)
            if k > 0:
                found = _nearest(here, chosen, small, schools, side, k)
                near[here, first : first + k], km[here, first : first + k] = found
    return Near(near, km)


def _nearest(
    here: NDArray[np.intp],
    chosen: NDArray[np.intp],
    small: SmallAreas,
    schools: Schools,
    side: float,
    many: int,
) -> tuple[NDArray[np.intp], Floats]:
    """Return the nearest of the chosen schools to each small area, and how far they are, in km."""
    homes = np.column_stack([small.x[here], small.y[here]]).astype(float) % side
    at = schools.small[chosen]
    spots = np.column_stack([small.x[at], small.y[at]]).astype(float)
    spots = (spots + _jitter(schools.id[chosen], side)) % side
    far, which = cKDTree(spots, boxsize=side).query(homes, k=many)
    shape = here.size, many
    return chosen[which.reshape(shape)], far.reshape(shape)


def _jitter(ids: NDArray[np.uint32], side: float) -> Floats:
    """A few metres that tell schools of one small area apart, the same in every run."""
    luck = rng.words(Key(0, 0), ids, Purpose.SCHOOL_SITE)[SCHOOL_SITE_TURN : SCHOOL_SITE_X + 1]
    drawn = rng.uniforms(luck).T.astype(float)
    return np.asarray(drawn * JITTER * min(side, JITTER_SIDE_KM))


def sparsity_miles(near: Near, schools: Schools, rows: slice, road: float) -> NDArray[np.int64]:
    """Return the formula's sparsity distance of each school in thousandths of a mile.

    Mean over the small areas for which a school is the nearest of the road distance to the second
    nearest; 0 for a school that is nearest to nobody. ``road`` is road over straight-line distance.
    """
    first, second = near.school[:, 0], near.km[:, 1].astype(float)
    known = second < NO_SCHOOL_KM / 10
    total = np.bincount(first[known], second[known], minlength=len(schools))
    homes = np.maximum(np.bincount(first[known], minlength=len(schools)), 1)
    miles = total / homes * road / KM_PER_MILE
    return np.rint(1000 * miles[rows]).astype(np.int64)
