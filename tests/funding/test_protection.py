from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.codes import MILLION
from sim.errors import BadRequest
from sim.funding.protection import Budgets, Settlement, Terms, balance, floor_target, settle
from sim.money import IntArray


def budgets(
    scaled: list[int],
    base: list[int] | None = None,
    fixed: int = 0,
    level: list[int] | None = None,
    multiplicity: list[int] | None = None,
) -> Budgets:
    count = len(scaled)
    zero = np.zeros(count, dtype=np.int64)
    return Budgets(
        scaled=np.array(scaled),
        fixed=zero + fixed,
        level=zero if level is None else np.array(level),
        base=zero if base is None else np.array(base),
        school_led=zero,
        keys=np.arange(count),
        multiplicity=zero + 1 if multiplicity is None else np.array(multiplicity),
    )


def paid(given: Budgets, settled: Settlement) -> IntArray:
    total: IntArray = (
        settled.balanced + given.fixed + settled.minimum + settled.floor + settled.scaling
    )
    return total


def missing(pot: int, given: Budgets, settled: Settlement) -> int:
    out = int((given.multiplicity * paid(given, settled)).sum())
    return pot + settled.new_money - out - settled.rounding


def test_the_balancing_line_is_shared_in_proportion() -> None:
    given = budgets([100, 300], fixed=50)
    line, rounding = balance(900, given, given.level)
    assert line.tolist() == [200, 600]
    assert rounding == 0


def test_a_school_on_its_level_is_topped_up_and_the_others_pay() -> None:
    given = budgets([100, 300], level=[500, 0])
    settled = settle(1_100, given, Terms("balance", -MILLION))
    assert paid(given, settled).tolist() == [500, 600]
    assert settled.balanced.tolist() == [200, 600]
    assert settled.minimum.tolist() == [300, 0]


def test_the_minimum_level_comes_before_the_floor() -> None:
    given = budgets([100, 300], base=[600, 0], level=[500, 0])
    settled = settle(1_200, given, Terms("balance", 0))
    assert settled.minimum.tolist() == [300, 0]
    assert settled.floor.tolist() == [100, 0]
    assert paid(given, settled).tolist() == [600, 600]


def test_a_floor_that_alone_costs_more_than_the_pot_cannot_be_balanced() -> None:
    given = budgets([100, 100], base=[500, 500])
    with pytest.raises(BadRequest, match="cost more than the pot"):
        settle(1_000, given, Terms("balance", 5_000))


def test_a_cap_has_no_meaning_where_the_rule_balances() -> None:
    with pytest.raises(BadRequest, match="cap has no meaning"):
        settle(200, budgets([100, 100]), Terms("balance", -9_000, cap=20_000))


def test_an_unknown_closure_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadRequest, match="Did you mean 'lower_floor'"):
        settle(200, budgets([100, 100]), Terms("lower_flor", -9_000))


def test_money_and_no_school_with_a_weight_is_refused() -> None:
    with pytest.raises(BadRequest, match="no school that the rule gives any to"):
        settle(200, budgets([0, 0]), Terms("balance", -9_000))


def test_gainers_pay_in_proportion_to_what_lies_above_the_floor() -> None:
    # Before: 400 each. Last year 500, 300, 350 at the floor of -10 %: 450, 270, 315.
    given = budgets([100, 100, 100], base=[500, 300, 350])
    settled = settle(1_200, given, Terms("scale_gains", -100_000))
    assert settled.floor.tolist() == [50, 0, 0]
    assert settled.scaling.tolist() == [0, -30, -20]  # 50 shared over 130 and 85, by remainder
    assert missing(1_200, given, settled) == 0


def test_gains_are_not_taken_below_the_minimum_level() -> None:
    given = budgets([100, 100, 100], base=[500, 300, 350], level=[0, 400, 0])
    settled = settle(1_200, given, Terms("scale_gains", -100_000))
    assert settled.scaling.tolist() == [0, 0, -50]


