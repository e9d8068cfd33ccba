"""What routes and levels after Year 11 do at once, read off a model at the start of policy year 1.

A reading lets one process after Year 11 act on the cohort that is due for it and returns one
number. Where a belief says what a lever does, the reading pulls the lever itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    FIRST_ADULT_GRADE,
    LAST_GRADE,
    LEVEL3_TECHNICAL,
    LEVELS_GRADE,
    OCCUPATION_PROFESSIONAL,
    OCCUPATION_WORKING,
    ROUTE_APPRENTICESHIP,
    ROUTE_COLLEGE,
    ROUTE_COUNT,
    ROUTE_TECHNICAL,
    STARTING_AGE,
)
from sim.config.models import Post16
from sim.evidence.probes import at_once
from sim.model import SchoolsModel
from sim.nation import by_grade
from sim.world import offers, parents
from sim.world.adults import Adults
from sim.year import post16

__all__ = ["due", "levelled"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AS_IT_IS = Post16()
TWICE = Post16(technical_offer=1)
FREE_TRAVEL = Post16(transport=True)
PREMIUM = Post16(premium_to_19_gbp=1000)


# ---- What is on offer --------------------------------------------------------------------------


def _laid(model: SchoolsModel) -> offers.Places:
    return offers.lay_out(model.world, model.terms.values.offers).places


@at_once("minutes")
def sixth_form_minutes(model: SchoolsModel) -> float:
    """Travel to the nearest school sixth form, mean of homes."""
    found, values = _laid(model), model.terms.values.offers
    return float(offers.travel_minutes(found, values, model.terms.on)[:, 0].mean())


@at_once("minutes")
def sixth_college_minutes(model: SchoolsModel) -> float:
    """Travel to the nearest sixth-form college, mean of homes."""
    found, values = _laid(model), model.terms.values.offers
    return float(offers.travel_minutes(found, values, model.terms.on)[:, 1].mean())


@at_once("log")
def sixth_form_places(model: SchoolsModel) -> float:
    """Places in reach at school sixth forms over the nation's, mean of small areas."""
    return float(_laid(model).log_places[:, 0].mean())


@at_once("log")
def sixth_form_places_sd(model: SchoolsModel) -> float:
    """Spread of the same over small areas."""
    return float(_laid(model).log_places[:, 0].std())


@at_once("log")
def apprenticeships_sd(model: SchoolsModel) -> float:
    """Spread over small areas of local apprenticeships."""
    return float(_laid(model).log_apprenticeships.std())


@at_once("log km")
def secondary_log_km(model: SchoolsModel) -> float:
    """Distance to the third nearest secondary, mean of small areas."""
    return float(_laid(model).log_km.mean())


def _options(model: SchoolsModel, policy: Post16) -> float:
    places, values = model.after.offers.places, model.terms.values.offers
    return float(offers.options_in_reach(places, values, model.terms.on, policy).mean())


@at_once("options")
def options_in_reach(model: SchoolsModel) -> float:
    """Kinds of post-16 offer within reach, mean of small areas."""
    return _options(model, AS_IT_IS)


@at_once("options")
def options_with_free_travel(model: SchoolsModel) -> float:
    """The same once travel is free."""
    return _options(model, FREE_TRAVEL)


# ---- Parents -----------------------------------------------------------------------------------


def _parents(model: SchoolsModel) -> tuple[NDArray[np.int8], Floats, Floats]:
    """Parents' occupation and education in Year 11, and professional workers around them."""
    pupils = model.world.cohorts[model.year - STARTING_AGE - LAST_GRADE]
    poor = (pupils.registered & 1) != 0
    local = model.after.professional[model.world.small.area[pupils.small]]
    found = parents.occupation(
        pupils.id, pupils.parents, poor, local, model.terms.values.parents, model.terms.key
    )
    return found, pupils.parents.astype(float), local


@at_once("share")
def professional_origin(model: SchoolsModel) -> float:
    """Pupils of Year 11 with parents in professional work."""
    return float((_parents(model)[0] == OCCUPATION_PROFESSIONAL).mean())


@at_once("SD")
def origin_education_gap(model: SchoolsModel) -> float:
    """Education of professional parents less that of working-class parents."""
    origin, education, _ = _parents(model)
    return float(
        education[origin == OCCUPATION_PROFESSIONAL].mean()
        - education[origin == OCCUPATION_WORKING].mean()
    )


@at_once("share")
def professional_origin_place_gap(model: SchoolsModel) -> float:
    """Professional parents where many workers are professional, less elsewhere."""
    origin, _, local = _parents(model)
    top = origin == OCCUPATION_PROFESSIONAL
    many = local > np.median(model.after.professional)
    return float(top[many].mean() - top[~many].mean())


# ---- Routes ------------------------------------------------------------------------------------


def due(model: SchoolsModel, grade: int) -> Adults:
    """Return a cohort that can be changed."""
    return by_grade(model.after, model.year)[grade].copy()


def _routed(model: SchoolsModel, policy: Post16 = AS_IT_IS) -> Adults:
    young, fixed = due(model, FIRST_ADULT_GRADE), model.terms
    post16.choose_routes(young, model.after.offers, fixed.values, fixed.on, fixed.key, policy)
    return young


def _academic(young: Adults) -> Bools:
    return np.asarray(young.route <= ROUTE_COLLEGE)


