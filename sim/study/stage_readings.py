"""What one process does at once, read off a model that stands at the start of policy year 1.

A reading takes the model, lets one process act on it (or the few that a child meets on the way
to an examination) and returns one number. It may change the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import history, rng, steps, tally
from sim.pupils import FIRST_SECONDARY, LAST_GRADE, STARTING_AGE, Pupils
from sim.rng import Purpose
from sim.study.probes import at_once
from sim.study.results_readings import exit_ratio
from sim.world import people
from sim.year import assessment, learning, plans, teachers

__all__: list[str] = []

Floats = NDArray[np.float64]
BETTER, REST = "better", "rest"


@dataclass
class Sat:
    """A cohort that was marked: its pupils, marks, who is on a roll and who is disadvantaged."""

    pupils: Pupils
    score: Floats
    here: NDArray[np.bool_]
    poor: NDArray[np.bool_]

    def mean(self, values: NDArray[Any]) -> float:
        """Mean over pupils on a roll."""
        return float(values[self.here].mean())

    def gap(self, values: NDArray[Any]) -> float:
        """Mean of others less that of disadvantaged pupils."""
        return float(values[self.here & ~self.poor].mean() - values[self.here & self.poor].mean())

    def correlation(self, earlier: NDArray[Any]) -> float:
        """Correlation of this mark with an earlier one."""
        return float(np.corrcoef(earlier[self.here], self.score[self.here])[0, 1])


def _sat(model: Any, pupils: Pupils, grade: int) -> Sat:
    """Mark a cohort as if it stood at the end of a year group."""
    fixed = model.fixed
    scale = assessment.scale(fixed.values.assessment, fixed.on, grade)
    year = pupils.birth_year + STARTING_AGE + grade
    score = assessment.marks(pupils, year, fixed.key, scale).astype(float)
    poor = (pupils.registered & fixed.bits.ever6) != 0
    return Sat(pupils, score, pupils.on_roll(pupils.grade(model.year)), poor)


def _taught(model: Any, pupils: Pupils, grades: range) -> None:
    """Teach a cohort for some years where it is, with the money and the teachers of year 0."""
    world, fixed = model.world, model.fixed
    phase = 0 if grades[0] < FIRST_SECONDARY else 1
    terms = learning.school_terms(world.schools, world.areas, fixed.values, fixed.on, phase)
    for grade in grades:
        learning.grow(
            pupils, pupils.birth_year + STARTING_AGE + grade, fixed.key, fixed.values, fixed.on,
            int(fixed.bits.ever6), terms, len(world.schools),
        )  # fmt: skip


def _cohort(model: Any, grade: int) -> Pupils:
    cohort: Pupils = model.world.cohorts[model.year - STARTING_AGE - grade]
    return cohort


def _at_5(model: Any) -> Sat:
    pupils = _cohort(model, 0)
    history.endow(model.world, pupils, model.fixed)
    return _sat(model, pupils, 0)


def _at_11(model: Any) -> Sat:
    pupils = _cohort(model, 1)
    _taught(model, pupils, range(1, FIRST_SECONDARY))
    return _sat(model, pupils, FIRST_SECONDARY - 1)


def _entered(model: Any, phase: int) -> Pupils:
    """Offer places to the cohort that enters a phase, and admit it."""
    pupils = _cohort(model, FIRST_SECONDARY if phase else 0)
    history.entry_seats(model.world, pupils, pupils.grade(model.year), model.fixed)
    steps.enter(model.world, pupils, model.year, model.fixed, model.crew)
    return pupils


def _at_16(model: Any) -> Sat:
    pupils = _entered(model, 1)
    _taught(model, pupils, range(FIRST_SECONDARY, LAST_GRADE + 1))
    return _sat(model, pupils, LAST_GRADE)


# ---- Marks -------------------------------------------------------------------------------------


@at_once("SD")
def early_years_score(model: Any) -> float:
    """Mean mark at 5."""
    sat = _at_5(model)
    return sat.mean(sat.score)


@at_once("SD")
def early_years_gap(model: Any) -> float:
    """Mark at 5, others less disadvantaged children."""
    sat = _at_5(model)
    return sat.gap(sat.score)


@at_once("SD")
def early_years_sd(model: Any) -> float:
    """Spread of marks at 5 over children."""
    sat = _at_5(model)
    return float(sat.score[sat.here].std())


@at_once("SD")
def early_years_place_sd(model: Any) -> float:
    """Spread of marks at 5 over small areas."""
    sat = _at_5(model)
    home, size = sat.pupils.small[sat.here], len(model.world.small)
    number = np.bincount(home, minlength=size)
    mean = np.bincount(home, sat.score[sat.here], minlength=size) / np.maximum(number, 1)
    return float(np.sqrt(np.cov(mean, fweights=number)))


@at_once("share")
def early_pass_rate(model: Any) -> float:
    """Good level of development at 5."""
    sat = _at_5(model)
    return sat.mean(sat.score > model.fixed.values.assessment.early_cut)


@at_once("SD")
def ks2_score(model: Any) -> float:
    """Mean mark at 11."""
    sat = _at_11(model)
    return sat.mean(sat.score)


@at_once("SD")
def ks2_gap(model: Any) -> float:
    """Mark at 11, others less disadvantaged pupils."""
    sat = _at_11(model)
    return sat.gap(sat.score)


@at_once("share")
def ks2_pass_rate(model: Any) -> float:
    """Expected standard at 11."""
    sat = _at_11(model)
    return sat.mean(sat.score > model.fixed.values.assessment.ks2_cut)


@at_once("correlation")
def early_ks2_correlation(model: Any) -> float:
    """Correlation of marks at 5 and at 11."""
    sat = _at_11(model)
    return sat.correlation(sat.pupils.early)


@at_once("points")
def attainment8(model: Any) -> float:
    """Mean Attainment 8."""
    sat = _at_16(model)
    return sat.mean(assessment.attainment8(sat.score, model.fixed.values.assessment))


@at_once("points")
def attainment8_gap(model: Any) -> float:
    """Attainment 8, others less disadvantaged pupils."""
    sat = _at_16(model)
    return sat.gap(assessment.attainment8(sat.score, model.fixed.values.assessment))


@at_once("share")
def english_maths_rate(model: Any) -> float:
    """Grade 4 or better in English and maths at 16."""
    sat = _at_16(model)
    return sat.mean(sat.score > model.fixed.values.assessment.english_maths_cut)


@at_once("correlation")
def ks2_ks4_correlation(model: Any) -> float:
    """Correlation of marks at 11 and at 16."""
    sat = _at_16(model)
    return sat.correlation(sat.pupils.ks2)


# ---- Families ----------------------------------------------------------------------------------


def _born(model: Any) -> Pupils:
    """Bear next year's Reception again, with its parents' education."""
    pupils = people.born(model.world, model.year - STARTING_AGE, 1.0, model.fixed.values)
    people.parents_education(model.world, pupils, model.fixed.values)
    return pupils


def _split(model: Any, pupils: Pupils, values: NDArray[Any], *, by: NDArray[Any]) -> float:
    """Mean in the upper half of areas by a figure less the mean in the lower half."""
    area = model.world.small.area[pupils.small]
    upper = (by > np.median(by))[area]
    return float(values[upper].mean() - values[~upper].mean())


@at_once("household SD")
def household_income(model: Any) -> float:
    """Mean lasting income of the newborn's families."""
    return float(_born(model).income.mean())


