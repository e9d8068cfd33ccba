"""Admissions: Reception and Year 7 enter schools, others move, and newborn cohorts are endowed.

The arithmetic is `sim.year.admissions` and `sim.year.moving`; an area offers places by
`sim.model.agents.Area.offer_places`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from sim import rng
from sim.arrays import Float32s, Float64s, Int8s, Int32s, Int64s
from sim.codes import (
    ELEVEN_PLUS_MARK,
    FIRST_SECONDARY,
    LAST_GRADE,
    STARTING_AGE,
    phase_of,
)
from sim.crew import Crew, Job
from sim.markets import choosing
from sim.markets.choosing import Families, Known, Stated, Taste
from sim.model.learning import endow, enter_secondary
from sim.nation import Nation, Terms
from sim.rng import Purpose
from sim.world.pupils import Pupils
from sim.world.tables import Schools, World
from sim.year import admissions, assessment, moving

__all__ = [
    "Entry",
    "admit",
    "applicants",
    "apply",
    "assign",
    "behind_known_roll",
    "enter",
    "enter_all",
    "move",
    "settle_in",
]

PART = 40_000
ENTRY = 0, FIRST_SECONDARY
"""Year groups that enter a phase."""


def admit(nation: Nation, year: int) -> None:
    """Offer places, admit Reception and Year 7, let children move in the other year groups.

    Up to year 0 rolls are known, and keep to what they are (`behind_known_roll`).
    """
    world = nation.world
    entering = [world.cohorts[year - STARTING_AGE - g] for g in ENTRY]
    nation.made.applicants = [applicants(world, p, p.grade(year)) for p in entering]
    nation.agents.areas.do("offer_places")
    behind: list[Float64s | None] = [None, None]
    if nation.policy_year <= 0:
        behind = [behind_known_roll(world, phase_of(g), year, over=g) for g in ENTRY]
    enter_all(world, entering, year, nation.terms, nation.crew, behind)
    endow(world, entering[0], nation.terms)
    move(world, year, nation.terms, nation.crew)


def behind_known_roll(world: World, phase: int, year: int, over: int) -> Float64s:
    """Return how many pupils each school of a phase lacks, by what is known of its roll.

    Over the year groups above ``over`` that are in the phase in ``year``. A negative number is how
    many too many it has.
    """
    rows, schools = world.rows(phase), world.schools
    roll = np.zeros(rows.stop - rows.start)
    for pupils in world.cohorts.values():
        grade = pupils.grade(year)
        if over < grade <= LAST_GRADE and phase_of(grade) == phase:
            here = pupils.school[world.enrolled(pupils)]
            roll += np.bincount(here, minlength=len(schools))[rows]
    market = world.areas.market[schools.area[rows]]
    return np.asarray(schools.share[rows] * np.bincount(market, roll)[market] - roll)


def applicants(world: World, pupils: Pupils, grade: int) -> Int64s:
    """Return, by area, how many children of a year group want a place in the area's market."""
    market = world.areas.market
    homes = market[world.small.area[pupils.small[pupils.on_roll(grade)]]]
    wanted = np.bincount(homes, minlength=len(world.areas))
    return np.asarray(wanted[market])


@dataclass
class Entry:
    """A cohort that applies for schools.

    Attributes:
        pupils: The cohort.
        families: Its families, with who applies.
        year: School year.
        rows: Rows of the schools of the phase.
        seats: Seats of each.
        gender: Whom each school takes; all schools.
        known: Schools near each small area.
        stated: Which schools the families want.
    """

    pupils: Pupils
    families: Families
    year: int
    rows: slice
    seats: Int64s
    gender: Int8s
    known: Known
    stated: Stated

    @property
    def wanted(self) -> Int64s:
        """How many children put each school first."""
        first = self.stated.choices[self.families.applies, 0]
        return np.bincount(first[first >= 0], minlength=self.seats.size)


def apply(
    world: World,
    pupils: Pupils,
    year: int,
    terms: Terms,
    present: int | None = None,
    seats: Int64s | None = None,
    behind: Float64s | None = None,
) -> tuple[Entry, list[Job]]:
    """Return a cohort's entry to Reception or to Year 7, and the jobs that fill its choices.

    Everybody on a roll in year group ``present`` applies; that of entry if not given. Seats are
    those that schools offer now unless given. Schools that are ``behind`` a roll that is known
    have as many more places; those ahead of it fewer.
    """
    grade = pupils.grade(year)
    phase = phase_of(grade)
    rows, schools = world.rows(phase), world.schools
    families = Families(
        id=pupils.id,
        small=pupils.small,
        income=pupils.income,
        girl=pupils.girl,
        catholic=pupils.catholic,
        applies=pupils.on_roll(grade if present is None else present),
        eleven=_eleven_plus(pupils, year, terms) if phase else np.zeros(0, np.float32),
    )
    near = _open_to(world.near[phase].school, schools, terms)
    known = Known(near, *terms.ways[phase], rows.start)
    believed = choosing.taste(terms.values.admissions, terms.values.people, phase)
    seen = schools.view(choosing.School)
    seats = schools.seats[rows] if seats is None else seats
    if behind is not None:
        seats = np.maximum(np.rint(seats + behind), 1).astype(np.int64)
    if not terms.on.admissions:
        seen = seen._replace(appeal=np.zeros_like(seen.appeal))
        believed = _indifferent(believed)
    purpose = Purpose.TASTE_SECONDARY if phase else Purpose.TASTE_PRIMARY
    luck = rng.luck(terms.key, year)
    stated, fill = choosing.choose(families, known, seen, believed, luck, purpose)
    entry = Entry(pupils, families, year, rows, seats, schools.gender, known, stated)
    parts = range(0, pupils.rows, PART)
    return entry, [partial(fill, low, min(low + PART, pupils.rows)) for low in parts]


