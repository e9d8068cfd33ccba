"""The autumn census: all rolls are counted."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import census
from tests.model.stage import before, columns, written

COUNTED = columns(
    "schools",
    "pupils ks3 ks4 fsm ever6 idaci low_prior eal3 mobile groups intake with_plan with_support",
) | {"areas.ever6_share"}


def test_it_writes_counts_and_a_group_for_each_child() -> None:
    with before(census.count_rolls) as nation:
        assert written(nation, census.count_rolls) == COUNTED
        for year, cohort in nation.world.cohorts.items():
            assert nation.made.groups[year].shape == (cohort.rows,)


def test_everybody_on_a_roll_is_counted_once() -> None:
    with before(census.count_rolls) as nation:
        census.count_rolls(nation, nation.year)
        world, schools = nation.world, nation.world.schools
        rolls = np.concatenate([p.school[world.enrolled(p)] for p in world.cohorts.values()])
        assert (schools.pupils == np.bincount(rolls, minlength=len(schools))).all()
        assert (schools.groups.sum(axis=1) == schools.pupils).all()
        assert (schools.ever6 >= schools.groups[:, 1:].sum(axis=1)).all()


def test_where_nobody_is_registered_nobody_is_disadvantaged() -> None:
    with before(census.count_rolls) as nation:
        for cohort in nation.world.cohorts.values():
            cohort.registered = 0
        census.count_rolls(nation, nation.year)
        assert not nation.world.schools.fsm.any() and not nation.world.schools.ever6.any()
        assert not nation.world.areas.ever6_share.any()


def test_a_cohort_that_is_not_sorted_is_refused() -> None:
    with before(census.count_rolls) as nation:
        next(iter(nation.world.cohorts.values())).start = np.zeros(1, np.int64)
        with pytest.raises(RuntimeError, match="sort by school"):
            census.count_rolls(nation, nation.year)
