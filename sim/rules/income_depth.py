"""Disadvantage paid by depth of low income, its duration and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codes import PHASES
from sim.config.income_depth import BY_DEPTH
from sim.data.rates import Rates
from sim.funding.census import Census
from sim.funding.lines import formula_lines, total_of
from sim.funding.protection import REFORM_FLOOR
from sim.money import IntArray, apportion, exact_sum
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["income_depth"]


@RULES.add(
    BY_DEPTH,
    title="Disadvantage paid by depth of low income, its duration and place (policy.funding.depth)",
    balance="basic",
    floor=REFORM_FLOOR,
    closure="lower_floor",
)
def income_depth(census: Census, rates: Rates, funding: Funding) -> dict[str, IntArray]:
    """Share the pounds of the lines that are replaced by weighted steps of income, phase by phase.

    Until a census has counted steps, in policy year 1, the published lines are paid.
    """
    lines = formula_lines(census, rates)
    nothing = np.zeros(len(census), dtype=np.int64)
    lines["depth"] = nothing
    asked = funding.depth
    if census.depth is None or not asked.replaces:
        return lines
    weighed = census.depth @ np.array(asked.thousandths(), dtype=np.int64)
    points = np.where(census.funded, weighed, 0) * census.area_cost
    gone = total_of({name: lines[name] for name in asked.replaces})
    shared = nothing.copy()
    for phase in range(len(PHASES)):
        rows = np.flatnonzero(census.phase == phase)
        many = census.multiplicity[rows]
        pence = exact_sum(gone[rows], many)
        if pence and points[rows].any():
            shared[rows] = apportion(pence, points[rows], census.school[rows], many)[0]
    return lines | dict.fromkeys(asked.replaces, nothing) | {"depth": shared}
