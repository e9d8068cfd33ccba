"""Do gains reach disadvantaged pupils near affluent schools?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axis_note, order_of, panels, place_panels, reading, rows_of
from sim.show.gains import DOWN, UP, Subject, gains
from sim.show.measured import difference_of
from sim.show.minima import MINIMUM
from sim.show.style import Look, canvas, themed
from sim.show.words import label, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 120
QUESTION = "Do gains reach disadvantaged pupils who live near affluent schools?"
NEAR = {
    1: "near the most affluent schools",
    2: "near schools of quarter 2",
    3: "near schools of quarter 3",
    4: "near the least affluent schools",
}
SUBJECT = Subject(
    UP,
    DOWN,
    of="disadvantaged pupils",
    where=NEAR,
    anywhere="near any schools",
    part="quarter of schools",
)
QUARTERS = {
    1: "Quarter 1\nmost affluent",
    2: "Quarter 2",
    3: "Quarter 3",
    4: "Quarter 4\nleast affluent",
}


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, by quarter of the reference school."""
    return difference_of(dataset, "attainment8", "school_affluence")


def title(rows: pd.DataFrame) -> str:
    """Say which policy raises and which lowers them most clearly, and where.

    ``rows``: as for :func:`draw`.
    """
    return gains(rows, SUBJECT)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw disadvantaged Attainment 8, difference from baseline, by reference school.

    ``rows``: ``scenario``, ``place`` (1 = lowest ever-6 share), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (points) and ``verdict``.
    """
    answer = title(rows)
    caption = _caption(rows)
    with themed():
        down = rows_of(order_of(rows, look))
        figure = canvas(QUESTION, answer, caption, down.room)
        places = {p: QUARTERS[p] for p in sorted(rows["place"].unique())}
        down.on(place_panels(figure, rows, places, look, MINIMUM)[0])
        axis_note(figure, "Disadvantaged Attainment 8, difference from baseline (points)")
    return Chart("gains_by_school", QUESTION, answer, caption, _alt(rows), figure, rows)


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
