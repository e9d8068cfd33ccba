"""What makes every school as full as it really is, before anybody's luck is drawn.

Expected flows of children from homes to schools by distance and border alone: each school's lasting
appeal is moved until as many come as it has places (a doubly constrained gravity model, Wilson
1971, *A family of spatial interaction models*).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Float64s, Int32s
from sim.kernel import kernel

__all__ = ["appeals"]

ROUNDS = 100
CLOSE = 0.002
"""Sum of absolute misfits over all places at which the search ends."""
NOTHING, NO_FLOW = 1e-9, 1e-300
"""Places and flows that are divided by where there are none."""
STEP = 0.3, 3.0
"""Bounds on how much a school's pull changes in a round."""
LANES = 8


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
    base, pull = _base(near, cost), np.maximum(places, NOTHING) / places.mean()
    near = np.maximum(near, 0)
    came = np.empty(places.size)
    for _ in range(ROUNDS):
        _flow(near, base, pull, children, came)
        if np.abs(came - places).sum() < CLOSE * places.sum():
            break
        pull *= np.clip(places / np.maximum(came, NOTHING), *STEP)
    log = np.log(pull)
    return np.asarray(log - log.mean())


def _base(near: NDArray[np.int32], cost: Float32s) -> Float64s:
    """Return what the way to each school leaves of its pull; nothing where there is none."""
    known = near >= 0
    least = np.where(known, cost, np.inf).min(axis=1, keepdims=True)
    return np.where(known, np.exp(least - cost), 0).astype(np.float64)


@kernel
def _flow(near: Int32s, base: Float64s, pull: Float64s, children: Float64s, came: Float64s) -> None:
    """Count in ``came`` how many go to each school when each home shares out its children.

    A home's pulls are added up eight at a time, so that sums keep the same order whatever wide
    instructions a machine has.
    """
    most = near.shape[1]
    whole = most - most % LANES
    flow, sums = np.empty(most), np.empty(LANES)
    came[:] = 0
    for home in range(children.size):
        here, left = near[home], base[home]
        sums[:] = 0
        for c in range(most):
            flow[c] = left[c] * pull[np.uint64(here[c])]
        for low in range(0, whole, LANES):
            for lane in range(LANES):
                sums[lane] += flow[low + lane]
        total = (sums[0] + sums[1]) + (sums[2] + sums[3])
        total += (sums[4] + sums[5]) + (sums[6] + sums[7])
        for c in range(whole, most):
            total += flow[c]
        share = children[home] / max(total, NO_FLOW)
        for c in range(most):
            came[np.uint64(here[c])] += flow[c] * share
