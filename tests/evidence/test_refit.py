"""The script that fits beliefs runs, and the scale of marks that it measures stays what it is."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

REFIT = Path(__file__).parents[2] / "benchmarks" / "refit.py"


@pytest.mark.slow
def test_marks_on_the_scale_that_was_measured_measure_the_same_scale() -> None:
    refit = runpy.run_path(str(REFIT))
    first = refit["read"]("tiny", {}, "default", 0)
    scale = {f"assessment.{name}": values for name, values in first["marks"].items()}
    again = refit["read"]("tiny", scale, "default", 0)
    for name, values in first["marks"].items():
        assert again["marks"][name] == pytest.approx(values, abs=0.002)
    assert again["readings"]["attainment8_sd"] == pytest.approx(
        first["readings"]["attainment8_sd"], rel=1e-4
    )
    assert set(refit["TARGETS"]) - set(first["readings"]) == set()
