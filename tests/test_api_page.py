"""docs/api.md is what the docstrings say, whole, and its examples run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from tests.processes import ROOT, environment

PAGE = ROOT / "docs" / "api.md"
NAMES = [name for name in sim.__all__ if not name.startswith("__")]


def sections() -> dict[str, str]:
    """Text of the page by heading."""
    parts = re.split(r"^## `?(.+?)`?$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_page_is_what_the_docstrings_say() -> None:
    spec = importlib.util.spec_from_file_location("make_api", ROOT / "docs" / "make_api.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert PAGE.read_text() == made.page(), "run: make docs"


@pytest.mark.parametrize("name", NAMES)
def test_each_public_name_tells_arguments_result_errors_and_an_example(name: str) -> None:
    told = sections()[f"sim.{name}"]
    for title in ("Arguments", "Returns", "Errors", "Example"):
        assert f"**{title}**" in told, title
    (signature, *_) = re.findall(r"```python\n(.*?)```", told, re.DOTALL)
    listed = set(re.findall(r"^- `(\w+)`:", told, re.MULTILINE))
    arguments = set(re.findall(r"(?:[(,]\s*)\*?(\w+):", signature))
    assert arguments and arguments <= listed


@pytest.mark.slow
def test_the_examples_run_in_this_order(tmp_path: Path) -> None:
    blocks = re.findall(r"\*\*Example\*\*\n\n```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == len(NAMES)
    whole = "import sim\nif __name__ == '__main__':\n    " + "".join(blocks).replace("\n", "\n    ")
    (tmp_path / "examples.py").write_text(whole)
    done = subprocess.run(
        [sys.executable, "examples.py"], cwd=tmp_path, env=environment(),
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("flat {")
    assert "return_per_thousand" in done.stdout and "cannot be told with 8 points" in done.stdout
