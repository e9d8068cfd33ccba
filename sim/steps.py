"""What each process of a year reads and writes: the arithmetic of `sim.year` over the world.

These functions know the tables; the files of `sim.year` know only arrays and each their own
process. The order in which they are called is written in `sim.model`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.pupils import FIRST_SECONDARY, LAST_GRADE, Pupils
from sim.rng import Key, Purpose
from sim.world.build import transformed_km
from sim.world.tables import World
from sim.year import admissions, assessment, census, households, learning

__all__ = ["Crew", "Setting", "assess", "census_of", "enter", "grow", "move", "register"]

ONE = 2**20
PART = 40_000


class Crew:
    """The main thread and its helpers. Only the top level of the model hands out work.

    Results do not depend on how many there are: every job writes to arrays of its own.
    """

    def __init__(self, threads: int):
        self.pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def run(self, jobs: list[Callable[[], None]]) -> None:
        """Do all jobs, in any order, and wait for them."""
        if self.pool is None or len(jobs) == 1:
            for job in jobs:
                job()
            return
        queue = iter(jobs)
        helpers = [self.pool.submit(_drain, queue) for _ in range(self.pool._max_workers)]
        _drain(queue)
        for helper in helpers:
            helper.result()

    def close(self) -> None:
        """Send the helpers home."""
        if self.pool is not None:
            self.pool.shutdown()


def _drain(queue: Any) -> None:
    """Take jobs from a shared iterator until it is empty (`next` holds the interpreter lock)."""
    for job in queue:
        job()


@dataclass(frozen=True)
class Setting:
    """What does not change during a run: beliefs, switches, luck, eligibility."""

    values: Any
    on: Any
    key: Key
    walk: households.Path
    bits: households.Eligibility
    km: tuple[NDArray[np.float32], NDArray[np.float32]]

    @classmethod
    def of(cls, settings: Any, world: World) -> Setting:
        """Read the settings once."""
        values = settings.beliefs.values
        power = values.choice.distance_power
        return cls(
            values, settings.switches, world.key, households.path(values.people),
            households.eligibility(protected=settings.protection),
            (transformed_km(world.near[0], power), transformed_km(world.near[1], power)),
        )  # fmt: skip


def register(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Move every household to a new year and register its children for free meals, or not."""
    crew.run(
        [
            partial(households.turn, pupils, year, fixed.key, fixed.walk)
            for pupils in world.cohorts.values()
        ]
    )


def enter(
    world: World, pupils: Pupils, year: int, fixed: Setting, crew: Crew, present: int | None = None
) -> int:
    """Admit a cohort to Reception or to Year 7; returns how many exceed the seats.

    Everybody on a roll in year group ``present`` applies; that of entry if not given.
    """
    grade = pupils.grade(year)
    phase = 0 if grade < FIRST_SECONDARY else 1
    rows = world.rows(phase)
    near = world.near[phase].school
    applies = pupils.on_roll(grade if present is None else present)
    choice = fixed.values.choice
    believed = admissions.taste(choice, fixed.values.people, phase)
    purpose = Purpose.TASTE_SECONDARY if phase else Purpose.TASTE_PRIMARY
    eleven = _eleven_plus(pupils, year, fixed) if phase else np.zeros(1, np.float32)
    schools = world.schools
    near = _open_to(near, schools, fixed)
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
    parts = range(0, pupils.rows, PART)
    crew.run([partial(fill, low, min(low + PART, pupils.rows)) for low in parts])
    over = admissions.place(
        pupils, applies, choices, priority, schools.seats[rows], near, rows.start,
        len(schools), fixed.key, year,
    )  # fmt: skip
    first = choices[applies, 0]
    world.wanted = np.bincount(first[first >= 0], minlength=rows.stop - rows.start)
    pupils.since = 99
    if phase:
        learning.fade(pupils, fixed.values.learning, fixed.on)
    pupils.sort(rows.start, rows.stop - rows.start)
    return over


def _open_to(near: NDArray[np.int32], schools: Any, fixed: Setting) -> NDArray[np.int32]:
    """Leave grammar schools out where selection is switched off: they are then like others."""
    if fixed.on.grammar or not schools.grammar.any():
        return near
    schools.grammar = False
    return near


def _eleven_plus(pupils: Pupils, year: int, fixed: Setting) -> NDArray[np.float32]:
    choice, people = fixed.values.choice, fixed.values.people
    mark = choice.eleven_plus_mark * pupils.ks2
    home = choice.eleven_plus_income * (pupils.income - people.income_mean) / people.income_sd
    from sim import rng

    luck = rng.normals(rng.words(fixed.key, pupils.id, Purpose.ELEVEN_PLUS, year=year)[0])
    return np.asarray(mark + home + choice.eleven_plus_error * luck, np.float32)


