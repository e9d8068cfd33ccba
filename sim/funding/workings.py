"""How the pounds of a grant come about: count x rate x area cost, part by part.

Rates are those that were paid, after a line was solved, in whole pence; every product is rounded
once, half up. So a reader with a calculator finds each line, and one line of rounding is what
they leave of what was paid.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import AREA_COST_UNIT, PENCE, PHASES, PRIMARY
from sim.config.formula import LINES, PARTS, WRITTEN, Formula
from sim.config.income_depth import STEPS, Depth
from sim.config.models import Funding
from sim.data.rates import Rates
from sim.funding.census import BANDS, BoolArray, Census
from sim.funding.grants import BOTH, Grants
from sim.funding.lines import beyond_threshold, need_weighted_rates, sparsity_share
from sim.funding.written import solved_line
from sim.money import IntArray, exact_sum, ratio_half_up

if TYPE_CHECKING:
    from sim.config.models import Policy

__all__ = ["Working", "workings"]


@dataclass(frozen=True)
class Working:
    """One product of a grant.

    Attributes:
        clause: The line of the grant.
        part: Whom it is for: a phase, a key stage, a band.
        count: Of pupils or schools; a part of one where the census counts in parts.
        rate: Pence for each.
        area_cost: In ten-thousandths; None where the line has none.
        pence: The product, rounded once.
    """

    clause: str
    part: str
    count: Fraction
    rate: int
    area_cost: int | None
    pence: int


@dataclass(frozen=True)
class _Count:
    """Who counts for a part of a clause: numbers by school in ``1 / unit``, and pence each."""

    clause: str
    part: str
    number: IntArray
    unit: IntArray | int
    rate: int
    costs: bool = True


def workings(
    census: Census, grants: Grants, policy: Policy, rates: Rates, mine: BoolArray
) -> list[Working]:
    """Return the products that make the grants of some schools, those above nothing.

    Minimum levels, floors and slices are differences and have none, nor have the lines of somebody
    else's rule.

    Args:
        census: What the year was paid by.
        grants: What was paid.
        policy: Under what policy; the past is paid by the published formula whatever it says.
        rates: Of the base year.
        mine: Which schools.
    """
    by_clause: dict[str, list[Working]] = {}
    for one in _counts(census, grants, policy, rates):
        if one.clause in grants.lines:
            products = _products(one, census, mine & census.funded)
            by_clause.setdefault(one.clause, []).extend(products)
    return [
        product
        for clause, products in by_clause.items()
        if _is_told(products, grants.lines[clause][mine])
        for product in products
    ]


def _is_told(products: list[Working], paid: IntArray) -> bool:
    """Say whether products make a line but for rounding: a stranger's rule may pay another way."""
    missed = abs(int(paid.sum()) - sum(one.pence for one in products))
    return missed <= sum((one.count for one in products), Fraction(2 * paid.size))


def _products(one: _Count, census: Census, mine: BoolArray) -> Iterator[Working]:
    """Yield the products of a part: one for each area cost that its schools have."""
    rows = np.flatnonzero(mine & (one.number > 0))
    if not one.rate:
        return
    units = np.broadcast_to(np.asarray(one.unit), census.pupils.shape)
    costs = census.area_cost[rows] if one.costs else np.full(rows.size, AREA_COST_UNIT)
    for cost in np.unique(costs):
        those = rows[costs == cost]
        count = sum(
            (
                Fraction(int(number), int(unit))
                for number, unit in zip(one.number[those], units[those], strict=True)
            ),
            Fraction(0),
        )
        pence = int(count * one.rate * Fraction(int(cost), AREA_COST_UNIT) + Fraction(1, 2))
        told = int(cost) if one.costs else None
        yield Working(one.clause, one.part, count, one.rate, told, pence)


def _counts(census: Census, grants: Grants, policy: Policy, rates: Rates) -> Iterator[_Count]:
    """Yield all that is counted, in the order of the lines."""
    for one in _shares(grants, policy):
        yield from _of_share(census, rates, one)
    yield from _beside(census, grants, policy)


@dataclass(frozen=True)
class _Share:
    """A formula as far as it is paid, and its clauses: all of it, or in a transition a part.

    ``solved``: by pot, what the rates of the line that meets it are multiplied by; ``again``:
    likewise those of the line ``mixed``, in a transition.
    """

    funding: Funding
    solved: Mapping[int, float]
    clauses: Container[str]
    part: Fraction = Fraction(1)
    told: str = ""
    mixed: str | None = None
    again: Mapping[int, float] = field(default_factory=dict)

    def rate(self, clause: str, pence: int, phase: int) -> int:
        """Return the pence that are paid for so many written ones, rounded half up."""
        rate = Fraction(pence) * self.part
        if clause == solved_line(self.funding):
            rate *= Fraction(self.solved.get(phase, self.solved.get(BOTH, 1.0)))
        if clause == self.mixed:
            rate *= Fraction(self.again.get(phase, self.again.get(BOTH, 1.0)))
        return int(rate + Fraction(1, 2))


def _shares(grants: Grants, policy: Policy) -> list[_Share]:
    """Return the formula that is paid, or both of which a transition pays a part."""
    way, funding = grants.way, policy.funding
    if way is None:
        return [_Share(funding, grants.solved, grants.lines)]
    left, again = way.years - way.year, (solved_line(funding), way.mixed)
    before, now = Fraction(left, way.years), Fraction(way.year, way.years)
    return [
        _Share(Funding(), way.before, LINES, before, f" (old, {left}/{way.years})", *again),
        _Share(funding, grants.solved, way.clauses, now, f" (new, {way.year}/{way.years})", *again),
    ]