@at_once("share")
def sixth_form_share(model: SchoolsModel) -> float:
    """Leavers who go to a school sixth form or a sixth-form college."""
    return float(_academic(_routed(model)).mean())


@at_once("share")
def technical_share(model: SchoolsModel) -> float:
    """Leavers who go to a technical college."""
    return float((_routed(model).route == ROUTE_TECHNICAL).mean())


@at_once("share")
def staying_share(model: SchoolsModel) -> float:
    """Leavers in education, an apprenticeship or work for six months."""
    return float(_routed(model).sustained.mean())


@at_once("share")
def staying_gap(model: SchoolsModel) -> float:
    """The same, others less pupils who were ever-6."""
    young = _routed(model)
    return float(young.sustained[~young.ever6].mean() - young.sustained[young.ever6].mean())


@at_once("SD")
def sixth_form_score_gap(model: SchoolsModel) -> float:
    """Attainment at 16 of those in sixth forms less that of others."""
    young = _routed(model)
    return float(young.score[_academic(young)].mean() - young.score[~_academic(young)].mean())


@at_once("share")
def sixth_form_migration_gap(model: SchoolsModel) -> float:
    """Share in sixth forms, all other heritages less White British."""
    young = _routed(model)
    other = young.heritage > 0
    return float(_academic(young)[other].mean() - _academic(young)[~other].mean())


@at_once("share")
def apprenticeship_girls_share(model: SchoolsModel) -> float:
    """Girls among those who begin an apprenticeship."""
    young = _routed(model)
    return float(young.girl[young.route == ROUTE_APPRENTICESHIP].mean())


@at_once("log")
def chosen_places(model: SchoolsModel) -> float:
    """Places in reach of the route that is chosen, where a route has places."""
    young, places = _routed(model), model.after.offers.places
    log_places = np.zeros((len(places), ROUTE_COUNT))
    log_places[:, :2] = places.log_places[:, :2]
    log_places[:, ROUTE_APPRENTICESHIP] = places.log_apprenticeships
    return float(log_places[young.small, young.route].mean())


@at_once("share")
def chosen_by_neighbours(model: SchoolsModel) -> float:
    """How much likelier than the nation's young people older neighbours took the chosen route."""
    young = _routed(model)
    seen = model.after.offers.neighbours.routes
    return float(seen[young.area, ROUTE_COUNT * young.ever6 + young.route].mean())


@at_once("share")
def sixth_form_prospects(model: SchoolsModel) -> float:
    """Covariance of choosing a sixth form with older young people's professional jobs."""
    young = _routed(model)
    prospects = model.after.offers.neighbours.prospects[young.area]
    return float((_academic(young) * prospects).mean())


@at_once("share")
def neighbours_noted(model: SchoolsModel) -> float:
    """Spread of older neighbours' routes when they have been seen for one year."""
    neighbours, young = model.after.offers.neighbours, _routed(model)
    neighbours.routes = 0
    offers.note_routes(
        neighbours,
        young.area,
        young.ever6,
        young.route,
        model.world.areas.weight.astype(float),
        model.terms.values.offers.neighbours_keep,
    )
    return float(neighbours.routes.std())


@at_once("share")
def free_travel_gain(model: SchoolsModel) -> float:
    """Leavers in a college or sixth form because travel is free."""
    went = [(_routed(model, p).route <= ROUTE_TECHNICAL).mean() for p in (FREE_TRAVEL, AS_IT_IS)]
    return float(went[0] - went[1])


@at_once("share")
def technical_offer_gain(model: SchoolsModel) -> float:
    """Leavers in a technical college because its offer is twice as large."""
    went = [(_routed(model, p).route == ROUTE_TECHNICAL).mean() for p in (TWICE, AS_IT_IS)]
    return float(went[0] - went[1])


@at_once("share")
def premium_staying_gain(model: SchoolsModel) -> float:
    """Leavers who stay because the pupil premium goes on to 19."""
    stay = [_routed(model, p).sustained.mean() for p in (PREMIUM, AS_IT_IS)]
    return float(stay[0] - stay[1])


# ---- Levels ------------------------------------------------------------------------------------


def levelled(model: SchoolsModel, policy: Post16 = AS_IT_IS) -> Adults:
    """Return the cohort that turns 19 with the levels it reaches."""
    young, fixed = due(model, LEVELS_GRADE), model.terms
    post16.finish_levels(young, fixed.values, fixed.on, fixed.key, policy)
    return young


@at_once("share")
def level2_by_19(model: SchoolsModel) -> float:
    """Level 2 by 19."""
    return float(levelled(model).level2.mean())


@at_once("share")
def level3_by_19(model: SchoolsModel) -> float:
    """Level 3 by 19."""
    return float((levelled(model).level3 > 0).mean())


@at_once("share")
def technical_level3_share(model: SchoolsModel) -> float:
    """Holders of Level 3 who have a technical one."""
    level3 = levelled(model).level3
    return float((level3 == LEVEL3_TECHNICAL).sum() / (level3 > 0).sum())


@at_once("share")
def technical_offer_level3(model: SchoolsModel) -> float:
    """Level 3 by 19 when the technical offer is twice as large."""
    return float((levelled(model, TWICE).level3 > 0).mean())


@at_once("share")
def premium_level3(model: SchoolsModel) -> float:
    """Level 3 by 19 when the pupil premium goes on to 19."""
    return float((levelled(model, PREMIUM).level3 > 0).mean())
