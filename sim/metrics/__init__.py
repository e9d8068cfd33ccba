"""Measures, one theme a file. A measure of one's own needs no import but these, and the registry.

A measure is a function ``(sums: xr.Dataset) -> xr.DataArray`` registered with
``sim.registry.MEASURES``. This folder holds measures only; how sums become tables with intervals
stands in `sim.tabulate`. Names are loaded when first used: a smallest difference that matters is
read without loading what adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.tabulate.aggregate import by_group, contrast

__all__ = ["by_group", "contrast"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sim.tabulate import aggregate

        return getattr(aggregate, name)
    raise AttributeError(f"module 'sim.metrics' has no attribute {name!r}")
