"""Attendance: how much of school pupils miss, and who misses a tenth of it or more."""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES

__all__ = ["absence_rate", "persistent_absence"]


@MEASURES.add(
    "absence_rate",
    title="Absence from school",
    unit="% of sessions",
    direction="down",
    shelf="opportunity",
    needs=("absence_sum", "pupils"),
)
def absence_rate(sums: xr.Dataset) -> xr.DataArray:
    """Mean share of sessions that pupils on roll miss.

    >>> from sim.tabulate.aggregate import by_group
    >>> absence_rate(by_group({"absence_sum": {"other": 450, "deep_long": 190},
    ...     "pupils": {"other": 100, "deep_long": 20}})).sel(group="deep_long").item()
    9.5
    """
    return sums["absence_sum"] / sums["pupils"]


@MEASURES.add(
    "persistent_absence",
    title="Pupils who miss a tenth of school or more",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("persistent_sum", "pupils"),
    minimum=0.001,
)
def persistent_absence(sums: xr.Dataset) -> xr.DataArray:
    """Share of pupils on roll who miss at least 10 % of sessions.

    >>> from sim.tabulate.aggregate import by_group
    >>> persistent_absence(by_group({"persistent_sum": {"other": 10, "deep_long": 6},
    ...     "pupils": {"other": 100, "deep_long": 20}})).sel(group="deep_long").item()
    0.3
    """
    return sums["persistent_sum"] / sums["pupils"]
