"""What a finished chart carries, and the marks that charts share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.show.fit import ELLIPSIS, longest, names_in
from sim.show.phone import PHONE, SLIDE, is_phone, page_width
from sim.show.style import ABOVE, BAND, GREY, INK, LEFT, PHONE_TALL, RIGHT, Look, Room
from sim.show.words import signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "THICK",
    "Chart",
    "axes_row",
    "end_labels",
    "ends_of",
    "intervals",
    "legend_of",
    "order_of",
    "panels",
    "place_panels",
    "reading",
    "rows_of",
]

MARK = 95.0  # area of a mark, in points
ROW = 0.5  # inches: a mark, its number above it, and a name of two lines
NAME_SIZE, END_SIZE, LEGEND_SIZE = 13.0, 12.5, 12.5
NAME_PAD, END_PAD, LEGEND_MARK = 18.0, 34.0, 64.0  # points beside a name: ticks, threads, marks
LETTER = 0.03  # half the width of a digit, as a share of the narrowest panel
FEW_REPLICATES = 5
THICK = "Thick bars: as wide as chance alone would be"
GAP = 0.72  # inches between panels one below another: a title of two lines


@dataclass(frozen=True)
class Chart:
    """A picture that answers one question, with the words that go with it.

    ``name`` is the stem of its files, ``title`` the answer computed from the numbers,
    ``alt`` the same content for people who do not see the picture, ``rows`` the numbers drawn,
    ``phone`` the same picture as wide as a telephone (see :mod:`sim.show.phone`).
    """

    name: str
    question: str
    title: str
    caption: str
    alt: str
    figure: Figure
    rows: pd.DataFrame
    phone: Figure | None = None


def reading(rows: pd.DataFrame) -> str:
    """Say how to read marks and both intervals; chance from few replicates is called rough."""
    count = int(rows["replicates"].min()) if "replicates" in rows else 0
    marks = "Marks: mean over draws of beliefs. Thin lines: 90 % interval, doubt and chance."
    if count == 1:
        return f"{marks} One replicate: no bar for chance alone."
    rough = f" (roughly, by {count} replicates)" if 0 < count < FEW_REPLICATES else ""
    return f"{marks} {THICK}{rough}."


def panels(count: int) -> str:
    """Count panels in words, for the text that stands for a picture.

    >>> panels(1), panels(5)
    ('one panel', 'five panels')
    """
    words = ("no", "one", "two", "three", "four", "five")
    return f"{words[count] if count < len(words) else count} panel{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class Rows:
    """Names of scenarios as they stand at the left of a chart, and the room they take."""

    names: Mapping[str, str]
    room: Room

    def on(self, ax: Axes) -> None:
        """Write the names at the ticks of an axes, first above."""
        ax.set_yticks(range(len(self.names)), list(self.names.values()))


def rows_of(scenarios: Sequence[str], height: float = ROW, above: float = ABOVE) -> Rows:
    """Fit names to the left of a chart with one row a scenario, ``height`` inches each."""
    tall = height * len(scenarios)
    share = PHONE / SLIDE if is_phone() else 1.0  # a room is told in shares of a slide
    for left in (0.26 * share, 0.42 * share) if is_phone() else (LEFT, 0.2, 0.26):
        names = names_in(scenarios, NAME_SIZE, SLIDE * 72 * left - NAME_PAD)
        if not any(ELLIPSIS in shown for shown in names.values()):
            break
    return Rows(names, Room(tall=tall, above=above, left=left))


def axes_row(
    figure: Figure,
    count: int,
    space: float = 0.08,
    across: Literal["all", "none"] = "all",
) -> list[Axes]:
    """Return ``count`` axes side by side on one vertical scale, where the figure has room.

    ``across`` says whether they share the horizontal scale too.
    """
    if is_phone():
        return _stacked(figure, count, across)
    grid = figure.add_gridspec(1, count, wspace=space)
    made: Any = grid.subplots(sharex=across, sharey="all")
    return list(np.atleast_1d(made))


def _stacked(figure: Figure, count: int, across: Literal["all", "none"]) -> list[Axes]:
    """Return axes one below another, on a figure made as high as they all need."""
    area, tall = figure.subplotpars, figure.get_figheight()
    above, each, below = (1 - area.top) * tall, (area.top - area.bottom) * tall, area.bottom * tall
    gap = GAP if across == "all" else GAP + 0.35
    whole = above + count * each + (count - 1) * gap + below
    figure.set_figheight(whole)
    figure.subplots_adjust(top=1 - above / whole, bottom=below / whole)
    made: Any = figure.add_gridspec(count, 1, hspace=gap / each).subplots(
        sharex=across, sharey="all"
    )
    return list(np.atleast_1d(made))


def intervals(
    ax: Axes, rows: pd.DataFrame, look: Look, offset: float = 0.0, size: float = MARK
) -> None:
    """Draw rows as horizontal point ranges.

    ``rows`` needs ``position`` (height), ``value``, ``low``, ``high`` (doubt and chance) and
    ``chance_low``, ``chance_high`` (around ``value``, as wide as chance alone would be); an
    interval that is missing is not drawn.
    ``size`` is the area of a mark, in points.
    """
    placed = rows.assign(position=rows["position"] + offset)
    whole = placed.dropna(subset=["low", "high"])
    chance = placed.dropna(subset=["chance_low", "chance_high"])
    ax.hlines(
        chance["position"],
        chance["chance_low"],
        chance["chance_high"],
        color=look.colour,
        lw=7,
        alpha=0.4,
    )
    ax.hlines(whole["position"], whole["low"], whole["high"], color=look.colour, lw=1.8)
    ax.scatter(
        placed["value"],
        placed["position"],
        color=look.colour,
        marker=look.marker,
        s=size,
        edgecolor="white",
        linewidth=0.8,
        zorder=3,
    )
    ax.set(xlabel="", ylabel="")


def nought(ax: Axes, minimum: float) -> None:
    """Mark no difference, and the band of differences that are less than matters."""
    ax.axvspan(-minimum, minimum, color=BAND, zorder=0, lw=0)
    ax.axvline(0, color=INK, lw=1.1, zorder=1)


def write_values(ax: Axes, rows: pd.DataFrame, digits: int = 2) -> None:
    """Write each central value just above its mark, with a halo where lines cross it."""
    from matplotlib.patheffects import withStroke

    for position, value in zip(rows["position"], rows["value"], strict=True):
        ax.annotate(
            signed(float(value), digits),
            (value, position),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=11.5,
            path_effects=[withStroke(linewidth=4, foreground="white")],
        )


def write_words(ax: Axes, rows: pd.DataFrame) -> None:
    """Write each verdict above its mark, for charts whose sizes are not to be read."""
    from matplotlib.patheffects import withStroke

    for position, value, word in zip(rows["position"], rows["value"], rows["verdict"], strict=True):
        ax.annotate(
            str(word),
            (value, position),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=11.5,
            path_effects=[withStroke(linewidth=3, foreground="white")],
        )


def place_panels(
    figure: Figure,
    rows: pd.DataFrame,
    places: Mapping[int, str],
    look: Mapping[str, Look],
    minimum: float,
) -> list[Axes]:
    """Draw one panel a place, one row a scenario, differences along the shared axis.

    ``rows`` holds ``scenario``, ``place`` and the columns of :func:`intervals`. Where the smallest
    difference that matters is counted in whole heads, values are written so.
    """
    import seaborn as sns

    order = order_of(rows, look)
    height = {name: i for i, name in enumerate(order)}
    placed = rows.assign(position=rows["scenario"].map(height))
    axes = axes_row(figure, len(places))
    for ax, (place, text) in zip(axes, places.items(), strict=True):
        here = placed[placed["place"] == place]
        nought(ax, minimum)
        for name in order:
            intervals(ax, here[here["scenario"] == name], look[name])
        write_values(ax, here, digits=0 if minimum >= 1 else 2)
        ax.set(title=text, xlabel="", ylabel="")
        ax.locator_params(axis="x", nbins=4)
        ax.grid(visible=False, axis="y")
        sns.despine(ax=ax, left=True)
    axes[0].set_ylim(len(order) - 0.45, -0.7)
    _room_at_ends(axes[0])
    return axes


def _room_at_ends(ax: Axes) -> None:
    """Widen an axis whose outermost numbers would meet those of the panel beside it."""
    low, high = ax.get_xlim()
    shown = [tick for tick in ax.get_xticks() if low <= tick <= high]
    longest = max((len(f"{tick:g}") for tick in shown), default=0)
    room = LETTER * longest * (high - low)
    if shown:
        ax.set_xlim(min(low, min(shown) - room), max(high, max(shown) + room))


def order_of(rows: pd.DataFrame, look: Mapping[str, Look]) -> list[str]:
    """Return the scenarios that rows speak of, in the order of the comparison."""
    here = set(rows["scenario"])
    return [name for name in look if name in here]


def axis_note(figure: Figure, text: str) -> None:
    """Write one axis label under a row of panels that share it."""
    area = figure.subplotpars
    below = area.bottom - 0.44 / figure.get_figheight()
    middle, size = (0.5, 11.5) if is_phone() else ((area.left + area.right) / 2, 13)
    figure.text(middle, below, text, ha="center", va="top", size=size)


def spread(
    wanted: list[float], least: float, low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """Move heights apart until neighbours are at least ``least`` away, keeping their order.

    Heights move no further than needed, and stay between ``low`` and ``high`` where there is room.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    # Less what lies below each, heights only have to rise: neighbours that fall are pooled.
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        mean, count = wanted[i] - rank * least, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    level = [mean for mean, count in pools for _ in range(count)]
    top = max(high - (len(wanted) - 1) * least, low)
    result = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        result[i] = min(max(level[rank], low), top) + rank * least
    return result


