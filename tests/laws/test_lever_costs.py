"""What levers after sixteen cost is booked to the pound, on the people they reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.record.adult_variables import COSTED
from sim.tabulate import evaluate
from tests.laws import worlds

LEVERS = {
    "technical_parity": "technical_offer",
    "transport_access": "free_travel",
    "premium_to_19": "premium_to_19",
    "student_success": "student_success",
    "contextual_recruitment": "selection",
    "blind_sift": "selection",
    "fair_progression": "open_criteria",
}
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
