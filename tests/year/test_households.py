"""Who counts as eligible, and how income moves."""

from __future__ import annotations

import numpy as np
import pytest

from sim.year import households
from tests.twins.cohorts import KEY, believed, cohort, values


def test_protection_reaches_back_six_years_and_ever_6_eight() -> None:
    protected = households.eligibility(protected=True)
    plain = households.eligibility(protected=False)
    assert [int(bits).bit_count() for bits in (*protected, *plain)] == [6, 8, 1, 6]
    for ago in range(11):
        bit = 1 << ago
        assert bool(bit & protected.fsm) == (ago < 6)
        assert bool(bit & protected.ever6) == (ago < 8)
        assert bool(bit & plain.fsm) == (ago == 0)
        assert bool(bit & plain.ever6) == (ago < 6)


def test_passing_income_keeps_its_spread_and_fades_by_its_factor() -> None:
    pupils = cohort(100_000, birth_year=2010)
    pupils.transitory = 0
    walk = households.path(values().people)
    seen = []
    for grade in range(4):
        households.turn(pupils, 2015 + grade, KEY, walk)
        seen.append(pupils.transitory.astype(float))
    for passing in seen:
        assert passing.std() == pytest.approx(float(walk.sd), rel=0.02)
    for years in (1, 2, 3):
        found = np.corrcoef(seen[0], seen[years])[0, 1]
        assert found == pytest.approx(float(walk.keep) ** years, abs=0.015)


def test_income_rises_with_age_about_the_middle_of_school_life() -> None:
    """Without passing income a child at the line is poor up to Year 5 and not from Year 6 on."""
    walk = households.path(believed(people={"transitory_sd": 0.0, "income_age_slope": 0.02}).people)
    pupils = cohort(1, birth_year=2010)
    pupils.income, pupils.claims, pupils.transitory, pupils.come = 0, 0, 0, 0
    pupils.registered, pupils.spells = 0, 0
    households.relive(pupils, 2015 + 11, KEY, walk)
    assert pupils.registered[0] & 0b1111_1111_1111 == 0b1111_1100_0000
    assert pupils.spells[0] == 6


def test_a_family_registers_only_below_its_own_depth() -> None:
    walk = households.path(believed(people={"transitory_sd": 0.0}).people)
    pupils = cohort(3, birth_year=2010)
    pupils.income, pupils.claims, pupils.registered = [-0.4, -0.6, 0.5], 0.5, 0
    pupils.transitory = 0
    households.turn(pupils, 2020, KEY, walk)
    assert (pupils.registered & 1).tolist() == [0, 1, 0]


def test_nursery_counts_for_registration_but_not_for_years_at_school() -> None:
    walk = households.path(believed(people={"transitory_sd": 0.0}).people)
    pupils = cohort(1, birth_year=2010)
    pupils.income, pupils.claims, pupils.registered, pupils.spells = -5, 0, 0, 0
    pupils.come = 0
    households.turn(pupils, 2015, KEY, walk)
    assert (pupils.registered[0], pupils.spells[0]) == (0b11, 1)


def test_a_child_who_comes_later_is_registered_from_then_on_and_nobody_shifts_what_was_before() -> (
    None
):
    walk = households.path(believed(people={"transitory_sd": 0.0, "income_age_slope": 0.0}).people)
    pupils = cohort(4, birth_year=2010)
    pupils.income, pupils.claims, pupils.registered, pupils.spells = -5, 0, 0, 0
    pupils.come, pupils.transitory = [0, 1, 5, 9], 0
    households.relive(pupils, 2015 + 6, KEY, walk)
    assert pupils.registered.tolist() == [0b1111_1111, 0b11_1111, 0b11, 0]
    assert pupils.spells.tolist() == [7, 6, 2, 0]
    shift = households.critical_shift(pupils, 2015 + 6, KEY, walk)
    assert shift[:3].tolist() == [5, 5, 5]
    assert shift[3] == -np.inf
