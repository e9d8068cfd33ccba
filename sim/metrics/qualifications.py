"""Qualifications from 19 to 24: Level 2 and 3, higher education, degrees. All rates are raw."""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES

__all__ = [
    "MINIMUM_HE",
    "degree_completion_rate",
    "degree_rate",
    "good_degree_rate",
    "he_rate",
    "high_tariff_rate",
    "home_student_rate",
    "level2_rate",
    "level3_rate",
]

MINIMUM_HE = 0.005
"""Smallest difference in entry to higher education that matters: half a percentage point."""


@MEASURES.add(
    "level2_rate",
    title="Level 2 by 19",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age19",
    needs=("level2_n", "age19_n"),
)
def level2_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 19 with Level 2.

    >>> from sim.tabulate.aggregate import by_group
    >>> level2_rate(by_group({"level2_n": {"deep_long": 33}, "age19_n": {"deep_long": 50}})
    ...     ).sel(group="disadvantaged").item()
    0.66
    """
    return sums["level2_n"] / sums["age19_n"]


@MEASURES.add(
    "level3_rate",
    title="Level 3 by 19",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age19",
    needs=("level3_n", "age19_n"),
)
def level3_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 19 with Level 3, academic or technical.

    >>> from sim.tabulate.aggregate import by_group
    >>> level3_rate(by_group({"level3_n": {"other": 62}, "age19_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.62
    """
    return sums["level3_n"] / sums["age19_n"]


@MEASURES.add(
    "he_rate",
    title="Higher education by 19",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age19",
    needs=("he_n", "age19_n"),
    minimum=MINIMUM_HE,
)
def he_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 19 who have entered higher education.

    >>> from sim.tabulate.aggregate import by_group
    >>> he_rate(by_group({"he_n": {"other": 49, "deep_long": 15}, "age19_n": {"other": 100,
    ...     "deep_long": 50}})).sel(group="disadvantaged").item()
    0.3
    """
    return sums["he_n"] / sums["age19_n"]


@MEASURES.add(
    "high_tariff_rate",
    title="High-tariff higher education by 19",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age19",
    needs=("high_tariff_n", "age19_n"),
)
def high_tariff_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 19 who have entered a high-tariff university.

    >>> from sim.tabulate.aggregate import by_group
    >>> high_tariff_rate(by_group({"high_tariff_n": {"other": 15}, "age19_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.15
    """
    return sums["high_tariff_n"] / sums["age19_n"]


@MEASURES.add(
    "home_student_rate",
    title="Students who live at home",
    unit="share",
    direction="none",
    shelf="outcome",
    age="age19",
    needs=("he_home_n", "he_n"),
)
def home_student_rate(sums: xr.Dataset) -> xr.DataArray:
    """Of people in higher education by 19, those who live at home; neither good nor bad.

    >>> from sim.tabulate.aggregate import by_group
    >>> home_student_rate(by_group({"he_home_n": {"deep_long": 6}, "he_n": {"deep_long": 15}})
    ...     ).sel(group="disadvantaged").item()
    0.4
    """
    return sums["he_home_n"] / sums["he_n"]


@MEASURES.add(
    "degree_completion_rate",
    title="First degree by 24, of those who entered",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age24",
    needs=("completed_n", "entrants_n"),
)
def degree_completion_rate(sums: xr.Dataset) -> xr.DataArray:
    """Of people who entered higher education by 19, those with a first degree by 24.

    >>> from sim.tabulate.aggregate import by_group
    >>> degree_completion_rate(by_group({"completed_n": {"other": 45}, "entrants_n":
    ...     {"other": 50}})).sel(group="other").item()
    0.9
    """
    return sums["completed_n"] / sums["entrants_n"]


@MEASURES.add(
    "good_degree_rate",
    title="First or upper second class, of first degrees",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age24",
    needs=("good_degree_n", "completed_n"),
)
def good_degree_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of first degrees by 24 that are first or upper second class.

    >>> from sim.tabulate.aggregate import by_group
    >>> good_degree_rate(by_group({"good_degree_n": {"other": 36}, "completed_n":
    ...     {"other": 45}})).sel(group="other").item()
    0.8
    """
    return sums["good_degree_n"] / sums["completed_n"]


@MEASURES.add(
    "degree_rate",
    title="Degree by 24",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age24",
    needs=("degree_n", "age24_n"),
)
def degree_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 24 with a degree, those taken later than at the usual age included.

    >>> from sim.tabulate.aggregate import by_group
    >>> degree_rate(by_group({"degree_n": {"other": 42}, "age24_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.42
    """
    return sums["degree_n"] / sums["age24_n"]
