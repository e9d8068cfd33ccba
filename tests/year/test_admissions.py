"""What families see of schools, and what they want, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.markets import choosing
from sim.rng import Key, Purpose, luck
from sim.world.tables import Schools
from sim.year import admissions
from tests.twins.cohorts import (
    FIRST,
    HOMES,
    KEY,
    NOBODY,
    SCHOOLS,
    believed,
    cohort,
    families,
    known,
)


def test_intake_moves_towards_mean_income_less_the_areas() -> None:
    schools = Schools(4)
    schools.area, schools.phase, schools.intake = [0, 0, 0, 1], [0, 0, 1, 0], [0.4, 0.0, 0.2, 0.1]
    income, counts = np.array([30.0, 10.0, 5.0, 0.0]), np.array([10, 30, 5, 0])
    admissions.update_intake(schools, income, counts, 0.5, 2, 0.7)
    local = 40 / 40
    assert schools.intake[0] == pytest.approx(0.7 * 0.4 + 0.3 * np.clip((3 - local) / 0.5, -3, 3))
    assert schools.intake[1] == pytest.approx(0.3 * (1 / 3 - local) / 0.5)
    # The only secondary is its area; a school without pupils has nothing to be seen.
    assert schools.intake[2:].tolist() == pytest.approx([0.7 * 0.2, 0.7 * 0.1])


def test_reputation_moves_towards_progress_less_where_few_sat() -> None:
    schools = Schools(3)
    schools.reputation = [0.5, 0.5, 0.5]
    progress, sat = np.array([0.2, 0.2, 9.0]), np.array([1000, 10, 0])
    scale = np.array([0.4, 0.4, 0.4])
    admissions.update_reputation(schools, progress, sat, scale, 0.8)
    shrunk = [1000 / 1005, 10 / 15]
    assert schools.reputation[:2].tolist() == pytest.approx(
        [0.8 * 0.5 + 0.2 * 0.5 * part for part in shrunk]
    )
    assert schools.reputation[2] == 0.5


def stated(
    changes: dict[str, Any], seed: int = 1, applies: Any = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray, choosing.Stated]:
    """First choices, the nearest school, the best known one, and all that is stated.

    Where only ``changes`` count; ``applies`` is who does.
    """
    nothing: dict[str, Any] = {
        "distance": (0.0, 0.0), "pull": 0.0, "pull_class": 0.0, "likeness": (0.0, 0.0),
        "taste": 0.0, "access": (0.0, 0.0), "lottery": 0.0, "grammar_pull": 0.0,
        "catholic_pull": 0.0, "catholic_distance": 1.0,
    }  # fmt: skip
    beliefs = believed(admissions={**nothing, **changes})
    draw = np.random.default_rng(seed)
    pupils = cohort(400)
    rows = FIRST + SCHOOLS
    near = np.array([draw.permutation(SCHOOLS) + FIRST for _ in range(HOMES)], np.int32)
    km = np.sort(draw.random(near.shape), axis=1).astype(np.float32)
    schools = choosing.School(
        id=np.arange(rows, dtype=np.uint32),
        reputation=draw.standard_normal(rows).astype(np.float32),
        intake=draw.standard_normal(rows).astype(np.float32),
        appeal=np.zeros(rows, np.float32),
        grammar=np.zeros(rows, bool),
        gender=np.zeros(rows, np.int8),
        catholic=np.zeros(rows, bool),
    )
    written, fill = choosing.choose(
        families(pupils, np.broadcast_to(applies, pupils.rows).copy()),
        choosing.Known(near, km, beliefs.admissions.distance[0] * km, FIRST),
        schools,
        choosing.taste(beliefs.admissions, beliefs.people, 0),
        luck(KEY, 2019),
        Purpose.TASTE_PRIMARY,
    )
    fill(0, pupils.rows)
    best = np.argmax(np.where(np.arange(rows) < FIRST, -np.inf, schools.reputation)) - FIRST
    nearest = near[pupils.small, 0] - FIRST
    return written.choices[:, 0], nearest, np.full(pupils.rows, best), written


def test_where_only_distance_counts_the_nearest_school_is_first() -> None:
    first, nearest, *_ = stated({"distance": (1.0, 1.0)})
    assert np.array_equal(first, nearest)


def test_where_only_reputation_counts_the_best_known_school_is_first() -> None:
    first, _, best, _ = stated({"pull": 1.0})
    assert np.array_equal(first, best)


def test_where_only_taste_counts_first_choices_spread_evenly() -> None:
    first, nearest, *_ = stated({"taste": 1.0})
    counts = np.bincount(first, minlength=SCHOOLS)
    assert counts.min() > 20
    assert (first == nearest).mean() < 0.25


def test_a_child_that_does_not_apply_states_nothing_and_gets_nothing() -> None:
    pupils = cohort(50)
    applies = np.zeros(pupils.rows, bool)
    applies[7] = True
    choices = np.zeros((pupils.rows, choosing.STATED), np.int32)
    choices[~applies] = -1
    got, over = admissions.place(
        families(pupils, applies),
        choosing.Stated(choices, np.zeros(choices.shape, np.float32)),
        np.ones(SCHOOLS, np.int64),
        known(np.full((HOMES, 2), FIRST, np.int32)),
        np.zeros(NOBODY, np.int8),
        Key(1, 0),
        2020,
    )
    assert got[7] == 0 and over == 0
    assert set(got[~applies].tolist()) == {-1}
    assert NOBODY not in got


def test_where_all_near_schools_are_full_children_are_spread_over_them() -> None:
    pupils = cohort(40)
    applies = np.ones(pupils.rows, bool)
    choices = np.full((pupils.rows, choosing.STATED), -1, np.int32)
    seats = np.full(SCHOOLS, 1)
    seats[:2] = 20, 10
    near = np.tile(np.array([FIRST, FIRST + 1], np.int32), (HOMES, 1))
    got, over = admissions.place(
        families(pupils, applies),
        choosing.Stated(choices, np.zeros(choices.shape, np.float32)),
        seats,
        known(near),
        np.zeros(NOBODY, np.int8),
        Key(1, 0),
        2020,
    )
    assert over == pupils.rows - 30
    held = np.bincount(got, minlength=SCHOOLS)
    assert held[2:].sum() == 0
    assert abs(held[0] / 20 - held[1] / 10) <= 1 / 10


def test_of_schools_that_do_not_select_the_first_stated_counts_unless_one_that_does_takes() -> None:
    grammar = np.array([True, False, False])
    choices = np.array([[0, 1, 2], [0, 2, -1], [1, 2, -1], [0, -1, -1], [2, 1, -1]], np.int32)
    got = np.array([0, 2, -1, -1, 2], np.int32)
    applies = np.array([True, True, True, True, False])
    wanted = np.zeros(3, np.int64)
    admissions.first_open(choices, applies, got, grammar, wanted)
    assert wanted.tolist() == [0, 1, 1]


def test_a_child_that_does_not_apply_has_no_choices_wherever_it_stands_among_others() -> None:
    draw = np.random.default_rng(5)
    some = draw.random(400) < 0.3
    by_all, by_some = (stated({"taste": 1.0}, applies=who)[3] for who in (True, some))
    assert (by_some.choices[~some] == -1).all()
    for everybody, part in zip(by_all, by_some, strict=True):
        assert np.array_equal(everybody[some], part[some])
