from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sim.codes import ROUTES
from sim.config import compose
from sim.config.models import Post16
from sim.model.costs import price
from sim.rng import Key, Purpose, uniforms, words
from sim.world.offers import Neighbours, Offers, Places
from sim.year import post16
from tests.twins.cohorts import PLAIN
from tests.year.after_school import alike, believing, shuffled

SETTINGS = compose("baseline", [])
VALUES = SETTINGS.beliefs.values
ON = SETTINGS.switches.model_copy(update=dict.fromkeys(PLAIN, False))
KEY = Key(3, 0)
MANY = 120_000
NEAR = 3 * math.sqrt(0.25 / MANY)
AS_IT_IS = Post16()


def lever(**changes: Any) -> Any:
    return Post16(**changes)


def off(*names: str) -> Any:
    return ON.model_copy(update=dict.fromkeys(names, False))


def one_place(**columns: Any) -> Offers:
    """One small area of one area where everything is as in the nation."""
    places = Places(1)
    places.minutes, places.terrain = VALUES.offers.mean_minutes, 1.0
    for name, value in columns.items():
        places.set(name, value)
    return Offers(places, Neighbours(1))


def chosen(adults: Any, offers: Offers, values: Any = VALUES, on: Any = ON, **levers: Any) -> Any:
    post16.choose_routes(adults, offers, values, on, KEY, lever(**levers))
    return np.bincount(adults.route, minlength=6) / len(adults)


def softmax(utility: Any) -> Any:
    return np.exp(utility) / np.exp(utility).sum()


def test_routes_follow_the_logit_of_what_can_be_reached() -> None:
    share = chosen(alike(MANY, score=0.8, ever6=True), one_place())
    v = VALUES.post16
    wanted = softmax(np.array(v.route) + 0.8 * np.array(v.route_score) + np.array(v.route_ever6))
    assert share == pytest.approx(wanted, abs=NEAR)


def test_three_times_the_places_triple_the_odds() -> None:
    values = believing(VALUES, post16={"places": (1.0, 1.0, 0.0, 1.0)})
    few = chosen(alike(MANY), one_place(), values)
    log3 = math.log(3)
    many = chosen(alike(MANY), one_place(log_places=(log3, 0, 0)), values)
    odds = (many[0] / many[2]) / (few[0] / few[2])
    assert odds == pytest.approx(3, rel=0.06)
    local = chosen(alike(MANY), one_place(log_apprenticeships=log3), values)
    odds = (local[3] / local[2]) / (few[3] / few[2])
    assert odds == pytest.approx(3, rel=0.1)


def test_what_is_hours_away_is_taken_by_nobody() -> None:
    far = one_place(minutes=(4000, 35, 22))
    values = believing(VALUES, post16={"travel": 0.2})
    assert chosen(alike(2000), far, values)[0] == 0


@pytest.mark.parametrize(
    ("switch", "away"),
    [
        ("isolation", {"minutes": (90, 90, 90)}),
        ("terrain", {"terrain": 2.0}),
        ("offer", {"log_places": (-1, -1, 0), "log_apprenticeships": -1}),
    ],
)
def test_a_switch_takes_its_mechanism_away(switch: str, away: dict[str, Any]) -> None:
    here, there = one_place(), one_place(**away)
    assert not np.array_equal(chosen(alike(MANY), here), chosen(alike(MANY), there))
    same = [chosen(alike(MANY), place, on=off(switch)) for place in (here, there)]
    assert np.array_equal(*same)


def test_travel_weighs_more_on_working_class_children_unless_nobody_is_attached() -> None:
    far = one_place(minutes=(60, 80, 70))
    working, middle = alike(MANY, occupation=2), alike(MANY, occupation=1)
    assert chosen(working, far)[5] > chosen(middle, far)[5] + NEAR
    loose = off("attachment")
    assert np.array_equal(chosen(working, far, on=loose), chosen(middle, far, on=loose))


