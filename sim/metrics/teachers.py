"""Access to teachers: expected quality, novices and turnover at the schools pupils attend."""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES
from sim.tabulate.aggregate import contrast

__all__ = [
    "novice_gap",
    "novice_share",
    "poaching",
    "teacher_access",
    "teacher_quality",
    "teacher_turnover",
]


@MEASURES.add(
    "teacher_quality",
    title="Expected teacher quality",
    unit="teacher SD",
    direction="up",
    shelf="opportunity",
    needs=("quality_sum", "pupils"),
)
def teacher_quality(sums: xr.Dataset) -> xr.DataArray:
    """Mean expected quality of the teachers at pupils' schools.

    >>> from sim.tabulate.aggregate import by_group
    >>> teacher_quality(by_group({"quality_sum": {"other": 5}, "pupils": {"other": 100}})
    ...     ).sel(group="all").item()
    0.05
    """
    return sums["quality_sum"] / sums["pupils"]


@MEASURES.add(
    "teacher_access",
    title="Access to good teachers (disadvantaged minus others)",
    unit="teacher SD",
    direction="up",
    shelf="opportunity",
    needs=("quality_sum", "pupils"),
)
def teacher_access(sums: xr.Dataset) -> xr.DataArray:
    """Expected teacher quality at disadvantaged pupils' schools minus that at others'.

    Teachers are taken as shared evenly inside a school; see ``novice_gap`` beside it.

    >>> from sim.tabulate.aggregate import by_group
    >>> teacher_access(by_group({"quality_sum": {"other": 5, "deep_long": -1},
    ...     "pupils": {"other": 100, "deep_long": 20}})).item()
    -0.1
    """
    return contrast(teacher_quality(sums), "disadvantaged", "other")


@MEASURES.add(
    "novice_share",
    title="Teachers in their first two years",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("novice_sum", "pupils"),
)
def novice_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of novices among the teachers at pupils' schools.

    >>> from sim.tabulate.aggregate import by_group
    >>> novice_share(by_group({"novice_sum": {"other": 16}, "pupils": {"other": 100}})
    ...     ).sel(group="other").item()
    0.16
    """
    return sums["novice_sum"] / sums["pupils"]


@MEASURES.add(
    "novice_gap",
    title="Novice teachers (disadvantaged minus others)",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("novice_sum", "pupils"),
)
def novice_gap(sums: xr.Dataset) -> xr.DataArray:
    """Share of novice teachers at disadvantaged pupils' schools minus that at others'.

    >>> from sim.tabulate.aggregate import by_group
    >>> novice_gap(by_group({"novice_sum": {"other": 15, "deep_long": 4},
    ...     "pupils": {"other": 100, "deep_long": 20}})).round(6).item()
    0.05
    """
    return contrast(novice_share(sums), "disadvantaged", "other")


@MEASURES.add(
    "teacher_turnover",
    title="Teachers leaving their school in a year",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("turnover_sum", "pupils"),
)
def teacher_turnover(sums: xr.Dataset) -> xr.DataArray:
    """Share of teachers who leave pupils' schools in a year.

    >>> from sim.tabulate.aggregate import by_group
    >>> teacher_turnover(by_group({"turnover_sum": {"deep_long": 3}, "pupils": {"deep_long": 20}})
    ...     ).sel(group="disadvantaged").item()
    0.15
    """
    return sums["turnover_sum"] / sums["pupils"]


@MEASURES.add(
    "poaching",
    title="Teachers drawn away by better offers of other schools",
    unit="share of posts",
    direction="down",
    shelf="opportunity",
    needs=("poached_sum", "pupils"),
)
def poaching(sums: xr.Dataset) -> xr.DataArray:
    """Share of posts at pupils' schools left without a recruit by better offers of other schools.

    Posts that would have been filled in the year if all schools offered their teachers alike, at
    schools that lose by offers; what others win by them is not set against it. Nought where
    teachers hear of no money (``switches.teachers_market`` off).

    >>> from sim.tabulate.aggregate import by_group
    >>> poaching(by_group({"poached_sum": {"deep_long": 0.1}, "pupils": {"deep_long": 20}})
    ...     ).sel(group="disadvantaged").item()
    0.005
    """
    return sums["poached_sum"] / sums["pupils"]
