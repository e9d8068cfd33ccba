"""The charts of a report, one question a file.

A chart is a file of this folder; nothing else names it. Its name is the stem of its picture and of
its table. It holds

- ``ORDER``: where in the report it stands; numbers have gaps for more;
- ``QUESTION``: what it answers, in words that end with a question mark;
- ``rows(dataset)``: the rows it shows, from measures; none, with why in the attribute ``absent``,
  where results cannot answer. With ``OF_ENDS = True`` it gets results by end of the vacancy
  response instead;
- ``title(rows)``: the answer computed from the rows, in at most twenty words;
- ``draw(rows, look)``: the finished :class:`sim.show.chart.Chart`, alternative text included.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from sim.show.measured import reason, scenarios
from sim.show.phone import on_phone, settle
from sim.show.picture import Asked
from sim.show.style import Look, looks, themed
from sim.show.words import fault, without_path

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.show.chart import Chart

__all__ = ["FIGURES", "Question", "ask", "drawn", "failed", "found", "told_of"]

_log = logging.getLogger("sim.show")


@dataclass(frozen=True)
class Question:
    """A question, the stem of its files, the rows that answer it, and what words and draws them.

    ``of_ends``: its rows come from the runs at both ends of the vacancy response.
    """

    order: int
    name: str
    text: str
    rows: Callable[..., pd.DataFrame]
    title: Callable[[pd.DataFrame], str]
    draw: Callable[..., Chart]
    of_ends: bool = False


def found() -> tuple[Question, ...]:
    """Return the question of every file of this folder, in the order of the report."""
    names = sorted(one.name for one in iter_modules(__path__))
    every = [_question(name, import_module(f"{__name__}.{name}")) for name in names]
    return tuple(sorted(every, key=lambda one: one.order))


def _question(name: str, file: ModuleType) -> Question:
    of_ends = getattr(file, "OF_ENDS", False)
    return Question(file.ORDER, name, file.QUESTION, file.rows, file.title, file.draw, of_ends)


FIGURES = found()
"""In the order of the report."""


def drawn(name: str, rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the chart of this name as a slide and for a telephone."""
    question = next(one for one in FIGURES if one.name == name)
    chart = question.draw(rows, look)
    with on_phone():
        small = question.draw(rows, look).figure
        with themed():
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
    look = looks(scenarios(dataset))
    asked, undrawn = [], {}
    for question in FIGURES:
        try:
            rows = question.rows(ends if question.of_ends else dataset)
            why = reason(rows)
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
