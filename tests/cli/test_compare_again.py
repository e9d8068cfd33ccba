"""``sim compare --from``: where the new report goes, and how much of it was run now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.config import compose_all
from sim.study.request import Request


def test_a_record_run_again_says_where_the_new_report_goes(
    sim: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.api.replay", lambda *_, **__: (None, ()))
    monkeypatch.setattr("sim.cli.compare._cells", lambda _: 4)
    monkeypatch.setattr("sim.show.terminal.print_comparison", lambda *_: None)
    done = sim("compare", "--from", "outputs/reports/first/record.json")
    assert "the new report goes into outputs/reports/first-again\n" in done.err
    assert "Report: outputs/reports/first-again/index.html\n" in done.out
    assert "Run again from outputs/reports/first/record.json; the new report is called" in done.out


@pytest.mark.parametrize(("kept", "said"), [(36, "none run now. Kept cells prove"), (0, "36 run")])
def test_a_record_run_again_says_how_many_cells_that_proves(
    sim: Any, monkeypatch: pytest.MonkeyPatch, kept: int, said: str
) -> None:
    def replay(*_: object, watch: Any, **__: object) -> tuple[None, tuple[str, ...]]:
        watch(kept, 36, None, None)
        watch(36, 36, 0.0, None)
        return None, ()

    monkeypatch.setattr("sim.api.replay", replay)
    monkeypatch.setattr("sim.cli.compare._cells", lambda _: 36)
    monkeypatch.setattr("sim.cli.compare._rows", lambda _: [])
    monkeypatch.setattr("sim.cli.compare._place_rows", lambda _: {})
    monkeypatch.setattr("sim.show.terminal.print_comparison", lambda *_: None)
    last = sim("compare", "--from", "outputs/reports/first/record.json").out.splitlines()[-1]
    assert last.startswith(f"{kept} cells kept from before, {said}")
    assert ("empty folder, or with machine.outputs=FOLDER" in last) == (kept > 0)
    told = json.loads(sim("compare", "--from", "outputs/reports/first/record.json", "--json").out)
    assert (told["kept"], told["ran"]) == (kept, 36 - kept)


def test_a_record_says_what_running_it_again_would_take(
    sim: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = compose_all(["baseline", "flat"], ["world=tiny", "years=15"])
    monkeypatch.setattr("sim.api.recorded", lambda *_: ({}, Request(every)))
    words = ("compare", "--from", "outputs/reports/first/record.json", "--dry-run")
    said = sim(*words).out
    assert said.startswith("24 cells: 2 policies x (4 replicates under the central beliefs + 8 ")
    assert "\nTo run: 24 cells, about " in said and "--budget" not in said
    told = json.loads(sim(*words, "--json").out)
    assert told["cells"] == told["in_budget"] == 24 and told["budget"] is None
    assert not Path("outputs").exists()
