"""Choices at sixteen: what can be reached, what is taken up and kept, what comes of it by 19."""

from __future__ import annotations

import xarray as xr

from sim.record.adult_variables import ROUTES
from sim.registry import MEASURES

__all__ = [
    "choice_available",
    "choice_taken",
    "post16_options",
    "post16_sustained_rate",
    "route_shares",
    "technical_completion",
]


@MEASURES.add(
    "post16_options",
    title="Post-16 options in reach",
    unit="options of four",
    direction="up",
    shelf="opportunity",
    age="post16",
    needs=("options_sum", "post16_n"),
)
def post16_options(sums: xr.Dataset) -> xr.DataArray:
    """Mean number of kinds of place in reach of a school leaver.

    School sixth form, sixth-form college, further education and an apprenticeship count one each.

    >>> from sim.tabulate.aggregate import by_group
    >>> post16_options(by_group({"options_sum": {"other": 290, "deep_long": 50}, "post16_n":
    ...     {"other": 100, "deep_long": 20}})).sel(group="disadvantaged").item()
    2.5
    """
    return sums["options_sum"] / sums["post16_n"]


@MEASURES.add(
    "choice_available",
    title="A real choice at 16 in reach",
    unit="share",
    direction="up",
    shelf="opportunity",
    age="post16",
    needs=("choice_n", "post16_n"),
)
def choice_available(sums: xr.Dataset) -> xr.DataArray:
    """Share of school leavers with an academic and a technical or work-based option in reach.

    >>> from sim.tabulate.aggregate import by_group
    >>> choice_available(by_group({"choice_n": {"other": 90}, "post16_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.9
    """
    return sums["choice_n"] / sums["post16_n"]


@MEASURES.add(
    "choice_taken",
    title="A choice at 16 taken up and kept",
    unit="share",
    direction="up",
    shelf="opportunity",
    age="post16",
    needs=("taken_n", "choice_n"),
)
def choice_taken(sums: xr.Dataset) -> xr.DataArray:
    """Of leavers with a choice in reach, those who keep up a place in education or training.

    Which of the routes they take does not count: a technical one is as good as an academic one.

    >>> from sim.tabulate.aggregate import by_group
    >>> choice_taken(by_group({"taken_n": {"deep_long": 40}, "choice_n": {"deep_long": 50}})
    ...     ).sel(group="disadvantaged").item()
    0.8
    """
    return sums["taken_n"] / sums["choice_n"]


@MEASURES.add(
    "route_shares",
    title="Routes after Year 11",
    unit="share",
    direction="none",
    shelf="outcome",
    age="post16",
    needs=("routes",),
)
def route_shares(sums: xr.Dataset) -> xr.DataArray:
    """Share of school leavers on each of six routes (dimension ``part``); they add up to one.

    >>> from sim.tabulate.aggregate import by_group
    >>> made = by_group({"routes": {"deep_long": [5, 2, 10, 1, 1, 1]}}, along="route")
    >>> route_shares(made).sel(group="disadvantaged", part="further_education").item()
    0.5
    """
    people = sums["routes"]
    total = people.sum("route")
    shares: xr.DataArray = people / total.where(total > 0)
    return shares.rename(route="part").assign_coords(part=list(ROUTES))


@MEASURES.add(
    "post16_sustained_rate",
    title="Place after Year 11 kept up",
    unit="share",
    direction="up",
    shelf="outcome",
    age="post16",
    needs=("sustained_n", "post16_n"),
)
def post16_sustained_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of school leavers still in education, training or work after six months.

    >>> from sim.tabulate.aggregate import by_group
    >>> post16_sustained_rate(by_group({"sustained_n": {"deep_long": 44}, "post16_n":
    ...     {"deep_long": 50}})).sel(group="disadvantaged").item()
    0.88
    """
    return sums["sustained_n"] / sums["post16_n"]


@MEASURES.add(
    "technical_completion",
    title="Technical routes completed by 19",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age19",
    needs=("technical_done_n", "technical_n"),
)
def technical_completion(sums: xr.Dataset) -> xr.DataArray:
    """Of those who chose further education or an apprenticeship, technical Level 3 by 19.

    >>> from sim.tabulate.aggregate import by_group
    >>> technical_completion(by_group({"technical_done_n": {"other": 30}, "technical_n":
    ...     {"other": 120}})).sel(group="other").item()
    0.25
    """
    return sums["technical_done_n"] / sums["technical_n"]
