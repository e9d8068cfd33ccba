"""What families and learning do at once, read off a model at the start of policy year 1.

A reading lets one process act on the model, or the few that a child meets on the way to an
examination, and returns one number. It may change the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Numbers
from sim.codes import FIRST_SECONDARY, LAST_GRADE, STARTING_AGE, phase_of
from sim.evidence.probes import at_once
from sim.model import SchoolsModel, history
from sim.model.admissions import enter
from sim.model.learning import endow
from sim.world import incomes, parents, people, schooling
from sim.world.pupils import Pupils
from sim.year import assessment, learning

__all__ = ["Sat", "at_5", "at_11", "at_16", "entered", "taught"]

Floats = NDArray[np.float64]


@dataclass
class Sat:
    """A cohort that was marked: its pupils, marks, who is on a roll and who is disadvantaged."""

    pupils: Pupils
    score: Floats
    here: NDArray[np.bool_]
    poor: NDArray[np.bool_]

    def mean(self, values: Numbers) -> float:
        """Mean over pupils on a roll."""
        return float(values[self.here].mean())

    def gap(self, values: Numbers) -> float:
        """Mean of others less that of disadvantaged pupils."""
        return float(values[self.here & ~self.poor].mean() - values[self.here & self.poor].mean())

    def correlation(self, earlier: Float32s) -> float:
        """Correlation of this mark with an earlier one, of those who have both."""
        both = self.here & ~np.isnan(earlier)
        return float(np.corrcoef(earlier[both], self.score[both])[0, 1])


def _sat(model: SchoolsModel, pupils: Pupils, grade: int) -> Sat:
    """Mark a cohort as if it stood at the end of a year group."""
    fixed = model.terms
    scale = assessment.scale(fixed.values.assessment, fixed.on, grade)
    year = pupils.birth_year + STARTING_AGE + grade
    score = assessment.marks(pupils, year, fixed.key, scale).astype(float)
    poor = (pupils.registered & fixed.bits.ever6) != 0
    return Sat(pupils, score, pupils.on_roll(pupils.grade(model.year)), poor)


def taught(model: SchoolsModel, pupils: Pupils, grades: range) -> None:
    """Teach a cohort for some years where it is, with the money and the teachers of year 0."""
    world, fixed = model.world, model.terms
    phase = phase_of(grades[0])
    terms = schooling.taught(world.schools, world.areas, fixed.values, fixed.on, phase)
    for grade in grades:
        year, bits = pupils.birth_year + STARTING_AGE + grade, int(fixed.bits.ever6)
        learning.grow(pupils, year, fixed.key, fixed.values, fixed.on, bits, terms)


def _cohort(model: SchoolsModel, grade: int) -> Pupils:
    cohort: Pupils = model.world.cohorts[model.year - STARTING_AGE - grade]
    return cohort


def at_5(model: SchoolsModel) -> Sat:
    """Mark those who start Reception as they enter it."""
    pupils = _cohort(model, 0)
    endow(model.world, pupils, model.terms)
    return _sat(model, pupils, 0)


def at_11(model: SchoolsModel) -> Sat:
    """Teach a year group through primary and mark it."""
    pupils = _cohort(model, 1)
    taught(model, pupils, range(1, FIRST_SECONDARY))
    return _sat(model, pupils, FIRST_SECONDARY - 1)


def entered(model: SchoolsModel, phase: int) -> Pupils:
    """Offer places to the cohort that enters a phase (0 or 1), admit it and return it."""
    pupils = _cohort(model, FIRST_SECONDARY if phase else 0)
    history.entry_seats(model.world, pupils, pupils.grade(model.year), model.terms)
    enter(model.world, pupils, model.year, model.terms, model.nation.crew)
    return pupils


def at_16(model: SchoolsModel) -> Sat:
    """Admit a year group to secondary, teach it there and mark it."""
    pupils = entered(model, 1)
    taught(model, pupils, range(FIRST_SECONDARY, LAST_GRADE + 1))
    return _sat(model, pupils, LAST_GRADE)


# ---- Marks -------------------------------------------------------------------------------------


@at_once("SD")
def early_years_score(model: SchoolsModel) -> float:
    """Mean mark at 5."""
    sat = at_5(model)
    return sat.mean(sat.score)


@at_once("SD")
def early_years_gap(model: SchoolsModel) -> float:
    """Mark at 5, others less disadvantaged children."""
    sat = at_5(model)
    return sat.gap(sat.score)


@at_once("SD")
def early_years_sd(model: SchoolsModel) -> float:
    """Spread of marks at 5 over children."""
    sat = at_5(model)
    return float(sat.score[sat.here].std())


@at_once("SD")
def early_years_place_sd(model: SchoolsModel) -> float:
    """Spread of marks at 5 over small areas."""
    sat = at_5(model)
    home, size = sat.pupils.small[sat.here], len(model.world.small)
    number = np.bincount(home, minlength=size)
    mean = np.bincount(home, sat.score[sat.here], minlength=size) / np.maximum(number, 1)
    return float(np.sqrt(np.cov(mean, fweights=number)))


@at_once("share")
def early_pass_rate(model: SchoolsModel) -> float:
    """Good level of development at 5."""
    sat = at_5(model)
    return sat.mean(sat.score > model.terms.values.assessment.early_cut)


@at_once("SD")
def ks2_score(model: SchoolsModel) -> float:
    """Mean mark at 11."""
    sat = at_11(model)
    return sat.mean(sat.score)


@at_once("SD")
def ks2_gap(model: SchoolsModel) -> float:
    """Mark at 11, others less disadvantaged pupils."""
    sat = at_11(model)
    return sat.gap(sat.score)


@at_once("share")
def ks2_pass_rate(model: SchoolsModel) -> float:
    """Expected standard at 11."""
    sat = at_11(model)
    return sat.mean(sat.score > model.terms.values.assessment.ks2_cut)


@at_once("correlation")
def early_ks2_correlation(model: SchoolsModel) -> float:
    """Correlation of marks at 5 and at 11."""
    sat = at_11(model)
    return sat.correlation(sat.pupils.early)


@at_once("points")
def attainment8(model: SchoolsModel) -> float:
    """Mean Attainment 8."""
    sat = at_16(model)
    return sat.mean(assessment.attainment8(sat.score, model.terms.values.assessment))


@at_once("points")
def attainment8_gap(model: SchoolsModel) -> float:
    """Attainment 8, others less disadvantaged pupils."""
    sat = at_16(model)
    return sat.gap(assessment.attainment8(sat.score, model.terms.values.assessment))


@at_once("share")
def english_maths_rate(model: SchoolsModel) -> float:
    """Grade 4 or better in English and maths at 16."""
    sat = at_16(model)
    return sat.mean(sat.score > model.terms.values.assessment.english_maths_cut)


@at_once("correlation")
def ks2_ks4_correlation(model: SchoolsModel) -> float:
    """Correlation of marks at 11 and at 16."""
    sat = at_16(model)
    return sat.correlation(sat.pupils.ks2)


def _late(model: SchoolsModel, *, poor: bool) -> float:
    pupils = entered(model, 1)
    side = ((pupils.registered & model.terms.bits.ever6) != 0) == poor
    return float(np.isnan(pupils.ks2[pupils.on_roll(FIRST_SECONDARY) & side]).mean())


@at_once("share")
def late_share(model: SchoolsModel) -> float:
    """Children of Year 7 without a mark at 11, of those not disadvantaged."""
    return _late(model, poor=False)


@at_once("share")
def late_share_disadvantaged(model: SchoolsModel) -> float:
    """Children of Year 7 without a mark at 11, of disadvantaged pupils."""
    return _late(model, poor=True)


# ---- Families ----------------------------------------------------------------------------------


def _born(model: SchoolsModel) -> Pupils:
    """Bear next year's Reception again, with its parents' education."""
    terms, late = model.terms, model.terms.on.late_arrivals
    pupils = people.born(model.world, model.year - STARTING_AGE, 1.0, terms.values, late=late)
    parents.education(model.world, pupils, terms.values, terms.on)
    return pupils


def _split(model: SchoolsModel, pupils: Pupils, values: NDArray[Any], *, by: NDArray[Any]) -> float:
    """Mean in the upper half of areas by a figure less the mean in the lower half."""
    area = model.world.small.area[pupils.small]
    upper = (by > np.median(by))[area]
    return float(values[upper].mean() - values[~upper].mean())


@at_once("household SD")
def household_income(model: SchoolsModel) -> float:
    """Mean lasting income of the newborn's families."""
    return float(_born(model).income.mean())


