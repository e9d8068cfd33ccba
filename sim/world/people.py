"""Who is born: children with homes, heritage, parents and luck, before any policy acts.

A child's draws are keyed by its id, so the same child lives in every scenario and in every world
that contains its area.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.arrays import Bools, Float32s, Float64s, Int8s, Int32s, Int64s, UInt32s
from sim.codes import (
    BIRTH_HERITAGE,
    BIRTH_HOME,
    BIRTH_INCOME,
    BIRTH_MORE_ATTAIN,
    BIRTH_MORE_CLAIM,
    BIRTH_MORE_COMING,
    BIRTH_MORE_GOING,
    BIRTH_MORE_LANGUAGE_BITS,
    BIRTH_PARENTS,
    BROAD_OF_HERITAGE,
    FIRST_ID_YEAR,
    FIRST_SECONDARY,
    HERITAGE_COUNT,
    ID_BITS,
    LAST_GRADE,
    MIGRANT_HERITAGES,
    NEVER,
)
from sim.config.values import PeopleBeliefs, Values
from sim.errors import WorkFailed
from sim.facts import Areas as AreaFacts
from sim.kernel import kernel
from sim.pupils import Pupils
from sim.rng import BLOCK, Purpose, draw_block, lock, normal, uniform
from sim.world.tables import Areas, SmallAreas, World

__all__ = ["BROAD", "born", "cohort_index", "parents_education", "solve_incomes"]

BROAD = np.array(BROAD_OF_HERITAGE, np.int8)
MIGRANT = np.isin(np.arange(HERITAGE_COUNT), MIGRANT_HERITAGES)
ROOM = 1.2
_S32 = np.uint64(32)
_BIRTH = np.uint32(int(Purpose.BIRTH))
_BIRTH_MORE = np.uint32(int(Purpose.BIRTH_MORE))
_F = np.float32
_LANGUAGE = np.uint32((1 << BIRTH_MORE_LANGUAGE_BITS) - 1)
_A_LANGUAGE = _F(2.0**-BIRTH_MORE_LANGUAGE_BITS)


def cohort_index(birth_year: int, births: dict[int, float], *, falling: bool) -> float:
    """Return the size of a cohort relative to those in primary school in 2024.

    Two thirds of a school cohort are born in its birth year and a third in the year before.
    Outside the years of the births table its ends are held.
    """
    if not falling:
        return 1.0
    first, last = min(births), max(births)

    def of(year: int) -> float:
        return (
            births[min(max(year, first), last)] * 2 / 3
            + births[min(max(year - 1, first), last)] / 3
        )

    return of(birth_year) / float(np.mean([of(year) for year in range(2013, 2020)]))


def first_numbers(
    facts: AreaFacts, keep: NDArray[np.float64], people: PeopleBeliefs
) -> NDArray[np.int64]:
    """Return the first number in a cohort of every area's children, the same in every world.

    Args:
        facts: The table of areas.
        keep: Year 7 places over Year 6 pupils of every area of the table.
        people: Beliefs about people.
    """
    more = LAST_GRADE * people.arrivals + np.maximum(0, keep - 1)
    room = np.ceil(facts.pupils_primary / 7 * ROOM * (1 + more)) + 10
    order = np.argsort(facts.number)
    numbers = np.concatenate([[0], np.cumsum(room[order])]).astype(np.int64)
    if numbers[-1] >= 2**ID_BITS:
        raise WorkFailed(
            f"people: a cohort of {numbers[-1]} children does not fit the {ID_BITS} bits of an id; "
            f"lower beliefs.people.arrivals"
        )
    return np.asarray(numbers[facts.number])


def born(world: World, birth_year: int, index: float, values: Values) -> Pupils:
    """Return a cohort, sorted by area, with no school yet.

    Args:
        world: The places; incomes of cells of area and heritage may still be zero.
        birth_year: Year of birth.
        index: Size relative to an average cohort.
        values: Central or drawn beliefs.
    """
    areas, people = world.areas, values.people
    births = np.rint(areas.primary_births * index).astype(np.int64)
    yearly = np.rint(births * LAST_GRADE * people.arrivals).astype(np.int64)
    joiners = np.rint(births * np.maximum(0, areas.keep - 1)).astype(np.int64)
    rows = births + yearly + joiners
    pupils = Pupils(int(rows.sum()), birth_year)
    slope = people.leave_income / people.income_sd
    begin = np.concatenate([[0], np.cumsum(rows)])
    small_start = np.searchsorted(world.small.area, np.arange(len(areas) + 1))
    first = ((birth_year - FIRST_ID_YEAR) << ID_BITS) + areas.first_number
    _endow(
        begin, first, small_start, world.heritage, births, births + yearly,
        areas.keep.astype(np.float32), world.under, world.small.income, _F(people.arrivals), slope,
        _leaving_scale(world, slope, np.asarray(people.income_offset, np.float32)),
        _F(people.under_registration_depth), np.array(people.eal, np.float32),
        _F(people.newcomer_eal), np.array(people.income_offset, np.float32),
        world.cell_income, *lock(world.key), pupils.id,
        pupils.small, pupils.heritage, pupils.eal, pupils.arrive, pupils.come,
        pupils.depart, pupils.income, pupils.parents, pupils.claims, pupils.attain,
    )  # fmt: skip
    pupils.since = NEVER
    pupils.school = len(world.schools)
    return pupils


def _leaving_scale(world: World, slope: float, offset: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return, by area, what the chances of leaving at 11 are divided by: 1 at slope 0.

    The mean over homes, groups and luck of exp(slope x income), so that each area loses its share.
    Income is taken against the area and the broad group, whose levels are not known yet. No
    chance is above 1, so where many leave, a steep slope loses a little less than the share.
    """
    homes = np.exp(slope * world.small.income.astype(float))
    area, areas = world.small.area, len(world.areas)
    mean = np.bincount(area, homes, minlength=areas) / np.bincount(area, minlength=areas)
    shares = np.diff(world.heritage, axis=1, prepend=0)
    groups = (shares * np.exp(slope * offset.astype(float))).sum(axis=1) / shares.sum(axis=1)
    return np.asarray(mean * groups * np.exp(slope * slope / 2))


