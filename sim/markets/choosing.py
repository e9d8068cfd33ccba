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

from sim.arrays import Bools, Float32s, Int8s, Int32s, Int64s, UInt8s, UInt32s
from sim.codes import GIRLS, MIXED, TASTE_LIKING, TASTE_LOTTERY
from sim.config.values import AdmissionsBeliefs, PeopleBeliefs
from sim.kernel import kernel
from sim.markets.best import insert
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
NO_KIND, GRAMMAR, CATHOLIC, NOT_GIRLS, NOT_BOYS, MISSING = (
    np.uint8(bits) for bits in (0, 1, 2, 4, 8, 16)
)
"""What matters of a school beside its place and what it seems, as bits: none of these, selective,
Catholic, not for girls, not for boys, not there."""
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


class Block(NamedTuple):
    """Some children who apply, and what they see of one school each.

    Attributes:
        row: Their rows.
        id: Ids.
        small: Homes.
        barred: Kinds of schools that do not take them, as bits.
        catholic: Who is Catholic.
        eleven: Marks by which grammar schools rank.
        other: Id of the school.
        kind: Its kind, as bits.
        seen: (`SEEN`, `BLOCK`) what they see of it, and their status.
    """

    row: Int64s
    id: UInt32s
    small: Int32s
    barred: UInt8s
    catholic: Bools
    eleven: Float32s
    other: UInt32s
    kind: UInt8s
    seen: Float32s


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
    kinds: UInt8s,
    taste: Taste,
    luck: Luck,
    purpose: np.uint32,
    stated: Stated,
) -> None:
    """State up to six schools for each child, best first: fills ``stated``.

    Work goes block by block of children who apply, and school by school, in short loops over few
    arrays, because only those become wide instructions.
    """
    most = known.near.shape[1]
    school = np.empty((most, BLOCK), np.int32)
    p = np.empty((most, BLOCK), np.float32)
    u, block = np.empty(BLOCK, np.float32), _empty_block()
    top, at = np.empty((STATED, BLOCK), np.float32), np.empty((STATED, BLOCK), np.int32)
    begin = 0
    while begin < families.id.size:
        n, begin = _next_block(families, begin, taste, block, stated)
        who, other, seen = block.id[:n], block.other[:n], block.seen
        top[:], at[:] = NO_SCHOOL, 0
        for c in range(most):
            there = _look(c, block.small[:n], known, schools, kinds, school[c], block)
            drawn = p[c]
            for i in range(n):
                words = draw(who[i], luck.when, purpose, other[i], luck.k0, luck.k1)
                u[i] = taste.taste * normal(words[TASTE_LIKING])
                drawn[i] = taste.lottery * uniform(words[TASTE_LOTTERY])
            _judge(n, seen, taste, u, drawn)
            if there & (MISSING | NOT_GIRLS | NOT_BOYS):
                _rule_out(block.barred[:n], block.kind, u)
            if there & CATHOLIC:
                _put_first(block.catholic[:n], block.kind, seen[FAR], taste, u, drawn)
            if there & GRAMMAR and families.eleven.size:
                _select(block.eleven[:n], block.kind, seen[FAR], taste, u, drawn)
            insert(c, u[:n], top, at)
        _state(block.row[:n], school, p, top, at, known.first, stated)


@kernel
def _empty_block() -> Block:
    return Block(
        row=np.empty(BLOCK, np.int64),
        id=np.empty(BLOCK, np.uint32),
        small=np.empty(BLOCK, np.int32),
        barred=np.empty(BLOCK, np.uint8),
        catholic=np.empty(BLOCK, np.bool_),
        eleven=np.empty(BLOCK, np.float32),
        other=np.empty(BLOCK, np.uint32),
        kind=np.empty(BLOCK, np.uint8),
        seen=np.empty((SEEN, BLOCK), np.float32),
    )


@kernel
def _next_block(
    families: Families, begin: int, taste: Taste, block: Block, stated: Stated
) -> tuple[int, int]:
    """Note the next children who apply; how many they are, and where to look for more.

    Children between them who do not apply state nothing.
    """
    n, i = 0, begin
    status, marked = block.seen[STATUS], families.eleven.size > 0
    while n < BLOCK and i < families.id.size:
        if families.applies[i]:
            block.row[n], block.id[n], block.small[n] = i, families.id[i], families.small[i]
            block.barred[n] = MISSING | (NOT_GIRLS if families.girl[i] else NOT_BOYS)
            block.catholic[n] = families.catholic[i]
            status[n] = (families.income[i] - taste.income_mean) * taste.income_scale
            if marked:
                block.eleven[n] = families.eleven[i]
            n += 1
        else:
            stated.choices[i] = -1
            stated.priority[i] = 0
        i += 1
    return n, i


