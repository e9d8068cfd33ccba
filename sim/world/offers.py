"""What is on offer after sixteen, and how far away: sixth forms, colleges, apprenticeships.

Sixth forms and colleges stand where they really do and are as large; apprenticeships of an area are
drawn. Places are never read off published shares of routes: what young people can reach is counted
from places, the young people who share them and the minutes between (`sim.world.reach`). Minutes
follow from distance by road, longer in the country by the official classification of small areas.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtri

from sim import rng
from sim.arrays import Bools, Int8s, Int32s
from sim.codes import (
    OFFER_SITE_APPRENTICESHIPS,
    OFFER_SITE_SLOT_COUNTS,
    ROUTE_COUNT,
    SECONDARY,
)
from sim.columns import Column, Table
from sim.config.models import Post16, Switches
from sim.config.values import OffersBeliefs
from sim.data import ground
from sim.rng import Purpose
from sim.world.near import spots_of
from sim.world.places import rural
from sim.world.reach import places_in_reach, squares
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
    "sites_after_16",
    "travel_minutes",
]

KINDS = ("school_sixth", "sixth_college", "technical")
YEARS_OF_SIXTH_FORM = 2
LEAST_KM = 0.2
"""Nobody lives nearer the third nearest secondary: positions are to a quarter of a kilometre."""
Floats = NDArray[np.float64]


class Places(Table):
    """What can be reached from each home."""

    area = Column("i4", "row", "area")
    minutes = Column("f4", "minutes", "to the nearest of each of `KINDS` on flat land", width=3)
    terrain = Column("f4", "ratio", "how much longer roads take here than on flat land")
    log_places = Column("f4", "log", "places in reach per leaver over the nation's", width=3)
    log_apprenticeships = Column("f4", "log", "local apprenticeships over the nation's")
    log_km = Column("f4", "log km", "log km to the third nearest secondary")


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
    """Say what can be reached from every home; draw apprenticeships of every area.

    Args:
        world: Homes.
        values: Beliefs about offers (`beliefs.values.offers`).
    """
    small = world.small
    places = Places(len(small))
    places.area = small.area
    places.terrain = 1 + values.terrain_rural * small.rural
    homes = spots_of(small)
    places.log_km = _log_km_to_third(homes) + (values.log_km_mean - _mean_log_km())
    luck = rng.uniforms(
        rng.words(world.key, world.areas.id, Purpose.OFFER_SITE, slot=OFFER_SITE_SLOT_COUNTS)
    )
    spread = np.sqrt(np.log(1 + values.apprenticeship_cv**2))
    local = spread * ndtri(luck[OFFER_SITE_APPRENTICESHIPS].astype(float)) - spread * spread / 2
    places.log_apprenticeships = local[small.area]
    england = ground.small_areas()
    slow = np.asarray(1 + values.terrain_rural * rural(), np.float64)
    x, y = ground.spots_km(england).T
    lived, _ = squares(x, y, england.children_16_17.astype(float), slow)
    _, square = cKDTree(np.column_stack([lived.x, lived.y])).query(homes)
    per_km = 60 * values.road_factor / values.speed
    for kind, (spots, room) in enumerate(sites_after_16()):
        far, _ = cKDTree(spots).query(homes)
        away = values.access_minutes + per_km * far
        places.minutes[:, kind] = np.minimum(away, values.farthest_minutes)
        near = places_in_reach(
            lived, spots, room, values.access_minutes, per_km, values.reach_minutes
        )
        least, most = np.exp(values.places_bounds)
        places.log_places[:, kind] = np.log(np.clip(near, least, most))[square]
    return Offers(places, Neighbours(len(world.areas)))


@lru_cache(maxsize=1)
def sites_after_16() -> tuple[tuple[Floats, Floats], ...]:
    """Return positions, km, and places in a year of the real sites of each of `KINDS`."""
    schools, colleges = ground.sites(), ground.colleges()
    school = np.flatnonzero(schools.sixth_form > 0)
    at = ground.spots_km(schools)[school]
    technical = colleges.kind == ground.COLLEGE_KINDS.index("fe")
    spots = ground.spots_km(colleges)
    leavers = colleges.leavers.astype(np.float64)
    return (
        (at, schools.sixth_form[school] / YEARS_OF_SIXTH_FORM),
        (spots[~technical], leavers[~technical]),
        (spots[technical], leavers[technical]),
    )


def _log_km_to_third(homes: Floats) -> Floats:
    """Return log km from each home to the third nearest secondary of England."""
    schools = ground.sites()
    spots = ground.spots_km(schools)[schools.phase == SECONDARY]
    far, _ = cKDTree(spots).query(homes, k=3)
    return np.asarray(np.log(np.maximum(far[:, -1], LEAST_KM)))


@lru_cache(maxsize=1)
def _mean_log_km() -> float:
    """Return the mean of the same over England's secondary pupils."""
    table = ground.small_areas()
    away = _log_km_to_third(ground.spots_km(table))
    return float(np.average(away, weights=table.secondary))


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
