"""The charts of a report, one question a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.show import against, later, places, tables
from sim.show.figures import (
    affluence_gains,
    against_each_other,
    flagged_gaps,
    job_gains,
    level_beside_gap,
    map_of_gains,
    missed,
    money_beside_attainment,
    money_went,
    of_100_pupils,
    opportunity_beside_outcome,
    over_time,
    pipeline,
    posts_follow,
    school_gains,
    stay_or_go,
    waterfall_of_pounds,
    what_comes_back,
    worse_off,
)
from sim.show.phone import on_phone, settle
from sim.show.style import Look, looks
from sim.show.words import fault, without_path

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.show.chart import Chart

__all__ = ["FIGURES", "Question", "draw_all"]

_log = logging.getLogger("sim.show")


@dataclass(frozen=True)
class Question:
    """A question, the stem of its files, the rows that answer it and what draws them.

    ``of_ends``: its rows come from the runs at both ends of the vacancy response.
    """

    name: str
    text: str
    rows: Callable[..., pd.DataFrame]
    draw: Callable[..., Chart]
    of_ends: bool = False


FIGURES = tuple(
    Question(name, module.QUESTION, rows, module.draw, module is posts_follow)
    for name, module, rows in (
        ("gains_by_affluence", affluence_gains, tables.gains_by_affluence),
        (
            "policies_against_each_other",
            against_each_other,
            against.policies_against_each_other,
        ),
        ("of_100_pupils", of_100_pupils, places.of_100_pupils),
        ("map_of_gains", map_of_gains, places.map_of_gains),
        ("money_went", money_went, tables.money_went),
        ("waterfall_of_pounds", waterfall_of_pounds, places.waterfall_of_pounds),
        ("missed", missed, tables.missed),
        ("level_beside_gap", level_beside_gap, tables.level_beside_gap),
        ("money_beside_attainment", money_beside_attainment, tables.money_beside_attainment),
        ("flagged_gaps", flagged_gaps, places.flagged_gaps),
        ("worse_off", worse_off, tables.worse_off),
        ("gains_by_school", school_gains, tables.gains_by_school),
        ("over_time", over_time, tables.over_time),
        ("jobs_by_affluence", job_gains, later.jobs_by_affluence),
        (
            "opportunity_beside_outcome",
            opportunity_beside_outcome,
            later.opportunity_beside_outcome,
        ),
        ("posts_follow_or_not", posts_follow, later.posts_follow_or_not),
        ("where_the_pipeline_leaks", pipeline, later.where_the_pipeline_leaks),
        ("what_comes_back", what_comes_back, places.what_comes_back),
        ("stay_or_go", stay_or_go, later.stay_or_go),
    )
)
"""In the order of the report."""


def _both(question: Question, rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw a chart as a slide and for a telephone."""
    chart = question.draw(rows, look)
    with on_phone():
        small = question.draw(rows, look).figure
        settle(small)
    return replace(chart, phone=small)


def draw_all(
    dataset: xr.Dataset, ends: Mapping[float, xr.Dataset]
) -> tuple[list[Chart], list[tuple[str, str]]]:
    """Draw every chart these results can give.

    Args:
        dataset: The comparison.
        ends: The same at both ends of the vacancy response, by its value; empty if not run.

    Returns:
        The charts, and for each that cannot be drawn its question and the reason.
    """
    look = looks(tables.scenarios(dataset))
    charts, undrawn = [], []
    for question in FIGURES:
        try:
            rows = question.rows(ends if question.of_ends else dataset)
            why = tables.reason(rows)
            if not why:
                charts.append(_both(question, rows, look))
        except Exception as error:  # one chart that fails takes no other with it
            why = f"Not drawn, because of {without_path(fault(error))}"
            _log.warning("report: chart %s is left out: %s", question.name, fault(error))
        if why:
            undrawn.append((question.text, why))
    return charts, undrawn
