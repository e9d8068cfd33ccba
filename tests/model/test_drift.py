"""Drift: what schools and areas add changes from year 1 on, the same under every policy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.model import drift
from sim.nation import YEAR_ZERO, Nation
from tests.model.stage import before, columns, written
from tests.twins.cohorts import believed

MOVED = columns("schools", "value_added differential") | columns(
    "areas", "early_residual ks4_residual"
)
"""The residual at 11 has no spread, by belief."""


def drifting(nation: Nation) -> Nation:
    """The nation with the switch on."""
    terms = nation.terms
    nation.terms = replace(terms, on=terms.on.model_copy(update={"drift": True}))
    return nation


def test_it_writes_value_added_and_residuals_where_it_is_on() -> None:
    with before(drift.move_on, without="drift") as nation:
        assert written(nation, drift.move_on) == set()
        assert written(drifting(nation), drift.move_on) == MOVED


def test_year_0_and_those_before_it_are_left_alone() -> None:
    with before(drift.move_on) as nation:
        drifting(nation).year = YEAR_ZERO
        assert written(nation, drift.move_on) == set()


def test_luck_is_keyed_by_the_year_and_by_nothing_that_a_policy_moves() -> None:
    found = []
    for scenario in ("baseline", "flat"):
        with before(drift.move_on, scenario=scenario) as nation:
            for year in range(nation.year, nation.year + 3):
                drift.move_on(drifting(nation), year)
            found.append(nation.world.schools.value_added.copy())
    assert np.array_equal(*found)


def test_where_nothing_is_lost_nothing_moves() -> None:
    with before(drift.move_on) as nation:
        nation.terms = replace(drifting(nation).terms, values=believed(learning={"drift": 0.0}))
        assert written(nation, drift.move_on) == set()


def test_neighbours_that_share_a_part_go_on_sharing_it() -> None:
    """With all of it shared by an area, its primaries stay alike as they walk."""
    with before(drift.move_on) as nation:
        schools = drifting(nation).world.schools
        schools.value_added = 0
        shared = believed(learning={"value_added_area": 1.0})
        nation.terms = replace(nation.terms, values=shared)
        drift.move_on(nation, nation.year)
        for area in range(len(nation.world.areas)):
            mine = schools.value_added[(schools.area == area) & (schools.phase == 0)]
            assert mine == pytest.approx(float(mine[0])) and mine[0] != 0
