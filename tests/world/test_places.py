"""Homes, schools and choice sets of a world lie on England's real ground."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.codes import BOYS, GIRLS, PHASES, SECONDARY
from sim.config import compose
from sim.crew import Crew
from sim.data import facts, ground
from sim.model import SchoolsModel
from sim.model.history import begin
from sim.nation import Terms
from sim.rng import Key
from sim.world import build, gravity
from sim.world.tables import World


def world_of(*overrides: str) -> World:
    settings = compose("baseline", overrides)
    return build(settings, facts.areas(), facts.national(), Key(1, 0), 2018)


TINY = world_of("world=tiny")


def of(world: World, code: str, rows: NDArray[np.int32]) -> NDArray[np.intp]:
    """Rows of an area."""
    return np.flatnonzero(world.facts.code[world.areas.facts_row][rows] == code)


def test_children_live_in_small_areas_in_proportion_to_real_children() -> None:
    small = TINY.small
    lived = np.zeros(len(small))
    for pupils in TINY.cohorts.values():
        lived += np.bincount(pupils.small, minlength=len(small))
    heads = np.bincount(small.area, small.children)
    born = np.bincount(small.area, lived)
    wanted = small.children / heads[small.area] * born[small.area]
    # Poisson: the mean square of standard scores is about 1.
    assert np.mean((lived - wanted) ** 2 / wanted) == pytest.approx(1, abs=0.15)


def test_a_small_area_lies_where_it_is_with_all_its_children() -> None:
    table = ground.small_areas()
    number = int(TINY.areas.id[0])
    mine, here = table.area == number, TINY.small.area == 0
    assert TINY.small.children[here].sum() == pytest.approx(
        (table.primary + table.secondary)[mine].sum()
    )
    x = TINY.small.x[here].reshape(-1, 2).mean(axis=1)
    assert x == pytest.approx(table.x[mine] / 1000, abs=0.01)


def test_every_area_has_its_own_schools_and_no_other() -> None:
    table = ground.sites()
    for phase in range(len(PHASES)):
        for area, number in enumerate(TINY.areas.id.tolist()):
            mine = (TINY.schools.area == area) & (TINY.schools.phase == phase)
            there = (table.area == number) & (table.phase == phase)
            assert np.array_equal(TINY.schools.roll[mine], table.roll[there])
            assert TINY.schools.share[mine].sum() == pytest.approx(1)


def test_where_borders_are_closed_no_family_thinks_of_a_school_beyond_them() -> None:
    for near in TINY.near:
        known = near.school >= 0
        assert not near.across.any()
        home = np.broadcast_to(TINY.small.area[:, None], known.shape)
        assert np.array_equal(TINY.schools.area[near.school[known]], home[known])


def test_schools_are_known_nearest_first_within_their_kind() -> None:
    near, places = TINY.near[SECONDARY], compose("baseline").beliefs.values.places
    many = int(places.near_secondaries)
    assert (np.diff(near.km[:, :many], axis=1) >= 0).all()
    kind = TINY.schools
    plain = near.school[:, :many]
    assert not (kind.grammar | kind.catholic)[plain[plain >= 0]].any()


def test_a_child_and_its_home_are_the_same_in_every_world() -> None:
    london = world_of("world=region", "world.region=London")
    code = "E09000012"
    homes = [of(world, code, world.small.area) for world in (TINY, london)]
    for name in ("id", "x", "y", "children", "income", "band"):
        assert np.array_equal(TINY.small.get(name)[homes[0]], london.small.get(name)[homes[1]])
    one, other = (
        world.cohorts[2013].select(np.isin(world.cohorts[2013].small, rows))
        for world, rows in zip((TINY, london), homes, strict=True)
    )
    for name in ("id", "income", "heritage", "girl", "catholic"):
        assert np.array_equal(one.get(name), other.get(name))
    assert np.array_equal(one.get("small") - homes[0][0], other.get("small") - homes[1][0])


def test_single_sex_schools_hold_nobody_else_and_every_child_has_a_school() -> None:
    settings = compose("baseline", ["world=tiny"])
    world = build(settings, facts.areas(), facts.national(), Key(1, 0), 2018)
    crew = Crew(1)
    begin(world, Terms.of(settings, world), crew)
    crew.close()
    assert np.isin([BOYS, GIRLS], world.schools.gender).all()
    for pupils in world.cohorts.values():
        here = np.flatnonzero(world.enrolled(pupils))
        gender, girl = world.schools.gender[pupils.school[here]], pupils.girl[here]
        assert not girl[gender == BOYS].any() and girl[gender == GIRLS].all()
        on_roll = pupils.on_roll(pupils.grade(2018))
        assert np.array_equal(np.flatnonzero(on_roll), here)


def test_catholic_children_go_first_to_catholic_schools() -> None:
    model = SchoolsModel(compose("baseline", ["world=tiny", "years=1"]))
    world = model.world
    at, everywhere = [], []
    for pupils in world.cohorts.values():
        here = np.flatnonzero(world.enrolled(pupils))
        chosen = world.schools.catholic[pupils.school[here]]
        at.extend(pupils.catholic[here][chosen].tolist())
        everywhere.extend(pupils.catholic[here].tolist())
    assert len(at) > 1000
    assert np.mean(at) > 3 * np.mean(everywhere)


def test_appeals_fill_every_place_by_distance_alone() -> None:
    rng = np.random.default_rng(3)
    homes, spots = rng.random((400, 2)), rng.random((12, 2))
    far = np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1))
    near = np.argsort(far, axis=1)[:, :8].astype(np.int32)
    cost = 3 * np.log(0.1 + np.take_along_axis(far, near, axis=1))
    children, places = np.full(400, 5.0), rng.uniform(0.5, 1.5, 12)
    places *= children.sum() / places.sum()
    pull = gravity.appeals(near, cost.astype(np.float32), children, places)
    flow = np.exp(pull[near] - cost)
    flow *= (children / flow.sum(axis=1))[:, None]
    came = np.bincount(near.ravel(), flow.ravel(), minlength=12)
    assert np.abs(came - places).sum() < 0.01 * places.sum()
