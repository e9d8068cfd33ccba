"""The national formula with heavier deprivation factors, paid for by the basic amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.data.rates import Rates
from sim.funding.census import Census
from sim.funding.lines import formula_lines
from sim.funding.protection import REFORM_FLOOR
from sim.money import IntArray
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["need_weighted"]


@RULES.add(
    "need_weighted",
    title="National Funding Formula with heavier deprivation factors",
    balance="basic",
    floor=REFORM_FLOOR,
    closure="lower_floor",
)
def need_weighted(census: Census, rates: Rates, funding: Funding) -> dict[str, IntArray]:
    """Multiply the FSM, FSM6 and IDACI rates by ``need_weight``; the basic amount pays."""
    return formula_lines(census, rates, funding.need_weight)