@kernel
def _endow(
    begin: Int64s, number: Int64s, small_start: Int64s, mix: Float64s, births: Int64s,
    yearly: Int64s, keep: Float32s, under: Float32s, small_income: Float32s, arrivals: np.float32,
    richer: float, leaving_scale: Float64s, slope: np.float32, eal_share: Float32s,
    newcomer_eal: np.float32, offset: Float32s, cell: Float32s, k0: np.uint32, k1: np.uint32,
    ids: UInt32s, small: Int32s, heritage: Int8s, eal: Bools, arrive: Int8s, come: Int8s,
    depart: Int8s, income: Float32s, parents: Float32s, claims: Float32s, attain: Float32s,
) -> None:  # fmt: skip
    """Draw everything a child is born with; `parents` and `attain` keep bare normal draws."""
    first = np.empty((4, BLOCK), np.uint32)
    second = np.empty((4, BLOCK), np.uint32)
    zero = np.uint32(0)
    for a in range(births.size):
        homes = np.uint64(small_start[a + 1] - small_start[a])
        for low in range(begin[a], begin[a + 1], BLOCK):
            high = min(low + BLOCK, begin[a + 1])
            for i in range(low, high):
                ids[i] = number[a] + i - begin[a]
            draw_block(ids[low:high], zero, _BIRTH, zero, k0, k1, first)
            draw_block(ids[low:high], zero, _BIRTH_MORE, zero, k0, k1, second)
            _group(first[BIRTH_HERITAGE], mix[a], heritage[low:high])
            _normals(first[BIRTH_INCOME], income[low:high])
            _normals(first[BIRTH_PARENTS], parents[low:high])
            _normals(second[BIRTH_MORE_ATTAIN], attain[low:high])
            for i in range(low, high):
                j, group = i - low, heritage[i]
                home = small_start[a] + np.int64((np.uint64(first[BIRTH_HOME, j]) * homes) >> _S32)
                small[i] = home
                # Draws are added in this order; floats do not forgive another.
                own = small_income[home] + offset[group] + income[i]
                income[i] = own + cell[a, BROAD[group]]
                likelier = _F(np.exp(richer * np.float64(own)) / leaving_scale[a])
                claims[i] = _claim_depth(uniform(second[BIRTH_MORE_CLAIM, j]), under[a], slope)
                arrive[i], depart[i] = _stay(
                    i - begin[a], births[a], yearly[a], uniform(second[BIRTH_MORE_COMING, j]),
                    uniform(second[BIRTH_MORE_GOING, j]), keep[a], arrivals, likelier,
                )  # fmt: skip
                speak = _F(np.int32(second[BIRTH_MORE_CLAIM, j] & _LANGUAGE)) * _A_LANGUAGE
                newcomer = arrive[i] > 0 and i - begin[a] < yearly[a]
                come[i] = arrive[i] if newcomer else 0
                least = newcomer_eal if newcomer else _F(0.0)
                eal[i] = speak < max(eal_share[group], least)


