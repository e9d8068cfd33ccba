"""Local labour markets in a whole world: who works where, who moves, how many posts there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.data.labour_markets import labour_markets
from sim.model import SchoolsModel
from sim.model.work import vacant
from sim.nation import by_grade
from sim.year.recruitment import FIRST_WORK_GRADE

ON = ("world=tenth", "years=1")


@pytest.fixture(scope="module")
def model() -> Iterator[SchoolsModel]:
    """A tenth of England after one year under local labour markets."""
    made = SchoolsModel(compose("baseline", ON))
    made.step()
    yield made
    made.close()


def workers(model: SchoolsModel) -> Iterator[tuple[Any, Any, Any]]:
    """Each cohort with the labour market of everybody's home and who is in work."""
    for grade, people in by_grade(model.after, model.year).items():
        if grade >= FIRST_WORK_GRADE:
            yield people, model.nation.work.places.market[people.area], people.job > 0


def test_every_job_lies_in_a_market_of_its_region(model: SchoolsModel) -> None:
    region = labour_markets().region
    for people, _, busy in workers(model):
        assert (region[people.market[busy]] == people.region[busy]).all()
        assert (people.market[~busy] == -1).all() and (people.region[~busy] == -1).all()


def test_who_moved_works_elsewhere_and_who_left_to_get_on_moved(model: SchoolsModel) -> None:
    """Who works elsewhere without having moved has a way whose cost attachment makes up for."""
    beliefs, demand = model.terms.values.recruitment, model.nation.work.demand
    pull = beliefs.attachment
    most = pull.everybody + pull.low_origin * (1 - beliefs.low_share)
    ways = 0
    for people, home, busy in workers(model):
        away = busy & (people.market != home)
        assert not (people.moved & ~away).any()
        assert not (people.left_to_get_on & ~people.moved).any()
        daily = away & ~people.moved
        km = 100 * demand.distance[home[daily], people.market[daily]]
        assert (beliefs.commute * km / 10 < most + beliefs.distance * km / 100).all()
        ways += int(daily.sum())
    assert ways > 0


def test_markets_of_nobody_have_no_posts_and_none_has_fewer_than_are_held(
    model: SchoolsModel,
) -> None:
    employers, homes = model.after.employers, set(model.nation.work.places.market.tolist())
    nobody = ~np.isin(employers.market, list(homes))
    assert nobody.any() and not employers.posts[nobody].any()
    spare = employers.vacancies - employers.filled
    assert (spare >= 0).all()
    assert vacant(model.after).sum() == spare.sum()


def test_regions_have_as_many_posts_as_where_they_are_one_market(model: SchoolsModel) -> None:
    """Of those per person of a region; nobody is raised elsewhere because jobs are local."""
    alone = SchoolsModel(compose("baseline", (*ON, "switches.local_labour_markets=false")))
    wanted = alone.nation.work.demand.per_leaver
    raised = np.zeros(labour_markets().region.size)
    areas, facts = model.world.areas, model.world.facts
    people = areas.weight * facts.pupils_home_secondary[areas.facts_row]
    np.add.at(raised, model.nation.work.places.market, people)
    posts = raised[:, None] * model.nation.work.demand.per_leaver
    region = labour_markets().region
    heads = np.bincount(region, raised)
    for level in range(3):
        found = np.bincount(region, posts[:, level])
        assert found == pytest.approx(wanted[:, level] * heads)
    alone.close()
