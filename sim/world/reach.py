"""How much of something lies within reach of where people live, on England's real ground.

A two-step floating catchment (Luo and Wang 2003, *Measures of spatial accessibility to health
care*): each site's places are shared by those around it, and what a home can reach is added up over
the sites around it. It is worked out over squares of a few kilometres for the whole of England,
whatever part of it a world holds: nothing that is there is forgotten at the edge of a world.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["Squares", "places_in_reach", "squares"]

SIDE_KM = 2.5
FARTHEST_KM = 30.0
"""Beyond it nothing counts: over an hour and a half away."""
NOBODY = 1e-9
"""Divided by where nobody lives, or nobody is around."""
Floats = NDArray[np.float64]


class Squares(NamedTuple):
    """Squares of land where people live.

    Attributes:
        x: Kilometres east, mean of the people of the square.
        y: Kilometres north, likewise.
        people: How many live there.
        slow: How much longer roads take there than on flat land, mean of the people.
    """

    x: Floats
    y: Floats
    people: Floats
    slow: Floats


def squares(x: Floats, y: Floats, people: Floats, slow: Floats) -> tuple[Squares, NDArray[np.intp]]:
    """Gather homes into squares; also returns the square of each home."""
    cell = np.floor(x / SIDE_KM).astype(np.int64) * 4096 + np.floor(y / SIDE_KM).astype(np.int64)
    _, at = np.unique(cell, return_inverse=True)
    total = np.maximum(np.bincount(at, people), NOBODY)

    def mean(values: Floats) -> Floats:
        return np.asarray(np.bincount(at, people * values) / total)

    return Squares(mean(x), mean(y), total, mean(slow)), at


def places_in_reach(
    lived: Squares, spots: Floats, places: Floats, access: float, per_km: float, decay: float
) -> Floats:
    """Return places in reach of each square, a head, over the nation's: 1 on average.

    Args:
        lived: Where people live.
        spots: (sites, 2) kilometres east and north.
        places: Places of each site.
        access: Minutes spent whatever the distance.
        per_km: Minutes for a kilometre straight ahead on flat land.
        decay: Minutes over which places count a third as much.
    """
    homes, sites = cKDTree(np.column_stack([lived.x, lived.y])), cKDTree(spots)
    pairs = homes.sparse_distance_matrix(sites, FARTHEST_KM, output_type="ndarray")
    home, site = pairs["i"], pairs["j"]
    felt = np.exp(-(access + per_km * pairs["v"]) * lived.slow[home] / decay)
    around = np.bincount(site, felt * lived.people[home], minlength=len(spots))
    share = places / places.sum() * lived.people.sum() / np.maximum(around, NOBODY)
    return np.asarray(np.bincount(home, felt * share[site], minlength=lived.people.size), float)
