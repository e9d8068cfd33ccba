"""How the cells of a study are parted into tasks of a scheduler, and into how many."""

from __future__ import annotations

from sim.config import Settings
from sim.study.design import cells
from sim.study.sweep import LARGEST_GROUP, Study, grouped

__all__ = ["DEFAULT_ARRAY", "TASK_SECONDS", "Groups", "chunks", "expected_tasks", "pieces_of"]

TASK_SECONDS = 300.0
"""What a task should take: starting one costs a second or two, losing one this much at most."""
DEFAULT_ARRAY = 1001
"""Size of an array where the scheduler does not say what it takes."""

Groups = list[list[Settings]]


def chunks(groups: Groups, seconds: float, most: int) -> list[Groups]:
    """Pack groups into tasks of some minutes each, and into no more than ``most`` tasks.

    >>> [len(piece) for piece in chunks([[None]] * 10, seconds=100.0, most=1000)]
    [3, 3, 3, 1]
    >>> len(chunks([[None]] * 10, seconds=100.0, most=2))
    2
    """
    total = sum(map(len, groups))
    each = max(1.0, TASK_SECONDS / max(seconds, 1e-3), total / most)
    pieces: list[Groups] = []
    held = each
    for group in groups:
        if held >= each and len(pieces) < most:
            pieces.append([])
            held = 0
        pieces[-1].append(group)
        held += len(group)
    return pieces


def pieces_of(made: list[Settings], seconds: float, most: int) -> list[Groups]:
    """Part cells into tasks; those that share a past stay together where that is short enough."""
    held = max(1, int(TASK_SECONDS / max(seconds, 1e-3)))
    return chunks(grouped(made, min(LARGEST_GROUP, held)), seconds, most)


def expected_tasks(study: Study, seconds: float) -> tuple[int, int]:
    """Return how many tasks what is missing would be parted into, and cells of the longest."""
    made = cells(study.design, [study.design.rows[n] for n in study.todo()])[1:]
    pieces = pieces_of(made, seconds, DEFAULT_ARRAY)
    return len(pieces), max((sum(map(len, piece)) for piece in pieces), default=0)
