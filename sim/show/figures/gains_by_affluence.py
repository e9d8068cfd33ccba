"""Who gains and who loses, by affluence of the area?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axis_note, order_of, panels, place_panels, reading, rows_of
from sim.show.fifths import IN_FIFTHS, at_ends, empty_told, ends_told, fifth_titles
from sim.show.gains import DOWN, UP, Subject, gains
from sim.show.measured import gains_by_fifth
from sim.show.minima import MINIMUM
from sim.show.style import Look, canvas, themed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 10
QUESTION = "Who gains and who loses, by affluence of the area?"
SUBJECT = Subject(
    UP,
    DOWN,
    of="disadvantaged pupils",
    where=IN_FIFTHS,
    anywhere="in any fifth",
)


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Attainment 8 less baseline by affluence fifth: of the disadvantaged, the primary measure."""
    return gains_by_fifth(dataset)


def title(rows: pd.DataFrame) -> str:
    """Say which policy raises and which lowers them most clearly, and where.

    ``rows``: as for :func:`draw`.
    """
    return gains(rows, SUBJECT)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw disadvantaged Attainment 8, difference from baseline, by affluence fifth.

    ``rows``: ``scenario``, ``place`` (1 = most affluent), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (points) and ``verdict``.
    """
    answer = title(rows)
    caption = _caption(rows) + empty_told(rows)
    with themed():
        down = rows_of(order_of(rows, look))
        figure = canvas(QUESTION, answer, caption, down.room)
        places = fifth_titles(rows)
        down.on(place_panels(figure, rows, places, look, MINIMUM)[0])
        axis_note(figure, "Disadvantaged Attainment 8, difference from baseline (points)")
    return Chart("gains_by_affluence", QUESTION, answer, caption, _alt(rows), figure, rows)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: each panel is a fifth of areas by free school meals, fixed before "
        "any policy; each mark is the difference from the baseline in disadvantaged pupils' "
        f"Attainment 8. {reading(rows)} Grey band: less than matters, under {MINIMUM:g} points "
        "(0.02 SD)."
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell the ends of the affluence scale in words."""
    count = panels(rows["place"].nunique())
    return (
        f"Point ranges in {count}. Difference from baseline in Attainment 8 points, in "
        f"{ends_told(rows)}: {at_ends(rows, 2)}."
    )
