"""What a worker process runs: this file, by its path, with nothing of the caller's.

`sim.study.workers` starts it and speaks to it in frames: eight bytes of length, then a pickle. The
first frame says where Python looks for modules and where the package lies; each one after it is a
task, answered by one frame. The process ends when nobody is left to ask it.

Until the package is loaded only the standard library may be imported here.
"""

from __future__ import annotations

import importlib.util
import os
import pickle
import queue
import select
import signal
import struct
import sys
import threading
import time
import traceback
from types import ModuleType
from typing import Any

__all__ = ["LENGTH", "found", "main"]

LENGTH = struct.Struct(">Q")
LOOK_SECONDS = 1.0


def main() -> None:
    """Answer tasks from standard input until it is closed or the driver is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    asks, answers = os.dup(0), os.dup(1)
    # What a plug-in prints must not get between frames, nor may it wait for a keyboard.
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    first = _frame(asks)
    if first is None:
        return
    os.environ.update(first["environment"])
    load_package(first["package"], first["path"])
    _answer(answers, ("ready", None))
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asks, os.getppid(), tasks), daemon=True).start()
    while True:
        _answer(answers, _done(tasks.get()))


def load_package(package: str, path: list[str]) -> ModuleType:
    """Make ``sim`` the package at this path, whatever else has its name.

    Args:
        package: Folder of the package.
        path: Where modules are looked for, in order.
    """
    sys.path[:] = path
    if "sim" in sys.modules:
        return sys.modules["sim"]
    spec = importlib.util.spec_from_file_location(
        "sim", os.path.join(package, "__init__.py"), submodule_search_locations=[package]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{package}: is not a Python package")
    module = importlib.util.module_from_spec(spec)
    sys.modules["sim"] = module
    spec.loader.exec_module(module)
    return module


def _listen(asks: int, driver: int, tasks: queue.SimpleQueue[Any]) -> None:
    """Take tasks in, and end the process when the driver has ended, however it did.

    A pipe closes with its last writer, and that may be some other child of the driver's; so the
    parent is looked at too.
    """
    while os.getppid() == driver:
        ready, _, _ = select.select([asks], [], [], LOOK_SECONDS)
        if not ready:
            continue
        body = _body(asks)
        if body is None:
            break
        tasks.put(body)
    os._exit(1)


def _done(body: bytes) -> tuple[str, Any]:
    """Do a task; return what it gave and the processor seconds it took, or how it failed."""
    before = time.process_time()
    try:
        work, given = pickle.loads(body)
        result = work(*given)
    except BaseException as error:
        return "failed", found(error)
    return "done", (result, time.process_time() - before)


def found(error: BaseException) -> tuple[bytes | None, str, str]:
    """Return an error as its pickle, its type and message, and its traceback.

    There is no pickle of what cannot be made again from one, nor of what is no fault but a wish to
    end the process.
    """
    told = f"{type(error).__name__}: {error}"
    trace = "".join(traceback.format_exception(error))
    body: bytes | None = None
    if isinstance(error, Exception):
        try:
            body = pickle.dumps(error)
            pickle.loads(body)
        except Exception:
            body = None
    return body, told, trace


def _answer(answers: int, content: tuple[str, Any]) -> None:
    try:
        body = pickle.dumps(content)
    except Exception as error:
        body = pickle.dumps(("failed", found(error)))
    rest = memoryview(LENGTH.pack(len(body)) + body)
    try:
        while rest:
            rest = rest[os.write(answers, rest) :]
    except BrokenPipeError:
        os._exit(1)  # nobody is left to be told


def _frame(asks: int) -> Any:
    body = _body(asks)
    return None if body is None else pickle.loads(body)


def _body(asks: int) -> bytes | None:
    """Read one frame; None where it ends before its time."""
    head = _read(asks, LENGTH.size)
    return None if head is None else _read(asks, LENGTH.unpack(head)[0])


def _read(asks: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(asks, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    main()
