"""Arrays on a real SLURM of one node: nothing lost, whatever is cancelled; refusals without one."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.errors import BadRequest, WorkFailed
from sim.results import Store
from sim.study import slurm
from sim.study.batch import with_threads
from sim.study.cells import digest
from sim.study.claims import Claims
from sim.study.design import cells, from_words
from sim.study.slurm import largest_array
from sim.study.tasks import TASK_SECONDS, chunks
from tests.processes import ROOT, contents, environment
from tests.study.one_node import needs_slurm, one_node

MOST = 4
KILLS = 6
WORDS = ("mine", "scenarios=baseline,flat", "draws=0", "world=tiny", "years=1", "seed=1,2,3")
CELLS = 2 * 4 * 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[dict[str, str]]:
    with one_node(most=MOST + 1) as variables:
        yield variables


def start(folder: Path, cluster: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", *WORDS, "--on", "slurm", *words], cwd=folder,
        env=environment(**cluster), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Content of each cell of the sweep, made by processes of this machine."""
    here = tmp_path_factory.mktemp("here")
    command = [sys.executable, "-m", "sim", "sweep", *WORDS]
    subprocess.run(command, cwd=here, env=environment(), check=True)
    return contents(here)


@needs_slurm
def test_an_array_makes_the_cells_that_one_machine_makes(
    tmp_path: Path, cluster: dict[str, str], undisturbed: dict[str, str]
) -> None:
    out, err = (job := start(tmp_path, cluster, "--slurm", "comment=hello")).communicate(
        timeout=300
    )
    assert job.returncode == 0, err
    assert "SLURM array" in err
    assert f"{CELLS} done, 0 running, 0 failed, 0 missing" in out
    assert contents(tmp_path) == undisturbed
    again = start(tmp_path, cluster)
    _, err = again.communicate(timeout=120)
    assert again.returncode == 0
    assert "SLURM array" not in err, "nothing was left to send"


def test_a_task_asks_for_what_the_pilot_took_unless_the_request_says_otherwise() -> None:
    plain = slurm.asked_of(slurm.Cluster(), 30.0, 10, 2100.0)
    assert (plain["cpus_per_task"], plain["timeout_min"], plain["mem_gb"]) == (1, 17, 2.1)
    assert "slurm_partition" not in plain
    options = slurm.options_of(["account=dfe", "mem=8G", "time=60", "mail-type=END"])
    asked = slurm.asked_of(slurm.Cluster(5, "long", options), 30.0, 10, 1000.0)
    assert asked["slurm_partition"] == "long" and asked["slurm_array_parallelism"] == 5
    assert options.items() <= asked["slurm_additional_parameters"].items()
    assert asked["slurm_additional_parameters"]["requeue"] is True


def test_sbatch_is_given_the_options_of_the_request_and_no_other_value_for_them() -> None:
    made = pytest.importorskip("submitit.slurm.slurm")._make_sbatch_string
    script = made(
        "x", "logs", time=17, mem="2GB",
        additional_parameters=slurm.options_of(["mem=8G", "time=60", "account=dfe"]),
    )  # fmt: skip
    lines = [line for line in script.splitlines() if line.startswith("#SBATCH")]
    for option in ("--mem=8G", "--time=60", "--account=dfe"):
        assert sum(line.startswith(f"#SBATCH {option.split('=')[0]}=") for line in lines) == 1
        assert f"#SBATCH {option}" in lines


@pytest.mark.parametrize("word", ["account", "account=", "array=1-5", "--output=x", "a b=c"])
def test_what_is_no_option_or_is_set_by_the_sweep_is_refused(word: str) -> None:
    with pytest.raises(BadRequest, match="--slurm"):
        slurm.options_of([word])


def tasks_in(state: str, variables: dict[str, str]) -> list[str]:
    ask = ["squeue", "--noheader", "--array", f"--states={state}", "--format=%i"]
    told = subprocess.run(ask, env=variables, capture_output=True, text=True, check=True)
    return told.stdout.split()


@needs_slurm
def test_a_task_that_is_requeued_repeats_no_cell(
    tmp_path: Path, cluster: dict[str, str], undisturbed: dict[str, str]
) -> None:
    job, variables = start(tmp_path, cluster, "replicates=15"), os.environ | cluster
    store = Store(tmp_path / "outputs" / "cells")
    until = time.monotonic() + 120
    while len(store.digests()) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    before = {path: path.stat().st_mtime_ns for path in store.root.glob("*.nc")}
    requeued = tasks_in("running", variables)
    assert requeued, "no task was running"
    subprocess.run(["scontrol", "requeue", ",".join(requeued)], env=variables, check=True)
    for number in requeued:  # SLURM lets a task rest for two minutes; the test does not
        while number not in tasks_in("pending", variables) and time.monotonic() < until:
            time.sleep(0.2)
        now = ["scontrol", "update", f"JobId={number}", "StartTime=now"]
        subprocess.run(now, env=variables, check=True)
    out, err = job.communicate(timeout=400)
    assert job.returncode == 0, err
    assert "90 done, 0 running, 0 failed, 0 missing" in out
    assert undisturbed.items() <= contents(tmp_path).items()
    assert before.items() <= {p: p.stat().st_mtime_ns for p in store.root.glob("*.nc")}.items()
    logs = (tmp_path / "outputs" / "studies" / "mine" / "slurm").glob("*_log.out")
    assert any(path.read_text().count("Starting with JobEnvironment") > 1 for path in logs)


