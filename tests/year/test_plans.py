"""Plans and what money does, worked by hand for one primary and one secondary."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.world import programmes
from sim.world.tables import Schools
from sim.year import plans, returns
from tests.twins.cohorts import believed, switches, values


def schools() -> Schools:
    """A primary of 200 (50 disadvantaged) and a secondary of 1,000 (none), costs 0 and 5 % up."""
    table = Schools(2)
    table.phase, table.area_cost = [0, 1], [10_000, 10_500]
    table.paid_pupils, table.ever6 = [200, 1000], [50, 0]
    table.belief = [[1.5, 2.0, 1.0, 1.2, 0.5]] * 2
    return table


KNOWN: Any = SimpleNamespace(
    standard_fixed=(100_000, 300_000), standard_pupil=(4_000, 5_000), standard_need=(400, 500),
    dose=(200, 100, 500, 50, 40), fixed=(0, 20_000, 15_000, 12_000, 10_000),
    relative_return=(1.1, 1.5, 1.4, 0.4, 0.4), premium_reach=0.6, practice_spread=0.25,
    pooled=1.0, evidence_use=0.5, security=(0.6, 0.6, 0.8, 0.4, 0.4), habit_sd=0.3,
)  # fmt: skip


def test_standard_cost_is_fixed_plus_pupils_plus_need_times_area_cost() -> None:
    assert programmes.standard_cost(schools(), KNOWN).tolist() == [
        100 * (100_000 + 200 * 4_000 + 50 * 400),
        round(1.05 * 100 * (300_000 + 1_000 * 5_000)),
    ]


def test_no_school_lacks_more_than_the_staffing_that_goes_with_its_pupils() -> None:
    """200 pupils at 4,000 and 50 in need at 400 are 820,000 pounds, of a cost of 920,000."""
    table = schools()
    lacks = []
    for budget in (1_000_000, 500_000, 100_000, 0):
        table.budget = [100 * budget, 0]
        lacks.append(int(plans.margin(table, KNOWN)[0]) // 100)
    assert lacks == [80_000, -420_000, -820_000, -820_000]


def test_an_offer_is_open_where_it_beats_staff_before_its_full_dose() -> None:
    fixed, least, full = plans.offers(schools(), KNOWN, switches())
    assert fixed[0].tolist() == [0, 2_000_000, 1_500_000, 1_200_000, 1_000_000]
    # CPD in the primary: 20,000 fixed, twice as good as staff, so it pays from 40,000 pounds;
    # the full dose is 20,000 + 100 a pupil = 40,000: just not worth it.
    assert full[0].tolist() == [4_000_000, 4_000_000, 4_000_000, 2_200_000, 1_800_000]
    closed = 2**62
    assert least[0].tolist() == [0, closed, closed, closed, closed]
    # In the secondary 126,000 pounds of CPD pay from 42,000 on; careers from 75,600 up to 65,100.
    assert least[1].tolist() == [0, 4_200_000, closed, closed, closed]
    assert full[1].tolist() == [21_000_000, 12_600_000, 0, 6_510_000, 5_250_000]


def test_without_fixed_costs_whatever_is_trusted_is_open_and_careers_not_before_eleven() -> None:
    _, least, full = plans.offers(schools(), KNOWN, switches(fixed_costs=False))
    closed = 2**62
    assert least[0].tolist() == [0, 0, closed, closed, closed]
    assert least[1].tolist() == [0, 0, closed, 0, closed]
    assert full[1].tolist() == [21_000_000, 10_500_000, 0, 5_250_000, 4_200_000]


def test_effective_money_takes_fixed_costs_off_and_counts_the_rest_as_staff() -> None:
    margin = np.array([10_000_000])
    spend = np.array([[1_000_000, 5_000_000, 0, 0, 0]])
    fixed = np.array([[0, 2_000_000, 1_500_000, 0, 0]])
    found = returns.effective_pence(margin, spend, fixed, KNOWN)
    assert found.tolist() == pytest.approx([4_000_000 + 1.1 * 1_000_000 + 1.5 * 3_000_000])


def spending() -> tuple[Schools, Any]:
    """The primary has GBP 80,000 to spend, GBP 20,000 of it on keeping teachers."""
    table = schools()
    table.margin, table.premium = [8_000_000, 0], [5_000_000, 0]
    table.spend = [[2_000_000, 0, 0, 0, 0], [0] * 5]
    fixed, _, _ = plans.offers(table, KNOWN, switches())
    return table, fixed


HARM = 0.08 + 2 * 0.07 * 0.4 + 0.05 * 0.1
"""Of a teacher who leaves: the loss, two years of a novice or less, a post left vacant."""


def beliefs(*, pooled: float = 1.0, **money: float) -> Any:
    """Beliefs of the hand-worked schools: a pound always does the same unless said otherwise."""
    known = believed(
        money={
            "return_per_thousand": 0.01, "disadvantaged_multiplier": 1.5, "saturation": 0.0,
            "concentration": 0.0, **money,
        },
        teachers={
            "turnover_harm": 0.08, "novice_penalty": 0.07, "novice_recruits": 0.4,
            "vacancy_harm": 0.05, "vacancy_leaving": 0.1,
        },
        plans=vars(KNOWN) | {"pooled": pooled},
    )  # fmt: skip
    return known


def test_money_flows_worked_by_hand() -> None:
    table, fixed = spending()
    use = np.array([1.2, 1.0], np.float32)
    for_all, further, kept = returns.money_flows(
        table, fixed, returns.Portfolio(0.9), use, beliefs(), switches()
    )
    # Of 80,000 pounds 60,000 act as they are (staff), 20,000 through teachers who stay.
    ratio = 60_000 / 80_000
    earmarked = 0.6 * 50_000
    a_pound = 0.01 * 0.9 / 1_000
    general = a_pound * ratio * 1.2 * (80_000 - earmarked) / 200
    direct = a_pound * ratio * 1.2 * earmarked / 50
    mean = 1 + 0.5 * 0.25
    gain = a_pound * 1.1 * 20_000 / 200 * mean
    assert for_all[0] == pytest.approx(general)
    assert further[0] == pytest.approx(general * 0.5 + direct * 1.5)
    assert kept[0] == pytest.approx(gain / HARM)
    assert [float(flow[1]) for flow in (for_all, further, kept)] == [0, 0, 0]


def test_the_mean_return_of_all_margins_is_the_believed_one() -> None:
    """A pound acts once: what is earmarked, kept in staff and spent on programmes adds up."""
    table, fixed = spending()
    table.margin, table.ever6 = [8_000_000, 30_000_000], [50, 150]
    table.spend[1] = [1_000_000, 9_000_000, 4_000_000, 0, 0]
    known, weight = beliefs(), np.array([3, 1])
    measured = returns.portfolio(table, fixed, weight, known)
    use = np.ones(2, np.float32)
    for_all, further, kept = returns.money_flows(table, fixed, measured, use, known, switches())
    pupils = table.paid_pupils
    cost = table.area_cost / 10_000
    gained = (for_all * pupils + further * table.ever6 + kept * HARM * pupils) * cost
    pounds = table.margin / 100
    assert (weight * gained).sum() == pytest.approx(0.01 / 1_000 * (weight * pounds).sum())


def test_money_switched_off_does_nothing() -> None:
    table, fixed = spending()
    flows = returns.money_flows(
        table, fixed, returns.Portfolio(), np.ones(2, np.float32), beliefs(), switches(money=False)
    )
    assert [flow.tolist() for flow in flows] == [[0, 0]] * 3


def test_twice_the_return_does_twice_as_much() -> None:
    table, fixed = spending()
    use = np.ones(2, np.float32)
    once, twice = (
        returns.money_flows(
            table, fixed, returns.Portfolio(), use, beliefs(return_per_thousand=each), switches()
        )
        for each in (0.01, 0.02)
    )
    for one, two in zip(once, twice, strict=True):
        assert two == pytest.approx(2 * one)


def test_first_views_lie_between_habit_and_evidence() -> None:
    luck = np.array([[0, 0, 0, 0, 0], [1, -1, 0, 0, 2]], np.float32)
    found = plans.first_views(luck, KNOWN, switches())
    heard = [
        1 + 0.5 * s * (r - 1) for s, r in zip(KNOWN.security, KNOWN.relative_return, strict=True)
    ]
    assert found[0].tolist() == pytest.approx(heard)
    assert (found[1] - found[0]).tolist() == pytest.approx([0.3, -0.3, 0, 0, 0.6], abs=1e-6)
    assert not plans.first_views(luck, KNOWN, switches(plans=False)).any()


def test_views_are_coloured_by_schools_near_and_alike() -> None:
    table = Schools(3)
    table.habit = np.array([[1.0], [2.0], [4.0]]) * np.ones(5)
    table.belief = table.habit
    near = np.array([[0, 1], [1, 2], [2, -1]], np.int32)
    plans.trust(table, near, KNOWN, switches())
    assert table.belief[:, 0].tolist() == pytest.approx([1.125, 2.25, 4.0])
    plans.trust(table, near, KNOWN, switches(practice=False))
    assert table.belief[:, 0].tolist() == pytest.approx([1, 2, 4])


@pytest.mark.parametrize("lag", [1, 2, 4])
def test_a_years_money_acts_once_after_its_delay(lag: int) -> None:
    table = Schools(1)
    seen = []
    for year in range(8):
        fresh = np.array([0.5 if year == 0 else 0.0])
        returns.feel(table, (fresh, 2 * fresh, 3 * fresh), lag)
        seen.append((float(table.flow_all[0, 0]), float(table.flow_dis[0, 0])))
        assert table.eased[0] == (1.5 if year == 0 else 0)
    assert seen == [(0.5, 1.0) if year == lag else (0.0, 0.0) for year in range(8)]


def test_constant_money_acts_from_its_delay_on() -> None:
    table = Schools(1)
    seen = []
    for _ in range(6):
        returns.feel(table, (np.array([0.5]), np.array([0.0]), np.array([0.0])), 2)
        seen.append(float(table.flow_all[0, 0]))
    assert seen == [0, 0, 0.5, 0.5, 0.5, 0.5]


def test_the_delays_that_beliefs_allow_fit_the_ring() -> None:
    record = values()
    assert 1 <= round(record.money.lag) < Schools.flow_all.width
