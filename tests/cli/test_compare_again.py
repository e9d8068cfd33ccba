"""``sim compare --from``: where the new report goes, and how much of it was run now."""

from __future__ import annotations

import json
from typing import Any

import pytest


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
