"""Which schools families can think of: the nearest to each home, across borders where open.

Near schools that take all comers come first, nearest first; then the nearest Catholic ones, then
selective ones within reach, which are sought from farther away.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.codes import PHASES, SECONDARY
from sim.config.values import PlacesBeliefs
from sim.world.tables import Areas, Near, Schools, SmallAreas

__all__ = ["candidates", "in_market", "nearest", "school_neighbours", "spots_of"]

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
    near, km = [], []
    for chosen, many, farthest in kinds:
        which, far = in_market(areas, small, schools, np.flatnonzero(chosen), many)
        known = far <= farthest
        near.append(np.where(known, which, -1))
        km.append(np.where(known, far, NO_SCHOOL_KM))
    school = np.concatenate(near, axis=1)
    across = (school >= 0) & (schools.area[school] != small.area[:, None])
    return Near(school, np.concatenate(km, axis=1).astype(np.float32), across)


def school_neighbours(areas: Areas, schools: Schools, many: int) -> NDArray[np.int32]:
    """Return the schools of the same phase and market nearest each school, itself first.

    Shape (schools, many); -1 where there are fewer.
    """
    found = np.full((len(schools), many), -1, np.int32)
    for phase in range(len(PHASES)):
        rows = np.flatnonzero(schools.phase == phase)
        found[rows] = in_market(areas, schools, schools, rows, many, rows)[0]
    return found


def in_market(
    areas: Areas,
    homes: SmallAreas | Schools,
    schools: Schools,
    chosen: Rows,
    many: int,
    rows: Rows | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return which of the chosen schools of its own market are nearest each home, and km to them.

    Shapes (homes, many), nearest first: row of the school or -1, and `NO_SCHOOL_KM`, where there
    are fewer. ``rows`` are the homes asked for; all if not given.
    """
    rows = np.arange(len(homes)) if rows is None else rows
    which = np.full((rows.size, many), -1, np.int32)
    km = np.full(which.shape, NO_SCHOOL_KM)
    home_market, market = areas.market[homes.area[rows]], areas.market[schools.area[chosen]]
    for one in np.unique(market) if many else ():
        at, here = np.flatnonzero(home_market == one), chosen[market == one]
        far, found = nearest(spots_of(homes, rows[at]), spots_of(schools, here), many)
        which[at, : far.shape[1]], km[at, : far.shape[1]] = here[found], far
    return which, km


def nearest(
    homes: NDArray[np.float64], spots: NDArray[np.float64], many: int
) -> tuple[NDArray[np.float64], Rows]:
    """Return how far the nearest spots are from homes and which they are, nearest first.

    Shapes (homes, many), or as many as there are spots; in the unit of the positions.
    """
    many = min(many, len(spots))
    far, which = cKDTree(spots).query(homes, k=np.arange(1, many + 1))
    return far, which


def spots_of(table: SmallAreas | Schools, rows: Rows | slice = slice(None)) -> NDArray[np.float64]:
    """Return positions of rows, all if not given, km east and north, shape (rows, 2)."""
    return np.column_stack([table.x[rows], table.y[rows]]).astype(float)
