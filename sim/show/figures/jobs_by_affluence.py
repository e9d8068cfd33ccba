"""Who gets more professional jobs at 25?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axis_note, order_of, panels, place_panels, reading, rows_of
from sim.show.fifths import IN_FIFTHS, at_ends, empty_told, ends_told, fifth_titles
from sim.show.gains import Subject, gains
from sim.show.headlines import JOB_HEADS
from sim.show.measured import in_heads, job_gains
from sim.show.minima import MINIMUM_JOB
from sim.show.style import Look, canvas, themed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 140
QUESTION = "Which disadvantaged pupils get more professional jobs at 25?"
SUBJECT = Subject(
    up=("raises professional jobs", "raises them"),
    down=("lowers professional jobs", "lowers them"),
    of="professional jobs of disadvantaged pupils",
    where=IN_FIFTHS,
    anywhere="in any fifth",
    unit=f"of {JOB_HEADS:,}",
    digits=0,
)


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged pupils in a professional job at 25 less baseline, of 10,000, by fifth."""
    return in_heads(job_gains(dataset))


def title(rows: pd.DataFrame) -> str:
    """Say which policy raises and which lowers them most clearly, and where.

    ``rows``: as for :func:`draw`.
    """
    return gains(rows, SUBJECT)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw disadvantaged pupils in a professional job at 25, difference from baseline, by fifth.

    ``rows``: ``scenario``, ``place`` (1 = most affluent), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (people of 10,000) and ``verdict``.
    """
    answer = title(rows)
    caption = _caption(rows) + empty_told(rows)
    with themed():
        down = rows_of(order_of(rows, look))
        figure = canvas(QUESTION, answer, caption, down.room)
        places = fifth_titles(rows)
        down.on(place_panels(figure, rows, places, look, MINIMUM_JOB)[0])
        axis_note(figure, f"Of {JOB_HEADS:,} disadvantaged pupils, more or fewer in such a job")
    return Chart("jobs_by_affluence", QUESTION, answer, caption, _alt(rows), figure, rows)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: each panel is a fifth of areas by free school meals, where people grew "
        "up; marks are differences from baseline: of 10,000 disadvantaged pupils, how many more "
        f"or fewer are in a professional job at 25, anywhere. {reading(rows)} Grey band: under "
        f"{MINIMUM_JOB:g}, less than matters."
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell the ends of the affluence scale in words."""
    count = panels(rows["place"].nunique())
    return (
        f"Point ranges in {count}. Difference from baseline, of {JOB_HEADS:,} "
        "disadvantaged pupils, in a professional job at 25, in "
        f"{ends_told(rows)}: {at_ends(rows, 0)}."
    )
