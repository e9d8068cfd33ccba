"""Compiling the kernels once, in a worker, so that nobody wonders what takes so long.

The first command after an install compiles for a minute or so. It is said that it does, and how
long it has; no budget is spent by it.
"""

from __future__ import annotations

import logging
import sys
import time

from sim import cache, kernel
from sim.study.workers import Workers

__all__ = ["compile_kernels", "warm_up"]

LOOK_SECONDS = 1.0
SECONDS_BETWEEN_LINES = 10.0
USUAL_SECONDS = 60
_LOG = logging.getLogger("sim.progress")


def warm_up() -> None:
    """Compile what runs need unless it is there, and say so meanwhile; workers only load it.

    Raises:
        WorkFailed: The worker that compiles died.
    """
    if cache.is_whole(kernel.CACHE_FOLDER):
        return
    why = cache.not_kept(kernel.CACHE_FOLDER)
    if why is not None:
        logging.getLogger("sim").warning(
            "compiled code cannot be kept (%s), so every command compiles anew, which takes a "
            "minute or more. Set NUMBA_CACHE_DIR to a folder that can be written.",
            why,
        )
    _LOG.info(
        "compiling, %s: about %d s, or several times that on a busy machine",
        "once for this machine and version" if why is None else "for this command alone",
        USUAL_SECONDS,
    )
    with Workers(1) as crew:
        crew.hand(0, compile_kernels)
        _wait(crew)


def _wait(crew: Workers) -> None:
    """Wait for the worker; say every ten seconds, and to a terminal each second, how long it is."""
    started = told = time.monotonic()
    while crew.running:
        crew.ended(LOOK_SECONDS)
        now = time.monotonic()
        due = now - told >= SECONDS_BETWEEN_LINES
        told = now if due else told
        level = logging.INFO if due else logging.DEBUG
        _LOG.log(level, "compiling: %d s so far", now - started)


def compile_kernels() -> None:
    """Run a small year of every process, and note that all kernels are there."""
    from sim.config import compose
    from sim.model import SchoolsModel

    model = SchoolsModel(compose("baseline", ["world=tiny", "years=1", "machine.threads=1"]))
    model.run()
    model.close()
    homes = {
        str(value.stats.cache_path)
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "sim"
        for value in list(vars(module).values())
        if hasattr(value, "py_func") and value.stats.cache_path
    }
    cache.note_whole(kernel.CACHE_FOLDER, homes)
