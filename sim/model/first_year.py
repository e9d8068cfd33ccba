"""The first year of all: schools' views, the money before it, and people who have left school."""

from __future__ import annotations

from sim.codes import LAST_ADULT_GRADE, LAST_GRADE, STARTING_AGE
from sim.config.models import Policy
from sim.funding.grants import FundingMemory, When
from sim.model import allocation, higher, history, plans, post16, progression, turn, work
from sim.model.leaving import leave_school, older_leavers
from sim.nation import Nation
from sim.year import allocation as arithmetic

__all__ = ["live_up_to"]


def live_up_to(nation: Nation) -> None:
    """Give schools and adults their past up to the first year, and turn to it."""
    plans.first_views(nation)
    _first_money(nation)
    _older_people(nation)
    turn.turn_year(nation, nation.year)


def _first_money(nation: Nation) -> None:
    """Let the past before the first year have had the money that its census brings."""
    when = When(nation.policy_year, first_past=True, base=nation.terms.base)
    census = nation.made.census = allocation.census(nation)
    allocation.pay(nation, arithmetic.allocate(census, nation.policy, FundingMemory(), when))
    plans.make_plans(nation, nation.year)
    for name in ("flow_all", "flow_dis"):
        ring = nation.world.schools.get(name)
        ring[...] = ring[:, -1:]
    nation.memory.leavers = history.live_again(nation.world, nation.terms, nation.crew)


def _older_people(nation: Nation) -> None:
    """Let the leavers of earlier years live up to now: the same functions, other luck."""
    now, world, after = nation.year, nation.world, nation.after
    pupils = world.cohorts[now - STARTING_AGE - LAST_GRADE]
    youngest = leave_school(world, after, pupils, nation.memory.leavers, nation.terms)
    cohorts = LAST_ADULT_GRADE - LAST_GRADE
    older_leavers(after, youngest, cohorts)
    after.employers.contextual = Policy().hiring.contextual_adoption
    for nation.year in range(now - cohorts + 1, now + 1):
        for process in (
            post16.choose_routes,
            higher.go_to_university,
            work.find_work,
            progression.climb,
        ):
            process(nation, nation.year)
    after.adults.pop(youngest.birth_year)
