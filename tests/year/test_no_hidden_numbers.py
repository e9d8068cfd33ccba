"""A number that nobody knows exactly is a belief: none hides in the code of the year."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim.funding.trigger
import sim.model.history
import sim.year

FILES = [
    *sorted(Path(sim.year.__file__).parent.glob("*.py")),
    Path(sim.model.history.__file__),
    Path(sim.funding.trigger.__file__),
]
PLAIN = (0.0, 1.0, 0.5)
UNITS: dict[tuple[str, str], float] = {
    ("history.py", "STEP"): 0.6,
    ("trigger.py", "_LEAST_TRUE_VARIANCE"): 0.001,
    ("trigger.py", "_START"): 0.06,
    ("trigger.py", "_HAIR"): 1e-9,
}
"""Units, conversions, guards and steps of a search, the only other floats: (file, NAME), value.

In the year itself whole numbers serve: pence in a pound, 2^20ths, a band's place in a list.
"""


def floats(tree: ast.Module) -> Iterator[tuple[int, float, str]]:
    """Every float literal with its line and, for a constant of the module, its name."""
    named = {
        id(value): statement.targets[0].id
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        for value in ast.walk(statement.value)
        if isinstance(value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, node.value, named.get(id(node), "")


def hidden(source: str, file: str) -> list[str]:
    return [
        f"{file}:{line}: {value}"
        for line, value, name in floats(ast.parse(source))
        if value not in PLAIN and UNITS.get((file, name)) != value
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_number_hides_in_the_year(path: Path) -> None:
    found = hidden(path.read_text(encoding="utf-8"), path.name)
    assert not found, f"give it a record in conf/beliefs/default/: {found}"


def test_every_unit_that_is_excused_is_there() -> None:
    there = {
        (path.name, name): value
        for path in FILES
        for _, value, name in floats(ast.parse(path.read_text(encoding="utf-8")))
        if name
    }
    assert {place: there.get(place) for place in UNITS} == UNITS


@pytest.mark.parametrize(
    "source",
    ["x = 0.3", "def f(y):\n    return y * -1.5", "A = (1.0, 2.0)", "f = lambda: 1e-6", "z = 2j"],
)
def test_a_hidden_number_is_found(source: str) -> None:
    assert len(hidden(source, "learning.py")) == 1


def test_plain_numbers_are_not_hidden() -> None:
    assert hidden("x = 0.0\ny = 1.0\nz = -0.5\nn = 3\nm = 2**-16", "learning.py") == []
