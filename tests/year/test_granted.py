"""New money for one programme: spent on it alone, bought once, and worth what its programme is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.config.school_levers import Schools as Granted
from sim.model.plans import make_plans
from sim.nation import Nation
from sim.world import programmes
from sim.world.tables import Schools
from sim.year import plans, returns
from tests.model.stage import before
from tests.twins.cohorts import believed, switches, values

LINEAR: dict[str, float] = {"saturation": 0.0, "concentration": 0.0}


def primary() -> Schools:
    """A primary of 200, 50 of them disadvantaged, one tenth dearer than others."""
    table = Schools(1)
    table.phase, table.area_cost, table.paid_pupils, table.ever6 = [0], [11_000], [200], [50]
    return table


def planned(nation: Nation, **levers: float) -> Schools:
    """The schools once they have planned under levers."""
    policy = nation.policy.model_copy(update={"schools": Granted(**levers)})
    nation.settings = nation.settings.model_copy(update={"policy": policy})
    make_plans(nation, nation.year)
    return nation.world.schools


def test_a_grant_is_the_lever_times_its_price_times_whom_it_is_for() -> None:
    known = values().plans
    found = plans.grants(primary(), Granted(cpd=0.5, tutoring=1.0), known)[0]
    wanted = np.zeros(5)
    wanted[programmes.CPD] = 0.5 * known.cpd_cost_gbp * 200 * 1.1 * 100
    wanted[programmes.TUTORING] = known.tutoring_cost_gbp * 50 * 1.1 * 100
    assert found == pytest.approx(wanted)
    assert not plans.grants(primary(), Granted(), known).any()


@pytest.mark.parametrize("lever", ["cpd", "tutoring"])
def test_what_is_granted_is_spent_on_its_programme_and_not_bought_again(lever: str) -> None:
    programme = programmes.PROGRAMMES.index(lever)
    with before(make_plans) as nation:
        own = planned(nation).copy()
        given = planned(nation, **{lever: 1.0})
        grant = given.granted[:, programme]
        assert grant.sum() > 0 and (given.granted.sum(axis=1) == grant).all()
        assert (given.spend[:, programme] >= grant).all()
        assert (given.margin == own.margin + grant).all()
        _, _, full = plans.offers(given, nation.terms.values.plans, nation.terms.on)
        more = given.spend[:, programme] - grant
        assert (more <= np.maximum(full[:, programme] - grant, 0)).all()
        # A school that bought it before has as much left for other things.
        freed = own.spend[:, programme] > more
        others = np.delete(given.spend - own.spend, programme, axis=1).sum(axis=1)
        assert freed.any() and (others[freed] >= 0).all()


def test_a_grant_for_development_is_worth_its_relative_return() -> None:
    """A pound of it does what a pound of the programme does, less the programme's fixed cost."""
    known = believed(money={**LINEAR, "disadvantaged_multiplier": 1.0})
    table, use = primary(), np.ones(1, np.float32)
    fixed = plans.offers(table, known.plans, switches())[0]
    table.granted = given = plans.grants(table, Granted(cpd=1.0), known.plans)
    table.spend, table.margin = given, given.sum(axis=1)
    flow = returns.money_flows(table, fixed, returns.Portfolio(), use, known, switches())[0][0]
    useful = (given[0, programmes.CPD] - fixed[0, programmes.CPD]) / 100
    worth = known.plans.relative_return[programmes.CPD] * known.money.return_per_thousand / 1_000
    assert flow == pytest.approx(worth * useful / 200 / 1.1)


def test_being_led_moves_every_belief_towards_what_is_known_and_costs_by_the_school() -> None:
    with before(make_plans) as nation:
        own = planned(nation).belief.copy()
        led = planned(nation, evidence=1.0)
        known = nation.terms.values.plans
        far = np.abs(np.asarray(known.relative_return) - own)
        left = np.abs(np.asarray(known.relative_return) - led.belief)
        assert left == pytest.approx((1 - np.asarray(known.security)) * far, abs=1e-6)
        asked: Any = Granted(evidence=0.25)
        units = plans.bought(led, asked, known)["schools.evidence"]
        assert (units == 0.25 * (led.paid_pupils > 0)).all()


def test_where_nothing_is_granted_plans_are_as_ever_bit_for_bit() -> None:
    with before(make_plans) as nation:
        own = planned(nation).copy()
    with before(make_plans) as nation:
        make_plans(nation, nation.year)
        for name, column in nation.world.schools.data.items():
            assert column.tobytes() == own.data[name].tobytes(), name
        assert not own.granted.any()
