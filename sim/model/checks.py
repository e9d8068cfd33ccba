"""What must never happen: a pupil or a penny that appears or vanishes.

Checked after every year. A broken one stops the run and says what, where and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.arrays import Float32s, Int8s, Int32s, Int64s, UInt32s
from sim.codes import (
    FIRST_ADULT_GRADE,
    ID_BITS,
    JOB_COUNT,
    LAST_ADULT_GRADE,
    LEVELS_GRADE,
    NOWHERE,
    STARTING_AGE,
    phase_of,
)
from sim.errors import InvariantBroken
from sim.kernel import kernel
from sim.world.adults import Adults
from sim.world.pupils import Pupils
from sim.world.tables import World

if TYPE_CHECKING:
    from sim.funding.census import Census
    from sim.funding.grants import Grants
    from sim.nation import After, Nation
    from sim.world.employers import Employers

__all__ = [
    "check",
    "check_adults",
    "check_leavers",
    "check_money",
    "check_pupils",
    "check_ranges",
    "check_year",
]

RANGES = {"leaving": (0, 1), "novice": (0, 1), "vacancy": (0, 1), "quality": (-5, 5)}
FARTHEST = 12.0
_NUMBER = np.uint32((1 << ID_BITS) - 1)
_WORDS = 1 << ID_BITS - 5  # of 32 bits, a bit for each number of a cohort
_COHORT = np.uint32(ID_BITS)
BROKEN_ADULTS = {
    1: "Two people after school have one id",
    2: "A person after school has the id of another cohort",
    3: "A job is without its labour market and region, or these without a job",
    4: "Somebody is in work before 19",
}
BROKEN_ROLLS = {
    1: ("A child lost or gained a school", "cohort born"),
    2: ("A child is in a school of another phase", "born"),
    3: ("Two children have one id", "cohort born"),
}


def check(nation: Nation, year: int) -> None:
    """Check what must never happen, where the settings ask for it.

    Raises:
        InvariantBroken: It happened; the run stops.
    """
    if nation.settings.invariants:
        check_year(nation.world, nation.made.grants, nation.made.census, year)
        check_adults(nation.world, nation.after, year)


def check_year(world: World, grants: Grants, census: Census, year: int) -> None:
    """Check pupils, pence and ranges of a year.

    Raises:
        InvariantBroken: What is wrong, where and when.
    """
    check_pupils(world, year)
    check_money(world, grants, census, year)
    check_ranges(world, year)


def _stop(what: str, where: str, year: int) -> None:
    raise InvariantBroken(
        f"{what}: {where}, school year ending {year}. The run has stopped; nothing is recorded."
    )


def check_pupils(world: World, year: int) -> None:
    """Every child on a roll is in exactly one school of the right phase, and is counted once."""
    schools = world.schools
    counted = np.zeros(len(schools), np.int64)
    for pupils in world.cohorts.values():
        if pupils.id.size != pupils.rows:
            _stop("A child appeared or vanished", f"cohort born {pupils.birth_year}", year)
        grade = pupils.grade(year)
        phase = phase_of(grade)
        rows = world.rows(phase)
        of_phase = OfPhase(rows.start, rows.stop, len(schools))
        broken = _check_rolls(pupils.view(Child), grade, of_phase, counted)
        if broken:
            what, where = BROKEN_ROLLS[broken]
            _stop(what, f"{where} {pupils.birth_year}", year)
    wrong = np.flatnonzero(counted != schools.pupils)
    if wrong.size:
        _stop(
            f"The census counts {schools.pupils[wrong[0]]} pupils of {counted[wrong[0]]}",
            f"school {schools.id[wrong[0]]}",
            year,
        )


class Child(NamedTuple):
    """What tells whether a child is where it should be."""

    id: UInt32s
    arrive: Int8s
    depart: Int8s
    school: Int32s


class Person(NamedTuple):
    """What tells whether a person after school is where they should be."""

    id: UInt32s
    area: Int32s
    job: Int8s
    market: Int8s
    region: Int8s


class OfPhase(NamedTuple):
    """Rows of the schools of a phase, and the one that means none."""

    first: int
    stop: int
    nobody: int


@kernel
def _noted(seen: UInt32s, one: np.uint32) -> bool:
    """Note a member of a cohort in its bit of ``seen``; True if it was noted before."""
    number = one & _NUMBER
    word, bit = number >> np.uint32(5), np.uint32(1) << (number & np.uint32(31))
    before = bool(seen[word] & bit)
    seen[word] |= bit
    return before


@kernel
def _check_rolls(child: Child, grade: int, rows: OfPhase, counted: Int64s) -> int:
    """Add a cohort to the counts of schools; returns a key of `BROKEN_ROLLS`, 0 if all is well.

    Ids of a cohort differ in the lowest `ID_BITS` only.
    """
    seen = np.zeros(_WORDS, np.uint32)
    for i in range(child.id.size):
        if _noted(seen, child.id[i]):
            return 3
        school = child.school[i]
        here = child.arrive[i] <= grade and grade < child.depart[i]
        placed = school < rows.nobody
        if here != placed:
            return 1
        if placed:
            if school < rows.first or school >= rows.stop:
                return 2
            counted[school] += 1
    return 0


def check_leavers(world: World, pupils: Pupils, adults: Adults, year: int) -> None:
    """Everybody on a roll in Year 11 goes on in the block of adults, and nobody else.

    Args:
        world: Places and schools.
        pupils: The cohort as it leaves Year 11.
        adults: The block made from it.
        year: School year that begins.
    """
    on_roll = pupils.id[world.enrolled(pupils)]
    if not np.array_equal(on_roll, adults.id):
        _stop(
            f"Of {on_roll.size} leavers {adults.id.size} are followed, or not the same ones",
            f"cohort born {pupils.birth_year}",
            year,
        )


def check_adults(world: World, after: After, year: int) -> None:
    """Every person after school is in one block, in one job or none; every post has one holder.

    People count by weight: the posts held are those held before the market, less those given up,
    with those filled.

    Args:
        world: Places and schools.
        after: Cohorts after school and employers (`sim.nation.After`).
        year: School year.
    """
    weight = world.areas.weight
    of_market = after.employers.region[after.employers.at(1)]
    held = np.zeros((of_market.size, JOB_COUNT), np.int64)
    newest = year - STARTING_AGE - FIRST_ADULT_GRADE
    expected = range(newest - LAST_ADULT_GRADE + FIRST_ADULT_GRADE, newest + 1)
    lost = sorted(set(expected) ^ set(after.adults))
    if lost:
        _stop("A cohort after school is missing or one too many", f"born {lost[0]}", year)
    cohorts: set[int] = set()
    for birth_year, block in after.adults.items():
        where = f"cohort born {birth_year}"
        if block.birth_year != birth_year or block.id.size != block.rows:
            _stop("A person after school appeared or vanished", where, year)
        may_work = block.grade(year) >= LEVELS_GRADE
        broken = _check_people(block.view(Person), may_work, weight, of_market, held)
        if broken:
            _stop(BROKEN_ADULTS[broken], where, year)
        cohorts |= set((block.id[:1] >> _COHORT).tolist())
    if len(cohorts) < sum(block.rows > 0 for block in after.adults.values()):
        _stop("Two cohorts after school share their ids", "all of England", year)
    _check_posts(after.employers, held, year)


def _check_posts(employers: Employers, held: Int64s, year: int) -> None:
    """Posts held now are those held before, less those given up, with those filled."""
    left_over = employers.vacancies - employers.filled
    given_up = employers.vacancies - np.maximum(employers.posts - employers.held, 0)
    expected = employers.held + employers.filled - given_up
    holders = held[employers.market, employers.level]
    rows = [
        ("A vacancy has two holders", left_over < 0),
        ("Posts are filled by people who do not exist", employers.filled_local > employers.filled),
        ("Posts and their holders differ", holders != expected),
    ]
    for what, wrong in rows:
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            where = f"labour market {employers.market[row]}, level of job {employers.level[row]}"
            _stop(f"{what} ({holders[row]} hold {expected[row]})", where, year)


@kernel
def _check_people(
    person: Person, may_work: bool, weight: Int64s, of_market: Int8s, held: Int64s
) -> int:
    """Add a cohort's jobs to the posts held; returns a key of `BROKEN_ADULTS`, 0 if all is well."""
    seen = np.zeros(_WORDS, np.uint32)
    ids, job, region, market = person.id, person.job, person.region, person.market
    for i in range(ids.size):
        if _noted(seen, ids[i]):
            return 1
        if (ids[i] >> _COHORT) != (ids[0] >> _COHORT):
            return 2
        j = job[i]
        at_work = 0 < j < JOB_COUNT
        m = market[i]
        placed = 0 <= m < of_market.size
        if (not at_work and j != 0) or at_work != placed:
            return 3
        if region[i] != (of_market[m] if placed else NOWHERE):
            return 3
        if at_work:
            if not may_work:
                return 4
            held[m, j] += weight[person.area[i]]
    return 0


