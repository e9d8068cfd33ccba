"""A formula of one's own, written down in pounds: ``policy.funding.rates``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.formula import WRITTEN
from sim.data.rates import Rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.lines import formula_lines
from sim.funding.protection import REFORM_FLOOR
from sim.funding.written import written_lines
from sim.money import IntArray
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["rates_of_ones_own"]


@RULES.add(
    WRITTEN,
    title="A formula that is written down in pounds (policy.funding.rates)",
    balance="basic",
    floor=REFORM_FLOOR,
    closure="balance",
)
def rates_of_ones_own(census: Census, rates: Rates, funding: Funding) -> dict[str, IntArray]:
    """Pay the written rates; the line that ``solve`` names is scaled to meet the pot.

    Without any, those of the published formula of the year.
    """
    if funding.need_weight != 1:
        raise BadRequest(
            f"policy.funding.need_weight={funding.need_weight:g} has no meaning under rule "
            f"'{WRITTEN}'; write the rates themselves, such as policy.funding.rates.fsm6=2000"
        )
    if funding.rates is None:
        return formula_lines(census, rates)
    return written_lines(census, rates, funding.rates)
