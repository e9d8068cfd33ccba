"""What is on offer after sixteen, and how far away: sixth forms, colleges, apprenticeships.

Numbers of schools with sixth forms and of colleges are national margins; which schools and where
is drawn by keyed luck. Places are never read off published shares of routes: what young people can
reach is counted from places, the leavers who share them and the minutes between (a two-step
floating catchment, Luo and Wang 2003, *Measures of spatial accessibility to health care*).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim import rng
from sim.arrays import Bools, Int8s, Int32s
from sim.codes import (
    OFFER_SITE_APPRENTICESHIPS,
    OFFER_SITE_COLLEGE,
    OFFER_SITE_SIXTH_COLLEGES,
    OFFER_SITE_SIXTH_FORM,
    OFFER_SITE_SLOT_COLLEGE,
    OFFER_SITE_SLOT_COUNTS,
    OFFER_SITE_TECHNICAL_COLLEGES,
    ROUTE_COUNT,
    SECONDARY,
)
from sim.columns import Column, Table
from sim.config.models import Post16, Switches
from sim.config.values import OffersBeliefs
from sim.rng import Purpose
from sim.world.tables import World

__all__ = [
    "KINDS",
    "Neighbours",
    "Offers",
    "Places",
    "kinds_in_reach",
    "lay_out",
    "note_prospects",
    "note_routes",
    "options_in_reach",
    "travel_minutes",
]

KINDS = ("school_sixth", "sixth_college", "technical")
COLLEGES = 64
Floats = NDArray[np.float64]


class Places(Table):
    """What can be reached from each small area."""

    area = Column("i4", "row", "area")
    minutes = Column("f4", "minutes", "to the nearest of each of `KINDS` on flat land", width=3)
    terrain = Column("f4", "ratio", "how much longer roads take here than on flat land")
    log_places = Column("f4", "log", "places in reach per leaver over the nation's", width=3)
    log_apprenticeships = Column("f4", "log", "local apprenticeships over the nation's")
    log_km = Column("f4", "log km", "log km to the third nearest secondary of the area")


class Neighbours(Table):
    """What older young people of an area did, as younger ones see it."""

    routes = Column(
        "f4", "share", "less the nation's: 6 routes of others, then ever-6", width=2 * ROUTE_COUNT
    )
    prospects = Column("f4", "share", "in professional jobs at 25, less the nation's")


@dataclass
class Offers:
    """Places in reach of each small area (constant) and older neighbours of each area."""

    places: Places
    neighbours: Neighbours

    def copy(self) -> Offers:
        """Return a branch: neighbours of its own, the same places."""
        return replace(self, neighbours=self.neighbours.copy())


def lay_out(world: World, values: OffersBeliefs) -> Offers:
    """Draw sixth forms, colleges and apprenticeships of every area.

    Args:
        world: Places and schools.
        values: Beliefs about offers (`beliefs.values.offers`).
    """
    places = Places(len(world.small))
    places.area = world.small.area
    facts, rows = world.facts, world.areas.facts_row
    hills = 1 + values.terrain_rural * facts.rural_share[rows]
    places.terrain = hills[world.small.area]
    places.log_km = (world.areas.log_isolation + values.log_km_mean)[world.small.area]
    luck = rng.uniforms(
        rng.words(world.key, world.areas.id, Purpose.OFFER_SITE, slot=OFFER_SITE_SLOT_COUNTS)
    )
    sixth, technical = luck[OFFER_SITE_SIXTH_COLLEGES], luck[OFFER_SITE_TECHNICAL_COLLEGES]
    spread = np.sqrt(np.log(1 + values.apprenticeship_cv**2))
    local = spread * ndtri(luck[OFFER_SITE_APPRENTICESHIPS].astype(float)) - spread * spread / 2
    places.log_apprenticeships = local[world.small.area]
    share = facts.pupils_secondary / facts.pupils_secondary.sum()
    for area, row in enumerate(rows):
        homes = np.flatnonzero(world.small.area == area)
        sites = [
            _sixth_forms(world, area, values),
            _colleges(world, area, values.sixth_colleges, share[row], sixth[area], 0),
            _colleges(world, area, values.technical_colleges, share[row], technical[area], 1),
        ]
        for kind, (spots, capacity) in enumerate(sites):
            far, near = _reach(world, area, homes, spots, capacity, hills[area], values)
            places.minutes[homes, kind] = far
            places.log_places[homes, kind] = np.clip(near, *values.places_bounds)
    return Offers(places, Neighbours(len(world.areas)))


def _sixth_forms(world: World, area: int, values: OffersBeliefs) -> tuple[NDArray[np.intp], Floats]:
    """Small areas of schools with a sixth form; places of each as a share of a year's leavers."""
    schools = world.schools
    mine = np.flatnonzero((schools.area == area) & (schools.phase == SECONDARY))
    roll = schools.share[mine] * world.facts.pupils_secondary[world.areas.facts_row[area]]
    size = np.log(np.maximum(roll, 1) / values.sixth_roll)
    chance = ndtr(ndtri(values.sixth_share) + values.sixth_size * size)
    luck = rng.uniforms(
        rng.words(world.key, schools.id[mine], Purpose.OFFER_SITE)[OFFER_SITE_SIXTH_FORM]
    )
    has = schools.grammar[mine] | (luck < chance)
    places = schools.share[mine] / values.sixth_places
    return schools.small[mine[has]].astype(np.intp), places[has]


