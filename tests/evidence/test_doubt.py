"""A belief is a response if it moves a difference between policies, and a level belief if not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config import compose
from sim.errors import WorkFailed
from sim.evidence import doubt
from sim.evidence.doubt import (
    BLOCKS,
    SHARE,
    Block,
    Change,
    Number,
    changes,
    design,
    effects,
    luck,
    movable,
    moved,
    read_table,
    untried,
    write_table,
)

BELIEFS = compose("baseline").beliefs
FOUND = read_table()
POINTS = Number("attainment8", "All areas", "gap_triggered")
JOBS = Number("professional_job_rate", "All areas", "pupil_need")


@pytest.mark.parametrize("group", BELIEFS.records)
def test_the_kind_of_each_belief_is_what_moving_it_shows(group: str) -> None:
    for name, belief in BELIEFS.records[group].items():
        key = f"{group}.{name}"
        if key not in movable(BELIEFS):
            assert belief.kind == "level", f"{key} has one value only: no draw can move it"
        elif belief.moves_switch:
            assert belief.kind == "level", f"{key} moves nothing: {belief.moves_switch} is off"
        elif key in FOUND:
            assert belief.kind == FOUND[key].kind, f"{key}: {FOUND[key].share:.3f} of what matters"
        else:
            assert belief.kind == "response", f"{key} is of a lever, or has not been measured"


def test_no_row_of_the_table_is_of_a_belief_that_is_gone() -> None:
    assert FOUND
    assert set(FOUND) <= {key for key in movable(BELIEFS) if not untried(key)}


def test_beliefs_that_are_named_move_to_their_ends_and_no_others() -> None:
    ends = {"money.saturation": "low", "plans.dose": "high"}
    there = moved(BELIEFS, ends)  # type: ignore[arg-type]
    changed = {
        f"{group}.{name}": belief.value
        for group, named in there.records.items()
        for name, belief in named.items()
        if belief is not BELIEFS.records[group][name]
    }
    money, plans = BELIEFS.records["money"], BELIEFS.records["plans"]
    assert changed == {
        "money.saturation": money["saturation"].low,
        "plans.dose": plans["dose"].high,
    }


@given(st.integers(1, 230))
def test_each_belief_is_high_in_half_of_the_rows_whatever_another_is(columns: int) -> None:
    signs = design(columns).astype(int)
    rows, wide = signs.shape
    assert wide >= columns and rows == wide + 1
    assert np.array_equal(signs.T @ signs, rows * np.eye(wide, dtype=int))
    assert np.array_equal(signs.sum(axis=0), np.zeros(wide))


def test_effects_are_found_again_to_the_last_digit() -> None:
    """Of y = 3 a - 2 b + 5, low to high: 6 and -4, and nothing for every other column."""
    signs = design(10)
    found = effects(signs, 5 + 3.0 * signs[:, 0] - 2.0 * signs[:, 1])
    assert np.allclose(found[:2], [6, -4])
    assert np.allclose(found[2:], 0)


@pytest.mark.parametrize("numbers", [1, 10])
def test_luck_is_passed_by_one_belief_in_ten_that_does_nothing(numbers: int) -> None:
    """Also where a few of the effects are large; with more numbers, the largest of them."""
    rng = np.random.default_rng(1)
    signs, passed = design(200), []
    for _ in range(60):
        noise = [effects(signs, rng.normal(0, 1, len(signs))) for _ in range(numbers)]
        for found in noise:
            found[:10] += 5
        over = [np.abs(found[10:]) > luck(found, numbers) for found in noise]
        passed.append(np.any(over, axis=0).mean())
    assert 0.07 < np.mean(passed) < 0.13


def test_the_change_that_matters_most_is_told_by_what_matters() -> None:
    """0.2 percentage points of jobs are 2/3 of 0.3; 0.1 points of Attainment 8 0.24 of 0.42."""
    rng = np.random.default_rng(2)
    signs = design(40)
    told = [
        {
            POINTS: 0.05 * row[0] + rng.normal(0, 0.01),
            JOBS: 0.001 * row[0] + rng.normal(0, 0.0001),
        }
        for row in signs.astype(float)
    ]
    first, *others = changes([f"a.b{i}" for i in range(30)], signs, told)
    assert (first.measure, first.policy) == (JOBS.measure, JOBS.policy)
    assert first.share == pytest.approx(2 / 3, rel=0.05)
    assert first.change == pytest.approx(0.002, rel=0.05)
    assert first.kind == "response"
    assert sum(one.share > one.luck for one in others) <= 6


def test_a_row_without_a_number_is_refused() -> None:
    told = [{POINTS: 1.0}] * 7 + [{POINTS: float("nan")}]
    with pytest.raises(WorkFailed, match="Row 7 of the design has no attainment8, All areas"):
        changes(["a.b"], design(5), told)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_response_moves_more_than_a_tenth_of_what_matters(share: float, by_luck: float) -> None:
    """Luck is told beside it and decides nothing: doubt is rather over- than understated."""
    found = Change("a.b", share, by_luck, 0.42 * share, *POINTS)
    assert found.kind == ("response" if share > SHARE else "level")


def test_every_belief_of_a_lever_is_a_response_and_every_other_is_in_one_block() -> None:
    every = movable(BELIEFS)
    blocks = [name for block in BLOCKS for name in block.beliefs(BELIEFS)]
    assert sorted([*blocks, *filter(untried, every)]) == sorted(every)
    costs = [name for name in every if name.endswith(("_cost", "_cost_gbp"))]
    assert costs and all(map(untried, costs))


def test_policies_of_a_block_share_everything_but_the_policy() -> None:
    for block in BLOCKS:
        baseline, *others = block.settings(["world=tiny"])
        assert baseline.scenario == "baseline" and others
        for one in others:
            same = {"scenario": baseline.scenario, "policy": baseline.policy}
            changed = {
                name
                for name in type(one).model_fields
                if getattr(one, name) != getattr(baseline, name)
            }
            assert changed <= {*same, "title", "question", "claims", "label"}, changed


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [
        Change("a.b", 0.05, 0.1, 0.021, *POINTS),
        Change("a.c", 0.5, 0.25, -0.0015, *JOBS),
    ]
    path = tmp_path / "doubt.csv"
    write_table(rows, path)
    assert read_table(path) == {one.belief: one for one in rows}
    assert path.read_text().splitlines()[1].startswith("a.c,"), "the strongest first"
    assert read_table(tmp_path / "none.csv") == {}


@pytest.mark.slow
def test_a_trial_runs_its_cells_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two beliefs, four rows of two policies; after one year there are no numbers yet."""
    block = Block("two", ("money",), ("gap_triggered",), 1)
    words = ["world=tiny", f"machine.outputs='{tmp_path}'"]
    monkeypatch.setattr(doubt, "_FEWEST", 2)
    monkeypatch.setattr(doubt, "_differences", lambda *_: {POINTS: 1.0})
    monkeypatch.setattr(doubt, "movable", lambda _: ["money.use_sd", "money.concentration"])
    first = doubt.measure_doubt(block, words, lambda *_: None)
    assert [one.belief for one in first] == ["money.use_sd", "money.concentration"]
    assert len(list((tmp_path / "cells").glob("*.nc"))) == 8

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it ran again")

    monkeypatch.setattr("sim.study.cells.simulate", never)
    assert doubt.measure_doubt(block, words, lambda *_: None) == first
