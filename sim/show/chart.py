"""What a finished chart carries, and the marks that charts share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.show.style import BAND, BOTTOM, GREY, INK, LEFT, RIGHT, TOP, Look
from sim.show.words import label, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Chart", "axes_row", "end_labels", "intervals", "place_panels", "reading"]

FEW_REPLICATES = 5


@dataclass(frozen=True)
class Chart:
    """A picture that answers one question, with the words that go with it.

    ``name`` is the stem of its files, ``title`` the answer computed from the numbers,
    ``alt`` the same content for people who do not see the picture, ``rows`` the numbers drawn.
    """

    name: str
    question: str
    title: str
    caption: str
    alt: str
    figure: Figure
    rows: pd.DataFrame


def reading(rows: pd.DataFrame) -> str:
    """Say how to read marks and both intervals; chance from few replicates is called rough."""
    count = int(rows["replicates"].min()) if "replicates" in rows else 0
    rough = f" (rough: {count} replicates)" if 0 < count < FEW_REPLICATES else ""
    return (
        "Marks: mean over draws of beliefs. Thin lines: 90 % interval, doubt and chance. Thick "
        f"bars: as wide as chance alone would be{rough}."
    )


def axes_row(
    figure: Figure,
    count: int,
    left: float = LEFT,
    space: float = 0.08,
    across: Literal["all", "none"] = "all",
) -> list[Axes]:
    """Return ``count`` axes side by side on one vertical scale.

    ``across`` says whether they share the horizontal scale too.
    """
    import numpy as np

    grid = figure.add_gridspec(
        1, count, left=left, right=RIGHT, top=TOP, bottom=BOTTOM, wspace=space
    )
    made: Any = grid.subplots(sharex=across, sharey="all")
    return list(np.atleast_1d(made))


def intervals(ax: Axes, rows: pd.DataFrame, look: Look, offset: float = 0.0) -> None:
    """Draw rows as horizontal point ranges.

    ``rows`` needs ``position`` (height), ``value``, ``low``, ``high`` (doubt and chance) and
    ``chance_low``, ``chance_high`` (chance alone); an interval that is missing is not drawn.
    """
    placed = rows.assign(position=rows["position"] + offset)
    whole = placed.dropna(subset=["low", "high"])
    chance = placed.dropna(subset=["chance_low", "chance_high"])
    # Chance is measured around the central beliefs; its width is what helps to read this mark.
    half = (chance["chance_high"] - chance["chance_low"]) / 2
    ax.hlines(
        chance["position"],
        chance["value"] - half,
        chance["value"] + half,
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
        s=95,
        edgecolor="white",
        linewidth=0.8,
        zorder=3,
    )
    ax.set(xlabel="", ylabel="")


def nought(ax: Axes, minimum: float) -> None:
    """Mark no difference, and the band of differences too small to matter."""
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

    ``rows`` holds ``scenario``, ``place`` and the columns of :func:`intervals`.
    """
    import seaborn as sns

    order = [name for name in look if name in set(rows["scenario"])]
    height = {name: i for i, name in enumerate(order)}
    placed = rows.assign(position=rows["scenario"].map(height))
    axes = axes_row(figure, len(places))
    for ax, (place, text) in zip(axes, places.items(), strict=True):
        here = placed[placed["place"] == place]
        nought(ax, minimum)
        for name in order:
            intervals(ax, here[here["scenario"] == name], look[name])
        write_values(ax, here)
        ax.set(title=text, xlabel="", ylabel="")
        ax.grid(visible=False, axis="y")
        sns.despine(ax=ax, left=True)
    axes[0].set_yticks(range(len(order)), [label(name) for name in order])
    axes[0].set_ylim(len(order) - 0.45, -0.7)
    return axes


def axis_note(figure: Figure, text: str, left: float = LEFT) -> None:
    """Write one axis label under a row of panels that share it."""
    figure.text((left + RIGHT) / 2, BOTTOM - 0.062, text, ha="center", va="top", size=13)


def spread(wanted: list[float], least: float) -> list[float]:
    """Move heights apart until neighbours are at least ``least`` away, keeping their order."""
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    placed = [wanted[i] for i in order]
    for _ in range(200):
        moved = False
        for a in range(len(placed) - 1):
            short = least - (placed[a + 1] - placed[a])
            if short > 1e-9:
                placed[a] -= short / 2
                placed[a + 1] += short / 2
                moved = True
        if not moved:
            break
    result = [0.0] * len(wanted)
    for i, height in zip(order, placed, strict=True):
        result[i] = height
    return result


def end_labels(ax: Axes, ends: Mapping[str, tuple[float, float, str]], least: float) -> None:
    """Name each line at its right end; names too close are moved apart and joined by a thread.

    ``ends`` maps a scenario to the x and y of its last point and the colour of its line;
    ``least`` is the least distance between names in units of the axis.
    """
    heights = spread([y for _, y, _ in ends.values()], least)
    for (name, (x, y, colour)), height in zip(ends.items(), heights, strict=True):
        ax.annotate(
            label(name),
            (x, y),
            xytext=(x + 0.045 * _span(ax), height),
            ha="left",
            va="center",
            size=12.5,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 1.0, "shrinkB": 4},
            annotation_clip=False,
        )


def _span(ax: Axes) -> float:
    """Return the width of the horizontal axis in its own units."""
    low, high = ax.get_xlim()
    return float(high - low)


def legend_entries(look: Mapping[str, Look]) -> Iterator[tuple[object, str]]:
    """Yield a drawn mark and a name for each scenario, for charts that cannot label directly."""
    from matplotlib.lines import Line2D

    for name, one in look.items():
        yield (
            Line2D([], [], color=one.colour, marker=one.marker, markersize=9, lw=1.8),
            label(name),
        )


def zebra(ax: Axes, count: int) -> None:
    """Shade every other row so that the eye keeps to its row."""
    for row in range(0, count, 2):
        ax.axhspan(row - 0.5, row + 0.5, color="#F6F6F6", zorder=-1, lw=0)
    ax.axhline(count - 0.5, color=GREY, lw=0.8)
