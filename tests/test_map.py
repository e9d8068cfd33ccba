"""Every name on the map of the code is there: a process, a file, a belief file, a lever, a law."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.config.models import Policy, Switches
from sim.model import ORDER
from sim.model.model import name_of
from sim.model.turn import turn_year
from sim.tabulate import catalogue
from sim.world.adults import Adults
from sim.world.employers import Employers
from sim.world.pupils import Pupils
from sim.world.tables import Areas, Schools, SmallAreas

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "map.md"
TABLES = (Schools, Areas, SmallAreas, Pupils, Adults, Employers)
SPARE = {"none", "nothing", "none of their own", "every one"}
COLUMNS = ("process", "arithmetic", "beliefs", "switches", "levers", "writes", "measures", "law")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose header begins so."""
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            break
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


PROCESSES = [dict(zip(COLUMNS, cells, strict=True)) for cells in rows("process")]
IDS = [named(row["process"])[0] for row in PROCESSES]


def test_the_map_has_each_process_of_the_year_in_its_order() -> None:
    assert [name_of(process) for process in (*ORDER, turn_year)] == IDS


def known(column: str) -> set[str]:
    """Every name that a column of the map may hold."""
    if column == "arithmetic":
        return {path.stem for path in (ROOT / "sim/year").glob("*.py")} | {"sim/rules/"}
    if column == "beliefs":
        return {path.stem for path in (ROOT / "conf/beliefs/default").glob("*.yaml")}
    if column == "switches":
        return set(Switches.model_fields)
    if column == "levers":
        return set(Policy.model_fields)
    if column == "writes":
        return {name for table in TABLES for name in table.columns}
    if column == "measures":
        return {one["name"] for one in catalogue()}
    return {path.stem for path in (ROOT / "tests/laws").glob("test_*.py")}


@pytest.mark.parametrize("column", COLUMNS[1:])
def test_every_name_of_a_column_is_there(column: str) -> None:
    there = known(column)
    for row in PROCESSES:
        names = named(row[column])
        assert set(names) <= there, (row["process"], set(names) - there)
        assert names or row[column] in SPARE, (row["process"], row[column])


def test_every_switch_and_every_lever_stands_in_a_row() -> None:
    for column in ("switches", "levers", "beliefs", "arithmetic"):
        stand = {name for row in PROCESSES for name in named(row[column])}
        missing = known(column) - stand - {"__init__", "places"}
        assert not missing, f"{column}: {sorted(missing)}"


def test_every_place_that_answers_a_question_is_there() -> None:
    for question, place in rows("question"):
        found = named(place)
        assert found, question
        files = [ROOT / name for name in found if "/" in name]
        assert all(path.exists() for path in files), (question, found)
        text = "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
        for word in (name for name in found if "/" not in name and not name.startswith("sim ")):
            assert re.search(rf"\b{word}\b", text), (question, word)
