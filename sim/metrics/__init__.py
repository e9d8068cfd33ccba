"""Measures, one theme a file. A measure of one's own needs no import but these, and the registry.

A measure is a function ``(sums: xr.Dataset) -> xr.DataArray`` registered with
``sim.registry.MEASURES``. This folder holds measures only; how sums become tables with intervals
stands in `sim.tabulate`.
"""

from sim.tabulate.aggregate import by_group, contrast

__all__ = ["by_group", "contrast"]
