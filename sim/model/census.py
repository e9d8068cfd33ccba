"""The autumn census: all rolls are counted into the tables of schools and areas.

The arithmetic is `sim.year.census`.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    FIRST_PAID_MEAL,
    FIXED_POINT,
    LAST_GRADE,
    NEED_PLAN,
    NEED_SUPPORT,
    NEEDS,
    SECONDARY,
    phase_of,
)
from sim.config.eligibility import Eligibility as Asked
from sim.crew import Crew
from sim.nation import Nation, Terms
from sim.world.needs import need_in
from sim.world.pupils import Pupils
from sim.world.tables import World
from sim.year import admissions, census, depth, households
from sim.year.households import Eligibility

__all__ = ["census_of", "count_needs", "count_rolls"]


def count_rolls(nation: Nation, year: int) -> None:
    """Count all rolls, and note the results group of each child."""
    nation.made.groups = census_of(nation.world, year, nation.terms, nation.crew)
    credit, steps = nation.terms.credit, nation.terms.depth
    if steps is not None and nation.policy_year > 0:
        _count_depth(nation.world, year, nation.terms, steps)
    if credit is not None and year >= credit.first and nation.terms.on.allocation:
        bits = credit.bits(nation.terms.bits, year)
        _count_for_money(nation.world, year, (nation.terms.bits, bits), nation.policy.eligibility)


def _count_depth(world: World, year: int, terms: Terms, steps: depth.Steps) -> None:
    """Count who stands on which step of low income this year."""
    schools = world.schools
    schools.add("depth")
    heads = np.zeros((len(schools) + 1) * depth.CELLS, np.int64)
    for pupils in world.cohorts.values():
        grade = pupils.grade(year)
        cell = depth.cells(pupils, grade, terms.walk.age_slope, world.small.band, steps)
        mine = pupils.school.astype(np.int64) * depth.CELLS + cell
        heads += np.bincount(mine[cell >= 0], minlength=heads.size)
    schools.depth = heads.reshape(-1, depth.CELLS)[:-1]


def _count_for_money(
    world: World, year: int, bits: tuple[Eligibility, Eligibility], asked: Asked
) -> None:
    """Count by the register that money follows, as far as the policy lets it follow.

    ``bits`` are those of the label and of that register. Meals of infants are free for all, and
    paid beside the formula, so that only from Year 3 on more meals are to be paid.
    """
    schools = world.schools
    schools.add("fsm_counted", "ever6_counted", "more_meals")
    now, six_years, meals = np.zeros((3, len(schools) + 1), np.int64)
    for pupils in world.cohorts.values():
        eats = households.counting(pupils, bits[1].fsm)
        now += _by_school(pupils, eats, now.size)
        six_years += _by_school(pupils, households.counting(pupils, bits[1].ever6), now.size)
        if pupils.grade(year) >= FIRST_PAID_MEAL:
            before = (pupils.registered & bits[0].fsm) != 0
            meals += _by_school(pupils, eats, now.size) - _by_school(pupils, before, now.size)
    schools.fsm_counted, schools.ever6_counted = now[:-1], six_years[:-1]
    schools.more_meals = meals[:-1] if asked.fsm else 0
    if asked.programmes:
        schools.add("reached", "flow_reached")
        schools.reached = schools.ever6_counted


def _by_school(pupils: Pupils, whom: NDArray[np.bool_], rows: int) -> NDArray[np.int64]:
    return np.asarray(np.bincount(pupils.school[whom], minlength=rows), np.int64)


def census_of(world: World, year: int, terms: Terms, crew: Crew) -> dict[int, NDArray[np.int8]]:
    """Count all rolls into the tables of schools and areas; returns each child's results group."""
    schools, people = world.schools, terms.values.people
    cut = terms.values.assessment
    found: dict[int, census.Counted] = {}

    def one(pupils: Pupils) -> None:
        grade = pupils.grade(year)
        rows = world.rows(phase_of(grade))
        if pupils.start.size != rows.stop - rows.start + 2:
            # Kernels look at no bounds: they would count into memory that is not theirs.
            raise RuntimeError(f"born {pupils.birth_year}: sort by school before rolls are counted")
        found[pupils.birth_year] = census.count(
            pupils,
            grade,
            rows.stop - rows.start,
            world.small.band,
            (int(terms.bits.fsm), int(terms.bits.ever6)),
            (cut.early_cut, cut.ks2_cut),
            people.deep_income,
            people.long_share,
        )

    crew.run([partial(one, p) for p in world.cohorts.values()])
    total = np.zeros((len(schools), census.WIDTH), np.int64)
    income = np.zeros(len(schools), np.int64)
    assessed = np.zeros(len(schools), np.int64)
    schools.ks4 = 0
    for pupils in world.cohorts.values():
        grade = pupils.grade(year)
        rows = world.rows(phase_of(grade))
        counted = found[pupils.birth_year]
        total[rows] += counted.counts
        income[rows] += counted.income
        assessed[rows] += counted.counts[:, census.MARKED]
        if grade >= LAST_GRADE - 1:
            schools.get("ks4")[rows] += counted.counts[:, 0]
    _write_census(world, total, assessed, cut.low_prior_weight)
    if terms.on.special_needs:
        count_needs(world, year)
    choice = terms.values.admissions
    admissions.update_intake(
        schools,
        income / FIXED_POINT,
        schools.pupils,
        choice.intake_scale,
        len(world.areas),
        choice.inertia if terms.on.reputation else 1.0,
    )
    return {birth: counted.group for birth, counted in found.items()}


def count_needs(world: World, year: int) -> None:
    """Count who has a special need into the table of schools."""
    heads = np.zeros((len(NEEDS), len(world.schools) + 1), np.int64)
    for pupils in world.cohorts.values():
        need = need_in(pupils, phase_of(pupils.grade(year)))
        for which in (NEED_SUPPORT, NEED_PLAN):
            mine = pupils.school[need == which]
            heads[which] += np.bincount(mine, minlength=heads.shape[1])
    world.schools.with_support = heads[NEED_SUPPORT, :-1]
    world.schools.with_plan = heads[NEED_PLAN, :-1]


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