@dataclass(frozen=True)
class Ends:
    """Names of scenarios as they stand at the right ends of lines, and the room they take."""

    names: Mapping[str, str]
    line: float
    room: Room


def ends_of(scenarios: Sequence[str], left: float) -> Ends:
    """Fit names to the right of a chart of lines, as high as all of them one above another."""
    share = PHONE / SLIDE if is_phone() else 1.0
    for right in (1 - 0.4 * share, 1 - 0.45 * share) if is_phone() else (0.82, 0.76, 0.7):
        names = names_in(scenarios, END_SIZE, SLIDE * 72 * (1 - right) - END_PAD)
        if not any(ELLIPSIS in shown for shown in names.values()):
            break
    deep = max(shown.count("\n") + 1 for shown in names.values())
    line = (deep * END_SIZE * 1.2 + 5) / 72
    tall = max(line * len(names), PHONE_TALL) if is_phone() else line * len(names)
    return Ends(names, line, Room(tall=tall, above=0.3, left=left, right=right))


def end_labels(ax: Axes, points: Mapping[str, tuple[float, float, str]], ends: Ends) -> None:
    """Name each line at its right end; names too close are moved apart and joined by a thread.

    ``points`` maps a scenario to the x and y of its last point and the colour of its line.
    """
    low, high = ax.get_ylim()
    least = ends.line / (ax.bbox.height / ax.figure.dpi) * (high - low)
    heights = spread([y for _, y, _ in points.values()], least, low + least / 2, high - least / 2)
    right = max(x for x, _, _ in points.values()) + 0.045 * _span(ax)
    for (name, (x, y, colour)), height in zip(points.items(), heights, strict=True):
        ax.annotate(
            ends.names[name],
            (x, y),
            xytext=(right, height),
            ha="left",
            va="center",
            size=END_SIZE,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 1.0,
                "shrinkB": 4,
                "relpos": (0, 0.5),
                "patchA": None,
            },
            annotation_clip=False,
        )


