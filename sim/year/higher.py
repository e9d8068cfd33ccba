"""Higher education: who enters by 19, where, who finishes, with what class, and who comes later.

Nationally the whole FSM gap in entry is the gap in Level 3 (28.9 / 36.8 = 49.0 / 62.4), so entry
is open to holders of Level 3 (and a few others) and background adds little here; the trait that
helped to Level 3 helps again. Targets 26 to 29.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.adults import Adults
from sim.arrays import (
    Bools,
    Float32s,
    Float64s,
    Int8s,
    Int16s,
    Int32s,
    Int64s,
    Reals,
    UInt32s,
    Wholes,
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
from sim.rng import BLOCK, Key, Purpose, draw_block, lock, log32, normal, uniform, when
from sim.world.universities import Universities

__all__ = ["Entry", "Finish", "destinations", "enter", "entry", "finish", "graduate",
           "later_degrees", "support_cost"]  # fmt: skip

_F = np.float32
_ZERO = np.uint32(0)
_HIGHER = np.uint32(int(Purpose.HIGHER))
_CLASS = np.uint32(int(Purpose.CLASS))
_WHERE = when(0, HIGHER_SLOT_WHERE)
SUPPORTED_FIFTHS = 2
MIDDLE_FIFTH = 3
Array = NDArray[np.float32]


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
    """

    entry: Array
    route: Array
    fsm: Array
    isolation: Array
    occupation: Array
    migration: Array
    shared: Array
    without: np.float32
    tariff: Array
    tariff_occupation: Array
    home: Array
    home_occupation: Array
    heritage: Array
    centre: Array


def entry(values: Values, on: Switches) -> Entry:
    """Read beliefs (groups ``higher`` and ``post16``) and switches into coefficients of entry."""
    higher = values.higher
    background = bool(on.after_school_background)
    by_fsm = [_row(higher.isolation), _row(higher.migration)]
    if not background:
        for pair in by_fsm:
            pair[1] = pair[0]
    isolation = by_fsm[0] * _F(on.isolation)
    heritage = _row(values.post16.heritage)
    trait = values.post16.trait
    return Entry(
        _row(higher.entry), _row(higher.entry_route),
        np.array([0, higher.entry_fsm * background], _F), isolation,
        _by_occupation(higher.entry_occupation, background),
        np.outer(by_fsm[1], heritage).astype(_F),
        np.sqrt(np.array([trait, 1 - trait])).astype(_F), _F(higher.without_level3),
        _row(higher.tariff), _by_occupation(higher.tariff_occupation, background),
        _row(higher.home) * np.array([1, 1, on.isolation, 1], _F),
        _by_occupation(higher.home_occupation, background and on.attachment), heritage,
        np.array([higher.attainment_centre.high_tariff, higher.isolation_centre], _F),
    )  # fmt: skip


def _by_occupation(values: tuple[float, ...], background: bool) -> Array:
    """Return a table by parents' occupation; without background all are like the middle."""
    table = _row(values)
    return table if background else np.full_like(table, table[OCCUPATION_INTERMEDIATE])


def destinations(
    universities: Universities, distances: Float64s, values: Values
) -> NDArray[np.float32]:
    """Return cumulative chances of universities, shape (tariff, at home, home region, university).

    Students at home take the places of their region; others all places, the farther the fewer.

    Args:
        universities: The table, with this year's places.
        distances: Kilometres between regions.
        values: All beliefs.
    """
    regions = distances.shape[0]
    near = np.arange(regions)[:, None] == universities.region[None]
    pull = np.exp(-values.higher.distance / 100 * distances)[:, universities.region]
    out = np.empty((2, 2, regions, len(universities)))
    for tariff in (0, 1):
        places = universities.places * (universities.high == bool(tariff))
        out[tariff, 0] = np.cumsum(places * pull, axis=1)
        out[tariff, 1] = np.cumsum(places * near, axis=1)
    return np.asarray(out / out[..., -1:], np.float32)


