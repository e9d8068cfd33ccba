from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import pytest
from scipy.special import expit, ndtr

from sim.codes import REGION_LONDON
from sim.config import compose
from sim.config.models import Post16
from sim.data import ground
from sim.model import SchoolsModel
from sim.model.agents import University
from sim.model.costs import price
from sim.rng import Key
from sim.world import offers, universities
from sim.year import higher, post16
from tests.twins.cohorts import PLAIN
from tests.year.after_school import alike, believing, graduating_class, shuffled

SETTINGS = compose("baseline", [])
VALUES = SETTINGS.beliefs.values
ON = SETTINGS.switches.model_copy(update=dict.fromkeys(PLAIN, False))
KEY = Key(3, 0)
MANY = 120_000
NEAR = 3 * np.sqrt(0.25 / MANY)
MEAN = np.array([VALUES.higher.isolation_centre], np.float32)
FOUND = universities.found(VALUES.higher, KEY)
APART = np.linspace(5, 400, len(FOUND))[None]
CHANCES = universities.destinations(FOUND, APART, VALUES)


def off(*names: str) -> Any:
    return ON.model_copy(update=dict.fromkeys(names, False))


def entered(adults: Any, values: Any = VALUES, on: Any = ON, log_km: Any = MEAN) -> Any:
    higher.enter(adults, log_km, CHANCES, values, on, KEY)
    return adults


def holders(**columns: Any) -> Any:
    """People with Level 3 whose trait is random, as if Level 3 had not selected on it."""
    trait = np.random.default_rng(7).normal(size=MANY)
    return alike(MANY, **{"level3": 1, "route": 0, "trait": trait, **columns})


def students(**columns: Any) -> Any:
    return alike(MANY, **{"level3": 1, "entered": 1, "university": 0, "route": 0, **columns})


def finished(adults: Any, support: float = 0.0, on: Any = ON) -> Any:
    higher.graduate(adults, np.full(len(FOUND), support), VALUES, on, KEY)
    return adults


def test_entry_is_the_probit_of_attainment_route_and_background() -> None:
    v = VALUES.higher
    adults = entered(holders(score=0.4, route=2, fsm15=True, occupation=2, heritage=3))
    index = v.entry[0] + 0.4 * v.entry[1] + v.entry_route[2] + v.entry_fsm
    index += v.entry_occupation[2] + v.migration[1] * VALUES.post16.heritage[3]
    assert (adults.entered > 0).mean() == pytest.approx(ndtr(index), abs=NEAR)


def test_hardly_anybody_enters_without_level_3() -> None:
    adults = entered(alike(MANY, score=2.0))
    assert (adults.entered > 0).mean() == pytest.approx(VALUES.higher.without_level3, abs=0.001)
    none = believing(VALUES, higher={"without_level3": 0.0})
    assert (entered(alike(MANY, score=2.0), none).entered == 0).all()


def test_the_trait_behind_level_3_helps_again() -> None:
    able, other = (entered(holders(trait=at)) for at in (1.0, -1.0))
    assert (able.entered > 0).mean() > (other.entered > 0).mean() + 0.3


def test_isolation_takes_entry_away_unless_switched_off() -> None:
    far = MEAN + 1
    near_share = (entered(holders()).entered > 0).mean()
    far_share = (entered(holders(), log_km=far).entered > 0).mean()
    v = VALUES.higher
    assert far_share == pytest.approx(ndtr(v.entry[0] - v.isolation[0]), abs=NEAR)
    assert near_share > far_share
    blind = [entered(holders(), on=off("isolation"), log_km=km) for km in (MEAN, far)]
    for name in ("entered", "at_home", "university"):
        assert np.array_equal(blind[0].get(name), blind[1].get(name))


def test_high_tariff_is_the_probit_of_attainment() -> None:
    v = VALUES.higher
    # An entry so easy that everybody enters leaves the tariff unselected.
    easy = believing(VALUES, higher={"entry": (9.0, 0.0)})
    adults = entered(holders(score=1.0, occupation=0), easy)
    index = v.tariff[0] + 0.5 * v.tariff[1] + v.tariff_occupation[0]
    assert (adults.entered == 2).mean() == pytest.approx(ndtr(index), abs=NEAR)


def test_living_at_home_is_a_logit_and_takes_a_university_near() -> None:
    v = VALUES.higher
    low = believing(VALUES, higher={"entry": (9.0, 0.0), "tariff": (-9.0, 0.0, 0.0)})
    adults = entered(holders(occupation=2), low)
    wanted = expit(v.home[0] + v.home_occupation[2])
    assert adults.at_home.mean() == pytest.approx(wanted, abs=NEAR)
    far = APART[0, adults.university]
    assert far[adults.at_home].mean() < 40 < 80 < far[~adults.at_home].mean()
    alike_all = [
        entered(holders(occupation=o), low, off("attachment")).at_home.mean() for o in (0, 1, 2)
    ]
    assert len(set(alike_all)) == 1


