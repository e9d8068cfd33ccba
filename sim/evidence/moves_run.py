"""What a belief does to a whole run, read off the model in its last year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.codes import (
    AREA_EFFECT_EARLY,
    AREA_EFFECT_KS2,
    AREA_EFFECT_KS4,
    AREA_EFFECT_PRIMARIES,
    AREA_EFFECT_SLOT_SCHOOLS,
    FIRST_SECONDARY,
    PENCE,
    PRIMARY,
)
from sim.data import ground
from sim.evidence.probes import in_a_run
from sim.evidence.results import Results, variance_share
from sim.model import SchoolsModel
from sim.rng import Purpose
from sim.world.near import nearest, spots_of
from sim.world.pupils import Pupils

__all__: list[str] = []


Floats = NDArray[np.float64]


def _cohorts(model: SchoolsModel, phase: int) -> list[Pupils]:
    """Cohorts of a phase."""
    every = model.world.cohorts.values()
    return [p for p in every if (p.grade(model.year) >= FIRST_SECONDARY) == bool(phase)]


# ---- Places ------------------------------------------------------------------------------------


@in_a_run("share of the pot")
def sparsity_share(model: SchoolsModel) -> float:
    """Money paid for sparsity."""
    grants = model.nation.made.grants
    return float(grants.lines["sparsity"].sum() / grants.from_pot.sum())


@in_a_run("schools")
def schools_known(model: SchoolsModel) -> float:
    """How many schools a family can think of, both phases, mean of homes."""
    return float(np.mean([(near.school >= 0).sum(axis=1).mean() for near in model.world.near]))


@in_a_run("schools")
def grammars_known(model: SchoolsModel) -> float:
    """How many selective schools a family could think of, were all borders open, mean of homes."""
    world, sites = model.world, ground.sites()
    places = model.terms.values.places
    spots = ground.spots_km(sites)[sites.selective]
    homes = spots_of(world.small)
    far, _ = nearest(homes, spots, int(places.near_grammars))
    return float((far <= places.grammar_km).sum(axis=1).mean())


@in_a_run("ratio")
def leavers_near_spread(model: SchoolsModel) -> float:
    """How far independent places near differ between homes, as a coefficient of variation."""
    near = model.world.small.independents
    return float(near.std() / near.mean())


@in_a_run("km")
def distance_primary(model: SchoolsModel) -> float:
    """Mean distance of primary pupils to their school, when it is one of the near ones."""
    near = model.world.near[PRIMARY]
    total, number = 0.0, 0
    for pupils in _cohorts(model, 0):
        at = near.school[pupils.small] == pupils.school[:, None]
        total += float(near.km[pupils.small][at].sum())
        number += int(at.sum())
    return total / number


@in_a_run("%")
def nearest_primary(model: SchoolsModel) -> float:
    """Primary pupils at their nearest primary."""
    hits, number = 0, 0
    for pupils in _cohorts(model, 0):
        here = model.world.enrolled(pupils)
        nearest = model.world.near[PRIMARY].school[pupils.small, 0]
        hits += int((pupils.school == nearest)[here].sum())
        number += int(here.sum())
    return 100 * hits / number


# ---- Families ----------------------------------------------------------------------------------


@in_a_run("household SD")
def household_income(model: SchoolsModel) -> float:
    """Mean lasting income of families."""
    return float(np.concatenate([p.income for p in model.world.cohorts.values()]).mean())


@in_a_run("household SD")
def household_income_place_gap(model: SchoolsModel) -> float:
    """The same in the half of areas with fewer poor children, less the others."""
    areas = model.world.areas
    richer = areas.fsm_rate < np.median(areas.fsm_rate)
    income = np.concatenate([p.income for p in model.world.cohorts.values()])
    home = np.concatenate([p.small for p in model.world.cohorts.values()])
    there = richer[model.world.small.area[home]]
    return float(income[there].mean() - income[~there].mean())


@in_a_run("household SD")
def registered_income(model: SchoolsModel) -> float:
    """Mean lasting income of families registered for free meals this year."""
    cohorts = model.world.cohorts.values()
    income = np.concatenate([p.income[(p.registered & 1) != 0] for p in cohorts])
    return float(income.mean())


@in_a_run("share")
def newly_counted(model: SchoolsModel) -> float:
    """Pupils eligible this year by the rule that money follows, less those by the rule of today."""
    schools = model.world.schools
    return float((schools.fsm_counted - schools.fsm).sum() / schools.pupils.sum())


@in_a_run("GBP a pupil")
def margin_a_pupil(model: SchoolsModel) -> float:
    """What schools have beyond standard staffing."""
    schools = model.world.schools
    return float(schools.margin.sum() / PENCE / schools.paid_pupils.sum())


@in_a_run("share")
def mobile_share(model: SchoolsModel) -> float:
    """Pupils who joined their school outside the normal time in three years."""
    schools = model.world.schools
    return float(schools.mobile.sum() / schools.pupils.sum())


# ---- Schools -----------------------------------------------------------------------------------


@in_a_run("school SD")
def reputation_sd(model: SchoolsModel) -> float:
    """Spread over schools of their reputation."""
    return float(model.world.schools.reputation.std())


@in_a_run("share")
def ks2_school_share(model: SchoolsModel) -> float:
    """Variance of progress between 5 and 11 that lies between schools."""
    ks2 = Results.of(model, model.nation.made.sittings[1])
    return variance_share(ks2.gained, ks2.school)[0]


@in_a_run("grades")
def progress8_gap_sd(model: SchoolsModel) -> float:
    """Spread over schools of the gap in Progress 8 between others and disadvantaged pupils."""
    ks4 = Results.of(model, model.nation.made.sittings[2])
    gaps = []
    for school in np.unique(ks4.school):
        mine = (ks4.school == school) & ~np.isnan(ks4.gained)
        poor, rest = ks4.gained[mine & ks4.dis], ks4.gained[mine & ~ks4.dis]
        if min(poor.size, rest.size) > 4:
            gaps.append(rest.mean() - poor.mean())
    return float(np.std(gaps))


@in_a_run("share of variance")
def trigger_reliability(model: SchoolsModel) -> float:
    """Share of the variance of schools' pooled gaps that is real, as the trigger sees it."""
    report = model.nation.made.grants.trigger
    return float(np.mean(report.reliability)) if report is not None else 0.0


