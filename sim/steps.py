"""What each process of a year reads and writes: the arithmetic of `sim.year` over the world.

These functions know the tables; the files of `sim.year` know only arrays and each their own
process. The order in which they are called is written in `sim.model`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    ELEVEN_PLUS_MARK,
    FIRST_SECONDARY,
    FIXED_POINT,
    LAST_GRADE,
    PRIMARY,
    SECONDARY,
    phase_of,
)
from sim.config.models import Settings, Switches
from sim.config.values import Values
from sim.crew import Crew, Job
from sim.pupils import Pupils
from sim.rng import Key, Purpose
from sim.world.build import transformed_km
from sim.world.tables import Schools, World
from sim.year import admissions, assessment, census, households, learning, moving

__all__ = [
    "Entry", "Setting", "apply", "assess", "assign", "census_of", "enter", "enter_all",
    "grow", "move", "register", "settle_in",
]  # fmt: skip

PART = 40_000


@dataclass(frozen=True)
class Setting:
    """What does not change during a run: beliefs, switches, luck, eligibility."""

    values: Values
    on: Switches
    key: Key
    walk: households.Path
    bits: households.Eligibility
    km: tuple[NDArray[np.float32], NDArray[np.float32]]

    @classmethod
    def of(cls, settings: Settings, world: World) -> Setting:
        """Read the settings once."""
        values = settings.beliefs.values
        power = values.admissions.distance_power
        return cls(
            values, settings.switches, world.key, households.path(values.people),
            households.eligibility(protected=settings.protection),
            (
                transformed_km(world.near[PRIMARY], power),
                transformed_km(world.near[SECONDARY], power),
            ),
        )  # fmt: skip


def register(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Move every household to a new year and register its children for free meals, or not."""
    crew.run(
        [
            partial(households.turn, pupils, year, fixed.key, fixed.walk)
            for pupils in world.cohorts.values()
        ]
    )


@dataclass
class Entry:
    """A cohort that applies for schools.

    Attributes:
        pupils: The cohort.
        applies: Who is on a roll here.
        year: School year.
        rows: Rows of the schools of the phase.
        seats: Seats of each.
        near: (small areas, candidates) rows of schools.
        choices: Stated schools, rows within the phase, best first.
        priority: Their priority, lowest admitted first.
    """

    pupils: Pupils
    applies: NDArray[np.bool_]
    year: int
    rows: slice
    seats: NDArray[np.int64]
    near: NDArray[np.int32]
    choices: NDArray[np.int32]
    priority: NDArray[np.float32]

    @property
    def wanted(self) -> NDArray[np.int64]:
        """How many children put each school first."""
        first = self.choices[self.applies, 0]
        return np.bincount(first[first >= 0], minlength=self.seats.size)


def apply(
    world: World, pupils: Pupils, year: int, fixed: Setting, present: int | None = None,
    seats: NDArray[np.int64] | None = None,
) -> tuple[Entry, list[Job]]:  # fmt: skip
    """Return a cohort's entry to Reception or to Year 7, and the jobs that fill its choices.

    Everybody on a roll in year group ``present`` applies; that of entry if not given. Seats are
    those that schools offer now unless given.
    """
    grade = pupils.grade(year)
    phase = phase_of(grade)
    rows, schools = world.rows(phase), world.schools
    near = _open_to(world.near[phase].school, schools, fixed)
    applies = pupils.on_roll(grade if present is None else present)
    believed = admissions.taste(fixed.values.admissions, fixed.values.people, phase)
    purpose = Purpose.TASTE_SECONDARY if phase else Purpose.TASTE_PRIMARY
    eleven = _eleven_plus(pupils, year, fixed) if phase else np.zeros(0, np.float32)
    appeal = schools.appeal if fixed.on.admissions else np.zeros_like(schools.appeal)
    if not fixed.on.admissions:
        believed = believed._replace(
            pull=np.float32(0), pull_class=np.float32(0), likeness=np.float32(0),
            taste=np.float32(0), access=np.float32(0), grammar=np.float32(0),
        )  # fmt: skip
    choices, priority, fill = admissions.choose(
        pupils, applies, near, fixed.km[phase], schools, eleven, believed, appeal,
        rows.start, fixed.key, year, purpose,
    )  # fmt: skip
    seats = schools.seats[rows] if seats is None else seats
    entry = Entry(pupils, applies, year, rows, seats, near, choices, priority)
    parts = range(0, pupils.rows, PART)
    return entry, [partial(fill, low, min(low + PART, pupils.rows)) for low in parts]


