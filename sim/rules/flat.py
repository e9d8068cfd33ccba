"""The same pounds for every pupil of a phase, times area cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codes import AREA_COST_UNIT
from sim.data.rates import Rates
from sim.funding.census import Census
from sim.funding.protection import REFORM_FLOOR
from sim.money import IntArray, half_up
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["flat"]


@RULES.add(
    "flat",
    title="The same pounds for every pupil, times area cost",
    balance="flat",
    floor=REFORM_FLOOR,
    closure="lower_floor",
)
def flat(census: Census, rates: Rates, funding: Funding) -> dict[str, IntArray]:
    """Pay one rate a pupil times area cost; the rate balances the pot of each phase."""
    # One rate for both phases, so that with one pot over both it is flat over both; its size
    # does not matter, for the line balances the pot.
    pence = census.pupils * rates.basic[0]
    line = half_up(pence * census.area_cost, AREA_COST_UNIT)
    return {"flat": np.where(census.funded, line, 0)}
