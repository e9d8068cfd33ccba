"""Choosing: which schools near home a family states, best first.

Utility of a school = - cost of the way (log distance, more across a border) + pull of its
reputation + likeness of its intake + taste. Better-off families feel reputation and intake more
strongly (taste) and live nearer the schools with better-off intakes inside their neighbourhood
(access). Grammar schools have a pull of their own, and Catholic schools one on Catholic families;
single-sex schools are open to girls or to boys only.

References:
    Burgess, Greaves, Vignoles and Wilson (2015), *What parents want*, Economic Journal 125.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Float32s, Int8s, Int32s, UInt32s
from sim.codes import GIRLS, MIXED, TASTE_LIKING, TASTE_LOTTERY
from sim.config.values import AdmissionsBeliefs, PeopleBeliefs
from sim.kernel import kernel
from sim.rng import BLOCK, Luck, Purpose, draw, normal, uniform

__all__ = [
    "Families",
    "Known",
    "School",
    "Stated",
    "Taste",
    "at_hand",
    "choose",
    "rank",
    "takes",
    "taste",
]

STATED = 6
_F = np.float32
NO_SCHOOL = _F(-np.inf)
NOBODY = np.int32(0)
STANDING, ALIKE, POPULAR, FAR, COST, STATUS = range(6)
SEEN = 6
BEFORE_OTHERS = _F(1000.0)
"""More than distance and luck: by so much do Catholic children go before others."""


class Families(NamedTuple):
    """Children of a cohort, and how they apply."""

    id: UInt32s
    small: Int32s
    income: Float32s
    girl: Bools
    catholic: Bools
    applies: Bools
    """Who is on a roll here; others state nothing and get -1."""
    eleven: Float32s
    """Marks by which grammar schools rank; empty where no school selects."""

    def part(self, low: int, high: int) -> Families:
        """Return some of them, one after the other."""
        return Families._make(column[low:high] for column in self)


class Known(NamedTuple):
    """Schools that families of each home can think of."""

    near: Int32s
    """(homes, candidates) rows of schools, nearest first, or -1."""
    km: Float32s
    """Their distance as families feel it: log of kilometres and a little more."""
    cost: Float32s
    """What the way there costs, in utility: distance, and a border on the way."""
    first: int
    """Row of the first school of the phase."""


class School(NamedTuple):
    """What families see of a school."""

    id: UInt32s
    reputation: Float32s
    intake: Float32s
    appeal: Float32s
    grammar: Bools
    gender: Int8s
    catholic: Bools


class Stated(NamedTuple):
    """What children state, best first; shape (children, `STATED`)."""

    choices: Int32s
    """Rows of schools within the phase, or -1."""
    priority: Float32s
    """The schools' view of the child, lowest admitted first."""

    def part(self, low: int, high: int) -> Stated:
        """Return those of some children, one after the other."""
        return Stated(self.choices[low:high], self.priority[low:high])


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
    catholic: np.float32
    catholic_far: np.float32
    income_mean: np.float32
    income_scale: np.float32


def taste(choice: AdmissionsBeliefs, people: PeopleBeliefs, phase: int) -> Taste:
    """Read the beliefs about choice of a phase (0 primary, 1 secondary)."""
    return Taste(
        distance=_F(choice.distance[phase]),
        pull=_F(choice.pull),
        pull_class=_F(choice.pull_class),
        likeness=_F(choice.likeness[phase]),
        taste=_F(choice.taste),
        access=_F(choice.access[phase]),
        lottery=_F(choice.lottery),
        grammar=_F(choice.grammar_pull),
        grammar_far=_F(choice.grammar_distance),
        catholic=_F(choice.catholic_pull),
        catholic_far=_F(choice.catholic_distance),
        income_mean=_F(people.income_mean),
        income_scale=_F(1 / people.income_sd),
    )


