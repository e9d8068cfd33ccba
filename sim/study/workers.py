"""Processes that run cells beside each other, and know nothing of the program that asks.

A worker is this package started by its path in a Python of its own. It imports nothing from the
working folder and never runs the caller's script, so a script needs no guard, and a notebook or
standard input will do. Workers end with their driver, however that ends; a worker that ends before
its time is told of by what is known, which is seldom why.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from sim import kernel
from sim.cache import LENT, PACKAGE, not_kept
from sim.errors import WorkFailed
from sim.study.worker import LENGTH

__all__ = ["Ended", "Workers"]

START_SECONDS = 300.0
"""How long a worker may take to start; imports from a slow disk take a minute."""
WORDS_KEPT = 8
CHUNK = 1 << 16


@dataclass(frozen=True)
class Ended:
    """A task that is done: its number, what it gave, and processor seconds it took."""

    number: int
    result: Any
    seconds: float


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    started: float
    task: int | None = None
    ready: bool = False
    waits: bytes = b""  # a task for when it is ready: a pipe would not hold all of it until then
    held: bytearray = field(default_factory=bytearray)
    words: deque[str] = field(default_factory=lambda: deque(maxlen=WORDS_KEPT))

    @property
    def asks(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    @property
    def answers(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def says(self) -> IO[bytes]:
        assert self.process.stderr is not None
        return self.process.stderr


class Workers:
    """A few worker processes; use as a context manager, which ends them.

    Args:
        most: How many may work at a time. Each is started when there is a task for it.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._all: list[_Worker] = []
        self._look = selectors.DefaultSelector()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def running(self) -> dict[int, int]:
        """Number of each task at work, with the id of its process."""
        return {w.task: w.process.pid for w in self._all if w.task is not None}

    @property
    def free(self) -> int:
        """How many more tasks can be handed out now."""
        return self.most - len(self.running)

    def hand(self, number: int, work: Callable[..., object], *given: object) -> None:
        """Give a task to a worker that has none; ``work`` is a function of an importable module.

        Raises:
            WorkFailed: A worker could not be started, or has ended.
        """
        idle = [worker for worker in self._all if worker.task is None]
        worker = idle[0] if idle else self._start()
        worker.task = number
        body = _framed((work, given))
        if worker.ready:
            self._send(worker, body)
        else:
            worker.waits = body

    def ended(self, seconds: float) -> list[Ended]:
        """Wait for tasks to end, at most so long, and return those that did.

        Raises:
            WorkFailed: A worker ended before its time or cannot start.
            Exception: What a task raised; with a note of where.
        """
        found: list[Ended] = []
        for key, _ in self._look.select(seconds):
            worker, stream = key.data
            if stream == "says":
                self._hear(worker)
            else:
                found += self._take(worker)
        late = time.monotonic() - START_SECONDS
        for worker in self._all:
            if not worker.ready and worker.started < late:
                raise WorkFailed(
                    f"A worker process ({sys.executable}) did not start within "
                    f"{START_SECONDS:.0f} s.{_last(worker)} Nothing is lost; run it again."
                )
        return found

    def close(self) -> None:
        """End all workers, at work or not."""
        for worker in self._all:
            worker.process.kill() if worker.task is not None else _close(worker.asks)
        for worker in self._all:
            try:
                worker.process.wait(1.0)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            for stream in (worker.asks, worker.answers, worker.says):
                _close(stream)
        self._all.clear()
        self._look.close()

    def _start(self) -> _Worker:
        with _no_interrupt():
            worker = _Worker(_process(), time.monotonic())
            self._all.append(worker)
        self._look.register(worker.answers, selectors.EVENT_READ, (worker, "answers"))
        self._look.register(worker.says, selectors.EVENT_READ, (worker, "says"))
        first = {"package": str(PACKAGE), "path": _path()}
        lent = {LENT: str(kernel.CACHE_FOLDER)} if not_kept(kernel.CACHE_FOLDER) else {}
        self._send(worker, _framed({**first, "environment": lent}))
        return worker

    def _send(self, worker: _Worker, body: bytes) -> None:
        try:
            worker.asks.write(body)
            worker.asks.flush()
        except (BrokenPipeError, ValueError):
            raise self._died(worker) from None

    def _take(self, worker: _Worker) -> Iterator[Ended]:
        """Read what a worker answers; yield its task once the answer is whole."""
        part = os.read(worker.answers.fileno(), CHUNK)
        if not part:
            raise self._died(worker)
        worker.held += part
        while len(worker.held) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(worker.held)[0]
            if len(worker.held) < end:
                return
            kind, content = pickle.loads(bytes(worker.held[LENGTH.size : end]))
            del worker.held[:end]
            if kind == "ready":
                worker.ready, body, worker.waits = True, worker.waits, b""
                self._send(worker, body)
                continue
            number, worker.task = worker.task, None
            if kind == "failed":
                raise _as_raised(content)
            assert number is not None
            yield Ended(number, *content)

    def _hear(self, worker: _Worker) -> None:
        """Keep the last lines of what a worker says, and pass all of it to the log."""
        part = os.read(worker.says.fileno(), CHUNK)
        if not part:
            self._look.unregister(worker.says)
            return
        _note(worker, part)

    def _died(self, worker: _Worker) -> WorkFailed:
        """Say what is known of a worker that has ended."""
        try:
            status = worker.process.wait(5.0)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            status = worker.process.wait()
        os.set_blocking(worker.says.fileno(), False)
        with contextlib.suppress(OSError):
            while part := os.read(worker.says.fileno(), CHUNK):
                _note(worker, part)
        when = "at work" if worker.ready else "while it was starting"
        return WorkFailed(
            f"A worker process died {when}: {_how(status)}.{_last(worker)}\nFinished cells are "
            f"kept; run it again to go on from there."
        )


