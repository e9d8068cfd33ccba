"""How much memory there is for what runs here: that of the machine, or of the job it runs in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["memory_here"]

PROC, CGROUP = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
_LIMITS = ("memory.max", "memory.limit_in_bytes")  # of version 2 and of version 1


def memory_here(told: Path = PROC, root: Path = CGROUP) -> float | None:
    """Return the bytes that processes here may use: the least of machine, job and container.

    Schedulers and containers limit a job through its control group, whose limit may stand in the
    group itself or in any above it.

    Args:
        told: File that names the groups this process is in.
        root: Folder of all groups.

    Returns:
        Bytes; None on a system that does not tell.
    """
    try:
        machine = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (ValueError, OSError):
        return None
    return min([machine, *_limits(told, root)])


def _limits(told: Path, root: Path) -> Iterator[float]:
    try:
        lines = told.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds and "memory" not in kinds.split(","):
            continue
        top = root / "memory" if kinds else root
        inside = top / path.lstrip("/")
        for folder in (inside, *inside.parents):
            if folder == top.parent:
                break
            for name in _LIMITS:
                try:
                    yield float((folder / name).read_text(encoding="ascii"))
                except (OSError, ValueError):  # no such limit, or "max": as much as there is
                    continue
