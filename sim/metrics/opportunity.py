"""The opportunity index: chances children are given, in the spread of year-0 pupils."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import xarray as xr

from sim.registry import MEASURES

__all__ = ["opportunity_index", "opportunity_index_inputs", "opportunity_parts"]

_NEEDS = (
    "need_adjusted_sum",
    "quality_sum",
    "good_school_n",
    "pupils",
    "need_adjusted_sd",
    "quality_sd",
)
_MISSING = "partial: without post-16 options in reach (needs process 7)"


def opportunity_parts(sums: xr.Dataset) -> xr.Dataset:
    """Return each component, less what others had nationally in year 0.

    Pounds, teachers and attainment in year-0 pupil SD, a good school in reach in probits.
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
        "good_school": _probit(school) - _probit(school_0),
    }
    if "attainment8_sum" in sums:
        result = sums["attainment8_sum"] / sums["ks4_n"]
        yardstick = sums["reference_attainment8_sum"] / sums["reference_ks4_n"]
        parts["attainment"] = (result - yardstick) / sums["attainment8_sd"]
    return xr.Dataset(parts)


def _probit(share: xr.DataArray) -> xr.DataArray:
    """Normal quantile of a share; shares of 0 and 1 are taken as half a per mille off them."""
    inside = np.clip(np.nan_to_num(share.values, nan=0.5), 0.0005, 0.9995)
    inverse = np.vectorize(NormalDist().inv_cdf, otypes=[float])
    return share.copy(data=inverse(inside)).where(share.notnull())


def _mean(parts: xr.Dataset) -> xr.DataArray:
    return parts.to_dataarray("part").mean("part", skipna=False)


@MEASURES.add(
    "opportunity_index",
    title="Opportunity index",
    unit="year-0 pupil SD",
    direction="up",
    shelf="opportunity",
    age="ks4",
    reference=True,
    partial=_MISSING,
    needs=(*_NEEDS, "attainment8_sum", "ks4_n", "attainment8_sd"),
)
def opportunity_index(sums: xr.Dataset) -> xr.DataArray:
    """Mean of the components that exist, each against others nationally in year 0.

    Need-adjusted pounds, expected teacher quality, a good school in reach, attainment at 16, with
    equal weights; ``opportunity_parts`` gives them one by one. Post-16 options join in part two.

    A group one SD below in attainment, half an SD above in pounds, like others otherwise:

    >>> opportunity_index(_example()).sel(group="disadvantaged").item()
    -0.125
    """
    return _mean(opportunity_parts(sums))


@MEASURES.add(
    "opportunity_index_inputs",
    title="Opportunity index without attainment",
    unit="year-0 pupil SD",
    direction="up",
    shelf="opportunity",
    reference=True,
    needs=_NEEDS,
    partial=_MISSING,
)
def opportunity_index_inputs(sums: xr.Dataset) -> xr.DataArray:
    """The same without attainment: what is offered, not what came of it.

    >>> opportunity_index_inputs(_example().drop_vars("attainment8_sum")
    ...     ).sel(group="disadvantaged").round(4).item()
    0.1667
    """
    return _mean(opportunity_parts(sums))


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
    }
    year_0 = {
        "need_adjusted_sum": 5_000_000.0,
        "quality_sum": 0.0,
        "good_school_n": 800.0,
        "pupils": 1000.0,
        "attainment8_sum": 5000.0,
        "ks4_n": 100.0,
    }
    sd = {"need_adjusted_sd": 600.0, "quality_sd": 0.4, "attainment8_sd": 21.0}
    reference = {f"reference_{n}": v for n, v in year_0.items()}
    return by_group({n: {"deep_long": v} for n, v in sums.items()}, {**sd, **reference})
