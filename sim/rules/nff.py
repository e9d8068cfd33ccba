"""The National Funding Formula 2024-25 as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.codes import MILLION
from sim.data.facts import Rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.lines import formula_lines, minimum_level, total_of
from sim.funding.protection import floor_target
from sim.money import IntArray
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["YEARLY_FLOOR", "nff", "published"]

YEARLY_FLOOR = -9_000
"""Millionths a year in constant pounds: 0.5 % in cash less 1.4 % of uprating."""


@RULES.add(
    "nff",
    title="National Funding Formula 2024-25",
    balance="basic",
    floor=YEARLY_FLOOR / MILLION,
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
