"""No pupil and no penny appears or vanishes; a broken law stops the run and says where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import api
from sim.codes import LAST_GRADE
from sim.config import compose
from sim.errors import InvariantBroken
from sim.model import ORDER, SchoolsModel, admissions, allocation, assessment, learning
from sim.model.model import Process
from sim.nation import Nation
from sim.results import Store
from tests.laws import worlds

ARMS = (
    "baseline", "flat", "need_weighted", "gap_triggered", "raise_all", "flat_free_phase",
    "premium_in_pot", "double_premium", "minus_1bn",
)  # fmt: skip


def census_by_hand(model: SchoolsModel) -> dict[int, set[int]]:
    """Ids of the children on a roll, by year of birth."""
    nobody = len(model.world.schools)
    return {
        birth: set(pupils.id[pupils.school < nobody].tolist())
        for birth, pupils in model.world.cohorts.items()
    }


def test_every_child_is_followed_from_its_first_to_its_last_year_on_roll() -> None:
    model = worlds.model("gap_triggered", "falling_rolls=true")
    seen: list[tuple[int, dict[int, set[int]], int]] = []
    every: dict[int, frozenset[int]] = {}

    def watch(now: SchoolsModel) -> None:
        for birth, pupils in now.world.cohorts.items():
            ids = frozenset(pupils.id.tolist())
            assert every.setdefault(birth, ids) == ids
            assert len(ids) == pupils.rows
        seen.append((now.year, census_by_hand(now), int(now.world.schools.pupils.sum())))

    model.watch = watch
    model.run()
    for (year, rolls, counted), (after, later, _) in pairwise(seen):
        assert after == year + 1
        assert counted == sum(map(len, rolls.values()))
        left, came = set(rolls) - set(later), set(later) - set(rolls)
        assert left == {year - 5 - LAST_GRADE}
        assert came == {after - 5}
        assert all(rolls[b] & later[b] for b in set(rolls) & set(later))
    model.close()


def test_nobody_comes_or_goes_but_by_arriving_or_leaving_in_the_right_year() -> None:
    model = worlds.model()
    before = {b: p.copy() for b, p in model.world.cohorts.items()}
    first = census_by_hand(model)
    model.step()
    model.step()
    now = census_by_hand(model)
    # `first` is the roll before the first step: that of the year before it.
    for birth in set(first) & set(now):
        pupils, grade = before[birth], before[birth].grade(model.year - 1)
        at = {int(i): (a, d) for i, a, d in zip(pupils.id, pupils.arrive, pupils.depart,
                                                strict=True)}  # fmt: skip
        for child in now[birth] - first[birth]:
            assert at[child][0] in (grade - 1, grade)
        for child in first[birth] - now[birth]:
            assert at[child][1] in (grade - 1, grade)
    model.close()


def assert_to_the_penny(model: SchoolsModel) -> None:
    """Live a year and add up its money in Python's own whole numbers."""
    census = allocation.census(model.nation)
    model.step()
    grants = model.nation.made.grants
    weight = census.multiplicity.tolist()
    for key, pot in grants.pots.items():
        rows = [
            row
            for row in range(len(census))
            if census.pupils[row] > 0 and key in (2, census.phase[row])
        ]
        paid = sum(weight[row] * int(grants.from_pot[row]) for row in rows)
        assert paid + grants.rounding[key] == pot + grants.new_money[key]
        assert grants.new_money[key] == 0
        assert abs(grants.rounding[key]) < max(weight)
    for row in range(0, len(census), 7):
        assert sum(pence for _, pence in grants.clauses(row)) == int(grants.total[row])
    assert np.array_equal(model.world.schools.budget, grants.total)


@pytest.mark.parametrize("scenario", ARMS)
def test_every_penny_of_every_year_traces_to_a_pot_in_whole_numbers(scenario: str) -> None:
    model = worlds.model(scenario)
    while model.policy_year <= worlds.YEARS:
        assert_to_the_penny(model)
    model.close()


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ARMS)
def test_every_penny_of_a_weighted_world_traces_to_a_pot(scenario: str) -> None:
    model = SchoolsModel(compose(scenario, ("world=tenth", "years=2")))
    assert model.world.areas.weight.max() > 1
    while model.policy_year <= 2:
        assert_to_the_penny(model)
    model.close()


def test_the_pot_of_a_year_is_the_same_whatever_the_rule() -> None:
    pots = {s: worlds.cell(s)["pot"].values for s in ("baseline", "flat", "pupil_need")}
    for scenario, pot in pots.items():
        assert np.array_equal(pot, pots["baseline"]), scenario
    free = worlds.cell("flat_free_phase")["pot"].values
    assert free is not None