def enter(
    adults: Adults, log_km: Float32s, home_region: Wholes, chances: NDArray[np.float32],
    values: Values, on: Switches, key: Key,
) -> None:  # fmt: skip
    """Let a cohort enter higher education by 19, or not.

    Writes entered (0 no, 1 yes, 2 high tariff), at_home and university.

    Args:
        adults: The cohort, with routes and levels.
        log_km: Log km to the third nearest secondary of each small area (`Places.log_km`).
        home_region: Region of each area.
        chances: What `destinations` returns.
        values: All beliefs.
        on: Switches; with ``higher`` off nobody enters.
        key: Luck.
    """
    adults.entered, adults.university, adults.at_home = ENTRY_NONE, -1, False
    if not on.higher:
        return
    _enter(
        adults.id, adults.small, adults.area, adults.heritage, adults.occupation, adults.fsm15,
        adults.score, adults.trait, adults.route, adults.level3, log_km.astype(_F),
        home_region.astype(np.int64), chances, entry(values, on), *lock(key),
        adults.entered, adults.at_home, adults.university,
    )  # fmt: skip


@kernel
def _enter(
    ids: UInt32s, small: Int32s, area: Int32s, heritage: Int8s, occupation: Int8s, fsm15: Bools,
    score: Float32s, trait: Float32s, route: Int8s, level3: Int8s, log_km: Float32s, region: Int64s,
    chances: Float32s, of: Entry, k0: np.uint32, k1: np.uint32, entered: Int8s, at_home: Bools,
    university: Int16s,
) -> None:  # fmt: skip
    words = np.empty((4, BLOCK), np.uint32)
    where = np.empty((4, BLOCK), np.uint32)
    for low in range(0, ids.size, BLOCK):
        part = ids[low : low + BLOCK]
        draw_block(part, _ZERO, _HIGHER, _ZERO, k0, k1, words)
        draw_block(part, _WHERE, _HIGHER, _ZERO, k0, k1, where)
        for j in range(part.size):
            i = low + j
            f = 1 if fsm15[i] else 0
            o = occupation[i]
            remote = log_km[small[i]] - of.centre[1]
            if level3[i] > 0:
                v = of.entry[0] + of.entry[1] * score[i] + of.route[route[i]] + of.fsm[f]
                v += of.occupation[o] + of.migration[f, heritage[i]] - of.isolation[f] * remote
                v += of.shared[0] * trait[i] + of.shared[1] * normal(words[HIGHER_ENTRY, j])
                if v <= _F(0.0):
                    continue
            elif uniform(where[HIGHER_WITHOUT_LEVEL3, j]) >= of.without:
                continue
            t = of.tariff[0] + of.tariff[1] * (score[i] - of.centre[0]) + of.tariff_occupation[o]
            t += of.tariff[2] if route[i] == ROUTE_TECHNICAL else _F(0.0)
            t += of.shared[0] * trait[i] + of.shared[1] * normal(words[HIGHER_TARIFF, j])
            high = 1 if t > _F(0.0) else 0
            entered[i] = ENTRY_HIGH_TARIFF if high else ENTRY_LOWER_TARIFF
            h = of.home[0] + of.home_occupation[o] + of.home[1] * of.heritage[heritage[i]]
            h += of.home[2] * remote + of.home[3] * _F(high)
            luck = uniform(words[HIGHER_HOME, j])
            stays = h > log32(luck) - log32(_F(1.0) - luck)
            at_home[i] = stays
            row = chances[high, 1 if stays else 0, region[area[i]]]
            pick = uniform(where[HIGHER_WHERE, j])
            u = 0
            while u < row.size - 1 and row[u] <= pick:
                u += 1
            university[i] = u


class Finish(NamedTuple):
    """Coefficients of dropping out and of a good degree, probit units.

    Attributes:
        drop: Constant, attainment, high tariff, per fifth of deprivation, at home.
        good: Constant, attainment above its centre, high tariff, per fifth of deprivation.
        relief: Share of the disadvantage of deprived fifths that support takes away.
        centre: Attainment from which the slope for a good degree counts.
    """

    drop: Array
    good: Array
    relief: Array
    centre: np.float32


