"""Costs: pounds follow from what processes say levers bought, and from prices."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config.models import DECLARED_LEVERS
from sim.model import costs
from sim.record.adult_variables import COSTED
from tests.model.stage import before, written

LINES = list(COSTED)


def test_it_writes_nothing() -> None:
    with before(costs.lever_costs) as nation:
        assert written(nation, costs.lever_costs) == set()


def test_a_lever_nobody_pulls_costs_nothing_and_the_default_practice_does() -> None:
    with before(costs.lever_costs) as nation:
        found = dict(zip(LINES, costs.lever_costs(nation, nation.year), strict=True))
        assert {line for line, pounds in found.items() if pounds > 0} == {"selection"}


def test_cost_is_price_times_what_is_bought_times_whom_it_stands_for() -> None:
    with before(costs.lever_costs, scenario="transport_access") as nation:
        found = costs.lever_costs(nation, nation.year)[LINES.index("free_travel")]
        bought = sum(
            float((units["post16.transport"] * nation.world.weight_of(people)).sum())
            for ledger in costs.LEDGERS
            for people, units in ledger(nation, nation.year)
            if "post16.transport" in units
        )
        price = nation.terms.values.post16.transport_cost_gbp
        assert found == pytest.approx(price * bought) and bought > 0


def test_a_lever_in_pounds_has_a_price_of_one() -> None:
    with before(costs.lever_costs) as nation:
        own = [key for key, one in DECLARED_LEVERS.items() if one.payer and one.price is None]
        assert own and {costs.price(key, nation.terms.values) for key in own} == {1.0}
        assert np.isfinite([costs.price(key, nation.terms.values) for key in DECLARED_LEVERS]).all()
