"""Who runs which cell, so that two drivers on one store share the work.

A claim is a file that only one process can create: ``outputs/running/claims/<digest>``, with host
and process. Its owner touches it now and then; one that is not touched any more, or whose process
is gone from this machine, is nobody's and may be taken over. A claim is a courtesy, not a lock: in
the worst case (two take over the same one at the same moment) a cell is run twice and kept once.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["Claims"]

BEAT_SECONDS = 15.0
DEAD_SECONDS = 120.0
"""A claim that was not touched for so long, by the clock of its disk, is nobody's."""


class Claims:
    """The claims of one driver on cells of one store; use as a context manager.

    Args:
        outputs: Folder of outputs, beside the cells.
    """

    def __init__(self, outputs: Path) -> None:
        self.folder = outputs / "running" / "claims"
        self._mine: set[str] = set()
        self._touched = time.monotonic()

    def __enter__(self) -> Claims:
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if not path.name.startswith(".") and not self._lives(path):
                    path.unlink()  # left by a driver that was killed
        return self

    def __exit__(self, *_: object) -> None:
        self.release(list(self._mine))
        for folder in (self.folder, self.folder.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()  # only if it is empty

    def take(self, names: Iterable[str]) -> set[str]:
        """Claim cells and return those that became ours by it."""
        return {name for name in names if name not in self._mine and self._take(name)}

    def release(self, names: Iterable[str]) -> None:
        """Give claims up."""
        for name in names:
            if name in self._mine:
                self._mine.discard(name)
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()

    def beat(self) -> None:
        """Say that we live, if it is time to."""
        now = time.monotonic()
        if now - self._touched < BEAT_SECONDS:
            return
        self._touched = now
        for name in list(self._mine):
            with contextlib.suppress(OSError):
                os.utime(self.folder / name)

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Say that we live all along, also while a long cell is run by the caller itself."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(BEAT_SECONDS):
                self.beat()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _take(self, name: str) -> bool:
        for _ in range(2):
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                if self._lives(self.folder / name):
                    return False
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
                continue
            except OSError:
                break  # a disk that takes no note takes no cell either: running it will tell
            with contextlib.suppress(OSError):
                note = {"host": socket.gethostname(), "pid": os.getpid()}
                os.write(handle, json.dumps(note).encode())
            os.close(handle)
            break
        else:
            return False  # somebody else was quicker to take it over
        self._mine.add(name)
        return True

    def _lives(self, path: Path) -> bool:
        """Whether the owner of a claim seems to be alive."""
        age = 0.0
        try:
            age = self._now() - path.stat().st_mtime
            note = json.loads(path.read_text(encoding="utf-8"))
            here = note["host"] == socket.gethostname()
            if here and not _runs(int(note["pid"])):
                return False
        except FileNotFoundError:
            return False
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            return age < DEAD_SECONDS  # somebody is just writing it, or was ended while doing so
        return age < DEAD_SECONDS

    def _now(self) -> float:
        """Return the time by the clock of the disk, which other machines share."""
        probe = self.folder / f".{socket.gethostname()}-{os.getpid()}"
        try:
            probe.touch()
            return probe.stat().st_mtime
        except OSError:
            return time.time()
        finally:
            with contextlib.suppress(OSError):
                probe.unlink()


def _runs(process: int) -> bool:
    if process <= 0:
        return False  # stands for a group of processes, or for all of them
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
