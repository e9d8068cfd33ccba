"""Which schools families can think of: the nearest to each home, across borders where open.

Near schools that take all comers come first, nearest first; then the nearest Catholic ones, then
selective ones within reach, which are sought from farther away.
"""

from __future__ import annotations

from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.codes import SECONDARY
from sim.config.values import PlacesBeliefs
from sim.world.tables import Areas, Near, Schools, SmallAreas

__all__ = ["candidates", "nearest", "school_neighbours", "spots_of"]

NO_SCHOOL_KM = 1e9
"""Farther than any school: there are fewer than are looked for."""
Rows = NDArray[np.intp]


def candidates(
    areas: Areas, small: SmallAreas, schools: Schools, phase: int, places: PlacesBeliefs
) -> Near:
    """Return the schools near each home that its family can think of.

    Args:
        areas: Areas, with the market each belongs to: families choose inside their market.
        small: Homes.
        schools: Schools.
        phase: 0 primary, 1 secondary.
        places: Beliefs about places (`beliefs.values.places`).
    """
    mine, catholic, grammar = schools.phase == phase, schools.catholic, schools.grammar
    open_to_all = places.near_secondaries if phase == SECONDARY else places.near_primaries
    kinds = (
        (mine & ~grammar & ~catholic, int(open_to_all), NO_SCHOOL_KM),
        (mine & ~grammar & catholic, int(places.near_catholic[phase]), NO_SCHOOL_KM),
        (mine & grammar, int(places.near_grammars) if phase == SECONDARY else 0, places.grammar_km),
    )
    near = np.full((len(small), sum(many for _, many, _ in kinds)), -1, np.int32)
    km = np.full(near.shape, NO_SCHOOL_KM, np.float32)
    home_market, first = areas.market[small.area], 0
    for chosen, many, farthest in filter(itemgetter(1), kinds):
        rows = np.flatnonzero(chosen)
        market = areas.market[schools.area[rows]]
        for one in np.unique(market):
            homes, here = np.flatnonzero(home_market == one), rows[market == one]
            far, which = nearest(spots_of(small, homes), spots_of(schools, here), many)
            known, last = far <= farthest, first + far.shape[1]
            near[homes, first:last] = np.where(known, here[which], -1)
            km[homes, first:last] = np.where(known, far, NO_SCHOOL_KM)
        first += many
    across = (near >= 0) & (schools.area[near] != small.area[:, None])
    return Near(near, km, across)


def school_neighbours(areas: Areas, schools: Schools, many: int) -> NDArray[np.int32]:
    """Return the schools of the same phase and market nearest each school, itself first.

    Shape (schools, many); -1 where there are fewer.
    """
    found = np.full((len(schools), many), -1, np.int32)
    cell = 2 * areas.market[schools.area].astype(np.int64) + schools.phase
    for one in np.unique(cell):
        rows = np.flatnonzero(cell == one)
        _, which = nearest(spots_of(schools, rows), spots_of(schools, rows), many)
        found[rows, : which.shape[1]] = rows[which]
    return found


def nearest(
    homes: NDArray[np.float64], spots: NDArray[np.float64], many: int
) -> tuple[NDArray[np.float64], Rows]:
    """Return how far the nearest spots are from homes and which they are, nearest first.

    Shapes (homes, many), or as many as there are spots; in the unit of the positions.
    """
    many = min(many, len(spots))
    far, which = cKDTree(spots).query(homes, k=np.arange(1, many + 1))
    return far, which


def spots_of(table: SmallAreas | Schools, rows: Rows) -> NDArray[np.float64]:
    """Return positions of rows, km east and north, shape (rows, 2)."""
    return np.column_stack([table.x[rows], table.y[rows]]).astype(float)
