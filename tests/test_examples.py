"""Every example in the help of a command runs as it stands, in an empty folder, one after another.

The later ones look at what the earlier ones left, as a reader who tries them in turn would.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import COMMANDS
from tests.processes import environment


def said(*words: str, where: Path) -> str:
    """Return what ``sim WORDS`` prints; it has to be done without a fault."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words], cwd=where, env=environment(), text=True,
        capture_output=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (words, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stdout


def examples(where: Path) -> list[list[str]]:
    """Return the words of each line that stands under ``example`` in a help."""
    texts = [said("--help", where=where)]
    texts += [said(command, "--help", where=where) for command in COMMANDS]
    lines = [
        line for text in texts for line in re.findall(r"(?:^ +|^Example: )(sim .*)$", text, re.M)
    ]
    return [line.split()[1:] for line in dict.fromkeys(lines)]


def test_every_command_has_an_example(tmp_path: Path) -> None:
    found = examples(tmp_path)
    assert {words[0] for words in found} >= set(COMMANDS)


@pytest.mark.slow
def test_every_example_of_a_help_runs_as_it_stands(tmp_path: Path) -> None:
    for words in examples(tmp_path):
        assert said(*words, where=tmp_path), words