# ---- Luck of places ----------------------------------------------------------------------------
#
# A world of few areas cannot show how the spread between places grows: what else differs between
# them would have to cancel out. How far results follow an area's own luck can be seen in any world.


def _follows(model: SchoolsModel, stage: int, word: int, slot: int) -> float:
    """Covariance over areas of a word of their luck with mean results (at 5) or progress."""
    areas = model.world.areas
    luck = rng.normals(rng.words(model.terms.key, areas.id, Purpose.AREA_EFFECT, slot=slot)[word])
    sat = Results.of(model, model.nation.made.sittings[stage])
    mean = sat.by_area(sat.gained if stage else sat.score, sat.weight > 0, len(areas))
    return float(np.mean(luck * (mean - mean.mean())))


@in_a_run("SD")
def place_luck_early(model: SchoolsModel) -> float:
    """How far marks at 5 follow the area's own luck."""
    return _follows(model, 0, AREA_EFFECT_EARLY, 0)


@in_a_run("SD")
def place_luck_ks2(model: SchoolsModel) -> float:
    """How far progress between 5 and 11 follows the area's own luck."""
    return _follows(model, 1, AREA_EFFECT_KS2, 0)


@in_a_run("grades")
def place_luck_ks4(model: SchoolsModel) -> float:
    """How far Progress 8 follows the area's own luck."""
    return _follows(model, 2, AREA_EFFECT_KS4, 0)


@in_a_run("SD")
def place_luck_schools(model: SchoolsModel) -> float:
    """How far progress between 5 and 11 follows what an area's primaries share."""
    return _follows(model, 1, AREA_EFFECT_PRIMARIES, AREA_EFFECT_SLOT_SCHOOLS)
