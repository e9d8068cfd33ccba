"""The time before the first simulated year: children met in mid-school get a past.

Incomes are set so that the published rates of eligibility come out, registrations are lived
through, every cohort is admitted and taught year by year up to the year group it is met in. It is
taught twice: only when schools are full is it known what they are paid, and what that did.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import FIRST_SECONDARY, LAST_GRADE, STARTING_AGE, phase_of
from sim.crew import Crew, Job
from sim.pupils import Pupils, order_by_school
from sim.steps import Entry, Setting, apply, assign, census_of, settle_in
from sim.world import people
from sim.world.build import small_area_luck
from sim.world.tables import World
from sim.year import assessment, households, learning, teachers

__all__ = ["Leavers", "admit_newborn", "begin", "live_again"]

ROUNDS = 8  # of the search that settles intakes; more change nothing
REGISTER = 0xFFFF
STEP = 0.6  # of that search, towards the answer
PACE = 0.5  # of it, in how families see intakes


class Leavers(NamedTuple):
    """Results of those who finished Year 11 this year, in the order of their block."""

    score: NDArray[np.float32]
    group: NDArray[np.int8]


def leavers(
    world: World, year: int, fixed: Setting, groups: dict[int, NDArray[np.int8]]
) -> Leavers:
    """Return the results of those who finished Year 11 before the first simulated year."""
    pupils = world.cohorts[year - STARTING_AGE - LAST_GRADE]
    scale = assessment.scale(fixed.values.assessment, fixed.on, LAST_GRADE)
    score = assessment.marks(pupils, year, fixed.key, scale)
    return Leavers(score, groups[pupils.birth_year])


def begin(world: World, fixed: Setting, crew: Crew) -> None:
    """Give every cohort of the world its past up to the end of the first year."""
    year = world.first_year
    _incomes(world, year, fixed, crew)
    _local_poverty(world, year, fixed)
    crew.run([partial(_start, world, pupils, fixed) for pupils in world.cohorts.values()])
    _primary_years(world, year, fixed, crew)
    _secondary_years(world, year, fixed, crew)
    census_of(world, year, fixed, crew)
    teachers.settle(world.schools, world.areas, fixed.values, fixed.on)


def live_again(world: World, fixed: Setting, crew: Crew) -> Leavers:
    """Teach everybody again, in the same schools, with what schools' money and teachers do.

    Without it the first years would see results rise for no other reason than that children were
    met who had been taught without money. Returns the results of those who finish Year 11.
    """
    year = world.first_year
    teachers.settle(world.schools, world.areas, fixed.values, fixed.on)
    crew.run([partial(_again, world, p, year, fixed) for p in world.cohorts.values()])
    return leavers(world, year, fixed, census_of(world, year, fixed, crew))


def _again(world: World, pupils: Pupils, year: int, fixed: Setting) -> None:
    grade, columns = pupils.grade(year), pupils.data
    pupils.attain, pupils.made = columns.pop("endowed"), columns.pop("given")
    columns["now"] = pupils.school.copy()
    pupils.school = columns.pop("primary", pupils.school)
    _sort(world, pupils, 0)
    _teach(world, pupils, range(0, min(grade, FIRST_SECONDARY - 1) + 1), fixed)
    pupils.school = columns.pop("now")
    if grade >= FIRST_SECONDARY:
        learning.fade(pupils, fixed.values.learning, fixed.on)
        _sort(world, pupils, 1)
        _teach(world, pupils, range(FIRST_SECONDARY, grade + 1), fixed)


def _sort(world: World, pupils: Pupils, phase: int) -> None:
    rows = world.rows(phase)
    pupils.sort(rows.start, rows.stop - rows.start)


def admit_newborn(world: World, pupils: Pupils, fixed: Setting) -> None:
    """Make a new cohort part of the world: incomes are right from birth; attainment comes later."""
    people.parents_education(world, pupils, fixed.values)
    world.cohorts[pupils.birth_year] = pupils


def _incomes(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Shift incomes by area and broad group until published eligibility rates are met."""
    blocks = list(world.cohorts.values())
    critical: dict[int, NDArray[np.float32]] = {}

    def one(pupils: Pupils) -> None:
        critical[pupils.birth_year] = households.critical_shift(pupils, year, fixed.key, fixed.walk)

    crew.run([partial(one, p) for p in blocks])
    rates = people.cell_rates(world.facts, world.areas.facts_row, fixed.values.people)
    world.cell_income = people.solve_incomes(
        world.areas, world.small, [(p, critical[p.birth_year]) for p in blocks], rates,
        [p.grade(year) for p in blocks],
    )  # fmt: skip

    def shift(pupils: Pupils) -> None:
        area = world.small.area[pupils.small]
        pupils.income += world.cell_income[area, people.BROAD[pupils.heritage]]
        people.parents_education(world, pupils, fixed.values)
        households.relive(pupils, year, fixed.key, fixed.walk)

    crew.run([partial(shift, p) for p in blocks])