def _colleges(
    world: World, area: int, number: float, share: float, luck: float, kind: int
) -> tuple[NDArray[np.intp], Floats]:
    """Small areas of an area's colleges; each takes an equal share of the nation's places."""
    count = int(number * share + luck)
    if kind == 1:
        count = max(count, 1)
    ids = np.uint32(int(world.areas.id[area]) * 2 * COLLEGES + kind * COLLEGES) + np.arange(count)
    words = rng.words(world.key, ids, Purpose.OFFER_SITE, slot=OFFER_SITE_SLOT_COLLEGE)
    drawn = rng.uniforms(words[OFFER_SITE_COLLEGE])
    homes = np.flatnonzero(world.small.area == area)
    spots = homes[np.minimum((drawn * homes.size).astype(int), homes.size - 1)]
    return spots, np.full(count, 1 / (number * share))


def _reach(
    world: World,
    area: int,
    homes: NDArray[np.intp],
    spots: NDArray[np.intp],
    capacity: Floats,
    hill: float,
    values: OffersBeliefs,
) -> tuple[Floats, Floats]:
    """Minutes to the nearest site on flat land; log places in reach over the nation's.

    Part of all places lies across the border of the area and is as plentiful as in the nation.
    """
    outside = np.full(homes.size, values.outside_minutes / hill)
    if spots.size == 0:
        return outside, np.full(homes.size, np.log(values.outside_share))
    small, side = world.small, world.areas.side[area]
    away = [np.abs(axis[homes][:, None] - axis[spots][None]) for axis in (small.x, small.y)]
    km = np.hypot(*[np.minimum(a % side, side - a % side).astype(float) for a in away])
    minutes = values.access_minutes + 60 * values.road_factor * km / values.speed
    felt = np.exp(-minutes * hill / values.reach_minutes)
    # Each site's places over the leavers around it, then what is around each home.
    ratio = capacity / (felt.mean(axis=0))
    own = (felt * ratio).sum(axis=1)
    mixed = (1 - values.outside_share) * own + values.outside_share
    return np.minimum(minutes.min(axis=1), outside), np.log(mixed)


def note_routes(
    neighbours: Neighbours, area: Int32s, ever6: Bools, route: Int8s, weight: Floats, keep: float
) -> None:
    """Let this year's choices be seen by next year's leavers.

    Args:
        neighbours: What is seen; changed in place.
        area: Area of each young person.
        ever6: Whether it was ever-6.
        route: Route it took.
        weight: Weight of each area in the nation.
        keep: Weight of what was seen before, 0 to 1.
    """
    areas = len(neighbours)
    cell = (area.astype(np.int64) * 2 + ever6.astype(np.int64)) * ROUTE_COUNT + route
    number = (
        np.bincount(cell, minlength=areas * 2 * ROUTE_COUNT)
        .reshape(areas, 2, ROUTE_COUNT)
        .astype(float)
    )
    nation = (number * weight[:, None, None]).sum(axis=0)
    nation /= np.maximum(nation.sum(axis=1, keepdims=True), 1)
    heads = number.sum(axis=2, keepdims=True)
    seen = np.where(heads > 0, number / np.maximum(heads, 1) - nation, 0)
    neighbours.routes = keep * neighbours.routes + (1 - keep) * seen.reshape(areas, 2 * ROUTE_COUNT)


def note_prospects(
    neighbours: Neighbours, area: Int32s, professional: Bools, weight: Floats, keep: float
) -> None:
    """Let what became of the 25-year-olds raised in an area be seen by its leavers.

    Args:
        neighbours: What is seen; changed in place.
        area: Area in which each was raised.
        professional: Whether it is in a professional job.
        weight: Weight of each area in the nation.
        keep: Weight of what was seen before, 0 to 1.
    """
    heads = np.bincount(area, minlength=len(neighbours)).astype(float)
    reached = np.bincount(area, professional.astype(float), minlength=len(neighbours))
    nation = (reached * weight).sum() / max((heads * weight).sum(), 1)
    seen = np.where(heads > 0, reached / np.maximum(heads, 1) - nation, 0)
    neighbours.prospects = keep * neighbours.prospects + (1 - keep) * seen


def kinds_in_reach(
    places: Places, values: OffersBeliefs, on: Switches, policy: Post16
) -> NDArray[np.bool_]:
    """Return which kinds of post-16 offer can be reached from each small area, shape (n, 4).

    A school sixth form, a sixth-form college and a technical college count if they lie within the
    minutes that young people travel; apprenticeships count from a share of the national density.

    Args:
        places: What can be reached.
        values: Beliefs about offers.
        on: Switches; ``isolation``, ``terrain`` and ``offer`` act here.
        policy: The post-16 levers.
    """
    limit = values.option_minutes * (1 + values.transport_reach * bool(policy.transport))
    near = travel_minutes(places, values, on) <= limit
    supply = np.exp(places.log_apprenticeships) if on.offer else np.ones(len(places))
    enough = supply * (1 + policy.technical_offer) >= values.option_density
    return np.column_stack([near, enough])


def options_in_reach(
    places: Places, values: OffersBeliefs, on: Switches, policy: Post16
) -> NDArray[np.float32]:
    """Return how many of the four kinds of offer can be reached from each small area, 0 to 4.

    Arguments as for `kinds_in_reach`.
    """
    count = kinds_in_reach(places, values, on, policy).sum(axis=1)
    return np.asarray(count, np.float32)


def travel_minutes(places: Places, values: OffersBeliefs, on: Switches) -> NDArray[np.float32]:
    """Return minutes to the nearest of each of `KINDS`, shape (small areas, 3).

    Without terrain all land is flat; without isolation everybody travels the national mean.
    """
    if not on.isolation:
        return np.broadcast_to(np.asarray(values.mean_minutes, np.float32), (len(places), 3))
    hills = places.terrain[:, None] if on.terrain else np.float32(1)
    return np.asarray(places.minutes * hills, np.float32)