def test_without_background_alike_children_choose_alike() -> None:
    poor, other = alike(MANY, ever6=True, fsm15=True), alike(MANY)
    assert not np.array_equal(chosen(poor, one_place()), chosen(other, one_place()))
    blind = off("after_school_background")
    for people in (poor, other):
        chosen(people, one_place(), on=blind)
        post16.finish_levels(people, VALUES, blind, KEY, lever())
    for name in ("route", "level2", "level3"):
        assert np.array_equal(poor.get(name), other.get(name))


def test_older_neighbours_of_the_same_status_are_followed() -> None:
    offers = one_place()
    seen = np.zeros(12)
    seen[6 + 2] = 0.5
    offers.neighbours.routes = seen
    alone = chosen(alike(MANY, ever6=True), one_place())
    followed = chosen(alike(MANY, ever6=True), offers)
    odds = (followed[2] / (1 - followed[2])) / (alone[2] / (1 - alone[2]))
    assert odds == pytest.approx(math.exp(0.5 * VALUES.post16.neighbours), rel=0.03)
    assert np.array_equal(chosen(alike(MANY), offers), chosen(alike(MANY), one_place()))
    switched = chosen(alike(MANY, ever6=True), offers, on=off("neighbours"))
    assert np.array_equal(switched, alone)


def test_each_lever_moves_what_it_should() -> None:
    far = one_place(minutes=(40, 60, 50))
    base = chosen(alike(MANY, ever6=True), far)
    assert chosen(alike(MANY, ever6=True), far, transport=True)[5] < base[5]
    parity = chosen(alike(MANY, ever6=True), far, technical_offer=1.0)
    assert parity[2] > base[2] and parity[3] > base[3]
    assert chosen(alike(MANY, ever6=True), far, premium_to_19_gbp=1000)[5] < base[5]


def test_the_premium_reaches_ever_6_pupils_alone() -> None:
    for poor in (False, True):
        before, after = alike(MANY, ever6=poor), alike(MANY, ever6=poor)
        chosen(before, one_place())
        chosen(after, one_place(), premium_to_19_gbp=2000)
        post16.finish_levels(before, VALUES, ON, KEY, lever())
        post16.finish_levels(after, VALUES, ON, KEY, lever(premium_to_19_gbp=2000))
        gained = (after.level3 > 0).sum() - (before.level3 > 0).sum()
        assert (gained > 0) == poor
        assert poor or np.array_equal(before.route, after.route)


def test_who_is_nowhere_is_not_sustained() -> None:
    adults = alike(5000)
    chosen(adults, one_place())
    assert np.array_equal(adults.sustained, adults.route != ROUTES.index("none"))


def test_the_kernel_chooses_like_plain_python() -> None:
    adults = alike(60, score=np.linspace(-2, 2, 60), ever6=np.arange(60) % 2)
    adults.heritage, adults.occupation = np.arange(60) % 11, np.arange(60) % 3
    offers = one_place(minutes=(25, 50, 10), log_places=(0.4, -1, 0))
    chosen(adults, offers)
    luck = [
        uniforms(words(KEY, adults.id, Purpose.ROUTE, other=r)[0]).astype(float) for r in range(6)
    ]
    v, mean = VALUES.post16, VALUES.offers.mean_minutes
    for i in range(60):
        best = []
        for r in range(6):
            u = v.route[r] + v.route_score[r] * float(adults.score[i])
            u += v.route_ever6[r] * bool(adults.ever6[i])
            u += v.heritage[adults.heritage[i]] * v.route_migration[r]
            u += v.places[r] * (0.4, -1, 0)[r] if r < 2 else 0
            weight = 1 + v.attached_travel * (adults.occupation[i] == 2)
            u -= weight * v.travel / 10 * ((25, 50, 10)[r] - mean[r]) if r < 3 else 0
            best.append(u - math.log(-math.log(luck[r][i])))
        assert adults.route[i] == int(np.argmax(best))


def finished(values: Any = VALUES, on: Any = ON, policy: Any = AS_IT_IS, **columns: Any) -> Any:
    adults = alike(MANY, **columns)
    post16.finish_levels(adults, values, on, KEY, policy)
    return adults