def _of_share(census: Census, rates: Rates, share: _Share) -> Iterator[_Count]:
    """Yield what one formula counts, at the rates that are paid of it."""
    formula = _formula(share.funding, rates)
    for clause, part, phase, number, unit in _counted(census, rates):
        if clause not in share.clauses:
            continue
        written = formula.pence(clause)[part] if clause in LINES else rates.basic[0]
        rate = share.rate(clause, written, phase)
        yield _Count(clause, f"{part}{share.told}", number, unit, rate, formula.area_cost)


def _formula(funding: Funding, rates: Rates) -> Formula:
    """Return the rates that a rule of ours pays by, as a written formula."""
    if funding.rule == WRITTEN and funding.rates is not None:
        return funding.rates
    fsm, fsm6, idaci = need_weighted_rates(rates, funding.need_weight)
    return Formula().model_copy(
        update={
            **{name: getattr(rates, name) for name in LINES},
            "fsm": fsm,
            "fsm6": fsm6,
            "idaci": idaci,
            "lump": (rates.lump, rates.lump),
        }
    )


def _counted(
    census: Census, rates: Rates
) -> Iterator[tuple[str, str, int, IntArray, IntArray | int]]:
    """Yield clause, part, phase, number by school and unit of everything with a rate."""
    stages = {"primary": census.pupils, "ks3": census.ks3, "ks4": census.ks4}
    above, of = beyond_threshold(census, rates)
    share, whole = sparsity_share(census, rates)
    one = np.ones_like(census.pupils)
    simple: dict[str, tuple[IntArray, IntArray | int]] = {
        "fsm": (census.fsm, 1),
        "fsm6": (census.ever6, 1),
        "low_prior": (census.low_prior, census.parts),
        "eal": (census.eal3, census.parts),
        "mobility": (above, of),
        "lump": (one, 1),
        "sparsity": (share, whole),
        "flat": (census.pupils, 1),
    }
    for clause in (*LINES, "flat"):
        for part in PARTS.get(clause, PHASES):
            where, _, band = part.partition(".")
            phase = PHASES.index(where) if where in PHASES else 1 - PRIMARY
            here = census.phase == phase
            number, unit = simple.get(clause, (census.pupils, 1))
            if clause == "basic":
                number = stages[part]
            elif band:
                number = census.idaci[:, BANDS.index(band.upper())]
            yield clause, part, phase, np.where(here, number, 0), unit


def _beside(census: Census, grants: Grants, policy: Policy) -> Iterator[_Count]:
    """Yield what is paid beside rates: steps of income, targeted money, premium, new money."""
    if census.depth is not None and "depth" in grants.lines:
        yield from _steps(census, grants.lines["depth"], policy.funding.depth)
    targeting = policy.targeting
    pupils = census.for_targeting if targeting.per == "disadvantaged" else census.pupils
    for phase, part in enumerate(PHASES):
        here = census.phase == phase
        if (paid := np.where(here, grants.targeted, 0)).any():
            yield from _doses(part, np.where(here, pupils, 0), paid)
        heads, paid = census.for_premium, here & census.funded
        money = _each(grants.premium[paid], heads[paid])
        yield _Count("premium", part, np.where(here, heads, 0), 1, money, costs=False)
        if grants.lines["extra"].any():
            each = round(policy.funding.extra_gbp_per_pupil * PENCE)
            yield _Count("extra", part, np.where(here, census.pupils, 0), 1, each, costs=False)


def _each(paid: IntArray, heads: IntArray) -> int:
    """Return whole pence a head, rounded half up; nothing where nobody is."""
    pence, many = exact_sum(paid), exact_sum(heads)
    return (2 * pence + many) // (2 * many) if many else 0


def _steps(census: Census, paid: IntArray, depth: Depth) -> Iterator[_Count]:
    """Yield money by step of low income at the pence a pupil that the pounds of a phase came to."""
    assert census.depth is not None, "asked only where steps were counted"
    weights, many = depth.thousandths(), census.multiplicity
    points = np.where(census.funded, census.depth @ np.array(weights), 0) * census.area_cost
    for phase, name in enumerate(PHASES):
        here = census.phase == phase
        whole = exact_sum(points[here], many[here])
        pence = exact_sum(paid[here], many[here])
        for cell, weight in enumerate(weights):
            place = ", place counts" if cell >= len(STEPS) else ""
            part = f"{name}, {STEPS[cell % len(STEPS)].replace('_', ' ')}{place}"
            rate = ratio_half_up(pence, weight * AREA_COST_UNIT, max(whole, 1))
            yield _Count("depth", part, np.where(here, census.depth[:, cell], 0), 1, rate)


def _doses(part: str, pupils: IntArray, paid: IntArray) -> Iterator[_Count]:
    """Yield targeted money by what it is a head: schools with the same pence stand together."""
    each = np.where(pupils > 0, (2 * paid + pupils) // np.maximum(2 * pupils, 1), 0)
    for dose in np.unique(each[(paid > 0) & (pupils > 0)]):
        number = np.where((each == dose) & (paid > 0), pupils, 0)
        yield _Count("targeted", part, number, 1, int(dose), costs=False)
