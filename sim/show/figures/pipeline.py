"""Where does the pipeline leak?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show import titles_later
from sim.show.chart import Chart, axes_row, axis_note, zebra
from sim.show.fifths import empty_told, fifth_titles
from sim.show.later import STAGES
from sim.show.phone import is_phone
from sim.show.style import ABOVE, GREY, PALETTE, Look, Room, canvas, themed
from sim.show.words import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["QUESTION", "draw"]

QUESTION = "Where does the pipeline leak?"
INDENT = 0.16
CAPTION = (
    "How to read it: share of disadvantaged pupils (blue) and of others (grey rings) who get to "
    "each stage, by fifth of areas, baseline, before any policy; each stage is another cohort. "
    "Numbers: disadvantaged pupils who get there for 100 others; where they fall from one row to "
    "the next, the pipeline leaks. Thin lines: 90 % interval, doubt and chance, mostly too short "
    "to see."
)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw both groups stage by stage, one panel a fifth.

    ``rows``: ``stage`` (names of measures), ``place`` (1 = most affluent), ``group``, ``value``,
    ``low``, ``high`` (shares) and ``ratio`` in rows of disadvantaged pupils. ``look`` is not
    used: all of it is the baseline.
    """
    mine = rows[rows["group"] == "disadvantaged"]
    title = titles_later.leaks(mine, STAGES)
    heads = fifth_titles(rows)
    places = list(heads)
    caption = CAPTION + empty_told(rows)
    with themed():
        above = ABOVE + 0.45 if is_phone() else ABOVE  # its legend stands beside the panels
        figure = canvas(QUESTION, title, caption, Room(left=INDENT, above=above))
        axes = axes_row(figure, len(places))
        for ax, place in zip(axes, places, strict=True):
            _panel(ax, rows[rows["place"] == place])
            ax.set_title(heads[place])
        axes[0].set_yticks(range(len(STAGES)), list(STAGES.values()))
        axes[0].set_ylim(len(STAGES) - 0.5, -0.75)
        axis_note(figure, "Share of pupils who get there (%)")
        _legend(figure)
    alt = _alt(mine, places)
    return Chart("where_the_pipeline_leaks", QUESTION, title, caption, alt, figure, rows)


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw one fifth: a line between the two groups at each stage, and their ratio."""
    import seaborn as sns

    zebra(ax, len(STAGES))
    height = {name: i for i, name in enumerate(STAGES)}
    for group, fill, edge in (("other", "white", GREY), ("disadvantaged", PALETTE[0], "white")):
        mine = rows[rows["group"] == group]
        at = mine["stage"].map(height)
        if group == "other":
            _threads(ax, rows, height)
        ax.hlines(at, 100 * mine["low"], 100 * mine["high"], color=GREY, lw=1.8, zorder=2)
        ax.scatter(100 * mine["value"], at, s=95, color=fill, edgecolor=edge, lw=2, zorder=3)
    ax.set(xlim=(-4, 104), xticks=(0, 50, 100), xlabel="", ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _threads(ax: Axes, rows: pd.DataFrame, height: Mapping[str, int]) -> None:
    """Join both groups of a stage and write above how many arrive for 100 others."""
    table = rows.pivot(index="stage", columns="group", values="value")
    ratio = rows[rows["group"] == "disadvantaged"].set_index("stage")["ratio"]
    for name, at in height.items():
        ends = 100 * table.loc[name]
        ax.hlines(at, ends["disadvantaged"], ends["other"], color=GREY, lw=1.2, zorder=1)
        ax.annotate(
            f"{100 * ratio[name]:.0f}",
            ((ends["disadvantaged"] + ends["other"]) / 2, at),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=11.5,
        )


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=PALETTE[0], marker="o", markersize=9, lw=0),
        Line2D([], [], color=GREY, marker="o", markersize=9, mfc="white", mew=2, lw=0),
    ]
    figure.legend(
        marks,
        ["Disadvantaged", "Others"],
        loc="lower left",
        ncols=1,
        frameon=False,
        bbox_to_anchor=(0.005, figure.subplotpars.top - (0.0 if is_phone() else 0.02)),
        borderaxespad=0.2,
        handletextpad=0.1,
    )


def _alt(rows: pd.DataFrame, places: list[int]) -> str:
    """Tell the shares and ratios at the ends of the affluence scale in words."""
    parts = []
    for place, where in ((places[0], "most affluent"), (places[-1], "least affluent")):
        mine = rows[rows["place"] == place].set_index("stage")
        told = [
            f"{STAGES[name].replace(chr(10), ' ')} {percent(float(mine['value'][name]))} "
            f"({100 * float(mine['ratio'][name]):.0f} for 100 others)"
            for name in STAGES
        ]
        parts.append(f"{where} fifth: {', '.join(told)}")
    return f"Pairs of marks by stage, disadvantaged pupils, baseline. {'; '.join(parts)}."
