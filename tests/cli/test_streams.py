"""Outputs that are closed, full or left early: the right exit status, and never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment

FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")


def shell(line: str, folder: Path, buffered: bool) -> tuple[int, str]:
    """Run a line of the shell where ``sim`` is the program; return its status and its stderr."""
    line = line.replace("sim ", f"{sys.executable} -m sim ", 1)
    env = environment(**({} if buffered else {"PYTHONUNBUFFERED": "1"}))
    if buffered:
        env.pop("PYTHONUNBUFFERED", None)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=folder, env=env, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr + done.stdout
    assert "error in the program itself" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stderr


LINES = [
    ("sim list rules >&-", 0, ""),
    ("sim list rules 2>&-", 0, ""),
    ("sim list rules >&- 2>&-", 0, ""),
    ("sim list rules <&- >&- 2>&-", 0, ""),
    ("sim list nowhere 2>&-", 2, ""),
    ("sim list nowhere >&-", 2, "is not the name of anything"),
    ("sim --help >&-", 0, ""),
    ("sim compare --help >&-", 0, ""),
    ("sim list beliefs | head -1", 0, ""),
    ("sim list beliefs --json | true", 0, ""),
    pytest.param("sim list rules > /dev/full", 1, "cannot be written: No space", marks=FULL),
    pytest.param("sim list beliefs > /dev/full", 1, "cannot be written: No space", marks=FULL),
    pytest.param("sim list beliefs --json > /dev/full", 1, "No space", marks=FULL),
    pytest.param("sim run --help > /dev/full", 1, "cannot be written: No space", marks=FULL),
    pytest.param("sim --version > /dev/full", 1, "cannot be written: No space", marks=FULL),
    pytest.param("sim list nowhere 2> /dev/full", 2, "", marks=FULL),
    pytest.param("sim list rules > /dev/full 2>&1", 1, "", marks=FULL),
]


@pytest.mark.parametrize(("line", "status", "said"), LINES)
@pytest.mark.parametrize("buffered", [True, False])
def test_an_output_that_is_closed_full_or_left_early_is_no_error_of_the_program(
    tmp_path: Path, line: str, status: int, said: str, buffered: bool
) -> None:
    found, told = shell(line, tmp_path, buffered)
    assert (found, said in told) == (status, True), told
    assert said or not told
