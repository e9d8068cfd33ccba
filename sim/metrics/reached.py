"""Pounds for each pupil whom a policy reaches: the dose, whatever the policy pays by."""

from __future__ import annotations

import xarray as xr

from sim.metrics.costs import pounds_moved
from sim.record.variables import DISADVANTAGED, GROUPS
from sim.registry import MEASURES

__all__ = ["pounds_per_pupil_reached", "reached"]


def reached(sums: xr.Dataset) -> xr.Dataset:
    """Pounds moved, and the pupils they are moved to.

    Targeted money: disadvantaged pupils of the schools that get some. Without any: pupils of the
    cells of area and group that gain on the baseline.
    """
    moved = pounds_moved(sums)
    aimed = sums["targeted_sum"].sum(["unit", "group"]) > 0
    counted = xr.DataArray([float(name in DISADVANTAGED) for name in GROUPS], dims="group")
    poor = sums["targeted_reached"] * counted
    gaining = sums["pupils"].where(moved > 0, 0.0)
    return xr.Dataset({"moved": moved, "people": poor.where(aimed, gaining)})


@MEASURES.add(
    "pounds_per_pupil_reached",
    title="Pounds for each pupil reached",
    unit="GBP a year, 2024-25 prices",
    direction="none",
    shelf="opportunity",
    needs=("pounds_sum", "targeted_sum", "targeted_reached", "pupils"),
    paired=True,
    derive=reached,
)
def pounds_per_pupil_reached(sums: xr.Dataset) -> xr.DataArray:
    """Return pounds a year that a policy moves, for each pupil it moves them to.

    Targeted money counts for the disadvantaged pupils of schools that get some; a policy without
    is counted by what places and groups gain on the baseline, a pupil of those. Studies of money
    end at about 3,000 pounds a pupil a year.

    90,000 targeted pounds in schools with 60 disadvantaged pupils:

    >>> from sim.tabulate.aggregate import by_group
    >>> pounds_per_pupil_reached(by_group({"moved": {"other": 54_000, "deep_long": 36_000},
    ...     "people": {"deep_long": 60}})).item()
    1500.0
    """
    people = sums["people"].sel(group="all", drop=True)
    dose: xr.DataArray = sums["moved"].sel(group="all", drop=True) / people.where(people > 0)
    return dose
