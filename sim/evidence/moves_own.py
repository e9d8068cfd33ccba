"""Sex, special needs and attendance, read off a model at the start of policy year 1.

Each mechanism here is off unless asked for: a reading needs its switch, and may change the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    FIRST_SECONDARY,
    MIGRANT_HERITAGES,
    NEED_NONE,
    PENCE,
    PRIMARY,
    SECONDARY,
    phase_of,
)
from sim.evidence.moves_children import Sat, at_5, at_11, at_16
from sim.evidence.probes import at_once
from sim.funding.grants import FundingMemory
from sim.model import SchoolsModel, allocation, census, learning, plans
from sim.nation import YEAR_ZERO
from sim.world import attendance, needs
from sim.world.attendance import absence, absence_terms
from sim.world.pupils import Pupils
from sim.year import allocation as arithmetic

__all__: list[str] = []

Floats = NDArray[np.float64]
SUMMER = 8  # May, counted from September


def _girls_less_boys(sat: Sat) -> float:
    girls = sat.pupils.girl
    return float(sat.score[sat.here & girls].mean() - sat.score[sat.here & ~girls].mean())


@at_once("SD")
def early_girls_gap(model: SchoolsModel) -> float:
    """Mark at 5, girls less boys."""
    return _girls_less_boys(at_5(model))


@at_once("SD")
def ks2_girls_gap(model: SchoolsModel) -> float:
    """Mark at 11, girls less boys."""
    return _girls_less_boys(at_11(model))


@at_once("SD")
def ks4_girls_gap(model: SchoolsModel) -> float:
    """Mark at 16, girls less boys."""
    return _girls_less_boys(at_16(model))


def _assign(model: SchoolsModel) -> None:
    """Say anew of every child whether it has a special need."""
    values = model.terms.values
    for pupils in model.world.cohorts.values():
        needs.assign(pupils, values.children, values.people, model.terms.key)


def _with_less_without(sat: Sat, phase: int) -> float:
    some = needs.need_in(sat.pupils, phase) != NEED_NONE
    return float(sat.score[sat.here & some].mean() - sat.score[sat.here & ~some].mean())


@at_once("SD")
def early_needs_gap(model: SchoolsModel) -> float:
    """Mark at 5, children with special needs less others."""
    return _with_less_without(at_5(model), PRIMARY)


@at_once("SD")
def ks2_needs_gap(model: SchoolsModel) -> float:
    """Mark at 11, children with special needs less others."""
    _assign(model)
    return _with_less_without(at_11(model), PRIMARY)


@at_once("SD")
def ks4_needs_gap(model: SchoolsModel) -> float:
    """Mark at 16, children with special needs less others."""
    _assign(model)
    return _with_less_without(at_16(model), SECONDARY)


def _have(model: SchoolsModel, phase: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return who has a need, is a girl, has free meals and was born in summer, in a phase."""
    _assign(model)
    key, bits = model.terms.key, model.terms.bits
    mine = [
        pupils
        for pupils in model.world.cohorts.values()
        if phase_of(pupils.grade(model.year)) == phase
    ]
    columns = [
        (
            needs.need_in(pupils, phase) != NEED_NONE,
            pupils.girl,
            (pupils.registered & bits.fsm) != 0,
            needs.month_of_birth(pupils, key) >= SUMMER,
        )
        for pupils in mine
    ]
    together = [np.concatenate(column) for column in zip(*columns, strict=True)]
    some, girl, fsm, summer = (column.astype(float) for column in together)
    return some, girl, fsm, summer


@at_once("share")
def needs_primary_share(model: SchoolsModel) -> float:
    """Children of primary age with special needs."""
    return float(_have(model, PRIMARY)[0].mean())


@at_once("share")
def needs_secondary_share(model: SchoolsModel) -> float:
    """Children of secondary age with special needs."""
    return float(_have(model, SECONDARY)[0].mean())


@at_once("share")
def needs_girls_share(model: SchoolsModel) -> float:
    """Girls among children of primary age with special needs."""
    some, girl, _, _ = _have(model, PRIMARY)
    return float(np.average(girl, weights=some))


@at_once("share")
def needs_fsm_share(model: SchoolsModel) -> float:
    """Children with free meals among those of primary age with special needs."""
    some, _, fsm, _ = _have(model, PRIMARY)
    return float(np.average(fsm, weights=some))


@at_once("share")
def needs_summer_share(model: SchoolsModel) -> float:
    """Children born from May to August among those of primary age with special needs."""
    some, _, _, summer = _have(model, PRIMARY)
    return float(np.average(summer, weights=some))


