"""The time before the first simulated year: children met in mid-school get a past.

Incomes are set so that the published rates of eligibility come out, registrations are lived
through, every cohort is admitted and taught year by year up to the year group it is met in. It is
taught twice: only when schools are full is it known what they are paid, and what that did.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.codes import FIRST_SECONDARY, LAST_GRADE, STARTING_AGE, phase_of
from sim.crew import Crew, Job
from sim.model import drift
from sim.model.admissions import (
    Entry,
    applicants,
    apply,
    assign,
    behind_known_roll,
    settle_in,
)
from sim.model.census import census_of
from sim.model.drift import Years
from sim.model.learning import by_grade, endow, enter_secondary, ever6_bits
from sim.nation import Leavers, Terms
from sim.world import gravity, incomes, parents, people
from sim.world.pupils import Pupils, order_by_school
from sim.world.schooling import Taught
from sim.world.tables import World
from sim.year import assessment, households, learning, teachers
from sim.year.admissions import first_open, update_intake

__all__ = ["begin", "live_again", "sought"]

Past = dict[int, tuple[Taught, ...]]
"""What schools added, by school year and year group."""
ROUNDS = 8  # of the search that settles intakes; more change nothing
FIRST_STEP = 0.8  # of that search, towards the answer
SHORTER = 3  # rounds after which the step is half as long
PACE = 0.5  # of it, in how families see intakes
LEAST_OF_INTAKE = 0.2  # of a school's places, by which appeals are sought, however far ahead
LASTING = 0.5  # part of what brings a school back to its known roll that stays in its appeal
LOGISTIC_SD = np.pi / np.sqrt(6)  # of the taste whose choices the first appeals are solved for


def leavers(world: World, year: int, terms: Terms, groups: dict[int, NDArray[np.int8]]) -> Leavers:
    """Return the results of those who finished Year 11 before the first simulated year."""
    pupils = world.cohorts[year - STARTING_AGE - LAST_GRADE]
    scale = assessment.scale(terms.values.assessment, terms.on, LAST_GRADE)
    score = assessment.marks(pupils, year, terms.key, scale)
    return Leavers(score, groups[pupils.birth_year])


def begin(world: World, terms: Terms, crew: Crew) -> None:
    """Give every cohort of the world its past up to the end of the first year."""
    year = world.first_year
    _incomes(world, year, terms, crew)
    _local_poverty(world, year, terms)
    then = drift.as_it_was_known(world, terms)
    crew.run([partial(_start, world, pupils, terms, then) for pupils in world.cohorts.values()])
    _primary_years(world, then, terms, crew)
    _secondary_years(world, then, terms, crew)
    world.schools.reputation = then[year].schools.reputation
    census_of(world, year, terms, crew)
    teachers.settle(world.schools, world.areas, terms.values, terms.on)


def live_again(world: World, terms: Terms, crew: Crew) -> Leavers:
    """Teach everybody again, in the same schools, with what schools' money and teachers do.

    Without it the first years would see results rise for no other reason than that children were
    met who had been taught without money. Returns the results of those who finish Year 11.
    """
    year = world.first_year
    teachers.settle(world.schools, world.areas, terms.values, terms.on)
    past = _past(drift.as_it_was(world, terms), terms)
    crew.run([partial(_again, world, p, past, terms) for p in world.cohorts.values()])
    return leavers(world, year, terms, census_of(world, year, terms, crew))


def _past(then: Years, terms: Terms) -> Past:
    """Work out what schools added in each year that those now at school have lived through."""
    return {year: by_grade(world, year, terms) for year, world in then.items()}


def _again(world: World, pupils: Pupils, past: Past, terms: Terms) -> None:
    grade, columns = pupils.grade(world.first_year), pupils.data
    pupils.attain, pupils.made = columns.pop("endowed"), columns.pop("given")
    columns["now"] = pupils.school.copy()
    pupils.school = columns.pop("primary", pupils.school)
    _sort(world, pupils, 0)
    _teach(world, pupils, range(0, min(grade, FIRST_SECONDARY - 1) + 1), terms, past)
    pupils.school = columns.pop("now")
    if grade >= FIRST_SECONDARY:
        enter_secondary(pupils, terms, grade - FIRST_SECONDARY)
        _sort(world, pupils, 1)
        _teach(world, pupils, range(FIRST_SECONDARY, grade + 1), terms, past)


def _sort(world: World, pupils: Pupils, phase: int) -> None:
    rows = world.rows(phase)
    pupils.sort(rows.start, rows.stop - rows.start)


def _incomes(world: World, year: int, terms: Terms, crew: Crew) -> None:
    """Shift incomes by area and broad group until published eligibility rates are met."""
    blocks = list(world.cohorts.values())
    critical: dict[int, NDArray[np.float32]] = {}

    def one(pupils: Pupils) -> None:
        critical[pupils.birth_year] = households.critical_shift(pupils, year, terms.key, terms.walk)

    crew.run([partial(one, p) for p in blocks])
    rates = incomes.cell_rates(world.facts, world.areas.facts_row, terms.values.people)
    world.cell_income = incomes.solve_incomes(
        world.areas,
        world.small,
        [(p, critical[p.birth_year]) for p in blocks],
        rates,
        [p.grade(year) for p in blocks],
    )

    def shift(pupils: Pupils) -> None:
        area = world.small.area[pupils.small]
        pupils.income += world.cell_income[area, people.BROAD[pupils.heritage]]
        parents.education(world, pupils, terms.values, terms.on)
        households.relive(pupils, year, terms.key, terms.walk)

    crew.run([partial(shift, p) for p in blocks])


def _local_poverty(world: World, year: int, terms: Terms) -> None:
    """Note the share of children registered this year in each small area: a constant from here."""
    size = len(world.small)
    poor, everyone = np.zeros(size), np.zeros(size)
    for pupils in world.cohorts.values():
        here = pupils.on_roll(pupils.grade(year))
        now = (pupils.registered & np.uint16(1)).astype(bool)
        poor += np.bincount(pupils.small[here & now], minlength=size)
        everyone += np.bincount(pupils.small[here], minlength=size)
    world.small.fsm_share = poor / np.maximum(everyone, 1)


def _start(world: World, pupils: Pupils, terms: Terms, then: Years) -> None:
    """Endow a cohort met in mid-school, and keep the endowment for when it is taught again."""
    entered = pupils.birth_year + STARTING_AGE
    endow(then[entered], pupils, terms, world.first_year - entered)
    pupils.data |= {"endowed": pupils.attain.copy(), "given": pupils.made.copy()}


def entry_seats(world: World, pupils: Pupils, grade: int, terms: Terms) -> NDArray[np.int64]:
    """Set places for a cohort: each school its share of its market's children, and some slack.

    Returns the places of the schools of the phase, which are also written to their table.
    """
    phase = phase_of(grade)
    rows = world.rows(phase)
    wanted = applicants(world, pupils, grade)
    area = world.schools.area[rows]
    places = world.schools.share[rows] * wanted[area] * (1 + terms.values.admissions.slack)
    seats: NDArray[np.int64] = np.maximum(np.rint(places), 1).astype(np.int64)
    world.schools.get("seats")[rows] = seats
    return seats


def _settle_intakes(
    world: World, then: Years, cohorts: list[Pupils], grade: int, terms: Terms, crew: Crew
) -> None:
    """Admit one cohort after another, until popularity fits sizes and seen intakes fit who goes.

    A school's lasting appeal stands for all that makes large schools full and small ones small;
    grammar schools are wanted by more than they can take, and keep their own. Each round takes
    another cohort and a shorter step, so that what is settled is no cohort's luck.
    """
    rows = world.rows(phase_of(grade))
    _first_appeals(world, cohorts[-1], terms, rows)
    for turn in range(ROUNDS):
        pupils = cohorts[-1 - turn % len(cohorts)]
        entry, jobs = _applying(world, then, pupils, grade, terms)
        crew.run(jobs)
        income = np.zeros(len(world.schools))
        number = np.zeros(len(world.schools), np.int64)
        got = assign(entry, terms)
        income[rows], number[rows] = _intakes(entry, got)
        wanted = _wanted_of_open(entry, got, world.schools.grammar[rows])
        _attract(world, rows, wanted, FIRST_STEP / (1 + turn / SHORTER))
        _see(world, income, number, terms, phase_of(grade))


def _applying(
    world: World,
    then: Years,
    pupils: Pupils,
    grade: int,
    terms: Terms,
    behind: NDArray[np.float64] | None = None,
) -> tuple[Entry, list[Job]]:
    """Let a cohort apply in the year it was in an entry year group, with everybody here now."""
    now = pupils.grade(world.first_year)
    present = min(now, FIRST_SECONDARY - 1) if grade == 0 else now
    seats = entry_seats(world, pupils, present, terms)
    year = pupils.birth_year + STARTING_AGE + grade
    return apply(then[year], pupils, year, terms, present, seats, behind)


def _first_appeals(world: World, pupils: Pupils, terms: Terms, rows: slice) -> None:
    """Begin from the appeals that would fill all schools if distance and borders alone mattered."""
    grade = pupils.grade(world.first_year)
    phase = phase_of(grade)
    children = np.bincount(pupils.small[pupils.on_roll(grade)], minlength=len(world.small))
    places = world.schools.share[rows] * applicants(world, pupils, grade)[world.schools.area[rows]]
    near = world.near[phase].school
    spread = terms.values.admissions.taste / LOGISTIC_SD
    log = gravity.appeals(
        np.where(near >= 0, near - rows.start, -1),
        terms.ways[phase][1] / spread,
        children.astype(float),
        places,
    )
    world.schools.get("appeal")[rows] = np.where(world.schools.grammar[rows], 0, spread * log)


def _intakes(entry: Entry, got: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return sums of income and numbers of the children that schools would admit."""
    schools = entry.seats.size
    start, order = order_by_school(np.where(entry.families.applies, got, schools), 0, schools)
    income = np.append(entry.pupils.income[order].astype(float), 0)
    counts = np.diff(start)[:-1]
    return np.where(counts > 0, np.add.reduceat(income, start[:-1])[:-1], 0), counts


