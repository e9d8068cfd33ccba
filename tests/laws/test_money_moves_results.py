"""New money for all moves results at 16 as far as trials and records say, and then fades."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.laws import worlds

PAID, LAG = 4, 2
LAST = PAID + LAG
REPLICATES = 4
LONG = "years=8"


def gain(replicate: int, total: str, number: str, scale: str | None = None) -> xr.DataArray:
    """What GBP 1,000 more a pupil in years 1 to 4 does to a mean result, by year."""
    means = []
    for scenario in ("raise_all", "baseline"):
        found = worlds.cell(scenario, LONG, replicate=replicate)
        sums = found[[total, number]].sum(["area", "group"])
        means.append(sums[total] / sums[number])
    unit = float(worlds.cell("baseline", LONG, replicate=replicate)[scale]) if scale else 1.0
    return (means[0] - means[1]) / unit


@pytest.fixture(scope="module")
def at_16() -> xr.DataArray:
    """Gain in Attainment 8, pupil SD of year 0, by replicate and year."""
    found = [gain(r, "attainment8_sum", "ks4_n", "attainment8_sd") for r in range(REPLICATES)]
    return xr.concat(found, "replicate")


def test_a_thousand_pounds_for_four_years_gives_what_evidence_says(at_16: xr.DataArray) -> None:
    last = at_16.sel(year=LAST)
    assert 0.02 <= float(last.mean()) <= 0.06
    assert float(last.std()) / np.sqrt(REPLICATES) < 0.002
    assert ((last > 0.015) & (last < 0.065)).all()


def test_it_comes_with_its_lag_peaks_with_the_last_pound_and_fades(at_16: xr.DataArray) -> None:
    gains = at_16.mean("replicate")
    early = gains.sel(year=slice(-3, LAG))
    assert (gains.sel(year=slice(-3, 0)) == 0).all()
    assert float(early.max()) < 0.1 * float(gains.max())
    assert gains["year"].values[np.argmax(gains.values)] == LAST
    assert 0 < float(gains.sel(year=LAST + 2)) < float(gains.sel(year=LAST))


def test_it_gives_at_11_what_it_gives_at_16() -> None:
    at_11 = float(gain(0, "ks2_sum", "ks2_n").sel(year=LAST))
    assert 0.015 < at_11 < 0.06


def test_the_lag_is_the_one_believed() -> None:
    assert round(worlds.settings().beliefs.values.money.lag) == LAG
