"""Who is born: children with homes, heritage, parents and luck, before any policy acts.

A child's draws are keyed by its id, so the same child lives in every scenario and in every world
that contains its area.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Float32s, Float64s, Int8s, Int32s, Int64s, UInt32s
from sim.codes import (
    BIRTH_HERITAGE,
    BIRTH_HOME,
    BIRTH_INCOME,
    BIRTH_MORE_ATTAIN,
    BIRTH_MORE_CLAIM,
    BIRTH_MORE_COMING,
    BIRTH_MORE_FAITH_BITS,
    BIRTH_MORE_GOING,
    BIRTH_MORE_LANGUAGE_BITS,
    BIRTH_PARENTS,
    BIRTH_SEX_BITS,
    BROAD_OF_HERITAGE,
    FIRST_ID_YEAR,
    FIRST_SECONDARY,
    HERITAGE_COUNT,
    ID_BITS,
    LAST_GRADE,
    NEVER,
)
from sim.config.values import PeopleBeliefs, Values
from sim.data.facts import Areas as AreaFacts
from sim.errors import WorkFailed
from sim.kernel import kernel
from sim.rng import BLOCK, Luck, Purpose, draw_block, luck, normal, uniform
from sim.world.newcomers import from_abroad
from sim.world.pupils import Pupils
from sim.world.tables import World

__all__ = ["BROAD", "born", "cohort_index", "first_numbers"]

BROAD = np.array(BROAD_OF_HERITAGE, np.int8)
ROOM = 1.2
_A_WORD = 2.0**-32
_BIRTH = np.uint32(int(Purpose.BIRTH))
_BIRTH_MORE = np.uint32(int(Purpose.BIRTH_MORE))
_F = np.float32
_LANGUAGE = np.uint32((1 << BIRTH_MORE_LANGUAGE_BITS) - 1)
_A_LANGUAGE = _F(2**-BIRTH_MORE_LANGUAGE_BITS)
_SEX = np.uint32((1 << BIRTH_SEX_BITS) - 1)
_A_SEX = _F(2**-BIRTH_SEX_BITS)
_FAITH = np.uint32((1 << BIRTH_MORE_FAITH_BITS) - 1)
_FAITH_BITS = np.uint32(BIRTH_MORE_FAITH_BITS)
_A_FAITH = _F(2.0 ** (-2 * BIRTH_MORE_FAITH_BITS))


class Newborn(NamedTuple):
    """What a child is born with."""

    id: UInt32s
    small: Int32s
    heritage: Int8s
    eal: Bools
    girl: Bools
    catholic: Bools
    arrive: Int8s
    come: Int8s
    depart: Int8s
    income: Float32s
    parents: Float32s
    claims: Float32s
    attain: Float32s


class Births(NamedTuple):
    """What a cohort is told of each area, its homes and its groups.

    Attributes:
        begin: Row of each area's first child; one more for the end.
        first: Id of each area's first child.
        born: Children who are here from the start.
        known: They and those who come from abroad; the others come from another area, at 11.
        homes: Row of each area's first home; one more for the end.
        lives: Share of an area's children who live in a home or in one before it.
        home_income: Shared part of income, by home.
        mix: (areas, groups) shares of heritage groups, added up.
        income: (areas, broad groups) shift of income.
        under: Share of entitled children who are not registered.
        keep: Year 7 over Year 6.
        leaving: What chances of leaving at 11 are divided by.
        near: What those of each home are multiplied by, as independent schools are near.
    """

    begin: Int64s
    first: Int64s
    born: Int64s
    known: Int64s
    homes: Int64s
    lives: Float64s
    home_income: Float32s
    mix: Float64s
    income: Float32s
    under: Float32s
    keep: Float32s
    leaving: Float64s
    near: Float32s


class Odds(NamedTuple):
    """Beliefs about people as the kernel takes them.

    ``richer`` is how the log chance of leaving rises with income, ``depth`` how registering does
    with poverty; first language and income are by heritage group, being Catholic by broad group.
    ``abroad`` is the share of a heritage group's arrivals who come from abroad.
    """

    arrivals: np.float32
    richer: float
    depth: np.float32
    eal: Float32s
    newcomer_eal: np.float32
    offset: Float32s
    girls: np.float32
    catholic: Float32s
    abroad: Float32s


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
    room = np.ceil(facts.pupils_home_primary / 7 * ROOM * (1 + more)) + 10
    order = np.argsort(facts.number)
    numbers = np.concatenate([[0], np.cumsum(room[order])]).astype(np.int64)
    if numbers[-1] >= 2**ID_BITS:
        raise WorkFailed(
            f"people: a cohort of {numbers[-1]} children does not fit the {ID_BITS} bits of an id; "
            f"lower beliefs.people.arrivals"
        )
    return np.asarray(numbers[facts.number])


def born(
    world: World, birth_year: int, index: float, values: Values, *, late: bool = False
) -> Pupils:
    """Return a cohort, sorted by area, with no school yet.

    Args:
        world: The places; incomes of cells of area and heritage may still be zero.
        birth_year: Year of birth.
        index: Size relative to an average cohort.
        values: Central or drawn beliefs.
        late: Whether it goes by heritage who of those who arrive comes from abroad, and who from
            elsewhere in England.
    """
    births = _births(world, birth_year, index, values.people)
    pupils = Pupils(int(births.begin[-1]), birth_year)
    _endow(pupils.view(Newborn), births, _odds(values.people, late), luck(world.key))
    pupils.since = NEVER
    pupils.school = len(world.schools)
    return pupils


def _births(world: World, birth_year: int, index: float, people: PeopleBeliefs) -> Births:
    """Return what a cohort of a size relative to the average needs to know of its areas."""
    areas = world.areas
    born_here = np.rint(areas.primary_births * index).astype(np.int64)
    yearly = np.rint(born_here * LAST_GRADE * people.arrivals).astype(np.int64)
    joiners = np.rint(born_here * np.maximum(0, areas.keep - 1)).astype(np.int64)
    return Births(
        begin=np.concatenate([[0], np.cumsum(born_here + yearly + joiners)]),
        first=((birth_year - FIRST_ID_YEAR) << ID_BITS) + areas.first_number,
        born=born_here,
        known=born_here + yearly,
        homes=np.searchsorted(world.small.area, np.arange(len(areas) + 1)),
        lives=_lives(world),
        home_income=world.small.income,
        mix=world.heritage,
        income=world.cell_income,
        under=world.under,
        keep=areas.keep.astype(np.float32),
        leaving=_leaving_scale(world, people),
        near=_near(world, people).astype(np.float32),
    )


def _odds(people: PeopleBeliefs, late: bool) -> Odds:
    abroad = from_abroad(people) if late else np.ones(HERITAGE_COUNT)
    return Odds(
        abroad=abroad.astype(np.float32),
        arrivals=_F(people.arrivals),
        richer=people.leave_income / people.income_sd,
        depth=_F(people.under_registration_depth),
        eal=np.array(people.eal, np.float32),
        newcomer_eal=_F(people.newcomer_eal),
        offset=np.array(people.income_offset, np.float32),
        girls=_F(people.girls),
        catholic=np.array(people.catholic, np.float32),
    )


def _lives(world: World) -> NDArray[np.float64]:
    """Return which share of its area's children live in each home or in one of a row before it."""
    area, children = world.small.area, world.small.children
    so_far = np.cumsum(children)
    total = np.bincount(area, children, minlength=len(world.areas))
    before = np.cumsum(total) - total
    return np.asarray((so_far - before[area]) / total[area])


