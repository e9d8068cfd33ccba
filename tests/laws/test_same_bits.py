"""One cell is one result: threads, order, company and branching change no bit of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sim import api
from sim.config import Settings, compose, compose_all, scenario_root
from sim.errors import BadRequest
from sim.results import Store, content_digest
from sim.study.cells import digest, prepare, run_group, simulate
from tests.laws import worlds

LISTED = "area_list_eia@policy.targeting.areas=[Blackpool,Hackney]"  # a list that tiny holds
SCENARIOS = ("baseline", "flat", "gap_triggered", LISTED)
EVERY = tuple(sorted(path.stem for path in scenario_root().glob("*.yaml")))
# Grammar schools, and cohorts so large that their choices are worked out in parts.
LARGER = ("world=region", "world.region='South West'", "years=1")


def alone(settings: Settings) -> str:
    """Content digest of a run of its own, past and all."""
    return content_digest(simulate(settings))


def grouped(group: Sequence[Settings], folder: Path) -> dict[str, str]:
    """Content digests of a batch that shares a past, read back from the store."""
    store = Store(folder)
    names = list(run_group(list(group), store))
    assert names == [digest(cell) for cell in group]
    return {
        cell.scenario: str(store.get(name).attrs["content_digest"])
        for cell, name in zip(group, names, strict=True)
    }


@pytest.fixture(scope="module")
def by_itself() -> dict[str, str]:
    return {name: alone(worlds.settings(name)) for name in SCENARIOS}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_branch_from_a_past_is_a_run_of_its_own(name: str, by_itself: dict[str, str]) -> None:
    assert content_digest(worlds.cell(name)) == by_itself[name]


@pytest.mark.parametrize("order", [SCENARIOS, SCENARIOS[::-1], SCENARIOS[2:] + SCENARIOS[:2]])
def test_the_order_of_scenarios_in_a_batch_changes_nothing(
    order: Sequence[str], by_itself: dict[str, str], tmp_path: Path
) -> None:
    assert grouped([worlds.settings(name) for name in order], tmp_path) == by_itself


def test_a_cell_of_a_batch_of_processes_is_the_cell_alone(
    by_itself: dict[str, str], tmp_path: Path
) -> None:
    words = (*worlds.TINY[:2], "machine.threads=2", "draws=0", "replicates=2")
    api.compare(list(SCENARIOS), *words, f"machine.outputs={tmp_path}")
    store = Store(tmp_path / "cells")
    for settings in compose_all(list(SCENARIOS), words):
        kept = store.get(digest(settings))
        assert kept.attrs["content_digest"] == by_itself[settings.scenario]
    assert len(store.digests()) == 2 * len(SCENARIOS)


def test_a_past_is_not_used_up_by_those_who_branch_from_it(by_itself: dict[str, str]) -> None:
    for name in ("flat", "gap_triggered", "flat"):
        mine = worlds.settings(name)
        assert content_digest(simulate(mine, worlds.past(mine))) == by_itself[name]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(worlds.TINY[:2], id="tiny"),
        pytest.param(LARGER, id="region", marks=pytest.mark.slow),
    ],
)
def test_one_two_and_four_threads_give_the_same_bits(words: tuple[str, ...]) -> None:
    found = {
        threads: alone(compose("gap_triggered", (*words, f"machine.threads={threads}")))
        for threads in (1, 2, 4)
    }
    assert len(set(found.values())) == 1, found


def test_another_seed_replicate_or_draw_is_another_result(by_itself: dict[str, str]) -> None:
    others = [
        content_digest(worlds.cell("baseline", "seed=2")),
        content_digest(worlds.cell("baseline", replicate=1)),
    ]
    assert len({by_itself["baseline"], *others}) == 3


@pytest.mark.parametrize("name", EVERY)
def test_every_scenario_composes_and_runs_on_tiny(name: str) -> None:
    found = worlds.cell(name, "years=2")
    assert found.attrs["scenario"] == name
    assert found["year"].values.tolist() == [-3, -2, -1, 0, 1, 2]
    assert (found["ks4_n"].sum(["area", "group"]) > 1000).all()


@pytest.mark.parametrize("areas", ["[Kent,Leeds]", "[Camden]"])
def test_an_area_list_with_no_area_in_the_world_is_refused(areas: str) -> None:
    mine = worlds.settings("area_list_oa", f"policy.targeting.areas={areas}")
    with pytest.raises(BadRequest, match=r"no area of its list lies in world=tiny \(Blackpool"):
        prepare(mine)
    with pytest.raises(BadRequest, match="no school of this world lies in"):
        simulate(mine, worlds.past(mine))


def test_a_refused_area_list_runs_and_writes_nothing(tmp_path: Path) -> None:
    words = (*worlds.TINY, "policy.targeting.areas=[Kent]", f"machine.outputs={tmp_path}/out")
    with pytest.raises(BadRequest, match="no area of its list"):
        api.run("area_list_eia", *words)
    assert not list(tmp_path.iterdir())
