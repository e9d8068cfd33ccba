"""Old addresses of modules: plug-ins written for them still load, and are told the new ones."""

import importlib
import re
import subprocess
import sys
import warnings

import pytest

from sim.registry.moved import MOVED, follow_moves
from tests.processes import ROOT


@pytest.mark.parametrize("old", sorted(MOVED))
def test_an_old_address_gives_the_module_itself_and_names_the_new_one(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow_moves()
    now = importlib.import_module(MOVED[old])
    papers = now.__spec__
    monkeypatch.delitem(sys.modules, old, raising=False)
    with pytest.warns(FutureWarning, match=re.escape(f"{old} is {MOVED[old]} now")):
        assert importlib.import_module(old) is now
    assert now.__spec__ is papers
    assert now.__name__ == MOVED[old]


def test_nothing_of_the_package_or_its_pages_uses_an_old_address() -> None:
    old = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?!\w)" for name in MOVED))
    files = [*(ROOT / "sim").rglob("*.py"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    used = {f.name for f in files if old.search(f.read_text(encoding="utf-8"))}
    assert used == {"moved.py"}


def test_nobody_pays_for_old_addresses_until_plug_ins_are_looked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sim.rules.lines"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No module named 'sim.rules.lines'" in done.stderr


def test_a_warning_made_an_error_does_not_leave_half_a_module() -> None:
    follow_moves()
    sys.modules.pop("sim.facts", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FutureWarning):
            importlib.import_module("sim.facts")
    assert "sim.facts" not in sys.modules
