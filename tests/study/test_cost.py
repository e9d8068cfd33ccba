"""What a study will take is told from its worlds and from cells that are there."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
import xarray as xr

from sim.config import compose, compose_all
from sim.config.identity import identity
from sim.results import Store
from sim.study import batch
from sim.study.cells import digest
from sim.study.cost import Cost, cost_of, cost_of_comparison, own_memory_mb, span
from sim.study.design import from_words
from sim.study.ends import groups_at_ends
from sim.study.request import Request
from sim.study.sizes import room_mb
from sim.study.sweep import Study, open_study

WORDS = ("draws=0", "scenarios=baseline,flat", "machine.threads=2")


def cost(outputs: Path, *words: str) -> Cost:
    return cost_of(study(outputs, *words))


def study(outputs: Path, *words: str) -> Study:
    return open_study(outputs, "mine", from_words((*WORDS, *words), []))


def test_it_grows_with_the_world_the_years_and_the_cells(tmp_path: Path) -> None:
    south, london = (
        ("world=region", f"world.region={name}", "years=4", "replicates=4")
        for name in ("South West", "London")
    )
    worlds = [("world=tiny", "years=4", "replicates=4"), south, london,
              ("world=england", "years=4", "replicates=4")]  # fmt: skip
    told = [cost(tmp_path, *words) for words in worlds]
    for part in ("seconds", "memory_mb", "disk_mb"):
        values = [getattr(one, part) for one in told]
        assert values == sorted(values)
    assert cost(tmp_path, *london[:2], "years=8", "replicates=4").seconds > told[2].seconds
    assert cost(tmp_path, *london[:3], "replicates=40").seconds > 5 * told[2].seconds


@pytest.mark.parametrize("slower", [0.5, 3.0])
def test_cells_of_the_same_world_say_how_fast_this_machine_is(
    tmp_path: Path, slower: float
) -> None:
    few = ("world=tiny", "years=6", "replicates=20")
    before = cost(tmp_path, *few)
    store = Store(tmp_path / "cells")
    spent = []
    for seed in range(3, 7):
        cell = compose("flat", ("world=tiny", "years=2", f"seed={seed}"))
        seconds = slower * (2 * 0.029 + 0.15 + (0.27 + 6 * 0.029) / 4)
        spent.append(seconds)
        run = {"seconds": seconds, "peak_mb": 777.0}
        empty = xr.Dataset({"a": ("year", np.zeros(1))})
        store.put(digest(cell), {"settings": identity(cell)}, empty, run)
    (tmp_path / "cells" / "bad.nc").write_text("")
    after = cost(tmp_path, *few)
    assert after.measured == len(spent) and before.measured == 0
    assert after.memory_mb == room_mb(777.0)
    ratio = (after.seconds - 4) / (before.seconds - 4)
    assert ratio == pytest.approx(slower, rel=0.1), mean(spent)
    assert cost(tmp_path, "world=tenth", "years=6", "replicates=2").measured == 0


@pytest.mark.parametrize("world", ["tiny", "tenth", "england"])
@pytest.mark.parametrize("threads", [1, 3, 4])
def test_a_job_that_has_the_memory_it_was_told_runs_the_processes_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: str, threads: int
) -> None:
    monkeypatch.setattr(batch, "memory_here", lambda: None)
    asked = (f"world={world}", "years=4", "replicates=40", f"machine.threads={threads}")
    told = cost(tmp_path, *asked)
    assert told.processes == threads
    wanted = re.search(r"(\S+) GB of memory", str(told))
    assert wanted is not None
    monkeypatch.setattr(batch, "memory_here", lambda: float(wanted[1]) * 1e9)
    assert cost(tmp_path, *asked).processes == threads
    assert own_memory_mb(study(tmp_path, *asked)) == told.memory_mb, "as a cluster is asked"


def test_a_comparison_counts_both_ends_and_its_report(tmp_path: Path) -> None:
    words = (f"machine.outputs={tmp_path}", "world=tenth", "years=24", "draws=4", "replicates=2")
    every = compose_all(["baseline", "flat"], words)
    assert cost_of_comparison(Request(every))[0].cells == 2 * 6
    both, whole = cost_of_comparison(Request(every, groups_at_ends(["baseline", "flat"], words)))
    assert whole == both, "no budget, nothing is cut"
    assert both.cells == 2 * 6 + 2 * 2 * 2
    assert "20 cells, about " in str(both) and "GB of memory" in str(both)


def test_a_budget_cuts_what_is_run_last_and_never_what_a_verdict_needs(tmp_path: Path) -> None:
    words = (f"machine.outputs={tmp_path}", "world=tenth", "years=24", "draws=12", "replicates=4")
    every = compose_all(["baseline", "flat"], words)
    ends = groups_at_ends(["baseline", "flat"], words)
    cells = {
        budget: cost_of_comparison(Request(every, ends), budget)[1].cells
        for budget in (1.0, 60.0, 1e9)
    }
    sure = 2 * (1 + 8)
    assert cells[1.0] == sure and cells[1e9] == 2 * (4 + 12) + 2 * 2 * 4
    assert sure <= cells[60.0] < cells[1e9]


def test_a_span_is_told_in_the_unit_that_fits() -> None:
    assert [span(seconds) for seconds in (8, 300, 9000)] == ["8 s", "5 min", "2.5 h"]
