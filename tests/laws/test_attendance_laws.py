"""Attendance: homes differ, luck differs, no place does; what it costs moves no national mean."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.codes import SECONDARY
from sim.world.attendance import MOST, absence, absence_terms, add_absence, assign, misses
from sim.world.pupils import Pupils
from sim.year import assessment, learning
from tests.laws import worlds
from tests.laws.test_own_laws import EVER6, NOTHING, nation
from tests.twins.cohorts import FIRST, HOMES, KEY, cohort, doubled, switches, values

ON = {"attendance": True}


@cache
def children() -> Pupils:
    pupils = nation()
    draw = np.random.default_rng(3)
    pupils.heritage = draw.integers(0, 11, pupils.rows)
    pupils.registered = draw.random(pupils.rows) < 0.3
    assign(pupils, KEY)
    return pupils


def missed(pupils: Pupils, grade: int, effort: float = 0.0, *, on: bool = True) -> np.ndarray:
    terms = absence_terms(values(), switches(attendance=on), grade, effort)
    return absence(pupils, terms, EVER6)[0].astype(float)


def cost(pupils: Pupils, grade: int, effort: float = 0.0, *, on: bool = True) -> np.ndarray:
    found = np.zeros(pupils.rows, np.float32)
    terms = absence_terms(values(), switches(attendance=on), grade, effort)
    add_absence(pupils, terms, EVER6, found)
    return found.astype(float)


@pytest.mark.parametrize("grade", [3, 9])
def test_a_child_misses_the_same_wherever_it_lives_and_never_more_than_the_most(
    grade: int,
) -> None:
    here, there = children(), children().copy()
    there.small, there.school = HOMES - 1 - there.small, FIRST + 1
    found = missed(here, grade)
    assert np.array_equal(found, missed(there, grade))
    assert found.min() > 0 and found.max() <= MOST


@pytest.mark.parametrize("grade", [3, 9])
def test_homes_keep_their_means_luck_is_around_them(grade: int) -> None:
    """Nobody's group gains or loses: what homes differ in is in their terms already."""
    pupils, term = children(), cost(children(), grade)
    poor = (pupils.registered & EVER6) != 0
    for mine in (poor, ~poor, *(pupils.heritage == g for g in range(11))):
        assert abs(term[mine].mean()) < 4 * term[mine].std() / np.sqrt(mine.sum())
    usual = missed(pupils, grade, on=False)
    told = values().attendance.cost[grade == 9]
    assert term == pytest.approx(told * (usual - missed(pupils, grade)), abs=1e-5)
    assert not cost(pupils, grade, on=False).any()


def test_in_reception_absence_costs_nothing_yet() -> None:
    assert not cost(children(), 0).any()


@pytest.mark.parametrize("on", [True, False])
def test_work_takes_its_part_of_everybodys_absence_and_gives_most_to_those_who_miss_most(
    on: bool,
) -> None:
    pupils, told = children(), values().attendance
    before, after = missed(pupils, 9, on=on), missed(pupils, 9, 1.0, on=on)
    assert after == pytest.approx((1 - told.work_effect) * before, rel=1e-5)
    gain = cost(pupils, 9, 1.0, on=on) - cost(pupils, 9, on=on)
    assert gain == pytest.approx(told.cost.secondary * (before - after), abs=1e-5)
    poor = (pupils.registered & EVER6) != 0
    assert gain[poor].mean() > 1.3 * gain[~poor].mean()


def test_the_spread_of_luck_is_what_is_taken_from_the_noise_of_a_stage() -> None:
    pupils = children().copy()
    people = values().people
    pupils.heritage, pupils.income = 0, people.income_mean
    poor = (pupils.registered & EVER6) != 0
    mixed = [missed(pupils, 9)[side].var() for side in (poor, ~poor)]
    share = values().teachers.ever6_mean
    assert misses(values(), SECONDARY) == pytest.approx(
        np.sqrt(share * mixed[0] + (1 - share) * mixed[1]), rel=0.05
    )


def test_spreads_stand_where_homes_are_those_the_noise_is_taken_for() -> None:
    """White British ones: in other groups, who miss less, luck in attendance adds less."""
    found = []
    for on in (False, True):
        pupils, mine, beliefs = children().copy(), switches(attendance=on, setting=False), values()
        pupils.heritage = 0
        learning.endow(pupils, beliefs, mine, learning.Ground(*np.zeros((2, HOMES), "f4")), EVER6)
        for grade in range(1, 12):
            learning.grow(pupils, 2013 + grade, KEY, beliefs, mine, EVER6, NOTHING)
            if grade in assessment.ASSESSED:
                found.append(float(pupils.attain.std()))
    assert found[2:] == pytest.approx(found[:2], rel=0.012)


def test_off_their_beliefs_are_nothing_to_anybody() -> None:
    columns = []
    for beliefs in (values(), doubled("attendance")):
        pupils = cohort(600)
        learning.grow(
            pupils, pupils.birth_year + 14, KEY, beliefs, switches(attendance=False), EVER6, NOTHING
        )
        columns.append(pupils.attain.tobytes())
    assert columns[0] == columns[1]


def test_absence_is_recorded_by_group_and_work_on_it_lowers_it() -> None:
    rates, often = [], []
    for on, work in (("true", 0), ("true", 1), ("false", 0)):
        asked = (f"switches.attendance={on}", f"policy.schools.attendance={work}")
        model = worlds.model("baseline", *asked)
        model.step()
        rows = model.nation.recorder.rows
        pupils = np.asarray(rows["pupils"][-1], float)
        rates.append(np.asarray(rows["absence_sum"][-1]).sum(axis=0) / pupils.sum(axis=0))
        often.append(np.asarray(rows["persistent_sum"][-1]).sum(axis=0) / pupils.sum(axis=0))
        model.close()
    told = values().attendance.work_effect
    assert rates[1] == pytest.approx((1 - told) * rates[0], rel=1e-4)
    assert rates[0][1:].min() > rates[0][0]
    assert (often[1] < often[0]).all()
    assert rates[2] == pytest.approx(rates[0], rel=0.03), "off, the mean of such homes"
    assert often[2] == pytest.approx(often[0], rel=0.05)