@kernel
def rank(
    families: Families,
    known: Known,
    schools: School,
    taste: Taste,
    luck: Luck,
    purpose: np.uint32,
    stated: Stated,
) -> None:
    """State up to six schools for each child, best first: fills ``stated``.

    Work goes block by block and school by school in short loops over few arrays, because only
    those become wide instructions.
    """
    most, children = known.near.shape[1], families.id.size
    choices, priority = stated.choices, stated.priority
    school = np.empty((most, BLOCK), np.int32)
    other = np.empty(BLOCK, np.uint32)
    u = np.empty((most, BLOCK), np.float32)
    p = np.empty((most, BLOCK), np.float32)
    seen = np.empty((SEEN, BLOCK), np.float32)
    top = np.empty(BLOCK, np.float32)
    at = np.empty(BLOCK, np.int32)
    for start in range(0, children, BLOCK):
        stop = min(start + BLOCK, children)
        n = stop - start
        _status(families.income[start:stop], taste, seen[STATUS])
        for c in range(most):
            _look(c, families.small[start:stop], known, schools, school[c], other, seen)
            who, liked, drawn = families.id[start:stop], u[c], p[c]
            for i in range(n):
                words = draw(who[i], luck.when, purpose, other[i], luck.k0, luck.k1)
                liked[i] = taste.taste * normal(words[TASTE_LIKING])
                drawn[i] = taste.lottery * uniform(words[TASTE_LOTTERY])
            _judge(n, seen, taste, u[c], p[c])
            _rule_out(families.applies[start:stop], school[c], u[c])
            _admit_some(families.girl[start:stop], school[c], schools.gender, u[c])
            believing = families.catholic[start:stop]
            _put_first(believing, school[c], schools.catholic, seen[FAR], taste, u[c], p[c])
            if families.eleven.size:
                mark = families.eleven[start:stop]
                _select(school[c], schools.grammar, mark, seen[FAR], taste, u[c], p[c])
        at[:] = -1
        for r in range(choices.shape[1]):
            _best(n, u, top, at)
            for i in range(n):
                best = np.uint64(at[i])
                found = school[best, i] - known.first
                choices[start + i, r] = found if top[i] > NO_SCHOOL else -1
                priority[start + i, r] = p[best, i]


@kernel
def _status(income: Float32s, taste: Taste, out: Float32s) -> None:
    for i in range(income.size):
        out[i] = (income[i] - taste.income_mean) * taste.income_scale


@kernel
def _look(
    c: int,
    small: Int32s,
    known: Known,
    schools: School,
    school: Int32s,
    other: UInt32s,
    seen: Float32s,
) -> None:
    """Note what a block of children sees of the c-th school near each home."""
    standing, alike, popular = seen[STANDING], seen[ALIKE], seen[POPULAR]
    km, cost = seen[FAR], seen[COST]
    for i in range(small.size):
        home = np.uint64(small[i])
        s = known.near[home, c]
        row = np.uint64(max(s, NOBODY))
        school[i] = s
        other[i] = schools.id[row]
        standing[i] = schools.reputation[row]
        alike[i] = schools.intake[row]
        popular[i] = schools.appeal[row]
        km[i] = known.km[home, c]
        cost[i] = known.cost[home, c]


@kernel
def _judge(n: int, seen: Float32s, taste: Taste, u: Float32s, p: Float32s) -> None:
    """Add what a block of children sees in one school each to their luck."""
    standing, alike, popular = seen[STANDING], seen[ALIKE], seen[POPULAR]
    y, km, cost = seen[STATUS], seen[FAR], seen[COST]
    for i in range(n):
        pull = taste.pull + taste.pull_class * y[i]
        seems = pull * standing[i] + taste.likeness * (y[i] * alike[i]) + popular[i]
        u[i] += seems - cost[i]
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
def takes(gender: np.int8, girl: bool) -> bool:
    """Return whether a school of this kind takes girls, or boys."""
    return bool(gender == MIXED or girl == (gender == GIRLS))


@kernel
def at_hand(near: Int32s, gender: Int8s, girl: bool) -> int:
    """Return the nearest school that takes the child, full or not."""
    for s in near:
        if s >= 0 and takes(gender[s], girl):
            return int(s)
    return int(near[0])


@kernel
def _admit_some(girl: Bools, school: Int32s, gender: Int8s, u: Float32s) -> None:
    """Leave out schools for girls where a boy chooses, and the other way round."""
    for i in range(girl.size):
        if school[i] >= NOBODY and not takes(gender[school[i]], girl[i]):
            u[i] = NO_SCHOOL


@kernel
def _put_first(
    believing: Bools,
    school: Int32s,
    catholic: Bools,
    km: Float32s,
    taste: Taste,
    u: Float32s,
    p: Float32s,
) -> None:
    """Catholic schools pull Catholic families, from farther away, and take their children first."""
    for i in range(believing.size):
        if believing[i] and school[i] >= NOBODY and catholic[school[i]]:
            u[i] += taste.catholic + (_F(1.0) - taste.catholic_far) * taste.distance * km[i]
            p[i] -= BEFORE_OTHERS


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


def choose(
    families: Families, known: Known, schools: School, taste: Taste, luck: Luck, purpose: Purpose
) -> tuple[Stated, Callable[[int, int], None]]:
    """Return room for what children state and a function (low, high) that fills a part of it."""
    shape = families.id.size, STATED
    stated = Stated(np.empty(shape, np.int32), np.empty(shape, np.float32))
    why = np.uint32(int(purpose))

    def fill(low: int, high: int) -> None:
        part = families.part(low, high)
        rank(part, known, schools, taste, luck, why, stated.part(low, high))

    return stated, fill
