"""Agents: one decision over one row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from sim.codes import JOB_PROFESSIONAL
from sim.config.models import Hiring, Policy, Progression
from sim.model import SchoolsModel
from tests.laws import worlds


@pytest.fixture
def model() -> Iterator[SchoolsModel]:
    made = worlds.model()
    yield made
    made.close()


def test_there_is_an_agent_for_every_row_that_decides(model: SchoolsModel) -> None:
    agents, nation = model.nation.agents, model.nation
    tables = nation.world.areas, nation.world.schools, nation.after.universities
    for kind, table in zip(agents, (*tables, nation.after.employers), strict=True):
        assert sorted(agent.row for agent in kind) == list(range(len(table)))


def test_a_school_spends_no_more_than_its_margin_and_nothing_without_one(
    model: SchoolsModel,
) -> None:
    model.step()
    choices = model.nation.made.choices
    for school in model.nation.agents.schools:
        spend = school.plan()
        assert 0 <= sum(spend) <= max(choices.margin[school.row], 0)


def test_an_area_offers_a_place_to_every_child_that_applies(model: SchoolsModel) -> None:
    model.step()
    schools, made = model.world.schools, model.nation.made
    for area in model.nation.agents.areas:
        area.offer_places()
        for phase, rows in enumerate(area.schools):
            assert schools.seats[rows].sum() >= made.applicants[phase][area.row]


def test_a_university_where_nobody_applied_keeps_its_places(model: SchoolsModel) -> None:
    one = next(iter(model.nation.agents.universities))
    was = float(one.places)
    one.offer(0)
    assert one.places == was


def test_only_employers_of_professionals_take_up_how_to_select(model: SchoolsModel) -> None:
    asked = Policy(
        hiring=Hiring(contextual_adoption=1, blind_sift_adoption=1),
        progression=Progression(reform_adoption=1),
    )
    model.nation.agents.employers.do("adopt", asked, 1.0)
    table = model.after.employers
    top = table.level == JOB_PROFESSIONAL
    assert (table.reform == 1).all()
    assert (table.blind[top] == 1).all() and not np.any(table.blind[~top])