@needs_slurm
def test_a_cancelled_array_is_told_of_and_the_same_command_runs_the_rest(
    tmp_path: Path, cluster: dict[str, str], undisturbed: dict[str, str]
) -> None:
    job = start(tmp_path, cluster)
    store = Store(tmp_path / "outputs" / "cells")
    until = time.monotonic() + 120
    while len(store.digests()) < 3 and time.monotonic() < until:
        time.sleep(0.1)
    subprocess.run(["scancel", "--user", str(os.getuid())], env=os.environ | cluster, check=True)
    _, err = job.communicate(timeout=180)
    kept = contents(tmp_path)
    if job.returncode:  # it may have been done already
        assert job.returncode == 1
        assert "the same command runs the rest" in err
    again = start(tmp_path, cluster)
    out, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert f"{CELLS} done" in out
    assert kept.items() <= contents(tmp_path).items()
    assert contents(tmp_path) == undisturbed


@needs_slurm
def test_an_array_that_is_left_alone_goes_on_and_is_followed_again(
    tmp_path: Path, cluster: dict[str, str], undisturbed: dict[str, str]
) -> None:
    job = start(tmp_path, cluster, "replicates=6")
    logs, until = tmp_path / "outputs" / "studies" / "mine" / "slurm", time.monotonic() + 120
    while not (logs / "array").exists() and time.monotonic() < until:
        time.sleep(0.05)
    job.send_signal(signal.SIGINT)
    _, err = job.communicate(timeout=60)
    assert job.returncode == 130
    assert "goes on" in err and "scancel" in err
    again = start(tmp_path, cluster, "replicates=8")  # wider: what the array lacks comes after it
    out, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert "at work still" in err
    assert "48 cells: 48 done" in out
    assert undisturbed.items() <= contents(tmp_path).items()
    arrays = {path.name.partition("_")[0] for path in logs.glob("*_log.out")}
    assert len(arrays) == 2