def assign(entry: Entry, fixed: Setting) -> NDArray[np.int32]:
    """Return the place each applicant gets, a row within the phase; others get -1."""
    return admissions.place(
        entry.pupils, entry.applies, entry.choices, entry.priority, entry.seats, entry.near,
        entry.rows.start, fixed.key, entry.year,
    )[0]  # fmt: skip


def settle_in(entry: Entry, fixed: Setting, nobody: int) -> None:
    """Give a cohort its schools; on entry to Year 7 a part of earlier gains is lost."""
    pupils, first = entry.pupils, entry.rows.start
    pupils.school = np.where(entry.applies, assign(entry, fixed) + first, nobody)
    pupils.since = 99
    if first:
        learning.fade(pupils, fixed.values.learning, fixed.on)
    pupils.sort(first, entry.seats.size)


def enter(
    world: World, pupils: Pupils, year: int, fixed: Setting, crew: Crew, present: int | None = None
) -> None:
    """Admit one cohort to Reception or to Year 7; see `apply`."""
    entry, jobs = apply(world, pupils, year, fixed, present)
    crew.run(jobs)
    world.wanted = entry.wanted
    settle_in(entry, fixed, len(world.schools))


def enter_all(world: World, cohorts: list[Pupils], year: int, fixed: Setting, crew: Crew) -> None:
    """Admit this year's cohorts to Reception and to Year 7, side by side."""
    entries = [apply(world, pupils, year, fixed) for pupils in cohorts]
    crew.run([job for _, jobs in entries for job in jobs])
    nobody = len(world.schools)
    crew.run([partial(settle_in, entry, fixed, nobody) for entry, _ in entries])


def _open_to(near: NDArray[np.int32], schools: Schools, fixed: Setting) -> NDArray[np.int32]:
    """Leave grammar schools out where selection is switched off: they are then like others."""
    if fixed.on.grammar or not schools.grammar.any():
        return near
    schools.grammar = False
    return near


def _eleven_plus(pupils: Pupils, year: int, fixed: Setting) -> NDArray[np.float32]:
    choice, people = fixed.values.admissions, fixed.values.people
    known = assessment.scale(fixed.values.assessment, fixed.on, FIRST_SECONDARY - 1)
    # Whoever came to England after Year 6 has no mark at 11, but knows what it knows.
    instead = (pupils.attain - known.mean) / known.spread
    mark = choice.eleven_plus_mark * np.where(np.isnan(pupils.ks2), instead, pupils.ks2)
    home = choice.eleven_plus_income * (pupils.income - people.income_mean) / people.income_sd
    from sim import rng

    luck = rng.normals(
        rng.words(fixed.key, pupils.id, Purpose.ELEVEN_PLUS, year=year)[ELEVEN_PLUS_MARK]
    )
    return np.asarray(mark + home + choice.eleven_plus_error * luck, np.float32)