def test_level_3_is_the_probit_of_attainment_route_and_background() -> None:
    v = VALUES.post16
    adults = finished(score=0.5, route=0, fsm15=True, heritage=3)
    index = v.level3[0] + 0.5 * v.level3[1] + v.level3[2] + v.level3_route[0]
    index += v.level3_migration[1] * v.heritage[3]
    assert (adults.level3 > 0).mean() == pytest.approx(ndtr(index), abs=NEAR)
    assert adults.trait.mean() == pytest.approx(0, abs=0.01)
    assert adults.trait.std() == pytest.approx(1, abs=0.01)


def test_level_3_contains_level_2() -> None:
    adults = finished(score=np.random.default_rng(1).normal(size=MANY))
    assert adults.level2[adults.level3 > 0].all()
    assert adults.level2.mean() > (adults.level3 > 0).mean()


def test_a_technical_offer_raises_technical_level_3() -> None:
    before, after = finished(), alike(MANY)
    post16.finish_levels(after, VALUES, ON, KEY, lever(technical_offer=1.0))
    v = VALUES.post16
    index = v.level3[0] + v.level3_route[2] + v.technical_quality
    assert (after.level3 > 0).mean() == pytest.approx(ndtr(index), abs=NEAR)
    assert (after.level3 == 2).sum() > (before.level3 == 2).sum()


def test_where_a_row_stands_changes_nothing() -> None:
    adults = alike(5000, score=np.random.default_rng(2).normal(size=5000))
    twin, order = shuffled(adults)
    for people in (adults, twin):
        chosen(people, one_place())
        post16.finish_levels(people, VALUES, ON, KEY, lever())
    for name in ("route", "level2", "level3", "trait"):
        assert np.array_equal(adults.get(name)[order], twin.get(name))


def test_the_process_switched_off_leaves_attainment_alone() -> None:
    adults = alike(1000)
    chosen(adults, one_place(), on=off("post16"))
    assert (adults.route == 2).all() and adults.sustained.all()
    left = finished(on=off("post16"), route=5)
    assert (left.level3 > 0).mean() == pytest.approx(ndtr(VALUES.post16.level3[0]), abs=NEAR)


def test_costs_are_counted_on_those_the_levers_reach() -> None:
    adults = alike(4, route=[0, 2, 3, 5], ever6=[True, True, False, True])
    got = post16.bought(adults, lever(technical_offer=0.5, premium_to_19_gbp=1000))
    assert got["post16.technical_offer"].tolist() == [0, 0.5, 0.5, 0]
    assert got["post16.premium_to_19_gbp"].tolist() == [1000, 1000, 0, 0]
    assert not got["post16.transport"].any()
    free = post16.bought(adults, lever(transport=True))
    assert free["post16.transport"].tolist() == [1, 1, 1, 0]
    assert price("post16.technical_offer", VALUES) == VALUES.post16.technical_cost_gbp
    assert price("post16.transport", VALUES) == VALUES.post16.transport_cost_gbp
    assert price("post16.premium_to_19_gbp", VALUES) == 1


def test_hard_times_keep_work_and_apprenticeships_away_most_from_those_who_stand_low() -> None:
    def routes(score: float, slack: float) -> Any:
        people, around = alike(MANY, score=score), np.array([slack], np.float32)
        post16.choose_routes(people, one_place(), VALUES, ON, KEY, AS_IT_IS, around)
        return np.bincount(people.route, minlength=6) / len(people)

    v, weaker = VALUES.post16, VALUES.spells.weaker
    for score in (-1.5, 0.0, 1.5):
        utility = np.array(v.route) + score * np.array(v.route_score)
        harder = utility + 0.4 * (1 - weaker * score) * np.array(v.route_slack)
        assert routes(score, 0.4) == pytest.approx(softmax(harder), abs=NEAR)
        assert np.array_equal(routes(score, 0.0), chosen(alike(MANY, score=score), one_place()))
    low, high = (routes(y, 0.4) / routes(y, 0.0) for y in (-1.5, 1.5))
    assert low[4] < high[4] < 1 and low[5] > 1
