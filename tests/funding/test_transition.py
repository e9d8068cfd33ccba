"""A transition pays a share of the old formula and a share of the new, from the same pot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.checks import KEPT
from sim.funding.grants import FundingMemory, Grants, When
from sim.study.feasible import policy_problems
from sim.year.allocation import allocate
from tests.funding.schools import many, policy, years
from tests.funding.test_written import HELD, THINK_TANK, changed, paying, published, same

FREE = {"floor": -1.0, "minimum_levels": False}


def paid(census: Census, funding: dict[str, Any], year: int) -> Grants:
    """One policy year after two of the past, on the same census."""
    memory = FundingMemory()
    for past in (-1, 0):
        allocate(census, policy(), memory, When(past, first_past=past == -1))
    grants = allocate(census, policy(funding), memory, When(year))
    grants.check(census)
    return grants


def test_a_transition_of_none_or_one_year_is_none() -> None:
    census = many(200)
    plain = years(census, paying(THINK_TANK))[0]
    for length in (0, 1):
        assert same(plain, years(census, paying(THINK_TANK, transition=length))[0])


@pytest.mark.parametrize("length", [2, 4, 5])
def test_in_year_k_of_n_a_school_gets_its_share_of_both(length: int) -> None:
    census = many(300)
    old = paid(census, {"rule": "rates", "rates": published("2024-25"), **FREE}, 1)
    new = paid(census, {"rule": "rates", "rates": THINK_TANK, **FREE}, 1)
    for year in range(1, length + 1):
        funding = {"rule": "rates", "rates": THINK_TANK, "transition": length, **FREE}
        now = paid(census, funding, year)
        # The formula paid its minimum level before; the new one has none of its own.
        paid_old = paid(census, {"floor": -1.0}, 1).from_pot
        expected = ((length - year) * paid_old + year * new.from_pot) / length
        assert np.abs(now.from_pot - expected).max() <= 12, "pence: a penny a line"
        assert now.pots == old.pots
        assert now.solved == new.solved


def test_the_last_year_is_the_rule_itself() -> None:
    census = many(200, weighted=True)
    done = paid(census, {**HELD, "transition": 3}, 3)
    plain = paid(census, HELD, 3)
    assert all(np.array_equal(done.lines[c], plain.lines[c]) for c in plain.lines)
    assert done.kept is None


def rule_lines(order: list[str]) -> list[str]:
    return [clause for clause in order if clause not in KEPT]


@pytest.mark.parametrize("free", ["keep", "free"])
@pytest.mark.parametrize("closure", ["balance", "lower_floor", "scale_gains", "external"])
@pytest.mark.parametrize("arm", [{}, {"arm": "pupil_need"}])
def test_every_pot_is_met_to_the_penny_on_the_way(
    free: str, closure: str, arm: dict[str, Any]
) -> None:
    # `years` runs Grants.check, which compares with Python integers.
    for rule in ({"rule": "rates", "rates": THINK_TANK}, {"rule": "flat"}):
        funding = {**rule, "transition": 4, "phase": free, "closure": closure, "floor": -0.05}
        for grants in years(many(150, weighted=True), policy(funding, **arm), 4)[0]:
            order = list(grants.lines)
            assert order.index("minimum") > order.index(rule_lines(order)[-1])


def test_floors_act_on_the_two_together() -> None:
    census = many(400)
    both = paid(census, {**HELD, "transition": 10}, 1)
    at_once = paid(census, HELD, 1)
    assert both.lines["floor"].sum() < at_once.lines["floor"].sum() / 3
    assert both.on_floor.sum() < at_once.on_floor.sum()


def test_what_a_transition_leaves_schools_is_known() -> None:
    census = many(300)
    new = paid(census, {"rule": "rates", "rates": THINK_TANK, **FREE}, 1)
    now = paid(census, {"rule": "rates", "rates": THINK_TANK, "transition": 4, **FREE}, 1)
    assert now.kept is not None
    assert np.abs(now.kept - (now.from_pot - new.from_pot)).max() <= 12


def test_a_line_that_meets_its_pot_is_not_refused_for_what_the_old_formula_pays_of_it() -> None:
    solved = changed(
        THINK_TANK, solve="fsm6", basic=(300_000,) * 3, fsm6=(900_000,) * 2, lump=(0, 0)
    )
    assert paid(
        many(300), {"rule": "rates", "rates": solved, "transition": 10, **FREE}, 1
    ).total.any()


def test_the_published_formula_cannot_be_on_its_way_to_itself() -> None:

    told = compose("baseline", ["policy.funding.transition=3"])
    assert any("has no meaning under rule 'nff'" in one for one in policy_problems(told))
    with pytest.raises(BadRequest, match="from 0 to 20"):
        compose("flat", ["policy.funding.transition=21"])
