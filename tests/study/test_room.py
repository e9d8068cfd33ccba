"""Memory is that of the job, where a scheduler or a container limits it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.study.room import memory_here

WHOLE = 8 * 2**30


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of 8 GB."""
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": WHOLE // 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)


@pytest.mark.parametrize(
    ("line", "limits", "found"),
    [
        ("0::/job/step", {"job/memory.max": "3000000000", "job/step/memory.max": "max"}, 3e9),
        ("0::/job", {"job/memory.max": "3000000000", "memory.max": "2000000000"}, 2e9),
        ("0::/", {"memory.max": "max"}, WHOLE),
        ("9:memory:/job", {"memory/job/memory.limit_in_bytes": "1000000000"}, 1e9),
        ("9:cpu,memory:/a", {"memory/memory.limit_in_bytes": "9223372036854771712"}, WHOLE),
        ("9:cpu:/job", {"memory/job/memory.limit_in_bytes": "1000000000"}, WHOLE),
        ("0::/gone", {}, WHOLE),
    ],
)
def test_the_least_limit_counts(
    tmp_path: Path, line: str, limits: dict[str, str], found: float
) -> None:
    (tmp_path / "cgroup").write_text(f"{line}\n")
    for name, text in limits.items():
        path = tmp_path / "fs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    assert memory_here(tmp_path / "cgroup", tmp_path / "fs") == found


def test_where_no_group_is_told_of_it_is_that_of_the_machine(tmp_path: Path) -> None:
    assert memory_here(tmp_path / "none", tmp_path) == WHOLE
