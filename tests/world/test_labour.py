"""How hard work is to find around home: a departure from the mean, nothing at the mean."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.codes import GRADE_AT_25, ROUTE_WORK, STARTING_AGE
from sim.config import compose
from sim.config.models import Post16
from sim.data import facts
from sim.rng import Key
from sim.world import labour
from sim.world.offers import Neighbours, Offers, Places
from sim.year import post16, spells
from tests.year.after_school import alike

VALUES = compose("baseline", []).beliefs.values
ON = compose("baseline", []).switches


def everywhere() -> Any:
    """All areas of England, as a world has them."""
    known = facts.areas()
    rows = SimpleNamespace(facts_row=np.arange(len(known.name)))
    return SimpleNamespace(facts=known, areas=rows)


def test_it_is_nought_on_average_over_england_and_rises_with_both_figures() -> None:
    world = everywhere()
    slack = labour.slack(world, VALUES.spells.place)
    weight = world.facts.pupils_secondary.astype(float)
    assert np.average(slack, weights=weight) == pytest.approx(0, abs=1e-6)
    for figure in (world.facts.unemployment, -world.facts.employment_rate):
        assert np.corrcoef(slack, figure)[0, 1] > 0.8
    assert not labour.slack(world, (0.0, 0.0)).any()


def test_the_national_share_without_work_is_what_it_is_without_places() -> None:
    """To a fifth of a percentage point, though places differ by many."""
    world = everywhere()
    pupils = world.facts.pupils_secondary // 20
    area = np.repeat(np.arange(pupils.size), pupils)
    score = np.random.default_rng(1).normal(size=area.size)
    found = []
    for place in ((0.0, 0.0), VALUES.spells.place, (0.8, 0.8)):
        people = alike(area.size, area=area, score=score)
        slack = labour.slack(world, place)
        spells.foresee(people, slack, VALUES.spells, ON, Key(1, 0))
        spells.lose_work(people, people.birth_year + STARTING_AGE + GRADE_AT_25)
        found.append(people.without_work.copy())
    national = [out.mean() for out in found]
    assert national[1] == pytest.approx(national[0], abs=0.002)
    assert national[2] == pytest.approx(national[0], abs=0.005)
    by_area = np.bincount(area, found[1]) / np.bincount(area)
    assert by_area.std() > 0.02 and np.corrcoef(by_area, slack)[0, 1] > 0.6


def test_an_area_at_the_mean_is_left_alone() -> None:
    """Spells and routes: whoever lives there is and does what is so without places."""
    flat, steep = np.zeros(2, np.float32), np.array([0, 0.4], np.float32)
    area = np.arange(20_000) % 2
    found = []
    for slack in (flat, steep):
        people = alike(area.size, area=area)
        spells.foresee(people, slack, VALUES.spells, ON, Key(1, 0))
        found.append(people.spells)
    assert np.array_equal(found[0][area == 0], found[1][area == 0])
    assert (found[1][area == 1] != found[0][area == 1]).any()


def test_national_shares_of_routes_stand_to_a_fifth_of_a_point() -> None:
    world = everywhere()
    pupils = world.facts.pupils_secondary // 20
    area = np.repeat(np.arange(pupils.size), pupils)
    places = Places(pupils.size)
    places.area, places.terrain = np.arange(pupils.size), 1.0
    places.minutes = VALUES.offers.mean_minutes
    around = Offers(places, Neighbours(pupils.size))
    share, work = [], []
    for slack in (None, labour.slack(world, VALUES.spells.place)):
        score = np.random.default_rng(1).normal(size=area.size)
        people = alike(area.size, area=area, small=area, score=score)
        post16.choose_routes(people, around, VALUES, ON, Key(1, 0), Post16(), slack)
        share.append(np.bincount(people.route, minlength=6) / area.size)
        work.append(np.bincount(area, people.route == ROUTE_WORK) / pupils)
    assert share[1] == pytest.approx(share[0], abs=0.002)
    assert np.corrcoef(work[1] - work[0], slack)[0, 1] < -0.5
