"""``sim sweep --share K/N``: one part of a study, for any scheduler."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.results import Store
from sim.study import sweep


def test_shares_on_the_command_line_run_the_whole_study_between_them(
    sim: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[set[str]] = []

    def run_groups(groups: Any, store: Store, **_: Any) -> None:
        names = {sweep.digest(cell) for group in groups for cell in group}
        store.root.mkdir(parents=True, exist_ok=True)
        for name in names:
            store.path(name).touch()
        ran.append(names)

    monkeypatch.setattr(sweep.batch, "run_groups", run_groups)
    monkeypatch.setattr(sweep.batch, "warm_up", lambda: None)
    monkeypatch.setattr(sweep, "restore_records", lambda *_: None)
    words = ["scenarios=baseline,flat", "draws=0", "replicates=3", "world=tiny", "years=1"]
    plan = json.loads(sim("sweep", "mine", *words, "--share", "1/2", "--dry-run", "--json").out)
    assert plan["cells"] == 6 and 0 < plan["to_run"] < 6
    said = sim("sweep", "mine", *words, "--share", "1/2", "--dry-run").out
    assert f"mine: 6 cells, {plan['to_run']} of them in share 1/2\n" in said
    said = sim("sweep", "mine", *words, "--share", "1/2").out
    mine = plan["to_run"]
    others = f"; the other shares: 0 of their {6 - mine}"
    assert f"share 1/2: {mine} of its {mine} cells done{others}\n" in said
    assert "Results so far:" in said and "as another machine" not in said
    for number in (2, 1, 1):
        told = sim("sweep", "mine", *words, "--share", f"{number}/2", "--json")
        assert told.status == 0, told.err
    assert len(ran) == 2 and len(ran[0] | ran[1]) == 6 and not ran[0] & ran[1]
    assert json.loads(sim("sweep", "mine", "--status", "--json").out)["done"] == 6
    said = sim("sweep", "mine", *words, "--share", "1/2", "--dry-run").out
    assert f"6 cells, {mine} of them in share 1/2, {mine} of them kept from before\n" in said


@pytest.mark.parametrize("words", [["--share", "0/3"], ["--share", "1/3", "--on", "slurm"]])
def test_a_share_that_cannot_be_is_refused_before_anything(
    sim: Any, tmp_path: Path, words: list[str]
) -> None:
    done = sim("sweep", "mine", "scenarios=baseline,flat", "world=tiny", *words)
    assert done.status == 2 and "--share" in done.err
    assert not any(tmp_path.iterdir())