def _process() -> subprocess.Popen[bytes]:
    """Start a Python that knows neither the working folder nor the script of this one."""
    from multiprocessing.spawn import get_executable

    program = get_executable() or sys.executable or "python3"
    flags: list[str] = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    command = [os.fsdecode(program), *flags, "-P", str(Path(__file__).with_name("worker.py"))]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
    except OSError as error:
        raise WorkFailed(
            f"A worker process cannot be started ({command[0]}: {error.strerror or error})."
        ) from error


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back while a worker starts: a new process inherits that until it takes over."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _environment() -> dict[str, str]:
    """Return the variables of this process, without folders to import from that are not named.

    An empty entry of PYTHONPATH and one such as ``.`` mean the working folder.
    """
    kept = dict(os.environ)
    told = kept.pop("PYTHONPATH", "").split(os.pathsep)
    folders = [folder for folder in told if os.path.isabs(folder) and not _is_here(folder)]
    if folders:
        kept["PYTHONPATH"] = os.pathsep.join(folders)
    return kept


def _path() -> list[str]:
    """Return where this process looks for modules, without working folder and script's folder.

    Folders of installed packages stay, even if one of them is the working folder.
    """
    import site
    import sysconfig

    own = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    own |= {*site.getsitepackages(), site.getusersitepackages()}
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    folder = os.path.realpath(os.path.dirname(os.path.abspath(script))) if script else None
    kept = []
    for entry in map(str, sys.path):
        if entry not in own and (not os.path.isabs(entry) or _is_here(entry)):
            continue
        if entry not in own and os.path.realpath(entry) == folder:
            folder = None  # Python put it there; a second one somebody named
            continue
        kept.append(entry)
    return kept


def _is_here(folder: str) -> bool:
    try:
        return os.path.samefile(folder, os.curdir)
    except OSError:
        return False


def _note(worker: _Worker, part: bytes) -> None:
    import logging

    for line in part.decode(errors="replace").splitlines():
        if line.strip():
            worker.words.append(line.rstrip())
            logging.getLogger("sim").info("worker %d: %s", worker.process.pid, line.rstrip())


def _how(status: int) -> str:
    """Say how a process ended.

    >>> _how(3)
    'it ended with exit status 3'
    >>> _how(-9)[:34]
    'it was ended by signal 9 (SIGKILL)'
    """
    if status >= 0:
        return f"it ended with exit status {status}"
    try:
        name = f" ({signal.Signals(-status).name})"
    except ValueError:
        name = ""
    told = f"it was ended by signal {-status}{name}"
    if status == -signal.SIGKILL:
        told += (
            ", which a system sends when memory runs out (machine.threads=1 then needs less), and "
            "anybody may send; which it was is not known"
        )
    return told


def _last(worker: _Worker) -> str:
    return f" Its last words:\n  {chr(10).join(worker.words)}" if worker.words else ""


def _as_raised(content: tuple[bytes | None, str, str]) -> Exception:
    """Return the error that a task raised, as near to it as can be."""
    body, told, trace = content
    error: Exception | None = None
    if body is not None:
        with contextlib.suppress(Exception):
            error = pickle.loads(body)
    error = error or WorkFailed(f"A worker failed: {told}")
    error.add_note(f"In a worker process:\n{trace}")
    return error


def _framed(content: object) -> bytes:
    body = pickle.dumps(content)
    return LENGTH.pack(len(body)) + body


def _close(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):
        stream.close()