@kernel
def _normals(words: UInt32s, out: Float32s) -> None:
    for i in range(out.size):
        out[i] = normal(words[i])


@kernel
def _group(words: UInt32s, mix: Float64s, out: Int8s) -> None:
    """Draw each child's group: how many of the cumulated shares its number exceeds."""
    out[:] = 0
    for g in range(mix.size - 1):
        for i in range(out.size):
            out[i] += np.int8(np.float64(uniform(words[i])) > mix[g])


@kernel
def _claim_depth(luck: np.float32, under: np.float32, slope: np.float32) -> np.float32:
    """Depth of poverty from which a family registers for free meals.

    At depth d the chance is 1 - under x (1 + clip(1 - slope x d, -1, 1)): shallow poverty
    registers less, and the family's luck is lasting.
    """
    missing = (_F(1.0) - luck) / under if under > _F(0.0) else _F(2.0)
    return max((_F(2.0) - missing) / slope, _F(0.0))


@kernel
def _stay(
    number: int, births: int, yearly: int, coming: np.float32, going: np.float32,
    keep: np.float32, arrivals: np.float32, likelier: np.float32,
) -> tuple[int, int]:  # fmt: skip
    """First year group on a roll here, and first no longer (99: stays to the end).

    Whoever arrives in a year group between has come to England; whoever joins at 11 because the
    area has more places than children comes from another area, and is known. ``likelier`` is how
    many times likelier than others of the area this family is to leave at 11.
    """
    arrive: Any = 0
    if number >= yearly:
        arrive = FIRST_SECONDARY
    elif number >= births:
        arrive = 1 + np.int64(coming * _F(LAST_GRADE))
    leave = _F(1.0) - keep if keep < _F(1.0) else _F(0.0)
    depart: Any = NEVER
    if going < _F(LAST_GRADE) * arrivals:
        depart = 1 + np.int64(going / arrivals)
    elif going < _F(LAST_GRADE) * arrivals + leave * likelier:
        depart = FIRST_SECONDARY
    if depart <= arrive:
        depart = NEVER
    return arrive, depart


def parents_education(world: World, pupils: Pupils, values: Values) -> None:
    """Turn the bare draw in ``parents`` into parents' education, given income and the area.

    Places differ in how many professional families they have, not in poor parents' education:
    the area's adult qualifications count only for the better off.
    """
    people = values.people
    area = world.small.area[pupils.small]
    level3 = world.facts.adult_level3[world.areas.facts_row]
    adult = (level3 - people.adult_level3_mean) / people.adult_level3_sd
    _parents(
        pupils.income, pupils.heritage, adult.astype(np.float32)[area], pupils.parents,
        _F(people.income_mean), _F(1 / people.income_sd), _F(people.parents_income),
        _F(people.parents_income_migrant), _F(people.parents_migrant), _F(people.parents_area),
        _F(people.parents_area_income.begins), _F(people.parents_area_income.in_full),
        _F(people.parents_noise), _F(people.parents_mean), _F(1 / people.parents_sd),
    )  # fmt: skip


