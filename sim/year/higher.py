"""Higher education: who enters by 19, where, who finishes, with what class, and who comes later.

Nationally the whole FSM gap in entry is the gap in Level 3 (28.9 / 36.8 = 49.0 / 62.4), so entry
is open to holders of Level 3 (and a few others) and background adds little here; the trait that
helped to Level 3 helps again. Targets 26 to 29.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.arrays import (
    Bools,
    Float32s,
    Int8s,
    Int16s,
    Int32s,
    Reals,
    UInt32s,
    row_of,
)
from sim.codes import (
    CLASS_DEGREE,
    CLASS_LATER,
    DEGREE_GOOD,
    DEGREE_LATER,
    DEGREE_LOWER,
    DEGREE_NONE,
    ENTRY_HIGH_TARIFF,
    ENTRY_LOWER_TARIFF,
    ENTRY_NONE,
    HIGHER_DROPPING_OUT,
    HIGHER_ENTRY,
    HIGHER_HOME,
    HIGHER_SLOT_WHERE,
    HIGHER_TARIFF,
    HIGHER_WHERE,
    HIGHER_WITHOUT_LEVEL3,
    OCCUPATION_INTERMEDIATE,
    ROUTE_TECHNICAL,
)
from sim.config.models import Switches
from sim.config.values import Values
from sim.kernel import kernel
from sim.rng import BLOCK, Key, Luck, Purpose, draw_block, log32, luck, normal, uniform, when
from sim.world.adults import Adults

__all__ = [
    "Entry",
    "Finish",
    "bought",
    "enter",
    "entry",
    "finish",
    "graduate",
    "later_degrees",
]

_F = np.float32
_ZERO = np.uint32(0)
_HIGHER = np.uint32(int(Purpose.HIGHER))
_CLASS = np.uint32(int(Purpose.CLASS))
_WHERE = when(0, HIGHER_SLOT_WHERE)
Queue = Callable[[Float32s], float]
SUPPORTED_FIFTHS = 2
MIDDLE_FIFTH = 3


class Entering(NamedTuple):
    """Who may enter higher education, and who did, and where."""

    id: UInt32s
    small: Int32s
    area: Int32s
    heritage: Int8s
    occupation: Int8s
    fsm15: Bools
    score: Float32s
    trait: Float32s
    route: Int8s
    level3: Int8s
    entered: Int8s
    at_home: Bools
    university: Int16s


class Where(NamedTuple):
    """What entry needs to know of places."""

    log_km: Float32s
    """Log km to the third nearest secondary of each small area."""
    chances: Float32s
    """What `sim.world.universities.destinations` returns."""


class Entry(NamedTuple):
    """Coefficients of entry by 19, probit units; of living at home, logit units.

    Attributes:
        entry: Constant and slope of attainment.
        route: Shift of each route.
        fsm: Residual of FSM at 15 (0, then its value).
        isolation: Per log km to the third secondary, by FSM (0, 1).
        occupation: By parents' occupation.
        migration: By FSM (0, 1) and heritage.
        shared: Loading of the trait, and of the rest.
        without: Chance of those without Level 3.
        tariff: Constant, slope of attainment above its centre, technical route.
        tariff_occupation: By parents' occupation.
        home: Constant, heritage, isolation, high tariff.
        home_occupation: By parents' occupation.
        heritage: Ethnic-migration background on a scale from 0.
        centre: Attainment, log km, from which slopes count.
        cutoff: What it takes to get a place of high tariff; 0 where all who are good enough do.
    """

    entry: Float32s
    route: Float32s
    fsm: Float32s
    isolation: Float32s
    occupation: Float32s
    migration: Float32s
    shared: Float32s
    without: np.float32
    tariff: Float32s
    tariff_occupation: Float32s
    home: Float32s
    home_occupation: Float32s
    heritage: Float32s
    centre: Float32s
    cutoff: np.float32 = _F(0.0)


def entry(values: Values, on: Switches) -> Entry:
    """Read beliefs (groups ``higher`` and ``post16``) and switches into coefficients of entry."""
    higher = values.higher
    background = bool(on.after_school_background)
    by_fsm = [row_of(higher.isolation), row_of(higher.migration)]
    if not background:
        for pair in by_fsm:
            pair[1] = pair[0]
    isolation = by_fsm[0] * _F(on.isolation)
    heritage = row_of(values.post16.heritage)
    trait = values.post16.trait
    return Entry(
        entry=row_of(higher.entry),
        route=row_of(higher.entry_route),
        fsm=np.array([0, higher.entry_fsm * background], _F),
        isolation=isolation,
        occupation=_by_occupation(higher.entry_occupation, background),
        migration=np.outer(by_fsm[1], heritage).astype(_F),
        shared=np.sqrt(np.array([trait, 1 - trait])).astype(_F),
        without=_F(higher.without_level3),
        tariff=row_of(higher.tariff),
        tariff_occupation=_by_occupation(higher.tariff_occupation, background),
        home=row_of(higher.home) * np.array([1, 1, on.isolation, 1], _F),
        home_occupation=_by_occupation(higher.home_occupation, background and on.attachment),
        heritage=heritage,
        centre=row_of((higher.attainment_centre.high_tariff, higher.isolation_centre)),
    )


def _by_occupation(values: tuple[float, ...], background: bool) -> Float32s:
    """Return a table by parents' occupation; without background all are like the middle."""
    table = row_of(values)
    return table if background else np.full_like(table, table[OCCUPATION_INTERMEDIATE])