def _local_poverty(world: World, year: int, fixed: Setting) -> None:
    """Note the share of children registered this year in each small area: a constant from here."""
    size = len(world.small)
    poor, everyone = np.zeros(size), np.zeros(size)
    for pupils in world.cohorts.values():
        here = pupils.on_roll(pupils.grade(year))
        now = (pupils.registered & np.uint16(1)).astype(bool)
        poor += np.bincount(pupils.small[here & now], minlength=size)
        everyone += np.bincount(pupils.small[here], minlength=size)
    world.small.fsm_share = poor / np.maximum(everyone, 1)


def _start(world: World, pupils: Pupils, fixed: Setting) -> None:
    """Endow a cohort met in mid-school, and keep the endowment for when it is taught again."""
    endow(world, pupils, fixed, pupils.grade(world.first_year))
    pupils.data |= {"endowed": pupils.attain.copy(), "given": pupils.made.copy()}


def endow(world: World, pupils: Pupils, fixed: Setting, ago: int = 0) -> None:
    """Give a cohort its attainment on entry to Reception, which was some years ago."""
    values, small = fixed.values, world.small
    near = values.learning.support_near
    local = (1 - near) * world.areas.fsm_rate[small.area] + near * small.fsm_share
    luck = small_area_luck(small, fixed.key, values.learning.small_area_early)
    residual = (world.areas.early_residual[small.area] + luck).astype(np.float32)
    support = (values.learning.early_support * local).astype(np.float32)
    learning.endow(pupils, values, fixed.on, support, residual, _ever6(fixed, ago))


def _ever6(fixed: Setting, ago: int) -> int:
    """Return the bits of registration that made a child disadvantaged some years ago."""
    return int(fixed.bits.ever6) << ago & REGISTER


def entry_seats(world: World, pupils: Pupils, grade: int, fixed: Setting) -> NDArray[np.int64]:
    """Set places for a cohort: each school its share of the area's children, and some slack.

    Returns the places of the schools of the phase, which are also written to their table.
    """
    phase = phase_of(grade)
    rows = world.rows(phase)
    wanted = np.bincount(
        world.small.area[pupils.small[pupils.on_roll(grade)]], minlength=len(world.areas)
    )
    area = world.schools.area[rows]
    places = world.schools.share[rows] * wanted[area] * (1 + fixed.values.admissions.slack)
    seats: NDArray[np.int64] = np.maximum(np.rint(places), 1).astype(np.int64)
    world.schools.get("seats")[rows] = seats
    return seats


def _settle_intakes(world: World, pupils: Pupils, year: int, fixed: Setting, crew: Crew) -> None:
    """Admit one cohort several times, until popularity fits sizes and seen intakes fit who goes.

    A school's lasting appeal stands for all that makes large schools full and small ones small;
    grammar schools are wanted by more than they can take, and keep their own.
    """
    phase = phase_of(pupils.grade(year))
    rows = world.rows(phase)
    for _ in range(ROUNDS):
        seats = entry_seats(world, pupils, pupils.grade(year), fixed)
        entry, jobs = apply(world, pupils, year, fixed, seats=seats)
        crew.run(jobs)
        income = np.zeros(len(world.schools))
        number = np.zeros(len(world.schools), np.int64)
        income[rows], number[rows] = _intakes(entry, assign(entry, fixed))
        world.wanted = entry.wanted
        _attract(world, rows)
        _see(world, income, number, fixed, phase)


