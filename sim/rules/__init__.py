"""Funding rules, one a file. A rule of one's own needs no import but these, and the registry.

A rule is a function ``(census, rates, funding) -> {clause: pence a school}`` registered with
``sim.registry.RULES``. This folder holds rules only; what they share stands in `sim.funding`.
"""

from sim.config.models import Funding
from sim.data.rates import Rates
from sim.funding.census import Census
from sim.funding.lines import formula_lines
from sim.funding.protection import REFORM_FLOOR
from sim.money import IntArray

__all__ = ["REFORM_FLOOR", "Census", "Funding", "IntArray", "Rates", "formula_lines"]
