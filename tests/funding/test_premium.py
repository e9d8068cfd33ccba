"""The premium separate, in the pot or paid twice, and new money: every penny is accounted for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.data.base_year import base_year
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.grants import Grants
from sim.funding.premium import at_usual_size
from sim.money import IntArray, exact_sum, ratio_half_up
from sim.study.doses import dose_notes
from tests.funding.schools import many, policy, years
from tests.funding.test_transition import paid
from tests.funding.test_written import THINK_TANK

BILLION = 1_000_000_000
RULES: dict[str, dict[str, Any]] = {
    "published": {},
    "flat": {"rule": "flat", "closure": "lower_floor"},
    "one pot": {"phase": "free"},
    "written": {"rule": "rates", "rates": THINK_TANK, "floor": -0.05, "closure": "lower_floor"},
    "on the way": {"rule": "rates", "rates": THINK_TANK, "floor": -0.05, "transition": 3},
}
ARMS: tuple[dict[str, Any], ...] = ({}, {"arm": "pupil_need"}, {"mix": {"area": 0.5, "gap": 0.5}})


def summed(census: Census, grants: Grants, clause: str) -> int:
    return exact_sum(grants.lines[clause], census.multiplicity)


def lines_but(grants: Grants, *clauses: str) -> dict[str, list[int]]:
    return {name: v.tolist() for name, v in grants.lines.items() if name not in clauses}


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "given", [{"premium": "in_pot"}, {"premium_times": 2.0}, {"premium_times": 1.37}]
)
def test_every_pot_is_met_to_the_penny(
    given: dict[str, Any], rule: str, arm: dict[str, Any]
) -> None:
    # `years` runs Grants.check, which compares with Python integers.
    census = many(150, weighted=True)
    asked, usual = (
        years(census, policy({**RULES[rule], **more}, **arm), 4)[0] for more in (given, {})
    )
    assert len(asked) == len(usual) == 4


@pytest.mark.parametrize("rule", RULES)
def test_in_the_pot_is_the_same_money_as_beside_it(rule: str) -> None:
    census = many(300)
    pooled = paid(census, {**RULES[rule], "premium": "in_pot"}, 1)
    beside = paid(census, RULES[rule], 1)
    on_the_way = summed(census, pooled, "premium")
    assert sum(pooled.pots.values()) + on_the_way == sum(beside.pots.values()) + summed(
        census, beside, "premium"
    )
    assert exact_sum(pooled.total) == exact_sum(beside.total)
    assert (on_the_way > 0) == (rule == "on the way")
    assert np.array_equal(pooled.premium, pooled.lines["premium"])


@pytest.mark.parametrize("rule", ["published", "flat", "one pot"])
def test_an_envelope_is_a_share_of_the_pot_without_premium(rule: str) -> None:
    census = many(300)
    sums = []
    for given in ({}, {"premium": "in_pot"}, {"premium_times": 3.0}):
        (grants, *_), _ = years(census, policy({**RULES[rule], **given}, arm="pupil_need"), 1)
        sums.append(exact_sum(grants.targeted))
    slack = 2 if rule != "one pot" else max(sums) // 50  # phases share one pot as the rule does
    assert max(sums) - min(sums) <= slack
    assert sums[0] == sums[2]


def test_in_a_transition_it_goes_into_the_pot_step_by_step() -> None:
    census = many(200)
    once = paid(census, {}, 1).premium
    for year in range(1, 6):
        funding = {**RULES["written"], "transition": 4, "premium": "in_pot"}
        left = paid(census, funding, year).premium
        assert np.array_equal(left, once * max(0, 4 - year) // 4)


def test_a_second_premium_comes_off_the_basic_amount_and_nothing_else_moves() -> None:
    census = many(300)
    for funding in (RULES["published"], RULES["flat"], RULES["one pot"]):
        for now, then in zip(
            years(census, policy({**funding, "premium_times": 2.0}), 3)[0],
            years(census, policy(funding), 3)[0],
            strict=True,
        ):
            assert lines_but(now, "slice", "premium") == lines_but(then, "slice", "premium")
            assert np.array_equal(now.premium, 2 * then.premium)
            assert exact_sum(now.slice) == exact_sum(then.premium)
            assert now.pots == then.pots and exact_sum(now.total) == exact_sum(then.total)


def test_a_floor_compares_shares_of_the_pot_and_not_what_comes_into_it() -> None:
    census = many(400)
    pots, pooled = {0: 107 * BILLION, 1: 90 * BILLION}, {0: 7 * BILLION, 1: 0}
    pence = census.pupils * 500_000
    there = at_usual_size(census, pence, pots, pooled, back=True)
    young = census.phase == 0
    assert np.array_equal(there[young], pence[young] * 107 // 100)
    assert np.array_equal(there[~young], pence[~young])
    back = at_usual_size(census, there, pots, pooled, back=False)
    assert np.abs(back - pence).max() <= 1
    # A floor that allows no fall holds schools whose share of the pot falls, premium or not.
    held = {"rule": "nff", "floor": 0.0, "closure": "lower_floor", "premium": "in_pot"}
    assert paid(census, held, 1).on_floor.any()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("rule", RULES)
def test_new_money_is_what_it_says_and_moves_nothing_else(
    rule: str, sign: int, weighted: bool
) -> None:
    census = many(200, weighted=weighted)
    given = {**RULES[rule], "new_money_gbp": sign * 1e9}
    if rule == "written":
        given["premium"] = "in_pot"
    plain = {key: value for key, value in given.items() if key != "new_money_gbp"}
    now, then = paid(census, given, 1), paid(census, plain, 1)
    assert lines_but(now, "extra") == lines_but(then, "extra")
    assert now.pots == then.pots and now.rounding == then.rounding
    assert not then.lines["extra"].any()
    before = then.total - then.premium
    england, slack = base_year().england_pot, int(census.multiplicity.max())
    for phase in (0, 1):
        mine = census.phase == phase
        extra, money = (
            exact_sum(pence[mine], census.multiplicity[mine])
            for pence in (now.lines["extra"], before)
        )
        # The premium's part of a pot that holds it is not England's pot; nor is a rounding.
        pool = exact_sum((paid(census, {}, 1).premium)[mine], census.multiplicity[mine])
        part = money - pool if given.get("premium") == "in_pot" else money
        due = ratio_half_up(part, 100 * BILLION, 100 * england)
        assert extra * sign >= 0 and abs(abs(extra) - due) <= slack + 1
    share = now.lines["extra"] / np.maximum(before, 1)
    for phase in (0, 1):
        mine = census.phase == phase
        assert np.ptp(share[mine]) < 1e-5, "every school gets the same share of its money"


def test_what_is_left_out_is_what_was_there_before() -> None:
    census = many(150, weighted=True)
    said = {"premium": "separate", "premium_times": 1.0, "new_money_gbp": 0.0}
    for now, then in zip(
        years(census, policy(said, arm="gap_triggered"))[0],
        years(census, policy(arm="gap_triggered"))[0],
        strict=True,
    ):
        assert lines_but(now) == lines_but(then) and list(now.lines) == list(then.lines)
        assert now.rounding == then.rounding and now.pots == then.pots


WRONG = (
    (["policy.funding.premium=pot"], "'pot' is not one of separate, in_pot"),
    (["policy.funding.premium_times=0.5"], "Give a number from 1 to 5"),
    (["policy.funding.new_money_gbp=2e10"], "is not allowed. Give a number from"),
    (
        ["policy.funding.pupil_premium=false", "policy.funding.premium=in_pot"],
        "leave pupil_premium",
    ),
    (["policy.funding.premium_times=2", "policy.funding.premium=in_pot"], "leave one out"),
)


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_cannot_be_is_refused_with_what_to_do(words: list[str], said: str) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        compose("baseline", words)
    assert "policy.funding" in str(caught.value)


@pytest.mark.parametrize("given", [{"premium": "in_pot"}, {"premium_times": 2.0}])
def test_authorities_share_out_again_what_a_pot_with_premium_pays(given: dict[str, Any]) -> None:
    census = many(400)
    census = replace(census, area=census.area % 7, mirror=np.full(400, 800_000))
    for now, then in zip(
        years(census, policy({"local": True, **given}), 3)[0],
        years(replace(census, mirror=None), policy(given), 3)[0],
        strict=True,
    ):
        for phase in (0, 1):
            for area in range(7):
                mine = (census.phase == phase) & (census.area == area)
                here, there = (before_the_slice(one)[mine] for one in (now, then))
                assert exact_sum(here) == exact_sum(there)


def before_the_slice(grants: Grants) -> IntArray:
    return grants.total - grants.premium - grants.lines["slice"] - grants.lines["extra"]


def test_a_premium_that_basic_entitlement_cannot_pay_is_refused_in_pounds() -> None:
    census = many(60)
    poor = {"rule": "rates", "rates": THINK_TANK, "floor": -1.0}
    small = THINK_TANK.model_copy(update={"fsm6": (1_500_000, 1_500_000)})
    with pytest.raises(BadRequest, match="premium_times: GBP"):
        years(census, policy({**poor, "rates": small, "premium_times": 5.0}), 1)


def test_other_money_and_a_lost_earmark_are_said_before_anything_runs() -> None:
    names = ("baseline", "plus_1bn", "minus_1bn", "premium_in_pot", "double_premium", "raise_all")
    told = " ".join(dose_notes([compose(name, ["world=tiny"]) for name in names]))
    for name in ("plus_1bn", "minus_1bn", "raise_all"):
        assert f"{name} has other money than the baseline" in told
    assert "premium_in_pot: the pupil premium is in the pot" in told
    assert "double_premium" not in told and "baseline has" not in told
