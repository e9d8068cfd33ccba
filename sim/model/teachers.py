"""Teachers: who leaves, who moves, who is found.

The arithmetic is `sim.year.teachers`, that of their market `sim.year.staffing`.
"""

from __future__ import annotations

from sim.nation import Nation
from sim.year import staffing, teachers

__all__ = ["market_of", "staff_schools"]


def staff_schools(nation: Nation, year: int) -> None:
    """Let teachers leave, move and be found; schools' quality, novices and vacancies follow."""
    world, terms = nation.world, nation.terms
    market = market_of(nation) if terms.on.teachers and terms.on.teachers_market else None
    teachers.staff(world.schools, world.areas, year, terms.key, terms.values, terms.on, market)
    if market is not None:
        nation.memory.staffing = market.usual


def market_of(nation: Nation) -> staffing.Market:
    """Return this year's market, in which what schools offer and what policy adds counts."""
    schools, known = nation.world.schools, nation.terms.values.teachers
    return staffing.Market(
        schools,
        nation.world.areas,
        known,
        nation.work.log_pay,
        staffing.supplement(schools, nation.policy.schools, known),
        nation.memory.staffing,
        nation.policy_year <= 0,
    )