@at_once("share")
def eal_share(model: Any) -> float:
    """Newborn children with another first language."""
    return float(_born(model).eal.mean())


@at_once("share")
def arrivals_share(model: Any) -> float:
    """Children of a cohort who arrive after Reception."""
    pupils = _born(model)
    return float(((pupils.arrive > 0) & (pupils.arrive != FIRST_SECONDARY)).mean())


@at_once("SD")
def parents_mean(model: Any) -> float:
    """Mean parents' education of the newborn."""
    return float(_born(model).parents.mean())


@at_once("SD")
def parents_sd(model: Any) -> float:
    """Spread of parents' education of the newborn."""
    return float(_born(model).parents.std())


@at_once("correlation")
def parents_income_correlation(model: Any) -> float:
    """Correlation of parents' education with income."""
    pupils = _born(model)
    return float(np.corrcoef(pupils.income, pupils.parents)[0, 1])


@at_once("SD")
def parents_place_gap(model: Any) -> float:
    """Parents' education where adults are well qualified, less elsewhere."""
    pupils = _born(model)
    level3 = model.world.facts.adult_level3[model.world.areas.facts_row]
    return _split(model, pupils, pupils.parents, by=level3)


@at_once("share")
def heritage_fsm_gap(model: Any) -> float:
    """FSM rate to be met in other groups less that of White British children, mean of areas."""
    world = model.world
    rates = people.cell_rates(world.facts, world.areas.facts_row, model.fixed.values.people)
    return float((rates[:, 1:].mean(axis=1) - rates[:, 0]).mean())


