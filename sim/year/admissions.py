"""Admissions: families rank schools near home, schools fill their places by distance.

What families want is `sim.year.choosing`. Grammar schools rank by an eleven-plus mark, Catholic
schools take Catholic children first, the others those who live nearest. Places are settled by
deferred acceptance; a child left over goes to the nearest school with room that takes it, or where
all near ones are full to the least crowded of them, as the area's duty to offer a place demands.

References:
    Burgess, Greaves, Vignoles and Wilson (2015), *What parents want*, Economic Journal 125.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import Bools, Int8s, Int32s, Int64s
from sim.codes import MOVE_TURN
from sim.kernel import kernel
from sim.markets.choosing import Families, Known, Stated, at_hand, takes
from sim.markets.places import match
from sim.rng import Key, Purpose
from sim.world.tables import Schools

__all__ = ["first_open", "leftover", "place", "update_intake", "update_reputation"]


def place(
    families: Families,
    stated: Stated,
    seats: Int64s,
    known: Known,
    gender: Int8s,
    key: Key,
    year: int,
) -> tuple[Int32s, int]:
    """Find every applicant a place; returns them and how many exceed the seats.

    Args:
        families: The children of a cohort.
        stated: What they state.
        seats: Seats of each school of the phase.
        known: Schools near each home.
        gender: Whom each school takes; all schools.
        key: Luck.
        year: School year.
    """
    got = match(stated.choices, stated.priority, families.id, seats)
    over = leftover(families, got, seats, known, gender, key, year)
    return got, over


def leftover(
    families: Families,
    got: Int32s,
    seats: Int64s,
    known: Known,
    gender: Int8s,
    key: Key,
    year: int,
) -> int:
    """Place children without an offer, in the order of a lottery; returns how many exceed seats."""
    rest = np.flatnonzero(families.applies & (got < 0))
    ids = families.id[rest]
    lottery = rng.words(key, ids, Purpose.MOVE, year=year)[MOVE_TURN]
    rest = rest[np.lexsort((ids, lottery))]
    return int(_fill_up(rest, families, gender, got, seats, known))


@kernel
def _fill_up(
    rest: Int64s, families: Families, gender: Int8s, got: Int32s, seats: Int64s, known: Known
) -> int:
    near, first = known.near, known.first
    held = np.zeros(seats.size, np.int64)
    for s in got:
        if s >= 0:
            held[s] += 1
    over = 0
    for i in rest:
        home, girl = families.small[i], families.girl[i]
        best, least = at_hand(near[home], gender, girl) - first, np.inf
        for c in range(near.shape[1]):
            s = near[home, c] - first
            if near[home, c] < 0 or not takes(gender[near[home, c]], girl):
                continue
            full = (held[s] + 1) / seats[s]
            if full < least:
                best, least = s, full
            if full <= 1:
                break
        got[i] = best
        held[best] += 1
        over += least > 1
    return over


@kernel
def first_open(
    choices: Int32s, applies: Bools, got: Int32s, grammar: Bools, wanted: Int64s
) -> None:
    """Add to ``wanted``, by school, who puts it first of those that do not select.

    Children whom a school that selects takes want no other.
    """
    for i in range(got.size):
        if not applies[i] or (got[i] >= 0 and grammar[got[i]]):
            continue
        for s in choices[i]:
            if s >= 0 and not grammar[s]:
                wanted[s] += 1
                break


def update_intake(
    schools: Schools,
    income_sum: NDArray[np.float64],
    counts: NDArray[np.int64],
    scale: float,
    areas: int,
    inertia: float,
) -> None:
    """Move each school's visible intake towards its pupils' mean income, less the area's.

    ``scale`` is the standard deviation that counts as one; ``inertia`` the part that stays.
    """
    mean = income_sum / np.maximum(counts, 1)
    cell = schools.area * 2 + schools.phase
    total = np.bincount(cell, counts, minlength=2 * areas)
    local = np.bincount(cell, income_sum, minlength=2 * areas) / np.maximum(total, 1)
    seen = np.clip((mean - local[cell]) / scale, -3, 3)
    schools.intake = inertia * schools.intake + (1 - inertia) * np.where(counts > 0, seen, 0)


def update_reputation(
    schools: Schools,
    progress: NDArray[np.float64],
    counts: NDArray[np.int64],
    scale: NDArray[np.float64],
    inertia: float,
) -> None:
    """Move each school's reputation towards its latest mean progress, shrunk where few sat."""
    seen = np.clip(progress / scale, -3, 3) * (counts / (counts + 1 / (1 - inertia)))
    known = counts > 0
    schools.reputation = np.where(
        known, inertia * schools.reputation + (1 - inertia) * seen, schools.reputation
    )
