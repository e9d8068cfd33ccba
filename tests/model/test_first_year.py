"""The first year of all: views, the money before it, and people who have left school."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.codes import FIRST_ADULT_GRADE, LAST_ADULT_GRADE
from sim.model import SchoolsModel
from sim.nation import by_grade
from tests.laws import worlds


@pytest.fixture(scope="module")
def model() -> Iterator[SchoolsModel]:
    """A model that has just met its nation."""
    made = SchoolsModel(worlds.settings())
    yield made
    made.close()


def test_it_ends_as_the_first_year_begins(model: SchoolsModel) -> None:
    assert model.policy_year == 1 - model.settings.past


def test_everybody_up_to_30_is_there(model: SchoolsModel) -> None:
    grades = list(by_grade(model.after, model.year))
    assert grades == list(range(FIRST_ADULT_GRADE, LAST_ADULT_GRADE + 1))
    assert model.after.adults[model.year - 29].job.any()


def test_the_past_had_this_years_money_in_every_year(model: SchoolsModel) -> None:
    schools = model.world.schools
    assert schools.budget.sum() > 0
    assert (schools.flow_all == schools.flow_all[:, -1:]).all()


def test_schools_have_views_and_staff(model: SchoolsModel) -> None:
    schools = model.world.schools
    assert schools.habit.std() > 0
    assert (schools.leaving > 0).any() and (schools.novice > 0).any()


def test_no_policy_acts_yet() -> None:
    mine = SchoolsModel(worlds.settings("fair_progression"))
    try:
        assert not mine.after.employers.reform.any()
    finally:
        mine.close()
