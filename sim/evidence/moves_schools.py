"""What schools, teachers and money do at once, read off a model at the start of policy year 1.

A reading lets one process act on the model and returns one number. It may change the model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.codes import HABIT_VIEW, SECONDARY
from sim.data import ground
from sim.evidence.moves_children import entered
from sim.evidence.probes import at_once
from sim.evidence.results import exit_ratio
from sim.model import SchoolsModel, allocation
from sim.model.admissions import admit
from sim.model.census import count_rolls
from sim.model.plans import make_plans
from sim.record import tally
from sim.rng import Purpose
from sim.world import programmes
from sim.world.build import ways
from sim.world.near import nearest, spots_of
from sim.world.pupils import Pupils
from sim.world.tables import Near, Schools
from sim.year import plans, teachers

__all__: list[str] = []

SEEN = 10
"""Near schools that the reading of borders looks at."""


# ---- Choosing a school -------------------------------------------------------------------------


def _nearest(model: SchoolsModel, phase: int) -> float:
    pupils = entered(model, phase)
    here = model.world.enrolled(pupils)
    nearest = model.world.near[phase].school[pupils.small, 0]
    return 100 * float((pupils.school == nearest)[here].mean())


@at_once("%")
def nearest_primary(model: SchoolsModel) -> float:
    """Reception children at their nearest primary."""
    return _nearest(model, 0)


@at_once("%")
def nearest_secondary(model: SchoolsModel) -> float:
    """Year 7 pupils at their nearest secondary."""
    return _nearest(model, 1)


def _sorting(model: SchoolsModel, phase: int) -> float:
    """Between-school share of the variance of income inside areas, entrants of a phase."""
    pupils = entered(model, phase)
    schools = model.world.schools
    here = np.flatnonzero(model.world.enrolled(pupils))
    school = pupils.school[here]
    area = schools.area[school]
    income = pupils.income[here].astype(float)
    income = income - (np.bincount(area, income) / np.maximum(np.bincount(area), 1))[area]
    mean = np.bincount(school, income) / np.maximum(np.bincount(school), 1)
    return float((mean[school] ** 2).mean() / (income**2).mean())


@at_once("share")
def sorting_primary(model: SchoolsModel) -> float:
    """Variance of income inside areas that lies between primaries, entrants."""
    return _sorting(model, 0)


@at_once("share")
def sorting_secondary(model: SchoolsModel) -> float:
    """Variance of income inside areas that lies between secondaries, entrants."""
    return _sorting(model, 1)


@at_once("%")
def across_border(model: SchoolsModel) -> float:
    """Children who would go to a secondary across a border, were all borders open, by the way."""
    world, sites = model.world, ground.sites()
    chosen = np.flatnonzero(sites.phase == SECONDARY)
    spots = ground.spots_km(sites)[chosen]
    homes = spots_of(world.small)
    km, which = nearest(homes, spots, SEEN)
    home = world.areas.id[world.small.area].astype(np.int64)
    across = sites.area[chosen][which] != home[:, None]
    near = Near(which.astype(np.int32), km.astype(np.float32), across)
    _, cost = ways(near, model.terms.values.admissions, SECONDARY)
    likely = np.exp(cost.min(axis=1, keepdims=True) - cost)
    return 100 * float((likely * across).sum() / likely.sum())


@at_once("share")
def catholic_share(model: SchoolsModel) -> float:
    """Year 7 pupils who are Catholic and at the largest secondary of their area, were it Catholic.

    No area of the world of the tests has many Catholic secondaries of its own.
    """
    schools, rows = model.world.schools, model.world.rows(1)
    for area in range(len(model.world.areas)):
        mine = np.flatnonzero(schools.area[rows] == area) + rows.start
        schools.catholic[mine[np.argmax(schools.share[mine])]] = True
    pupils = entered(model, 1)
    here = np.flatnonzero(model.world.enrolled(pupils))
    return float((pupils.catholic[here] & schools.catholic[pupils.school[here]]).mean())


@at_once("school SD")
def reputation_chosen(model: SchoolsModel) -> float:
    """Mean reputation of the secondaries that families put first."""
    entered(model, 1)
    rows = model.world.rows(1)
    return float(np.average(model.world.schools.reputation[rows], weights=model.world.wanted))


@at_once("school SD")
def reputation_income(model: SchoolsModel) -> float:
    """Covariance of a family's income and the reputation of its secondary."""
    pupils = entered(model, 1)
    here = model.world.enrolled(pupils)
    known = model.world.schools.reputation[pupils.school[here]]
    return float(np.cov(pupils.income[here], known)[0, 1])