@at_once("share")
def heritage_fsm_sd(model: Any) -> float:
    """Spread between areas of a group's FSM rate to be met, less the area's White British rate."""
    world = model.world
    rates = people.cell_rates(world.facts, world.areas.facts_row, model.fixed.values.people)
    return float((rates[:, 1:] - rates[:, :1]).std(axis=0).mean())


# ---- Choosing a school -------------------------------------------------------------------------


def _nearest(model: Any, phase: int) -> float:
    pupils = _entered(model, phase)
    here = pupils.school < len(model.world.schools)
    return float((pupils.school == model.world.near[phase].school[pupils.small, 0])[here].mean())


@at_once("share")
def nearest_primary(model: Any) -> float:
    """Reception children at their nearest primary."""
    return _nearest(model, 0)


@at_once("share")
def nearest_secondary(model: Any) -> float:
    """Year 7 pupils at their nearest secondary."""
    return _nearest(model, 1)


def _sorting(model: Any, phase: int) -> float:
    """Between-school share of the variance of income inside areas, entrants of a phase."""
    pupils = _entered(model, phase)
    schools = model.world.schools
    here = np.flatnonzero(pupils.school < len(schools))
    school = pupils.school[here]
    area = schools.area[school]
    income = pupils.income[here].astype(float)
    income = income - (np.bincount(area, income) / np.maximum(np.bincount(area), 1))[area]
    mean = np.bincount(school, income) / np.maximum(np.bincount(school), 1)
    return float((mean[school] ** 2).mean() / (income**2).mean())


@at_once("share")
def sorting_primary(model: Any) -> float:
    """Variance of income inside areas that lies between primaries, entrants."""
    return _sorting(model, 0)


@at_once("share")
def sorting_secondary(model: Any) -> float:
    """Variance of income inside areas that lies between secondaries, entrants."""
    return _sorting(model, 1)


@at_once("school SD")
def reputation_chosen(model: Any) -> float:
    """Mean reputation of the secondaries that families put first."""
    pupils = _entered(model, 1)
    rows = model.world.rows(1)
    return float(np.average(model.world.schools.reputation[rows], weights=model.world.wanted))


@at_once("school SD")
def reputation_income(model: Any) -> float:
    """Covariance of a family's income and the reputation of its secondary."""
    pupils = _entered(model, 1)
    here = pupils.school < len(model.world.schools)
    known = model.world.schools.reputation[pupils.school[here]]
    return float(np.cov(pupils.income[here], known)[0, 1])


@at_once("school SD")
def intake_sd(model: Any) -> float:
    """Spread over schools of the intake that parents see."""
    model.admit()
    steps.census_of(model.world, model.year, model.fixed, model.crew)
    return float(model.world.schools.intake.std())


