"""A dose that no study of money has seen is told and marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.funding.doses import EVIDENCE_GBP, dose_mark
from sim.tabulate import evaluate
from tests.example import example_dataset


def paying(pounds: float) -> Any:
    """Example cells in which ``flat`` pays this much for each disadvantaged pupil reached."""
    cells = example_dataset(["baseline", "flat"], years=3).copy(deep=True)
    paid = (cells["scenario"] == "flat") & (cells["year"] > 0)
    pupils = cells["pupils"].astype(float)
    poor = pupils.sel(group=[g for g in cells["group"].values if g != "other"]).sum("group")
    spread = poor * pounds * pupils / pupils.sum("group")
    cells["targeted_sum"] = spread.where(paid, 0.0).transpose(*cells["pupils"].dims)
    cells["targeted_reached"] = cells["pupils"].where(paid, 0).transpose(*cells["pupils"].dims)
    return cells


def doses(pounds: float) -> Any:
    """Pounds a pupil reached in the last year, by cell, with each cell's scenario."""
    return evaluate(paying(pounds), "pounds_per_pupil_reached", years=3).squeeze()


def test_pounds_for_each_disadvantaged_pupil_reached() -> None:
    dose = doses(1_000.0)
    flat = dose["scenario"].values == "flat"
    ran = dose.values[flat]
    assert ran.size
    assert np.allclose(ran, 1_000)
    assert np.isnan(dose.values[~flat]).all()


@pytest.mark.parametrize(("pounds", "marked"), [(500.0, False), (2_999.0, False), (33_703.0, True)])
def test_a_dose_is_marked_where_the_evidence_ends(pounds: float, marked: bool) -> None:
    largest = float(doses(pounds).max())
    assert largest == pytest.approx(pounds)
    assert bool(dose_mark(largest)) == marked


def test_the_mark_says_where_the_evidence_ends_and_whose_it_is() -> None:
    told = dose_mark(33_703.0)
    assert "GBP 33,703" in told
    assert f"GBP {EVIDENCE_GBP:,}" in told
    assert "Jackson and Mackevicius" in told