def move(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Let children arrive, leave and change school outside the normal time."""
    share = fixed.values.people.moves if fixed.on.moves else 0.0
    cohorts = [p for p in world.cohorts.values() if p.grade(year) not in (0, FIRST_SECONDARY)]

    def one(pupils: Pupils) -> None:
        grade = pupils.grade(year)
        phase = 0 if grade < FIRST_SECONDARY else 1
        rows = world.rows(phase)
        from sim import rng

        chance = rng.uniforms(
            np.ascontiguousarray(rng.words(fixed.key, pupils.id, Purpose.YEAR, year=year)[3])
        )
        lottery = rng.words(fixed.key, pupils.id, Purpose.MOVE, year=year)[0]
        here = pupils.on_roll(grade)
        moving = here & (pupils.arrive < grade) & (chance < share)
        coming = here & (pupils.arrive == grade)
        pupils.school = np.where(here, pupils.school, len(world.schools))
        pupils.since = np.minimum(pupils.since + (pupils.since < 99), 99)
        wanting = np.flatnonzero(moving | coming)
        wanting = wanting[np.lexsort((pupils.id[wanting], lottery[wanting]))]
        local = pupils.school - rows.start
        held = np.bincount(local[here & ~coming], minlength=rows.stop - rows.start)
        _change(
            wanting, pupils.small, pupils.school, pupils.since, world.schools.seats[rows],
            world.schools.grammar, held, world.near[phase].school, rows.start,
            len(world.schools),
        )  # fmt: skip
        pupils.sort(rows.start, rows.stop - rows.start)

    crew.run([partial(one, p) for p in cohorts])


@kernel
def _change(
    wanting: Any, small: Any, school: Any, since: Any, seats: Any, grammar: Any, held: Any,
    near: Any, first: int, nobody: int,
) -> None:  # fmt: skip
    """Give each child that wants one the nearest other school with room, in the order given."""
    for i in wanting:
        home = small[i]
        now = school[i]
        for c in range(near.shape[1]):
            s = near[home, c]
            if s < 0 or s == now or grammar[s] or held[s - first] >= seats[s - first]:
                continue
            if now != nobody:
                held[now - first] -= 1
            held[s - first] += 1
            school[i] = s
            since[i] = 0
            break
        if school[i] == nobody:
            school[i] = near[home, 0]
            held[near[home, 0] - first] += 1
            since[i] = 0


def grow(world: World, year: int, fixed: Setting, crew: Crew) -> None:
    """Let every child learn for a year."""
    if not fixed.on.learning:
        return
    terms = [
        learning.school_terms(world.schools, world.areas, fixed.values, fixed.on, phase)
        for phase in (0, 1)
    ]
    crew.run(
        [
            partial(
                learning.grow, p, year, fixed.key, fixed.values, fixed.on, int(fixed.bits.ever6),
                terms[0 if p.grade(year) < FIRST_SECONDARY else 1], len(world.schools),
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
            pupils.set("early" if grade == 0 else "ks2", score)

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
        rows = world.rows(0 if grade < FIRST_SECONDARY else 1)
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
        rows = world.rows(0 if grade < FIRST_SECONDARY else 1)
        counts, sums, _ = found[pupils.birth_year]
        total[rows] += counts
        income[rows] += sums
        assessed[rows] += counts[:, 0] * (grade > 0)
        if grade >= LAST_GRADE - 1:
            schools.get("ks4")[rows] += counts[:, 0]
    _write_census(world, total, assessed, cut.low_prior_weight)
    choice = fixed.values.choice
    admissions.update_intake(
        schools, income / ONE, schools.pupils, choice.intake_scale, len(world.areas),
        choice.inertia if fixed.on.reputation else 1.0,
    )  # fmt: skip
    return {birth: groups for birth, (_, _, groups) in found.items()}


def _write_census(
    world: World, total: NDArray[np.int64], assessed: NDArray[np.int64], weights: Any
) -> None:
    schools = world.schools
    for column, name in enumerate(census.COUNTS):
        schools.set(name, total[:, column])
    schools.idaci = total[:, 6:12]
    schools.groups = total[:, 12:17]
    schools.ks3 = np.where(schools.phase == 1, schools.pupils - schools.ks4, 0)
    # Children without an earlier mark count like those with one, as in the formula.
    scaled = 10 * schools.low_prior * schools.pupils / np.maximum(assessed, 1)
    schools.low_prior = np.rint(scaled * np.asarray(weights)[schools.phase]).astype(np.int64)
    areas = len(world.areas)
    poor = np.bincount(schools.area, schools.ever6, minlength=areas)
    everyone = np.maximum(np.bincount(schools.area, schools.pupils, minlength=areas), 1)
    world.areas.ever6_share = poor / everyone