@at_once("school SD")
def intake_sd(model: SchoolsModel) -> float:
    """Spread over schools of the intake that parents see."""
    admit(model.nation, model.year)
    count_rolls(model.nation, model.year)
    return float(model.world.schools.intake.std())


def _selective(model: SchoolsModel) -> tuple[Pupils, NDArray[np.bool_]]:
    """Make the largest secondary of every area selective and admit a cohort.

    No area of the world of the tests has grammar schools of its own.
    """
    schools = model.world.schools
    rows = model.world.rows(1)
    for area in range(len(model.world.areas)):
        mine = np.flatnonzero(schools.area[rows] == area) + rows.start
        schools.grammar[mine[np.argmax(schools.share[mine])]] = True
    pupils = entered(model, 1)
    chosen = np.zeros(pupils.rows, bool)
    here = model.world.enrolled(pupils)
    chosen[here] = schools.grammar[pupils.school[here]]
    return pupils, chosen


@at_once("pupils")
def grammar_wanted(model: SchoolsModel) -> float:
    """Families who put a selective school first."""
    _selective(model)
    rows = model.world.rows(1)
    return float(model.world.wanted[model.world.schools.grammar[rows]].sum())


@at_once("household SD")
def grammar_income_gap(model: SchoolsModel) -> float:
    """Income of families at selective schools less that of others."""
    pupils, chosen = _selective(model)
    return float(pupils.income[chosen].mean() - pupils.income[~chosen].mean())


@at_once("SD")
def grammar_ks2_gap(model: SchoolsModel) -> float:
    """Mark at 11 of pupils at selective schools less that of others."""
    pupils, chosen = _selective(model)
    return float(np.nanmean(pupils.ks2[chosen]) - np.nanmean(pupils.ks2[~chosen]))


# ---- The census --------------------------------------------------------------------------------


def _counted(model: SchoolsModel) -> Any:
    admit(model.nation, model.year)
    count_rolls(model.nation, model.year)
    return model.world.schools


@at_once("share")
def deep_share(model: SchoolsModel) -> float:
    """Disadvantaged pupils whose disadvantage counts as deep."""
    groups = _counted(model).groups.sum(axis=0)
    return float(groups[3:].sum() / groups[1:].sum())


@at_once("share")
def long_disadvantage_share(model: SchoolsModel) -> float:
    """Disadvantaged pupils whose disadvantage counts as long."""
    groups = _counted(model).groups.sum(axis=0)
    return float((groups[2] + groups[4]) / groups[1:].sum())


@at_once("share")
def low_prior_share(model: SchoolsModel) -> float:
    """Pupils paid for as of low prior attainment."""
    schools = _counted(model)
    return float(schools.low_prior.sum() / (10 * schools.pupils.sum()))


@at_once("share")
def good_school_share(model: SchoolsModel) -> float:
    """Small areas with a good school within reach, mean of phases."""
    return float(tally.good_schools(model.nation).mean())


# ---- Teachers ----------------------------------------------------------------------------------


def _staffed(model: SchoolsModel) -> Any:
    """Let teachers leave and be replaced for a year."""
    world, fixed = model.world, model.terms
    teachers.staff(world.schools, world.areas, model.year, fixed.key, fixed.values, fixed.on)
    return world.schools


def _met(schools: Schools, values: NDArray[Any]) -> float:
    return float(np.average(values, weights=schools.pupils))


def _met_gap(schools: Schools, values: NDArray[Any]) -> float:
    """Mean met by disadvantaged pupils less that met by others."""
    poor = np.average(values, weights=schools.ever6)
    return float(poor - np.average(values, weights=schools.pupils - schools.ever6))


@at_once("share")
def teacher_turnover(model: SchoolsModel) -> float:
    """Teachers who leave their school, as pupils meet them."""
    schools = _staffed(model)
    return _met(schools, schools.leaving)


@at_once("ratio")
def teacher_exit_ratio(model: SchoolsModel) -> float:
    """Teachers leaving, most over least deprived secondaries."""
    _staffed(model)
    return exit_ratio(model)


@at_once("share a year")
def turnover_sd(model: SchoolsModel) -> float:
    """Spread over schools of teachers leaving."""
    return float(_staffed(model).leaving.std())


@at_once("share of posts")
def vacancies(model: SchoolsModel) -> float:
    """Posts vacant or filled for a time, as pupils meet them."""
    schools = _staffed(model)
    return _met(schools, schools.vacancy)


