"""Do better chances become better lives?"""

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
from sim.show.later import MINIMUM_INDEX
from sim.show.style import GREY, Look, canvas, themed
from sim.show.words import label, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["QUESTION", "draw"]

QUESTION = "Do better chances become better lives?"
OTHERS = Look(GREY, "o", "")
PANELS = {
    "opportunity": ("Opportunity: what is given", "Opportunity index, difference (pupil SD)"),
    "outcome": ("Outcome: what came of it by 25", "Outcome index, difference (probit)"),
}


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the change in the opportunity index beside that in the outcome index, own axes.

    ``rows``: ``scenario``, ``shelf`` (opportunity, outcome), ``group`` (disadvantaged, other),
    ``value``, ``low``, ``high``, ``chance_low``, ``chance_high`` and ``verdict``.
    """
    mine = rows[rows["group"] == "disadvantaged"]
    title = titles.opportunity_beside_outcome(mine)
    names = order_of(rows, look)
    caption = _caption(rows)
    with themed():
        down = rows_of(names, height=0.68)
        figure = canvas(QUESTION, title, caption, down.room)
        axes = axes_row(figure, 2, space=0.07, across="none")
        for ax, (shelf, (heading, unit)) in zip(axes, PANELS.items(), strict=True):
            _panel(ax, rows[rows["shelf"] == shelf], names, look)
            ax.set_title(heading)
            ax.set_xlabel(unit)
            ax.locator_params(axis="x", nbins=5)
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
        write_values(ax, group.assign(position=height - 0.14), digits=3)
    ax.set(ylim=(len(names) - 0.5, -0.7), ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: difference from baseline of disadvantaged pupils (coloured) and others "
        "(rings). Left: pounds, teachers, good school, post-16 options, attainment. Right: Level "
        "3, degree, skilled job, pay rank. Scales differ: compare inside a panel. "
        f"{reading(rows)} Grey band: under {MINIMUM_INDEX:g}."
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell both changes of every policy in words."""
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].set_index("shelf")["value"]
        parts.append(
            f"{label(name)}: opportunity {signed(mine['opportunity'], 3)}, outcome "
            f"{signed(mine['outcome'], 3)}"
        )
    return (
        "Point ranges in two panels with axes of their own, opportunity and outcome index of "
        f"disadvantaged pupils. Change from baseline: {'; '.join(parts)}."
    )
