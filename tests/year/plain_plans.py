"""What money does if a pound always does the same and a school short of margin pools everything.

The formula as it was before saturation, concentration and pooling were beliefs; whole arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world.programmes import RETENTION, TUTORING
from sim.year.returns import effective_pence

__all__ = ["flows", "scale"]


def _earmarked(schools: Any, plans: Any) -> Any:
    reach = plans.premium_reach * (schools.premium + schools.targeted)
    most = np.maximum(schools.margin, 0)
    floor = np.maximum(reach, schools.spend[:, TUTORING])
    earmarked = np.where(schools.ever6 > 0, np.minimum(floor, most), 0)
    return np.rint(earmarked).astype(np.int64)


def _multipliers(schools: Any, money: Any) -> tuple[float, Any]:
    dis = money.disadvantaged_multiplier
    share = schools.ever6 / np.maximum(schools.paid_pupils, 1)
    return dis, 1 + (dis - 1) * np.clip(share, 0, 1)


def _returns(schools: Any, fixed: Any, plans: Any) -> tuple[Any, Any]:
    margin = schools.margin
    whole = effective_pence(margin, schools.spend, fixed, plans)
    useful = np.maximum(schools.spend[:, RETENTION] - fixed[:, RETENTION], 0)
    keeping = useful * plans.relative_return[RETENTION]
    safe = np.where(margin == 0, 1, margin)
    return whole / safe, (whole - keeping) / safe


def scale(schools: Any, fixed: Any, weight: Any, values: Any) -> float:
    plans, money = values.plans, values.money
    dis, mean = _multipliers(schools, money)
    whole, flowing = _returns(schools, fixed, plans)
    earmarked = _earmarked(schools, plans)
    staying = (whole - flowing) * schools.margin * mean
    gained = flowing * ((schools.margin - earmarked) * mean + earmarked * dis) + staying
    spent = np.sum(weight * schools.margin.astype(float))
    total = float(np.sum(weight * gained))
    return float(spent / total) if spent > 0 and total > 0 else 1.0


def flows(schools: Any, fixed: Any, factor: float, use: Any, values: Any, harm: float) -> Any:
    plans, money = values.plans, values.money
    dis, mean = _multipliers(schools, money)
    _, ratio = _returns(schools, fixed, plans)
    earmarked = _earmarked(schools, plans)
    a_pound = money.return_per_thousand * factor / 100_000
    cost = schools.area_cost / 10_000
    pupils = np.maximum(schools.paid_pupils, 1)
    general = a_pound * ratio * use * (schools.margin - earmarked) / (pupils * cost)
    for_dis = a_pound * ratio * use * earmarked / (np.maximum(schools.ever6, 1) * cost)
    useful = np.maximum(schools.spend[:, RETENTION] - fixed[:, RETENTION], 0)
    gain = a_pound * plans.relative_return[RETENTION] * useful / (pupils * cost) * mean
    return general, general * (dis - 1) + for_dis * dis, gain / harm
