"""Whole commands, each in a process of its own with an empty folder for what comes out."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Spent", "spend"]

ROOT = Path(__file__).resolve().parents[1]
LOOK_SECONDS = 0.05
KILOBYTE = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Spent:
    """What a command took.

    Attributes:
        seconds: From start to end.
        cpu_seconds: Of all its threads, and of workers that ended by themselves; where it is much
            less than threads x seconds, the machine was busy.
        peak_mb: Memory of its largest process.
        first_seconds: Until as many cells were stored as asked for, if it was asked.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    first_seconds: float | None = None


def environment() -> dict[str, str]:
    """Variables under which another process finds this checkout."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def spend(words: list[str], *, cache: Path | None = None, cells: int = 0) -> Spent:
    """Run ``sim`` with these words and measure it.

    Args:
        words: Command and arguments.
        cache: Where kernels are kept, if not where they usually are.
        cells: Note when so many cells are stored.

    Raises:
        RuntimeError: The command failed.
    """
    more = {} if cache is None else {"NUMBA_CACHE_DIR": str(cache)}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as told:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "sim", *words],
            cwd=folder, env=environment() | more, stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip
        first = None
        while True:
            # `wait4` tells what this one process and its workers used; `Popen.wait` does not.
            ended, status, used = os.wait4(process.pid, os.WNOHANG if cells and not first else 0)
            if ended:
                break
            if len(list(Path(folder, "outputs", "cells").glob("*.nc"))) >= cells:
                first = time.perf_counter() - started
            time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            raise RuntimeError(f"sim {' '.join(words)}: {told.read()[-2000:]}")
    peak = used.ru_maxrss * KILOBYTE / 1e6
    return Spent(seconds, used.ru_utime + used.ru_stime, peak, first)
