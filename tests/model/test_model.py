"""The model: the order of the year, a past to branch from, an end."""

from __future__ import annotations

from sim.model import ORDER, SchoolsModel, turn
from sim.model.model import name_of
from tests.laws import worlds


def test_a_year_is_every_process_once_in_its_order() -> None:
    model = worlds.model()
    seen: list[int] = []
    model.watch = lambda now: seen.append(now.policy_year)
    model.step()
    assert list(model.seconds) == [name_of(process) for process in (*ORDER, turn.turn_year)]
    assert all(len(seconds) == 1 for seconds in model.seconds.values())
    assert seen == [1] and model.policy_year == 2, "it is watched before the year turns"
    model.close()


def test_a_past_ends_with_year_0_and_can_be_branched() -> None:
    past = worlds.past(worlds.settings())
    twin = past.copy()
    twin.world.schools.budget = 0
    assert past.world.schools.budget.any()
    model = SchoolsModel(worlds.settings(), past)
    assert model.policy_year == 1
    model.close()


def test_a_closed_model_holds_no_nation() -> None:
    model = worlds.model()
    model.close()
    assert not hasattr(model, "nation")
