"""Heritage by disadvantage, late arrivals, poor parents by place: the laws of three mechanisms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.codes import BROAD_OF_HERITAGE, FIXED_POINT, STAGE_KS4, STARTING_AGE
from sim.model import SchoolsModel
from sim.nation import Sitting
from sim.world import newcomers, parents
from sim.world.home import given_at_home, home_terms
from sim.world.pupils import Pupils
from sim.world.schooling import SchoolTerms, Taught
from sim.year import assessment, learning
from tests.laws import worlds
from tests.twins.cohorts import FIRST, HOMES, KEY, SCHOOLS, believed, cohort, switches, values

EVER6 = 0b1111_1111
BROAD = np.array(BROAD_OF_HERITAGE)
GAPS = {"gap_early": (0.3, -0.2, 0.1, -0.4, 0.25), "gap_primary": (0.2, 0.1, -0.3, 0.4, -0.1),
        "gap_secondary": (-0.1, 0.3, 0.2, -0.2, 0.4)}  # fmt: skip
OFF = ("heritage_gaps", "late_arrivals", "parents_by_place")
STAGES = [(0, "gap_early"), (3, "gap_primary"), (9, "gap_secondary")]


def poor(pupils: Pupils) -> Any:
    return (pupils.registered & EVER6) != 0


@pytest.mark.parametrize(("grade", "name"), STAGES)
def test_a_disadvantaged_child_has_the_gap_of_its_group_in_every_area_and_no_other_child_has(
    grade: int, name: str
) -> None:
    pupils, gaps = cohort(600), believed(learning=GAPS)
    found = []
    for on in (False, True):
        home = home_terms(gaps, switches(heritage_gaps=on), grade)
        found.append(given_at_home(pupils, home, EVER6))
    told = np.where(poor(pupils), np.array(GAPS[name])[BROAD[pupils.heritage]], 0)
    assert found[1] - found[0] == pytest.approx(told, abs=1e-6)
    pupils.small, pupils.school = HOMES - 1 - pupils.small, FIRST
    there = given_at_home(pupils, home_terms(gaps, switches(heritage_gaps=True), grade), EVER6)
    assert np.array_equal(there, found[1])


def test_at_5_the_gap_is_in_what_children_bring() -> None:
    gaps, ground = believed(learning=GAPS), learning.Ground(*np.zeros((2, HOMES), np.float32))
    brought = []
    for on in (False, True):
        pupils = cohort(600)
        learning.endow(pupils, gaps, switches(heritage_gaps=on), ground, EVER6)
        brought.append(pupils.attain.copy())
    told = np.where(poor(pupils), np.array(GAPS["gap_early"])[BROAD[pupils.heritage]], 0)
    assert brought[1] - brought[0] == pytest.approx(told, abs=1e-6)


def test_off_their_beliefs_are_nothing_to_anybody() -> None:
    """Bit for bit: a cohort learns and sits the same whatever these records say."""
    wild = believed(
        learning=GAPS,
        people={"late_others": (0.5,) * 11, "late_disadvantaged": (0.4,) * 11},
        assessment={"late_points": 15.0},
    )
    columns, off = [], switches(**dict.fromkeys(OFF, False))
    for beliefs in (values(), wild):
        pupils = cohort(600)
        nothing = SchoolTerms(*np.zeros((4, FIRST + SCHOOLS), np.float32))
        learning.grow(
            pupils,
            pupils.birth_year + 14,
            KEY,
            beliefs,
            off,
            EVER6,
            Taught(nothing, nothing),
        )
        scale = assessment.scale(beliefs.assessment, off, 11)
        marks = assessment.marks(pupils, pupils.birth_year + 16, KEY, scale)
        assert assessment.came_late(pupils, KEY, beliefs, off, EVER6) is None
        columns.append((pupils.attain.tobytes(), marks.tobytes()))
    assert columns[0] == columns[1]


def test_late_comers_are_as_frequent_as_is_believed_in_every_group() -> None:
    """Together with those who come for real, here a random part as large as in a world."""
    pupils, people = Pupils(220_000, 2008), values().people
    pupils.id = np.arange(pupils.rows) + (28 << 20)
    pupils.heritage = np.arange(pupils.rows) % 11
    pupils.registered = np.arange(pupils.rows) // 11 % 2
    draw = np.random.default_rng(1)
    share = newcomers.late_comers(people.arrivals) * newcomers.from_abroad(people)
    pupils.come = 7 * (draw.random(pupils.rows) < share[pupils.heritage])
    late = assessment.came_late(pupils, KEY, values(), switches(late_arrivals=True), EVER6)
    assessment.sit(pupils, 6, np.zeros(pupils.rows, np.float32))
    pupils.ks2[late] = np.nan
    for group in range(11):
        for side, told in ((False, people.late_others), (True, people.late_disadvantaged)):
            mine = (pupils.heritage == group) & (poor(pupils) == side)
            expected = max(told[group], share[group])
            assert np.isnan(pupils.ks2[mine]).mean() == pytest.approx(expected, abs=0.015)


def test_without_a_mark_at_11_a_child_falls_short_at_16_by_so_many_points() -> None:
    pupils = cohort(300)
    pupils.ks2[::3] = np.nan
    year, told = pupils.birth_year + 16, values().assessment
    plain, short = (
        assessment.marks(pupils, year, KEY, assessment.scale(told, switches(late_arrivals=on), 11))
        for on in (False, True)
    )
    lost = (plain - short) * told.attainment8_sd
    assert lost[::3] == pytest.approx(told.late_points, abs=1e-3)
    assert np.array_equal(np.delete(plain, np.s_[::3]), np.delete(short, np.s_[::3]))


def last_sitting(*overrides: str) -> tuple[SchoolsModel, Sitting]:
    """A tiny nation after its first policy year, and what its Year 11 got."""
    model = worlds.model("baseline", *overrides)
    model.step()
    return model, model.nation.made.sittings[STAGE_KS4]


def test_late_children_count_in_no_sum_of_progress() -> None:
    model, sitting = last_sitting("switches.late_arrivals=true")
    pupils, schools = sitting.pupils, model.nation.made.results
    here = model.world.enrolled(pupils)
    late = np.isnan(pupils.ks2)
    assert 0.03 < late[here].mean() < 0.12
    assert np.array_equal(np.isnan(sitting.gained), late)
    known = here & ~late
    number = schools.progress[:, 0] + schools.progress[:, 3]
    told = np.bincount(pupils.school[known], minlength=number.size)
    mine = model.world.schools.phase == 1
    assert np.array_equal(number[mine], told[mine])
    one_sd = model.terms.values.assessment.attainment8_sd
    total = (schools.progress[:, 1] + schools.progress[:, 4])[mine].sum() / FIXED_POINT
    gained = sitting.gained[known].astype(float).sum() * 10 / one_sd
    assert total == pytest.approx(gained, abs=1e-3)
    sat = schools.level[:, 0] + schools.level[:, 3]
    assert sat[mine].sum() == here.sum(), "levels count everybody"
    model.close()


def test_whoever_is_in_year_6_sits_and_counts_there() -> None:
    """A child that stands for one that came later is the child that sat, up to Year 6."""
    found = []
    for on in ("true", "false"):
        model = worlds.model("baseline", f"switches.late_arrivals={on}")
        model.step()
        at_11 = model.nation.made.sittings[1]
        here = model.world.enrolled(at_11.pupils)
        assert not np.isnan(at_11.score[here]).any()
        older = next(p for p in model.world.cohorts.values() if p.grade(model.year) == 9)
        found.append(np.isnan(older.ks2[model.world.enrolled(older)]).mean())
        model.close()
    assert found[0] > found[1] + 0.01


def born(factor: float | None) -> tuple[Pupils, Pupils, Any]:
    """Children of a world as they are, and with poor parents that differ by place; the index."""
    model = worlds.model()
    young = model.world.cohorts[model.year - STARTING_AGE]
    here, there = young.copy(), young.copy()
    for pupils in (here, there):
        pupils.parents = np.random.default_rng(4).standard_normal(pupils.rows)
    parents.education(model.world, here, values(), switches(parents_by_place=False))
    beliefs = values() if factor is None else believed(people={"parents_poor": factor})
    parents.education(model.world, there, beliefs, switches(parents_by_place=True))
    index = model.world.facts.skill_poor[model.world.areas.facts_row]
    index = index[model.world.small.area[young.small]]
    model.close()
    return here, there, index


def test_a_factor_of_nought_is_the_switch_off() -> None:
    here, there, _ = born(0.0)
    assert here.parents.tobytes() == there.parents.tobytes()


def test_the_poorest_parents_differ_by_the_whole_index_and_the_better_off_not_at_all() -> None:
    here, there, index = born(None)
    people, more = values().people, there.parents - here.parents
    y = (here.income - people.income_mean) / people.income_sd
    low, high = people.parents_area_income
    assert more[y <= low] == pytest.approx(people.parents_poor * index[y <= low], abs=1e-5)
    assert not more[y >= high].any()
    assert np.abs(more).max() > 0.01