def check_money(world: World, grants: Grants, census: Census, year: int) -> None:
    """Every pound of a school traces to a clause, and all of them to the pot."""
    schools = world.schools
    lines = sum(grants.lines.values())
    wrong = np.flatnonzero((lines != grants.total) | (schools.budget != grants.total))
    if wrong.size:
        _stop("Clauses do not add up to the budget", f"school {schools.id[wrong[0]]}", year)
    if np.any(grants.total < 0):
        first = np.flatnonzero(grants.total < 0)[0]
        _stop("A budget is negative", f"school {schools.id[first]}", year)
    try:
        grants.check(census)
    except InvariantBroken as error:
        _stop("A pot is not met", str(error), year)


def check_ranges(world: World, year: int) -> None:
    """No number is missing, infinite or out of range."""
    for name, (low, high) in RANGES.items():
        values = world.schools.get(name)
        bad = np.flatnonzero(~((values >= low) & (values <= high)))
        if bad.size:
            _stop(f"{name} is {values[bad[0]]}", f"school {world.schools.id[bad[0]]}", year)
    for name, values in world.schools.data.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            bad = np.argwhere(~np.isfinite(values))[0]
            _stop(f"{name} is {values[tuple(bad)]}", f"school {world.schools.id[bad[0]]}", year)
    for pupils in world.cohorts.values():
        row = _first_outside(pupils.attain, np.float32(FARTHEST))
        if row >= 0:
            _stop(f"Attainment is {pupils.attain[row]}", f"child {pupils.id[row]}", year)


@kernel
def _first_outside(values: Float32s, limit: np.float32) -> int:
    """Return the first row whose number is missing or not below the limit in size, or -1."""
    for i in range(values.size):
        if not abs(values[i]) < limit:
            return i
    return -1
