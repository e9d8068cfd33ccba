"""Each process and each mechanism can be turned off, and a named measure shows that it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.config.models import Switches
from sim.model import SchoolsModel
from sim.study.readings import structure
from sim.study.results_readings import Results, attainment
from sim.year.plans import TUTORING
from tests.laws import worlds

REPLICATES = 2
SELECTIVE = ("world=region", "world.region='East Midlands'")
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
    return Results.of(model, model.recorder.sittings[stage])


def gap(stage: int) -> Callable[[SchoolsModel], float]:
    return lambda model: sitting(model, stage).gap(sitting(model, stage).points)


def correlation(stage: int) -> Callable[[SchoolsModel], float]:
    def between(model: SchoolsModel) -> float:
        found = sitting(model, stage)
        return float(np.corrcoef(found.earlier, found.score)[0, 1])

    return between


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
}


@cache
def read(measure: str, replicate: int, *overrides: str) -> float:
    """A measure in the last of two policy years."""
    mine = worlds.settings("baseline", "years=2", *overrides, replicate=replicate)
    model = SchoolsModel(mine, worlds.past(mine))
    found = []

    def watch(now: SchoolsModel) -> None:
        if now.policy_year == now.settings.years:
            found.append(READINGS[measure](now))

    model.watch = watch
    model.run()
    model.close()
    return found[0]


def test_every_switch_names_what_it_moves() -> None:
    assert set(MOVED) == set(Switches.model_fields)
    assert {moved.measure for moved in MOVED.values()} <= set(READINGS)
    assert all(worlds.settings().switches.model_dump().values())


@pytest.mark.parametrize("switch", MOVED)
def test_turning_a_mechanism_off_moves_its_measure(switch: str) -> None:
    moved = MOVED[switch]
    for replicate in range(1 if moved.overrides else REPLICATES):
        on = read(moved.measure, replicate, *moved.overrides)
        off = read(moved.measure, replicate, *moved.overrides, f"switches.{switch}=false")
        assert moved.sign * (off - on) > moved.least, (on, off)