@kernel
def _look(
    c: int,
    small: Int32s,
    known: Known,
    schools: School,
    kinds: UInt8s,
    school: Int32s,
    block: Block,
) -> np.uint8:
    """Note what a block of children sees of the c-th school near each home; all kinds it meets."""
    standing, alike, popular = block.seen[STANDING], block.seen[ALIKE], block.seen[POPULAR]
    km, cost, other, kind = block.seen[FAR], block.seen[COST], block.other, block.kind
    near, far, way = known.near.reshape(-1), known.km.reshape(-1), known.cost.reshape(-1)
    most, first = np.uint64(known.near.shape[1]), np.uint64(c)
    met = NO_KIND
    for i in range(small.size):
        place = np.uint64(small[i]) * most + first
        school[i], km[i], cost[i] = near[place], far[place], way[place]
    for i in range(small.size):
        s = school[i]
        row = np.uint64(max(s, NOBODY))
        other[i] = schools.id[row]
        standing[i] = schools.reputation[row]
        alike[i] = schools.intake[row]
        popular[i] = schools.appeal[row]
        here = kinds[row] if s >= NOBODY else MISSING
        kind[i] = here
        met |= here
    return met


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
def _rule_out(barred: UInt8s, kind: UInt8s, u: Float32s) -> None:
    """Leave out schools that are not there, or take girls only where a boy chooses, or boys."""
    for i in range(barred.size):
        u[i] = NO_SCHOOL if kind[i] & barred[i] else u[i]


@kernel
def _put_first(
    believing: Bools, kind: UInt8s, km: Float32s, taste: Taste, u: Float32s, p: Float32s
) -> None:
    """Catholic schools pull Catholic families, from farther away, and take their children first."""
    for i in range(believing.size):
        theirs = believing[i] and kind[i] & CATHOLIC
        more = taste.catholic + (_F(1.0) - taste.catholic_far) * taste.distance * km[i]
        u[i] = u[i] + more if theirs else u[i]
        p[i] = p[i] - BEFORE_OTHERS if theirs else p[i]


@kernel
def _select(
    eleven: Float32s, kind: UInt8s, km: Float32s, taste: Taste, u: Float32s, p: Float32s
) -> None:
    """Grammar schools have a pull of their own, reach farther and rank by mark, highest first."""
    for i in range(eleven.size):
        selects = kind[i] & GRAMMAR
        more = taste.grammar + (_F(1.0) - taste.grammar_far) * taste.distance * km[i]
        u[i] = u[i] + more if selects else u[i]
        p[i] = -eleven[i] if selects else p[i]


@kernel
def _state(
    row: Int64s, school: Int32s, p: Float32s, top: Float32s, at: Int32s, first: int, stated: Stated
) -> None:
    """Write down a block's best schools, and how these see the children."""
    for i in range(row.size):
        child = np.uint64(row[i])
        for r in range(STATED):
            which = np.uint64(at[r, i])
            found = school[which, i] - first
            stated.choices[child, r] = found if top[r, i] > NO_SCHOOL else -1
            stated.priority[child, r] = p[which, i]


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


def choose(
    families: Families, known: Known, schools: School, taste: Taste, luck: Luck, purpose: Purpose
) -> tuple[Stated, Callable[[int, int], None]]:
    """Return room for what children state and a function (low, high) that fills a part of it."""
    shape = families.id.size, STATED
    stated = Stated(np.empty(shape, np.int32), np.empty(shape, np.float32))
    why, kinds = np.uint32(int(purpose)), _kinds(schools)

    def fill(low: int, high: int) -> None:
        part = families.part(low, high)
        rank(part, known, schools, kinds, taste, luck, why, stated.part(low, high))

    return stated, fill


def _kinds(schools: School) -> UInt8s:
    """Return of what kind each school is, as bits."""
    single = np.where(schools.gender == GIRLS, NOT_BOYS, NOT_GIRLS)
    kinds = np.where(schools.gender == MIXED, NO_KIND, single)
    kinds |= np.where(schools.grammar, GRAMMAR, NO_KIND)
    kinds |= np.where(schools.catholic, CATHOLIC, NO_KIND)
    return kinds