def enter(
    adults: Adults,
    log_km: Float32s,
    chances: Float32s,
    values: Values,
    on: Switches,
    key: Key,
    queue: Queue | None = None,
) -> None:
    """Let a cohort enter higher education by 19, or not.

    Writes entered (0 no, 1 yes, 2 high tariff), at_home and university.

    Args:
        adults: The cohort, with routes and levels.
        log_km: Log km to the third nearest secondary of each small area (`Places.log_km`).
        chances: What `sim.world.universities.destinations` returns.
        values: All beliefs.
        on: Switches; with ``higher`` off nobody enters.
        key: Luck.
        queue: What it takes to get a place of high tariff, from how good each person is (NaN: does
            not enter); without it there is a place for everybody who is good enough.
    """
    adults.entered, adults.university, adults.at_home = ENTRY_NONE, -1, False
    if not on.higher:
        return
    people, where = adults.view(Entering), Where(log_km.astype(_F), chances)
    of, of_life = entry(values, on), luck(key)
    good = np.full(adults.rows if queue else 0, np.nan, _F)
    _enter(people, where, of, of_life, good)
    if queue:
        _enter(people, where, of._replace(cutoff=_F(queue(good))), of_life, good)


@kernel
def _enter(people: Entering, to: Where, of: Entry, luck: Luck, good: Float32s) -> None:
    words = np.empty((4, BLOCK), np.uint32)
    where = np.empty((4, BLOCK), np.uint32)
    entering, rising = np.empty((2, BLOCK), np.float32)  # in loops of their own, which become wide
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _HIGHER, _ZERO, luck.k0, luck.k1, words)
        draw_block(part, _WHERE, _HIGHER, _ZERO, luck.k0, luck.k1, where)
        for j in range(part.size):
            entering[j] = normal(words[HIGHER_ENTRY, j])
        for j in range(part.size):
            rising[j] = normal(words[HIGHER_TARIFF, j])
        for j in range(part.size):
            i = low + j
            f = 1 if people.fsm15[i] else 0
            o, h, r = people.occupation[i], people.heritage[i], people.route[i]
            score, common = people.score[i], of.shared[0] * people.trait[i]
            remote = to.log_km[people.small[i]] - of.centre[1]
            if people.level3[i] > 0:
                v = of.entry[0] + of.entry[1] * score + of.route[r] + of.fsm[f]
                v += of.occupation[o] + of.migration[f, h] - of.isolation[f] * remote
                v += common + of.shared[1] * entering[j]
                if v <= _F(0.0):
                    continue
            elif uniform(where[HIGHER_WITHOUT_LEVEL3, j]) >= of.without:
                continue
            t = of.tariff[0] + of.tariff[1] * (score - of.centre[0]) + of.tariff_occupation[o]
            t += of.tariff[2] if r == ROUTE_TECHNICAL else _F(0.0)
            t += common + of.shared[1] * rising[j]
            if good.size:
                good[i] = t
            high = 1 if t > of.cutoff else 0
            people.entered[i] = ENTRY_HIGH_TARIFF if high else ENTRY_LOWER_TARIFF
            near = of.home[0] + of.home_occupation[o] + of.home[1] * of.heritage[h]
            near += of.home[2] * remote + of.home[3] * _F(high)
            chance = uniform(words[HIGHER_HOME, j])
            stays = near > log32(chance) - log32(_F(1.0) - chance)
            people.at_home[i] = stays
            row = to.chances[high, 1 if stays else 0, people.area[i]]
            people.university[i] = _first_above(row, uniform(where[HIGHER_WHERE, j]))


@kernel
def _first_above(rising: Float32s, drawn: np.float32) -> int:
    """Return the first of rising numbers above the one drawn, or the last of all."""
    low, high = 0, rising.size - 1
    while low < high:
        middle = (low + high) // 2
        if rising[middle] <= drawn:
            low = middle + 1
        else:
            high = middle
    return low


