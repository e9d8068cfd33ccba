"""Does the gap close because some rise, or because others fall?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show import titles
from sim.show.chart import (
    Chart,
    axes_row,
    intervals,
    nought,
    order_of,
    reading,
    rows_of,
    write_values,
    zebra,
)
from sim.show.style import GREY, Look, canvas, themed
from sim.show.tables import MINIMUM
from sim.show.words import label, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["QUESTION", "draw"]

QUESTION = "When the gap closes, do some rise or do others fall?"
OTHERS = Look(GREY, "o", "")


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the change in level of both groups beside the change in the gap, overall.

    ``rows``: ``scenario``, ``part`` (disadvantaged, other, gap), ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (Attainment 8 points) and ``verdict``.
    """
    title = titles.level_beside_gap(rows)
    names = order_of(rows, look)
    caption = _caption(rows)
    with themed():
        down = rows_of(names, height=0.68)
        figure = canvas(QUESTION, title, caption, down.room)
        left, right = axes_row(figure, 2, space=0.07)
        _levels(left, rows, names, look)
        down.on(left)
        _gaps(right, rows, names, look)
    return Chart("level_beside_gap", QUESTION, title, caption, _alt(rows, names), figure, rows)


def _levels(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw both groups' change, disadvantaged pupils above the others in each row."""
    _frame(ax, names, "Level: change in each group")
    for height, name in enumerate(names):
        mine = rows[rows["scenario"] == name].assign(position=float(height))
        group = mine[mine["part"] == "disadvantaged"]
        others = mine[mine["part"] == "other"]
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
        write_values(ax, group.assign(position=height - 0.14))
    ax.set_xlabel("Attainment 8, difference (points)")


def _gaps(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw the change in the gap, others minus disadvantaged."""
    _frame(ax, names, "Gap: others minus disadvantaged pupils")
    for height, name in enumerate(names):
        mine = rows[(rows["scenario"] == name) & (rows["part"] == "gap")]
        mine = mine.assign(position=float(height))
        intervals(ax, mine, look[name])
        write_values(ax, mine)
    ax.set_xlabel("Attainment 8 gap, difference (points)")


def _frame(ax: Axes, names: list[str], title: str) -> None:
    """Set one panel: rows, shading, nought, heading."""
    import seaborn as sns

    zebra(ax, len(names))
    nought(ax, MINIMUM)
    ax.locator_params(axis="x", nbins=6)
    ax.set_title(title)
    ax.set(ylim=(len(names) - 0.5, -0.7), ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: left, change of disadvantaged pupils (coloured) and of the others (grey "
        "rings) from the baseline; right, change of the gap (left of 0 = narrower). "
        f"{reading(rows)} Grey band: under {MINIMUM:g} points. A gap that narrows while the "
        "coloured mark stays put narrows because others' results fall."
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell the three changes of every policy in words."""
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].set_index("part")["value"]
        parts.append(
            f"{label(name)}: disadvantaged {signed(mine['disadvantaged'], 2)}, others "
            f"{signed(mine['other'], 2)}, gap {signed(mine['gap'], 2)}"
        )
    return (
        "Point ranges in two panels, level and gap. Change from baseline in Attainment 8 points. "
        + "; ".join(parts)
        + "."
    )
