"""Spells without work: a probit of what is known of a person, and of luck that lasts in part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sim.codes import NOWHERE, STARTING_AGE
from sim.config import compose
from sim.rng import Key
from sim.year import spells
from tests.year.after_school import alike, believing, shuffled

SETTINGS = compose("baseline", [])
VALUES, ON = SETTINGS.beliefs.values, SETTINGS.switches
KEY = Key(3, 0)
MANY = 120_000
NEAR = 3 * np.sqrt(0.25 / MANY)
AT_25 = 2007 + STARTING_AGE + 20
NO_SLACK = np.zeros(3, np.float32)


def out(adults: Any, year: int = AT_25, slack: Any = NO_SLACK, values: Any = VALUES) -> Any:
    spells.foresee(adults, slack, values.spells, ON, KEY)
    spells.lose_work(adults, year)
    return adults.without_work


def test_being_without_work_is_a_probit_of_results_background_age_and_place() -> None:
    of, weaker = VALUES.spells.without_work, VALUES.spells.weaker
    harder = np.array([0, 0.3, 0], np.float32)
    people = alike(MANY, score=-0.5, fsm15=True, area=1)
    index = of.constant - 0.5 * of.attainment + of.no_level3 + of.fsm + 2 * of.age
    index += 0.3 * (1 + 0.5 * weaker)
    assert out(people, AT_25 + 2, harder).mean() == pytest.approx(ndtr(index), abs=NEAR)


def test_place_counts_the_more_the_lower_somebody_stands_and_never_the_wrong_way() -> None:
    harder = np.full(3, 0.3, np.float32)
    added = [
        out(alike(MANY, score=y), slack=harder).mean() - out(alike(MANY, score=y)).mean()
        for y in (-1.5, 0.0, 1.5, 5.0)
    ]
    assert added[0] > added[1] > added[2] > 0
    assert added[3] == 0


def test_a_part_of_the_luck_is_of_a_whole_life() -> None:
    again = []
    for lasting in (0.0, 0.6, 1.0):
        values = believing(VALUES, spells={"lasting": lasting})
        first, then = (out(alike(MANY), year, values=values) for year in (AT_25, AT_25 + 1))
        again.append(then[first].mean())
    assert again[0] == pytest.approx(then.mean(), abs=0.02)
    assert again[0] < again[1] < again[2]
    assert again[2] > 0.93  # a year older, and so a little less


def test_whoever_is_out_gives_up_the_post_with_its_steps_and_others_keep_theirs() -> None:
    held: dict[str, Any] = {
        "job": 2, "region": 4, "grade_of_job": 3, "moved": True, "left_to_get_on": True,
    }  # fmt: skip
    people = alike(MANY, **held)
    idle = out(people)
    for name, lost in (("job", 0), ("region", NOWHERE), ("grade_of_job", 0), ("moved", False)):
        assert (people.get(name)[idle] == lost).all()
        assert (people.get(name)[~idle] == held[name]).all()


def test_students_are_never_without_work_until_first_degrees_end() -> None:
    young = 2007 + STARTING_AGE + 14
    assert not out(alike(MANY, entered=1), young).any()
    assert out(alike(MANY, entered=0), young).any()
    assert out(alike(MANY, entered=1), young + 3).any()


def test_the_order_of_rows_changes_nobody() -> None:
    people = alike(MANY, score=np.random.default_rng(2).normal(size=MANY))
    twin, order = shuffled(people)
    assert np.array_equal(out(people)[order], out(twin))