def _selective(model: Any) -> tuple[Pupils, NDArray[np.bool_]]:
    """Make the largest secondary of every area selective and admit a cohort.

    No area of the world of the tests has grammar schools of its own.
    """
    schools = model.world.schools
    rows = model.world.rows(1)
    for area in range(len(model.world.areas)):
        mine = np.flatnonzero(schools.area[rows] == area) + rows.start
        schools.grammar[mine[np.argmax(schools.share[mine])]] = True
    pupils = _entered(model, 1)
    chosen = np.zeros(pupils.rows, bool)
    here = pupils.school < len(schools)
    chosen[here] = schools.grammar[pupils.school[here]]
    return pupils, chosen


@at_once("pupils")
def grammar_wanted(model: Any) -> float:
    """Families who put a selective school first."""
    _selective(model)
    rows = model.world.rows(1)
    return float(model.world.wanted[model.world.schools.grammar[rows]].sum())


@at_once("household SD")
def grammar_income_gap(model: Any) -> float:
    """Income of families at selective schools less that of others."""
    pupils, chosen = _selective(model)
    return float(pupils.income[chosen].mean() - pupils.income[~chosen].mean())


@at_once("SD")
def grammar_ks2_gap(model: Any) -> float:
    """Mark at 11 of pupils at selective schools less that of others."""
    pupils, chosen = _selective(model)
    return float(pupils.ks2[chosen].mean() - pupils.ks2[~chosen].mean())


# ---- The census --------------------------------------------------------------------------------


def _counted(model: Any) -> Any:
    model.admit()
    steps.census_of(model.world, model.year, model.fixed, model.crew)
    return model.world.schools


@at_once("share")
def deep_share(model: Any) -> float:
    """Disadvantaged pupils whose disadvantage counts as deep."""
    groups = _counted(model).groups.sum(axis=0)
    return float(groups[3:].sum() / groups[1:].sum())


@at_once("share")
def long_disadvantage_share(model: Any) -> float:
    """Disadvantaged pupils whose disadvantage counts as long."""
    groups = _counted(model).groups.sum(axis=0)
    return float((groups[2] + groups[4]) / groups[1:].sum())


@at_once("share")
def low_prior_share(model: Any) -> float:
    """Pupils paid for as of low prior attainment."""
    schools = _counted(model)
    return float(schools.low_prior.sum() / (10 * schools.pupils.sum()))


@at_once("share")
def good_school_share(model: Any) -> float:
    """Small areas with a good school within reach, mean of phases."""
    return float(tally.good_schools(model).mean())


# ---- Teachers ----------------------------------------------------------------------------------


def _staffed(model: Any) -> Any:
    """Let teachers leave and be replaced for a year."""
    world, fixed = model.world, model.fixed
    teachers.staff(world.schools, world.areas, model.year, fixed.key, fixed.values, fixed.on)
    return world.schools


def _met(schools: Any, values: NDArray[Any]) -> float:
    return float(np.average(values, weights=schools.pupils))


def _met_gap(schools: Any, values: NDArray[Any]) -> float:
    """Mean met by disadvantaged pupils less that met by others."""
    poor = np.average(values, weights=schools.ever6)
    return float(poor - np.average(values, weights=schools.pupils - schools.ever6))


@at_once("share a year")
def teacher_turnover(model: Any) -> float:
    """Teachers who leave their school, as pupils meet them."""
    schools = _staffed(model)
    return _met(schools, schools.leaving)


@at_once("ratio")
def teacher_exit_ratio(model: Any) -> float:
    """Teachers leaving, most over least deprived secondaries."""
    _staffed(model)
    return exit_ratio(model)


@at_once("share a year")
def turnover_sd(model: Any) -> float:
    """Spread over schools of teachers leaving."""
    return float(_staffed(model).leaving.std())


@at_once("share of posts")
def vacancies(model: Any) -> float:
    """Posts vacant or filled for a time, as pupils meet them."""
    schools = _staffed(model)
    return _met(schools, schools.vacancy)


