"""Admissions: families rank schools near home, schools fill their places by distance.

Utility of a school = - distance cost + pull of its reputation + likeness of its intake + taste.
Better-off families feel reputation and intake more strongly (taste) and live nearer the schools
with better-off intakes inside their neighbourhood (access). Grammar schools rank by an eleven-plus
mark. Places are settled by deferred acceptance; a child left over goes to the nearest school with
room, as the area's duty to offer a place demands.

References:
    Burgess, Greaves, Vignoles and Wilson (2015), *What parents want*, Economic Journal 125.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import Bools, Float32s, Int32s, Int64s, UInt32s
from sim.codes import MOVE_TURN, TASTE_LIKING, TASTE_LOTTERY
from sim.config.values import AdmissionsBeliefs, PeopleBeliefs
from sim.kernel import kernel
from sim.markets.places import match
from sim.rng import BLOCK, Key, Purpose, draw, lock, normal, uniform, when
from sim.world.pupils import Pupils
from sim.world.tables import Schools

__all__ = ["Taste", "leftover", "place", "rank", "taste", "update_intake", "update_reputation"]

STATED = 6
_F = np.float32
NO_SCHOOL = _F(-np.inf)
NOBODY = np.int32(0)
STANDING, ALIKE, POPULAR, FAR, STATUS = range(5)
SEEN = 5


class Taste(NamedTuple):
    """Beliefs about choice, as float32 for the kernel."""

    distance: np.float32
    pull: np.float32
    pull_class: np.float32
    likeness: np.float32
    taste: np.float32
    access: np.float32
    lottery: np.float32
    grammar: np.float32
    grammar_far: np.float32
    income_mean: np.float32
    income_scale: np.float32


def taste(choice: AdmissionsBeliefs, people: PeopleBeliefs, phase: int) -> Taste:
    """Read the beliefs about choice of a phase (0 primary, 1 secondary)."""
    return Taste(
        _F(choice.distance[phase]), _F(choice.pull), _F(choice.pull_class),
        _F(choice.likeness[phase]), _F(choice.taste), _F(choice.access[phase]),
        _F(choice.lottery), _F(choice.grammar_pull),
        _F(choice.grammar_distance), _F(people.income_mean),
        _F(1 / people.income_sd),
    )  # fmt: skip


@kernel
def rank(
    ids: UInt32s, small: Int32s, income: Float32s, applies: Bools, near: Int32s, km_cost: Float32s,
    school_id: UInt32s, reputation: Float32s, intake: Float32s, appeal: Float32s, grammar: Bools,
    eleven: Float32s, year: np.uint32, purpose: np.uint32, k0: np.uint32, k1: np.uint32,
    taste: Taste, first: int, choices: Int32s, priority: Float32s, low: int, high: int,
) -> None:  # fmt: skip
    """State up to six schools for children ``low`` to ``high``, best first.

    ``km_cost`` is distance after its concave transformation; ``first`` is the row of the first
    school of the phase, taken off the choices; ``eleven`` is empty where no school selects. Fills
    ``choices`` and ``priority``. Work goes block by block and school by school in short loops over
    few arrays, because only those become wide instructions.
    """
    most = near.shape[1]
    school = np.empty((most, BLOCK), np.int32)
    other = np.empty(BLOCK, np.uint32)
    u = np.empty((most, BLOCK), np.float32)
    p = np.empty((most, BLOCK), np.float32)
    seen = np.empty((SEEN, BLOCK), np.float32)
    top = np.empty(BLOCK, np.float32)
    at = np.empty(BLOCK, np.int32)
    for start in range(low, high, BLOCK):
        stop = min(start + BLOCK, high)
        n = stop - start
        _status(income[start:stop], taste, seen[STATUS])
        for c in range(most):
            _look(
                c, small[start:stop], near, km_cost, school_id, reputation, intake, appeal,
                school[c], other, seen,
            )  # fmt: skip
            who, liked, drawn = ids[start:stop], u[c], p[c]
            for i in range(n):
                words = draw(who[i], year, purpose, other[i], k0, k1)
                liked[i] = taste.taste * normal(words[TASTE_LIKING])
                drawn[i] = taste.lottery * uniform(words[TASTE_LOTTERY])
            _judge(n, seen, taste, u[c], p[c])
            _rule_out(applies[start:stop], school[c], u[c])
            if eleven.size:
                _select(school[c], grammar, eleven[start:stop], seen[FAR], taste, u[c], p[c])
        at[:] = -1
        for r in range(choices.shape[1]):
            _best(n, u, top, at)
            for i in range(n):
                best = np.uint64(at[i])
                choices[start + i, r] = school[best, i] - first if top[i] > NO_SCHOOL else -1
                priority[start + i, r] = p[best, i]


@kernel
def _status(income: Float32s, taste: Taste, out: Float32s) -> None:
    for i in range(income.size):
        out[i] = (income[i] - taste.income_mean) * taste.income_scale


@kernel
def _look(
    c: int, small: Int32s, near: Int32s, km_cost: Float32s, school_id: UInt32s,
    reputation: Float32s, intake: Float32s, appeal: Float32s, school: Int32s, other: UInt32s,
    seen: Float32s,
) -> None:  # fmt: skip
    """Note what a block of children sees of the c-th school near each home."""
    standing, alike, popular, km = seen[STANDING], seen[ALIKE], seen[POPULAR], seen[FAR]
    for i in range(small.size):
        home = np.uint64(small[i])
        s = near[home, c]
        row = np.uint64(max(s, NOBODY))
        school[i] = s
        other[i] = school_id[row]
        standing[i] = reputation[row]
        alike[i] = intake[row]
        popular[i] = appeal[row]
        km[i] = km_cost[home, c]


@kernel
def _judge(n: int, seen: Float32s, taste: Taste, u: Float32s, p: Float32s) -> None:
    """Add what a block of children sees in one school each to their luck."""
    standing, alike, popular, km = seen[STANDING], seen[ALIKE], seen[POPULAR], seen[FAR]
    y = seen[STATUS]
    for i in range(n):
        pull = taste.pull + taste.pull_class * y[i]
        u[i] += (
            pull * standing[i] + taste.likeness * (y[i] * alike[i]) + popular[i]
            - taste.distance * km[i]
        )  # fmt: skip
    for i in range(n):
        p[i] += km[i] - taste.access * (y[i] * alike[i])


@kernel
def _rule_out(applies: Bools, school: Int32s, u: Float32s) -> None:
    """Leave out children who do not apply, and schools that are not there."""
    for i in range(applies.size):
        u[i] = u[i] if applies[i] and school[i] >= NOBODY else NO_SCHOOL


@kernel
def _select(
    school: Int32s,
    grammar: Bools,
    eleven: Float32s,
    km: Float32s,
    taste: Taste,
    u: Float32s,
    p: Float32s,
) -> None:
    """Grammar schools have a pull of their own, reach farther and rank by mark, highest first."""
    for i in range(eleven.size):
        if school[i] >= NOBODY and grammar[school[i]]:
            u[i] += taste.grammar + (_F(1.0) - taste.grammar_far) * taste.distance * km[i]
            p[i] = -eleven[i]


@kernel
def _best(n: int, u: Float32s, top: Float32s, at: Int32s) -> None:
    """Strike out each child's last choice ``at``, then write its next best: which, how good."""
    now = np.zeros(n, np.int32)
    top[:] = NO_SCHOOL
    for c in range(u.shape[0]):
        _better(np.int32(c), u[c, :n], at[:n], top[:n], now)
    at[:n] = now