Break = Callable[[Any, int], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Process, Break], SchoolsModel]]:
    """A model in which something goes wrong after a process of the year, from policy year 2 on."""
    made: list[SchoolsModel] = []

    def build(process: Process, harm: Break) -> SchoolsModel:
        def spoilt(nation: Nation, year: int) -> None:
            process(nation, year)
            if year >= 2026:
                harm(nation.world, year)

        order = tuple(spoilt if one is process else one for one in ORDER)
        monkeypatch.setattr("sim.model.model.ORDER", order)
        made.append(worlds.model())
        return made[-1]

    yield build
    for model in made:
        model.close()


def _in_year_group(world: Any, year: int, grade: int) -> Any:
    return world.cohorts[year - 5 - grade]


def lose_a_child(world: Any, year: int) -> None:
    _in_year_group(world, year, 9).school[0] = len(world.schools)


def lose_a_row(world: Any, year: int) -> None:
    pupils = _in_year_group(world, year, 9)
    pupils.data = {name: values[:-1].copy() for name, values in pupils.data.items()}


def gain_a_child(world: Any, year: int) -> None:
    pupils = _in_year_group(world, year, 9)
    pupils.school[np.flatnonzero(pupils.school == len(world.schools))[0]] = world.primaries


def double_a_child(world: Any, year: int) -> None:
    pupils = _in_year_group(world, year, 3)
    pupils.id[1] = pupils.id[0]


def misplace_a_child(world: Any, year: int) -> None:
    _in_year_group(world, year, 9).school[0] = 0


def swap_a_child(world: Any, year: int) -> None:
    pupils = _in_year_group(world, year, 9)
    elsewhere = np.flatnonzero(pupils.school != pupils.school[0])[0]
    pupils.school[0] = pupils.school[elsewhere]


def forget_what_a_child_knows(world: Any, year: int) -> None:
    _in_year_group(world, year, 4).attain[5] = np.nan


def teach_without_bounds(world: Any, year: int) -> None:
    _in_year_group(world, year, 4).attain[5] = np.inf


def lose_a_reputation(world: Any, year: int) -> None:
    world.schools.get("reputation")[3] = np.nan


def empty_a_school_of_teachers(world: Any, year: int) -> None:
    world.schools.get("leaving")[3] = 1.5


def add_a_penny(world: Any, year: int) -> None:
    world.schools.get("budget")[7] += 1


BREAKS: list[tuple[Process, Break, str]] = [
    (admissions.admit, lose_a_child, "child lost or gained a school: cohort born 2012"),
    (admissions.admit, gain_a_child, "child lost or gained a school: cohort born 2012"),
    (assessment.mark, lose_a_row, "child appeared or vanished: cohort born 2012"),
    (admissions.admit, double_a_child, "Two children have one id: cohort born 2018"),
    (learning.teach, misplace_a_child, "child is in a school of another phase: born 2012"),
    (learning.teach, swap_a_child, r"census counts \d+ pupils of \d+: school \d+"),
    (learning.teach, forget_what_a_child_knows, r"Attainment is nan: child \d+"),
    (learning.teach, teach_without_bounds, r"Attainment is inf: child \d+"),
    (learning.teach, lose_a_reputation, r"reputation is nan: school \d+"),
    (learning.teach, empty_a_school_of_teachers, r"leaving is 1.5: school \d+"),
    (learning.teach, add_a_penny, r"Clauses do not add up to the budget: school \d+"),
]


@pytest.mark.parametrize(("process", "harm", "said"), BREAKS, ids=[b[1].__name__ for b in BREAKS])
def test_a_broken_law_stops_the_run_and_says_what_where_and_when(
    broken: Callable[[Process, Break], SchoolsModel], process: Process, harm: Break, said: str
) -> None:
    model = broken(process, harm)
    with pytest.raises(InvariantBroken, match=said + ".*school year ending 2026"):
        model.run()
    assert model.policy_year == 2


def test_a_pot_that_is_a_penny_short_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.year import allocation as arithmetic

    original = arithmetic.allocate

    def spoilt(*given: Any) -> Any:
        grants = original(*given)
        lines = {**grants.lines, "basic": grants.lines["basic"].copy()}
        lines["basic"][4] -= 1
        total, from_pot = grants.total.copy(), grants.from_pot.copy()
        total[4] -= 1
        from_pot[4] -= 1
        return replace(grants, lines=lines, total=total, from_pot=from_pot)

    monkeypatch.setattr(arithmetic, "allocate", spoilt)
    model = worlds.model()
    said = r"pot 0 of \d+ pence is missed by 1 pence.*school year ending 2025"
    with pytest.raises(InvariantBroken, match=said):
        model.run()
    model.close()


def test_a_run_that_breaks_a_law_leaves_nothing_behind(
    broken: Callable[[Process, Break], SchoolsModel], tmp_path: Path
) -> None:
    broken(admissions.admit, lose_a_child)
    with pytest.raises(InvariantBroken, match="nothing is recorded"):
        api.run("baseline", *worlds.TINY, f"machine.outputs={tmp_path}")
    assert not Store(tmp_path / "cells").digests()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
