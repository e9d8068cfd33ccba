"""Post-16: a route after Year 11, and levels by 19."""

from __future__ import annotations

import numpy as np

from sim.codes import FIRST_ADULT_GRADE, LEVELS_GRADE, ROUTE_APPRENTICESHIP, ROUTE_TECHNICAL
from sim.model import post16
from sim.nation import by_grade
from tests.model.stage import before, columns, written

WRITTEN = columns("adults", "route sustained trait level2 level3")


def test_it_writes_routes_and_levels() -> None:
    with before(post16.choose_routes) as nation:
        neighbours = nation.after.offers.neighbours.routes.copy()
        assert written(nation, post16.choose_routes) == WRITTEN
        assert not np.array_equal(neighbours, nation.after.offers.neighbours.routes)


def test_it_reads_attainment_at_16() -> None:
    with before(post16.choose_routes) as nation:
        people = by_grade(nation.after, nation.year)[LEVELS_GRADE]
        people.score = np.where(np.arange(people.rows) % 2, 3.0, -3.0)
        post16.choose_routes(nation, nation.year)
        clever = np.arange(people.rows) % 2 == 1
        assert (people.level3[clever] > 0).mean() > 0.9 > 0.1 > (people.level3[~clever] > 0).mean()


def test_switched_off_everybody_goes_to_a_technical_college() -> None:
    with before(post16.choose_routes, without="post16") as nation:
        post16.choose_routes(nation, nation.year)
        young = by_grade(nation.after, nation.year)[FIRST_ADULT_GRADE]
        assert (young.route == ROUTE_TECHNICAL).all() and young.sustained.all()


def test_free_travel_puts_more_within_reach_and_takes_nothing_away() -> None:
    found = []
    for scenario in ("baseline", "transport_access"):
        with before(post16.choose_routes, scenario=scenario) as nation:
            young = by_grade(nation.after, nation.year)[FIRST_ADULT_GRADE]
            found.append(post16.reach(nation.after, young, nation.terms, nation.policy))
    assert found[0].shape[1] == 4
    assert (found[1] >= found[0]).all() and found[1].sum() > found[0].sum()


def test_it_says_what_levers_buy_between_16_and_18() -> None:
    with before(post16.bought, scenario="transport_access") as nation:
        ledger = list(post16.bought(nation, nation.year))
        grades = [people.grade(nation.year) for people, _ in ledger]
        assert grades == list(range(FIRST_ADULT_GRADE, LEVELS_GRADE))
        for people, units in ledger:
            assert (units["post16.transport"] == (people.route <= ROUTE_APPRENTICESHIP)).all()
            assert not units["post16.technical_offer"].any()
