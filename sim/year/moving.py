"""Moving: children who arrive, leave, or change school outside the normal time.

Whoever wants a place takes, in the order of a lottery, the nearest school with room that does not
select; a child new to the area who finds none goes to the nearest of all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import rng
from sim.arrays import Bools, Int8s, Int32s, Int64s, UInt32s
from sim.codes import MOVE_TURN, NEVER, YEAR_MOVING
from sim.kernel import kernel
from sim.markets.choosing import at_hand, takes
from sim.rng import BLOCK, Key, Luck, Purpose, draw, luck, uniform
from sim.world.pupils import Pupils, Rolls

__all__ = ["Choice", "move"]

_YEAR = np.uint32(int(Purpose.YEAR))
_ZERO = np.uint32(0)
_NEVER = np.int8(NEVER)
STAYS, WANTS, AWAY = np.int8(0), np.int8(1), np.int8(2)


class Child(NamedTuple):
    """What is read and written of children who may come, go or change school."""

    id: UInt32s
    small: Int32s
    girl: Bools
    arrive: Int8s
    depart: Int8s
    school: Int32s
    since: Int8s


class Choice(NamedTuple):
    """Where children may go.

    Attributes:
        seats: Seats of each school of the phase.
        grammar: Whether a school selects; all schools.
        gender: Whom it takes (`sim.world.tables.MIXED`); all schools.
        near: (small areas, candidates) rows of schools, nearest first.
        nobody: School row that means none.
    """

    seats: Int64s
    grammar: Bools
    gender: Int8s
    near: Int32s
    nobody: int


def move(pupils: Pupils, grade: int, share: float, choice: Choice, key: Key, year: int) -> None:
    """Bring a cohort's schools up to date; the block has to be sorted again afterwards.

    Args:
        pupils: The cohort, sorted by school; ``school`` and ``since`` are written.
        grade: Its year group.
        share: Share of children who change school in a year.
        choice: The schools.
        key: Luck.
        year: School year.
    """
    wanting = np.empty(pupils.rows, np.int64)
    held = np.zeros(choice.seats.size, np.int64)
    child, rolls = pupils.view(Child), pupils.rolls
    many = _wish(
        child,
        rolls,
        luck(key, year),
        np.int8(grade),
        np.float32(share),
        np.int32(choice.nobody),
        wanting,
        held,
    )
    wanting = wanting[:many]
    ids = pupils.id[wanting]
    lottery = rng.words(key, ids, Purpose.MOVE, year=year)[MOVE_TURN]
    # Ids are unique, so lottery and id in one number are an order without ties.
    turn = (lottery.astype(np.uint64) << np.uint64(32)) | ids
    _change(wanting[np.argsort(turn)], child, rolls, choice, held)


@kernel
def _wish(
    child: Child,
    rolls: Rolls,
    luck: Luck,
    grade: np.int8,
    share: np.float32,
    nobody: np.int32,
    wanting: Int64s,
    held: Int64s,
) -> int:
    """Find who wants a school, who is away, who stays; count places held by those who stay.

    Returns how many want one.
    """
    step = np.empty(BLOCK, np.int8)
    many = 0
    for s in range(held.size):
        held[s] = rolls.start[s + 1] - rolls.start[s]
    since, school = child.since, child.school
    for i in range(since.size):
        since[i] += np.int8(since[i] < _NEVER)
    for low in range(0, since.size, BLOCK):
        high = min(low + BLOCK, since.size)
        part, come, go = child.id[low:high], child.arrive[low:high], child.depart[low:high]
        for j in range(part.size):
            drawn = draw(part[j], luck.when, _YEAR, _ZERO, luck.k0, luck.k1)
            wants = (come[j] == grade) | (uniform(drawn[YEAR_MOVING]) < share)
            away = (come[j] > grade) | (go[j] <= grade)
            step[j] = AWAY if away else WANTS if wants else STAYS
        for i in range(low, high):
            if step[i - low] == AWAY and school[i] != nobody:
                held[school[i] - rolls.first] -= 1
                school[i] = nobody
            elif step[i - low] == WANTS:
                wanting[many] = i
                many += 1
    return many


@kernel
def _change(wanting: Int64s, child: Child, rolls: Rolls, choice: Choice, held: Int64s) -> None:
    """Give each child that wants one the nearest other school with room, in the order given."""
    first, near, school, since = rolls.first, choice.near, child.school, child.since
    for i in wanting:
        home = child.small[i]
        now = school[i]
        for c in range(near.shape[1]):
            s = near[home, c]
            if s < 0 or s == now or choice.grammar[s]:
                continue
            if not takes(choice.gender[s], child.girl[i]):
                continue
            if held[s - first] >= choice.seats[s - first]:
                continue
            if now != choice.nobody:
                held[now - first] -= 1
            held[s - first] += 1
            school[i] = s
            since[i] = 0
            break
        if school[i] == choice.nobody:
            school[i] = at_hand(near[home], choice.gender, child.girl[i])
            held[school[i] - first] += 1
            since[i] = 0
