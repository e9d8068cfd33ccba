"""Who is on a roll, where they live and where they go to school."""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES

__all__ = ["disadvantaged_share", "own_area_share", "pupils_on_roll"]


@MEASURES.add(
    "pupils_on_roll",
    title="Pupils on roll",
    unit="pupils",
    direction="none",
    shelf="opportunity",
    needs=("home_pupils",),
)
def pupils_on_roll(sums: xr.Dataset) -> xr.DataArray:
    """Pupils of state schools, Reception to Year 11, in a year; of several years, the mean.

    By ``area`` those who live there, by ``school_area`` those whose school stands there.

    >>> from sim.tabulate.aggregate import by_group
    >>> pupils_on_roll(by_group({"home_pupils": {"other": 300, "deep_long": 60}})
    ...     ).sel(group="all").item()
    360.0
    """
    many: xr.DataArray = sums["home_pupils"] / sums.attrs.get("years", 1)
    return many


@MEASURES.add(
    "disadvantaged_share",
    title="Pupils ever on free school meals in six years",
    unit="share",
    direction="none",
    shelf="opportunity",
    needs=("home_pupils",),
)
def disadvantaged_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of pupils on roll who were registered for free school meals at any time in six years.

    Published rates of authorities are of their schools: lay ``by=school_area`` beside them.

    >>> from sim.tabulate.aggregate import by_group
    >>> disadvantaged_share(by_group({"home_pupils": {"other": 300, "deep_long": 100}})).item()
    0.25
    """
    people = sums["home_pupils"]
    return people.sel(group="disadvantaged", drop=True) / people.sel(group="all", drop=True)


@MEASURES.add(
    "own_area_share",
    title="Pupils at a school of the area they live in",
    unit="share",
    direction="none",
    shelf="opportunity",
    needs=("own_area_n", "home_pupils"),
)
def own_area_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of pupils whose school stands in the area they live in; 1 where borders are closed.

    By ``area`` of those who live there, by ``school_area`` of those at school there.

    >>> from sim.tabulate.aggregate import by_group
    >>> own_area_share(by_group({"own_area_n": {"other": 270}, "home_pupils": {"other": 300}})
    ...     ).sel(group="other").item()
    0.9
    """
    return sums["own_area_n"] / sums["home_pupils"]
