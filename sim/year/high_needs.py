"""High needs: what pupils with special needs cost a mainstream school beyond what is paid for it.

Part of a school's budget is meant for special needs by notion: a part of its basic amount, of what
it gets for deprivation and of what it gets for low attainment. Of it the school pays the first
GBP 6,000 a year of each pupil with a plan, and support for the others; in year 0 support costs
what is left of all notional budgets. The rest of a plan's cost is topped up from high needs money,
a like part of every plan's. What is not covered, and what needs cost beyond the notional budget,
spills into the school's margin; where needs cost less, the margin is larger.

References:
    Department for Education, *High needs funding: operational guide 2024 to 2025*.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import AREA_COST_UNIT, PENCE
from sim.config.values import HighNeedsBeliefs
from sim.money import IntArray, apportion
from sim.world.tables import Schools

__all__ = ["FIRST_GBP", "Cost", "cost", "notional", "spill", "support_pence", "top_ups"]

FIRST_GBP = 6_000
"""Of the yearly cost of a plan, what the school pays; the same everywhere."""
DEPRIVATION = ("fsm", "fsm6", "idaci")


class Cost(NamedTuple):
    """Pence a year by school: first pounds of plans, and what should be topped up."""

    first: IntArray
    topped: IntArray


def notional(lines: dict[str, IntArray], known: HighNeedsBeliefs) -> IntArray:
    """Return what is meant for special needs in each school's budget, pence.

    Args:
        lines: The published formula's lines on the school's census, whatever rule pays.
        known: Beliefs about high needs.
    """
    part = known.notional
    found = part.basic * lines["basic"] + part.low_prior * lines["low_prior"]
    found = found + part.deprivation * np.sum([lines[name] for name in DEPRIVATION], axis=0)
    return _whole(found)


def cost(schools: Schools, known: HighNeedsBeliefs) -> Cost:
    """Return what plans cost each school first, and what should be topped up."""
    local = PENCE * schools.area_cost / AREA_COST_UNIT * schools.with_plan
    return Cost(_whole(FIRST_GBP * local), _whole(known.top_up_gbp * local))


def support_pence(
    schools: Schools, given: IntArray, first: IntArray, weight: NDArray[np.int64]
) -> float:
    """Return what support costs a pupil at area cost 1 when all notional budgets are spent, pence.

    Args:
        schools: Read: with_support, area_cost.
        given: Notional budgets.
        first: What plans cost first.
        weight: Schools like it that each one stands for.
    """
    pupils = np.sum(weight * schools.with_support * schools.area_cost / AREA_COST_UNIT)
    left = np.sum(weight * (given - first).astype(float))
    return float(max(left, 0.0) / pupils) if pupils else 0.0


def top_ups(
    pot: int, schools: Schools, topped: IntArray, weight: NDArray[np.int64]
) -> tuple[IntArray, int]:
    """Share high needs money out by what should be topped up; return pence and what is left."""
    if not pot or not topped.any():
        return np.zeros_like(topped), pot
    return apportion(pot, topped, schools.id.astype(np.int64), weight)


def spill(schools: Schools, given: IntArray, of: Cost, paid: IntArray, each: float) -> IntArray:
    """Return what special needs take from each school's margin, pence; below 0 they leave some.

    Args:
        schools: Read: with_support, area_cost.
        given: Notional budgets.
        of: What plans cost.
        paid: Top-ups.
        each: What support costs a pupil at area cost 1, pence.
    """
    support = _whole(each * schools.with_support * schools.area_cost / AREA_COST_UNIT)
    return np.asarray(of.first + of.topped + support - given - paid, np.int64)


def _whole(pence: NDArray[Any]) -> IntArray:
    return np.asarray(np.rint(pence), np.int64)
