"""A study runs what is missing and no more, keeps failures, and knows how far it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.config.identity import identity
from sim.errors import BadRequest, WorkFailed
from sim.record.variables import SCHEMA
from sim.results import Store
from sim.study import cells as cells_of
from sim.study import sweep
from sim.study.cells import code_digest, digest
from sim.study.design import cells, from_words
from sim.study.ledger import LAYOUT, Ledger, Tracker
from sim.study.sweep import Study, grouped, open_study, work
from sim.study.table import from_table
from tests.processes import environment

MONEY = "beliefs.money.return_per_thousand"
WORDS = ("world=tiny", "years=1", "draws=0", "machine.threads=1")
ONCE = "replicates=1"


def study(outputs: Path, *words: str, extend: bool = False) -> Study:
    design = from_words((*WORDS, *words), ["baseline", "flat"])
    return open_study(outputs, "mine", design, extend=extend)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in this process, so that a test sees what is run."""

    def run_groups(groups: Any, store: Store, *, work: Callable[..., Any], **_: Any) -> None:
        for group in groups:
            work(group, str(store.root))

    monkeypatch.setattr(sweep.batch, "run_groups", run_groups)
    monkeypatch.setattr(sweep.batch, "warm_up", lambda: None)


def quick(monkeypatch: pytest.MonkeyPatch, fails: str = "") -> list[str]:
    """Put an empty year in place of the model; returns the names of what is run."""
    ran: list[str] = []
    result = sim.run("baseline", "world=tiny", "years=1", "machine.threads=1")

    class Past:
        def __init__(self, settings: Any):
            self.settings = settings

        def live_past(self) -> Any:
            return self

        def copy(self) -> Any:
            return self

    def simulate(settings: Any, past: Any = None) -> Any:
        ran.append(digest(settings))
        if fails and settings.scenario == fails:
            raise ArithmeticError("no such school")
        attrs = {name: getattr(settings, name) for name in ("scenario", "draw", "replicate")}
        return result.assign_attrs(**attrs)

    monkeypatch.setattr(cells_of, "SchoolsModel", Past)
    monkeypatch.setattr(cells_of, "simulate", simulate)
    return ran


def run(one: Study, *, retry: bool = False) -> None:
    sweep.run_here(one, lambda *_: None, retry=retry)


@pytest.mark.usefixtures("here")
def test_the_same_request_again_has_nothing_to_do_and_a_wider_one_runs_the_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = quick(monkeypatch)
    run(study(tmp_path, "replicates=2"))
    assert len(ran) == len(set(ran)) == 4
    run(study(tmp_path, "replicates=2"))
    assert len(ran) == 4
    run(study(tmp_path, "replicates=3", "scenarios=baseline,flat,pupil_need"))
    assert len(ran) == len(set(ran)) == 9
    run(study(tmp_path, "replicates=2", f"{MONEY}=0.008,0.012", extend=True))
    assert len(ran) == len(set(ran)) == 17
    status = study(tmp_path, "replicates=2", extend=True)
    assert status.ledger.status(status.record).done == 17


@pytest.mark.usefixtures("here")
def test_a_request_seen_before_is_not_composed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quick(monkeypatch)
    run(study(tmp_path, "replicates=2"))
    monkeypatch.setattr(sweep, "cells", lambda *_: pytest.fail("composed again"))
    assert study(tmp_path, "replicates=2").todo() == []


@pytest.mark.usefixtures("here")
def test_a_failed_cell_keeps_its_traceback_and_is_retried_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = quick(monkeypatch, fails="flat")
    one = study(tmp_path, "replicates=2")
    run(one)
    status = one.ledger.status(one.record)
    assert (status.done, status.failed, status.missing, status.running) == (2, 2, 0, 0)
    name = next(iter(one.ledger.tracker.failed()))
    told = one.ledger.tracker.why(name)
    assert told["scenario"] == "flat"
    assert "ArithmeticError: no such school" in told["traceback"]
    run(one)
    assert len(ran) == 4
    ran = quick(monkeypatch)
    run(one, retry=True)
    assert len(ran) == 2
    assert one.ledger.status(one.record).done == 4
    assert not one.ledger.tracker.failed()


