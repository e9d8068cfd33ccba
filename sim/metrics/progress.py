"""Progress: results against what the same start led to in year 0."""

from __future__ import annotations

import xarray as xr

from sim.metrics.attainment import MINIMUM_SD
from sim.registry import MEASURES
from sim.tabulate.aggregate import contrast

__all__ = ["ks2_progress", "progress8", "progress8_gap"]


@MEASURES.add(
    "ks2_progress",
    title="Progress from 5 to 11",
    unit="SD",
    direction="up",
    shelf="attainment",
    age="ks2",
    needs=("ks2_progress_sum", "ks2_progress_n"),
    minimum=MINIMUM_SD,
)
def ks2_progress(sums: xr.Dataset) -> xr.DataArray:
    """Mean score at 11 less the year-0 expectation given the score at 5, in year-0 pupil SD.

    Pupils who came to England after Reception have no progress and are left out.

    >>> from sim.tabulate.aggregate import by_group
    >>> ks2_progress(by_group({"ks2_progress_sum": {"deep_long": -5},
    ...     "ks2_progress_n": {"deep_long": 20}})).sel(group="disadvantaged").item()
    -0.25
    """
    return sums["ks2_progress_sum"] / sums["ks2_progress_n"]


@MEASURES.add(
    "progress8",
    title="Progress 8",
    unit="grades",
    direction="up",
    shelf="attainment",
    age="ks4",
    needs=("progress8_sum", "progress8_n"),
    minimum=0.042,
)
def progress8(sums: xr.Dataset) -> xr.DataArray:
    """Mean of (Attainment 8 less its year-0 expectation given key stage 2) / 10.

    The expectation is frozen in year 0, so that everybody can make more progress at once. Pupils
    who came to England after Year 6 never sat key stage 2 and are left out, as in the published
    measure.

    >>> from sim.tabulate.aggregate import by_group
    >>> progress8(by_group({"progress8_sum": {"deep_long": -11.4},
    ...     "progress8_n": {"deep_long": 20}})).sel(group="disadvantaged").round(6).item()
    -0.57
    """
    return sums["progress8_sum"] / sums["progress8_n"]


@MEASURES.add(
    "progress8_gap",
    title="Progress 8 gap (others minus disadvantaged)",
    unit="grades",
    direction="down",
    shelf="attainment",
    age="ks4",
    needs=("progress8_sum", "progress8_n"),
    minimum=0.042,
)
def progress8_gap(sums: xr.Dataset) -> xr.DataArray:
    """Progress 8 of others minus that of disadvantaged pupils of the same place.

    >>> from sim.tabulate.aggregate import by_group
    >>> progress8_gap(by_group({"progress8_sum": {"other": 16, "deep_long": -57},
    ...     "progress8_n": {"other": 100, "deep_long": 100}})).round(6).item()
    0.73
    """
    return contrast(progress8(sums), "other", "disadvantaged")
