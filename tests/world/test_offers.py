from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.data import facts
from sim.rng import Key
from sim.world import build, offers, parents
from sim.world.reach import places_in_reach, squares
from tests.year.after_school import believing

NOTHING = SimpleNamespace(technical_offer=0.0, transport=False)


def world_of(*overrides: str) -> Any:
    settings = compose("baseline", overrides)
    return build(settings, facts.areas(), facts.national(), Key(1, 0), 2018), settings


TINY, SETTINGS = world_of("world=tiny")
VALUES, ON = SETTINGS.beliefs.values, SETTINGS.switches
LAID = offers.lay_out(TINY, VALUES.offers)


def off(*names: str) -> Any:
    return ON.model_copy(update=dict.fromkeys(names, False))


def test_the_way_to_an_offer_takes_walking_and_waiting_and_the_road() -> None:
    v = VALUES.offers
    assert np.isfinite(LAID.places.minutes).all()
    assert (LAID.places.minutes >= v.access_minutes).all()
    twice = believing(VALUES, offers={"speed": 2 * v.speed})
    half = offers.lay_out(TINY, twice.offers).places.minutes - v.access_minutes
    short = LAID.places.minutes < v.farthest_minutes
    whole = LAID.places.minutes - v.access_minutes
    assert half[short] == pytest.approx(whole[short] / 2, rel=1e-4, abs=1e-4)
    assert short.any() and (LAID.places.minutes <= v.farthest_minutes).all()


def test_places_in_reach_are_those_of_the_nation_a_head() -> None:
    # Everybody's share of what is around, added up over the people, is all the places there are.
    x, y = np.array([0.0, 4.0, 9.0, 90.0]), np.zeros(4)
    people = np.array([10.0, 30.0, 20.0, 40.0])
    lived, square = squares(x, y, people, np.ones(4))
    spots, places = np.array([[1.0, 0.0], [8.0, 0.0], [91.0, 0.0]]), np.array([3.0, 2.0, 5.0])
    near = places_in_reach(lived, spots, places, access=8, per_km=4, decay=20)
    assert (near * lived.people).sum() == pytest.approx(people.sum())
    assert near[square[3]] == pytest.approx(0.5 * people.sum() / 40)


def test_two_homes_as_far_from_a_site_reach_as_much_of_it() -> None:
    lived, _ = squares(np.array([-3.0, 3.0]), np.zeros(2), np.array([5.0, 5.0]), np.ones(2))
    near = places_in_reach(lived, np.zeros((1, 2)), np.ones(1), access=8, per_km=4, decay=20)
    assert near == pytest.approx([1, 1])


def test_a_place_is_the_same_in_every_world() -> None:
    london, _ = world_of("world=region", "world.region=London")
    laid = offers.lay_out(london, VALUES.offers)
    code = "E09000012"
    mine = [
        np.flatnonzero(world.facts.code[world.areas.facts_row][world.small.area] == code)
        for world in (TINY, london)
    ]
    for name in ("minutes", "log_places", "log_apprenticeships", "terrain", "log_km"):
        here, there = LAID.places.get(name)[mine[0]], laid.places.get(name)[mine[1]]
        assert here == pytest.approx(there, rel=1e-5, abs=1e-5)


def test_terrain_lengthens_roads_where_people_live_in_the_country() -> None:
    rural = TINY.small.rural
    assert LAID.places.terrain == pytest.approx(1 + VALUES.offers.terrain_rural * rural, rel=1e-5)
    flat = offers.travel_minutes(LAID.places, VALUES.offers, off("terrain"))
    hilly = offers.travel_minutes(LAID.places, VALUES.offers, ON)
    assert np.array_equal(flat, LAID.places.minutes)
    assert (hilly >= flat).all() and (hilly[rural] > flat[rural]).all()


def test_without_isolation_everybody_travels_alike() -> None:
    minutes = offers.travel_minutes(LAID.places, VALUES.offers, off("isolation"))
    assert (minutes == np.asarray(VALUES.offers.mean_minutes, np.float32)).all()


def test_options_in_reach_are_counted() -> None:
    v = VALUES.offers
    places = offers.Places(2)
    places.terrain = 1
    places.minutes = [[10, v.option_minutes - 1, v.option_minutes + 1], [99, 99, 99]]
    places.log_apprenticeships = [0, np.log(v.option_density) - 0.01]
    assert offers.options_in_reach(places, v, ON, NOTHING).tolist() == [3, 0]
    free = SimpleNamespace(technical_offer=0.0, transport=True)
    assert offers.options_in_reach(places, v, ON, free).tolist() == [4, 0]
    more = SimpleNamespace(technical_offer=0.1, transport=False)
    assert offers.options_in_reach(places, v, ON, more).tolist() == [3, 1]
    assert offers.options_in_reach(places, v, off("offer"), NOTHING).tolist() == [3, 1]


def test_neighbours_are_seen_as_they_differ_from_the_nation() -> None:
    seen = offers.Neighbours(2)
    area, route = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 2])
    offers.note_routes(seen, area, np.zeros(4, bool), route, np.ones(2), 0.0)
    assert seen.routes[0, :3].tolist() == [0.25, 0, -0.25]
    assert seen.routes[1, :3].tolist() == [-0.25, 0, 0.25]
    assert (seen.routes[:, 6:] == 0).all()
    offers.note_routes(seen, area, np.zeros(4, bool), np.zeros(4, int), np.ones(2), 0.5)
    assert seen.routes[0, :3].tolist() == [0.125, 0, -0.125]


def test_prospects_are_those_of_older_people_from_the_place() -> None:
    seen = offers.Neighbours(2)
    area, professional = np.array([0, 0, 1, 1]), np.array([True, True, True, False])
    offers.note_prospects(seen, area, professional, np.ones(2), 0.0)
    assert seen.prospects.tolist() == [0.25, -0.25]
    offers.note_prospects(seen, area, ~professional, np.ones(2), 0.5)
    assert seen.prospects.tolist() == [0, 0]


def test_a_branch_has_neighbours_of_its_own() -> None:
    branch = LAID.copy()
    branch.neighbours.routes = 1.0
    assert (LAID.neighbours.routes == 0).all()
    assert branch.places is LAID.places


def test_occupations_have_their_shares_and_follow_education() -> None:
    many, v = 100_000, VALUES.parents
    ids, poor = np.arange(many), np.arange(many) % 2 == 0
    luck = np.random.default_rng(4).normal(size=many)
    mean, spread = np.array(v.education_mean), np.array(v.education_sd)
    education = mean[poor * 1] + spread[poor * 1] * luck
    local = np.full(many, v.local_mean)
    found = parents.occupation(ids, education, poor, local, v, Key(1, 0))
    for who, shares in ((poor, v.fsm), (~poor, v.other)):
        assert np.bincount(found[who]) / who.sum() == pytest.approx(shares, abs=0.008)
    assert luck[found == 0].mean() > 0.5 > luck[found == 2].mean()
    richer = parents.occupation(ids, education, poor, local + v.local_sd, v, Key(1, 0))
    assert (richer <= found).all() and (richer < found).any()
