from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.errors import BadRequest, InvariantBroken, WorkFailed
from sim.funding.grants import BOTH
from sim.money import exact_sum
from sim.year.allocation import FundingMemory, Grants, When, allocate
from tests.funding.schools import many, next_year, policy, school, years
from tests.year.plain_allocation import PlainMemory, plain_allocate

BASELINE = policy()
FLAT = {"rule": "flat", "closure": "lower_floor"}
HEAVY = {"rule": "need_weighted", "need_weight": 1.5, "closure": "lower_floor"}


def same(one: Grants, other: Grants) -> bool:
    return all(np.array_equal(one.lines[clause], other.lines[clause]) for clause in other.lines)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("envelope", [0, 10**9])
def test_arrays_equal_their_plain_twin_to_the_penny(weighted: bool, envelope: int) -> None:
    census = many(90, seed=21, weighted=weighted)
    chosen = policy(arm="pupil_need", envelope_gbp=float(envelope)) if envelope else BASELINE
    memory, twin = FundingMemory(), PlainMemory()
    for year in range(-2, 4):
        grants = allocate(census, chosen, memory, When(year, first_past=year == -2))
        plain = plain_allocate(census, twin, year, year == -2, envelope)
        for clause in plain[0]:
            assert grants.lines[clause].tolist() == [line[clause] for line in plain], (year, clause)
        census = next_year(census, seed=year + 50)


def test_the_past_is_paid_as_published_and_year_0_is_remembered() -> None:
    census, memory = many(60), FundingMemory()
    flat = allocate(census, policy(FLAT), FundingMemory(), When(-1, first_past=True))
    assert same(flat, allocate(census, BASELINE, memory, When(-1, first_past=True)))
    assert not memory.roll.any()
    grants = allocate(census, BASELINE, memory, When(0))
    assert memory.pence.tolist() == [grants.pots[0], grants.pots[1]]
    assert memory.roll.sum() == census.pupils.sum()


def test_a_policy_year_needs_a_year_0() -> None:
    with pytest.raises(WorkFailed, match="allocate year 0"):
        allocate(many(10), BASELINE, FundingMemory(), When(1))


@pytest.mark.parametrize("funding", [{}, FLAT, HEAVY, {"rule": "flat", "closure": "balance"}])
def test_the_pot_is_year_0_pence_a_pupil_under_every_rule(funding: dict[str, Any]) -> None:
    census, memory = many(120), FundingMemory()
    allocate(census, BASELINE, memory, When(0))
    grown = next_year(census, seed=3)
    grants = allocate(grown, policy(funding), memory, When(1))
    for phase in (0, 1):
        was, now = (exact_sum(c.pupils[c.phase == phase]) for c in (census, grown))
        pot = round(int(memory.pence[phase]) * now / was)
        assert abs(grants.pots[phase] - pot) <= 1
        assert int(grants.from_pot[grown.phase == phase].sum()) == grants.pots[phase]


def test_an_unchanged_census_is_paid_in_year_1_what_it_was_in_year_0() -> None:
    census, memory = many(120), FundingMemory()
    allocate(census, BASELINE, memory, When(-1))
    before = allocate(census, BASELINE, memory, When(0))
    after = allocate(census, BASELINE, memory, When(1))
    assert np.abs(after.total - before.total).max() <= 1


def test_one_pot_over_both_phases_makes_flat_flat_over_all_pupils() -> None:
    census = replace(many(120), area_cost=np.full(120, 10_000))
    memory = FundingMemory()
    allocate(census, BASELINE, memory, When(0))
    free = {**FLAT, "phase": "free", "floor": -1.0, "minimum_levels": False}
    grants = allocate(census, policy(free), memory.copy(), When(1))
    assert set(grants.pots) == {BOTH}
    rate = grants.from_pot / census.pupils
    assert rate.max() - rate.min() < 1
    grants = allocate(census, policy({**free, "phase": "keep"}), memory, When(1))
    rate = grants.from_pot / census.pupils
    assert rate[census.phase == 1].min() > rate[census.phase == 0].max()


def test_the_clauses_of_a_school_sum_to_its_total() -> None:
    for grants in years(many(80), policy(FLAT, arm="area_list"))[0]:
        for row in (0, 5, 79):
            assert sum(pence for _, pence in grants.clauses(row)) == int(grants.total[row])
        assert list(grants.lines)[-4:] == ["slice", "targeted", "premium", "extra"]
        assert np.array_equal(grants.lines["slice"], -grants.slice)
        assert np.array_equal(grants.total - grants.premium, grants.from_pot)


