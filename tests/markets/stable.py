"""What a stable market is: nobody and no place would both rather have each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Int32s, Int64s, UInt32s
from sim.kernel import kernel
from sim.markets.jobs import Assignment, People, queue


def pairs_of_jobs(
    people: People, score: NDArray[np.float32], liked: NDArray[np.float32], found: Assignment
) -> int:
    """Count pairs that would both gain and fit; 0 in a stable market.

    A person and a region block if the person likes it better than what came, and the posts left
    there with those held by people further back in the queue are enough for the person.
    """
    pairs = 0
    room = found.left.copy()
    for i in queue(score, people.ids)[::-1]:
        held = found.market[i]
        now = liked[i, held] if held >= 0 else -np.inf
        pairs += int(np.count_nonzero((liked[i] > now) & (room >= people.weight[i])))
        if held >= 0:
            room[held] += people.weight[i]
    return pairs


@kernel
def _before(p: np.float32, who: np.uint32, q: np.float32, other: np.uint32) -> bool:
    """Whether the first of two applicants comes before the second in a place's order."""
    return bool(p < q or (p == q and who < other))


@kernel
def pairs_of_places(
    choices: Int32s, priority: Float32s, ids: UInt32s, seats: Int64s, got: Int32s
) -> int:
    """Count pairs that would both rather have each other: 0 in a stable matching."""
    places = seats.size
    held = np.zeros(places, np.int64)
    worst = np.full(places, np.float32(-np.inf))
    worst_id = np.zeros(places, np.uint32)
    for i in range(got.size):
        for r in range(choices.shape[1]):
            s = choices[i, r]
            if s >= 0 and s == got[i]:
                held[s] += 1
                if not _before(priority[i, r], ids[i], worst[s], worst_id[s]):
                    worst[s] = priority[i, r]
                    worst_id[s] = ids[i]
    pairs = 0
    for i in range(got.size):
        for r in range(choices.shape[1]):
            s = choices[i, r]
            if s < 0 or s == got[i]:
                break
            if held[s] < seats[s] or _before(priority[i, r], ids[i], worst[s], worst_id[s]):
                pairs += 1
    return pairs
