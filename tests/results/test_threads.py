"""Threads of one process write and read cells at the same time; nothing ends the process."""

import subprocess
import sys

from tests.processes import environment

CODE = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sim.results.netcdf import from_file, to_bytes
from tests.example import example_cell

cell = example_cell(areas=6, children=20)
alone = to_bytes(cell)
Path("cell.nc").write_bytes(alone)

def both(_):
    return len(to_bytes(cell)) == len(alone) and from_file(Path("cell.nc")).equals(read)

read = from_file(Path("cell.nc"))
with ThreadPoolExecutor(4) as pool:
    print(all(pool.map(both, range(12))))
"""


def test_threads_may_write_and_read_cells_at_once(tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=str(tmp_path), env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