class Student(NamedTuple):
    """Who may take a degree, soon or later, and which."""

    id: UInt32s
    occupation: Int8s
    score: Float32s
    level2: Bools
    level3: Int8s
    entered: Int8s
    fifth: Int8s
    at_home: Bools
    university: Int16s
    degree: Int8s


class Finish(NamedTuple):
    """Coefficients of dropping out and of a good degree, probit units.

    Attributes:
        drop: Constant, attainment, high tariff, per fifth of deprivation, at home.
        good: Constant, attainment above its centre, high tariff, per fifth of deprivation.
        relief: Share of the disadvantage of deprived fifths that support takes away.
        centre: Attainment from which the slope for a good degree counts.
    """

    drop: Float32s
    good: Float32s
    relief: Float32s
    centre: np.float32


def finish(values: Values, on: Switches) -> Finish:
    """Read beliefs (group ``higher``) and switches into coefficients of finishing."""
    higher = values.higher
    drop, good = row_of(higher.drop), row_of(higher.good)
    if not on.after_school_background:
        drop[3], good[3] = 0, 0
    return Finish(
        drop, good, row_of(higher.support_relief), _F(higher.attainment_centre.good_class)
    )


def graduate(adults: Adults, support: Reals, values: Values, on: Switches, key: Key) -> None:
    """Let those who entered finish at about 22, or drop out; writes degree (0, 1 or 2).

    Args:
        adults: The cohort, three years after entering.
        support: How fully each university supports students from deprived places, 0 to 1.
        values: All beliefs.
        on: Switches.
        key: Luck.
    """
    adults.degree = DEGREE_NONE
    helped = np.asarray(support, _F)
    _graduate(adults.view(Student), helped, finish(values, on), luck(key))


@kernel
def _graduate(people: Student, support: Float32s, of: Finish, luck: Luck) -> None:
    words = np.empty((4, BLOCK), np.uint32)
    marks = np.empty((4, BLOCK), np.uint32)
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _HIGHER, _ZERO, luck.k0, luck.k1, words)
        draw_block(part, luck.when, _CLASS, _ZERO, luck.k0, luck.k1, marks)
        for j in range(part.size):
            i = low + j
            entered, score = people.entered[i], people.score[i]
            if entered == ENTRY_NONE:
                continue
            high = _F(1.0) if entered == ENTRY_HIGH_TARIFF else _F(0.0)
            deprived = _F(MIDDLE_FIFTH) - _F(people.fifth[i])
            behind = max(deprived, _F(0.0)) * support[people.university[i]]
            d = of.drop[0] + of.drop[1] * score + of.drop[2] * high
            d += of.drop[3] * (deprived - of.relief[0] * behind)
            if people.at_home[i]:
                d += of.drop[4]
            if d > normal(words[HIGHER_DROPPING_OUT, j]):
                continue
            g = of.good[0] + of.good[1] * (score - of.centre) + of.good[2] * high
            g += of.good[3] * (deprived - of.relief[1] * behind)
            good = g > normal(marks[CLASS_DEGREE, j])
            people.degree[i] = DEGREE_GOOD if good else DEGREE_LOWER


def later_degrees(adults: Adults, grade: int, values: Values, on: Switches, key: Key) -> None:
    """Let some of those without a degree take one this year; writes degree 3.

    Holders of Level 2 alone first need an access course, and are so much less likely.

    Args:
        adults: The cohort, in its twenties.
        grade: Its year group (18 to 24), which tells the years' luck apart.
        values: All beliefs.
        on: Switches; with ``higher`` off nobody does.
        key: Luck.
    """
    if not on.higher:
        return
    chance = _by_occupation(values.higher.later_degree, bool(on.after_school_background))
    access, of_year = _F(values.higher.later_access), luck(key, slot=grade)
    _later(adults.view(Student), chance, access, of_year)


@kernel
def _later(people: Student, chance: Float32s, access: np.float32, luck: Luck) -> None:
    words = np.empty((4, BLOCK), np.uint32)
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _CLASS, _ZERO, luck.k0, luck.k1, words)
        for j in range(part.size):
            i = low + j
            if people.degree[i] > 0 or not people.level2[i]:
                continue
            ready = _F(1.0) if people.level3[i] > 0 else access
            if uniform(words[CLASS_LATER, j]) < ready * chance[people.occupation[i]]:
                people.degree[i] = DEGREE_LATER


def bought(adults: Adults, support: Reals) -> dict[str, Reals]:
    """Return how much of a year's support each student gets: 0 to 1.

    Support goes to students from the two most deprived fifths.

    Args:
        adults: A cohort of students.
        support: How fully each university supports them, 0 to 1.
    """
    student = (adults.entered > 0) & (adults.fifth <= SUPPORTED_FIFTHS)
    given = np.asarray(support, np.float64)[adults.university]
    return {"higher.student_success": given * student}
