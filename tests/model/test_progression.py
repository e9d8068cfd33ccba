"""Progression: steps and pay from 19 to 30."""

from __future__ import annotations

import numpy as np

from sim.model import progression
from sim.nation import by_grade
from tests.model.stage import before, columns, written


def test_it_writes_steps_and_pay() -> None:
    with before(progression.progress) as nation:
        prospects = nation.after.offers.neighbours.prospects.copy()
        found = written(nation, progression.progress)
        assert found == columns("adults", "grade_of_job stepped pay")
        assert not np.array_equal(prospects, nation.after.offers.neighbours.prospects)


def test_in_a_year_that_nobody_measures_it_does_the_same_but_for_pay() -> None:
    with before(progression.climb) as nation:
        assert written(nation, progression.climb) == columns("adults", "grade_of_job stepped")


def test_it_reads_jobs_and_pays_nobody_without_one() -> None:
    with before(progression.progress) as nation:
        for people in nation.after.adults.values():
            people.job[::2] = 0
        progression.progress(nation, nation.year)
        for grade, people in by_grade(nation.after, nation.year).items():
            assert not people.pay[people.job == 0].any()
            if grade in progression.PAID:
                assert (people.pay[people.job > 0] > 0).all()


def test_switched_off_nobody_is_promoted() -> None:
    with before(progression.progress, without="progression") as nation:
        assert "adults.grade_of_job" not in written(nation, progression.progress)


def test_it_says_by_which_criteria_people_are_promoted() -> None:
    with before(progression.bought) as nation:
        nation.after.employers.reform = 0.25
        for people, units in progression.bought(nation, nation.year):
            assert (units["progression.reform_adoption"] == 0.25 * (people.job > 0)).all()
