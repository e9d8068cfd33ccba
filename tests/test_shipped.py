"""What comes with the project runs as it stands: scenarios, studies, sets of beliefs, worlds."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.config import compose, compose_all
from sim.study.lists import carried
from tests.processes import ROOT

WORDS = ["world=tiny", "years=1", "draws=0", "replicates=1"]


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / folder).glob("*.yaml"))


@pytest.mark.slow
def test_every_scenario_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each in the smallest of three worlds that can carry its list of areas, if it has one.
    monkeypatch.chdir(tmp_path)
    left = names("scenarios")
    for world in ("tiny", "tenth", "england"):
        words = [f"world={world}", *WORDS[1:]]
        here, _ = carried(compose_all(left, words))
        left = [name for name in left if name not in here]
        results = sim.compare(here, *words)
        assert {"baseline", *here} == set(results["scenario"].values.tolist())
    assert left == []


@pytest.mark.slow
@pytest.mark.parametrize("beliefs", names("conf/beliefs"))
def test_every_set_of_beliefs_runs(
    beliefs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = sim.run("baseline", *WORDS[:2], f"beliefs={beliefs}")
    assert float(one["attainment8_sum"].sum()) > 0


@pytest.mark.parametrize("study", names("conf/study"))
def test_every_study_can_be_planned(
    study: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", study, "--dry-run"]) == 0
    assert f"{study}: " in capsys.readouterr().out


@pytest.mark.parametrize("world", names("conf/world"))
def test_every_world_composes_as_its_file_says(world: str) -> None:
    more = ["world.region=South West"] if world == "region" else []
    assert compose("baseline", [f"world={world}", *more]).world.name == world
