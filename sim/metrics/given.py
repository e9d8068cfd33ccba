"""Progression given attainment: the same start, who gets further? Raw rates stand elsewhere.

Rates are taken inside fixed bands of attainment at 16 (half an SD wide, standard scores of year 0)
and averaged with the national mix of bands in year 0, the same for every place, group and policy.
Within a band some difference of attainment is left.
"""

from __future__ import annotations

import xarray as xr

from sim.metrics.work import MINIMUM_JOB
from sim.registry import MEASURES

__all__ = [
    "choice_rewarded",
    "he_given_attainment",
    "level3_given_attainment",
    "professional_given_attainment",
    "standardised",
]


def standardised(top: xr.DataArray, bottom: xr.DataArray, mix: xr.DataArray) -> xr.DataArray:
    """Average the rates ``top / bottom`` along the last dimension of ``mix``, weighted by it.

    Cells with nobody in them are left out, and the rest of the mix is scaled up.

    >>> top, bottom, mix = (xr.DataArray(v, dims="band") for v in (
    ...     [1.0, 9.0, 0.0], [10.0, 10.0, 0.0], [3.0, 1.0, 5.0]))
    >>> standardised(top, bottom, mix).round(6).item()
    0.3
    """
    along = str(mix.dims[-1])
    known = bottom.where(bottom > 0)
    weight = mix.where(known.notnull())
    total = weight.sum(along)
    mean: xr.DataArray = (top / known * weight).sum(along) / total.where(total > 0)
    return mean


@MEASURES.add(
    "level3_given_attainment",
    title="Level 3 by 19, given attainment at 16",
    unit="share",
    direction="up",
    shelf="opportunity",
    age="age19",
    needs=("level3_band", "age19_band"),
    standard=True,
)
def level3_given_attainment(sums: xr.Dataset) -> xr.DataArray:
    """Level 3 by 19 as it would be with the national attainment of year 0.

    Disadvantaged people reach Level 3 in one of four cases in the lower band and in three of four
    in the upper; the nation of year 0 has 40 and 60 people in the two:

    >>> from sim.tabulate.aggregate import by_group
    >>> made = by_group({"level3_band": {"deep_long": [20, 15]}, "age19_band": {"deep_long":
    ...     [80, 20]}}, {"standard_age19_band": ("band", [40.0, 60.0])})
    >>> level3_given_attainment(made).sel(group="disadvantaged").item()
    0.55
    """
    return standardised(sums["level3_band"], sums["age19_band"], sums["standard_age19_band"])


@MEASURES.add(
    "he_given_attainment",
    title="Higher education by 19, given attainment at 16",
    unit="share",
    direction="up",
    shelf="opportunity",
    age="age19",
    needs=("he_band", "age19_band"),
    minimum=0.005,
    standard=True,
)
def he_given_attainment(sums: xr.Dataset) -> xr.DataArray:
    """Entry to higher education by 19 as it would be with the national attainment of year 0.

    >>> from sim.tabulate.aggregate import by_group
    >>> made = by_group({"he_band": {"other": [10, 60]}, "age19_band": {"other": [100, 100]}},
    ...     {"standard_age19_band": ("band", [50.0, 50.0])})
    >>> he_given_attainment(made).sel(group="other").item()
    0.35
    """
    return standardised(sums["he_band"], sums["age19_band"], sums["standard_age19_band"])


@MEASURES.add(
    "professional_given_attainment",
    title="Professional job at 25, given attainment at 16",
    unit="share",
    direction="up",
    shelf="opportunity",
    age="age25",
    needs=("professional_band", "age25_band"),
    minimum=MINIMUM_JOB,
    standard=True,
)
def professional_given_attainment(sums: xr.Dataset) -> xr.DataArray:
    """Professional job at 25 as it would be with the national attainment of year 0.

    >>> from sim.tabulate.aggregate import by_group
    >>> made = by_group({"professional_band": {"other": [10, 60]}, "age25_band": {"other":
    ...     [100, 100]}}, {"standard_age25_band": ("band", [75.0, 25.0])})
    >>> professional_given_attainment(made).sel(group="other").item()
    0.225
    """
    return standardised(sums["professional_band"], sums["age25_band"], sums["standard_age25_band"])


@MEASURES.add(
    "choice_rewarded",
    title="Skilled or professional job at 25 for the same choice at 16",
    unit="share",
    direction="up",
    shelf="opportunity",
    age="age25",
    needs=("rewarded_route", "took_route"),
    standard=True,
)
def choice_rewarded(sums: xr.Dataset) -> xr.DataArray:
    """Professional or middle (skilled) job at 25 of people who took up and kept the same routes.

    Rates are taken route by route and averaged with the national mix of routes in year 0, so a
    difference between groups or places is one of reward, not of choice. Where the job is does not
    count: staying local is as good as leaving.

    >>> from sim.tabulate.aggregate import by_group
    >>> made = by_group({"rewarded_route": {"deep_long": [8, 10]}, "took_route": {"deep_long":
    ...     [10, 40]}}, {"standard_took_route": ("route", [50.0, 50.0])}, along="route")
    >>> choice_rewarded(made).sel(group="disadvantaged").item()
    0.525
    """
    return standardised(sums["rewarded_route"], sums["took_route"], sums["standard_took_route"])