def test_a_cap_leaves_small_gains_alone() -> None:
    # A cap of +20 % keeps 360 and 420: only the second school has more.
    given = budgets([100, 100, 100], base=[450, 300, 350])
    settled = settle(1_200, given, Terms("scale_gains", -100_000, cap=200_000))
    assert settled.floor.tolist() == [5, 0, 0]
    assert settled.scaling.tolist() == [0, -5, 0]


def test_a_school_without_a_last_year_neither_gains_nor_pays() -> None:
    given = budgets([100, 100, 100], base=[500, 300, 0])
    settled = settle(1_200, given, Terms("scale_gains", -100_000))
    assert settled.floor.tolist() == [50, 0, 0]
    assert settled.scaling.tolist() == [0, -50, 0]


@pytest.mark.parametrize("floor", [1, 5_000])
def test_no_floor_above_nought_can_be_paid_from_a_constant_pot(floor: int) -> None:
    given = budgets([1_000_000, 2_000_000, 3_000_000], base=[3_000_000, 1_500_000, 1_500_000])
    with pytest.raises(BadRequest, match=r"gains cannot pay for a floor of \+0.00"):
        settle(6_000_000, given, Terms("scale_gains", floor))
    settled = settle(6_000_000, given, Terms("lower_floor", floor))
    assert settled.floor_used <= 0
    assert missing(6_000_000, given, settled) == 0


def test_a_floor_of_nought_is_paid_only_by_cancelling_the_rule() -> None:
    given = budgets([1_000_000, 2_000_000, 3_000_000], base=[3_000_000, 1_500_000, 1_500_000])
    settled = settle(6_000_000, given, Terms("lower_floor", 0))
    assert settled.floor_used == 0
    assert paid(given, settled).tolist() == [3_000_000, 1_500_000, 1_500_000]


def test_lower_floor_is_the_highest_that_gains_above_the_cap_can_pay() -> None:
    given = budgets([100_000] * 3, base=[160_000, 75_000, 65_000])
    terms = Terms("lower_floor", -9_000, cap=300_000)
    settled = settle(300_000, given, terms)
    assert settled.floor_used < -9_000

    def short(floor: int) -> int:
        led = np.array([100_000] * 3)
        cost = np.maximum(0, floor_target(given.base, floor) - led).sum()
        room = np.maximum(0, led - floor_target(given.base, 300_000)).sum()
        return int(cost - room)

    assert short(settled.floor_used) <= 0 < short(settled.floor_used + 1)


def test_new_money_pays_an_external_floor_and_gains_stay_whole() -> None:
    given = budgets([100, 100, 100], base=[500, 300, 350])
    settled = settle(1_200, given, Terms("external", 0))
    assert settled.new_money == 100
    assert settled.scaling.tolist() == [0, 0, 0]
    assert paid(given, settled).tolist() == [500, 400, 400]


def test_gains_above_a_named_cap_pay_before_new_money() -> None:
    given = budgets([100, 100, 100], base=[500, 300, 350])
    settled = settle(1_200, given, Terms("external", 0, cap=200_000))
    assert settled.scaling.tolist() == [0, -40, 0]
    assert settled.new_money == 60
    assert missing(1_200, given, settled) == 0


@pytest.mark.parametrize("closure", ["balance", "lower_floor", "scale_gains", "external"])
def test_weighted_schools_meet_the_pot_within_one_weight(closure: str) -> None:
    rng = np.random.default_rng(5)
    scaled = rng.integers(10**6, 10**8, 60)
    given = replace(
        budgets(scaled.tolist(), multiplicity=rng.integers(1, 17, 60).tolist(), fixed=13_440_000),
        base=(scaled * rng.uniform(0.85, 1.15, 60)).astype(np.int64),
    )
    pot = int((given.multiplicity * (scaled + given.fixed)).sum()) + 3
    settled = settle(pot, given, Terms(closure, -15_000))
    assert missing(pot, given, settled) == 0
    assert abs(settled.rounding) < int(given.multiplicity.max())
    led = paid(given, settled)
    assert (led >= floor_target(given.base, -15_000)).all()


def test_without_schools_there_is_nothing_to_settle() -> None:
    settled = settle(0, budgets([]), Terms("lower_floor", -15_000))
    assert settled.balanced.size == 0
    assert settled.rounding == 0
