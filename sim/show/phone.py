"""Every chart is drawn twice: as a slide, and as wide as a telephone with its panels stacked.

A chart says nothing of this as long as it takes its canvas, its axes and the names of policies
from :mod:`sim.show.chart` and :mod:`sim.show.style`. One that lays out panels of its own asks
:func:`is_phone` for the number of columns, and :func:`page_width` for the room.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

__all__ = ["PHONE", "SLIDE", "is_phone", "on_phone", "page_width", "settle"]

SLIDE, PHONE = 40 / 3, 4.9  # inches: a 16:9 slide; a telephone of 375 pixels, less its margins
EDGE = 6.0  # points kept free at either side
_narrow: ContextVar[bool] = ContextVar("narrow", default=False)


@contextmanager
def on_phone() -> Iterator[None]:
    """Draw for a telephone in the block."""
    token = _narrow.set(True)
    try:
        yield
    finally:
        _narrow.reset(token)


def is_phone() -> bool:
    """Say whether what is drawn now is for a telephone."""
    return _narrow.get()


def page_width() -> float:
    """Return how wide the picture drawn now is, in inches."""
    return PHONE if is_phone() else SLIDE


def settle(figure: Figure) -> None:
    """Break lines around axes that are wider than a telephone has room for, in their theme."""
    wide = figure.get_figwidth() * 72
    for ax in figure.axes:
        box = ax.get_position()
        middle = (box.x0 + box.x1) / 2 * wide
        room = 2 * min(middle, wide - middle) - 2 * EDGE
        for text in (ax.xaxis.label, ax.title):
            _break(text, room)
        _break_names(ax, box.x0 * wide - 2 * EDGE)
    for legend in list(figure.legends):
        _narrower(figure, legend)
    for text in figure.texts:
        _break(text, wide - 2 * EDGE)
    _heighten(figure)


def _heighten(figure: Figure) -> None:
    """Make room above for a legend that has grown: marks beyond the paper are not drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    pen: Any = FigureCanvasAgg(figure)
    tall = figure.get_figheight()
    more = figure.get_tightbbox(pen.get_renderer()).y1 + EDGE / 72 - tall
    if more <= 0:
        return
    share = tall / (tall + more)
    figure.set_figheight(tall + more)
    area = figure.subplotpars
    figure.subplots_adjust(top=area.top * share, bottom=area.bottom * share)
    for text in figure.texts:
        text.set_y(text.get_position()[1] * share)
    for legend in figure.legends:
        place = legend.get_bbox_to_anchor().transformed(figure.transFigure.inverted())
        legend.set_bbox_to_anchor((place.x0, place.y0 * share))
    for ax in figure.axes:
        if ax.get_subplotspec() is None:
            box = ax.get_position()
            ax.set_position((box.x0, box.y0 * share, box.width, box.height * share))


def _narrower(figure: Figure, legend: Legend) -> None:
    """Put the entries of a legend one below another where they are too wide side by side."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    pen: Any = FigureCanvasAgg(figure)
    if legend.get_window_extent(pen.get_renderer()).x1 <= figure.bbox.width - EDGE:
        return
    place = legend.get_bbox_to_anchor().transformed(figure.transFigure.inverted())
    told = [text.get_text() for text in legend.get_texts()]
    told_size = float(legend.get_texts()[0].get_fontsize())
    marks = [mark for mark in legend.legend_handles if mark is not None]
    legend.remove()
    figure.legend(
        marks,
        told,
        loc="lower left",
        ncols=1,
        frameon=False,
        borderaxespad=0.2,
        bbox_to_anchor=(place.x0, place.y0),
        labelspacing=0.3,
        fontsize=told_size,
    )


def _break_names(ax: Axes, room: float) -> None:
    """Break names that stand at the left of an axes; numbers there are short."""
    from sim.show.fit import longest, wrap

    labels = ax.get_yticklabels()
    told = [label.get_text() for label in labels]
    if not labels or longest(told, size := float(labels[0].get_fontsize())) <= room:
        return
    lines = [[one for part in text.split("\n") for one in wrap(part, size, room)] for text in told]
    ax.set_yticks(ax.get_yticks(), ["\n".join(one) for one in lines])


def _break(text: Text, room: float) -> None:
    from sim.show.fit import wrap

    size = float(text.get_fontsize())
    lines = [line for part in text.get_text().split("\n") for line in wrap(part, size, room)]
    text.set_text("\n".join(lines))
