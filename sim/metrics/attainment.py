"""Levels at 5, 11 and 16."""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES

__all__ = [
    "MINIMUM_POINTS",
    "MINIMUM_SD",
    "attainment8",
    "early_pass_rate",
    "early_years_score",
    "english_maths_rate",
    "ks2_pass_rate",
    "ks2_score",
]

MINIMUM_POINTS = 0.42
"""Smallest difference in Attainment 8 that matters: 0.02 SD."""
MINIMUM_SD = 0.02
"""Smallest difference that matters, in pupil SD (declared for KS4, used at 5 and 11 too)."""


@MEASURES.add(
    "early_years_score",
    title="Score at 5",
    unit="SD",
    direction="up",
    shelf="attainment",
    age="early",
    needs=("early_sum", "early_n"),
    minimum=MINIMUM_SD,
)
def early_years_score(sums: xr.Dataset) -> xr.DataArray:
    """Mean observed score at the end of Reception, in year-0 pupil SD.

    >>> from sim.tabulate.aggregate import by_group
    >>> early_years_score(by_group({"early_sum": {"other": 30, "deep_long": -20},
    ...     "early_n": {"other": 100, "deep_long": 40}})).sel(group="disadvantaged").item()
    -0.5
    """
    return sums["early_sum"] / sums["early_n"]


@MEASURES.add(
    "early_pass_rate",
    title="Good level of development at 5",
    unit="share",
    direction="up",
    shelf="attainment",
    age="early",
    needs=("early_pass", "early_n"),
)
def early_pass_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of children with a good level of development at the end of Reception.

    >>> from sim.tabulate.aggregate import by_group
    >>> early_pass_rate(by_group({"early_pass": {"other": 72}, "early_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.72
    """
    return sums["early_pass"] / sums["early_n"]


@MEASURES.add(
    "ks2_score",
    title="Key stage 2 score",
    unit="SD",
    direction="up",
    shelf="attainment",
    age="ks2",
    needs=("ks2_sum", "ks2_n"),
    minimum=MINIMUM_SD,
)
def ks2_score(sums: xr.Dataset) -> xr.DataArray:
    """Mean observed score at 11, in year-0 pupil SD.

    >>> from sim.tabulate.aggregate import by_group
    >>> ks2_score(by_group({"ks2_sum": {"deep_short": -10}, "ks2_n": {"deep_short": 20}})
    ...     ).sel(group="disadvantaged").item()
    -0.5
    """
    return sums["ks2_sum"] / sums["ks2_n"]


@MEASURES.add(
    "ks2_pass_rate",
    title="Expected standard in reading, writing and maths at 11",
    unit="share",
    direction="up",
    shelf="attainment",
    age="ks2",
    needs=("ks2_pass", "ks2_n"),
)
def ks2_pass_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of pupils at the expected standard in reading, writing and maths at 11.

    >>> from sim.tabulate.aggregate import by_group
    >>> ks2_pass_rate(by_group({"ks2_pass": {"deep_long": 46}, "ks2_n": {"deep_long": 100}})
    ...     ).sel(group="disadvantaged").item()
    0.46
    """
    return sums["ks2_pass"] / sums["ks2_n"]


@MEASURES.add(
    "attainment8",
    title="Attainment 8",
    unit="points",
    direction="up",
    shelf="attainment",
    age="ks4",
    needs=("attainment8_sum", "ks4_n"),
    minimum=MINIMUM_POINTS,
)
def attainment8(sums: xr.Dataset) -> xr.DataArray:
    """Mean Attainment 8 at 16. The smallest difference that matters is 0.02 SD = 0.42 points.

    >>> from sim.tabulate.aggregate import by_group
    >>> attainment8(by_group({"attainment8_sum": {"shallow_short": 360, "deep_long": 320},
    ...     "ks4_n": {"shallow_short": 10, "deep_long": 10}})).sel(group="disadvantaged").item()
    34.0
    """
    return sums["attainment8_sum"] / sums["ks4_n"]


@MEASURES.add(
    "english_maths_rate",
    title="Grade 4 or better in English and maths",
    unit="share",
    direction="up",
    shelf="attainment",
    age="ks4",
    needs=("english_maths_pass", "ks4_n"),
)
def english_maths_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of pupils with grade 4 or better in both English and maths at 16.

    >>> from sim.tabulate.aggregate import by_group
    >>> english_maths_rate(by_group({"english_maths_pass": {"other": 70, "deep_long": 44},
    ...     "ks4_n": {"other": 100, "deep_long": 100}})).sel(group="all").item()
    0.57
    """
    return sums["english_maths_pass"] / sums["ks4_n"]
