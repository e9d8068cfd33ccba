"""Results by sex and by special need: what a year shows, and what is published of the nation.

Nothing here knows a place. Published figures are rows of the table of targets.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import NEED_NONE, NEED_PLAN, NEED_SUPPORT, NEEDS, PHASES, phase_of
from sim.evidence.results import Results
from sim.model import SchoolsModel
from sim.world.needs import need_in

__all__ = ["by_need", "by_sex", "pupil_results"]

RESULTS = ("good_level", "ks2_expected", "attainment8", "progress8")
"""Good level of development at 5, expected standard at 11, %; points and grades at 16."""


def pupil_results(model: SchoolsModel) -> dict[str, float]:
    """Return the readings of targets 51 and 52; those of special needs where they are on."""
    sat = [Results.of(model, sitting) for sitting in model.nation.made.sittings]
    found = by_sex(sat)
    if model.terms.on.special_needs:
        found |= by_need(sat) | _rates(model)
    return found


def by_sex(sat: list[Results]) -> dict[str, float]:
    """Return girls' results less boys', and their middle.

    Args:
        sat: Results at 5, 11 and 16.
    """
    found: dict[str, float] = {}
    for name, results, values in _each(sat):
        girls, boys = results.mean(values, results.girl), results.mean(values, ~results.girl)
        found |= {f"{name}_girls_gap": girls - boys, f"{name}_middle": (girls + boys) / 2}
    return found


def by_need(sat: list[Results]) -> dict[str, float]:
    """Return results of children with SEN support, with a plan, and of others.

    Args:
        sat: Results at 5, 11 and 16.
    """
    return {
        f"{name}_{word}": results.mean(values, results.need == need)
        for name, results, values in _each(sat)
        for need, word in ((NEED_NONE, "no_need"), (NEED_SUPPORT, "support"), (NEED_PLAN, "plan"))
    }


def _each(sat: list[Results]) -> list[tuple[str, Results, NDArray[np.float64]]]:
    early, ks2, ks4 = sat
    passed_5, passed_11 = (100 * one.passed.astype(float) for one in (early, ks2))
    values = (passed_5, passed_11, ks4.points, ks4.gained)
    return list(zip(RESULTS, (early, ks2, ks4, ks4), values, strict=True))


def _rates(model: SchoolsModel) -> dict[str, float]:
    """Return who has a need on a roll: shares by phase, and who they are, %."""
    heads = np.zeros((len(PHASES), len(NEEDS)))
    girls, fsm = np.zeros(len(NEEDS)), np.zeros(len(NEEDS))
    world = model.world
    for pupils in world.cohorts.values():
        here = world.enrolled(pupils)
        weight = world.areas.weight[world.small.area[pupils.small]] * here
        phase = phase_of(pupils.grade(model.year))
        need = need_in(pupils, phase)
        now = (pupils.registered & model.terms.bits.fsm) != 0
        heads[phase] += np.bincount(need, weight, len(NEEDS))
        girls += np.bincount(need, weight * pupils.girl, len(NEEDS))
        fsm += np.bincount(need, weight * now, len(NEEDS))
    total = heads.sum(axis=0)
    found = {}
    for which in (NEED_SUPPORT, NEED_PLAN):
        word = NEEDS[which]
        for phase, name in enumerate(PHASES):
            found[f"{word}_rate_{name}"] = float(100 * heads[phase, which] / heads[phase].sum())
        found[f"{word}_boys"] = float(100 * (1 - girls[which] / total[which]))
        found[f"{word}_fsm"] = float(100 * fsm[which] / total[which])
    return found
