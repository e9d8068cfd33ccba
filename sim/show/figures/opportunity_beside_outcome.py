"""Do better chances become better lives?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show import titles_later
from sim.show.chart import (
    THICK,
    Chart,
    axes_row,
    intervals,
    nought,
    order_of,
    rows_of,
    write_words,
    zebra,
)
from sim.show.later import MINIMUM_INDEX
from sim.show.style import GREY, Look, canvas, themed
from sim.show.words import label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["QUESTION", "draw"]

QUESTION = "Do better chances become better lives?"
OTHERS = Look(GREY, "o", "")
DIRECTION = "lower than baseline  |  higher than baseline"
PANELS = {
    "opportunity": "Opportunity: what is given",
    "outcome": "Outcome: what came of it by 25",
}


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the direction of both indices side by side.

    Their points are not the same thing, so no axis has numbers: sizes cannot be read across.

    ``rows``: ``scenario``, ``shelf`` (opportunity, outcome), ``group`` (disadvantaged, other),
    ``value``, ``low``, ``high``, ``chance_low``, ``chance_high`` and ``verdict``; perhaps
    ``parts`` (what is in the index).
    """
    mine = rows[rows["group"] == "disadvantaged"]
    title = titles_later.opportunity_beside_outcome(mine)
    names = order_of(rows, look)
    caption = _caption(rows)
    with themed():
        down = rows_of(names, height=0.68)
        figure = canvas(QUESTION, title, caption, down.room)
        axes = axes_row(figure, 2, space=0.07, across="none")
        for ax, (shelf, heading) in zip(axes, PANELS.items(), strict=True):
            _panel(ax, rows[rows["shelf"] == shelf], names, look)
            ax.set_title(heading)
            ax.set_xlabel(DIRECTION)
        down.on(axes[0])
    alt = _alt(mine, names)
    return Chart("opportunity_beside_outcome", QUESTION, title, caption, alt, figure, rows)


def _panel(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw one index: disadvantaged pupils above the others in each policy's row."""
    import seaborn as sns

    zebra(ax, len(names))
    nought(ax, MINIMUM_INDEX)
    for height, name in enumerate(names):
        own = rows[rows["scenario"] == name].assign(position=float(height))
        group = own[own["group"] == "disadvantaged"]
        others = own[own["group"] == "other"]
        intervals(ax, group, look[name], offset=-0.14)
        intervals(ax, others, OTHERS, offset=0.2)
        ax.scatter(
            others["value"],
            others["position"] + 0.2,
            s=80,
            color="white",
            edgecolor=GREY,
            linewidth=2,
            zorder=4,
        )
        write_words(ax, group.assign(position=height - 0.14))
    furthest = max(abs(end) for end in ax.get_xlim())
    ax.set(xlim=(-furthest, furthest), ylim=(len(names) - 0.5, -0.7), ylabel="", xticks=[])
    ax.grid(visible=False)
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    shelf = rows[rows["shelf"] == "opportunity"]
    inside = f" In the opportunity index: {shelf['parts'].iloc[0]}." if "parts" in rows else ""
    return (
        "How to read it: direction of the difference from the baseline, of disadvantaged pupils "
        "(coloured, with the verdict) and others (rings). Each panel has a scale of its own: "
        f"lengths cannot be compared across.{inside} Thin lines: 90 % interval, doubt and "
        f"chance. {THICK}. Grey band: too small to matter."
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell both directions of every policy in words."""
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].set_index("shelf")["verdict"]
        parts.append(f"{label(name)}: opportunity {mine['opportunity']}, outcome {mine['outcome']}")
    return (
        "Point ranges in two panels, each with a scale of its own, opportunity and outcome index "
        f"of disadvantaged pupils. Direction against the baseline: {'; '.join(parts)}."
    )
