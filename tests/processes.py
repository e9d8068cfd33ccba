"""Processes of their own that tests start: what they need, who lives, what they left in a store."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path
from typing import Any

from sim.results import Store

ROOT = Path(__file__).parents[1]


def environment(**more: str) -> dict[str, str]:
    """Variables under which another process finds this checkout."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, **more}


def of_session(session: int) -> list[int]:
    """Processes of a session that are not dead, its first one among them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended just now
        if int(told[3]) == session and told[0] != "Z":
            found.append(int(path.parent.name))
    return found


def contents(folder: Path) -> dict[str, str]:
    """Content digest of every cell a run left; raises if one is not what its digest says."""
    store = Store(folder / "outputs" / "cells")
    return {name: store.get(name).attrs["content_digest"] for name in store.digests()}


def in_terminal(
    command: list[str], *, columns: int, lines: int = 24, **given: Any
) -> tuple[int, str]:
    """Run a command on a pseudo-terminal of this size; return its status and what it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    given.setdefault("env", environment(TERM="xterm"))
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, **given
    ) as running:
        os.close(theirs)
        parts = []
        with contextlib.suppress(OSError):  # what a terminal gives when nobody writes any more
            while part := os.read(ours, 65536):
                parts.append(part)
        os.close(ours)
    return running.returncode, b"".join(parts).decode(errors="replace").replace("\r\n", "\n")
