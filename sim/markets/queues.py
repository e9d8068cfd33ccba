"""A queue for places that are limited, with rivals who are not followed one by one.

Those who stand in it come by how good they are. Rivals from outside hold a part of the places
whatever happens, and stand in the same queue for the rest: the better those inside have become, the
fewer of the rivals get one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from sim.arrays import Float32s, Float64s, Int64s

__all__ = ["Rivals", "cutoff", "rivals_in"]


class Rivals(NamedTuple):
    """Those who compete from outside.

    Attributes:
        places: Places that they have at a cutoff of 0.
        rate: Share of them who get one there, between 0 and 1.
        hold: Share of those places that nobody can take from them.
    """

    places: float
    rate: float
    hold: float


NOBODY = Rivals(0.0, 0.5, 1.0)
"""No rivals at all."""


def rivals_in(rivals: Rivals, at: Float32s) -> Float64s:
    """Return how many rivals get a place at each cutoff: as many as ever at 0.

    >>> rivals_in(Rivals(100, 0.5, 1.0), np.float32([0, 1])).tolist()
    [100.0, 100.0]
    >>> rivals_in(Rivals(100, 0.5, 0.0), np.float32([0, 1])).round(1).tolist()
    [100.0, 31.7]
    """
    left = ndtr(ndtri(rivals.rate) - at.astype(np.float64)) / rivals.rate
    return np.asarray(rivals.places * (rivals.hold + (1 - rivals.hold) * left))


def cutoff(good: Float32s, weight: Int64s, places: float, rivals: Rivals = NOBODY) -> float:
    """Return the cutoff above which there is a place for everybody; minus infinity if for all.

    Whoever stands at the cutoff gets none, so that never more get a place than there are.

    Args:
        good: (people,) how good each one is; NaN for who does not stand in the queue.
        weight: (people,) how many each one stands for.
        places: Places of those who stand here, at a cutoff of 0.
        rivals: Who else does.

    >>> cutoff(np.float32([3, 1, np.nan, 2]), np.int64([1, 1, 1, 1]), 2.0)
    1.0
    """
    order = np.argsort(-good, kind="stable")[: np.count_nonzero(~np.isnan(good))]
    line = good[order]
    taken = np.cumsum(weight[order]) + rivals_in(rivals, line)
    last = int(np.searchsorted(taken, places + rivals.places, side="right"))
    return float(line[last]) if last < line.size else float("-inf")
