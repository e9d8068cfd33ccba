"""A belief is a response if it moves a difference between policies, and a level belief if not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config import compose
from sim.study.doubt import (
    SHARE,
    Change,
    largest_change,
    measure_doubt,
    movable,
    moved,
    read_table,
    write_table,
)

BELIEFS = compose("baseline").beliefs
FOUND = read_table()
KEY = ("attainment8", "All areas", "flat")
JOBS = ("professional_job_rate", "All areas", "pupil_need")


@pytest.mark.parametrize("group", BELIEFS.records)
def test_the_kind_of_each_belief_is_what_moving_it_shows(group: str) -> None:
    absent = []
    for name, belief in BELIEFS.records[group].items():
        key = f"{group}.{name}"
        if key in FOUND:
            assert belief.kind == FOUND[key].kind, f"{key}: {FOUND[key].share:.3f} of what matters"
        elif key in movable(BELIEFS):
            absent.append(key)
        else:
            assert belief.kind == "level", f"{key} has one value only: no draw can move it"
    if absent:
        pytest.skip(f"sim/tables/doubt.csv lacks {len(absent)}: {', '.join(absent[:3])}, ...")


def test_no_row_of_the_table_is_of_a_belief_that_is_gone() -> None:
    assert set(FOUND) <= set(movable(BELIEFS))


def test_one_belief_is_moved_to_its_end_and_no_other() -> None:
    for key in movable(BELIEFS):
        group, name = key.split(".")
        for end in ("low", "high"):
            there = moved(BELIEFS, key, end)  # type: ignore[arg-type]
            assert there.records[group][name].value == getattr(BELIEFS.records[group][name], end)
            changed = [
                f"{g}.{n}"
                for g, named in there.records.items()
                for n, belief in named.items()
                if belief is not BELIEFS.records[g][n]
            ]
            assert changed == [key]


def test_the_largest_change_is_counted_by_what_matters() -> None:
    """0.1 points of Attainment 8 are 0.24 of 0.42; 0.2 percentage points of jobs 0.67 of 0.3."""
    central = {KEY: 1.0, JOBS: 0.01}
    ends = {"low": {KEY: 1.1, JOBS: 0.01}, "high": {KEY: 0.95, JOBS: 0.012}}
    found = largest_change("money.x", central, ends)  # type: ignore[arg-type]
    assert (found.measure, found.policy, found.end) == (JOBS[0], "pupil_need", "high")
    assert found.share == pytest.approx(2 / 3)
    assert found.kind == "response"


@given(st.floats(-0.5, 0.5))
def test_a_tenth_of_what_matters_divides_response_from_level(change: float) -> None:
    found = largest_change("a.b", {KEY: 0.0}, {"low": {KEY: change}})
    assert found.kind == ("response" if abs(change) / 0.42 > SHARE else "level")


def test_nothing_that_changed_is_a_level_belief() -> None:
    nan = float("nan")
    assert largest_change("a.b", {KEY: nan}, {"low": {KEY: nan}}).kind == "level"


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [Change("a.b", 0.05, 0.021, *KEY, "low"), Change("a.c", 0.5, -0.21, *KEY, "high")]
    path = tmp_path / "doubt.csv"
    write_table(rows, path)
    assert read_table(path) == {one.belief: one for one in rows}
    assert path.read_text().splitlines()[1].startswith("a.c,"), "the strongest first"
    assert read_table(tmp_path / "none.csv") == {}


@pytest.mark.slow
def test_what_a_pound_teaches_is_a_response_and_cells_are_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["world=tiny", f"machine.outputs='{tmp_path}'", "machine.threads=1"]
    (found,) = measure_doubt(["money.return_per_thousand"], words)
    assert isinstance(found, Change)
    assert found.kind == "response"
    assert len(list((tmp_path / "cells").rglob("*.nc"))) == 9

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it ran again")

    monkeypatch.setattr("sim.study.cells.simulate", never)
    assert list(measure_doubt(["money.return_per_thousand"], words)) == [found]