# ---- Attendance --------------------------------------------------------------------------------


def _missed(model: SchoolsModel, pupils: Pupils, grade: int) -> Floats:
    terms = model.terms
    by = absence_terms(terms.values, terms.on, grade)
    attendance.assign(pupils, terms.key)
    return absence(pupils, by, int(terms.bits.ever6))[0].astype(float)


def _of_phase(model: SchoolsModel, phase: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return absence, who is disadvantaged, income and who is of recent migration, in a phase."""
    grade, parts = FIRST_SECONDARY if phase else 1, []
    for pupils in model.world.cohorts.values():
        if phase_of(pupils.grade(model.year)) == phase:
            poor = (pupils.registered & model.terms.bits.ever6) != 0
            migrant = np.isin(pupils.heritage, MIGRANT_HERITAGES)
            columns = (_missed(model, pupils, grade), poor, pupils.income, migrant)
            parts.append(np.array(columns, dtype=float))
    missed, poor, income, migrant = np.concatenate(parts, axis=1)
    return missed, poor, income, migrant


@at_once("% of sessions")
def absence_primary(model: SchoolsModel) -> float:
    """Absence of children of primary age."""
    return float(_of_phase(model, PRIMARY)[0].mean())


@at_once("% of sessions")
def absence_secondary(model: SchoolsModel) -> float:
    """Absence of children of secondary age."""
    return float(_of_phase(model, SECONDARY)[0].mean())


@at_once("% of sessions")
def absence_gap(model: SchoolsModel) -> float:
    """Absence of disadvantaged children of secondary age less that of others."""
    missed, poor, _, _ = _of_phase(model, SECONDARY)
    return float(missed[poor > 0].mean() - missed[poor == 0].mean())


@at_once("log per household SD")
def absence_migrant_slope(model: SchoolsModel) -> float:
    """How absence falls with income in heritages of recent migration."""
    missed, _, income, migrant = _of_phase(model, SECONDARY)
    mine = migrant > 0
    return -float(np.polyfit(income[mine], np.log(missed[mine]), 1)[0])


@at_once("% of sessions")
def absence_spread(model: SchoolsModel) -> float:
    """Spread of absence over children of secondary age."""
    return float(_of_phase(model, SECONDARY)[0].std())


@at_once("SD per % of sessions")
def absence_ks4_slope(model: SchoolsModel) -> float:
    """How the mark at 16 rises with absence in secondary school."""
    for pupils in model.world.cohorts.values():
        attendance.assign(pupils, model.terms.key)
    sat = at_16(model)
    missed = _missed(model, sat.pupils, FIRST_SECONDARY)[sat.here]
    return float(np.polyfit(missed, sat.score[sat.here], 1)[0])


@at_once("SD")
def attendance_gain(model: SchoolsModel) -> float:
    """What a year of work on attendance in every school adds to attainment."""
    world, before = model.world, [p.attain.copy() for p in model.world.cohorts.values()]
    means = []
    for effort in (0.0, 1.0):
        for pupils, attain in zip(world.cohorts.values(), before, strict=True):
            pupils.attain = attain
        learning.grow(world, model.year, model.terms, model.nation.crew, effort)
        means.append(np.concatenate([p.attain for p in world.cohorts.values()]).mean(dtype=float))
    return float(means[1] - means[0])


# ---- High needs --------------------------------------------------------------------------------


def _spills(model: SchoolsModel) -> tuple[Floats, Floats]:
    """Let schools plan as in year 0 with the needs of now; return GBP a pupil, and pupils."""
    nation, schools = model.nation, model.world.schools
    nation.year = YEAR_ZERO
    _assign(model)
    census.count_needs(model.world, nation.year)
    nation.made.census = allocation.census(nation)
    nation.made.grants = arithmetic.allocate(
        nation.made.census, nation.policy, FundingMemory(), allocation.when(nation)
    )
    plans.make_plans(nation, nation.year)
    pupils = schools.pupils.astype(float)
    return schools.spill / PENCE / np.maximum(pupils, 1), pupils


@at_once("GBP a pupil")
def needs_spill(model: SchoolsModel) -> float:
    """What special needs take from margins, mean of pupils."""
    pounds, pupils = _spills(model)
    return float(np.average(pounds, weights=pupils))


@at_once("GBP a pupil")
def needs_spill_spread(model: SchoolsModel) -> float:
    """Spread of the same over schools."""
    pounds, pupils = _spills(model)
    return float(np.sqrt(np.cov(pounds, aweights=pupils)))
