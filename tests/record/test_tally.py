"""What the record says of what children meet."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.nation import Memory
from sim.record.tally import good_schools


def _model(reputation: list[float]) -> Any:
    near = [SimpleNamespace(school=np.array([[0, -1, -1], [1, 0, -1]])) for _ in range(2)]
    world = SimpleNamespace(
        schools=SimpleNamespace(reputation=np.array(reputation)), near=near, small=[0, 1]
    )
    values = SimpleNamespace(assessment=SimpleNamespace(good_school=0.0))
    return SimpleNamespace(world=world, terms=SimpleNamespace(values=values), memory=Memory())


def test_a_school_that_improves_becomes_good_and_one_that_falls_behind_is_good_no_longer() -> None:
    before = good_schools(_model([-0.1, 0.2]))
    after = good_schools(_model([0.1, -0.2]))
    assert before.tolist() == [[False, True]] * 2
    assert after.tolist() == [[True, True]] * 2
    assert good_schools(_model([-0.1, -0.2])).sum() == 0


def test_nothing_of_year_0_holds_which_schools_are_good() -> None:
    assert not hasattr(Memory(), "good")