def _span(ax: Axes) -> float:
    """Return the width of the horizontal axis in its own units."""
    low, high = ax.get_xlim()
    return float(high - low)


@dataclass(frozen=True)
class Legend:
    """Names of scenarios as they stand above a chart, in columns, and how high they are."""

    names: Mapping[str, str]
    columns: int
    tall: float


def legend_of(scenarios: Sequence[str], left: float) -> Legend:
    """Fit all names above a chart that begins at ``left``, in as many columns as there is room."""
    room = page_width() * 72 * (RIGHT - (0.0 if is_phone() else left))
    names = names_in(scenarios, LEGEND_SIZE, room - LEGEND_MARK, most=1)
    each = longest(list(names.values()), LEGEND_SIZE) + LEGEND_MARK
    columns = max(1, min(len(names), 5, int(room // each)))
    lines = -(-len(names) // columns)
    return Legend(names, columns, lines * LEGEND_SIZE * 1.55 / 72 + 0.08)


def draw_legend(figure: Figure, legend: Legend, look: Mapping[str, Look]) -> None:
    """Name the policies above the panels, for charts that cannot label directly."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=one.colour, marker=one.marker, markersize=9, lw=1.8)
        for one in (look[name] for name in legend.names)
    ]
    area = figure.subplotpars
    figure.legend(
        marks,
        list(legend.names.values()),
        loc="lower left",
        ncols=legend.columns,
        frameon=False,
        fontsize=LEGEND_SIZE,
        bbox_to_anchor=(0.0 if is_phone() else area.left - 0.01, area.top),
        borderaxespad=0.2,
        columnspacing=2.2,
        labelspacing=0.45,
    )


def zebra(ax: Axes, count: int) -> None:
    """Shade every other row so that the eye keeps to its row."""
    for row in range(0, count, 2):
        ax.axhspan(row - 0.5, row + 0.5, color="#F6F6F6", zorder=-1, lw=0)
    ax.axhline(count - 0.5, color=GREY, lw=0.8)
