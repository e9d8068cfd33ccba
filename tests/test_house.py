"""The house: how well it is typed may only get better, and slips of names are type errors."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.processes import ROOT

# What there is today. Make these smaller when there is less; never larger.
BARE_OUTSIDE_KERNELS = 30
BARE_IN_KERNELS = 0
BARE_SHARE = 0.03
TYPED_SHARE = 0.95
LOOSE = 10
MOST_ARGUMENTS = 8


def loaded(path: Path) -> ModuleType:
    """A script beside the package, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def house() -> Any:
    return loaded(ROOT / "benchmarks" / "house.py").read()


def test_bare_any_among_parameters_may_only_fall(house: Any) -> None:
    told = "see where: python benchmarks/house.py --where"
    assert house.bare(compiled=False) <= BARE_OUTSIDE_KERNELS, told
    assert house.bare(compiled=True) <= BARE_IN_KERNELS, told
    assert house.bare() <= BARE_SHARE * house.parameters, told


def test_public_functions_are_typed_without_any(house: Any) -> None:
    assert house.typed_share >= TYPED_SHARE, "see where: python benchmarks/house.py --where"


@pytest.mark.parametrize("room", ["rules", "metrics"])
def test_a_room_of_plug_ins_holds_nothing_else(room: str) -> None:
    registered = {"rules": "@RULES.add(", "metrics": "@MEASURES.add("}[room]
    files = [p for p in (ROOT / "sim" / room).glob("*.py") if p.name != "__init__.py"]
    assert files
    assert [p.name for p in files if registered not in p.read_text(encoding="utf-8")] == []


def test_few_modules_stand_loose_beside_the_rooms(house: Any) -> None:
    assert house.loose <= LOOSE


@pytest.mark.parametrize("folder", ["sim", "benchmarks", "docs"])
def test_no_function_takes_more_arguments_than_one_keeps_apart(folder: str) -> None:
    """Columns, coefficients and luck travel as named tuples: two of one type cannot be swapped."""
    functions = loaded(ROOT / "benchmarks" / "house.py").read(ROOT / folder).functions
    assert functions
    assert [f.where for f in functions if len(f.parameters) > MOST_ARGUMENTS] == []


def test_figures_of_a_house_are_counted_as_they_say(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "loose.py").write_text(
        "from typing import Any\n"
        "@kernel\n"
        "def add(a: Any, b: 'Floats') -> None:\n"
        '    """Say\n    what."""\n'
        "    import os\n"
        "class Table:\n"
        "    def get(self, name: dict[str, Any], *more: Any) -> int:  # fmt: skip\n"
        "        def inner(x: Any) -> None: ...\n"
        "        return 1\n"
        "    def _own(self, x: Any) -> None: ...\n"
    )
    (tmp_path / "room" / "__init__.py").write_text("def typed(a: int) -> int:\n    return a\n")
    found = loaded(ROOT / "benchmarks" / "house.py").read(tmp_path)
    assert (found.parameters, found.bare(), found.bare(compiled=True)) == (7, 4, 1)
    assert [one.where.split()[-1] for one in found.public] == ["add", "get", "typed"]
    assert found.typed_share == pytest.approx(1 / 3)
    assert (found.loose, found.skips, found.inner_imports) == (1, 1, 1)
    assert [one.lines for one in found.functions] == [2, 3, 1, 1, 2]


def test_the_types_of_beliefs_are_what_the_records_say() -> None:
    made = loaded(ROOT / "docs" / "make_values.py")
    assert made.STUB.read_text(encoding="utf-8") == made.text(), "run: make values"


def test_the_manual_holds_the_levers_after_16_as_their_fields_declare_them() -> None:
    made = loaded(ROOT / "docs" / "make_manual.py")
    assert made.MANUAL.read_text(encoding="utf-8") == made.text(), "run: make values"


RIGHT = """
import numpy as np
from sim.arrays import Int64s
from sim.model import SchoolsModel

def read(model: SchoolsModel) -> tuple[float, bool, Int64s]:
    carry = model.terms.values.learning.carry_primary
    further = model.terms.values.admissions.distance.secondary
    on = model.terms.on.background
    pupils = model.world.schools.pupils
    years = len(model.recorder.years)
    return carry + further + years, on, pupils
"""
SLIPS = {
    "learning.carry_primary": 'learning.carry_primry": "LearningBeliefs',
    "distance.secondary": 'distance.secondry": "PrimaryToSecondary',
    "on.background": 'on.backgrund": "Switches',
    "schools.pupils": 'schools.pupls": "Schools',
    "model.recorder": 'model.recordr": "SchoolsModel',
}


@pytest.mark.slow
def test_slips_in_a_belief_its_entry_a_switch_a_column_and_the_model_are_type_errors(
    tmp_path: Path,
) -> None:
    text = RIGHT
    for name, slip in SLIPS.items():
        assert name in text
        text = text.replace(name, slip.partition('"')[0])
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(tmp_path / "right.py"), str(tmp_path / "wrong.py")],
        cwd=ROOT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert all("wrong.py" in line for line in told), done.stdout
    for slip in SLIPS.values():
        name, kind = slip.split('": "')
        slipped = name.rpartition(".")[2]
        assert any(f'"{kind}" has no attribute "{slipped}"' in line for line in told), done.stdout
    assert len(told) == len(SLIPS), done.stdout
