"""Threads that share the work of one year.

Only what stands between the model and the processes hands out work; a process gets a crew, or
works alone. Results do not depend on how many there are: every job writes to arrays of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

__all__ = ["ALONE", "Crew", "Job"]

Job = Callable[[], None]
Item = TypeVar("Item")
Found = TypeVar("Found")


class Crew:
    """The main thread and its helpers."""

    def __init__(self, threads: int):
        self.pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def run(self, jobs: list[Job]) -> None:
        """Do all jobs, in any order, and wait for them."""
        if self.pool is None or len(jobs) == 1:
            for job in jobs:
                job()
            return
        queue = iter(jobs)
        helpers = [self.pool.submit(_drain, queue) for _ in range(self.pool._max_workers)]
        _drain(queue)
        for helper in helpers:
            helper.result()

    def map(self, action: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
        """Return what ``action`` makes of each item, in the order of the items."""
        found: dict[int, Found] = {}

        def one(n: int) -> None:
            found[n] = action(items[n])

        self.run([partial(one, n) for n in range(len(items))])
        return [found[n] for n in range(len(items))]

    def close(self) -> None:
        """Send the helpers home."""
        if self.pool is not None:
            self.pool.shutdown()


def _drain(queue: Iterator[Job]) -> None:
    """Take jobs from a shared iterator until it is empty (`next` holds the interpreter lock)."""
    for job in queue:
        job()


ALONE = Crew(1)
"""One thread: jobs one after the other."""