def _near(world: World, people: PeopleBeliefs) -> NDArray[np.float64]:
    """Return, by home, how many times likelier children are to leave, by independents near."""
    return 1 + people.leave_near * (world.small.independents.astype(float) - 1)


def _leaving_scale(world: World, people: PeopleBeliefs) -> NDArray[np.float64]:
    """Return, by area, what the chances of leaving at 11 are divided by: 1 at slope 0.

    The mean over homes, groups and luck of exp(slope x income), so that each area loses its share.
    Income is taken against the area and the broad group, whose levels are not known yet. No
    chance is above 1, so where many leave, a steep slope loses a little less than the share.
    """
    slope = people.leave_income / people.income_sd
    offset = np.asarray(people.income_offset, np.float32)
    children = world.small.children
    homes = children * np.exp(slope * world.small.income.astype(float)) * _near(world, people)
    area, areas = world.small.area, len(world.areas)
    mean = np.bincount(area, homes, minlength=areas) / np.bincount(area, children, minlength=areas)
    shares = np.diff(world.heritage, axis=1, prepend=0)
    groups = (shares * np.exp(slope * offset.astype(float))).sum(axis=1) / shares.sum(axis=1)
    return np.asarray(mean * groups * np.exp(slope * slope / 2))


@kernel
def _endow(child: Newborn, births: Births, odds: Odds, luck: Luck) -> None:
    """Draw everything a child is born with; `parents` and `attain` keep bare normal draws."""
    first = np.empty((4, BLOCK), np.uint32)
    second = np.empty((4, BLOCK), np.uint32)
    zero = np.uint32(0)
    for a in range(births.born.size):
        begin, end, first_home = births.begin[a], births.begin[a + 1], births.homes[a]
        lives = births.lives[first_home : births.homes[a + 1]]
        guide = _guide(lives)
        for low in range(begin, end, BLOCK):
            high = min(low + BLOCK, end)
            for i in range(low, high):
                child.id[i] = births.first[a] + i - begin
            ids = child.id[low:high]
            draw_block(ids, luck.when, _BIRTH, zero, luck.k0, luck.k1, first)
            draw_block(ids, luck.when, _BIRTH_MORE, zero, luck.k0, luck.k1, second)
            _group(first[BIRTH_HERITAGE], births.mix[a], child.heritage[low:high])
            _normals(first[BIRTH_INCOME], child.income[low:high])
            _normals(first[BIRTH_PARENTS], child.parents[low:high])
            _normals(second[BIRTH_MORE_ATTAIN], child.attain[low:high])
            for i in range(low, high):
                j, group, number = i - low, child.heritage[i], i - begin
                home = first_home + _home(np.float64(first[BIRTH_HOME, j]) * _A_WORD, lives, guide)
                child.small[i] = home
                # Draws are added in this order; floats do not forgive another.
                own = births.home_income[home] + odds.offset[group] + child.income[i]
                child.income[i] = own + births.income[a, BROAD[group]]
                likelier = _F(np.exp(odds.richer * np.float64(own)) / births.leaving[a])
                likelier *= births.near[home]
                claiming = uniform(second[BIRTH_MORE_CLAIM, j])
                child.claims[i] = _claim_depth(claiming, births.under[a], odds.depth)
                coming = uniform(second[BIRTH_MORE_COMING, j])
                going = uniform(second[BIRTH_MORE_GOING, j])
                born, known, keep = births.born[a], births.known[a], births.keep[a]
                child.arrive[i], child.depart[i] = _stay(
                    number, born, known, coming, going, keep, odds.arrivals, likelier
                )
                speak = _part(second[BIRTH_MORE_CLAIM, j] & _LANGUAGE, _A_LANGUAGE)
                # What is left of the luck that told the year group tells where they come from.
                part = coming * _F(LAST_GRADE)
                abroad = part - np.floor(part) <= odds.abroad[group]
                newcomer = child.arrive[i] > 0 and number < known and abroad
                child.come[i] = child.arrive[i] if newcomer else 0
                least = odds.newcomer_eal if newcomer else _F(0.0)
                child.eal[i] = speak < max(odds.eal[group], least)
                child.girl[i] = _part(first[BIRTH_PARENTS, j] & _SEX, _A_SEX) < odds.girls
                faith = (second[BIRTH_MORE_COMING, j] & _FAITH) << _FAITH_BITS
                faith |= second[BIRTH_MORE_GOING, j] & _FAITH
                child.catholic[i] = _part(faith, _A_FAITH) < odds.catholic[BROAD[group]]


