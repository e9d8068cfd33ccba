"""Kill a writer at random moments: every file under its final name must be whole."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.results import Store

WRITER = """
import os, sys, time
from sim.results import Store
from tests.example import example_cell

def slow_write(handle, body, write=os.write):
    time.sleep(0.001)
    return write(handle, body[:16_384])

os.write = slow_write  # a slow disk, so that most kills fall into the middle of a file
store = Store(sys.argv[1])
cell = example_cell(areas=18, children=2000, schools_per_area=60)
print("ready", flush=True)
number = 0
while True:
    name = f"{int(sys.argv[2]):016x}{number:016x}"
    store.put(name, {"number": number}, cell.assign_attrs(replicate=number))
    number += 1
"""


@pytest.mark.kill
def test_a_killed_writer_leaves_no_file_that_is_wrong(tmp_path: Path) -> None:
    luck = random.Random(1)
    root = Path(__file__).parents[2]
    longest = 0.4
    for attempt in range(30):
        if attempt >= 12:
            if Store(tmp_path).digests():
                break
            longest *= 1.5  # a busy machine has written nothing yet that could be wrong
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(attempt)]
        writer = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(luck.uniform(0.0, longest))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    store = Store(tmp_path)
    kept = store.digests()
    assert kept
    for digest in kept:
        store.get(digest)  # raises unless the content is what its digest says
        assert store.identity(digest) == {"number": int(digest[16:], 16)}
    names = {p.name for p in tmp_path.iterdir() if not p.name.startswith(".tmp-")}
    orphans = {n for n in names if n.split(".")[0] not in kept}
    assert all(n.endswith(".json") for n in orphans)
    assert any(p.name.startswith(".tmp-") for p in tmp_path.iterdir())  # kills did interrupt