def _wanted_of_open(
    entry: Entry, got: NDArray[np.int32], grammar: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """How many put each school that does not select first, of those no grammar school takes."""
    wanted = np.zeros(grammar.size, np.int64)
    first_open(entry.stated.choices, entry.families.applies, got, grammar, wanted)
    return wanted


def _attract(world: World, rows: slice, wanted: NDArray[np.int64], step: float) -> None:
    """Make schools with empty places more appealing, and those wanted by too many less.

    Selective schools are left out: many want them, and the eleven-plus decides.
    """
    schools = world.schools
    open_to_all = ~schools.grammar[rows]
    want = np.log(schools.seats[rows] / np.maximum(wanted, 1))
    area = world.areas.market[schools.area[rows]]
    many = np.maximum(np.bincount(area, open_to_all, minlength=len(world.areas)), 1)
    middle = np.bincount(area, want * open_to_all, minlength=len(world.areas)) / many
    schools.get("appeal")[rows] += step * np.where(open_to_all, want - middle[area], 0)


def _see(
    world: World, income: NDArray[np.float64], number: NDArray[np.int64], terms: Terms, phase: int
) -> None:

    rows = world.rows(phase)
    before = world.schools.intake.copy()
    update_intake(
        world.schools, income, number, terms.values.admissions.intake_scale, len(world.areas), PACE
    )
    other = np.ones(len(world.schools), bool)
    other[rows] = False
    world.schools.get("intake")[other] = before[other]


def _primary_years(world: World, then: Years, terms: Terms, crew: Crew) -> None:
    """Admit every cohort to a primary and teach it there."""
    year = world.first_year
    cohorts = sorted(world.cohorts.values(), key=lambda p: p.birth_year)
    _settle_intakes(world, then, cohorts[-FIRST_SECONDARY:], 0, terms, crew)
    _admit_all(world, then, cohorts, 0, terms, crew)
    census_early(world, cohorts[-7:], year, terms)
    past = _past(then, terms)
    last = {p.birth_year: min(p.grade(year), FIRST_SECONDARY - 1) for p in cohorts}
    crew.run(
        [partial(_teach, world, p, range(last[p.birth_year] + 1), terms, past) for p in cohorts]
    )


def _secondary_years(world: World, then: Years, terms: Terms, crew: Crew) -> None:
    """Admit the older cohorts to a secondary and teach them there."""
    year = world.first_year
    cohorts = sorted(world.cohorts.values(), key=lambda p: p.birth_year)
    older = [p for p in cohorts if p.grade(year) >= FIRST_SECONDARY]
    _settle_intakes(world, then, older, FIRST_SECONDARY, terms, crew)
    for pupils in older:
        pupils.data["primary"] = pupils.school.copy()
    _admit_all(world, then, older, FIRST_SECONDARY, terms, crew)
    past = _past(then, terms)
    crew.run(
        [
            partial(_teach, world, p, range(FIRST_SECONDARY, p.grade(year) + 1), terms, past)
            for p in older
        ]
    )


def _admit_all(
    world: World, then: Years, cohorts: list[Pupils], grade: int, terms: Terms, crew: Crew
) -> None:
    """Admit the cohorts of the past to a phase, oldest first, so that rolls are those known.

    As they are now, or were at 11. How many a year group is by luck behind what is known of a
    school's roll, those after it have places for: rolls are known, and the luck of a year is not.
    What would fill these, school by school, is in part lasting appeal that no one cohort shows.
    """
    schools, rows, phase = world.schools, world.rows(phase_of(grade)), phase_of(grade)
    for pupils in cohorts:
        now = pupils.grade(world.first_year)
        behind = behind_known_roll(world, phase, world.first_year, over=now)
        entry, jobs = _applying(world, then, pupils, grade, terms, behind)
        crew.run(jobs)
        settle_in(entry, terms, len(schools), now - grade)
        schools.get("appeal")[rows] += LASTING * sought(world, rows, behind, terms)


def sought(
    world: World, rows: slice, behind: NDArray[np.float64], terms: Terms
) -> NDArray[np.float64]:
    """Return the appeal that would fill, beside its places, what each school of a phase is behind.

    None for selective schools: many want them, and the eleven-plus decides.
    """
    schools = world.schools
    more = np.maximum(1 + behind / schools.seats[rows], LEAST_OF_INTAKE)
    pull = terms.values.admissions.taste * np.log(more)
    return np.where(schools.grammar[rows], 0, pull)


def census_early(world: World, cohorts: list[Pupils], year: int, terms: Terms) -> None:
    """Count primaries' pupils and disadvantaged pupils before anybody has been taught."""
    number = np.zeros(len(world.schools), np.int64)
    poor = np.zeros(len(world.schools), np.int64)
    for pupils in cohorts:
        here = world.enrolled(pupils)
        dis = here & ((pupils.registered & terms.bits.ever6) != 0)
        number += np.bincount(pupils.school[here], minlength=number.size)
        poor += np.bincount(pupils.school[dis], minlength=number.size)
    world.schools.pupils, world.schools.ever6 = number, poor


def _teach(world: World, pupils: Pupils, grades: range, terms: Terms, past: Past) -> None:
    """Live through some year groups in one school, with what is known of money and teachers."""
    now = pupils.grade(world.first_year)
    for grade in grades:
        year = pupils.birth_year + STARTING_AGE + grade
        bits, at_school = ever6_bits(terms, now - grade), past[year][grade]
        learning.grow(pupils, year, terms.key, terms.values, terms.on, bits, at_school)
        if grade in assessment.ASSESSED and grade < LAST_GRADE:
            scale = assessment.scale(terms.values.assessment, terms.on, grade)
            score = assessment.marks(pupils, year, terms.key, scale)
            assessment.sit(pupils, grade, score)