def test_a_place_at_a_university_fits_the_tariff() -> None:
    adults = entered(holders(score=np.random.default_rng(1).normal(size=MANY)))
    inside = adults.entered > 0
    assert np.array_equal(FOUND.high[adults.university[inside]], adults.entered[inside] == 2)
    assert (adults.university[~inside] == -1).all()
    assert not adults.at_home[~inside].any()


def test_a_number_drawn_falls_to_the_first_share_above_it() -> None:
    rng = np.random.default_rng(2)
    shares = rng.random(60) * (rng.random(60) < 0.5)  # many places are for the other tariff
    rising = np.cumsum(shares / shares.sum()).astype(np.float32)
    drawn = np.concatenate([rng.random(500), rising[:-1]]).astype(np.float32)
    found = [higher._first_above(rising, one) for one in drawn]
    assert found == np.minimum(np.searchsorted(rising, drawn, side="right"), 59).tolist()


def test_students_away_choose_near_places_more_often() -> None:
    assert (CHANCES[..., -1] == 1).all() and (np.diff(CHANCES, axis=-1) >= 0).all()
    lower = np.flatnonzero(~FOUND.high)
    away = np.diff(CHANCES[0, 0, 0], prepend=0)[lower] / FOUND.places[lower]
    assert np.array_equal(np.argsort(away)[::-1], np.argsort(APART[0, lower], kind="stable"))
    per_km = VALUES.higher.distance / 100
    apart = APART[0, lower[-1]] - APART[0, lower[0]]
    assert away[0] / away[-1] == pytest.approx(np.exp(per_km * apart), rel=1e-3)


def test_dropping_out_and_class_are_probits_of_deprivation() -> None:
    v = VALUES.higher
    adults = finished(students(score=0.7, fifth=1, at_home=True))
    index = v.drop[0] + 0.7 * v.drop[1] + 2 * v.drop[3] + v.drop[4]
    assert (adults.degree == 0).mean() == pytest.approx(ndtr(index), abs=NEAR)
    good = (adults.degree == 2).sum() / (adults.degree > 0).sum()
    assert good == pytest.approx(ndtr(v.good[0] + 2 * v.good[3]), abs=1.1 * NEAR)


def test_support_takes_part_of_the_disadvantage_away_and_touches_nobody_else() -> None:
    for fifth in (1, 3, 5):
        without, with_it = (finished(students(fifth=fifth), s) for s in (0.0, 1.0))
        if fifth > 2:
            assert np.array_equal(without.degree, with_it.degree)
        else:
            assert (with_it.degree >= without.degree).all()
            assert (with_it.degree == 2).sum() > (without.degree == 2).sum()
    v = VALUES.higher
    adults = finished(students(fifth=1), 1.0)
    index = v.drop[0] + 2 * v.drop[3] * (1 - v.support_relief[0])
    assert (adults.degree == 0).mean() == pytest.approx(ndtr(index), abs=NEAR)


def test_without_background_alike_people_end_alike() -> None:
    blind = off("after_school_background")
    poor = holders(fsm15=True, ever6=True, occupation=2, fifth=1)
    rich = holders(occupation=0, fifth=5)
    for people in (poor, rich):
        finished(entered(people, on=blind), on=blind)
        higher.later_degrees(people, 18, VALUES, blind, KEY)
    for name in ("entered", "at_home", "university", "degree"):
        assert np.array_equal(poor.get(name), rich.get(name))


def test_later_degrees_add_up_over_the_years() -> None:
    adults = alike(MANY, level3=1, level2=True, occupation=0)
    for grade in range(18, 25):
        higher.later_degrees(adults, grade, VALUES, ON, KEY)
    chance = VALUES.higher.later_degree[0]
    assert (adults.degree == 3).mean() == pytest.approx(1 - (1 - chance) ** 7, abs=NEAR)
    bare = alike(MANY)
    higher.later_degrees(bare, 18, VALUES, ON, KEY)
    assert (bare.degree == 0).all()


def test_who_has_a_degree_keeps_it() -> None:
    adults = students(degree=2, level2=True)
    higher.later_degrees(adults, 18, VALUES, ON, KEY)
    assert (adults.degree == 2).all()


