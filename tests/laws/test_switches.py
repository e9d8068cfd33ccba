"""Each process and each mechanism can be turned off, and a named measure shows that it is.

One that is off by default is turned on, and off again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.codes import (
    ENTRY_HIGH_TARIFF,
    FIRST_ADULT_GRADE,
    GRADE_AT_25,
    JOB_MIDDLE,
    JOB_PROFESSIONAL,
    LAST_GRADE,
    LEVELS_GRADE,
    REGION_LONDON,
    STARTING_AGE,
)
from sim.config.models import Switches
from sim.evidence.after_school import after_school
from sim.evidence.pupils import by_sex
from sim.evidence.results import Results, attainment
from sim.evidence.structure import structure
from sim.model import SchoolsModel
from sim.model.post16 import reach
from sim.nation import by_grade
from sim.world import effects
from sim.world.adults import Adults
from sim.world.attendance import absence, absence_terms
from sim.world.programmes import TUTORING
from tests.laws import worlds

ITS_OWN = "test_turning_it_off_moves_its_measure"
REPLICATES = 2
REMOTE = ("world=region", "world.region='South West'")
"""Where the way to a college is long for many."""
SELECTIVE = ("world=region", "world.region='South East'")
"""The tiny world has no grammar schools."""


class Moved(NamedTuple):
    """A measure, how it changes when a switch is turned off (sign), and by how much at least."""

    measure: str
    sign: int
    least: float
    overrides: tuple[str, ...] = ()


MOVED = {
    "allocation": Moved("resource_gap", -1, 300),
    "plans": Moved("teacher_turnover", +1, 0.003),
    "teachers": Moved("novice_gap", -1, 0.003),
    "admissions": Moved("nearest_secondary", +1, 10),
    "learning": Moved("correlation_5_11", +1, 0.1),
    "assessment": Moved("correlation_11_16", +1, 0.03),
    "money": Moved("attainment8", -1, 0.2),
    "background": Moved("attainment8_gap", -1, 10),
    "peers": Moved("school_sd", -1, 0.1),
    "critical_mass": Moved("ks2_gap", +1, 0.05),
    "early_support": Moved("early_years_gap", +1, 0.03),
    "setting": Moved("attainment8_gap", -1, 0.05),
    "fade": Moved("attainment8", +1, 0.2),
    "value_added": Moved("school_share_value_added", -1, 0.03),
    "fixed_costs": Moved("programme_reach", +1, 0.05),
    "reputation": Moved("fsm_segregation", -1, 0.05),
    "practice": Moved("programme_spread", +1, 0.02),
    "moves": Moved("mobility", -1, 0.01),
    "grammar": Moved("fsm_dissimilarity_secondary", -1, 0.003, SELECTIVE),
    "post16": Moved("further_education", +1, 30),
    "higher": Moved("higher_education", -1, 30),
    "recruitment": Moved("professional_gap", -1, 0.08, ("switches.local_work=false",)),
    "progression": Moved("promotion_rate", -1, 0.5),
    "isolation": Moved("post16_options", +1, 0.1, REMOTE),
    "terrain": Moved("post16_options", +1, 0.03),
    "offer": Moved("sixth_form_spread", -1, 0.01),
    "attachment": Moved("moved_share", +1, 0.2),
    "neighbours": Moved("sixth_form_spread", -1, 0.002),
    "after_school_background": Moved("good_degree_gap", -1, 5),
    "heritage_gaps": Moved("attainment8_gap", -1, 0.5),
    "late_arrivals": Moved("without_progress", -1, 0.02),
    "parents_by_place": Moved("poor_parents_by_place", -1, 0.01),
    "fade_by_source": Moved("attainment8", -1, 0.2),
    "primary_push": Moved("ks2_gap", +1, 0.01),
    "drift": Moved("value_added_left", +1, 0.05),
    "cohort_shocks": Moved("shocks_in_results", -1, 0.1),
    "sex": Moved("girls_gap", -1, 3),
    "attendance": Moved("absence_spread", -1, 3),
    "special_needs": Moved("support_share", -1, 0.1),
    "teachers_market": Moved("drawn_spread", -1, 0.002),
    "local_work": Moved("without_pay", -1, 0.1),
    "causal_gains": Moved("gains_counted", -1, 0.0001),
    "local_labour_markets": Moved("works_daily_away", -1, 0.003, ("world=tenth",)),
    "pay_by_level": Moved("london_pay", +1, 0.02),
    "tariff_places": Moved("high_tariff_drift", +1, 0.002, ("years=1",)),
}


def by_group(model: SchoolsModel, value: Any) -> float:
    """Disadvantaged pupils' mean of a school's number less that of others."""
    groups = model.world.schools.groups
    poor = np.average(value, weights=groups[:, 1:].sum(axis=1))
    return float(poor - np.average(value, weights=groups[:, 0]))


def pounds(model: SchoolsModel) -> Any:
    schools = model.world.schools
    return schools.budget / 100 / np.maximum(schools.paid_pupils, 1)


def sitting(model: SchoolsModel, stage: int) -> Results:
    return Results.of(model, model.nation.made.sittings[stage])


def gap(stage: int) -> Callable[[SchoolsModel], float]:
    return lambda model: sitting(model, stage).gap(sitting(model, stage).points)


def correlation(stage: int) -> Callable[[SchoolsModel], float]:
    return lambda model: sitting(model, stage).correlation()


def at_25(model: SchoolsModel) -> Adults:
    return by_grade(model.after, model.year)[GRADE_AT_25]


def options(model: SchoolsModel) -> float:
    young = by_grade(model.after, model.year)[FIRST_ADULT_GRADE]
    kinds = reach(model.after, young, model.terms, model.nation.policy)
    return float(kinds.sum(axis=1).mean())


def sixth_form_spread(model: SchoolsModel) -> float:
    """Spread between areas of the share that goes on to a school sixth form."""
    young = by_grade(model.after, model.year)[FIRST_ADULT_GRADE]
    heads = np.bincount(young.area, minlength=len(model.world.areas))
    return float((np.bincount(young.area, young.route == 0, heads.size) / heads).std())


def professional_gap(model: SchoolsModel) -> float:
    people = at_25(model)
    top, poor = people.job == JOB_PROFESSIONAL, people.group > 0
    return float(top[~poor].mean() - top[poor].mean())


def poor_parents(model: SchoolsModel) -> float:
    """Education of poor parents where adults are skilled for their poverty, less elsewhere."""
    pupils, world = model.world.cohorts[model.year - STARTING_AGE], model.world
    index = world.facts.skill_poor[world.areas.facts_row]
    skilled = (index > np.median(index))[world.small.area[pupils.small]]
    poor = pupils.income < np.median(pupils.income)
    return float(pupils.parents[poor & skilled].mean() - pupils.parents[poor & ~skilled].mean())


def promoted(model: SchoolsModel) -> float:
    people = at_25(model)
    return float((people.grade_of_job[people.job >= JOB_MIDDLE] > 0).mean())


def value_added_left(model: SchoolsModel) -> float:
    """Correlation of schools' value added with what was first drawn."""
    schools, known = model.world.schools, model.terms.values.learning
    drawn = effects.of_schools(model.world, known)["value_added"]
    return float(np.corrcoef(schools.value_added, drawn)[0, 1])


