"""A written formula, paid: its lines, its minimum level, and the line that gives way.

The published lines do the counting (`sim.funding.lines`), so that a file with the published rates
pays what the published formula pays, to the penny.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import AREA_COST_UNIT, PENCE, PHASES
from sim.config.formula import WRITTEN, Formula
from sim.data.rates import Rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.lines import formula_lines, lump_sums, minimum_level
from sim.funding.protection import Budgets, Terms, balance, floor_target
from sim.money import IntArray, exact_sum
from sim.registry import RULES

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = [
    "TENTH",
    "priced",
    "solved_line",
    "solved_weights",
    "too_dear",
    "written_level",
    "written_lines",
]

TENTH = 10
"""The line that is solved carries at least this part of its pot in the first year, or it is no
line to meet a pot with."""

_THOUSAND = 1000


def solved_line(funding: Funding) -> str | None:
    """Return the line of a rule that gives way until the pot is met; None: none does."""
    if funding.rule == WRITTEN and funding.rates is not None:
        return funding.rates.solve
    return str(RULES.meta(funding.rule).get("balance", "basic"))


def priced(formula: Formula, rates: Rates) -> Rates:
    """Return a year's rates and rules with the amounts of a formula; lump sums are not among them.

    Distances, sizes and thresholds of sparsity and mobility stay those of the year.
    """
    return replace(
        rates,
        basic=formula.basic,
        fsm=formula.fsm,
        fsm6=formula.fsm6,
        idaci=formula.idaci,
        low_prior=formula.low_prior,
        eal=formula.eal,
        mobility=formula.mobility,
        sparsity=formula.sparsity,
        minimum=formula.minimum,
    )


def written_lines(census: Census, rates: Rates, formula: Formula) -> dict[str, IntArray]:
    """Return clause -> pence [n] at the written rates, in the order of the published formula."""
    if not formula.area_cost:
        census = replace(census, area_cost=np.full_like(census.area_cost, AREA_COST_UNIT))
    lines = formula_lines(census, priced(formula, rates))
    lines["lump"] = lump_sums(census, formula.lump)
    return lines


def written_level(census: Census, rates: Rates, formula: Formula) -> IntArray:
    """Return the budget [n] that the formula's own minimum level demands."""
    return minimum_level(census, priced(formula, rates))


def solved_weights(
    census: Census, rates: Rates, formula: Formula, lines: dict[str, IntArray]
) -> IntArray:
    """Return the line that is solved [n] at a size of its own, for only its proportions count.

    Rates are reduced to lowest terms and multiplied by the least whole number that brings the
    largest up to the year's basic rates: rates in the same proportions give the same weights to the
    penny, and the published ones give themselves.
    """
    line = formula.solve
    assert line is not None, "asked only where a line is solved"
    written = formula.pence(line)
    whole, most = math.gcd(*written.values()), max(written.values())
    times = max(1, -(-max(rates.basic) * whole // most))
    if times == whole:
        return lines[line]
    flat = tuple(pence // whole * times for pence in written.values())
    told = (flat[:6], flat[6:]) if line == "idaci" else flat
    alone = Formula().model_copy(update={line: told, "area_cost": formula.area_cost})
    return written_lines(census, rates, alone)[line]


def too_dear(
    pot: int, budgets: Budgets, terms: Terms, asked: tuple[Funding, int, int], told: str = ""
) -> str:
    """Say why a written formula cannot be paid from a pot, by how much, and what would fit.

    Args:
        pot: Pence.
        budgets: Its schools.
        terms: Floor, cap and closure.
        asked: The funding of the policy, the key of the pot and the policy year.
        told: What settling said, if it could not.
    """
    funding, key, year = asked
    whose = f"year {year}, {PHASES[key]} schools" if key < len(PHASES) else f"year {year}"
    line = solved_line(funding)
    held = np.zeros_like(budgets.level)
    if terms.closure == "balance":
        target = floor_target(budgets.base, terms.floor)
        held = np.where(target > 0, target + budgets.school_led, 0)
    protected = np.maximum(held, budgets.level)

    cost = exact_sum(np.maximum(budgets.fixed, protected), budgets.multiplicity)
    short = cost - pot
    if told and short <= 0:
        return f"{whose}: {told}"
    most = _most_that_fits(pot, budgets, protected)
    what = (
        f"all but {line}, minimum levels and the floor cost GBP {short / PENCE:,.0f} more than "
        f"the pot of GBP {pot / PENCE:,.0f}"
        if short > 0
        else f"the pot of GBP {pot / PENCE:,.0f} leaves less than a tenth of it to {line}, the "
        "line whose rates are scaled to meet it"
    )
    way = (
        f"The other rates times {most / _THOUSAND:g} would fit"
        if most
        else "No smaller rates would fit: lower the floor or the minimum levels"
    )
    return (
        f"{whose}: {what}. {way}. Or name who pays for the floor with policy.funding.closure="
        f"lower_floor or external"
    )


def _most_that_fits(pot: int, budgets: Budgets, protected: IntArray) -> int:
    """Return how many thousandths of the other rates leave a tenth to the solved line."""

    def fits(thousandths: int) -> bool:
        smaller = replace(budgets, fixed=budgets.fixed * thousandths // _THOUSAND)
        try:
            line, _ = balance(pot, smaller, protected)
        except BadRequest:
            return False
        return exact_sum(line, budgets.multiplicity) * TENTH >= pot

    low, high = 0, _THOUSAND
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low if fits(low) else 0
