"""Work: practices, posts, graduate schemes and one market."""

from __future__ import annotations

import numpy as np

from sim.codes import JOB_LEVELS, LEVELS_GRADE, SCHEME_GRADE
from sim.model import work
from sim.nation import by_grade
from tests.model.stage import before, columns, written

WRITTEN = columns(
    "adults",
    "job market region moved left_to_get_on offer stepped grade_of_job without_work spells",
) | columns("employers", "posts vacancies held filled filled_local cutoff supply at_work")


def test_it_writes_jobs_offers_and_posts() -> None:
    with before(work.find_work) as nation:
        assert written(nation, work.find_work) == WRITTEN


def test_practices_move_a_part_of_the_way_to_the_policy() -> None:
    with before(work.find_work, scenario="fair_progression") as nation:
        was = float(nation.after.employers.reform.max())
        assert "employers.reform" in written(nation, work.find_work)
        assert was < nation.after.employers.reform.min() < 1


def test_nobody_younger_than_19_has_a_job_and_no_post_has_two_holders() -> None:
    with before(work.find_work) as nation:
        work.find_work(nation, nation.year)
        for grade, people in by_grade(nation.after, nation.year).items():
            assert grade >= LEVELS_GRADE or not people.job.any()
        employers, left = nation.after.employers, work.vacant(nation.after)
        assert (employers.filled <= employers.vacancies).all()
        assert left.sum() == (employers.vacancies - employers.filled).sum()
        assert left.shape == (9, len(JOB_LEVELS))


def test_only_an_application_meets_a_way_of_selecting() -> None:
    with before(work.find_work) as nation:
        work.find_work(nation, nation.year)
        ((people, units),) = work.bought(nation, nation.year)
        assert people.grade(nation.year) == SCHEME_GRADE
        asked = people.offer >= 0
        contextual = units["hiring.contextual_adoption"]
        assert (contextual[asked] > 0).all() and not contextual[~asked].any()
        assert not np.any(units["hiring.blind_sift_adoption"])
