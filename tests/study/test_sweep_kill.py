"""Kill a sweep again and again: nothing finished is lost, nothing kept is wrong."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import contents, environment, of_session

pytestmark = [
    pytest.mark.kill,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc"),
]
KILLS = 50
WORDS = ("scenarios=baseline,flat,pupil_need", "draws=0", "world=tiny", "years=1")
CELLS = 60


def sweep(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sim", "sweep", "mine", *WORDS, f"replicates={CELLS // 3}"]
    return subprocess.Popen(
        command, cwd=folder, env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_fifty_kills_lose_no_cell_and_change_none(tmp_path: Path) -> None:
    luck = random.Random(3)
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    calm.mkdir()
    rough.mkdir()
    assert sweep(calm).wait() == 0
    expected = contents(calm)
    assert len(expected) == CELLS
    kept: dict[str, str] = {}
    hit = {"driver": 0, "worker": 0, "late": 0}
    while hit["driver"] + hit["worker"] < KILLS:
        driver = sweep(rough)
        time.sleep(luck.uniform(1.0, 4.0))
        others = [pid for pid in of_session(driver.pid) if pid != driver.pid]
        who = "worker" if others and luck.random() < 0.5 else "driver"
        victim = luck.choice(others) if who == "worker" else driver.pid
        hit["late" if driver.poll() is not None else who] += 1
        with contextlib.suppress(ProcessLookupError):  # it may be done
            os.kill(victim, signal.SIGKILL)
        driver.wait()
        until = time.monotonic() + 20
        while of_session(driver.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert not of_session(driver.pid), "a worker outlives its driver"
        now = contents(rough)
        assert kept.items() <= now.items()
        kept = now
        if len(now) == CELLS:
            kept = {}
            for path in (rough / "outputs" / "cells").iterdir():
                path.unlink()
    assert sweep(rough).wait() == 0
    assert contents(rough) == expected
    print(hit)
    assert hit["driver"] > 5 and hit["worker"] > 5
