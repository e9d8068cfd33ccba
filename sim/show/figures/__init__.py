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
from sim.show.picture import Asked
from sim.show.style import Look, looks
from sim.show.words import fault, without_path

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.show.chart import Chart

__all__ = ["FIGURES", "Question", "ask", "draw_all", "drawn", "failed", "told_of"]

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


def drawn(name: str, rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the chart of this name as a slide and for a telephone."""
    question = next(one for one in FIGURES if one.name == name)
    chart = question.draw(rows, look)
    with on_phone():
        small = question.draw(rows, look).figure
        settle(small)
    return replace(chart, phone=small)


def ask(
    dataset: xr.Dataset, ends: Mapping[float, xr.Dataset]
) -> tuple[list[Asked], dict[str, str]]:
    """Return every chart these results can give, to be drawn.

    Args:
        dataset: The comparison.
        ends: The same at both ends of the vacancy response, by its value; empty if not run.

    Returns:
        The charts, and why each of the others cannot be drawn, by its name.
    """
    look = looks(tables.scenarios(dataset))
    asked, undrawn = [], {}
    for question in FIGURES:
        try:
            rows = question.rows(ends if question.of_ends else dataset)
            why = tables.reason(rows)
        except Exception as error:  # one chart that fails takes no other with it
            why = failed(question.name, fault(error))
        if why:
            undrawn[question.name] = why
        else:
            asked.append(Asked(question.name, question.text, rows, look))
    return asked, undrawn


def failed(name: str, what: str) -> str:
    """Log that a chart failed, and say so for a page."""
    _log.warning("report: chart %s is left out: %s", name, what)
    return f"Not drawn, because of {without_path(what)}"


def told_of(undrawn: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the question of each chart that is not drawn, and why, in the order of the report."""
    return [(one.text, undrawn[one.name]) for one in FIGURES if one.name in undrawn]


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