@kernel
def _better(c: np.int32, u: Float32s, taken: Int32s, top: Float32s, now: Int32s) -> None:
    for i in range(u.size):
        u[i] = NO_SCHOOL if taken[i] == c else u[i]
    for i in range(u.size):
        now[i] = c if u[i] > top[i] else now[i]
    for i in range(u.size):
        top[i] = max(u[i], top[i])


def place(
    pupils: Pupils, applies: NDArray[np.bool_], choices: NDArray[np.int32],
    priority: NDArray[np.float32], seats: NDArray[np.int64], near: NDArray[np.int32],
    first: int, key: Key, year: int,
) -> tuple[NDArray[np.int32], int]:  # fmt: skip
    """Find every applicant a place; returns them and how many exceed the seats.

    Args:
        pupils: The cohort.
        applies: Who is on a roll here; others get -1.
        choices: Stated schools, rows within the phase.
        priority: Their priority, same shape.
        seats: Seats of each school of the phase.
        near: (small areas, candidates) rows of schools.
        first: Row of the first school of the phase.
        key: Luck.
        year: School year.
    """
    got = match(choices, priority, pupils.id, seats)
    over = leftover(pupils, applies, got, seats, near, first, key, year)
    return got, over


def leftover(
    pupils: Pupils, applies: NDArray[np.bool_], got: NDArray[np.int32],
    seats: NDArray[np.int64], near: NDArray[np.int32], first: int, key: Key, year: int,
) -> int:  # fmt: skip
    """Place children without an offer, in the order of a lottery; returns how many exceed seats."""
    rest = np.flatnonzero(applies & (got < 0))
    ids = pupils.id[rest]
    lottery = rng.words(key, ids, Purpose.MOVE, year=year)[MOVE_TURN]
    rest = rest[np.lexsort((ids, lottery))]
    return int(_fill_up(rest, pupils.small, got, seats, near, first))


