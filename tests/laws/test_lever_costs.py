"""What levers cost in new money is booked to the pound, on those they reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.config.models import DECLARED_LEVERS
from sim.config.scenarios import shelf
from sim.config.values import Group, Values
from sim.model.costs import LEDGERS, price
from sim.record.adult_variables import COSTED
from sim.tabulate import evaluate
from tests.laws import worlds


def levers() -> dict[str, str]:
    """By scenario, the line of its cost: every scenario that sets such levers alone."""
    found = {}
    for name in shelf().files:
        scenario, problems = shelf().read(name)
        assert scenario is not None, problems
        keys = [f"{group}.{key}" for group, said in scenario.policy.items() for key in said]
        lines = {DECLARED_LEVERS[key].books for key in keys if key in DECLARED_LEVERS}
        if len(lines) == 1 and all(key in DECLARED_LEVERS for key in keys):
            found[name] = lines.pop()
    return found


LEVERS = levers()
TECHNICAL, STAYING = slice(2, 4), slice(0, 4)
FIRST = 1


def booked(scenario: str) -> Any:
    """Pounds by year from the first of policy, and lever."""
    cell = worlds.cell(scenario)
    return cell["lever_cost"].sel(year=slice(FIRST, None))


def aged_16_to_18(scenario: str, name: str) -> Any:
    """A table of leavers of this year and the last, from the first year of policy."""
    table = worlds.cell(scenario)[name]
    both = table + table.shift(year=1)
    return both.sel(year=slice(FIRST, None)).values


@pytest.mark.parametrize(("scenario", "lever"), LEVERS.items())
def test_a_lever_costs_money_from_its_first_year_and_no_other_lever_does(
    scenario: str, lever: str
) -> None:
    more = booked(scenario) - booked("baseline")
    assert (more.sel(lever=lever) > 0).all()
    others = [name for name in COSTED if name != lever]
    assert not more.sel(lever=others, year=FIRST).any()


def test_each_post_16_lever_costs_its_price_for_everybody_it_reaches() -> None:
    post16 = worlds.settings().beliefs.values.post16
    technical = aged_16_to_18("technical_parity", "destinations")[..., TECHNICAL].sum((1, 2))
    offer = booked("technical_parity").sel(lever="technical_offer").values
    np.testing.assert_allclose(offer, post16.technical_cost_gbp * technical)
    staying = aged_16_to_18("transport_access", "destinations")[..., STAYING].sum((1, 2))
    travel = booked("transport_access").sel(lever="free_travel").values
    np.testing.assert_allclose(travel, post16.transport_cost_gbp * staying)
    poor = aged_16_to_18("premium_to_19", "destinations")[:, 1, STAYING].sum(1)
    policy = worlds.settings("premium_to_19").policy.post16
    premium = booked("premium_to_19").sel(lever="premium_to_19").values
    np.testing.assert_allclose(premium, policy.premium_to_19_gbp * poor)


def test_employers_pay_by_the_application_for_what_they_have_taken_up() -> None:
    price = worlds.settings().beliefs.values.funnel.contextual_cost
    cell = worlds.cell("contextual_recruitment").sel(year=slice(FIRST, None))
    applied = cell["offers"].sel(step="applied").sum(["occupation", "cell_of_offers"]).values
    share = booked("contextual_recruitment").sel(lever="selection").values / (price * applied)
    wanted = worlds.settings("contextual_recruitment").policy.hiring.contextual_adoption
    assert (np.diff(share) > 0).all()
    assert (share <= wanted + 1e-6).all()


def test_the_payer_is_the_one_the_lever_names() -> None:
    cells = worlds.cells("baseline", "technical_parity", "student_success", "fair_progression")
    found = evaluate(cells, "lever_cost", years=worlds.YEARS).sel(place="All areas")
    payers = {"technical_parity": "public", "student_success": "universities",
              "fair_progression": "employers"}  # fmt: skip
    for scenario, payer in payers.items():
        parts = found.isel(cell=np.flatnonzero(found["scenario"] == scenario)).squeeze("cell")
        assert parts.sel(part=payer) > 1, scenario
        others = parts.drop_sel(part=payer).values
        # Who is at work or applies moves a little with what came before.
        assert (abs(others) < 0.05).all(), scenario


def test_every_lever_that_costs_money_has_a_price_in_pounds_and_is_booked_by_one_process() -> None:
    beliefs = compose("baseline").beliefs
    costly = [key for key, lever in DECLARED_LEVERS.items() if lever.payer]
    records: Any = Values({name: Group(name, dict(of)) for name, of in beliefs.records.items()})
    for key in costly:
        read = DECLARED_LEVERS[key].price
        unit = "GBP" if read is None and key.endswith("_gbp") else read(records).unit
        assert unit.startswith("GBP"), key
        assert price(key, beliefs.values) > 0
    model = worlds.model()
    try:
        last = model.year - 1  # its people have been through a whole year
        booked = [{key for _, units in ledger(model.nation, last) for key in units}
                  for ledger in LEDGERS]  # fmt: skip
    finally:
        model.close()
    assert sorted(key for keys in booked for key in keys) == sorted(costly)


def test_every_lever_that_costs_money_has_a_scenario_of_its_own() -> None:
    assert set(LEVERS.values()) == set(COSTED)


def test_lines_of_cost_keep_their_names_in_stored_results() -> None:
    stored = {
        "technical_offer": "public",
        "free_travel": "public",
        "premium_to_19": "public",
        "student_success": "universities",
        "selection": "employers",
        "open_criteria": "employers",
    }
    assert stored.items() <= COSTED.items()
