"""The market of teachers, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.config.school_levers import Schools as Granted
from sim.world.tables import Areas, Schools
from sim.year import staffing
from tests.twins.cohorts import believed

KNOWN: dict[str, Any] = {
    "pay_leaving": 3.0, "pay_gbp": 40_000.0, "pay_cost": 1.4, "pupils_a_teacher": (20.0, 16.0),
    "outside_part": 0.5, "cpd_keeps": 0.1, "ease": 0.0, "movers": 0.4, "pay_pull": 3.0,
    "hardship_pull": 1.0, "isolation_pull": 0.2, "near_km": 15.0, "seen": 0.3, "entry": 0.0,
}  # fmt: skip
NOWHERE_ELSE = np.zeros(9)


def beliefs(**changes: Any) -> Any:
    return believed(teachers={**KNOWN, **changes})


def two() -> tuple[Schools, Areas]:
    """Two secondaries of one area, alike but for what is set afterwards."""
    schools, areas = Schools(2), Areas(1)
    schools.id, schools.phase, schools.area, schools.area_cost = [7, 8], 1, 0, 10_000
    schools.pupils, schools.paid_pupils, schools.ever6 = 800, 800, 200
    schools.leaving, schools.listed = 0.2, [True, False]
    areas.weight, areas.region = 1, 0
    return schools, areas


def market(schools: Schools, areas: Areas, known: Any, more: Any = 0.0) -> staffing.Market:
    paid = np.zeros(len(schools)) + more
    usual = staffing.Usual()
    return staffing.Market(schools, areas, known.teachers, NOWHERE_ELSE, paid, usual, False)


def test_pay_that_is_bought_is_what_is_spent_over_what_wages_cost() -> None:
    schools, _ = two()
    known = beliefs().teachers
    spent = np.array([100_000.0, 0.0]) * 100
    staffing.offer(schools, spent, np.zeros(2), known)
    assert schools.pay_more[0] == pytest.approx(100_000 / (50 * 40_000 * 1.4))
    assert schools.pay_more[1] == 0


def test_leaving_worked_by_hand() -> None:
    schools, areas = two()
    schools.pay_more, schools.trained = [0.02, 0.0], [0.0, 0.5]
    found = market(schools, areas, beliefs(), [0.06, 0.0]).stay(np.array([0.2, 0.2]))
    assert found[0] == pytest.approx(0.2 * 1.08**-3)
    assert found[1] == pytest.approx(0.2 * (1 - 0.1 * 0.5))


def test_pay_outside_and_open_posts_about_worked_by_hand() -> None:
    schools, areas = two()
    schools.phase, schools.leaving = [0, 1], [0.3, 0.1]
    outside = NOWHERE_ELSE + np.log(1.1)
    known = beliefs(ease=0.5)
    here = staffing.Market(
        schools, areas, known.teachers, outside, np.zeros(2), staffing.Usual(), False
    )
    posts = staffing.posts(schools, known.teachers)
    mean = (0.3 * posts[0] + 0.1 * posts[1]) / posts.sum()
    found = here.stay(np.array([0.2, 0.2]))
    assert found == pytest.approx(0.2 * 1.1**1.5 * (np.array([0.3, 0.1]) / mean) ** 0.5)


def test_year_0_keeps_the_leaving_that_is_published() -> None:
    schools, areas = two()
    schools.pay_more = [0.06, 0.0]
    here = market(schools, areas, beliefs())
    here.measuring = True
    found = here.stay(np.array([0.2, 0.1]))
    assert found.mean() == pytest.approx(0.15) and found[0] < 2 * found[1]


def test_what_pay_is_believed_to_return_is_kept_where_teachers_do_less() -> None:
    """A pound acts once: as much as pay keeps, or as it is believed to, never both."""
    schools, areas = two()
    schools.pay_more, schools.eased = 0.01, [0.0, 0.05]
    found = market(schools, areas, beliefs()).stay(np.array([0.2, 0.15]))
    assert found[0] == pytest.approx(0.2 * 1.01**-3)
    assert found[1] == pytest.approx(0.15)


def test_a_better_offer_wins_what_the_other_loses_and_better_teachers() -> None:
    schools, areas = two()
    here = market(schools, areas, beliefs(), [0.08, 0.0])
    found = here.arrive(np.full(2, 0.2), np.full(2, 0.03), np.full(2, 0.4))
    assert schools.drawn[0] > 0 and schools.drawn.sum() == pytest.approx(0, abs=1e-8)
    assert found.vacancy == pytest.approx(-schools.drawn)
    assert found.quality[0] > 0 > found.quality[1]
    assert here.alike.came.sum() == pytest.approx(here.ledger.came.sum())


def test_a_supplement_is_for_listed_schools_or_for_all() -> None:
    schools, _ = two()
    known = beliefs().teachers
    listed = staffing.supplement(schools, Granted(retention_pay_gbp=2000), known)
    assert listed.tolist() == [0.05, 0.0]
    everywhere = Granted(retention_pay_gbp=2000, retention_pay_everywhere=True)
    assert staffing.supplement(schools, everywhere, known).tolist() == [0.05, 0.05]
    schools.vacancy = 0.02
    found = staffing.bought(schools, everywhere, known)["schools.retention_pay_gbp"]
    assert found == pytest.approx(2000 * 1.4 * 50 * 0.98)


def test_what_own_spending_keeps_is_worked_by_hand() -> None:
    schools, _ = two()
    schools.pay_more, schools.trained = [0.02, 0.0], [0.5, 1.0]
    found = staffing.carried(
        schools, np.array([0.001, 0.0]), np.full(2, 0.2), np.ones(2), beliefs().teachers
    )
    by_pay = 0.2 * (1 - 1.02**-3)
    assert found == pytest.approx([by_pay + (0.2 - by_pay) * 0.05, 0.2 * 0.1])


@pytest.mark.parametrize("elasticity", [0.0, 1.0, 3.0, 5.0])
@pytest.mark.parametrize("eased", [0.0, 0.03])
def test_what_own_spending_keeps_is_the_leaving_of_the_market_without_it_less_with_it(
    elasticity: float, eased: float
) -> None:
    schools, areas = two()
    known, outside = beliefs(pay_leaving=elasticity), NOWHERE_ELSE + 0.1
    usual = staffing.Usual(leaving=0.9)
    leaving = np.array([0.2, 0.15])

    def stay(less: float) -> Any:
        schools.eased = less
        here = staffing.Market(
            schools, areas, known.teachers, outside, np.zeros(2), usual, measuring=False
        )
        return here.stay(leaving - less)

    without = stay(0.0)
    schools.pay_more, schools.trained = [0.02, 0.0], [0.5, 1.0]
    more = staffing.unaided(schools, areas, outside, usual, known.teachers)
    kept = staffing.carried(schools, np.full(2, eased), leaving * more, more, known.teachers)
    assert kept == pytest.approx(without - stay(eased))


def test_where_teachers_hear_of_nothing_spending_keeps_what_is_believed_bit_for_bit() -> None:
    schools, areas = two()
    schools.pay_more, schools.trained, schools.area_cost = 0.05, 0.7, [10_000, 11_800]
    known = beliefs(pay_leaving=0.0, cpd_keeps=0.0).teachers
    eased, outside = np.array([0.0123, 0.0]), NOWHERE_ELSE + 0.1
    more = staffing.unaided(schools, areas, outside, staffing.Usual(), known)
    assert (more == 1).all()
    assert (staffing.carried(schools, eased, 0.17 * more, more, known) == eased).all()


def test_a_market_of_as_many_areas_as_england_keeps_regions_and_phases_apart() -> None:
    """Codes of phases are of one byte; numbers of places are not."""
    many = 151
    schools, areas = Schools(2 * many), Areas(many)
    schools.phase = np.repeat([0, 1], many)
    schools.area, schools.area_cost = np.tile(np.arange(many), 2), 10_000
    schools.pupils = schools.paid_pupils = 400
    areas.weight, areas.region = 1, np.arange(many) % 9
    here = market(schools, areas, beliefs())
    assert np.unique(here.ground.place).size == 2 * many == len(here.ground.near)
    near = here.ground.near > 0
    assert not near[:many, many:].any()
    assert (near[:many, :many] == (areas.region[:, None] == areas.region)).all()
