"""Leaving school: a cohort that has finished Year 11 goes on as adults."""

from __future__ import annotations

import numpy as np

from sim.codes import LAST_GRADE, STARTING_AGE
from sim.model import leaving
from tests.model.stage import before


def test_those_on_a_roll_go_on_as_they_are() -> None:
    with before(leaving.leave_school, without="causal_gains") as nation:
        world, leavers = nation.world, nation.memory.leavers
        pupils = world.cohorts[nation.year - STARTING_AGE - LAST_GRADE]
        adults = leaving.leave_school(world, nation.after, pupils, leavers, nation.terms)
        here = world.enrolled(pupils)
        assert nation.after.adults[pupils.birth_year] is adults
        assert np.array_equal(adults.id, pupils.id[here])
        assert np.array_equal(adults.score, leavers.score[here])
        assert np.array_equal(adults.area, world.small.area[pupils.small[here]])
        assert np.array_equal(adults.ever6, leavers.group[here] > 0)
        assert set(np.unique(adults.occupation)) == {0, 1, 2}


def test_where_nobody_is_on_a_roll_nobody_goes_on() -> None:
    with before(leaving.leave_school) as nation:
        pupils = nation.world.cohorts[nation.year - STARTING_AGE - LAST_GRADE]
        pupils.school = len(nation.world.schools)
        adults = leaving.leave_school(
            nation.world, nation.after, pupils, nation.memory.leavers, nation.terms
        )
        assert len(adults) == 0


def test_older_leavers_are_the_same_people_under_other_names() -> None:
    with before(leaving.leave_school) as nation:
        youngest = next(iter(nation.after.adults.values()))
        nation.after.adults = {}
        leaving.older_leavers(nation.after, youngest, 3)
        blocks = nation.after.adults
        assert list(blocks) == [youngest.birth_year - back for back in (1, 2, 3)]
        ids = np.concatenate([youngest.id, *(block.id for block in blocks.values())])
        assert np.unique(ids).size == ids.size
        assert all(np.array_equal(block.score, youngest.score) for block in blocks.values())
