"""A number that nobody knows exactly is a belief: none hides in the world, the year or money."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.config import compose
from sim.funding.census import FLICKER_SD
from tests.processes import ROOT

ROOMS = ("world", "year", "model", "nation", "markets", "rules", "funding", "record")
FILES = [path for room in ROOMS for path in sorted((ROOT / "sim" / room).glob("*.py"))]
PLAIN = (0.0, 1.0, 0.5)
UNITS: dict[tuple[str, str], tuple[float, ...]] = {
    # units and what the earth is like
    ("people.py", "_A_WORD"): (2.0,),
    ("people.py", "_A_FAITH"): (2.0,),
    # farther than anything, and what keeps a division or a logarithm from having no answer
    ("build.py", "NO_SCHOOL_KM"): (1e6,),
    ("near.py", "NO_SCHOOL_KM"): (1e9,),
    ("places.py", "RATES"): (0.01, 0.97),
    ("offers.py", "LEAST_KM"): (0.2,),
    ("reach.py", "FARTHEST_KM"): (30.0,),
    ("reach.py", "NOBODY"): (1e-9,),
    ("gravity.py", "NOTHING, NO_FLOW"): (1e-9, 1e-300),
    ("choosing.py", "BEFORE_OTHERS"): (1000.0,),
    ("build.py", "LEAST_UNREGISTERED"): (0.001,),
    ("incomes.py", "RATES"): (0.005, 0.9),
    ("trigger.py", "_LEAST_TRUE_VARIANCE"): (0.001,),
    ("trigger.py", "_HAIR"): (1e-9,),
    ("checks.py", "FARTHEST"): (12.0,),
    # squares of land in which what is in reach is worked out
    ("reach.py", "SIDE_KM"): (2.5,),
    # room for numbers of children, and for the panel
    ("people.py", "ROOM"): (1.2,),
    ("recorder.py", "PANEL_DRAWN"): (0.95,),
    # steps and ends of a search
    ("history.py", "FIRST_STEP"): (0.8,),
    ("history.py", "LEAST_OF_INTAKE"): (0.2,),
    ("gravity.py", "CLOSE"): (0.002,),
    ("gravity.py", "STEP"): (0.3, 3.0),
    ("incomes.py", "BRACKET"): (2.0,),
    ("incomes.py", "BINS, FARTHEST"): (6.0,),
    ("trigger.py", "_START"): (0.06,),
    # central values and defaults that stand elsewhere as a belief or a setting
    ("census.py", "FLICKER_SD"): (0.06,),
    ("protection.py", "REFORM_FLOOR"): (0.015,),
    # edges of bands: what is counted, not what happens
    ("adult_variables.py", "BAND_CUTS"): (1.5, 1.0, 0.5, 0.0, 0.5, 1.0, 1.5),
    ("adult_variables.py", "OFFER_CUTS"): (0.25, 0.75, 1.25),
    ("adult_variables.py", "PAY_CUTS"): (
        1.0, 14e3, 17e3, 20e3, 23e3, 26e3, 29e3, 33e3, 38e3, 45e3, 55e3,
    ),
    ("variables.py", "HISTOGRAM_RANGE"): (4.0, 4.0, 4.0, 4.0, 0.0, 90.0),
}  # fmt: skip
"""The only other floats: constants of a module, by file and NAME, with every float of each.

In the year itself whole numbers serve: pence in a pound, 2^20ths, a band's place in a list.
"""


def floats(tree: ast.Module) -> Iterator[tuple[int, float, str]]:
    """Every float literal with its line and, for a constant of the module, its name."""
    named = {
        id(value): ast.unparse(statement.targets[0]).strip("()")
        for statement in tree.body
        if isinstance(statement, ast.Assign)
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
        if value not in PLAIN and value not in UNITS.get((file, name), ())
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_number_hides_in_the_year(path: Path) -> None:
    found = hidden(path.read_text(encoding="utf-8"), path.name)
    assert not found, f"give it a record in conf/beliefs/default/: {found}"


def test_every_unit_that_is_excused_is_there() -> None:
    there: dict[tuple[str, str], tuple[float, ...]] = {}
    for path in FILES:
        for _, value, name in floats(ast.parse(path.read_text(encoding="utf-8"))):
            place = path.name, name
            there[place] = (*there.get(place, ()), float(value.real))
    assert {place: sorted(there.get(place, ())) for place in UNITS} == {
        place: sorted(values) for place, values in UNITS.items()
    }


def test_what_stands_twice_is_the_same() -> None:
    assert compose("baseline").beliefs.values.plans.gap_flicker == FLICKER_SD


@pytest.mark.parametrize(
    "source",
    ["x = 0.3", "def f(y):\n    return y * -1.5", "A = (1.0, 2.0)", "f = lambda: 1e-6", "z = 2j"],
)
def test_a_hidden_number_is_found(source: str) -> None:
    assert len(hidden(source, "learning.py")) == 1


def test_plain_numbers_are_not_hidden() -> None:
    assert hidden("x = 0.0\ny = 1.0\nz = -0.5\nn = 3\nm = 2**-16", "learning.py") == []
