"""Who gets more professional jobs at 25?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show import titles
from sim.show.chart import Chart, axis_note, order_of, panels, place_panels, reading, rows_of
from sim.show.fifths import fifth_titles
from sim.show.later import MINIMUM_JOB
from sim.show.style import Look, canvas, themed
from sim.show.words import interval, label, records, signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QUESTION", "draw"]

QUESTION = "Which disadvantaged pupils get more professional jobs at 25?"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw disadvantaged pupils in a professional job at 25, difference from baseline, by fifth.

    ``rows``: ``scenario``, ``place`` (1 = most affluent), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (percentage points) and ``verdict``.
    """
    title = titles.gains(rows, titles.JOBS)
    caption = _caption(rows)
    with themed():
        down = rows_of(order_of(rows, look))
        figure = canvas(QUESTION, title, caption, down.room)
        places = fifth_titles(rows)
        down.on(place_panels(figure, rows, places, look, MINIMUM_JOB)[0])
        axis_note(figure, "Disadvantaged pupils in a professional job at 25, difference (points)")
    return Chart("jobs_by_affluence", QUESTION, title, caption, _alt(rows), figure, rows)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: each panel is a fifth of areas by FSM rate, where people grew "
        "up; marks are differences from baseline in the share in a professional job at 25, "
        f"anywhere. {reading(rows)} Grey band: under {MINIMUM_JOB:g} percentage points."
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell the ends of the affluence scale in words."""
    ends = (rows["place"].min(), rows["place"].max())
    parts = []
    for name in dict.fromkeys(rows["scenario"]):
        mine = records(rows[(rows["scenario"] == name) & rows["place"].isin(ends)])
        told = [f"{signed(r['value'], 2)} ({interval(r['low'], r['high'], 2)})" for r in mine]
        parts.append(f"{label(name)} {' and '.join(told)}")
    count = panels(rows["place"].nunique())
    return (
        f"Point ranges in {count}. Difference from baseline in percentage points of "
        "disadvantaged pupils in a professional job at 25, most and least affluent fifth: "
        f"{'; '.join(parts)}."
    )