@pytest.mark.usefixtures("here")
def test_a_name_with_another_design_offers_to_extend_or_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quick(monkeypatch)
    run(study(tmp_path, "replicates=2"))
    with pytest.raises(BadRequest, match="--extend"):
        study(tmp_path, "replicates=1")
    with pytest.raises(BadRequest, match=r"other settings.*another name"):
        study(tmp_path, "replicates=2", "seed=5")
    with pytest.raises(BadRequest, match="points"):  # no setting at all, and told as that
        study(tmp_path, "replicates=2", "points=8")


@pytest.mark.usefixtures("here")
def test_cells_of_other_code_are_told_and_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quick(monkeypatch)
    run(study(tmp_path, "replicates=2"))
    monkeypatch.setattr(sweep, "code_digest", lambda: "other")
    monkeypatch.setattr(cells_of, "code_digest", lambda: "other")
    one = study(tmp_path, "replicates=2")
    status = one.ledger.status(one.record, one.before)
    assert (status.done, status.missing, status.other_code) == (0, 4, 4)


def test_two_ways_of_asking_for_one_cell_are_one(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"scenario,{MONEY}\nflat,0.01\nflat,0.010\nflat,0.02\n")
    one = open_study(tmp_path, "mine", from_table(path, WORDS))
    assert len(one.record.digests) == len(one.design.rows) == 2


def test_cells_of_a_group_share_everything_but_the_policy(tmp_path: Path) -> None:
    one = study(
        tmp_path, "scenarios=baseline,flat,pupil_need", "replicates=2", f"{MONEY}=0.01,0.012"
    )
    made = cells(one.design)
    groups = grouped(made, largest=2)
    assert sorted(map(len, groups)) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert sorted(digest(c) for g in groups for c in g) == sorted(map(digest, made))
    for group in groups:
        told = [identity(cell) for cell in group]
        for one_cell in told:
            one_cell.pop("policy")
        assert all(one_cell == told[0] for one_cell in told)


# ---- the ledger --------------------------------------------------------------------------------


def test_notes_of_the_dead_are_not_running(tmp_path: Path) -> None:
    tracker = Tracker(tmp_path)
    tracker.begin("mine")
    assert tracker.running() == {"mine"}
    path = tmp_path / "running" / "mine.json"
    note = json.loads(path.read_text())
    path.write_text(json.dumps({**note, "pid": 2**22 + 1}))
    assert not tracker.running()
    assert not path.exists()
    path.write_text(json.dumps({**note, "host": "elsewhere", "since": 0}))
    assert not tracker.running()


def test_the_pace_of_a_study_is_read_from_its_files_while_it_runs(tmp_path: Path) -> None:
    one = study(tmp_path, "replicates=10")
    one.ledger.store.root.mkdir()
    now, names = time.time(), one.record.digests
    for number, name in enumerate(names[:9]):
        path = one.ledger.store.path(name)
        path.touch()
        age = 240 - 30 * number if number else 7200  # one is of another day
        os.utime(path, (now - age, now - age))
    assert one.ledger.status(one.record).per_minute is None, "nobody works"
    Tracker(tmp_path).begin(names[9])
    status = one.ledger.status(one.record)
    assert (status.done, status.running, status.missing) == (9, 1, 10)
    assert status.per_minute == pytest.approx(60 * 8 / 210, rel=0.01)


def test_a_newer_ledger_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "mine")
    ledger.folder.mkdir(parents=True)
    path = ledger.folder / "design.json"
    for newer in ({"layout": LAYOUT + 1}, {"layout": LAYOUT, "schema": SCHEMA + 1}):
        path.write_text(json.dumps(newer))
        with pytest.raises(BadRequest, match="newer release"):
            ledger.read()
    path.write_text("{}")
    with pytest.raises(BadRequest, match="is not the design of a study"):
        ledger.read()


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cells").write_text("mine")
    with pytest.raises(BadRequest, match="is a file"):
        study(tmp_path)


