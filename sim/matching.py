"""Deferred acceptance: who gets which place when both sides have an order.

One kernel serves every market. Applicants propose in their own order, places are held by those
with the lowest priority number, ties by id, so the result is the one stable matching that is best
for applicants and does not depend on the order of rows.

References:
    Gale and Shapley (1962), *College admissions and the stability of marriage*.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel

__all__ = ["blocking_pairs", "match"]


def match(
    choices: NDArray[np.int32],
    priority: NDArray[np.float32],
    ids: NDArray[np.uint32],
    seats: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Return the place each applicant gets, or -1.

    Args:
        choices: (applicants, choices) index of the place, best first; -1 ends the list.
        priority: (applicants, choices) the place's view of the applicant, lowest admitted first.
        ids: Applicants' ids; they settle equal priorities.
        seats: Seats of each place.
    """
    got = np.full(choices.shape[0], -1, np.int32)
    _propose(choices, priority, ids, seats, got)
    return got


@kernel
def _before(p: np.float32, who: np.uint32, q: np.float32, other: np.uint32) -> bool:
    """Whether the first of two applicants comes before the second in a place's order."""
    return bool(p < q or (p == q and who < other))


@kernel
def _sink(rank: Any, row: Any, ids: Any, base: int, size: int, p: Any, i: int) -> None:
    """Put applicant ``i`` at the root of a heap (last admitted on top) and let it sink."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        other = child + 1
        if other < size and _before(
            rank[base + child], ids[row[base + child]], rank[base + other], ids[row[base + other]]
        ):
            child = other
        if not _before(p, ids[i], rank[base + child], ids[row[base + child]]):
            break
        rank[base + at] = rank[base + child]
        row[base + at] = row[base + child]
        at = child
    rank[base + at] = p
    row[base + at] = i


@kernel
def _rise(rank: Any, row: Any, ids: Any, base: int, size: int, p: Any, i: int) -> None:
    """Add applicant ``i`` at the end of a heap and let it rise."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if not _before(rank[base + parent], ids[row[base + parent]], p, ids[i]):
            break
        rank[base + at] = rank[base + parent]
        row[base + at] = row[base + parent]
        at = parent
    rank[base + at] = p
    row[base + at] = i


@kernel
def _propose(choices: Any, priority: Any, ids: Any, seats: Any, got: Any) -> None:
    places = seats.size
    base = np.zeros(places + 1, np.int64)
    for s in range(places):
        base[s + 1] = base[s] + seats[s]
    rank = np.empty(base[places], np.float32)
    row = np.empty(base[places], np.int32)
    held = np.zeros(places, np.int64)
    turn = np.zeros(got.size, np.int8)
    for start in range(got.size):
        i = start
        while i >= 0:
            r = turn[i]
            if r >= choices.shape[1] or choices[i, r] < 0:
                break
            turn[i] = r + 1
            s = choices[i, r]
            p = priority[i, r]
            b = base[s]
            if held[s] < seats[s]:
                _rise(rank, row, ids, b, held[s], p, i)
                held[s] += 1
                got[i] = s
                break
            if seats[s] == 0 or not _before(p, ids[i], rank[b], ids[row[b]]):
                continue
            out = row[b]
            _sink(rank, row, ids, b, held[s], p, i)
            got[i] = s
            got[out] = -1
            i = out


@kernel
def blocking_pairs(choices: Any, priority: Any, ids: Any, seats: Any, got: Any) -> int:
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
