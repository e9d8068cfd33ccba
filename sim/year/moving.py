"""Moving: children who arrive, leave, or change school outside the normal time.

Whoever wants a place takes, in the order of a lottery, the nearest school with room that does not
select; a child new to the area who finds none goes to the nearest of all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import Bools, Int8s, Int32s, Int64s, UInt32s
from sim.codes import MOVE_TURN, NEVER, YEAR_MOVING
from sim.kernel import kernel
from sim.pupils import Pupils
from sim.rng import BLOCK, Key, Purpose, draw, lock, uniform, when

__all__ = ["move"]

_YEAR = np.uint32(int(Purpose.YEAR))
_ZERO = np.uint32(0)
_NEVER = np.int8(NEVER)
STAYS, WANTS, AWAY = np.int8(0), np.int8(1), np.int8(2)


def move(
    pupils: Pupils, grade: int, share: float, seats: NDArray[np.int64],
    grammar: NDArray[np.bool_], near: NDArray[np.int32], first: int, nobody: int, key: Key,
    year: int,
) -> None:  # fmt: skip
    """Bring a cohort's schools up to date; the block has to be sorted again afterwards.

    Args:
        pupils: The cohort, sorted by school; ``school`` and ``since`` are written.
        grade: Its year group.
        share: Share of children who change school in a year.
        seats: Seats of each school of the phase.
        grammar: Whether each school selects; all schools.
        near: (small areas, candidates) rows of schools.
        first: Row of the first school of the phase.
        nobody: School row that means none.
        key: Luck.
        year: School year.
    """
    wanting = np.empty(pupils.rows, np.int64)
    held = np.zeros(seats.size, np.int64)
    many = _wish(
        pupils.id, pupils.arrive, pupils.depart, pupils.school, pupils.since, np.int8(grade),
        np.float32(share), pupils.start, first, np.int32(nobody), when(year), *lock(key), wanting,
        held,
    )  # fmt: skip
    wanting = wanting[:many]
    ids = pupils.id[wanting]
    lottery = rng.words(key, ids, Purpose.MOVE, year=year)[MOVE_TURN]
    # Ids are unique, so lottery and id in one number are an order without ties.
    turn = (lottery.astype(np.uint64) << np.uint64(32)) | ids
    _change(
        wanting[np.argsort(turn)], pupils.small, pupils.school, pupils.since, seats, grammar, held,
        near, first, nobody,
    )  # fmt: skip


@kernel
def _wish(
    ids: UInt32s, arrive: Int8s, depart: Int8s, school: Int32s, since: Int8s, grade: np.int8,
    share: np.float32, start: Int64s, first: int, nobody: np.int32, year: np.uint32, k0: np.uint32,
    k1: np.uint32, wanting: Int64s, held: Int64s,
) -> int:  # fmt: skip
    """Find who wants a school, who is away, who stays; count places held by those who stay.

    Returns how many want one.
    """
    step = np.empty(BLOCK, np.int8)
    many = 0
    for s in range(held.size):
        held[s] = start[s + 1] - start[s]
    for i in range(since.size):
        since[i] += np.int8(since[i] < _NEVER)
    for low in range(0, ids.size, BLOCK):
        high = min(low + BLOCK, ids.size)
        part, come, go = ids[low:high], arrive[low:high], depart[low:high]
        for j in range(part.size):
            luck = uniform(draw(part[j], year, _YEAR, _ZERO, k0, k1)[YEAR_MOVING])
            wants = (come[j] == grade) | (luck < share)
            away = (come[j] > grade) | (go[j] <= grade)
            step[j] = AWAY if away else WANTS if wants else STAYS
        for i in range(low, high):
            if step[i - low] == AWAY and school[i] != nobody:
                held[school[i] - first] -= 1
                school[i] = nobody
            elif step[i - low] == WANTS:
                wanting[many] = i
                many += 1
    return many


@kernel
def _change(
    wanting: Int64s, small: Int32s, school: Int32s, since: Int8s, seats: Int64s, grammar: Bools,
    held: Int64s, near: Int32s, first: int, nobody: int,
) -> None:  # fmt: skip
    """Give each child that wants one the nearest other school with room, in the order given."""
    for i in wanting:
        home = small[i]
        now = school[i]
        for c in range(near.shape[1]):
            s = near[home, c]
            if s < 0 or s == now or grammar[s] or held[s - first] >= seats[s - first]:
                continue
            if now != nobody:
                held[now - first] -= 1
            held[s - first] += 1
            school[i] = s
            since[i] = 0
            break
        if school[i] == nobody:
            school[i] = near[home, 0]
            held[near[home, 0] - first] += 1
            since[i] = 0