def test_pupil_premium_lies_outside_the_pot() -> None:
    census = many(80)
    (with_it, *_), _ = years(census, BASELINE, 1)
    (without, *_), _ = years(census, policy({"pupil_premium": False}), 1)
    assert not without.premium.any()
    assert np.array_equal(with_it.from_pot, without.from_pot)


def test_new_money_a_pupil_stops_after_its_years() -> None:
    given = policy({"extra_gbp_per_pupil": 1000.0, "extra_years": 2})
    paid, _ = years(many(80), given, 3)
    plain, _ = years(many(80), BASELINE, 3)
    assert [bool(grants.lines["extra"].any()) for grants in paid] == [True, True, False]
    assert np.array_equal(paid[0].from_pot, plain[0].from_pot)
    census = next_year(next_year(next_year(many(80), 8), 9), 10)
    assert np.array_equal(paid[0].lines["extra"], 100_000 * census.pupils)


def test_a_new_school_has_no_floor_and_a_closed_one_no_money() -> None:
    census, memory = many(60), FundingMemory()
    allocate(census, BASELINE, memory, When(0))
    ids = census.school.copy()
    ids[0] = 10_000
    changed = replace(census, school=ids, open=np.arange(60) != 1)
    grants = allocate(changed, BASELINE, memory, When(1))
    assert grants.lines["floor"][0] == 0
    assert grants.total[1] == 0
    grants.check(changed)


def test_reforms_close_by_the_rules_own_floor_and_gainers_pay() -> None:
    grants = years(many(200), policy(FLAT), 1)[0][0]
    assert grants.floor_used == {0: -15_000, 1: -15_000}
    assert 0.1 < grants.on_floor.mean() < 0.7
    assert (grants.lines["scaling"] <= 0).all()
    taken = grants.lines["floor"].sum() + grants.lines["scaling"].sum()
    assert taken == 0


def test_an_external_floor_is_new_money_by_name() -> None:
    grants = years(many(200), policy({"rule": "flat", "closure": "external", "floor": 0.0}), 1)[0][
        0
    ]
    assert sum(grants.new_money.values()) == int(grants.lines["floor"].sum()) > 0
    assert not grants.lines["scaling"].any()


def test_gainers_who_cannot_pay_are_a_bad_request() -> None:
    # The settings refuse a floor above 0; with a cap even a floor of 0 is out of reach.
    wanted = {"rule": "flat", "closure": "scale_gains", "floor": 0.0, "cap": 0.02}
    with pytest.raises(BadRequest, match="gains cannot pay for a floor"):
        years(many(200), policy(wanted), 1)


def test_minimum_levels_can_be_switched_off() -> None:
    grants = years(many(200), policy({"minimum_levels": False}), 1)[0][0]
    assert not grants.lines["minimum"].any()
    assert years(many(200), BASELINE, 1)[0][0].lines["minimum"].any()


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadRequest, match="Did you mean 'flat'"):
        years(many(20), policy({"rule": "flaat"}), 1)


def test_an_area_list_with_nobody_in_it_is_refused() -> None:
    census = replace(many(20), education_investment_area=np.zeros(20, dtype=np.bool_))
    with pytest.raises(BadRequest, match="no school of this world"):
        years(census, policy(arm="area_list"), 1)


def test_the_first_past_year_holds_pupil_led_money_above_the_year_before() -> None:
    # Little but lump sum: its rise is not counted twice, so per-pupil money rises by 1.4 %.
    grants = allocate(many(200), BASELINE, FundingMemory(), When(-6, first_past=True))
    assert grants.floor_used == {0: 5_000, 1: 5_000}
    assert not grants.on_floor.any()


def test_a_lost_penny_is_found() -> None:
    census = many(30)
    grants = years(census, BASELINE, 1)[0][0]
    broken = replace(grants, total=grants.total + 1)
    with pytest.raises(InvariantBroken, match="clauses"):
        broken.check(census)
    census = school(pupils=50)
    paid = allocate(census, BASELINE, FundingMemory(), When(0))
    with pytest.raises(InvariantBroken, match="missed by 1 pence"):
        replace(paid, pots={0: paid.pots[0] + 1}).check(census)


def test_a_copied_memory_is_a_branch_of_its_own() -> None:
    census, memory = many(40), FundingMemory()
    allocate(census, BASELINE, memory, When(0))
    branch = memory.copy()
    one = allocate(census, policy(FLAT), memory, When(1))
    other = allocate(census, policy(FLAT), branch, When(1))
    assert same(one, other)
    assert memory.led is not branch.led
