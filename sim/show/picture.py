"""A chart as it is kept: its words and the bytes of its pictures, made here or by a helper.

Drawing is most of the work of a report, and every chart is drawn by itself. So whoever has another
process at hand lends it (:func:`helped_by`): it draws charts while this one makes the tables, and
whichever is free takes the next. The same rows give the same bytes in either, and what a helper
does not give back is drawn here.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sim.data.base_year import DEFAULT
from sim.show.apart import apart
from sim.show.png import png_bytes
from sim.show.style import of_its_year, page_svg, stamp, svg_bytes, with_policies
from sim.show.words import fault, label, years_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.show.chart import Chart
    from sim.show.style import Look

__all__ = ["Asked", "Drawing", "Helper", "Picture", "Told", "helped_by", "picture_of"]

FIRST = 8  # charts a helper begins with: it draws them while the tables are made
MOST_TOLD = 480  # characters on policies, three lines
PATIENCE = 60.0  # seconds to wait at a time for a helper that has the last charts
_log = logging.getLogger("sim.show")


@dataclass(frozen=True)
class Picture:
    """What a report needs of a chart (see :class:`sim.show.chart.Chart`), drawn.

    ``svg`` and ``png`` are its files; ``slide`` and ``phone`` stand in the page.
    """

    name: str
    question: str
    title: str
    caption: str
    alt: str
    rows: pd.DataFrame
    svg: bytes
    png: bytes
    slide: str
    phone: str


@dataclass(frozen=True)
class Asked:
    """A chart to be drawn: its name, the rows that answer its question, and looks of policies."""

    name: str
    text: str
    rows: pd.DataFrame
    look: Mapping[str, Look]


class Helper(Protocol):
    """A process that does what it is handed (:class:`sim.study.workers.Workers` of one)."""

    def hand(self, number: int, work: Callable[..., Any], *given: object) -> None:
        """Give it work to do: a function of an importable module."""

    def ended(self, seconds: float) -> Sequence[Any]:
        """Wait at most so long, and return the work done, each with its ``result``."""


_helper: ContextVar[Helper | None] = ContextVar("helper", default=None)


@contextmanager
def helped_by(helper: Helper | None) -> Iterator[None]:
    """Let reports that are written in the block have this helper."""
    token = _helper.set(helper)
    try:
        yield
    finally:
        _helper.reset(token)


def picture_of(chart: Chart, line: str, warning: str) -> Picture:
    """Draw a chart, with what its numbers rest on at its foot and a warning at its top."""
    stamp(chart.figure, line, warning, years_of(chart.rows))
    svg = svg_bytes(chart.figure)
    kind = "slide" if chart.phone else ""
    slide = page_svg(chart.figure, chart.name, chart.alt, kind, svg)
    phone = ""
    if chart.phone:
        phone = page_svg(chart.phone, f"{chart.name}-phone", chart.alt, "phone")
    return Picture(
        chart.name,
        chart.question,
        chart.title,
        of_its_year(chart.caption),
        chart.alt,
        chart.rows,
        svg,
        png_bytes(chart.figure),
        slide,
        phone,
    )


@dataclass(frozen=True)
class Told:
    """What every picture says beside its chart.

    The line at its foot, a warning at its top or nothing, and policies in words by the name that
    is shown of them: a slide may be passed on alone. ``year``: the base year of the results.
    """

    line: str
    warning: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)
    year: str = DEFAULT

    def of(self, rows: pd.DataFrame) -> str:
        """Say what the policies are that rows tell of; nothing where that takes too much room."""
        names = [str(name) for name in dict.fromkeys(rows.get("scenario", ()))]
        parts = [f"{label(name)}: {self.policies[name]}" for name in names if name in self.policies]
        text = "; ".join(parts)
        return f"{text}." if 0 < len(text) <= MOST_TOLD else ""


def _drawn(asked: Asked, told: Told) -> Picture | str:
    """Draw one chart; one that fails takes no other with it, and is told of in words."""
    from sim.show.figures import drawn

    try:
        with with_policies(told.of(asked.rows), told.year):
            chart = drawn(asked.name, asked.rows, asked.look)
            return picture_of(chart, told.line, told.warning)
    except Exception as error:
        return fault(error)


def draw_several(batch: Sequence[Asked], told: Told) -> list[Picture | str]:
    """Draw charts in a process that does nothing else."""
    with apart():
        return [_drawn(one, told) for one in batch]


class Drawing:
    """Charts that are being drawn, by a helper if there is one and by :meth:`finish`.

    Args:
        asked: the charts, in the order of the report.
        told: what each says beside its chart.
    """

    def __init__(self, asked: Sequence[Asked], told: Told) -> None:
        self._told = told
        self._open = deque(enumerate(asked))
        self._away: list[tuple[int, Asked]] = []
        self._found: dict[int, Picture | str] = {}
        self._helper = _helper.get()
        self._hand(FIRST)

    def finish(self) -> list[Picture | str]:
        """Draw what is left; return every picture in order, or of what it failed."""
        while self._open or self._away:
            self._take(0.0 if self._open else PATIENCE)
            if not self._away:
                self._hand(1)
            if self._open:
                number, asked = self._open.pop()
                self._found[number] = _drawn(asked, self._told)
        return [self._found[number] for number in sorted(self._found)]

    def _hand(self, count: int) -> None:
        if self._helper is None or not self._open:
            return
        self._away = [self._open.popleft() for _ in range(min(count, len(self._open)))]
        with self._or_alone():
            self._helper.hand(0, draw_several, [one for _, one in self._away], self._told)

    def _take(self, seconds: float) -> None:
        if self._helper is None or not self._away:
            return
        with self._or_alone():
            for one in self._helper.ended(seconds):
                numbers = [number for number, _ in self._away]
                self._found |= dict(zip(numbers, one.result, strict=True))
                self._away = []

    @contextmanager
    def _or_alone(self) -> Iterator[None]:
        """Go on without a helper that fails; what it had is drawn here."""
        try:
            yield
        except Exception as error:
            _log.debug("report: the helper is left out: %s", fault(error))
            self._open.extendleft(reversed(self._away))
            self._away, self._helper = [], None
