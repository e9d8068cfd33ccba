"""Readings after 16 that published figures can be held against (targets 24 to 32, 38, 54).

Each in its own group: FSM at 15 with protection off, ever-6, small-area fifth, or parents'
occupation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.arrays import ranks
from sim.codes import (
    DEGREE_GOOD,
    ENTRY_HIGH_TARIFF,
    FIRST_ADULT_GRADE,
    GRADE_AT_25,
    GRADUATION_GRADE,
    JOB_MIDDLE,
    JOB_PROFESSIONAL,
    LAST_ADULT_GRADE,
    LEVELS_GRADE,
    OCCUPATION_PROFESSIONAL,
    OCCUPATION_WORKING,
    OFFER_MADE,
    ROUTE_TECHNICAL,
    SCHEME_GRADE,
)
from sim.data.careers import careers
from sim.model import SchoolsModel
from sim.nation import by_grade
from sim.world.adults import Adults

__all__ = ["after_school", "place_patterns"]

Bools = NDArray[np.bool_]


class _Share:
    """Weighted shares and means over one cohort."""

    def __init__(self, model: SchoolsModel, block: Adults):
        self.block = block
        self.weight = model.world.weight_of(block).astype(float)

    def percent(self, what: NDArray[Any], among: Bools) -> float:
        """Share of some people for whom something holds, per cent; NaN of nobody."""
        return 100 * self.mean(what, among)

    def mean(self, what: NDArray[Any], among: Bools) -> float:
        """Mean over some people; NaN of nobody."""
        if not among.any():
            return float("nan")
        return float(np.average(what[among], weights=self.weight[among]))


def after_school(model: SchoolsModel) -> dict[str, float]:
    """Return the readings of targets 24 to 32, 38 and, with spells, 54 in the model's year."""
    blocks = {
        grade: _Share(model, block) for grade, block in by_grade(model.after, model.year).items()
    }
    out = (
        _routes(blocks[FIRST_ADULT_GRADE])
        | _levels(model, blocks[LEVELS_GRADE])
        | _work(model, blocks)
    )
    graduates = blocks[GRADUATION_GRADE]
    block, done = graduates.block, graduates.block.degree > 0
    good = [
        graduates.percent(block.degree == DEGREE_GOOD, done & (block.fifth == fifth))
        for fifth in (1, 5)
    ]
    out["good_degree_gap"] = good[1] - good[0]
    return out | (_without_pay(blocks[GRADE_AT_25]) if model.terms.on.local_work else {})


def place_patterns(model: SchoolsModel) -> dict[str, float]:
    """Return what is looked at and never fitted: who enters higher education where.

    Of young people registered at 15: over areas outside London the correlation of entry with an
    area's FSM rate of 2019, and the spread of entry; over regions the rank correlation of entry
    with the published order. Only for worlds with many areas.
    """
    world = model.world
    block = by_grade(model.after, model.year)[LEVELS_GRADE]
    areas = len(world.areas)
    outside = world.facts.region[world.areas.facts_row] != "London"
    fsm = world.facts.fsm_2019[world.areas.facts_row]
    poor = block.fsm15.astype(bool)
    count = np.bincount(block.area[poor], minlength=areas)
    went = np.bincount(block.area[poor], block.entered[poor] > 0, minlength=areas)
    known = outside & (count > 0)
    rate = went[known] / count[known]
    region = world.areas.region.astype(np.int64)
    everywhere = np.bincount(region, went) / np.maximum(np.bincount(region, count), 1)
    ours, published = (ranks(by) for by in (everywhere, careers().he_fsm))
    return {
        "fsm_with_he_disadvantaged": float(np.corrcoef(fsm[known], rate)[0, 1]),
        "he_fsm_area_sd_outside": 100 * float(rate.std()),
        "he_fsm_region_order": float(np.corrcoef(ours, published)[0, 1]),
    }


def _routes(share: _Share) -> dict[str, float]:
    block = share.block
    poor, everybody = block.ever6.astype(bool), np.ones(block.rows, bool)
    kept = [share.percent(block.sustained, chosen) for chosen in (everybody, poor, ~poor)]
    technical = block.route == ROUTE_TECHNICAL
    return {
        "sustained_all": kept[0],
        "sustained_gap": kept[1] - kept[2],
        "further_education_disadvantaged": share.percent(technical, poor),
        "further_education_other": share.percent(technical, ~poor),
    }


def _levels(model: SchoolsModel, share: _Share) -> dict[str, float]:
    block = share.block
    fsm = block.fsm15.astype(bool)
    out = {}
    for name, what in (
        ("level3", block.level3 > 0),
        ("he", block.entered > 0),
        ("high_tariff", block.entered == ENTRY_HIGH_TARIFF),
    ):
        out[f"{name}_fsm"] = share.percent(what, fsm)
        out[f"{name}_other"] = share.percent(what, ~fsm)
    kinds = model.world.facts.area_type[model.world.areas.facts_row]
    inner = (kinds == "inner_london")[block.area] & fsm
    if inner.any():
        rate = share.percent(block.entered > 0, inner) / 100
        england = out["he_fsm"] / 100
        both = 0 < rate < 1 and 0 < england < 1
        out["he_fsm_inner_london"] = float(ndtri(rate) - ndtri(england)) if both else float("nan")
    return out


def _work(model: SchoolsModel, blocks: dict[int, _Share]) -> dict[str, float]:
    schemes = blocks[SCHEME_GRADE]
    block, low = schemes.block, schemes.block.occupation == OCCUPATION_WORKING
    applied = block.offer >= 0
    rates = [schemes.percent(block.offer == OFFER_MADE, applied & chosen) for chosen in (low, ~low)]
    old = blocks[LAST_ADULT_GRADE]
    top = old.block.job == JOB_PROFESSIONAL
    pay = [
        old.mean(old.block.pay, top & (old.block.occupation == origin))
        for origin in (OCCUPATION_WORKING, OCCUPATION_PROFESSIONAL)
    ]
    return {
        "offer_deficit": 100 * (_over(*rates) - 1),
        "class_pay_gap": 100 * (1 - _over(*pay)),
        "slower_progression": _slower(blocks, model.terms.values.progression.steps),
    }


def _without_pay(share: _Share) -> dict[str, float]:
    """Return who has no pay at 25; without spells nearly everybody finds a post."""
    block = share.block
    idle, fsm = block.pay <= 0, block.fsm15.astype(bool)
    return {
        "without_pay_fsm": share.percent(idle, fsm),
        "without_pay_other": share.percent(idle, ~fsm),
    }


def _slower(blocks: dict[int, _Share], top: float) -> float:
    """Return how much longer low origins wait for a promotion, per cent.

    Promotions a year in post, from cohorts a year apart, those in middle and professional jobs.
    """
    pace = []
    for low in (True, False):
        steps, years = 0.0, 0.0
        for grade in range(GRADE_AT_25 + 1, LAST_ADULT_GRADE + 1):
            share = blocks[grade]
            block = share.block
            could = (block.job >= JOB_MIDDLE) & (block.grade_of_job - block.stepped < top)
            chosen = could & ((block.occupation == OCCUPATION_WORKING) == low)
            steps += float(np.sum(share.weight * block.stepped * chosen))
            years += float(np.sum(share.weight * chosen))
        pace.append(steps / max(years, 1.0))
    return 100 * (_over(pace[1], pace[0]) - 1)


def _over(part: float, whole: float) -> float:
    """Return a ratio, NaN where there is nothing to divide by."""
    return part / whole if whole > 0 else float("nan")
