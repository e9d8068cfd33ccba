from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.codes import MILLION
from sim.funding.census import Census
from sim.funding.protection import Budgets, balance, floor_target
from sim.year.allocation import FundingMemory, Grants, When, allocate
from tests.funding.schools import many, next_year, policy, years

RULES = [
    {},
    {"rule": "flat", "closure": "lower_floor"},
    {"rule": "flat", "closure": "balance"},
    {"rule": "flat", "closure": "lower_floor", "phase": "free"},
    {"rule": "need_weighted", "need_weight": 1.5, "closure": "lower_floor"},
    {"rule": "need_weighted", "need_weight": 2.0, "closure": "scale_gains", "floor": -0.02},
    {"rule": "flat", "closure": "external", "floor": 0.005},
    {"rule": "flat", "closure": "lower_floor", "floor": 0.005, "cap": 0.02},
]
ARMS: list[dict[str, Any]] = [
    {},
    {"arm": "area_list"},
    {"arm": "area_list", "areas": "opportunity_areas", "per": "pupil", "envelope_gbp": 24e6},
    {"arm": "pupil_need", "envelope_gbp": 4e9},
    {"arm": "gap_triggered"},
    {"arm": "gap_triggered", "trigger": {"shape": "cliff", "against": "national"}},
    {"arm": "gap_triggered", "trigger": {"on": "progress", "against": "own_area"}},
    {"arm": "gap_triggered", "mix": 0.5, "dose_gbp": 300.0},
]


def equal(one: Grants, other: Grants) -> bool:
    return all(np.array_equal(one.lines[clause], other.lines[clause]) for clause in other.lines)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("funding", RULES)
@pytest.mark.parametrize("arm", ARMS)
def test_every_pot_is_met_to_the_penny(
    funding: dict[str, Any], arm: dict[str, Any], weighted: bool
) -> None:
    # `years` runs Grants.check, which compares with Python integers.
    for grants in years(many(150, seed=6, weighted=weighted), policy(funding, **arm), 2)[0]:
        if not weighted:
            assert set(grants.rounding.values()) == {0}
        assert all(amount.dtype == np.int64 for amount in grants.lines.values())


@pytest.mark.parametrize("arm", ["area_list", "pupil_need", "gap_triggered"])
@pytest.mark.parametrize("nothing", [{"envelope_gbp": 0.0}, {"dose_gbp": 0.0}, {"funded": False}])
def test_no_envelope_or_no_funding_is_the_baseline(arm: str, nothing: dict[str, Any]) -> None:
    census = many(150, weighted=True)
    plain, memory = years(census, policy())
    other, branch = years(census, policy(arm=arm, **nothing))
    for one, two in zip(plain, other, strict=True):
        assert equal(one, two)
        assert one.rounding == two.rounding
    assert np.array_equal(memory.led, branch.led)


@pytest.mark.parametrize("arm", ARMS[1:])
def test_the_slice_leaves_minimum_levels_floors_and_last_years_money_alone(
    arm: dict[str, Any],
) -> None:
    census = many(200)
    plain, memory = years(census, policy(), 6)
    other, branch = years(census, policy({}, **arm), 6)
    for one, two in zip(plain, other, strict=True):
        for clause in ("basic", "minimum", "floor"):
            assert np.array_equal(one.lines[clause], two.lines[clause])
        assert two.slice.sum() == two.targeted.sum() > 0
    assert np.array_equal(memory.led, branch.led)


def test_the_share_of_schools_on_the_baseline_floor_settles() -> None:
    shares = [grants.on_floor.mean() for grants in years(many(400), policy(), 22)[0]]
    assert max(shares[-5:]) <= max(shares[:5]) + 0.1
    assert shares[-1] < 0.5


