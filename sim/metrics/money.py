"""Pounds: how many, adjusted for what they buy and for whom they must do."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.registry import MEASURES
from sim.tabulate.aggregate import contrast

__all__ = [
    "funding_per_pupil",
    "need_adjusted_pounds",
    "resource_gap",
    "resource_mcloone",
    "resource_theil",
]


@MEASURES.add(
    "funding_per_pupil",
    title="School money per pupil",
    unit="GBP a year, 2024-25 prices",
    direction="none",
    shelf="opportunity",
    needs=("pounds_sum", "pupils"),
)
def funding_per_pupil(sums: xr.Dataset) -> xr.DataArray:
    """Pounds per pupil of the schools that pupils attend, premium and targeted money included.

    >>> from sim.tabulate.aggregate import by_group
    >>> funding_per_pupil(by_group({"pounds_sum": {"other": 600_000, "deep_long": 140_000},
    ...     "pupils": {"other": 100, "deep_long": 20}})).sel(group="disadvantaged").item()
    7000.0
    """
    return sums["pounds_sum"] / sums["pupils"]


@MEASURES.add(
    "need_adjusted_pounds",
    title="Need-adjusted school money",
    direction="none",
    unit="GBP a year per need-weighted pupil, 2024-25 prices",
    shelf="opportunity",
    needs=("need_adjusted_sum", "pupils"),
)
def need_adjusted_pounds(sums: xr.Dataset) -> xr.DataArray:
    """Cost-adjusted pounds per need-weighted pupil of the schools that pupils attend.

    A school of 80 others and 20 disadvantaged pupils (need weight 1.5) with 660,000 cost-adjusted
    pounds has 6,000 for each of its 110 need-weighted pupils; all of its pupils count that.

    >>> from sim.tabulate.aggregate import by_group
    >>> need_adjusted_pounds(by_group({"need_adjusted_sum": {"other": 480_000, "deep_long":
    ...     120_000}, "pupils": {"other": 80, "deep_long": 20}})).sel(group="all").item()
    6000.0
    """
    return sums["need_adjusted_sum"] / sums["pupils"]


@MEASURES.add(
    "resource_gap",
    title="Need-adjusted resource gap (disadvantaged minus others)",
    unit="GBP a year per need-weighted pupil, 2024-25 prices",
    direction="up",
    shelf="opportunity",
    needs=("need_adjusted_sum", "pupils"),
)
def resource_gap(sums: xr.Dataset) -> xr.DataArray:
    """Need-adjusted pounds at the schools of disadvantaged pupils minus those of others.

    Zero means that money rises with need exactly as the need weight says; below zero, schools
    with more disadvantaged pupils have less for each unit of need.

    >>> from sim.tabulate.aggregate import by_group
    >>> resource_gap(by_group({"need_adjusted_sum": {"other": 480_000, "deep_long": 117_000},
    ...     "pupils": {"other": 80, "deep_long": 20}})).item()
    -150.0
    """
    return contrast(need_adjusted_pounds(sums), "disadvantaged", "other")


def _area_pounds(sums: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray]:
    """Need-adjusted pounds of each area and the need-weighted pupils it stands for."""
    need = sums["need_weight_sum"].sel(group="all", drop=True)
    pounds = sums["cost_adjusted_sum"].sel(group="all", drop=True) / need
    return pounds, need * sums["weight"]


@MEASURES.add(
    "resource_theil",
    title="Inequality of need-adjusted money between areas (Theil)",
    unit="Theil T",
    direction="down",
    shelf="opportunity",
    by=("england",),
    across=True,
    needs=("cost_adjusted_sum", "need_weight_sum"),
)
def resource_theil(sums: xr.Dataset) -> xr.DataArray:
    """Theil T of cost-adjusted pounds per need-weighted pupil over areas, weighted by need.

    Mean of (r / m) ln(r / m). Of pounds only: a ratio index of standardised scores has no meaning.

    Two areas of equal need with 5,000 and 7,000 pounds, m = 6,000:

    >>> resource_theil(_two_areas(5000, 7000)).round(6).item()
    0.013954
    """
    pounds, weight = _area_pounds(sums)
    mean = (pounds * weight).sum("place") / weight.sum("place")
    ratio = pounds / mean
    return (ratio * np.log(ratio) * weight).sum("place") / weight.sum("place")


@MEASURES.add(
    "resource_mcloone",
    title="Adequacy of need-adjusted money below the median area (McLoone)",
    unit="share of the median",
    direction="up",
    shelf="opportunity",
    by=("england",),
    across=True,
    needs=("cost_adjusted_sum", "need_weight_sum"),
)
def resource_mcloone(sums: xr.Dataset) -> xr.DataArray:
    """McLoone index: pounds of areas at or below the median, over what the median would give them.

    The median is over need-weighted pupils. 1 means that nobody is below the median.

    >>> resource_mcloone(_two_areas(5000, 7000, pupils=(100, 300))).round(4).item()
    0.9286
    """
    pounds, weight = _area_pounds(sums)
    dims = [d for d in pounds.dims if d != "place"]
    pounds, weight = pounds.transpose("place", *dims), weight.transpose("place", *dims)
    order = np.argsort(pounds.values, axis=0, kind="stable")
    rising = np.take_along_axis(pounds.values, order, axis=0)
    share = np.cumsum(np.take_along_axis(weight.values, order, axis=0), axis=0)
    at = np.argmax(share >= share[-1] / 2, axis=0)
    median = xr.DataArray(np.take_along_axis(rising, at[None], axis=0)[0], dims=dims)
    below = weight.where(pounds <= median, 0.0)
    return (pounds * below).sum("place") / (median * below.sum("place"))


def _two_areas(*pounds: float, pupils: tuple[float, float] = (100, 100)) -> xr.Dataset:
    """Two areas of ``pupils`` others with so many pounds a head, as a worked example."""
    need = np.array(pupils, dtype=float)
    dims = ("cell", "place", "group")
    return xr.Dataset(
        {
            "cost_adjusted_sum": (dims, (need * np.array(pounds))[None, :, None]),
            "need_weight_sum": (dims, need[None, :, None]),
            "weight": ("place", np.ones(2)),
        },
        coords={"group": ["all"]},
    )