@kernel
def _parents(
    income: Float32s, heritage: Int8s, adult: Float32s, parents: Float32s, mean: np.float32,
    inverse: np.float32, slope: np.float32, slope_migrant: np.float32, level_migrant: np.float32,
    place: np.float32, none: np.float32, whole: np.float32, own: np.float32, middle: np.float32,
    scale: np.float32,
) -> None:  # fmt: skip
    for i in range(income.size):
        y = (income[i] - mean) * inverse
        migrant = MIGRANT[heritage[i]]
        better_off = min(max((y - none) / (whole - none), _F(0.0)), _F(1.0))
        drawn = (slope_migrant if migrant else slope) * y + place * adult[i] * better_off
        drawn += level_migrant if migrant else _F(0.0)
        parents[i] = (drawn + own * parents[i] - middle) * scale


def cell_rates(
    facts: AreaFacts, rows: NDArray[np.int64], people: PeopleBeliefs
) -> NDArray[np.float64]:
    """Return the FSM rate of 2024 for five broad groups in each area, shape (areas, 5).

    The published rates of 2019 by group, shifted alike on the probit scale until the area's rate
    of 2024 is met; small groups are drawn towards the area's rate and the national difference.
    """
    mix = facts.heritage[rows]
    broad = np.stack([mix[:, b == BROAD].sum(axis=1) for b in range(5)], axis=1)
    pupils = (facts.pupils_primary + facts.pupils_secondary)[rows]
    eligible = (
        facts.fsm_primary * facts.pupils_primary + facts.fsm_secondary * facts.pupils_secondary
    )
    target = eligible[rows] / pupils
    at = ndtri(np.clip(facts.fsm_by_broad_group[rows], 0.005, 0.9))
    size = broad * pupils[:, None]
    trust = size / (size + people.cell_trust)
    at = trust * at + (1 - trust) * (at[:, :1] + np.array(people.broad_offset))
    low, high = np.full(len(rows), -2.0), np.full(len(rows), 2.0)
    for _ in range(40):
        middle = (low + high) / 2
        short = (broad * ndtr(at + middle[:, None])).sum(axis=1) < target
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(ndtr(at + low[:, None]))


def solve_incomes(
    areas: Areas, small: SmallAreas, blocks: list[tuple[Pupils, NDArray[np.float32]]],
    rates: NDArray[np.float64], grades: list[int],
) -> NDArray[np.float32]:  # fmt: skip
    """Return the income shift of each area and broad group that meets its FSM rate.

    Args:
        areas: Areas.
        small: Small areas.
        blocks: Cohorts with, for each child, the shift below which it counts as eligible.
        rates: FSM rates to meet, shape (areas, 5).
        grades: Year group of each cohort.
    """
    bins, low, high = 12_000, -6.0, 6.0
    counts = np.zeros((len(areas) * 5, bins), np.int32)
    for (pupils, critical), grade in zip(blocks, grades, strict=True):
        cell = small.area[pupils.small] * 5 + BROAD[pupils.heritage]
        _count_critical(
            critical, cell.astype(np.int32), pupils.on_roll(grade), _F(low),
            _F(bins / (high - low)), counts,
        )  # fmt: skip
    wanted = rates.reshape(-1) * np.maximum(counts.sum(axis=1), 1)
    first = np.zeros(counts.shape[0], np.int64)
    _highest_bin(counts, wanted, first)
    shift = low + first * (high - low) / bins
    return np.asarray(shift.reshape(-1, 5), np.float32)


@kernel
def _highest_bin(counts: Int32s, wanted: Float64s, first: Int64s) -> None:
    """Write, by cell, the bin below the highest from which up more than ``wanted`` are counted."""
    for cell in range(counts.shape[0]):
        above = 0
        for b in range(counts.shape[1] - 1, -1, -1):
            above += counts[cell, b]
            if above > wanted[cell]:
                first[cell] = b + 1
                break


@kernel
def _count_critical(
    critical: Float32s,
    cell: Int32s,
    here: Bools,
    low: np.float32,
    scale: np.float32,
    counts: Int32s,
) -> None:
    last = counts.shape[1] - 1
    for i in range(critical.size):
        if here[i]:
            b = np.int64((critical[i] - low) * scale)
            counts[cell[i], min(max(b, 0), last)] += 1
