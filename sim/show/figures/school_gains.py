"""Do gains reach disadvantaged pupils near affluent schools?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show import titles
from sim.show.chart import Chart, axis_note, order_of, panels, place_panels, reading, rows_of
from sim.show.style import Look, canvas, themed
from sim.show.tables import MINIMUM, QUARTERS
from sim.show.words import label, signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QUESTION", "draw"]

QUESTION = "Do gains reach disadvantaged pupils who live near affluent schools?"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw disadvantaged Attainment 8, difference from baseline, by reference school.

    ``rows``: ``scenario``, ``place`` (1 = lowest ever-6 share), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (points) and ``verdict``.
    """
    title = titles.gains(rows, titles.NEAR)
    caption = _caption(rows)
    with themed():
        down = rows_of(order_of(rows, look))
        figure = canvas(QUESTION, title, caption, down.room)
        places = {p: QUARTERS[p] for p in sorted(rows["place"].unique())}
        down.on(place_panels(figure, rows, places, look, MINIMUM)[0])
        axis_note(figure, "Disadvantaged Attainment 8, difference from baseline (points)")
    return Chart("gains_by_school", QUESTION, title, caption, _alt(rows), figure, rows)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: each panel is a quarter of secondary schools by their share of "
        "disadvantaged pupils before any policy; children count by the nearest school at birth, "
        f"which no policy moves. Each mark is a difference from the baseline. "
        f"{reading(rows)} Grey band: smaller than {MINIMUM:g} points."
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell every quarter in words."""
    parts = [
        f"{label(str(name))} {', '.join(signed(float(v), 2) for v in mine['value'])}"
        for name, mine in rows.sort_values("place").groupby("scenario", sort=False)
    ]
    count = panels(rows["place"].nunique())
    return (
        f"Point ranges in {count}. Difference from baseline in Attainment 8 points by quarter of "
        f"the nearest secondary school, lowest ever-6 share first: {'; '.join(parts)}."
    )
