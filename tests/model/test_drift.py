"""Drift: what schools and areas add changes, always did, and the same under every policy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.model import drift
from sim.nation import Nation, Terms
from sim.world import effects
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


def terms_without(nation: Nation) -> Terms:
    """Terms with the switch off."""
    return replace(nation.terms, on=nation.terms.on.model_copy(update={"drift": False}))


def test_it_writes_value_added_and_residuals_where_it_is_on() -> None:
    with before(drift.move_on, without="drift") as nation:
        assert written(nation, drift.move_on) == set()
        assert written(drifting(nation), drift.move_on) == MOVED


def test_the_past_had_the_same_spread_and_the_same_walk() -> None:
    """What is n years apart correlates as (1 - k)^n, backwards as forwards."""
    with before(drift.move_on) as nation:
        nation.terms = replace(drifting(nation).terms, values=believed(learning={"drift": 0.1}))
        world = nation.world
        then = drift.as_it_was(world, nation.terms)
        added = [one.schools.value_added for one in then.values()]
        rows = world.rows(0)
        spread = np.array([one[rows].std() for one in added])
        error = spread[0] / np.sqrt(2 * (rows.stop - rows.start))
        assert np.abs(spread - spread[0]).max() < 4 * error
        for years in (1, 3, 6):
            pairs = zip(added, added[years:], strict=False)
            found = np.mean([np.corrcoef(a[rows], b[rows])[0, 1] for a, b in pairs])
            luck = 3 * (1 - 0.9 ** (2 * years)) / np.sqrt(rows.stop - rows.start)
            assert found == pytest.approx(0.9**years, abs=luck)


def test_a_past_reputation_follows_what_schools_had_added_before() -> None:
    with before(drift.move_on) as nation:
        world, terms = nation.world, drifting(nation).terms
        rows = world.rows(0)
        luck = effects.of_schools(world, terms.values.learning)["value_added"]
        world.schools.reputation = luck / terms.values.learning.value_added_primary
        world.schools.value_added = luck
        then = list(drift.as_it_was_known(world, terms).values())
        now = then[0].schools.reputation[rows]
        agree = [np.corrcoef(now, one.schools.value_added[rows])[0, 1] for one in then]
        assert agree[4] > agree[0] and agree[4] > agree[11]
        assert 0.5 < now.std() / world.schools.reputation[rows].std() < 0.95


def test_where_nothing_drifts_the_past_is_the_present() -> None:
    with before(drift.move_on) as nation:
        still = replace(drifting(nation).terms, values=believed(learning={"drift": 0.0}))
        for then in drift.as_it_was_known(nation.world, still).values():
            for column in ("value_added", "differential", "reputation"):
                now = nation.world.schools.get(column)
                assert np.array_equal(then.schools.get(column), now)
            assert np.array_equal(then.areas.early_residual, nation.world.areas.early_residual)
        off = terms_without(nation)
        for past in (drift.as_it_was, drift.as_it_was_known):
            assert all(then is nation.world for then in past(nation.world, off).values())


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
