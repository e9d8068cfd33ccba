"""Who leaves state schools at 11, and where independent schools are near."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import FIRST_SECONDARY
from sim.data import ground
from sim.world.people import _guide, _home
from sim.world.places import independents_near
from sim.world.tables import World
from tests.world.test_places import world_of


def leavers(world: World) -> tuple[float, float, float]:
    """How many leave at 11, independent places near them over those near others, and their spread.

    The spread is the mean square of places near a child over those near its area's children.
    """
    pupils = [p for p in world.cohorts.values() if p.grade(2018) < FIRST_SECONDARY]
    small = np.concatenate([p.small for p in pupils])
    leaves = np.concatenate([p.depart == FIRST_SECONDARY for p in pupils])
    near, area = world.small.independents[small], world.small.area[small]
    against = near / (np.bincount(area, near) / np.bincount(area))[area]
    mine = np.isin(area, np.flatnonzero(world.areas.keep < 1))
    return float(leaves.sum()), float(against[leaves].mean()), float((against[mine] ** 2).mean())


def test_as_many_leave_wherever_independent_schools_stand_and_more_where_they_are_near() -> None:
    nowhere, everywhere = (
        leavers(
            world_of("world=tiny", f"beliefs.people.leave_near={part}", "beliefs.people.leave_km=3")
        )
        for part in (0, 1)
    )
    assert everywhere[0] == pytest.approx(nowhere[0], rel=0.05)
    assert everywhere[1] - nowhere[1] == pytest.approx(nowhere[2] - 1, rel=0.4)
    assert nowhere[2] > 1.02


def test_independent_places_are_one_a_place_on_average_and_reach_farther_by_belief() -> None:
    people = ground.small_areas().children_11_15
    near, far = independents_near(3.0), independents_near(12.0)
    for reach in (near, far):
        assert np.average(reach, weights=people) == pytest.approx(1, abs=0.01)
    assert near.std() > far.std() > 0


@pytest.mark.parametrize("homes", [1, 2, 9, 400])
def test_a_drawn_share_falls_to_the_home_that_a_search_finds(homes: int) -> None:
    rng = np.random.default_rng(homes)
    children = rng.gamma(0.3, size=homes) * (rng.random(homes) < 0.8)
    children[-1] += 1
    lives = np.cumsum(children) / children.sum()
    drawn = np.concatenate([rng.random(2000), lives[:-1], [0.0, 1 - 2.0**-32]])
    found = [_home(share, lives, _guide(lives)) for share in drawn]
    searched = np.minimum(np.searchsorted(lives, drawn, side="right"), homes - 1)
    assert found == searched.tolist()