def test_where_a_row_stands_changes_nothing() -> None:
    adults = holders(score=np.random.default_rng(2).normal(size=MANY))
    twin, order = shuffled(adults)
    for people in (adults, twin):
        finished(entered(people))
        higher.later_degrees(people, 19, VALUES, ON, KEY)
    for name in ("entered", "university", "at_home", "degree"):
        assert np.array_equal(adults.get(name)[order], twin.get(name))


def test_the_process_switched_off_lets_nobody_in() -> None:
    adults = entered(holders(), on=off("higher"))
    higher.later_degrees(adults, 18, VALUES, off("higher"), KEY)
    assert (adults.entered == 0).all() and (adults.degree == 0).all()


def test_universities_meet_the_national_margins() -> None:
    assert FOUND.high.sum() == VALUES.higher.high_tariff_universities
    shares = np.asarray(VALUES.higher.university_regions)
    for high in (False, True):
        size = np.bincount(FOUND.region[FOUND.high == high], FOUND.size[FOUND.high == high])
        assert size == pytest.approx(shares / shares.sum())
    again = universities.found(VALUES.higher, Key(KEY.seed, 9))
    assert np.array_equal(again.size, FOUND.size)


def test_grades_that_few_of_the_lower_half_meet_are_high_tariff() -> None:
    lower_half = ground.universities().required_lower_half
    assert lower_half[FOUND.high].max() <= np.nanmin(lower_half[~FOUND.high])


def test_universities_stand_where_they_are() -> None:
    world = SchoolsModel(compose("baseline", ["world=tiny"])).world
    far = universities.kilometres(world, FOUND)
    assert far.shape == (len(world.areas), len(FOUND))
    london = world.areas.region == REGION_LONDON
    there = FOUND.region == REGION_LONDON
    assert far[np.ix_(london, there)].max(initial=0) < 60
    assert far[np.ix_(~london, ~there)].max() > 150


def test_who_lives_at_home_goes_to_a_university_near_and_others_farther() -> None:
    chances = np.diff(CHANCES, prepend=0, axis=-1)
    km = (chances * APART).sum(axis=-1)[:, :, 0]
    assert (km[:, 1] < km[:, 0]).all()
    nowhere = believing(VALUES, higher={"distance": 0.0})
    even = np.diff(universities.destinations(FOUND, APART, nowhere), prepend=0, axis=-1)
    for high in (False, True):
        mine = FOUND.high == high
        assert even[int(high), 0, 0, mine] == pytest.approx(FOUND.places[mine], abs=1e-6)


def test_universities_follow_demand_part_of_the_way_and_take_up_support_in_turn() -> None:
    model: Any = mesa.Model()
    after = SimpleNamespace(universities=FOUND.copy())
    model.nation = SimpleNamespace(after=after, terms=SimpleNamespace(values=VALUES))
    row = int(np.argmax(FOUND.order < 0.25))
    agent = University(model, row)
    agent.entrants = 50
    agent.offer(1000)
    follow = VALUES.higher.places_follow
    assert agent.places == pytest.approx((1 - follow) * agent.size + follow * 0.05)
    for adoption, backs in ((0.0, 0.0), (agent.order + 0.01, 1.0), (1.0, 1.0)):
        agent.back_students(adoption)
        assert agent.support == backs


def test_support_is_paid_for_deprived_students_where_it_is_given() -> None:
    adults = alike(4, entered=[1, 2, 1, 0], fifth=[1, 2, 3, 1], university=[0, 1, 0, -1])
    support = np.zeros(len(FOUND))
    support[0] = 1
    got = higher.bought(adults, support)["higher.student_success"]
    assert got.tolist() == [1, 0, 0, 0]
    assert price("higher.student_success", VALUES) == VALUES.higher.support_cost_gbp


def test_the_leavers_of_a_small_world_go_on_as_england_does() -> None:
    model = SchoolsModel(compose("baseline", ["world=tiny"]))
    adults, world = graduating_class(model), model.world
    laid = offers.lay_out(world, VALUES.offers)
    apart = universities.kilometres(world, FOUND)
    chances = universities.destinations(FOUND, apart, VALUES)
    levers = Post16()
    post16.choose_routes(adults, laid, VALUES, ON, KEY, levers)
    post16.finish_levels(adults, VALUES, ON, KEY, levers)
    higher.enter(adults, laid.places.log_km, chances, VALUES, ON, KEY)
    finished(adults)
    poor, other = adults.fsm15, ~adults.fsm15
    for name, least, most in (("level3", 0.12, 0.4), ("entered", 0.08, 0.35)):
        gap = (adults.get(name)[other] > 0).mean() - (adults.get(name)[poor] > 0).mean()
        assert least < gap < most
    assert 0.88 < adults.sustained.mean() < 0.96
    assert 0.3 < (adults.entered > 0).mean() < 0.65
    model.close()
