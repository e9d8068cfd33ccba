"""What a pound returns: saturation, concentration, and earmarks in schools without margin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world import programmes
from sim.world.tables import Schools
from sim.year import plans, returns
from tests.twins.cohorts import switches, values
from tests.year import plain_plans
from tests.year.test_plans import HARM, KNOWN, beliefs

LINEAR = {"saturation": 0.0, "concentration": 0.0}
THETAS = st.floats(-0.5, 0)


def many(seed: int, rows: int = 60) -> tuple[Schools, Any]:
    """Schools of all kinds: some with nothing left, some in debt, some without poor pupils."""
    draw = np.random.default_rng(seed)
    table = Schools(rows)
    table.phase = draw.integers(0, 2, rows)
    table.area_cost = draw.integers(10_000, 11_800, rows)
    table.paid_pupils = draw.integers(20, 1_500, rows)
    table.ever6 = (table.paid_pupils * draw.choice([0, 0.03, 0.2, 0.5], rows)).astype(int)
    table.margin = draw.integers(-50_000_00, 300_000_00, rows) * draw.choice([0, 1, 1, 1], rows)
    table.premium = table.ever6 * 1_480_00
    table.targeted = table.ever6 * draw.choice([0, 0, 500_00], rows)
    spend = np.zeros((rows, 5), np.int64)
    most = np.maximum(table.margin, 0)
    spend[:, programmes.RETENTION], spend[:, programmes.TUTORING] = most // 4, most // 5
    table.spend = spend
    fixed = np.repeat(np.array([[0, 20_000_00, 15_000_00, 12_000_00, 10_000_00]]), rows, axis=0)
    return table, fixed


@pytest.mark.parametrize("seed", range(5))
def test_without_saturation_concentration_and_keeping_it_is_the_linear_model_bit_for_bit(
    seed: int,
) -> None:
    table, fixed = many(seed)
    weight = np.random.default_rng(seed).integers(1, 9, len(table))
    use = np.random.default_rng(seed).lognormal(size=len(table)).astype(np.float32)
    known = beliefs(pooled=1.0, **LINEAR)
    measured = returns.portfolio(table, fixed, weight, known)
    assert measured.scale == plain_plans.scale(table, fixed, weight, known)
    found = returns.money_flows(table, fixed, measured, use, known, switches())
    wanted = plain_plans.flows(
        table, fixed, measured.scale, use, known, returns.harm(known.teachers)
    )
    for one, two in zip(found, wanted, strict=True):
        assert np.array_equal(one, two)


def rich() -> tuple[Schools, Any]:
    """A primary of 200, 50 of them disadvantaged; standard staffing costs GBP 920,000.

    It has GBP 276,000 more, 60 % of GBP 200,000 earmarked, none of it in programmes.
    """
    table = Schools(1)
    table.phase, table.area_cost, table.paid_pupils, table.ever6 = [0], [10_000], [200], [50]
    table.margin, table.premium = [276_000_00], [200_000_00]
    return table, plans.offers(table, KNOWN, switches())[0]


def test_saturated_and_concentrated_money_worked_by_hand() -> None:
    table, fixed = rich()
    known = beliefs(saturation=-0.25, concentration=0.4)
    use = np.ones(1, np.float32)
    for_all, further, _ = returns.money_flows(
        table, fixed, returns.Portfolio(0.9, 0.15), use, known, switches()
    )
    # 120,000 for the 50, so 156,000 for all: 5,380 pounds a pupil over 4,600 of standard staffing,
    # and 2,400 more for each of the disadvantaged. The school has 25 % of them, the nation 15 %.
    crowd = 1 + 0.4 * (0.25 - 0.15)
    others = crowd * (1 - 0.25 * np.log((4_600 + 780) / 4_600))
    poor = crowd * (1 - 0.25 * np.log((4_600 + 780 + 2_400) / 4_600))
    a_pound = 0.01 * 0.9 / 1_000
    assert for_all[0] == pytest.approx(a_pound * 780 * others)
    assert for_all[0] + further[0] == pytest.approx(a_pound * 1.5 * (780 + 2_400) * poor)


def test_money_kept_in_a_school_without_margin_worked_by_hand() -> None:
    table, fixed = rich()
    table.margin, use = [-20_000_00], np.ones(1, np.float32)
    known = beliefs(pooled=0.5, **LINEAR)
    flows = returns.money_flows(table, fixed, returns.Portfolio(), use, known, switches())
    # Of 120,000 that are for the 50 the margin holds nothing: half is kept for them all the same,
    # and everybody has 60,000 less on top of the 20,000 that are missing.
    a_pound = 0.01 / 1_000
    assert flows[0][0] == pytest.approx(a_pound * -80_000 / 200)
    assert flows[0][0] + flows[1][0] == pytest.approx(1.5 * a_pound * (60_000 / 50 - 80_000 / 200))


def test_what_a_small_margin_holds_is_kept_whole_and_the_rest_in_part() -> None:
    table, fixed = rich()
    table.margin, use = [20_000_00], np.ones(1, np.float32)
    known = beliefs(pooled=0.75, **LINEAR)
    flows = returns.money_flows(table, fixed, returns.Portfolio(), use, known, switches())
    a_pound = 0.01 / 1_000
    assert flows[0][0] == pytest.approx(a_pound * -25_000 / 200)
    assert flows[0][0] + flows[1][0] == pytest.approx(1.5 * a_pound * (45_000 / 50 - 25_000 / 200))


@pytest.mark.parametrize("pooled", [0.0, 0.3, 1.0])
def test_a_pound_acts_once_however_much_is_pooled(pooled: float) -> None:
    """With one multiplier for all, who a pound is for does not change what it adds."""
    table, fixed = many(7)
    known = beliefs(pooled=pooled, disadvantaged_multiplier=1.0, **LINEAR)
    use = np.ones(len(table), np.float32)
    flows = returns.money_flows(table, fixed, returns.Portfolio(), use, known, switches())
    cost = table.area_cost / 10_000
    added = (flows[0] * table.paid_pupils + flows[1] * table.ever6) * cost
    once = plain_plans.flows(table, fixed, 1.0, use, known, HARM)
    assert added == pytest.approx((once[0] * table.paid_pupils + once[1] * table.ever6) * cost)


@given(THETAS, st.floats(1, 50), st.floats(0, 50))
def test_more_money_never_adds_less(theta: float, ratio: float, more: float) -> None:
    x = np.array([ratio, ratio + more])
    factor = returns.saturated(x, theta)
    assert (factor >= 0).all()
    total = (x - 1) * factor
    assert total[1] >= total[0] - 1e-9


@given(THETAS, st.floats(1.0, 3.0))
def test_the_next_pound_returns_what_the_record_says(theta: float, ratio: float) -> None:
    hair = 1e-5
    x = np.array([ratio - hair, ratio + hair])
    total = (x - 1) * returns.saturated(x, theta)
    wanted = max(0.0, 1 + theta * (np.log(ratio) + (ratio - 1) / ratio))
    assert (total[1] - total[0]) / (2 * hair) == pytest.approx(wanted, abs=1e-4)


@given(THETAS, st.floats(0.6, 3.0))
def test_saturation_is_the_formula_of_its_record(theta: float, ratio: float) -> None:
    assert returns.saturated(np.array([ratio]), theta)[0] == pytest.approx(
        1 + theta * np.log(ratio)
    )


def test_a_loss_hurts_more_than_an_equal_gain_helps() -> None:
    x = np.array([0.9, 1.1])
    total = (x - 1) * returns.saturated(x, -0.25)
    assert -total[0] > total[1]


@pytest.mark.parametrize("eta", [-1.0, 1.0])
def test_concentration_never_turns_money_into_harm(eta: float) -> None:
    table, fixed = rich()
    known = beliefs(concentration=5 * eta, saturation=0.0)
    use = np.ones(1, np.float32)
    flows = returns.money_flows(table, fixed, returns.Portfolio(1.0, 0.9), use, known, switches())
    assert all(flow[0] >= 0 for flow in flows)


@pytest.mark.parametrize("theta", [-0.5, -0.25, 0.0])
@pytest.mark.parametrize("eta", [-1.0, 0.0, 1.0])
def test_the_mean_return_of_year_0_is_the_believed_one_whatever_the_shape(
    theta: float, eta: float
) -> None:
    table, fixed = many(3)
    known = beliefs(saturation=theta, concentration=eta, pooled=0.3)
    weight = np.ones(len(table), np.int64)
    measured = returns.portfolio(table, fixed, weight, known)
    use = np.ones(len(table), np.float32)
    flows = returns.money_flows(table, fixed, measured, use, known, switches())
    cost = table.area_cost / 10_000
    added = flows[0] * table.paid_pupils + flows[1] * table.ever6
    added = added + flows[2] * returns.harm(known.teachers) * table.paid_pupils
    assert (added * cost).sum() == pytest.approx(0.01 / 1_000 * table.margin.sum() / 100)


def test_the_central_beliefs_saturate_and_pool_half() -> None:
    known = values()
    assert (known.money.saturation, known.money.concentration) == (-0.25, 0)
    assert known.plans.pooled == 0.5


def test_a_huge_dose_does_far_less_than_in_proportion() -> None:
    """Blackpool at GBP 33,703 a disadvantaged pupil: what took Attainment 8 from 37 to 78 of 90."""
    table, fixed = rich()
    table.margin, table.targeted = [50 * 33_703_00], [50 * 33_703_00]
    use, flow = np.ones(1, np.float32), {}
    for theta in (-0.5, -0.25, 0.0):
        known = beliefs(saturation=theta)
        found = returns.money_flows(table, fixed, returns.Portfolio(), use, known, switches())
        flow[theta] = found[0][0] + found[1][0]
    assert 0 < flow[-0.5] < 0.3 * flow[0.0]
    assert flow[-0.25] < 0.65 * flow[0.0]