@at_once("share of posts")
def vacancies_gap(model: Any) -> float:
    """The same, disadvantaged pupils less others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.vacancy)


@at_once("share of posts")
def vacancies_isolation_gap(model: Any) -> float:
    """The same, the more isolated half of areas less the others."""
    schools = _staffed(model)
    far = model.world.areas.log_isolation
    there = (far > np.median(far))[schools.area]
    return float(schools.vacancy[there].mean() - schools.vacancy[~there].mean())


@at_once("share")
def novice_share(model: Any) -> float:
    """Teachers in their first two years, as pupils meet them."""
    schools = _staffed(model)
    return _met(schools, schools.novice)


@at_once("share")
def novice_gap(model: Any) -> float:
    """The same, disadvantaged pupils less others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.novice)


@at_once("teacher SD")
def teacher_access(model: Any) -> float:
    """Teacher quality met by disadvantaged pupils less that met by others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.quality)


@at_once("teacher SD")
def teacher_quality_sd(model: Any) -> float:
    """Spread over schools of teacher quality."""
    return float(_staffed(model).quality.std())


@at_once("SD a year")
def teaching_gap(model: Any) -> float:
    """What teachers do to a year's learning, disadvantaged pupils less others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.teaching)


# ---- Money and plans ---------------------------------------------------------------------------


def _planned(model: Any) -> Any:
    """Form views of programmes, plan with last year's budget, and work out what money will do."""
    schools, fixed = model.world.schools, model.fixed
    luck = [
        rng.normals(rng.words(model.key, schools.id, Purpose.HABIT, slot=slot)[0])
        for slot in range(len(plans.PROGRAMMES))
    ]
    schools.habit = plans.first_views(np.stack(luck, axis=1), fixed.values.plans, fixed.on)
    schools.belief = schools.habit
    model.make_plans()
    return schools


@at_once("share of the budget")
def margin_share(model: Any) -> float:
    """What schools have left after standard staffing."""
    schools = _planned(model)
    return float(schools.margin.sum() / schools.budget.sum())


@at_once("share of the budget")
def programme_spending(model: Any) -> float:
    """What schools spend on programmes."""
    schools = _planned(model)
    return float(schools.spend.sum() / schools.budget.sum())


@at_once("programmes a school")
def programme_reach(model: Any) -> float:
    """Programmes that a school runs, as pupils meet them."""
    schools = _planned(model)
    return _met(schools, (schools.spend > 0).sum(axis=1))


@at_once("ratio")
def views_sd(model: Any) -> float:
    """Spread between schools in what they believe a programme returns."""
    return float(_planned(model).belief.std(axis=0).mean())


@at_once("SD a year")
def money_effect(model: Any) -> float:
    """What a year's money will add to every pupil's learning."""
    schools = _planned(model)
    return _met(schools, schools.flow_all[:, -1])


@at_once("SD a year")
def money_effect_sd(model: Any) -> float:
    """Spread over schools of what a year's money will add to every pupil's learning."""
    return float(_planned(model).flow_all[:, -1].std())


@at_once("SD a year")
def money_for_disadvantaged(model: Any) -> float:
    """What a year's money will add further to disadvantaged pupils' learning."""
    schools = _planned(model)
    return float(np.average(schools.flow_dis[:, -1], weights=schools.ever6))


@at_once("SD a year")
def money_this_year(model: Any) -> float:
    """What money adds to learning at once, when each school has GBP 500 a pupil more."""
    schools = model.world.schools
    schools.flow_all = 0
    schools.budget += 50_000 * schools.paid_pupils
    _planned(model)
    return _met(schools, schools.flow_all[:, 1])


@at_once("GBP a year per need-weighted pupil")
def need_adjusted_pounds(model: Any) -> float:
    """Need-adjusted school money."""
    weight = model.fixed.values.money.need_weight
    return float(tally.need_adjusted(model.world.schools, weight)[2].mean())