def tasks_of(folder: Path) -> list[int]:
    """Processes of tasks of this folder's sweep, that run now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"submitit.core._submit" in words and any(os.fsencode(folder) in w for w in words):
            found.append(int(path.parent.name))
    return found


@needs_slurm
@pytest.mark.kill
def test_killed_tasks_lose_no_cell_and_the_same_command_runs_the_rest(
    tmp_path: Path, cluster: dict[str, str], undisturbed: dict[str, str]
) -> None:
    luck = random.Random(5)
    kept: dict[str, str] = {}
    killed = 0
    for _ in range(KILLS):
        job = start(tmp_path, cluster)
        until = time.monotonic() + 60
        while not tasks_of(tmp_path) and job.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(luck.uniform(0.0, 4.0))
        for pid in tasks_of(tmp_path)[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        job.communicate(timeout=240)
        now = contents(tmp_path)  # raises if a cell is not what its digest says
        assert kept.items() <= now.items()
        kept = now
        if len(now) == CELLS:
            for path in (tmp_path / "outputs" / "cells").iterdir():
                path.unlink()
            kept = {}
    assert killed > 0
    out, err = (job := start(tmp_path, cluster)).communicate(timeout=300)
    assert job.returncode == 0, err
    assert f"{CELLS} done" in out
    assert contents(tmp_path) == undisturbed


# ---- without a cluster -------------------------------------------------------------------------


def test_slurm_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slurm.shutil, "which", lambda name: None)
    with pytest.raises(BadRequest, match=r"no SLURM on this machine.*--on local"):
        slurm._installed()


def test_what_is_missing_is_told_with_a_command_that_works_from_any_folder() -> None:
    told = slurm._how_to_install()
    assert told.startswith(f"cd {ROOT} && python -m pip install") and "constraints.txt" in told


def test_a_refusal_is_told_whole_with_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitit = pytest.importorskip("submitit")
    said = "sbatch: error: unknown host\nsbatch: fatal: no source of configuration\n"

    def refuse(*_: Any, **__: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(submitit.AutoExecutor, "__init__", lambda *_, **__: None)
    monkeypatch.setattr(submitit.AutoExecutor, "update_parameters", lambda *_, **__: None)
    monkeypatch.setattr(submitit.AutoExecutor, "map_array", refuse)
    ledger = SimpleNamespace(
        name="s", folder=tmp_path, store=SimpleNamespace(root=tmp_path / "cells")
    )
    study: Any = SimpleNamespace(ledger=ledger)
    with pytest.raises(WorkFailed, match=r"unknown host; sbatch: fatal.*--share K/N"):
        slurm._send(study, [[[None]]], 1.0, 100.0, slurm.Cluster())  # type: ignore[list-item]


def test_a_pilot_that_fails_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cells(from_words(WORDS[1:], ["baseline"]))
    fails: set[int] = set()

    def work(group: list[Any], root: str) -> list[str]:
        assert [cell.machine.threads for cell in group] == [1]
        return [] if made.index(with_threads(group, made[0].machine.threads)[0]) in fails else ["x"]

    monkeypatch.setattr(slurm, "work", work)
    assert slurm._pilot(made, "") == made[1:]
    fails |= {0, 1}
    assert slurm._pilot(made, "") == made[3:]
    fails |= {2}
    assert slurm._pilot(made, "") == made[slurm.PILOTS :]


def test_a_scheduler_that_is_silent_is_not_taken_for_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def told(status: int, out: str, err: str) -> None:
        answer = SimpleNamespace(returncode=status, stdout=out, stderr=err)
        monkeypatch.setattr(slurm.subprocess, "run", lambda *_, **__: answer)

    told(1, "", "slurm_load_jobs error: Unable to contact slurm controller")
    assert slurm._tasks("7") is None
    told(1, "", "slurm_load_jobs error: Invalid job id specified")
    assert slurm._tasks("7") == []
    told(0, "RUNNING|None\nPENDING|JobHeldUser\n", "")
    assert slurm._tasks("7") == [("RUNNING", "None"), ("PENDING", "JobHeldUser")]


@pytest.mark.parametrize(
    ("said", "most"),
    [("SelectType = x\nMaxArraySize            = 501\n", 500), ("", 1000)],
)
def test_the_largest_array_is_one_below_the_limit(said: str, most: int) -> None:
    assert largest_array(lambda *_, **__: SimpleNamespace(stdout=said)) == most


@pytest.mark.parametrize("seconds", [0.1, 2.0, 40.0, 1000.0])
@pytest.mark.parametrize("most", [1, 7, 1000])
def test_every_group_is_in_one_task_and_tasks_are_few_and_minutes_long(
    seconds: float, most: int
) -> None:
    groups: Any = [[n] * (1 + n % 5) for n in range(300)]
    pieces = chunks(groups, seconds, most)
    assert [group for piece in pieces for group in piece] == groups
    assert len(pieces) <= most
    if most == 1000 and seconds < 100:
        longest = max(sum(map(len, piece)) for piece in pieces) * seconds
        assert longest <= TASK_SECONDS + 5 * seconds


def test_a_task_leaves_a_cell_to_the_driver_that_is_at_it_and_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two arrays, or an array and a driver on the login node, run no cell twice."""
    root, ran = tmp_path / "cells", list[str]()
    root.mkdir()
    group = cells(from_words(["world=tiny", "years=1", "draws=0", "seed=1,2"], ["baseline"]))
    names = [digest(cell) for cell in group]

    def work(some: list[Any], _: str) -> list[str]:
        ran.extend(digest(cell) for cell in some)
        for cell in some:
            (root / f"{digest(cell)}.nc").touch()
        return ran

    def other_ends(_: float) -> None:
        (root / f"{names[0]}.nc").touch()
        other.release([names[0]])

    monkeypatch.setattr(slurm, "work", work)
    monkeypatch.setattr(slurm, "time", SimpleNamespace(sleep=other_ends))
    with Claims(tmp_path) as other:
        assert other.take([names[0]]) == {names[0]}
        assert slurm.run_claimed([[group[0]], [group[1]]], str(root)) == 2
    assert ran == [names[1]]
    assert not (tmp_path / "running").exists(), "no claim is left"


def test_a_task_takes_over_what_a_dead_driver_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cell,) = cells(from_words(["world=tiny", "years=1", "draws=0", "replicates=1"], ["baseline"]))
    claim = tmp_path / "running" / "claims" / digest(cell)
    claim.parent.mkdir(parents=True)
    claim.write_text('{"host": "elsewhere", "pid": 1}')
    os.utime(claim, (1, 1))
    ran: list[int] = []
    monkeypatch.setattr(slurm, "work", lambda some, _: ran.append(len(some)))
    slurm.run_claimed([[cell]], str(tmp_path / "cells"))
    assert ran == [1]
