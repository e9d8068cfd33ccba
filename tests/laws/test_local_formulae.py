"""Where authorities have formulae of their own, the nation's pots and the past stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.model import SchoolsModel, allocation
from sim.study.cells import prepare

WORDS = ["world=tiny", "years=1", "machine.threads=1"]


def first_year(scenario: str, *words: str) -> SchoolsModel:
    """The first policy year, paid and not lived."""
    settings = compose(scenario, [*WORDS, *words])
    model = SchoolsModel(settings, SchoolsModel(settings).live_past())
    allocation.pay_schools(model.nation, model.year)
    return model


def test_all_of_it_mirrored_is_todays_model_and_less_moves_money_between_schools() -> None:
    today, same, local = (
        first_year("baseline"),
        first_year("local_formulae", "beliefs.money.local_mirror=1"),
        first_year("local_formulae"),
    )
    try:
        budgets = [model.world.schools.budget for model in (today, same, local)]
        np.testing.assert_array_equal(budgets[0], budgets[1])
        assert (budgets[0] != budgets[2]).any()
        area = today.world.schools.area
        totals = [np.bincount(area, weights=one.astype(float)) for one in budgets]
        np.testing.assert_array_equal(totals[0], totals[2])
        share = allocation.mirrors(local.nation)
        assert len(np.unique(share)) == len(share) and (share >= 800_000).all()
    finally:
        for model in (today, same, local):
            model.close()


FLAT = ["policy.funding.rule=flat"]
SLOW = ["policy.funding.rule=rates", "policy.funding.transition=3"]


@pytest.mark.parametrize("words", [FLAT, SLOW])
def test_where_it_has_no_meaning_it_is_refused(words: list[str]) -> None:
    settings = compose("baseline", [*WORDS, "policy.funding.local=true", *words])
    with pytest.raises(BadRequest, match=r"policy\.funding\.local has no meaning"):
        prepare(settings)