@pytest.mark.parametrize("funding", [RULES[0], RULES[1], RULES[4]])
@pytest.mark.parametrize("arm", [ARMS[0], ARMS[1], ARMS[4]])
def test_the_order_of_schools_changes_nothing(funding: dict[str, Any], arm: dict[str, Any]) -> None:
    census, chosen = many(150, weighted=True), policy(funding, **arm)
    order = np.random.default_rng(8).permutation(150)
    memory, mixed_memory = FundingMemory(), FundingMemory()
    for year in range(-1, 4):
        when = When(year, first_past=year == -1)
        grants = allocate(census, chosen, memory, when)
        mixed = allocate(census.take(order), chosen, mixed_memory, when)
        for clause, amount in grants.lines.items():
            assert np.array_equal(amount[order], mixed.lines[clause]), (year, clause)
        assert grants.rounding == mixed.rounding
        census = next_year(census, seed=year + 30)


def test_a_school_that_stands_for_three_is_three_schools() -> None:
    census, chosen = many(60), policy(arm="pupil_need")
    tripled = replace(census.take(np.repeat(np.arange(60), 3)), school=np.arange(180))
    weighted = replace(census, multiplicity=np.full(60, 3))
    together, apart = FundingMemory(), FundingMemory()
    for year in (0, 1, 2):
        one = allocate(weighted, chosen, together, When(year))
        three = allocate(tripled, chosen, apart, When(year))
        assert one.pots == three.pots
        # The last pennies of a share-out cannot be split in three.
        assert np.abs(np.repeat(one.total, 3) - three.total).max() <= 3


amounts = st.integers(0, 10**9)


@given(
    st.lists(st.tuples(amounts, amounts), min_size=1, max_size=40),
    st.integers(-MILLION, 200_000),
)
@settings(max_examples=200, deadline=None)
def test_gains_less_the_cost_of_a_floor_is_growth_less_floor(
    schools: list[tuple[int, int]], floor: int
) -> None:
    led, base = (np.array(column) for column in zip(*schools, strict=True))
    kept = floor_target(base, floor)
    cost = int(np.maximum(0, kept - led).sum())
    gains = int(np.maximum(0, led - kept).sum())
    last = int(base.sum())
    growth_less_floor = int(led.sum()) - Fraction(last * (MILLION + floor), MILLION)
    # Equal but for the rounding of each school's floor to a penny.
    assert abs(gains - cost - growth_less_floor) <= Fraction(len(schools), 2)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), amounts, amounts, st.integers(1, 16)),
        min_size=1,
        max_size=25,
    ),
    st.integers(0, 10**11),
)
@settings(max_examples=200, deadline=None)
def test_the_balancing_rate_solves_its_equation(
    schools: list[tuple[int, int, int, int]], extra: int
) -> None:
    scaled, fixed, protected, many_times = (np.array(part) for part in zip(*schools, strict=True))
    zero = np.zeros_like(scaled)
    budgets = Budgets(scaled, fixed, protected, zero, zero, np.arange(len(scaled)), many_times)
    pot = int((many_times * np.maximum(fixed, protected)).sum()) + extra
    line, rounding = balance(pot, budgets, protected)
    paid = np.maximum(line + fixed, protected)
    assert int((many_times * paid).sum()) + rounding == pot
    assert 0 <= rounding < int(many_times.max())
    # One rate: where a line counts it is that rate times the school's, to a penny.
    counts = line + fixed > protected
    if counts.any():
        rates = [
            Fraction(int(a), int(b)) for a, b in zip(line[counts], scaled[counts], strict=True)
        ]
        slack = max(Fraction(1, int(b)) for b in scaled[counts])
        assert max(rates) - min(rates) <= 2 * slack


def test_more_weight_on_need_moves_money_towards_it_within_the_same_pot() -> None:
    census: Census = many(300)
    plain = years(census, policy({"floor": -1.0}), 1)[0][0]
    heavy = years(census, policy({**RULES[4], "floor": -1.0}), 1)[0][0]
    assert plain.pots == heavy.pots
    poor = census.ever6 / census.pupils
    gain = (heavy.from_pot - plain.from_pot) / census.pupils
    assert np.corrcoef(poor, gain)[0, 1] > 0.7
