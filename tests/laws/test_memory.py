"""A model that is closed is gone, and fifty runs take no more memory than a few."""

from __future__ import annotations

import gc
import os
import weakref
from pathlib import Path

import pytest

from sim.model import Past, SchoolsModel
from sim.study.cells import simulate
from tests.laws import worlds

RUNS = 50
STATUS = Path("/proc/self/status")


def test_close_lets_the_model_and_its_world_go() -> None:
    model = worlds.model()
    model.step()
    school = next(iter(model.nation.agents.schools))
    world = model.world
    parts = (model, model.nation, world.schools, model.memory, model.recorder, school)
    gone = [weakref.ref(thing) for thing in parts]
    gone += [weakref.ref(cohort) for cohort in world.cohorts.values()]
    model.close()
    del model, parts, school, world
    gc.collect()
    assert [ref() for ref in gone] == [None] * len(gone)


def test_a_run_of_one_cell_leaves_nothing_alive() -> None:
    seen: list[weakref.ref[SchoolsModel]] = []
    original = SchoolsModel.run

    def noted(self: SchoolsModel) -> None:
        seen.append(weakref.ref(self))
        original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SchoolsModel, "run", noted)
        simulate(worlds.settings("baseline", "years=1"))
    gc.collect()
    assert [ref() for ref in seen] == [None]


def test_a_past_outlives_the_model_that_lived_it() -> None:
    model = SchoolsModel(worlds.settings("baseline", "years=1"))
    alive = weakref.ref(model)
    past = model.live_past()
    del model
    gc.collect()
    assert alive() is None
    assert isinstance(past, Past) and len(past.world.schools) > 0


def resident_mb() -> float:
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="needs /proc to see memory")
def test_memory_is_flat_over_fifty_runs() -> None:
    settings = worlds.settings("gap_triggered", "years=1")
    held = []
    for _ in range(RUNS):
        simulate(settings)
        gc.collect()
        held.append(resident_mb())
    # A model of the tiny world holds about 20 MB: one that stayed would show at once.
    early, late = sum(held[5:15]) / 10, sum(held[-10:]) / 10
    assert late - early < 10, held
