"""Studies of the package and those that were run here are listed with their status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.cli import main
from sim.results import Asked, write_index
from sim.study.design import from_words
from sim.study.known import studies
from sim.study.study_file import known_studies
from sim.study.sweep import open_study

WORDS = ("world=tiny", "years=1", "draws=0", "replicates=1", "scenarios=baseline,flat")


def test_an_empty_folder_has_the_studies_of_the_package(tmp_path: Path) -> None:
    found = studies(tmp_path)
    assert [one["name"] for one in found] == known_studies()
    assert all(one["title"] and one["cells"] > 1 for one in found)
    assert {one["status"] for one in found} == {"not run here"}


def test_what_was_run_here_is_there_with_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs"
    one = open_study(outputs, "mine", from_words((*WORDS, "seed=1,2"), []))
    one.ledger.write(one.record)
    (outputs / "cells").mkdir()
    (outputs / "cells" / f"{one.record.digests[0]}.nc").write_text("")
    (outputs / "failed").mkdir()
    (outputs / "failed" / f"{one.record.digests[1]}.json").write_text("{}")
    rows = [Asked(one.record.digests[0], "flat")]
    write_index(outputs / "studies" / "first", rows, outputs / "cells")
    (outputs / "studies" / "broken").mkdir()
    (outputs / "studies" / "broken" / "design.json").write_text("[]")
    (outputs / "studies" / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["list", "studies", "--json"]) == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(found) == {*known_studies(), "mine", "first", "broken"}
    assert found["mine"]["status"] == "1 of 4 done, 1 failed"
    assert found["mine"]["title"] == "baseline, flat over seed"
    assert (found["first"]["status"], found["first"]["cells"]) == ("done", 1)
    assert "cannot be read" in found["broken"]["status"]
    assert main(["list", "studies"]) == 0
    assert "1 of 4 done, 1 failed" in capsys.readouterr().out
    assert main(["list", "mine"]) == 0
    assert "mine (study)" in capsys.readouterr().out
