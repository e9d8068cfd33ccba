"""Without policy England holds still: no reading drifts over 22 years, and year 1 is no jump."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pytest

from sim.config import compose
from sim.data import facts
from sim.evidence.results import attainment
from sim.evidence.scorecard import ONLY_ENGLAND
from sim.evidence.structure import structure
from sim.model import SchoolsModel
from sim.study.cells import at

REPLICATES = 4
YEARS = 22
BEFORE, AFTER = (-4, 0), (18, 22)
WORLD = ("world=tenth", "falling_rolls=false", f"years={YEARS}")


def targets() -> Iterator[tuple[str, float]]:
    """Names of the targets that 25 areas can show, and half their tolerance to one side."""
    for target in facts.targets():
        if target.stage == "after school" or target.kind == "unfitted":
            continue
        if target.number not in ONLY_ENGLAND and "region" not in target.name:
            low, high = target.tolerance
            yield target.name, (high - low) / 4


TARGETS = dict(targets())


@lru_cache(maxsize=1)
def readings() -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Every reading of the baseline, (replicate, year -5 to 22)."""
    every: list[dict[str, list[float]]] = []
    for replicate in range(REPLICATES):
        found: dict[str, list[float]] = {}

        def watch(model: SchoolsModel, found: dict[str, list[float]] = found) -> None:
            for name, value in {**structure(model), **attainment(model)}.items():
                found.setdefault(name, []).append(value)

        model = SchoolsModel(at(compose("baseline", WORLD), 0, replicate))
        model.watch = watch
        model.run()
        model.close()
        every.append(found)
    whole = len(every[0]["fsm_rate_all"])
    names = [n for n in every[0] if all(len(found.get(n, ())) == whole for found in every)]
    return {name: np.array([found[name] for found in every]) for name in names}


def mean(name: str, window: tuple[int, int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Mean over years of each replicate."""
    values = readings()[name]
    first = YEARS + 1 - values.shape[1]
    return values[:, window[0] - first : window[1] - first + 1].mean(axis=1)


@pytest.mark.slow
def test_the_tenth_shows_most_targets() -> None:
    shown = set(TARGETS) & set(readings())
    assert {"attainment8_mean", "attainment8_gap", "gap_index_ks4", "fsm_rate_all"} <= shown
    assert len(shown) > 35


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_no_target_drifts_over_22_years_without_policy(name: str) -> None:
    if name not in readings():
        pytest.skip("25 areas cannot show it")
    """Within half its tolerance, and a standard error: areas walk, and here there are few."""
    drift = mean(name, AFTER) - mean(name, BEFORE)
    error = float(drift.std(ddof=1)) / np.sqrt(REPLICATES)
    assert abs(float(drift.mean())) < TARGETS[name] + error


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_the_first_policy_year_is_no_jump(name: str) -> None:
    if name not in readings():
        pytest.skip("25 areas cannot show it")
    jump = mean(name, (1, 1)) - mean(name, (0, 0))
    error = float(jump.std(ddof=1)) / np.sqrt(REPLICATES)
    assert abs(float(jump.mean())) < TARGETS[name] + error