@kernel
def _part(bits: np.uint32, unit: np.float32) -> np.float32:
    """Turn a few bits into a number from 0 to below 1."""
    return _F(np.int32(bits)) * unit


@kernel
def _guide(lives: Float64s) -> Int32s:
    """Return, for as many equal parts of the children as there are homes, where each begins."""
    guide, home = np.empty(lives.size, np.int32), 0
    for part in range(lives.size):
        while home < lives.size - 1 and lives[home] * lives.size <= part:
            home += 1
        guide[part] = home
    return guide


@kernel
def _home(drawn: float, lives: Float64s, guide: Int32s) -> int:
    """Return the first home up to which more than the drawn share live, from its part's first."""
    home = int(guide[int(drawn * lives.size)])
    while home > 0 and lives[home - 1] > drawn:
        home -= 1
    while home < lives.size - 1 and lives[home] <= drawn:
        home += 1
    return home


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
    missing = (_F(1.0) - luck) / under if under > _F(0.0) else _F(2)
    return max((_F(2) - missing) / slope, _F(0.0))


@kernel
def _stay(
    number: int,
    births: int,
    yearly: int,
    coming: np.float32,
    going: np.float32,
    keep: np.float32,
    arrivals: np.float32,
    likelier: np.float32,
) -> tuple[int, int]:
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
