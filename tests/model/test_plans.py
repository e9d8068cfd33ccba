"""Plans: schools commit their margin, and the money starts to work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model import plans
from sim.world.programmes import PROGRAMMES
from tests.model.stage import before, columns, written

PLANNED = columns("schools", "margin spend belief eased flow_all flow_dis spill")


def test_it_writes_plans_and_what_they_will_do() -> None:
    with before(plans.make_plans, without="teachers_market") as nation:
        assert written(nation, plans.make_plans) == PLANNED


def test_where_teachers_hear_of_money_it_also_writes_what_schools_offer_them() -> None:
    with before(plans.make_plans) as nation:
        on = nation.terms.on.model_copy(update={"teachers_market": True})
        nation.terms = replace(nation.terms, on=on)
        for column in ("pay_more", "trained", "carried"):
            nation.world.schools.get(column)[...] = 0
        offered = columns("schools", "pay_more trained carried")
        assert written(nation, plans.make_plans) == PLANNED | offered


def test_it_reads_the_budget_and_no_money_is_no_programme() -> None:
    with before(plans.make_plans) as nation:
        nation.world.schools.budget = 0
        plans.make_plans(nation, nation.year)
        assert not nation.world.schools.spend.any()


def test_what_is_spent_on_programmes_is_never_more_than_the_margin() -> None:
    with before(plans.make_plans) as nation:
        plans.make_plans(nation, nation.year)
        schools = nation.world.schools
        assert (schools.spend.sum(axis=1) <= np.maximum(schools.margin, 0)).all()


def test_schools_choose_as_if_they_looked_at_programmes_beyond_their_means_too() -> None:
    with before(plans.make_plans) as nation:
        plans.make_plans(nation, nation.year)
        spent, choices = nation.world.schools.spend.copy(), nation.made.choices
        everything = np.argsort(-nation.world.schools.belief, axis=1, kind="stable").tolist()
        assert sum(map(len, choices.order)) < sum(map(len, everything)) / 2
        nation.made.choices = replace(choices, order=everything)
        assert (spent == nation.agents.schools.map("plan")).all()


def test_switched_off_nobody_plans_anew() -> None:
    with before(plans.make_plans, without="plans") as nation:
        assert "schools.spend" not in written(nation, plans.make_plans)


def test_first_views_are_a_schools_own_and_then_its_belief() -> None:
    with before(plans.make_plans) as nation:
        plans.first_views(nation)
        schools = nation.world.schools
        assert schools.habit.shape == (len(schools), len(PROGRAMMES))
        assert (schools.belief == schools.habit).all()
        assert schools.habit[:, 1:].std() > 0