@kernel
def _fill_up(
    rest: Int64s, small: Int32s, got: Int32s, seats: Int64s, near: Int32s, first: int
) -> int:
    held = np.zeros(seats.size, np.int64)
    for s in got:
        if s >= 0:
            held[s] += 1
    over = 0
    for i in rest:
        home = small[i]
        for c in range(near.shape[1]):
            s = near[home, c] - first
            if near[home, c] >= 0 and held[s] < seats[s]:
                held[s] += 1
                got[i] = s
                break
        if got[i] < 0:
            got[i] = near[home, 0] - first
            held[got[i]] += 1
            over += 1
    return over


def choose(
    pupils: Pupils, applies: NDArray[np.bool_], near: Int32s, km_cost: NDArray[np.float32],
    schools: Schools, eleven: NDArray[np.float32], believed: Taste, appeal: NDArray[np.float32],
    first: int, key: Key, year: int, purpose: Purpose,
) -> tuple[NDArray[np.int32], NDArray[np.float32], Callable[[int, int], None]]:  # fmt: skip
    """Return empty choices and priorities and a function (low, high) that fills a part of them."""
    choices = np.empty((pupils.rows, STATED), np.int32)
    priority = np.empty((pupils.rows, STATED), np.float32)

    def fill(low: int, high: int) -> None:
        rank(
            pupils.id, pupils.small, pupils.income, applies, near, km_cost, schools.id,
            schools.reputation, schools.intake, appeal, schools.grammar, eleven, when(year),
            np.uint32(int(purpose)), *lock(key), believed, first, choices, priority, low, high,
        )  # fmt: skip

    return choices, priority, fill


def update_intake(
    schools: Schools, income_sum: NDArray[np.float64], counts: NDArray[np.int64], scale: float,
    areas: int, inertia: float,
) -> None:  # fmt: skip
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
    schools: Schools, progress: NDArray[np.float64], counts: NDArray[np.int64],
    scale: NDArray[np.float64], inertia: float,
) -> None:  # fmt: skip
    """Move each school's reputation towards its latest mean progress, shrunk where few sat."""
    seen = np.clip(progress / scale, -3, 3) * (counts / (counts + 1 / (1 - inertia)))
    known = counts > 0
    schools.reputation = np.where(
        known, inertia * schools.reputation + (1 - inertia) * seen, schools.reputation
    )
