"""Every chart of results, drawn here and now; a report asks first and draws in other processes."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.show.chart import Chart
from sim.show.figures import ask, drawn, failed, told_of
from sim.show.words import fault


def draw_all(
    dataset: xr.Dataset, ends: Mapping[float, xr.Dataset]
) -> tuple[list[Chart], list[tuple[str, str]]]:
    """Draw every chart these results can give, as :func:`ask` finds them.

    Returns:
        The charts, and for each that cannot be drawn its question and the reason.
    """
    asked, undrawn = ask(dataset, ends)
    charts = []
    for one in asked:
        try:
            charts.append(drawn(one.name, one.rows, one.look))
        except Exception as error:
            undrawn[one.name] = failed(one.name, fault(error))
    return charts, told_of(undrawn)
