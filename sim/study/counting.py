"""Saying how far long checks are, so that nobody wonders what takes so long."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

__all__ = ["counted", "kept_told", "tell_kept"]

SECONDS_UNTIL_TOLD = 3.0
SECONDS_BETWEEN_LINES = 10.0
LOOK_SECONDS = 1.0
_LOG = logging.getLogger("sim.progress")
Thing = TypeVar("Thing")


def counted(things: Iterable[Thing], what: str, number: int) -> Iterator[Thing]:
    """Yield things, and say now and then how many of them were gone through.

    The first line comes after three seconds, then one every ten, and to a terminal each second.

    Args:
        things: What is gone through.
        what: What is done with them, such as ``"checking settings"``.
        number: How many there are.
    """
    started = looked = time.monotonic()
    told = started + SECONDS_UNTIL_TOLD - SECONDS_BETWEEN_LINES
    for done, thing in enumerate(things, 1):
        yield thing
        now = time.monotonic()
        if now - looked < LOOK_SECONDS:
            continue
        looked = now
        due = now - told >= SECONDS_BETWEEN_LINES
        told = now if due else told
        _LOG.log(
            logging.INFO if due else logging.DEBUG, "%s: %s of %s", what, f"{done:,}", f"{number:,}"
        )


def kept_told(kept: int, todo: int, failed: int = 0) -> str:
    """Say how many cells of a request are there from before, and how many are still to run.

    >>> kept_told(8, 16)
    '24 cells: 8 kept from before, 16 to run'
    >>> kept_told(3, 0, failed=1)
    '4 cells: 3 kept from before, none to run, 1 failed before'
    """
    total = kept + todo + failed
    cells = "cell" if total == 1 else "cells"
    told = f"{total} {cells}: {kept} kept from before, {todo or 'none'} to run"
    return f"{told}, {failed} failed before" if failed else told


def tell_kept(wanted: Collection[str], there: Collection[str]) -> None:
    """Say how many of the cells wanted are there from before; nothing where none is."""
    kept = sum(name in there for name in wanted)
    if kept:
        _LOG.info(kept_told(kept, len(wanted) - kept))
