"""The policy that all others are compared with: the baseline, unless another was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["BASELINE", "reference_of", "seen_from"]

BASELINE = "baseline"
STANDS_IN = "baseline, compared like a policy"  # no scenario has a comma in its name


def reference_of(told: Mapping[Any, Any]) -> str:
    """Return the policy that attributes say all others are compared with.

    >>> reference_of({}), reference_of({"against": "flat"})
    ('baseline', 'flat')
    """
    return str(told.get("against") or BASELINE)


def seen_from(cells: xr.Dataset) -> tuple[xr.Dataset, dict[str, str]]:
    """Put the policy that these cells are compared with in the baseline's place.

    Returns:
        The cells, in which that policy is called ``baseline`` and the baseline something else;
        and the true names of both.
    """
    against = reference_of(cells.attrs)
    if against == BASELINE:
        return cells, {}
    swapped = {against: BASELINE, BASELINE: STANDS_IN}
    names = [swapped.get(name, name) for name in cells["scenario"].values.astype(str)]
    return cells.assign_coords(scenario=("cell", names)), {BASELINE: against, STANDS_IN: BASELINE}