def test_a_worker_loads_neither_charts_nor_optimisers() -> None:
    lines = [
        "import sys, sim.study.sweep",
        "from sim.config import compose",
        "from sim.study.cells import at, simulate",
        f"simulate(at(compose('flat', {list(WORDS)!r}), 0, 0))",
        "heavy = {'matplotlib', 'seaborn', 'scipy.optimize', 'scipy.stats', 'submitit'}",
        "print(sorted(heavy & set(sys.modules)))",
    ]
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# ---- for real ----------------------------------------------------------------------------------


def test_results_carry_the_swept_values_and_equal_single_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = study(tmp_path, ONCE, f"{MONEY}=0.008,0.012")
    one.ledger.write(one.record)
    for group in grouped(cells(one.design)):
        assert work(group, str(one.ledger.store.root)) == [digest(cell) for cell in group]
    found = sim.open_results(tmp_path / "studies" / "mine")
    assert found[MONEY].values.tolist() == [0.008, 0.008, 0.012, 0.012]
    alone = sim.run("flat", "world=tiny", "years=1", f"{MONEY}=0.012")
    mine = found.isel(cell=3)
    np.testing.assert_array_equal(mine["attainment8_sum"], alone["attainment8_sum"])
    assert os.listdir(tmp_path / "running") == []
    assert code_digest() == one.record.code


@pytest.mark.usefixtures("here")
def test_a_disk_that_fills_up_ends_the_sweep_and_keeps_whole_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kept = Store.put

    def put(self: Store, *given: Any) -> Path:
        if len(self.digests()) == 3:
            raise WorkFailed(f"{self.root}: not written: No space left on device.")
        return kept(self, *given)

    quick(monkeypatch)
    monkeypatch.setattr(Store, "put", put)
    one = study(tmp_path, "replicates=3")
    with pytest.raises(WorkFailed, match="No space left"):
        run(one)
    status = one.ledger.status(one.record)
    assert (status.done, status.failed, status.missing) == (3, 0, 3)
    monkeypatch.setattr(Store, "put", kept)
    run(one)
    assert one.ledger.status(one.record).done == 6


@pytest.mark.slow
def test_two_drivers_at_once_end_with_every_cell_once(tmp_path: Path) -> None:
    words = ["scenarios=baseline,flat", "draws=0", "replicates=6", "world=tiny", "years=1"]
    command = [sys.executable, "-m", "sim", "sweep", "mine", *words]
    drivers = [subprocess.Popen(command, cwd=tmp_path, env=environment()) for _ in range(2)]
    assert [driver.wait(timeout=300) for driver in drivers] == [0, 0]
    store = Store(tmp_path / "outputs" / "cells")
    found = [store.get(name) for name in store.digests()]  # each is what its digest says
    labels = [(cell.attrs["scenario"], cell.attrs["replicate"]) for cell in found]
    assert len(labels) == len(set(labels)) == 12
    assert not list((tmp_path / "outputs").rglob(".tmp-*"))
    assert not list((tmp_path / "outputs").glob("running/*"))  # no note is left


def test_a_study_hangs_on_its_files_whatever_else_lies_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / ".#mine.yaml").symlink_to("ana@laptop.1")
    (tmp_path / "mine.yaml").write_text("base: default\nmoney: {return_per_thousand: 0.012}\n")
    design = from_words(["world=tiny", "scenarios=baseline,flat", "beliefs=mine.yaml"], ())
    before = sweep._fingerprint(design)
    assert sweep._fingerprint(design) == before
    (tmp_path / "mine.yaml").write_text("base: default\nmoney: {return_per_thousand: 0.013}\n")
    changed = sweep._fingerprint(design)
    (tmp_path / "scenarios" / "mine.yml").write_text("title: x\n")
    assert len({before, changed, sweep._fingerprint(design)}) == 3
