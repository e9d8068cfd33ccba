"""The fit of learning runs, reads on a scale that stays, and its steps go where they should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.config import compose
from sim.evidence import fit_learning
from sim.evidence.fit_learning import HELD, LEVERS, TARGETS, Fit, Kept, Task, next_levers, read


@pytest.mark.slow
def test_marks_on_the_scale_that_was_measured_measure_the_same_scale(tmp_path: Path) -> None:
    fit = Fit(Kept(tmp_path / "kept", 1), "tiny", 1)
    start = fit_learning.beginning()
    first = read(Task("tiny", 0, tuple(sorted(start.items()))))
    marks = {"mark_mean": first.shown.middle, "mark_sd": first.shown.spread}
    scale = {f"assessment.{name}": tuple(map(float, value)) for name, value in marks.items()}
    (again,) = fit.read([start | scale])
    assert again.shown.middle == pytest.approx(first.shown.middle, abs=0.01)
    assert again.shown.spread == pytest.approx(first.shown.spread, abs=0.01)
    assert again.readings["attainment8_sd"] == pytest.approx(
        first.readings["attainment8_sd"], rel=2e-3
    )
    assert set(TARGETS) - set(first.readings) == set()
    assert Kept(tmp_path / "kept", 1).found.keys() == fit.kept.found.keys()


def test_a_step_of_the_fit_goes_to_the_least_squares_of_a_straight_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On readings that are a line of the levers a few steps are enough, within the ranges."""
    far = {name: lever._replace(start=0.0, spread=1e3) for name, lever in LEVERS.items()}
    monkeypatch.setattr(fit_learning, "LEVERS", far)
    monkeypatch.setattr(fit_learning, "bounds", lambda name: (-1.0, 1.0))
    draw = np.random.default_rng(1)
    slope = draw.standard_normal((len(TARGETS), len(far)))
    truth = draw.uniform(-0.8, 0.8, len(far))
    values: fit_learning.Given = dict.fromkeys(far, 0.0)
    for _ in range(2):
        now = np.array([fit_learning.number(values, name) for name in far])
        values |= next_levers(values, slope @ (now - truth), slope)
    found = [fit_learning.number(values, name) for name in far]
    assert found == pytest.approx(truth.tolist(), abs=1e-3)


def test_the_fit_begins_from_nothing_that_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it prints the same however often its values are put into the beliefs."""
    task = Task("tiny", 0, tuple(sorted(fit_learning.beginning().items())))
    first = fit_learning.settings_of(task).beliefs.values
    others = {name: lever.start + 0.1 * lever.spread for name, lever in LEVERS.items()}
    others |= {"learning.gap_early": "[-0.1,0.02,0.05,-0.02,-0.06]"}  # type: ignore[dict-item]
    elsewhere = [f"beliefs.{name}={value}" for name, value in others.items()]
    shipped = fit_learning.compose
    monkeypatch.setattr(
        fit_learning, "compose", lambda at, given: shipped(at, [*given, *elsewhere])
    )
    assert shipped("baseline", elsewhere).beliefs.values != shipped("baseline", []).beliefs.values
    assert tuple(sorted(fit_learning.beginning().items())) == task.values
    assert fit_learning.settings_of(task).beliefs.values == first


def test_without_evidence_a_lever_stays_where_it_began() -> None:
    values: fit_learning.Given = {name: lever.start + 0.01 for name, lever in LEVERS.items()}
    nothing = np.zeros((len(TARGETS), len(LEVERS)))
    after = next_levers(values, np.ones(len(TARGETS)), nothing)
    assert after == pytest.approx({n: lever.start for n, lever in LEVERS.items()}, abs=1e-4)


def test_what_is_held_is_what_the_records_say_and_every_lever_is_inside_its_range() -> None:
    records = compose("baseline", ["world=tiny"]).beliefs.records
    for name, value in HELD.items():
        group, _, belief = name.partition(".")
        assert records[group][belief].value == value, name
    for name, lever in LEVERS.items():
        low, high = fit_learning.bounds(name)
        assert low <= lever.start <= high, name
    assert not set(HELD) & set(LEVERS)
