"""Plans: every school commits its margin to programmes, and the money starts to work.

The arithmetic is `sim.year.plans` and `sim.year.returns`; the decision of one school is
`sim.model.agents.School.plan`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float64s
from sim.codes import HABIT_VIEW, SCHOOL_EFFECT_MONEY_USE
from sim.funding.grants import Grants
from sim.funding.lines import formula_lines
from sim.model import allocation
from sim.money import exact_sum
from sim.nation import Bought, Choices, Nation
from sim.rng import Purpose, normals, words
from sim.world import programmes
from sim.world.tables import Schools
from sim.year import high_needs, plans, returns, staffing, teachers

__all__ = ["bought", "expected", "first_views", "make_plans"]


def make_plans(nation: Nation, year: int) -> None:
    """Let every school plan with its margin, then work out what the money will do."""
    world, terms = nation.world, nation.terms
    schools, values, on = world.schools, terms.values, terms.on
    if on.special_needs:
        _meet_needs(nation)
    schools.margin = plans.margin(schools, values.plans)
    schools.granted = given = plans.grants(schools, nation.policy.schools, values.plans)
    plans.trust(schools, world.around, values.plans, on)
    if nation.policy.schools.evidence:
        plans.lead(schools, nation.policy.schools.evidence, values.plans)
    dear, least, full = plans.offers(schools, values.plans, on)
    least, full = np.maximum(least - given, 0), np.maximum(full - given, 0)
    nation.made.choices = Choices(
        schools.margin.tolist(), least.tolist(), full.tolist(), _affordable(schools, least)
    )
    if on.plans:
        schools.spend = np.asarray(nation.agents.schools.map("plan")) + given
    schools.margin = schools.margin + given.sum(axis=1)
    if nation.policy_year <= 0:
        weight = world.weight_of(schools)
        nation.memory.portfolio = returns.portfolio(schools, dear, weight, values)
    lag = round(values.money.lag)
    returns.feel(schools, _flows(nation, dear), lag)
    if schools.has("flow_reached"):
        returns.feel_later(schools, "flow_reached", _for_reached(nation, dear), lag)


def expected(nation: Nation, grants: Grants) -> tuple[Float64s, Float64s]:
    """Return what a year's grants add to learning, by the beliefs that the model lives by.

    For a formula that is tried in a year that has been planned before: schools get the grants, and
    commit what these leave them. No year is lived: nobody moves, and no census follows.

    Returns:
        SD a year for every pupil of each school, and further SD for disadvantaged ones [n]: the
        flow of one year's money, and what teachers who stay for it do.
    """
    terms, schools = nation.terms, nation.world.schools
    known = terms.values
    allocation.pay(nation, grants)
    schools.margin = plans.margin(schools, known.plans)
    fixed, least, full = plans.offers(schools, known.plans, terms.on)
    if terms.on.plans:
        schools.spend = plans.committed(schools.margin, least, full, schools.belief)
    for_all, further, eased = _flows(nation, fixed)
    if schools.has("flow_reached"):
        further = further + _for_reached(nation, fixed)
    if not terms.on.teachers:
        return for_all, further
    stay = schools.carried if _hear_of_pay(nation) else eased * returns.harm(known.teachers)
    return np.asarray(for_all + stay, np.float64), further


def _flows(nation: Nation, fixed: NDArray[np.int64]) -> tuple[Float64s, Float64s, Float64s]:
    """Return what margins as they are committed add to learning, and leaving avoided."""
    terms, use = nation.terms, _money_use(nation)
    schools, portfolio = nation.world.schools, nation.memory.portfolio
    for_all, further, eased = returns.money_flows(
        schools, fixed, portfolio, use, terms.values, terms.on
    )
    if _hear_of_pay(nation):
        for_all = for_all - _offer_staff(nation, fixed, eased)
    return for_all, further, eased


def _for_reached(nation: Nation, fixed: NDArray[np.int64]) -> Float64s:
    """Return what is spent on whom programmes reach adds to their learning, SD a year."""
    terms, portfolio = nation.terms, nation.memory.portfolio
    schools, use = nation.world.schools, _money_use(nation)
    return returns.for_reached(schools, fixed, portfolio, use, terms.values, terms.on)


def _hear_of_pay(nation: Nation) -> bool:
    on = nation.terms.on
    return on.teachers and on.teachers_market and on.money


def _meet_needs(nation: Nation) -> None:
    """Say what special needs take from each school's margin; up to year 0, what is paid for them.

    Until then high needs money covers the part of top-ups that is believed, and support costs what
    is left of notional budgets; both are as in year 0 from then on.
    """
    world, memory, made = nation.world, nation.memory, nation.made
    schools, known = world.schools, nation.terms.values.high_needs
    weight = world.weight_of(schools)
    given = high_needs.notional(formula_lines(made.census, nation.terms.base.rates), known)
    of, pot = high_needs.cost(schools, known), made.grants.high_needs
    if nation.policy_year <= 0:
        pot = round(known.cover * exact_sum(of.topped, weight))
        memory.funding.high_needs[:] = pot
        memory.support_pence = high_needs.support_pence(schools, given, of.first, weight)
    paid, _ = high_needs.top_ups(pot, schools, of.topped, weight)
    schools.spill = high_needs.spill(schools, given, of, paid, memory.support_pence)


def _affordable(schools: Schools, least: NDArray[np.int64]) -> list[list[int]]:
    """Return by school the programmes its whole margin can make work, the most trusted first."""
    order = np.argsort(-schools.belief, axis=1, kind="stable")
    within = np.take_along_axis(least <= schools.margin[:, None], order, axis=1)
    found, ends = order[within].tolist(), np.cumsum(within.sum(axis=1)).tolist()
    return [found[begin:end] for begin, end in pairwise([0, *ends])]


def _offer_staff(nation: Nation, fixed: NDArray[np.int64], eased: Float64s) -> Float64s:
    """Set what schools offer their teachers out of their margin, and what that does.

    Return what it does beyond what is believed, SD a year: as much less is left for the flow of
    that school to add. So the pound that buys it acts once, and so does the next pound, whatever it
    buys. It is in published leaving already: its mean of year 0 is added to learning everywhere.
    """
    world, memory = nation.world, nation.memory
    schools, values = world.schools, nation.terms.values
    known, harm = values.teachers, returns.harm(values.teachers)
    staffing.offer(schools, *returns.for_teachers(schools, fixed, values.plans), known)
    more = staffing.unaided(schools, world.areas, nation.work.log_pay, memory.staffing, known)
    leaving = np.clip(teachers.usual_leaving(schools, world.areas, known), 0, 1) * more
    kept = staffing.carried(schools, eased, leaving, more, known)
    schools.carried, taken = harm * kept, harm * (kept - eased)
    if nation.policy_year <= 0:
        pupils = world.weight_of(schools) * schools.paid_pupils
        memory.staffing = memory.staffing._replace(level=float(np.average(taken, weights=pupils)))
    return np.asarray(taken)


def bought(nation: Nation, year: int) -> Iterator[Bought]:
    """Yield what levers of schools buy this year."""
    schools = nation.world.schools
    asked, known = nation.policy.schools, nation.terms.values
    units = plans.bought(schools, asked, known.plans)
    yield Bought(schools, units | staffing.bought(schools, asked, known.teachers))


def first_views(nation: Nation) -> None:
    """Give every school its own view of programmes."""
    schools, values = nation.world.schools, nation.terms.values
    luck = np.stack(
        [
            normals(words(nation.terms.key, schools.id, Purpose.HABIT, slot=slot)[HABIT_VIEW])
            for slot in range(len(programmes.PROGRAMMES))
        ],
        axis=1,
    )
    schools.habit = plans.first_views(luck, values.plans, nation.terms.on)
    schools.belief = schools.habit


def _money_use(nation: Nation) -> NDArray[np.float32]:
    """How well each school uses money, mean 1; lasting luck of the school."""
    schools = nation.world.schools
    if not nation.terms.on.money:
        return np.ones(len(schools), np.float32)
    drawn = words(nation.terms.key, schools.id, Purpose.SCHOOL_EFFECT)
    luck = normals(drawn[SCHOOL_EFFECT_MONEY_USE])
    spread = np.sqrt(np.log(1 + nation.terms.values.money.use_sd**2))
    return np.asarray(np.exp(spread * luck - spread * spread / 2), np.float32)