@at_once("share")
def eal_share(model: SchoolsModel) -> float:
    """Newborn children with another first language."""
    return float(_born(model).eal.mean())


@at_once("share")
def catholics_born(model: SchoolsModel) -> float:
    """Catholics among the newborn cohort."""
    return float(_born(model).catholic.mean())


@at_once("share")
def girls_share(model: SchoolsModel) -> float:
    """Girls among the newborn cohort."""
    return float(_born(model).girl.mean())


@at_once("share")
def arrivals_share(model: SchoolsModel) -> float:
    """Children of a cohort who come to England after Reception."""
    pupils = _born(model)
    return float((pupils.come > 0).mean())


@at_once("household SD")
def leavers_income(model: SchoolsModel) -> float:
    """Income of families that leave at 11 against their area and group, less that of others.

    Those of the areas that children leave at 11.
    """
    world, pupils = model.world, _born(model)
    area = world.small.area[pupils.small]
    own = pupils.income - world.cell_income[area, people.BROAD[pupils.heritage]]
    stays = pupils.depart > LAST_GRADE
    mine = (world.areas.keep < 1)[area] & (pupils.arrive == 0)
    leaves = pupils.depart == FIRST_SECONDARY
    return float(own[mine & leaves].mean() - own[mine & stays].mean())


