"""What universities do at once, read off a model at the start of policy year 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    DEGREE_GOOD,
    DEGREE_LATER,
    ENTRY_HIGH_TARIFF,
    GRADUATION_GRADE,
    LATER_DEGREE_GRADES,
    REGION_LONDON,
)
from sim.evidence.moves_routes import due, levelled
from sim.evidence.probes import at_once
from sim.model import SchoolsModel
from sim.model.higher import go_to_university
from sim.world import universities
from sim.world.adults import Adults
from sim.year import higher

__all__: list[str] = []


# ---- Entry ------------------------------------------------------------------------------


def _students(model: SchoolsModel) -> Adults:
    """Levels and entry of a cohort that turns 19."""
    young, fixed, after = levelled(model), model.terms, model.after
    chances = universities.destinations(after.universities, after.distances, fixed.values)
    higher.enter(young, after.offers.places.log_km, chances, fixed.values, fixed.on, fixed.key)
    return young


@at_once("share")
def higher_entry(model: SchoolsModel) -> float:
    """Enter higher education by 19."""
    return float((_students(model).entered > 0).mean())


@at_once("share")
def higher_entry_fsm_gap(model: SchoolsModel) -> float:
    """The same, others less those registered for free meals at 15."""
    young = _students(model)
    went = young.entered > 0
    return float(went[~young.fsm15].mean() - went[young.fsm15].mean())


@at_once("share")
def higher_entry_isolation_gap(model: SchoolsModel) -> float:
    """The same, the half of areas nearer to schools less the more isolated half."""
    young = _students(model)
    far = model.world.areas.log_isolation
    there = (far > np.median(far))[young.area]
    went = young.entered > 0
    return float(went[~there].mean() - went[there].mean())


@at_once("share")
def high_tariff_share(model: SchoolsModel) -> float:
    """Entrants who go to a university of high tariff."""
    entered = _students(model).entered
    return float((entered == ENTRY_HIGH_TARIFF).sum() / (entered > 0).sum())


@at_once("share")
def home_students(model: SchoolsModel) -> float:
    """Entrants who live at home."""
    young = _students(model)
    return float(young.at_home[young.entered > 0].mean())


@at_once("km")
def study_km(model: SchoolsModel) -> float:
    """Distance between home and university of those who leave home."""
    return _kilometres(model, at_home=False)


@at_once("km")
def home_study_km(model: SchoolsModel) -> float:
    """The same of those who live at home."""
    return _kilometres(model, at_home=True)


def _kilometres(model: SchoolsModel, *, at_home: bool) -> float:
    young = _students(model)
    went = (young.entered > 0) & (young.at_home == at_home)
    return float(model.after.distances[young.area[went], young.university[went]].mean())


def _founded(model: SchoolsModel) -> universities.Universities:
    return universities.found(model.terms.values.higher, model.terms.key)


@at_once("share")
def university_concentration(model: SchoolsModel) -> float:
    """Chance that two students of lower tariff are at one university."""
    table = _founded(model)
    return float((table.size[~table.high] ** 2).sum())


@at_once("share")
def high_tariff_concentration(model: SchoolsModel) -> float:
    """The same for high tariff."""
    table = _founded(model)
    return float((table.size[table.high] ** 2).sum())


@at_once("share")
def london_universities(model: SchoolsModel) -> float:
    """Places of lower tariff that are in London."""
    table = _founded(model)
    return float(table.size[(table.region == REGION_LONDON) & ~table.high].sum())


@at_once("share")
def university_places_shift(model: SchoolsModel) -> float:
    """How far universities' places have moved from their lasting size after a year."""
    go_to_university(model.nation, model.year)
    table = model.after.universities
    return float(np.abs(table.places - table.size).sum() / 2)


# ---- Degrees -----------------------------------------------------------------------------------


def _graduated(model: SchoolsModel, support: float = 0.0) -> Adults:
    """Return the cohort of 22 with its degrees."""
    adults, fixed = due(model, GRADUATION_GRADE), model.terms
    backing = np.full(len(model.after.universities), support)
    higher.graduate(adults, backing, fixed.values, fixed.on, fixed.key)
    return adults


@at_once("share")
def degree_completion(model: SchoolsModel) -> float:
    """Entrants by 19 who have a degree at 22."""
    adults = _graduated(model)
    return float((adults.degree > 0).sum() / (adults.entered > 0).sum())


@at_once("share")
def good_degrees(model: SchoolsModel) -> float:
    """First or upper second among degrees at 22."""
    degree = _graduated(model).degree
    return float((degree == DEGREE_GOOD).sum() / (degree > 0).sum())


def _supported(model: SchoolsModel) -> NDArray[np.int8]:
    """Degrees of entrants from deprived places when every university supports them."""
    adults = _graduated(model, 1.0)
    chosen = (adults.entered > 0) & (adults.fifth <= higher.SUPPORTED_FIFTHS)
    return np.asarray(adults.degree[chosen])


@at_once("share")
def supported_completion(model: SchoolsModel) -> float:
    """Entrants from deprived places with a degree at 22, when universities support them."""
    return float((_supported(model) > 0).mean())


@at_once("share")
def supported_good_degrees(model: SchoolsModel) -> float:
    """Entrants from deprived places with a good degree at 22, when universities support them."""
    return float((_supported(model) == DEGREE_GOOD).mean())


@at_once("share")
def later_degrees(model: SchoolsModel) -> float:
    """Degrees taken between 23 and 29, share of a cohort."""
    adults, fixed = due(model, LATER_DEGREE_GRADES[0]), model.terms
    for grade in LATER_DEGREE_GRADES:
        higher.later_degrees(adults, grade, fixed.values, fixed.on, fixed.key)
    return float((adults.degree == DEGREE_LATER).mean())
