"""The record only reads: without it the same children live the same lives."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model import ORDER, SchoolsModel
from sim.model.model import name_of
from tests.laws import worlds


class Silent:
    """A recorder that writes nothing down."""

    def asks_for(self, policy_year: int) -> bool:
        return False

    def record(self, nation: Any, grown: Any) -> None:
        assert grown is None


def tables(model: SchoolsModel) -> dict[str, Any]:
    """Every column of schools, areas, children and adults."""
    world, after = model.world, model.after
    blocks = {"schools": world.schools, "areas": world.areas, "employers": after.employers}
    blocks |= {f"children of {birth}": cohort for birth, cohort in world.cohorts.items()}
    blocks |= {f"adults of {birth}": cohort for birth, cohort in after.adults.items()}
    return {f"{name}: {key}": v for name, one in blocks.items() for key, v in one.data.items()}


def test_without_a_record_the_same_children_live_the_same_lives() -> None:
    models = worlds.model(), worlds.model()
    models[1].nation.recorder = Silent()  # type: ignore[assignment]
    for model in models:
        for _ in range(3):
            model.step()
    with_record, without = (tables(model) for model in models)
    assert with_record.keys() == without.keys()
    for name, values in with_record.items():
        equal_nan = values.dtype.kind == "f"
        assert np.array_equal(values, without[name], equal_nan=equal_nan), name
    for model in models:
        model.close()


def test_every_process_of_the_year_is_timed_by_its_own_name() -> None:
    names = [name_of(process) for process in ORDER]
    assert len(set(names)) == len(names)
    model = worlds.model()
    model.step()
    assert list(model.seconds) == [*names, "turn.turn_year"]
    assert all(len(seconds) == 1 and seconds[0] > 0 for seconds in model.seconds.values())
    model.close()