@at_once("share of posts")
def vacancies_gap(model: SchoolsModel) -> float:
    """The same, disadvantaged pupils less others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.vacancy)


@at_once("share of posts")
def vacancies_isolation_gap(model: SchoolsModel) -> float:
    """The same, the more isolated half of areas less the others."""
    schools = _staffed(model)
    far = model.world.areas.log_isolation
    there = (far > np.median(far))[schools.area]
    return float(schools.vacancy[there].mean() - schools.vacancy[~there].mean())


@at_once("share")
def novice_share(model: SchoolsModel) -> float:
    """Teachers in their first two years, as pupils meet them."""
    schools = _staffed(model)
    return _met(schools, schools.novice)


@at_once("share")
def novice_gap(model: SchoolsModel) -> float:
    """The same, disadvantaged pupils less others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.novice)


@at_once("teacher SD")
def teacher_access(model: SchoolsModel) -> float:
    """Teacher quality met by disadvantaged pupils less that met by others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.quality)


@at_once("teacher SD")
def teacher_quality_sd(model: SchoolsModel) -> float:
    """Spread over schools of teacher quality."""
    return float(_staffed(model).quality.std())


@at_once("SD a year")
def teaching_gap(model: SchoolsModel) -> float:
    """What teachers do to a year's learning, disadvantaged pupils less others."""
    schools = _staffed(model)
    return _met_gap(schools, schools.teaching)


@at_once("SD a year")
def teaching_vacancy_gap(model: SchoolsModel) -> float:
    """The same, the half of schools with more vacant posts less the other half."""
    schools = _staffed(model)
    short = schools.vacancy > np.median(schools.vacancy)
    return float(schools.teaching[short].mean() - schools.teaching[~short].mean())


# ---- Money and plans ---------------------------------------------------------------------------


def _planned(model: SchoolsModel) -> Any:
    """Form views of programmes, plan with this year's budget, and work out what money will do."""
    schools, fixed = model.world.schools, model.terms
    luck = [
        rng.normals(rng.words(model.terms.key, schools.id, Purpose.HABIT, slot=slot)[HABIT_VIEW])
        for slot in range(len(programmes.PROGRAMMES))
    ]
    schools.habit = plans.first_views(np.stack(luck, axis=1), fixed.values.plans, fixed.on)
    schools.belief = schools.habit
    allocation.pay_schools(model.nation, model.year)
    make_plans(model.nation, model.year)
    return schools


@at_once("share of the budget")
def margin_share(model: SchoolsModel) -> float:
    """What schools have left after standard staffing."""
    schools = _planned(model)
    return float(schools.margin.sum() / schools.budget.sum())


@at_once("share of the budget")
def programme_spending(model: SchoolsModel) -> float:
    """What schools spend on programmes."""
    schools = _planned(model)
    return float(schools.spend.sum() / schools.budget.sum())


@at_once("programmes a school")
def programme_reach(model: SchoolsModel) -> float:
    """Programmes that a school runs, as pupils meet them."""
    schools = _planned(model)
    return _met(schools, (schools.spend > 0).sum(axis=1))


@at_once("ratio")
def views_sd(model: SchoolsModel) -> float:
    """Spread between schools in what they believe a programme returns."""
    return float(_planned(model).belief.std(axis=0).mean())


@at_once("SD a year")
def money_effect_sd(model: SchoolsModel) -> float:
    """Spread over schools of what a year's money will add to every pupil's learning."""
    return float(_planned(model).flow_all[:, -1].std())


@at_once("SD a year")
def money_for_disadvantaged(model: SchoolsModel) -> float:
    """What a year's money will add to disadvantaged pupils' learning on top of others'."""
    schools = _planned(model)
    return float(np.average(schools.flow_dis[:, -1], weights=schools.ever6))


@at_once("SD a year")
def money_place_gap(model: SchoolsModel) -> float:
    """What it will add for every pupil, the half of schools with more ever-6 less the others."""
    schools = _planned(model)
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    many = share > np.median(share)
    flow = schools.flow_all[:, -1]
    return float(flow[many].mean() - flow[~many].mean())


@at_once("GBP a year per need-weighted pupil, 2024-25 prices")
def need_adjusted_pounds(model: SchoolsModel) -> float:
    """Need-adjusted school money."""
    weight = model.terms.values.money.need_weight
    return float(tally.need_adjusted(model.world.schools, weight)[2].mean())