def _intakes(entry: Entry, got: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return sums of income and numbers of the children that schools would admit."""
    schools = entry.seats.size
    start, order = order_by_school(np.where(entry.applies, got, schools), 0, schools)
    income = np.append(entry.pupils.income[order].astype(float), 0)
    counts = np.diff(start)[:-1]
    return np.where(counts > 0, np.add.reduceat(income, start[:-1])[:-1], 0), counts


def _attract(world: World, rows: slice) -> None:
    """Make schools with empty places more appealing, and those wanted by too many less.

    Selective schools are left out: many want them, and the eleven-plus decides.
    """
    schools = world.schools
    open_to_all = ~schools.grammar[rows]
    want = np.log(schools.seats[rows] / np.maximum(world.wanted, 1))
    area = schools.area[rows]
    many = np.maximum(np.bincount(area, open_to_all, minlength=len(world.areas)), 1)
    middle = np.bincount(area, want * open_to_all, minlength=len(world.areas)) / many
    schools.get("appeal")[rows] += STEP * np.where(open_to_all, want - middle[area], 0)


def _see(
    world: World, income: NDArray[np.float64], number: NDArray[np.int64], fixed: Setting, phase: int
) -> None:
    from sim.year.admissions import update_intake

    rows = world.rows(phase)
    before = world.schools.intake.copy()
    update_intake(
        world.schools, income, number, fixed.values.admissions.intake_scale, len(world.areas), PACE
    )
    other = np.ones(len(world.schools), bool)
    other[rows] = False
    world.schools.get("intake")[other] = before[other]


def _primary_years(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Admit every cohort to a primary and teach it there."""
    _settle_intakes(world, world.cohorts[year - STARTING_AGE], year, fixed, crew)
    cohorts = sorted(world.cohorts.values(), key=lambda p: p.birth_year)
    crew.run([_entering(world, pupils, 0, fixed) for pupils in cohorts])
    census_early(world, cohorts[-7:], year, fixed)
    crew.run(
        [
            partial(_teach, world, p, range(0, min(p.grade(year), FIRST_SECONDARY - 1) + 1), fixed)
            for p in cohorts
        ]
    )


def _secondary_years(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Admit the older cohorts to a secondary and teach them there."""
    older = [p for p in world.cohorts.values() if p.grade(year) >= FIRST_SECONDARY]
    _settle_intakes(world, world.cohorts[year - STARTING_AGE - FIRST_SECONDARY], year, fixed, crew)
    for pupils in older:
        pupils.data["primary"] = pupils.school.copy()
    crew.run([_entering(world, pupils, FIRST_SECONDARY, fixed) for pupils in older])
    crew.run(
        [partial(_teach, world, p, range(FIRST_SECONDARY, p.grade(year) + 1), fixed) for p in older]
    )


def _entering(world: World, pupils: Pupils, grade: int, fixed: Setting) -> Job:
    """Return the job that admits a cohort in the year it was in an entry year group.

    As it is now, or was at 11. Places are set at once, so that jobs can run side by side.
    """
    now = pupils.grade(world.first_year)
    present = min(now, FIRST_SECONDARY - 1) if grade == 0 else now
    seats = entry_seats(world, pupils, present, fixed)

    def admit() -> None:
        year = pupils.birth_year + STARTING_AGE + grade
        entry, jobs = apply(world, pupils, year, fixed, present, seats)
        for job in jobs:
            job()
        settle_in(entry, fixed, len(world.schools))

    return admit


def census_early(world: World, cohorts: list[Pupils], year: int, fixed: Setting) -> None:
    """Count primaries' pupils and disadvantaged pupils before anybody has been taught."""
    number = np.zeros(len(world.schools), np.int64)
    poor = np.zeros(len(world.schools), np.int64)
    for pupils in cohorts:
        here = pupils.school < len(world.schools)
        dis = here & ((pupils.registered & fixed.bits.ever6) != 0)
        number += np.bincount(pupils.school[here], minlength=number.size)
        poor += np.bincount(pupils.school[dis], minlength=number.size)
    world.schools.pupils, world.schools.ever6 = number, poor


def _teach(world: World, pupils: Pupils, grades: range, fixed: Setting) -> None:
    """Live through some year groups in one school, with what is known of money and teachers."""
    phase, now = phase_of(grades[0]), pupils.grade(world.first_year)
    terms = learning.school_terms(world.schools, world.areas, fixed.values, fixed.on, phase)
    for grade in grades:
        year = pupils.birth_year + STARTING_AGE + grade
        learning.grow(
            pupils, year, fixed.key, fixed.values, fixed.on, _ever6(fixed, now - grade), terms,
            len(world.schools),
        )  # fmt: skip
        if grade in assessment.ASSESSED and grade < LAST_GRADE:
            scale = assessment.scale(fixed.values.assessment, fixed.on, grade)
            score = assessment.marks(pupils, year, fixed.key, scale)
            assessment.sit(pupils, grade, score)