def absence_spread(model: SchoolsModel) -> float:
    """Spread of absence over the children of Year 11, per cent of sessions."""
    pupils, terms = model.nation.made.sittings[2].pupils, model.terms
    by = absence_terms(terms.values, terms.on, LAST_GRADE)
    return float(absence(pupils, by, int(terms.bits.ever6))[0].std())


def shocks_in_results(model: SchoolsModel) -> float:
    """How Attainment 8 of areas goes with what this year alone would do to them, points."""
    ks4 = sitting(model, 2)
    shock = effects.of_cohorts(model.world, model.terms.values.learning, model.year)[1]
    mean = ks4.by_area(ks4.points, np.ones(ks4.dis.size, np.bool_), shock.size)
    return float(np.cov(mean, shock)[0, 1] / shock.std(ddof=1))


def london_pay(model: SchoolsModel) -> float:
    """Log pay at 25 of those who work in London, less that of those who work elsewhere."""
    people = at_25(model)
    paid = people.pay > 0
    there = people.region[paid] == REGION_LONDON
    log_pay = np.log(people.pay[paid])
    if not there.any() or there.all():
        return float("nan")
    return float(log_pay[there].mean() - log_pay[~there].mean())


def works_daily_away(model: SchoolsModel) -> float:
    """People of 25 who go every day to a job in another labour market than that of their home."""
    people = at_25(model)
    home = model.nation.work.places.market[people.area]
    away = (people.job > 0) & (people.market != home) & ~people.moved
    return float(away.mean())


def high_tariff_drift(model: SchoolsModel) -> float:
    """How far entry at high tariff has moved from that of year 0."""
    young = by_grade(model.after, model.year)[LEVELS_GRADE]
    went = young.entered == ENTRY_HIGH_TARIFF
    now = np.average(went, weights=model.world.weight_of(young))
    return float(abs(now - model.memory.high_tariff))


def gains_counted(model: SchoolsModel) -> float:
    """What is known of what money has added to Year 11 since year 0, SD up or down."""
    pupils = model.world.cohorts[model.year - STARTING_AGE - LAST_GRADE]
    return float(np.abs(pupils.added).mean())


