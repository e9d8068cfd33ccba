"""Special needs and money: what they take from the margins of mainstream schools."""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES

__all__ = ["needs_spill"]


@MEASURES.add(
    "needs_spill",
    title="Special needs beyond what is paid for them",
    unit="GBP a pupil",
    direction="down",
    shelf="opportunity",
    needs=("needs_spill_sum", "pupils"),
    minimum=10.0,
)
def needs_spill(sums: xr.Dataset) -> xr.DataArray:
    """Pounds a pupil that special needs take from the margin of the school attended.

    Nothing with the switch ``special_needs`` off. Below nought where needs cost less than the part
    of the budget that is meant for them.

    >>> from sim.tabulate.aggregate import by_group
    >>> needs_spill(by_group({"needs_spill_sum": {"other": 2000, "deep_long": 1200},
    ...     "pupils": {"other": 100, "deep_long": 20}})).sel(group="deep_long").item()
    60.0
    """
    return sums["needs_spill_sum"] / sums["pupils"]
