"""Workers: nothing of the caller's runs in them, and however one ends, it is told as it was."""

from __future__ import annotations

import importlib.metadata
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.errors import BadRequest, WorkFailed
from sim.study import workers
from sim.study.workers import Ended, Workers
from tests.processes import ROOT, environment, of_session

HOSTILE = ("sim", "numpy", "json", "pickle", "numba", "site", "sitecustomize", "bottleneck")
SAME = "import sim; sim.compare(['baseline', 'flat'], *{words!r})"
WORDS = ("world=tiny", "years=1", "draws=0", "replicates=1")


TASKS = '''
import importlib.util

class Awkward(Exception):
    """Cannot be made again from its pickle."""

    def __init__(self, one, two):
        super().__init__(f"{one} {two}")

def awkward():
    raise Awkward("two", "words")

def raised(error):
    raise error

def origin(name):
    found = importlib.util.find_spec(name)
    return "" if found is None else str(found.origin)
'''


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A module that workers find, which they do not find these tests."""
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "tasks_for_workers.py").write_text(TASKS)
    sys.path.append(str(folder))
    import tasks_for_workers  # type: ignore[import-not-found]

    yield tasks_for_workers
    sys.path.remove(str(folder))


@pytest.fixture
def one() -> Iterator[Workers]:
    with Workers(1) as crew:
        yield crew


def outcome(crew: Workers, work: Any, *given: Any, seconds: float = 60) -> Any:
    """Hand out one task and wait for what it gives."""
    crew.hand(7, work, *given)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for ended in crew.ended(0.2):
            assert ended.number == 7
            return ended.result
    raise AssertionError("nothing came back")


def test_a_task_comes_back_with_its_number_and_processor_time(one: Workers) -> None:
    one.hand(3, sum, range(3_000_000))
    (ended,) = _wait(one)
    assert (ended.number, ended.result) == (3, sum(range(3_000_000)))
    assert 0 < ended.seconds < 60
    assert one.free == 1


def test_a_worker_is_started_once_and_kept(one: Workers) -> None:
    assert len({outcome(one, os.getpid) for _ in range(3)}) == 1


def test_no_more_work_than_workers() -> None:
    with Workers(2) as crew:
        crew.hand(0, time.sleep, 0.1)
        assert crew.free == 1
        crew.hand(1, time.sleep, 0.1)
        assert crew.free == 0
        found = [*_wait(crew), *_wait(crew)] if len(first := _wait(crew)) < 2 else first
        assert {ended.number for ended in [*first, *found]} == {0, 1}


def _wait(crew: Workers) -> list[Ended]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := crew.ended(0.2):
            return found
        if not crew.running:
            return []
    raise AssertionError("nothing came back")


def test_a_large_task_and_a_large_answer_pass_whole(one: Workers) -> None:
    large = os.urandom(3_000_000)
    assert outcome(one, bytes, large) == large


@pytest.mark.parametrize("error", [BadRequest("no such key"), WorkFailed("a penny is gone")])
def test_errors_of_ours_come_back_as_they_are(one: Workers, tasks: Any, error: Exception) -> None:
    one.hand(0, tasks.raised, error)
    with pytest.raises(type(error), match=str(error)) as told:
        _wait(one)
    assert told.value.exit_status == error.exit_status  # type: ignore[attr-defined]
    assert "In a worker process" in "".join(told.value.__notes__)


def test_any_other_error_keeps_its_type_and_message(one: Workers) -> None:
    one.hand(0, int, "seven")
    with pytest.raises(ValueError, match=r"invalid literal for int.*'seven'"):
        _wait(one)
    assert outcome(one, int, "7") == 7  # and its worker goes on


def test_an_error_that_cannot_be_sent_is_told_in_words(one: Workers, tasks: Any) -> None:
    one.hand(0, tasks.awkward)
    with pytest.raises(WorkFailed, match="Awkward: two words"):
        _wait(one)


def test_a_task_that_a_worker_cannot_import_is_an_error(one: Workers) -> None:
    one.hand(0, hostile, Path())
    with pytest.raises(ModuleNotFoundError, match="tests"):
        _wait(one)


def test_a_wish_to_leave_is_an_error_not_an_end(one: Workers) -> None:
    one.hand(0, sys.exit, 3)
    with pytest.raises(WorkFailed, match="SystemExit: 3"):
        _wait(one)


def test_an_answer_that_cannot_be_sent_is_an_error(one: Workers) -> None:
    one.hand(0, open, os.devnull)
    with pytest.raises(TypeError, match="pickle"):
        _wait(one)


@pytest.mark.parametrize(
    ("work", "given", "told"),
    [
        (os._exit, (3,), "ended with exit status 3"),
        (os.kill, (0, signal.SIGKILL), r"ended by signal 9 \(SIGKILL\).*which it was is not known"),
        (os.kill, (0, signal.SIGSEGV), r"ended by signal 11 \(SIGSEGV\)"),
        (os.execvp, ("sh", ["sh", "-c", "echo no disk left >&2; exit 4"]),
         r"ended with exit status 4\. Its last words:.*no disk left"),
    ],
)  # fmt: skip
def test_how_a_worker_ended_is_told_and_no_cause_is_guessed(
    one: Workers, work: Any, given: tuple[Any, ...], told: str
) -> None:
    if work is os.kill:
        given = (outcome(one, os.getpid), given[1])
    one.hand(0, work, *given)
    with pytest.raises(WorkFailed, match="(?s)A worker process died at work: it (was )?" + told):
        _wait(one)


def test_a_worker_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import multiprocessing.spawn as spawn

    monkeypatch.setattr(spawn, "get_executable", lambda: "/no/such/python")
    with Workers(1) as crew, pytest.raises(WorkFailed, match="cannot be started"):
        crew.hand(0, os.getpid)
    monkeypatch.setattr(spawn, "get_executable", lambda: "/bin/false")
    with Workers(1) as crew, pytest.raises(WorkFailed, match="while it was starting"):
        crew.hand(0, os.getpid)
        _wait(crew)
    monkeypatch.undo()
    monkeypatch.setattr(workers, "PACKAGE", Path("/no/such/package"))
    with Workers(1) as crew, pytest.raises(WorkFailed, match=r"(?s)while it was starting.*No such"):
        crew.hand(0, os.getpid)
        _wait(crew)


def test_a_worker_that_does_not_start_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import multiprocessing.spawn as spawn

    asleep = tmp_path / "asleep"
    asleep.write_text("#!/bin/sh\necho still here >&2\nexec sleep 60\n")
    asleep.chmod(0o755)
    monkeypatch.setattr(spawn, "get_executable", lambda: str(asleep))
    monkeypatch.setattr(workers, "START_SECONDS", 0.5)
    with Workers(1) as crew, pytest.raises(WorkFailed, match=r"(?s)did not start.*still here"):
        crew.hand(0, os.getpid, *[b"x" * 1_000_000])
        _wait(crew)


def hostile(folder: Path) -> Path:
    """Fill a folder with modules that say so when somebody imports them."""
    for name in HOSTILE:
        (folder / f"{name}.py").write_text(f"print('HOSTILE {name}'); raise SystemExit(9)\n")
    for name in ("sim", "scipy"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(f"raise SystemExit('HOSTILE {name}')\n")
    return folder


@pytest.mark.parametrize("entry", ["", ".", "here"])
def test_a_worker_imports_nothing_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tasks: Any, entry: str
) -> None:
    monkeypatch.chdir(hostile(tmp_path))
    monkeypatch.setattr(sys, "path", [entry.replace("here", str(tmp_path)), *sys.path])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([entry, str(ROOT)]))
    with Workers(1) as crew:
        for name in HOSTILE:
            origin = outcome(crew, tasks.origin, name)
            assert not origin.startswith(str(tmp_path)), origin
        assert outcome(crew, os.getcwd) == str(tmp_path)  # outputs and scenarios lie here


def test_folders_that_are_named_are_looked_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, work = tmp_path / "own", tmp_path / "work"
    own.mkdir()
    work.mkdir()
    (own / "my_rules.py").write_text("def seven():\n    return 7\n")
    monkeypatch.chdir(work)
    monkeypatch.setattr(sys, "path", [*sys.path, str(own)])
    import my_rules  # type: ignore[import-not-found]

    with Workers(1) as crew:
        assert outcome(crew, my_rules.seven) == 7
        found = outcome(crew, importlib.metadata.version, "numpy")
        assert found == importlib.metadata.version("numpy")


def test_only_the_folder_that_python_put_there_for_the_script_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    script = own / "script.py"
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(script), raising=False)
    monkeypatch.setattr(sys, "path", [str(own), *sys.path])
    assert str(own) not in workers._path()
    monkeypatch.setattr(sys, "path", [*sys.path, str(own)])
    assert workers._path()[-1] == str(own), "a second one somebody named"


def python(
    folder: Path, *words: str, given: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=folder, input=given, text=True, capture_output=True,
        env=environment(**env), timeout=300,
    )  # fmt: skip


def cells(folder: Path) -> int:
    return len(list((folder / "outputs" / "cells").glob("*.nc")))


@pytest.mark.parametrize(
    "how",
    ["script", "stdin", "thread",
     *(pytest.param(how, marks=pytest.mark.slow) for how in ("command", "exec", "interactive"))],
)  # fmt: skip
def test_a_comparison_runs_from_anywhere_and_no_script_is_run_twice(
    tmp_path: Path, how: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    hostile(work)
    text = f"print('once', flush=True)\n{SAME.format(words=WORDS)}\nprint('end')\n"
    (tmp_path / "mine.py").write_text(text)
    (tmp_path / "indirect.py").write_text(
        "import types, sys\nmodule = types.ModuleType('__main__')\nsys.modules['__main__'] = module"
        f"\nexec({text!r}, module.__dict__)\n"
    )
    (tmp_path / "beside.py").write_text(
        f"import threading\none = threading.Thread(target=exec, args=({text!r}, {{}}))\n"
        "one.start()\none.join()\n"
    )
    done = {
        "script": lambda: python(work, str(tmp_path / "mine.py")),
        "stdin": lambda: python(work, "-P", "-", given=text),
        "command": lambda: python(work, "-P", "-c", text),
        "exec": lambda: python(work, str(tmp_path / "indirect.py")),
        "thread": lambda: python(work, str(tmp_path / "beside.py")),
        "interactive": lambda: python(work, "-P", "-i", "-q", given=text),
    }[how]()
    assert done.returncode == 0, done.stderr
    assert "HOSTILE" not in done.stdout + done.stderr
    assert (done.stdout.count("once"), done.stdout.count("end")) == (1, 1)
    assert cells(work) == 2


def test_neither_short_temporary_names_nor_anything_shared_is_needed(tmp_path: Path) -> None:
    """No semaphore, no shared memory, no socket: there may be no /dev/shm."""
    long = tmp_path / ("t" * 120) / ("u" * 120)
    long.mkdir(parents=True)
    text = "import multiprocessing.synchronize as s\ns.Lock = s.SemLock = None\n"
    more = "import sys\nassert not {'_multiprocessing', '_posixshmem'} & {*sys.modules} - before\n"
    done = python(
        tmp_path, "-P", "-c",
        f"import sys\n{text}before = {{*sys.modules}}\n{SAME.format(words=WORDS)}\n{more}",
        TMPDIR=str(long),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert cells(tmp_path) == 2


@pytest.mark.kill
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("seconds", [1.2, 2.5, 6.0])
def test_however_a_driver_ends_nothing_is_left_and_nothing_is_said_of_it(
    tmp_path: Path, how: signal.Signals, seconds: float
) -> None:
    text = textwrap.dedent(
        f"""
        import sys
        from sim.cli import main
        sys.exit(main(["compare", "baseline", "flat", *{WORDS!r}, "years=40"]))
        """
    )
    driver = subprocess.Popen(
        [sys.executable, "-c", text], cwd=tmp_path, env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's & ignores it
    )  # fmt: skip
    time.sleep(seconds)
    os.killpg(driver.pid, how) if how == signal.SIGINT else os.kill(driver.pid, how)
    _, said = driver.communicate(timeout=60)
    end = time.monotonic() + 20
    while of_session(driver.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not of_session(driver.pid)
    assert "Traceback" not in said and "semaphore" not in said, said
    if how == signal.SIGINT:
        assert driver.returncode == 130 and said.count("sim: stopped") == 1


@pytest.mark.kill
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_scheduler_that_ends_a_run_is_told_that_whole_results_are_kept(tmp_path: Path) -> None:
    driver = subprocess.Popen(
        [sys.executable, "-m", "sim", "compare", "baseline", "flat", *WORDS, "years=40"],
        cwd=tmp_path, env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(3)
    driver.terminate()
    _, said = driver.communicate(timeout=60)
    assert driver.returncode == 143
    assert said.count("sim: stopped. Whole results are kept") == 1 and "Traceback" not in said
    end = time.monotonic() + 20
    while of_session(driver.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not of_session(driver.pid)