@at_once("ratio")
def leavers_near(model: SchoolsModel) -> float:
    """Independent places near those who leave at 11, over those near their area's children."""
    world, pupils = model.world, _born(model)
    near, area = world.small.independents[pupils.small], world.small.area[pupils.small]
    mean = np.bincount(area, near) / np.bincount(area)
    ratio = near / np.maximum(mean[area], 1e-9)
    mine = (world.areas.keep < 1)[area] & (pupils.depart == FIRST_SECONDARY)
    return float(ratio[mine].mean())


@at_once("SD")
def parents_mean(model: SchoolsModel) -> float:
    """Mean parents' education of the newborn."""
    return float(_born(model).parents.mean())


@at_once("SD")
def parents_sd(model: SchoolsModel) -> float:
    """Spread of parents' education of the newborn."""
    return float(_born(model).parents.std())


@at_once("correlation")
def parents_income_correlation(model: SchoolsModel) -> float:
    """Correlation of parents' education with income."""
    pupils = _born(model)
    return float(np.corrcoef(pupils.income, pupils.parents)[0, 1])


@at_once("SD")
def parents_place_gap(model: SchoolsModel) -> float:
    """Parents' education where adults are well qualified, less elsewhere."""
    pupils = _born(model)
    level3 = model.world.facts.adult_level3[model.world.areas.facts_row]
    return _split(model, pupils, pupils.parents, by=level3)


@at_once("SD")
def poor_parents_place_gap(model: SchoolsModel) -> float:
    """Education of poorer parents where adults are skilled for their poverty, less elsewhere."""
    pupils = _born(model)
    area = model.world.small.area[pupils.small]
    by = model.world.facts.skill_poor[model.world.areas.facts_row]
    poor = pupils.income < np.median(pupils.income)
    upper = (by > np.median(by))[area]
    return float(pupils.parents[poor & upper].mean() - pupils.parents[poor & ~upper].mean())


@at_once("share")
def heritage_fsm_gap(model: SchoolsModel) -> float:
    """FSM rate to be met in other groups less that of White British children, mean of areas."""
    world = model.world
    rates = incomes.cell_rates(world.facts, world.areas.facts_row, model.terms.values.people)
    return float((rates[:, 1:].mean(axis=1) - rates[:, 0]).mean())


@at_once("share")
def heritage_fsm_sd(model: SchoolsModel) -> float:
    """Spread between areas of a group's FSM rate to be met, less the area's White British rate."""
    world = model.world
    rates = incomes.cell_rates(world.facts, world.areas.facts_row, model.terms.values.people)
    return float((rates[:, 1:] - rates[:, :1]).std(axis=0).mean())