def _indifferent(believed: Taste) -> Taste:
    """Leave nothing but distance, and the lottery of schools, to decide."""
    nothing = np.float32(0)
    return believed._replace(
        pull=nothing,
        pull_class=nothing,
        likeness=nothing,
        taste=nothing,
        access=nothing,
        grammar=nothing,
        catholic=nothing,
    )


def assign(entry: Entry, terms: Terms) -> Int32s:
    """Return the place each applicant gets, a row within the phase; others get -1."""
    got, _ = admissions.place(
        entry.families,
        entry.stated,
        entry.seats,
        entry.known,
        entry.gender,
        terms.key,
        entry.year,
    )
    return got


def settle_in(entry: Entry, terms: Terms, nobody: int, ago: int = 0) -> None:
    """Give a cohort its schools; it was in the entry year group some years ago."""
    pupils, first = entry.pupils, entry.rows.start
    pupils.school = np.where(entry.families.applies, assign(entry, terms) + first, nobody)
    pupils.since = 99
    if first:
        enter_secondary(pupils, terms, ago)
    pupils.sort(first, entry.seats.size)


def enter(
    world: World, pupils: Pupils, year: int, terms: Terms, crew: Crew, present: int | None = None
) -> None:
    """Admit one cohort to Reception or to Year 7; see `apply`."""
    entry, jobs = apply(world, pupils, year, terms, present)
    crew.run(jobs)
    world.wanted = entry.wanted
    settle_in(entry, terms, len(world.schools))


def enter_all(
    world: World,
    cohorts: list[Pupils],
    year: int,
    terms: Terms,
    crew: Crew,
    behind: list[Float64s | None],
) -> None:
    """Admit this year's cohorts to Reception and to Year 7, side by side; see `apply`."""
    both = zip(cohorts, behind, strict=True)
    entries = [apply(world, pupils, year, terms, behind=lack) for pupils, lack in both]
    crew.run([job for _, jobs in entries for job in jobs])
    nobody = len(world.schools)
    crew.run([partial(settle_in, entry, terms, nobody) for entry, _ in entries])


def _open_to(near: Int32s, schools: Schools, terms: Terms) -> Int32s:
    """Leave grammar schools out where selection is switched off: they are then like others."""
    if terms.on.grammar or not schools.grammar.any():
        return near
    schools.grammar = False
    return near


def _eleven_plus(pupils: Pupils, year: int, terms: Terms) -> Float32s:
    choice, people = terms.values.admissions, terms.values.people
    known = assessment.scale(terms.values.assessment, terms.on, FIRST_SECONDARY - 1)
    # Whoever came to England after Year 6 has no mark at 11, but knows what it knows.
    instead = (pupils.attain - known.mean) / known.spread
    mark = choice.eleven_plus_mark * np.where(np.isnan(pupils.ks2), instead, pupils.ks2)
    home = choice.eleven_plus_income * (pupils.income - people.income_mean) / people.income_sd
    luck = rng.normals(
        rng.words(terms.key, pupils.id, Purpose.ELEVEN_PLUS, year=year)[ELEVEN_PLUS_MARK]
    )
    return np.asarray(mark + home + choice.eleven_plus_error * luck, np.float32)


def move(world: World, year: int, terms: Terms, crew: Crew) -> None:
    """Let children arrive, leave and change school outside the normal time."""
    share = terms.values.people.moves if terms.on.moves else 0.0
    schools = world.schools

    def one(pupils: Pupils) -> None:
        grade = pupils.grade(year)
        phase = phase_of(grade)
        rows = world.rows(phase)
        near = world.near[phase].school
        choice = moving.Choice(
            schools.seats[rows], schools.grammar, schools.gender, near, len(schools)
        )
        moving.move(pupils, grade, share, choice, terms.key, year)
        pupils.sort(rows.start, rows.stop - rows.start)

    cohorts = [p for p in world.cohorts.values() if p.grade(year) not in (0, FIRST_SECONDARY)]
    crew.run([partial(one, p) for p in cohorts])
