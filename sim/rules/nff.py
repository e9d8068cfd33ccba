"""The National Funding Formula of the base year as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.data.rates import Rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.lines import formula_lines, minimum_level, total_of
from sim.funding.protection import PUBLISHED, floor_target
from sim.money import IntArray
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["nff", "published"]


@RULES.add(
    "nff",
    title="National Funding Formula of the base year",
    balance="basic",
    floor=PUBLISHED,
    closure="balance",
)
def nff(census: Census, rates: Rates, funding: Funding) -> dict[str, IntArray]:
    """Pay every line of the published formula; the basic amount balances the pot."""
    if funding.need_weight != 1:
        raise BadRequest(
            f"policy.funding.need_weight={funding.need_weight:g} has no meaning under rule 'nff', "
            "the published formula; write policy.funding.rule=need_weighted, or leave it out"
        )
    return formula_lines(census, rates)


def published(census: Census, rates: Rates, base: IntArray, floor: int) -> dict[str, IntArray]:
    """Return every line of the formula as it is paid, ``minimum`` and ``floor`` last.

    The minimum per-pupil level comes first; the floor (millionths) then compares pupil-led money
    with ``base``, last year's at this year's pupils (0: none).
    """
    lines = formula_lines(census, rates)
    core = total_of(lines)
    lines["minimum"] = np.maximum(0, minimum_level(census, rates) - core)
    led = core + lines["minimum"] - lines["lump"] - lines["sparsity"]
    lines["floor"] = np.maximum(0, floor_target(base, floor) - led)
    return lines
