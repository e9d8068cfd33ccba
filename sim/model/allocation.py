"""Allocation: last year's census pays this year's schools, by the rule of the policy.

The arithmetic is `sim.year.allocation` and `sim.rules`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.codes import LOCAL_FORMULA_MIRROR, MILLION
from sim.config.eligibility import Eligibility
from sim.funding.census import Census, GapHistory, GapSums
from sim.funding.grants import Grants, When
from sim.money import IntArray
from sim.nation import Nation
from sim.rng import Purpose, uniforms, words
from sim.world.tables import Schools
from sim.year import allocation

__all__ = ["census", "mirrors", "pay", "pay_schools", "when"]


def pay_schools(nation: Nation, year: int) -> None:
    """Work out this year's grants from last year's census, and pay them."""
    made = nation.made
    made.census = census(nation)
    memory = nation.memory.funding
    pay(nation, allocation.allocate(made.census, nation.policy, memory, when(nation)))


def when(nation: Nation) -> When:
    """Return the policy year, whether it is the first year of all, and the base year."""
    first = nation.policy_year == 1 - nation.settings.past
    return When(nation.policy_year, first, nation.terms.base)


def census(nation: Nation) -> Census:
    """Return last year's census as funding rules see it."""
    # A copy: the table is counted again before the year ends.
    world, s = nation.world, nation.world.schools.copy()
    level, progress = (
        GapSums(*np.moveaxis(s.get(name).reshape(-1, 6, 3), 1, 0))
        for name in ("gap_level", "gap_progress")
    )
    census = Census(
        school=s.id.astype(np.int64),
        area=s.area.astype(np.int64),
        phase=s.phase.astype(np.int64),
        multiplicity=world.weight_of(s),
        pupils=s.pupils,
        ks3=s.ks3,
        ks4=s.ks4,
        fsm=s.fsm,
        ever6=s.ever6,
        idaci=s.idaci,
        low_prior=s.low_prior,
        eal3=10 * s.eal3,
        mobile=10 * s.mobile,
        area_cost=s.area_cost,
        miles=s.miles,
        open=s.pupils > 0,
        opportunity_area=s.opportunity,
        education_investment_area=s.listed,
        parts=10,
        gaps=GapHistory(level, progress, nation.terms.values.plans.gap_flicker),
        depth=s.depth if s.has("depth") else None,
        area_codes=tuple(world.facts.code[world.areas.facts_row]),
    )
    if nation.policy.funding.local:
        census = replace(census, mirror=mirrors(nation)[s.area])
    if nation.terms.on.allocation:
        return _by_register(census, s, nation.policy.eligibility)
    # Switched off: schools are paid for heads, and nothing is known of needs.
    nobody = np.zeros_like(census.pupils)
    return replace(
        census,
        fsm=nobody,
        ever6=nobody,
        depth=None,
        idaci=np.zeros_like(census.idaci),
        low_prior=nobody,
        eal3=nobody,
        mobile=nobody,
    )


def mirrors(nation: Nation) -> IntArray:
    """Return by how much each area mirrors the national formula, in millionths.

    Lasting luck of the area: evenly between all of it and as far below the believed mean as all of
    it is above.
    """
    drawn = words(nation.terms.key, nation.world.areas.id, Purpose.LOCAL_FORMULA)
    luck = uniforms(drawn[LOCAL_FORMULA_MIRROR]).astype(np.float64)
    less = np.rint(2 * MILLION * (1 - nation.terms.values.money.local_mirror) * luck)
    return np.maximum(MILLION - less.astype(np.int64), 0)


def _by_register(census: Census, schools: Schools, asked: Eligibility) -> Census:
    """Count pupils of each line by the register that the policy names for it."""
    if not schools.has("ever6_counted"):
        return census
    now, six_years = schools.fsm_counted, schools.ever6_counted
    return replace(
        census,
        fsm=now if asked.fsm else census.fsm,
        ever6=six_years if asked.fsm6 else census.ever6,
        premium_pupils=six_years if asked.premium else census.ever6,
        aimed_pupils=six_years if asked.targeting else census.ever6,
    )


def pay(nation: Nation, grants: Grants) -> None:
    """Write this year's money into the schools' table."""
    schools = nation.world.schools
    schools.budget, schools.premium = grants.total, grants.premium
    schools.targeted = grants.targeted
    schools.sparsity = grants.lines.get("sparsity", 0)
    schools.paid_pupils = schools.pupils
    nation.made.grants = grants
