"""The opportunity index: chances children are given, in the spread of year-0 pupils."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import xarray as xr

from sim.registry import MEASURES

__all__ = [
    "MINIMUM_INDEX",
    "mean_of",
    "opportunity_components",
    "opportunity_index",
    "opportunity_index_inputs",
    "opportunity_parts",
    "probit",
    "side_by_side",
]

MINIMUM_INDEX = 0.02
"""Smallest difference of an index that matters: 0.02 of the unit its parts are in."""

_NEEDS = (
    "need_adjusted_sum",
    "quality_sum",
    "good_school_n",
    "pupils",
    "need_adjusted_sd",
    "quality_sd",
    "options_sum",
    "options_square",
    "post16_n",
)
_RESULTS = ("attainment8_sum", "ks4_n", "attainment8_sd")


def opportunity_components(sums: xr.Dataset) -> xr.Dataset:
    """Return each component, less what others had nationally in year 0.

    Pounds, teachers, post-16 options and attainment in year-0 pupil SD, a good school in reach in
    probits.
    """
    pupils, base = sums["pupils"], sums["reference_pupils"]

    def level(name: str) -> tuple[xr.DataArray, xr.DataArray]:
        return sums[name] / pupils, sums[f"reference_{name}"] / base

    pounds, pounds_0 = level("need_adjusted_sum")
    quality, quality_0 = level("quality_sum")
    school, school_0 = level("good_school_n")
    parts = {
        "pounds": (pounds - pounds_0) / sums["need_adjusted_sd"],
        "teachers": (quality - quality_0) / sums["quality_sd"],
        "good_school": probit(school) - probit(school_0),
        "post16_options": _options(sums),
    }
    if "attainment8_sum" in sums:
        result = sums["attainment8_sum"] / sums["ks4_n"]
        yardstick = sums["reference_attainment8_sum"] / sums["reference_ks4_n"]
        parts["attainment"] = (result - yardstick) / sums["attainment8_sd"]
    return xr.Dataset(parts)


def _options(sums: xr.Dataset) -> xr.DataArray:
    """Options in reach less what others had in year 0, in SD over all leavers of that year."""
    mean = sums["options_sum"] / sums["post16_n"]
    yardstick = sums["reference_options_sum"] / sums["reference_post16_n"]
    people = sums["standard_post16_n"]
    centre = sums["standard_options_sum"] / people
    variance = sums["standard_options_square"] / people - centre**2
    spread = variance.clip(min=0.0) ** 0.5
    # Where every leaver of year 0 has the same options in reach, nobody has more or fewer.
    apart: xr.DataArray = (mean - yardstick) / spread.where(spread > 1e-6, np.inf)
    return apart


def probit(share: xr.DataArray) -> xr.DataArray:
    """Normal quantile of a share; shares of 0 and 1 are taken as half a per mille off them."""
    inside = np.clip(np.nan_to_num(share.values, nan=0.5), 0.0005, 0.9995)
    inverse = np.vectorize(NormalDist().inv_cdf, otypes=[float])
    return share.copy(data=inverse(inside)).where(share.notnull())


def side_by_side(parts: xr.Dataset) -> xr.DataArray:
    """Put the components of an index side by side, along a dimension ``part``."""
    return parts.to_dataarray("part")


def mean_of(parts: xr.Dataset) -> xr.DataArray:
    """Return the mean of the components, equal weights; unknown where one is unknown."""
    return side_by_side(parts).mean("part", skipna=False)


@MEASURES.add(
    "opportunity_index",
    title="Opportunity index",
    unit="year-0 pupil SD",
    direction="up",
    shelf="opportunity",
    age="post16",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, *_RESULTS),
)
def opportunity_index(sums: xr.Dataset) -> xr.DataArray:
    """Mean of five components, each against others nationally in year 0.

    Need-adjusted pounds, expected teacher quality, a good school in reach, post-16 options in
    reach, attainment at 16, with equal weights; ``opportunity_parts`` gives them one by one. The
    options of a year are those of the people who were 16 the year before.

    A group one SD below in attainment, half an SD above in pounds, like others otherwise:

    >>> opportunity_index(_example()).sel(group="disadvantaged").item()
    -0.1
    """
    return mean_of(opportunity_components(sums))


@MEASURES.add(
    "opportunity_parts",
    title="Parts of the opportunity index",
    unit="year-0 pupil SD",
    direction="up",
    shelf="opportunity",
    age="post16",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, *_RESULTS),
)
def opportunity_parts(sums: xr.Dataset) -> xr.DataArray:
    """Return the components of ``opportunity_index`` one by one (dimension ``part``).

    >>> opportunity_parts(_example()).sel(group="disadvantaged", part="attainment").item()
    -1.0
    """
    return side_by_side(opportunity_components(sums))


@MEASURES.add(
    "opportunity_index_inputs",
    title="Opportunity index without attainment",
    unit="year-0 pupil SD",
    direction="up",
    shelf="opportunity",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=_NEEDS,
)
def opportunity_index_inputs(sums: xr.Dataset) -> xr.DataArray:
    """The same without attainment: what is offered, not what came of it.

    >>> opportunity_index_inputs(_example().drop_vars("attainment8_sum")
    ...     ).sel(group="disadvantaged").round(4).item()
    0.125
    """
    return mean_of(opportunity_components(sums))


def _example() -> xr.Dataset:
    """One place with 100 disadvantaged pupils, for the worked examples."""
    from sim.metrics.aggregate import by_group

    sums = {
        "need_adjusted_sum": 530_000.0,
        "quality_sum": 0.0,
        "good_school_n": 80.0,
        "pupils": 100.0,
        "attainment8_sum": 290.0,
        "ks4_n": 10.0,
        "options_sum": 30.0,
        "options_square": 95.0,
        "post16_n": 10.0,
    }
    year_0 = {
        "need_adjusted_sum": 5_000_000.0,
        "quality_sum": 0.0,
        "good_school_n": 800.0,
        "pupils": 1000.0,
        "attainment8_sum": 5000.0,
        "ks4_n": 100.0,
        "options_sum": 300.0,
        "options_square": 950.0,
        "post16_n": 100.0,
    }
    sd = {"need_adjusted_sd": 600.0, "quality_sd": 0.4, "attainment8_sd": 21.0}
    reference = {f"reference_{n}": v for n, v in year_0.items()}
    standard = {f"standard_{n}": v for n, v in year_0.items()}
    parts = {n: {"deep_long": v} for n, v in sums.items()}
    return by_group(parts, {**sd, **reference, **standard})