READINGS: dict[str, Callable[[SchoolsModel], float]] = {
    "resource_gap": lambda model: by_group(model, pounds(model)),
    "novice_gap": lambda model: by_group(model, model.world.schools.novice),
    "teacher_turnover": lambda model: float(
        np.average(model.world.schools.leaving, weights=model.world.schools.pupils)
    ),
    "attainment8": lambda model: float(sitting(model, 2).points.mean()),
    "attainment8_gap": gap(2),
    "ks2_gap": gap(1),
    "early_years_gap": gap(0),
    "correlation_5_11": correlation(1),
    "correlation_11_16": correlation(2),
    "school_sd": lambda model: attainment(model)["attainment8_school_sd"],
    "school_share_value_added": lambda model: attainment(model)["school_share_value_added"],
    "nearest_secondary": lambda model: structure(model)["nearest_secondary"],
    "fsm_segregation": lambda model: structure(model)["fsm_variance_between_schools"],
    "fsm_dissimilarity_secondary": lambda model: structure(model)["dissimilarity_secondary"],
    "programme_reach": lambda model: float((model.world.schools.spend[:, TUTORING] > 0).mean()),
    "programme_spread": lambda model: float(model.world.schools.belief[:, TUTORING].std()),
    "mobility": lambda model: float(
        model.world.schools.mobile.sum() / model.world.schools.pupils.sum()
    ),
    "further_education": lambda model: after_school(model)["further_education_disadvantaged"],
    "higher_education": lambda model: after_school(model)["he_other"],
    "good_degree_gap": lambda model: after_school(model)["good_degree_gap"],
    "without_progress": lambda model: float(np.isnan(sitting(model, 2).gained).mean()),
    "poor_parents_by_place": poor_parents,
    "professional_gap": professional_gap,
    "promotion_rate": promoted,
    "post16_options": options,
    "sixth_form_spread": sixth_form_spread,
    "value_added_left": value_added_left,
    "shocks_in_results": shocks_in_results,
    "girls_gap": lambda model: by_sex([sitting(model, k) for k in range(3)])[
        "attainment8_girls_gap"
    ],
    "absence_spread": absence_spread,
    "support_share": lambda model: float((sitting(model, 2).need > 0).mean()),
    "drawn_spread": lambda model: float(model.world.schools.drawn.std()),
    "without_pay": lambda model: float((at_25(model).pay <= 0).mean()),
    "gains_counted": gains_counted,
    "london_pay": london_pay,
    "high_tariff_drift": high_tariff_drift,
    "works_daily_away": works_daily_away,
    "moved_share": lambda model: float(at_25(model).moved.mean()),
}


@cache
def read(measures: tuple[str, ...], replicate: int, *overrides: str) -> dict[str, float]:
    """Measures in the last of two policy years."""
    mine = worlds.settings("baseline", "years=2", *overrides, replicate=replicate)
    model = SchoolsModel(mine, worlds.past(mine))
    found = {}

    def watch(now: SchoolsModel) -> None:
        if now.policy_year == now.settings.years:
            found.update({name: READINGS[name](now) for name in measures})

    model.watch = watch
    model.run()
    model.close()
    return found


def elsewhere() -> set[str]:
    """Switches of processes whose own test shows what they move."""
    files = (Path(__file__).resolve().parents[1] / "model").glob("test_*.py")
    told = (path for path in files if f"def {ITS_OWN}(" in path.read_text(encoding="utf-8"))
    return {path.stem.removeprefix("test_") for path in told}


def test_every_switch_names_what_it_moves() -> None:
    assert set(MOVED) | elsewhere() == set(Switches.model_fields)
    assert {moved.measure for moved in MOVED.values()} <= set(READINGS)
    assert worlds.settings().switches == Switches()


def larger_worlds_are_slow(switch: str) -> Any:
    """Return the parameter of a switch, marked where four areas have no room for its mechanism."""
    larger = any(words.startswith("world=") for words in MOVED[switch].overrides)
    return pytest.param(switch, marks=[pytest.mark.slow] * larger)


@pytest.mark.parametrize("switch", [larger_worlds_are_slow(switch) for switch in MOVED])
def test_turning_a_mechanism_off_moves_its_measure(switch: str) -> None:
    moved = MOVED[switch]
    for replicate in range(1 if moved.overrides else REPLICATES):
        name, off = moved.measure, f"switches.{switch}=false"
        if Switches.model_fields[switch].default:
            before = read(tuple(READINGS), replicate, *moved.overrides)[name]
        else:
            before = read((name,), replicate, *moved.overrides, f"switches.{switch}=true")[name]
        after = read((name,), replicate, *moved.overrides, off)[name]
        assert moved.sign * (after - before) > moved.least, (before, after)
