"""Sex and special needs: what is a child's own moves nobody's mean, and no place knows of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.codes import NEED_PLAN, NEED_SUPPORT, PRIMARY, SECONDARY
from sim.world import needs
from sim.world.children import add_own, own_terms
from sim.world.pupils import Pupils
from sim.world.schooling import SchoolTerms, Taught
from sim.year import assessment, learning, progression
from tests.laws import worlds
from tests.twins.cohorts import (
    FIRST,
    HOMES,
    KEY,
    SCHOOLS,
    believed,
    cohort,
    doubled,
    switches,
    values,
)

EVER6 = 0b1111_1111
BOTH: dict[str, bool] = {"sex": True, "special_needs": True}
NEITHER: dict[str, bool] = {"sex": False, "special_needs": False}
STAGES = [(0, "early", PRIMARY), (3, "primary", PRIMARY), (9, "secondary", SECONDARY)]
NOTHING = Taught(*[SchoolTerms(*np.zeros((4, FIRST + SCHOOLS), np.float32))] * 2)


def nation(rows: int = 150_000) -> Pupils:
    """Children as many as it takes, whose incomes, sex and needs are as believed of England."""
    pupils, people = Pupils(rows, 2008), values().people
    pupils.id = np.arange(rows) + (28 << 20)
    draw = np.random.default_rng(2)
    pupils.income = people.income_mean + people.income_sd * draw.standard_normal(rows)
    pupils.girl = draw.random(rows) < people.girls
    pupils.attain = draw.standard_normal(rows)
    pupils.small = draw.integers(0, HOMES, rows)
    pupils.school = FIRST
    needs.assign(pupils, values().children, people, KEY)
    pupils.sort(FIRST, SCHOOLS)
    return pupils


@cache
def children() -> Pupils:
    return nation()


def own(pupils: Pupils, grade: int, **on: bool) -> Any:
    found = np.zeros(pupils.rows, np.float32)
    add_own(pupils, own_terms(values(), switches(**(NEITHER | on)), grade), found)
    return found


@pytest.mark.parametrize(("grade", "name", "phase"), STAGES)
def test_girls_have_so_much_more_and_children_with_needs_so_much_less(
    grade: int, name: str, phase: int
) -> None:
    pupils, told = children(), values().children
    by_sex = own(pupils, grade, sex=True)
    girls, boys = by_sex[pupils.girl], by_sex[~pupils.girl]
    assert girls[0] - boys[0] == pytest.approx(getattr(told, f"girls_{name}"), abs=1e-6)
    assert not np.ptp(girls) and not np.ptp(boys)
    has, term = needs.need_in(pupils, phase), own(pupils, grade, special_needs=True)
    y = (pupils.income - values().people.income_mean) / values().people.income_sd
    alike = pupils.girl & (np.abs(y) < 0.03)
    for need, told_of in zip(
        (NEED_SUPPORT, NEED_PLAN), getattr(told, f"needs_{name}"), strict=True
    ):
        apart = term[alike & (has == need)].mean() - term[alike & (has == 0)].mean()
        assert apart == pytest.approx(told_of, abs=0.01)


@pytest.mark.parametrize(("grade", "name", "phase"), STAGES)
def test_no_mean_moves_neither_of_the_nation_nor_of_rich_and_poor_nor_of_a_sex(
    grade: int, name: str, phase: int
) -> None:
    pupils = children()
    assert own(pupils, grade, sex=True).mean() == pytest.approx(0, abs=0.003)
    term = own(pupils, grade, special_needs=True)
    fifth = np.argsort(np.argsort(pupils.income)) * 5 // pupils.rows
    for mine in (pupils.girl, ~pupils.girl, *(fifth == k for k in range(5))):
        scatter = term[mine].std() / np.sqrt(mine.sum())
        assert abs(term[mine].mean()) < 4 * scatter + 1e-3
    del name, phase


def test_needs_are_as_frequent_as_published_in_both_phases_and_mostly_the_same_children() -> None:
    pupils, told = children(), values().children
    shares = []
    for phase, rates in ((0, told.needs_primary_rates), (1, told.needs_secondary_rates)):
        has = needs.need_in(pupils, phase)
        shares.append(has > 0)
        for need, rate in zip((NEED_SUPPORT, NEED_PLAN), rates, strict=True):
            assert (has == need).mean() == pytest.approx(rate, rel=0.05)
    assert (shares[0] & shares[1]).sum() >= 0.95 * min(share.sum() for share in shares)
    summer = needs.month_of_birth(pupils, KEY) >= 8
    assert shares[0][summer].mean() > shares[0][~summer].mean() + 0.01


def test_the_same_child_has_the_same_wherever_it_lives() -> None:
    here = children()
    there = here.copy()
    there.small, there.school = HOMES - 1 - there.small, FIRST + 1
    needs.assign(there, values().children, values().people, KEY)
    assert np.array_equal(here.needs, there.needs)
    for grade, _, _ in STAGES:
        assert np.array_equal(own(here, grade, **BOTH), own(there, grade, **BOTH))


def lived(**on: bool) -> dict[int, float]:
    """Spread of attainment at 5, 11 and 16 of children of one kind of home."""
    pupils, mine, found = children().copy(), switches(**on, setting=False, fade=False), {}
    kinds = {name: getattr(values().learning, name) for name in dir(values().learning)}
    plain = {
        name: 0.0
        for name in kinds
        if name.startswith(("income_", "education_", "peers_", "early_support"))
    }
    beliefs = believed(learning=plain)
    learning.endow(pupils, beliefs, mine, learning.Ground(*np.zeros((2, HOMES), "f4")), EVER6)
    for grade in range(12):
        if grade:
            learning.grow(pupils, 2013 + grade, KEY, beliefs, mine, EVER6, NOTHING)
        if grade in assessment.ASSESSED:
            found[grade] = float(pupils.attain.std())
    return found


def test_national_spreads_stand_what_is_told_is_taken_from_luck() -> None:
    plain, told = lived(), lived(**BOTH)
    for grade in assessment.ASSESSED:
        assert told[grade] == pytest.approx(plain[grade], rel=0.012)


def test_off_their_beliefs_are_nothing_to_anybody() -> None:
    """Bit for bit: a cohort learns the same whatever these records say."""
    columns = []
    for beliefs in (values(), doubled("children")):
        pupils = cohort(600)
        learning.grow(
            pupils, pupils.birth_year + 14, KEY, beliefs, switches(**NEITHER), EVER6, NOTHING
        )
        columns.append(pupils.attain.tobytes())
    assert columns[0] == columns[1]


def test_nobody_has_a_need_while_they_are_off_and_no_policy_changes_who_has() -> None:
    found = []
    for scenario, on in (("baseline", "false"), ("baseline", "true"), ("need_weighted", "true")):
        model = worlds.model(scenario, f"switches.special_needs={on}")
        model.step()
        ids = np.concatenate([pupils.id for pupils in model.world.cohorts.values()])
        held = np.concatenate([pupils.needs for pupils in model.world.cohorts.values()])
        found.append(held[np.argsort(ids)])
        model.close()
    assert not found[0].any()
    assert np.mean(found[1] > 0) == pytest.approx(0.18, abs=0.03)
    assert np.array_equal(found[1], found[2])


def test_women_are_paid_less_for_an_hour_and_work_fewer_hours_and_the_mean_of_all_stands() -> None:
    model = worlds.model("baseline", "switches.sex=true")
    adults = model.nation.after.adults[model.year - 25]
    scene_of = model.terms.values.progression
    paid = []
    for on in (False, True):
        scene = progression.Scene(scene_of, switches(sex=on), KEY, model.year)
        progression.pay(adults, np.zeros(9), scene)
        paid.append(np.log(adults.pay[adults.job > 0].astype(float)))
    women = adults.girl[adults.job > 0]
    less = paid[1] - paid[0]
    told = scene_of.women_pay.at_25 + scene_of.women_hours.at_25
    assert less[women].mean() - less[~women].mean() == pytest.approx(told, abs=1e-5)
    assert less.mean() == pytest.approx(0, abs=0.01)
    model.close()
