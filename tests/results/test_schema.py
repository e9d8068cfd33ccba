import numpy as np
import pytest

from sim.config import compose
from sim.record.adult_variables import AFTER_16, BANDS, PAY_BANDS
from sim.record.variables import (
    AT_SCHOOL,
    BINS,
    COORDINATES,
    FULL_EXPOSURE,
    HISTOGRAM_RANGE,
    MONEY_LAG,
    STAGES,
    VARIABLES,
    bin_edges,
    exposure,
)
from tests.record.plain import band_of, bin_of, pay_band_of


def test_every_variable_says_what_it_is() -> None:
    for v in [*VARIABLES.values(), *COORDINATES.values()]:
        assert v.unit and v.meaning, v.name
        assert v.dtype == "str" or np.dtype(v.dtype).itemsize
        assert all(d in COORDINATES for d in v.dims), v.name


def test_sums_by_area_have_a_twin_by_quarter() -> None:
    at_school = {there for there in AT_SCHOOL.values() if there.endswith("_s")}
    by_area = [v for v in VARIABLES.values() if {"area", "group"} <= set(v.dims) and not v.flag]
    by_area = [v for v in by_area if v.name not in at_school]
    for v in by_area:
        assert VARIABLES[f"{v.name}_q"].dims == ("year", "quarter", *v.dims[2:])
        assert v.dims[:3] == ("year", "area", "group")


@pytest.mark.parametrize(
    ("stage", "first_full"),
    [("early", 3), ("ks2", 9), ("ks4", 14), ("age19", 17), ("age25", 23), ("age30", 28)],
)
def test_exposure_is_full_when_money_acted_on_a_child_from_reception(
    stage: str, first_full: int
) -> None:
    lived = exposure(stage, range(-3, 31))
    assert lived[:4].tolist() == [0, 0, 0, 0]
    assert lived.max() == min(first_full - MONEY_LAG, 12)
    assert np.flatnonzero(lived == lived.max())[0] == FULL_EXPOSURE[stage] + 3 == first_full + 3


def test_the_lag_of_exposure_is_that_of_the_central_belief_on_money() -> None:
    assert compose("baseline", []).beliefs.values.money.lag == MONEY_LAG


def test_the_default_run_reaches_jobs_at_25() -> None:
    assert compose("baseline", []).years >= FULL_EXPOSURE["age25"] + 1


def test_a_cohort_keeps_its_school_years_as_it_grows_older() -> None:
    left_school = np.arange(-3, 16)
    at_16 = exposure("ks4", left_school)
    for age, years in AFTER_16.items():
        assert exposure(age, left_school + years).tolist() == at_16.tolist()


def test_bands_hold_every_score_and_every_pay() -> None:
    scores, pays = np.linspace(-4, 4, 999), np.linspace(0, 90_000, 999)
    assert set(band_of(scores)) == set(range(BANDS))
    assert set(pay_band_of(pays)) == set(range(PAY_BANDS))
    assert (pay_band_of(pays) == 0).sum() == (pays == 0).sum()


@pytest.mark.parametrize("stage", STAGES)
def test_every_result_falls_into_the_bin_whose_edges_hold_it(stage: str) -> None:
    low, high = HISTOGRAM_RANGE[stage]
    results = np.linspace(low - 1, high + 1, 4001)
    found = bin_of(stage, results)
    inside = (results >= low) & (results < high)
    expected = np.searchsorted(bin_edges(stage), results[inside], side="right") - 1
    assert np.abs(found[inside] - expected).max() <= 1  # a rounding error at an edge
    assert (found[inside] == expected).mean() > 0.99
    assert found[0] == 0
    assert found[-1] == BINS - 1
