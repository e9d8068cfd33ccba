"""After school too England holds still without policy: targets 24 to 32 and 38 do not drift."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sim.config import compose
from sim.data import facts
from sim.evidence.after_school import after_school
from sim.model import SchoolsModel
from sim.study.cells import at

REPLICATES = 4
YEARS = 22
BEFORE, AFTER = (-4, 0), (18, 22)
WORLD = ("world=tenth", "falling_rolls=false", f"years={YEARS}")
TARGETS = {
    target.name: (target.tolerance[1] - target.tolerance[0]) / 4
    for target in facts.targets()
    if target.stage == "after school" and target.kind != "pattern"
}
"""Half the tolerance to one side of each target after school that 25 areas can show."""


@lru_cache(maxsize=1)
def readings() -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Every reading of the baseline, (replicate, year -5 to 22)."""
    every: list[list[dict[str, float]]] = []
    for replicate in range(REPLICATES):
        found: list[dict[str, float]] = []
        model = SchoolsModel(at(compose("baseline", WORLD), 0, replicate))
        model.watch = lambda now, found=found: found.append(after_school(now))
        model.run()
        model.close()
        every.append(found)
    return {name: np.array([[y[name] for y in found] for found in every]) for name in every[0][0]}


def mean(name: str, window: tuple[int, int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Mean over years of each replicate."""
    values = readings()[name]
    first = YEARS + 1 - values.shape[1]
    return values[:, window[0] - first : window[1] - first + 1].mean(axis=1)


@pytest.mark.slow
def test_the_tenth_shows_every_target_after_school() -> None:
    assert set(TARGETS) <= set(readings())


KNOWN_TO_DRIFT = {
    "offer_deficit": "by 4.0 points (standard error 0.8) against 3.0. It is not new: on the ground "
    "before universities stood where they are it was 2.85 (1.4). A miss, told in docs/limits.md",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=KNOWN_TO_DRIFT[name], strict=True))
        if name in KNOWN_TO_DRIFT
        else name
        for name in TARGETS
    ],
)
def test_no_target_after_school_drifts_over_22_years_without_policy(name: str) -> None:
    drift = float((mean(name, AFTER) - mean(name, BEFORE)).mean())
    print(name, round(drift, 3), TARGETS[name])
    assert abs(drift) < TARGETS[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_the_first_policy_year_is_no_jump_after_school(name: str) -> None:
    """Three years against three: of one year, so few get an offer that luck alone says more."""
    jump = mean(name, (1, 3)) - mean(name, (-2, 0))
    error = float(jump.std(ddof=1)) / np.sqrt(REPLICATES)
    print(name, round(float(jump.mean()), 3), round(error, 3), TARGETS[name])
    assert abs(float(jump.mean())) < TARGETS[name] + error
