"""Every file of the model has a test of its own name, and the map says what each process writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model import ORDER
from sim.model.model import Process, name_of
from sim.model.turn import turn_year
from tests.model.stage import before, written
from tests.processes import ROOT
from tests.test_map import PROCESSES, named


def test_every_file_of_the_model_has_a_test_of_its_own_name() -> None:
    files = {path.stem for path in (ROOT / "sim" / "model").glob("*.py")} - {"__init__"}
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert files == tests - {"every_file"}


OTHERWISE = {
    # where special needs and attendance are switched on
    "admissions.admit": {"needs", "attends"},
    "census.count_rolls": {"with_support", "with_plan"},
    "plans.make_plans": {"spill"},
    "drift.move_on": {  # where it is switched on
        "value_added",
        "differential",
        "early_residual",
        "ks2_residual",
        "ks4_residual",
    },
    "teachers.staff_schools": {"drawn"},  # where teachers hear of money
    "learning.teach": {"added"},  # where causal_gains is on
    "work.find_work": {"spells", "without_work"},  # where local_work is
    "results.publish_results": {"quarter"},  # in year 0
    "turn.turn_year": {"income", "occupation"},  # of those who are born, and who leave school
}
"""What a process writes at other times, or in cohorts that were not there."""


@pytest.mark.parametrize("process", [*ORDER, turn_year], ids=name_of)
def test_the_map_names_nothing_that_a_process_does_not_write(process: Process) -> None:
    (row,) = [row for row in PROCESSES if named(row["process"])[0] == name_of(process)]
    with before(process, scenario="pupil_need") as nation:
        found = {name.rpartition(".")[2] for name in written(nation, process)}
    assert set(named(row["writes"])) - OTHERWISE.get(name_of(process), set()) <= found