def move(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Let children arrive, leave and change school outside the normal time."""
    share = fixed.values.people.moves if fixed.on.moves else 0.0
    schools = world.schools

    def one(pupils: Pupils) -> None:
        grade = pupils.grade(year)
        phase = phase_of(grade)
        rows = world.rows(phase)
        moving.move(
            pupils, grade, share, schools.seats[rows], schools.grammar, world.near[phase].school,
            rows.start, len(schools), fixed.key, year,
        )  # fmt: skip
        pupils.sort(rows.start, rows.stop - rows.start)

    cohorts = [p for p in world.cohorts.values() if p.grade(year) not in (0, FIRST_SECONDARY)]
    crew.run([partial(one, p) for p in cohorts])


def grow(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Let every child learn for a year."""
    if not fixed.on.learning:
        return
    terms = [
        learning.school_terms(world.schools, world.areas, fixed.values, fixed.on, phase)
        for phase in (PRIMARY, SECONDARY)
    ]
    crew.run(
        [
            partial(
                learning.grow, p, year, fixed.key, fixed.values, fixed.on, int(fixed.bits.ever6),
                terms[phase_of(p.grade(year))], len(world.schools),
            )
            for p in world.cohorts.values()
        ]
    )  # fmt: skip


def assess(world: World, year: int, fixed: Setting, crew: Crew) -> NDArray[np.float32]:
    """Mark the children at the end of Reception, Year 6 and Year 11; returns the marks at 16."""
    at16: list[NDArray[np.float32]] = []

    def one(pupils: Pupils, grade: int) -> None:
        scale = assessment.scale(fixed.values.assessment, fixed.on, grade)
        score = assessment.marks(pupils, year, fixed.key, scale)
        if grade == LAST_GRADE:
            at16.append(score)
        else:
            assessment.sit(pupils, grade, score)

    cohorts = {p.grade(year): p for p in world.cohorts.values()}
    crew.run([partial(one, cohorts[g], g) for g in assessment.ASSESSED if g in cohorts])
    return at16[0] if at16 else np.zeros(0, np.float32)


def census_of(world: World, year: int, fixed: Setting, crew: Crew) -> dict[int, NDArray[np.int8]]:
    """Count all rolls into the tables of schools and areas; returns each child's results group."""
    schools, people = world.schools, fixed.values.people
    cut = fixed.values.assessment
    found: dict[int, Any] = {}

    def one(pupils: Pupils) -> None:
        grade = pupils.grade(year)
        rows = world.rows(phase_of(grade))
        found[pupils.birth_year] = census.count(
            pupils, grade, rows.stop - rows.start, world.small.band,
            (int(fixed.bits.fsm), int(fixed.bits.ever6)), (cut.early_cut, cut.ks2_cut),
            people.deep_income, people.long_share,
        )  # fmt: skip

    crew.run([partial(one, p) for p in world.cohorts.values()])
    total = np.zeros((len(schools), census.WIDTH), np.int64)
    income = np.zeros(len(schools), np.int64)
    assessed = np.zeros(len(schools), np.int64)
    schools.ks4 = 0
    for pupils in world.cohorts.values():
        grade = pupils.grade(year)
        rows = world.rows(phase_of(grade))
        counts, sums, _ = found[pupils.birth_year]
        total[rows] += counts
        income[rows] += sums
        assessed[rows] += counts[:, census.MARKED]
        if grade >= LAST_GRADE - 1:
            schools.get("ks4")[rows] += counts[:, 0]
    _write_census(world, total, assessed, cut.low_prior_weight)
    choice = fixed.values.admissions
    admissions.update_intake(
        schools, income / FIXED_POINT, schools.pupils, choice.intake_scale, len(world.areas),
        choice.inertia if fixed.on.reputation else 1.0,
    )  # fmt: skip
    return {birth: groups for birth, (_, _, groups) in found.items()}


def _write_census(
    world: World, total: NDArray[np.int64], assessed: NDArray[np.int64], weights: tuple[float, ...]
) -> None:
    schools = world.schools
    for column, name in enumerate(census.COUNTS):
        schools.set(name, total[:, column])
    schools.idaci = total[:, census.BAND_COLUMNS]
    schools.groups = total[:, census.GROUP_COLUMNS]
    schools.ks3 = np.where(schools.phase == SECONDARY, schools.pupils - schools.ks4, 0)
    # Children without an earlier mark count like those with one, as in the formula.
    scaled = 10 * schools.low_prior * schools.pupils / np.maximum(assessed, 1)
    schools.low_prior = np.rint(scaled * np.asarray(weights)[schools.phase]).astype(np.int64)
    areas = len(world.areas)
    poor = np.bincount(schools.area, schools.ever6, minlength=areas)
    everyone = np.maximum(np.bincount(schools.area, schools.pupils, minlength=areas), 1)
    world.areas.ever6_share = poor / everyone
