"""Children who come in mid-school bring nothing from before; those who leave at 11 are richer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.codes import FIRST_SECONDARY, LAST_GRADE
from sim.model import SchoolsModel
from sim.model.admissions import _eleven_plus
from sim.world import people
from sim.world.pupils import Pupils
from tests.laws import worlds
from tests.twins.cohorts import KEY, believed, values
from tests.twins.test_people import world

EVER6 = 0b1111_1111


@pytest.fixture(scope="module")
def model() -> Iterator[SchoolsModel]:
    lived = worlds.model("baseline", "switches.late_arrivals=false")
    lived.step()
    yield lived
    lived.close()


def cohorts(model: SchoolsModel) -> Iterator[tuple[Pupils, int]]:
    """Cohorts that the year before has counted, with their year group then."""
    for pupils in model.world.cohorts.values():
        if pupils.grade(model.year) > 0:
            yield pupils, pupils.grade(model.year) - 1


def test_some_come_to_england_in_every_year_group_and_those_from_the_next_area_are_known(
    model: SchoolsModel,
) -> None:
    came: set[int] = set()
    for pupils, _ in cohorts(model):
        came |= set(pupils.come.tolist())
        assert (pupils.come <= pupils.arrive).all()
        assert ((pupils.come == 0) | (pupils.come == pupils.arrive)).all()
    joiners = [(p.arrive == FIRST_SECONDARY) & (p.come == 0) for p, _ in cohorts(model)]
    assert came == set(range(LAST_GRADE + 1))
    assert sum(int(mine.sum()) for mine in joiners) > 100


def test_registrations_begin_when_a_child_comes(model: SchoolsModel) -> None:
    seen = 0
    for pupils, grade in cohorts(model):
        mine = pupils.come > 0
        years_here = np.clip(grade + 2 - pupils.come, 0, 13)[mine].astype(np.uint16)
        bits = pupils.registered[mine]
        assert ((bits >> years_here) == 0).all()
        assert (pupils.spells[mine] <= years_here).all()
        seen += int((bits > 0).sum())
    assert seen > 50


def test_early_support_reaches_nobody_who_came_later(model: SchoolsModel) -> None:
    for pupils, grade in cohorts(model):
        away = pupils.come > max(grade, 0)
        assert (pupils.made[away] == 0).all()
        assert (pupils.made[pupils.come == 0] != 0).any()


def test_marks_are_missing_for_those_who_were_not_there_and_for_nobody_else(
    model: SchoolsModel,
) -> None:
    for pupils, grade in cohorts(model):
        assert np.array_equal(np.isnan(pupils.early), pupils.come > 0)
        if grade >= FIRST_SECONDARY - 1:
            assert np.array_equal(np.isnan(pupils.ks2), pupils.come >= FIRST_SECONDARY)


def test_progress_counts_those_with_an_earlier_mark_and_levels_count_all(
    model: SchoolsModel,
) -> None:
    row = {name: values[-1] for name, values in model.recorder.rows.items()}
    for sitting, level, known in zip(
        model.nation.made.sittings[1:], ("ks2_n", "ks4_n"), ("ks2_progress_n", "progress8_n"),
        strict=True,
    ):  # fmt: skip
        pupils = sitting.pupils
        here = pupils.school < len(model.world.schools)
        late = here & (pupils.come > (0 if level == "ks2_n" else FIRST_SECONDARY - 1))
        assert late.any()
        assert row[level].sum() == here.sum()
        assert row[known].sum() == (here & ~late).sum()
        assert np.isnan(sitting.gained[late]).all()
        total = row[{"ks2_n": "ks2_progress_sum", "ks4_n": "progress8_sum"}[level]].sum()
        assert total == pytest.approx(sitting.gained[here & ~late].astype(float).sum(), abs=1e-2)
        assert not np.isnan(total)


def test_a_selective_school_can_rank_those_without_a_mark_at_11(model: SchoolsModel) -> None:
    pupils = model.world.cohorts[model.year - 5 - FIRST_SECONDARY]
    assert np.isnan(pupils.ks2).any()
    marks = _eleven_plus(pupils, model.year, model.terms)
    assert np.isfinite(marks).all()
    late = np.isnan(pupils.ks2)
    assert abs(marks[late].mean() - marks[~late].mean()) < 1


def test_no_reading_of_results_is_lost_to_missing_marks(model: SchoolsModel) -> None:
    from sim.evidence.results import attainment

    assert all(np.isfinite(value) for value in attainment(model).values())


# ---- Who leaves --------------------------------------------------------------------------------


def born(slope: float, births: int = 20_000) -> tuple[Any, Pupils]:
    made = world((40, 5, 60))
    made.areas.primary_births = np.array([float(births), 2500.0, 10.0])
    made.areas.first_number = np.array([0, 100_000, 200_000])
    made.areas.keep = np.array([0.9, 1.1, 1.0])
    return made, people.born(
        made, 2012, 1.0, believed(people={"leave_income": slope, "leave_near": 0.0})
    )


def by_the_rule_of_old(made: Any, pupils: Pupils) -> list[int]:
    """Who leaves, with no thought of income: one number drawn against two shares."""
    from sim import rng

    going = rng.uniforms(rng.words(KEY, pupils.id, rng.Purpose.BIRTH_MORE)[2])
    yearly = np.float32(values().people.arrivals)
    keep = made.areas.keep.astype(np.float32)[made.small.area[pupils.small]]
    leave = np.where(keep < 1, np.float32(1) - keep, np.float32(0))
    depart = np.full(pupils.rows, 99)
    most = np.float32(11) * yearly
    depart[going < most + leave] = FIRST_SECONDARY
    some = going < most
    depart[some] = 1 + (going[some] / yearly).astype(int)
    depart[depart <= pupils.arrive] = 99
    return depart.tolist()


def test_at_nought_who_leaves_at_11_has_nothing_to_do_with_income() -> None:
    made, pupils = born(0.0, births=3000)
    assert pupils.depart.tolist() == by_the_rule_of_old(made, pupils)


@pytest.mark.parametrize("slope", [0.3, 0.6, 1.0])
def test_who_leaves_at_11_is_richer_and_the_area_keeps_its_share(slope: float) -> None:
    (made, blind), (_, pupils) = born(0.0), born(slope)
    mine = (made.small.area[pupils.small] == 0) & (pupils.arrive == 0)
    leaves = pupils.depart == FIRST_SECONDARY
    chance = [float((p.depart == FIRST_SECONDARY)[mine].mean()) for p in (blind, pupils)]
    assert chance[1] == pytest.approx(chance[0], rel=0.06)
    own = pupils.income - made.cell_income[0, people.BROAD[pupils.heritage]]
    richer, rest = own[mine & leaves].mean(), own[mine & ~leaves].mean()
    blind_gap = own[mine & (blind.depart == FIRST_SECONDARY)].mean() - own[mine].mean()
    assert abs(blind_gap) < 0.06
    assert richer - rest > 0.6 * slope
    # Nothing else of a child hangs on it.
    for name in ("income", "arrive", "come", "claims", "attain", "heritage"):
        assert np.array_equal(pupils.get(name), blind.get(name)), name


def test_the_poorest_leave_seldom_and_the_richest_often() -> None:
    """Families a standard deviation apart differ by the believed factor."""
    made, pupils = born(0.6)
    mine = (made.small.area[pupils.small] == 0) & (pupils.arrive == 0)
    own = pupils.income - made.cell_income[0, people.BROAD[pupils.heritage]]
    sd = values().people.income_sd
    leaves = pupils.depart == FIRST_SECONDARY
    middle = own[mine].mean()

    def share(low: float) -> float:
        band = mine & (own > middle + low * sd) & (own < middle + (low + 0.5) * sd)
        return float(leaves[band].mean())

    assert np.log(share(0.25) / share(-0.75)) == pytest.approx(0.6, abs=0.12)
