"""High needs: mainstream and high needs are the block, and what is short is short in margins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.funding.blocks import divide
from sim.money import exact_sum
from sim.year import high_needs, plans
from tests.laws import worlds

ON, OFF = "switches.special_needs=true", "switches.special_needs=false"
SHARE = ("policy.funding.high_needs_share=0.05", "policy.funding.closure=lower_floor")


@pytest.mark.parametrize("share", [None, 0.0, 0.031, 0.05, 0.5])
@pytest.mark.parametrize("pots", [{0: 24_000_000_001, 1: 17_999_999_998}, {2: 41_999_999_999}])
def test_mainstream_and_high_needs_are_the_block_to_the_penny(
    pots: dict[int, int], share: float | None
) -> None:
    year_0 = (1_500_000_007, 40_000_000_003)
    usual, paid = divide(pots, year_0, None)
    block = sum(usual.values()) + paid
    assert usual == pots
    found, paid = divide(pots, year_0, share)
    assert sum(found.values()) + paid == block
    assert min(found.values()) >= 0
    if share is not None:
        assert paid == pytest.approx(share * block, abs=1)


def test_without_special_needs_there_is_no_such_money() -> None:
    assert divide({0: 10, 1: 20}, (0, 30), None) == ({0: 10, 1: 20}, 0)
    with pytest.raises(BadRequest, match="special_needs=true"):
        compose("baseline", ["world=tiny", OFF, "policy.funding.high_needs_share=0.05"])


def paid(*overrides: str) -> Any:
    """A tiny nation with special needs after its first policy year."""
    model = worlds.model("baseline", ON, *overrides)
    model.step()
    return model


def of_england(model: Any, pence: Any) -> int:
    return exact_sum(np.asarray(pence, np.int64), model.world.weight_of(model.world.schools))


def test_a_share_moves_money_between_pots_and_plans_and_makes_none() -> None:
    usual, more = paid(), paid(*SHARE)
    blocks, margins = [], []
    for model in (usual, more):
        grants, schools = model.nation.made.grants, model.world.schools
        block = sum(grants.pots.values()) + grants.high_needs
        blocks.append(block)
        assert of_england(model, grants.from_pot) + sum(grants.rounding.values()) == sum(
            grants.pots.values()
        ) + sum(grants.new_money.values())
        margins.append(of_england(model, schools.budget - schools.spill))
    assert blocks[0] == blocks[1]
    grants = more.nation.made.grants
    assert grants.high_needs == pytest.approx(0.05 * blocks[1], abs=1)
    premium = [of_england(m, m.nation.made.grants.premium) for m in (usual, more)]
    spread = sum(more.nation.made.grants.new_money.values())
    assert margins[1] - margins[0] == pytest.approx(premium[1] - premium[0] + spread, abs=5_000)
    for model in (usual, more):
        model.close()


def test_top_ups_pay_out_all_of_it_and_what_is_short_spills_into_margins() -> None:
    model = paid()
    schools, known = model.world.schools, model.terms.values.high_needs
    weight, of = model.world.weight_of(schools), high_needs.cost(schools, known)
    for pot in (0, 123_456_789, of_england(model, of.topped)):
        given, left = high_needs.top_ups(pot, schools, of.topped, weight)
        assert of_england(model, given) + left == pot
    short = of.topped - given
    assert abs(short).max() <= 1, "where all is covered nothing is short"
    none = np.zeros(len(schools), np.int64)
    spilt = high_needs.spill(schools, of.first, of, none, 0.0)
    assert np.array_equal(spilt, of.topped), "uncovered, all top-ups are in margins"
    model.close()


def test_in_year_0_margins_lose_what_top_ups_fall_short_and_no_more() -> None:
    """Notional budgets are spent whole: what some schools lose of them others have over."""
    model = worlds.model("baseline", ON)
    schools, known = model.world.schools, model.terms.values.high_needs
    weight = model.world.weight_of(schools)
    due = high_needs.cost(schools, known).topped
    heads = float(np.sum(weight * schools.paid_pupils))
    lost = float(np.sum(weight * schools.spill)) / heads / 100
    short = (1 - known.cover) * float(np.sum(weight * due)) / heads / 100
    assert lost == pytest.approx(short, abs=5), "GBP a pupil; rolls are counted since"
    assert schools.spill.std() > 0
    before = schools.spill.copy()
    found = plans.margin(schools, model.terms.values.plans)
    schools.spill = 0
    without = plans.margin(schools, model.terms.values.plans)
    free = found > 0  # a lack has a bound
    assert free.any() and np.array_equal((without - found)[free], before[free])
    model.close()


def test_off_nothing_spills_and_nobody_is_counted() -> None:
    model = worlds.model("baseline", OFF)
    model.step()
    schools = model.world.schools
    assert not (schools.spill.any() or schools.with_plan.any() or schools.with_support.any())
    assert model.nation.made.grants.high_needs == 0
    model.close()