def finish(values: Values, on: Switches) -> Finish:
    """Read beliefs (group ``higher``) and switches into coefficients of finishing."""
    higher = values.higher
    drop, good = _row(higher.drop), _row(higher.good)
    if not on.after_school_background:
        drop[3], good[3] = 0, 0
    return Finish(drop, good, _row(higher.support_relief), _F(higher.attainment_centre.good_class))


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
    _graduate(
        adults.id, adults.score, adults.entered, adults.fifth, adults.at_home, adults.university,
        np.asarray(support, _F), finish(values, on), *lock(key), adults.degree,
    )  # fmt: skip


@kernel
def _graduate(
    ids: UInt32s, score: Float32s, entered: Int8s, fifth: Int8s, at_home: Bools, university: Int16s,
    support: Reals, of: Finish, k0: np.uint32, k1: np.uint32, degree: Int8s,
) -> None:  # fmt: skip
    words = np.empty((4, BLOCK), np.uint32)
    marks = np.empty((4, BLOCK), np.uint32)
    for low in range(0, ids.size, BLOCK):
        part = ids[low : low + BLOCK]
        draw_block(part, _ZERO, _HIGHER, _ZERO, k0, k1, words)
        draw_block(part, _ZERO, _CLASS, _ZERO, k0, k1, marks)
        for j in range(part.size):
            i = low + j
            if entered[i] == ENTRY_NONE:
                continue
            high = _F(1.0) if entered[i] == ENTRY_HIGH_TARIFF else _F(0.0)
            deprived = _F(MIDDLE_FIFTH) - _F(fifth[i])
            behind = max(deprived, _F(0.0)) * support[university[i]]
            d = of.drop[0] + of.drop[1] * score[i] + of.drop[2] * high
            d += of.drop[3] * (deprived - of.relief[0] * behind)
            if at_home[i]:
                d += of.drop[4]
            if d > normal(words[HIGHER_DROPPING_OUT, j]):
                continue
            g = of.good[0] + of.good[1] * (score[i] - of.centre) + of.good[2] * high
            g += of.good[3] * (deprived - of.relief[1] * behind)
            degree[i] = DEGREE_GOOD if g > normal(marks[CLASS_DEGREE, j]) else DEGREE_LOWER


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
    _later(
        adults.id, adults.occupation, adults.level2, adults.level3, when(0, grade), chance,
        _F(values.higher.later_access), *lock(key), adults.degree,
    )  # fmt: skip


@kernel
def _later(
    ids: UInt32s, occupation: Int8s, level2: Bools, level3: Int8s, time: np.uint32,
    chance: Float32s, access: np.float32, k0: np.uint32, k1: np.uint32, degree: Int8s,
) -> None:  # fmt: skip
    words = np.empty((4, BLOCK), np.uint32)
    for low in range(0, ids.size, BLOCK):
        part = ids[low : low + BLOCK]
        draw_block(part, time, _CLASS, _ZERO, k0, k1, words)
        for j in range(part.size):
            i = low + j
            if degree[i] > 0 or not level2[i]:
                continue
            ready = _F(1.0) if level3[i] > 0 else access
            if uniform(words[CLASS_LATER, j]) < ready * chance[occupation[i]]:
                degree[i] = DEGREE_LATER


def support_cost(adults: Adults, support: Reals, values: Values) -> NDArray[np.float64]:
    """Return what universities spend a year on supporting each student, GBP.

    Support goes to students from the two most deprived fifths.

    Args:
        adults: A cohort of students.
        support: How fully each university supports them, 0 to 1.
        values: All beliefs.
    """
    student = (adults.entered > 0) & (adults.fifth <= SUPPORTED_FIFTHS)
    given = np.asarray(support, np.float64)[adults.university]
    return np.asarray(values.higher.support_cost_gbp * given * student)


def _row(values: tuple[float, ...]) -> Array:
    """Return a table of beliefs as float32, free to be changed."""
    return np.array(values, _F)
