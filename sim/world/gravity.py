"""What makes every school as full as it really is, before anybody's luck is drawn.

Expected flows of children from homes to schools by distance and border alone: each school's lasting
appeal is moved until as many come as it has places (a doubly constrained gravity model, Wilson
1971, *A family of spatial interaction models*).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Float64s

__all__ = ["appeals"]

ROUNDS = 100
CLOSE = 0.002
"""Sum of absolute misfits over all places at which the search ends."""
NOTHING, NO_FLOW = 1e-9, 1e-300
"""Places and flows that are divided by where there are none."""
STEP = 0.3, 3.0
"""Bounds on how much a school's pull changes in a round."""


def appeals(
    near: NDArray[np.int32], cost: Float32s, children: Float64s, places: Float64s
) -> NDArray[np.float64]:
    """Return the log pull of each school that fills its places, mean 0 over schools.

    Args:
        near: (homes, candidates) rows of schools, from 0, or -1.
        cost: (homes, candidates) what the way costs, in units of the spread of taste.
        children: Children of each home.
        places: Places of each school; as many as children, all told, in each market.
    """
    known = near >= 0
    at = np.where(known, near, 0).ravel()
    least = np.where(known, cost, np.inf).min(axis=1, keepdims=True)
    base = np.where(known, np.exp(least - cost), 0).astype(np.float64)
    pull = np.maximum(places, NOTHING) / places.mean()
    for _ in range(ROUNDS):
        flow = base * pull[at].reshape(near.shape)
        flow *= (children / np.maximum(flow.sum(axis=1), NO_FLOW))[:, None]
        came = np.bincount(at, flow.ravel(), minlength=places.size)
        if np.abs(came - places).sum() < CLOSE * places.sum():
            break
        pull *= np.clip(places / np.maximum(came, NOTHING), *STEP)
    log = np.log(pull)
    return np.asarray(log - log.mean())
