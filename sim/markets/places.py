"""Deferred acceptance: who gets which place when both sides have an order.

One kernel serves every market. Applicants propose in their own order, places are held by those
with the lowest priority number, ties by id, so the result is the one stable matching that is best
for applicants and does not depend on the order of rows.

References:
    Gale and Shapley (1962), *College admissions and the stability of marriage*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Int32s, Int64s, UInt32s, UInt64s
from sim.kernel import kernel

__all__ = ["match"]

_ZERO = np.uint32(0)
_SIGN = np.uint32(0x80000000)
_ALL = np.uint32(0xFFFFFFFF)
_S32 = np.uint64(32)


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
    bits = np.ascontiguousarray(priority, np.float32).view(np.uint32)
    _propose(choices, bits, ids, seats, got)
    return got


@kernel
def _place_in_order(bits: np.uint32, who: np.uint32) -> np.uint64:
    """Turn the bits of a priority and an id into one number: less comes first, ties go by id.

    The bits of floats are in order once those of negative numbers are turned over and the sign
    of the others is set.
    """
    bits = _ZERO if bits == _SIGN else bits
    order = bits ^ (_ALL if bits & _SIGN else _SIGN)
    return np.uint64((np.uint64(order) << _S32) | np.uint64(who))


@kernel
def _sink(
    heap: UInt64s, row: Int32s, base: int, size: int, at: int, key: np.uint64, i: int
) -> None:
    """Let an applicant sink from place ``at`` of a heap, in which the last in order is on top."""
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        other = child + 1
        if other < size and heap[base + child] < heap[base + other]:
            child = other
        if heap[base + child] <= key:
            break
        heap[base + at] = heap[base + child]
        row[base + at] = row[base + child]
        at = child
    heap[base + at] = key
    row[base + at] = i


@kernel
def _propose(choices: Int32s, priority: UInt32s, ids: UInt32s, seats: Int64s, got: Int32s) -> None:
    places = seats.size
    base = np.zeros(places + 1, np.int64)
    for s in range(places):
        base[s + 1] = base[s] + seats[s]
    heap = np.empty(base[places], np.uint64)
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
            key = _place_in_order(priority[i, r], ids[i])
            b, n = base[s], held[s]
            if n < seats[s]:
                heap[b + n], row[b + n] = key, i
                held[s] = n + 1
                got[i] = s
                # Who is last matters only once the place is full.
                if n + 1 == seats[s]:
                    for at in range((n + 1) // 2 - 1, -1, -1):
                        _sink(heap, row, b, n + 1, at, heap[b + at], row[b + at])
                break
            if n == 0 or heap[b] <= key:
                continue
            out = row[b]
            _sink(heap, row, b, n, 0, key, i)
            got[i] = s
            got[out] = -1
            i = out
