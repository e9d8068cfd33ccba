"""What fades, drifts and is of one year alone, read off a model at the start of policy year 1.

Each mechanism here is off unless asked for: a reading needs its switch, and may change the model.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.codes import FIRST_SECONDARY, LAST_GRADE, STARTING_AGE
from sim.evidence.moves_children import taught
from sim.evidence.probes import at_once
from sim.model import SchoolsModel, drift, learning
from sim.world.pupils import Pupils
from sim.year import learning as arithmetic

__all__: list[str] = []

Floats = NDArray[np.float64]
YEARS = 5


def _primary_years(model: SchoolsModel) -> Pupils:
    """Teach those who start Reception from there to the end of Year 6, where they are."""
    pupils = model.world.cohorts[model.year - STARTING_AGE - 1]
    learning.endow(model.world, pupils, model.terms)
    taught(model, pupils, range(FIRST_SECONDARY))
    return pupils


def _follows_share(model: SchoolsModel, pupils: Pupils) -> float:
    """Slope of attainment over the ever-6 share of a child's primary."""
    schools = model.world.schools
    here = model.world.enrolled(pupils)
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    return float(np.polyfit(share[pupils.school[here]], pupils.attain[here].astype(float), 1)[0])


@at_once("SD")
def density_kept(model: SchoolsModel) -> float:
    """Mean attainment on entry to Year 7, where gains of density fade by a share of their own."""
    pupils = _primary_years(model)
    arithmetic.fade(pupils, model.terms.values.learning, model.terms.on)
    return float(pupils.attain.mean())


@at_once("SD per unit of ever-6 share")
def push_at_11(model: SchoolsModel) -> float:
    """How attainment at the end of Year 6 rises with the ever-6 share of the primary."""
    return _follows_share(model, _primary_years(model))


@at_once("SD per unit of ever-6 share")
def push_kept(model: SchoolsModel) -> float:
    """The same on entry to Year 7, where most of a push is lost."""
    pupils = _primary_years(model)
    arithmetic.fade(pupils, model.terms.values.learning, model.terms.on)
    return _follows_share(model, pupils)


@at_once("correlation")
def value_added_lasting(model: SchoolsModel) -> float:
    """Correlation of schools' value added with that five years later."""
    schools = model.world.schools
    before = schools.value_added.copy()
    for year in range(model.year, model.year + YEARS):
        drift.move_on(model.nation, year)
    return float(np.corrcoef(before, schools.value_added)[0, 1])


def _shock(model: SchoolsModel, grade: int) -> float:
    """Spread over areas of what a year's shock adds to a year group's attainment."""
    world, pupils = model.world, model.world.cohorts[model.year - STARTING_AGE - grade]
    start, found, on = pupils.attain.copy(), [], model.terms.on
    for shocks in (False, on.cohort_shocks):
        pupils.attain = start
        terms = replace(model.terms, on=on.model_copy(update={"cohort_shocks": shocks}))
        learning.grow(world, model.year, terms, model.nation.crew)
        found.append(pupils.attain.astype(float))
    here = world.enrolled(pupils)
    area = world.schools.area[pupils.school[here]]
    heads = np.bincount(area, minlength=len(world.areas))
    added = np.bincount(area, (found[1] - found[0])[here], minlength=heads.size)
    return float((added / np.maximum(heads, 1))[heads > 0].std())


@at_once("SD")
def cohort_shock_spread_11(model: SchoolsModel) -> float:
    """Spread over areas of what one year alone does to attainment at the end of Year 6."""
    return _shock(model, FIRST_SECONDARY - 1)


@at_once("SD")
def cohort_shock_spread_16(model: SchoolsModel) -> float:
    """The same at the end of Year 11."""
    return _shock(model, LAST_GRADE)
