"""Where did the targeted pounds go?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.record.variables import DISADVANTAGED
from sim.show.chart import Chart, axis_note, order_of
from sim.show.clear import brief
from sim.show.fifths import IN_FIFTHS, areas_told, counted, empty_told
from sim.show.fit import names_in
from sim.show.measured import only_baseline, targeted
from sim.show.phone import is_phone, page_width
from sim.show.style import INK, PALE, Look, Room, canvas, themed
from sim.show.words import label, percent, records

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ROOMY = 4  # panels; in more, only the coloured bars carry their number
INDENT, PANEL, TITLE_SIZE = 0.075, 2.9, 13.0  # share of the width; inches; points
APART = 3.5  # points between a number and the middle of its bar
ORDER = 50
QUESTION = "Where did the targeted pounds go?"
CAPTION = (
    "How to read it: coloured, hatched bars are the share of a policy's targeted money that goes "
    "to schools in each fifth of areas by free school meals; grey bars are the share of all "
    "disadvantaged pupils who live there. Where the coloured bar is shorter, a fifth gets less "
    "than its share. Thin lines: 90 % interval, doubt and chance. Policies without targeted money "
    "are not shown."
)


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Share of targeted money by fifth (``value``) beside that of disadvantaged pupils."""
    rows = targeted(dataset, "targeted_share")
    rows["share_of_pupils"] = rows["place"].map(_disadvantaged_shares(dataset))
    return rows


def _disadvantaged_shares(dataset: xr.Dataset) -> dict[int, float]:
    """Share of all disadvantaged pupils who live in each fifth, baseline, last year."""
    base = only_baseline(dataset).isel(year=-1)
    pupils = base["pupils"].sel(group=list(DISADVANTAGED)).sum("group").mean("cell")
    weighted = (pupils * base["weight"]).groupby("affluence").sum()
    shares = weighted / weighted.sum()
    return {
        int(a): float(v) for a, v in zip(shares["affluence"].values, shares.values, strict=True)
    }


def title(rows: pd.DataFrame) -> str:
    """Say what share of targeted money the most affluent fifth gets, beside its pupils.

    ``rows``: ``scenario``, ``place``, ``value``, ``low``, ``high`` and ``share_of_pupils``
    (shares between 0 and 1).
    """
    rich = int(rows["place"].min())
    here = rows[rows["place"] == rich]
    where = IN_FIFTHS[rich].removeprefix("in ")
    pupils = percent(float(here["share_of_pupils"].mean()))
    ranked = records(here.sort_values("value"))
    ends = [ranked[0], ranked[-1]] if len(ranked) > 1 else ranked
    told = [f"{label(str(r['scenario']))} {percent(r['value'])}" for r in ends]
    span = " to ".join(dict.fromkeys(percent(r["value"]) for r in ends))
    title = brief(
        f"Targeted money reaching {where}, with {pupils} of disadvantaged pupils: "
        + ", ".join(told),
        f"{where[:1].upper()}{where[1:]} has {pupils} of disadvantaged pupils and gets {span} of "
        "targeted money",
    )
    return counted(title, rows)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw shares of targeted pounds beside shares of disadvantaged pupils, by fifth.

    ``rows``: ``scenario``, ``place``, ``value``, ``low``, ``high``, ``share_of_pupils`` (shares
    between 0 and 1).
    """
    answer = title(rows)
    names = order_of(rows, look)
    caption = CAPTION + empty_told(rows)
    with themed():
        columns, tall = _grid(len(names))
        shown = names_in(names, TITLE_SIZE, 72 * page_width() * 0.86 / columns)
        figure = canvas(QUESTION, answer, caption, Room(tall=tall, left=INDENT))
        axes = _panels(figure, len(names), columns)
        for ax, name in zip(axes, names, strict=True):
            mine = rows[rows["scenario"] == name].sort_values("place")
            numbered = ("share_of_pupils", "value") if len(names) <= ROOMY else ("value",)
            _bars(ax, mine, look[name], numbered)
            ax.set_title(shown[name], size=TITLE_SIZE)
        for ax in axes[::columns]:
            ax.set_ylabel("Share of the total (%)")
        axis_note(
            figure, f"Fifth of areas by free school meals (1 = most affluent){areas_told(rows)}"
        )
    return Chart("money_went", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def _grid(count: int) -> tuple[int, float]:
    """Return how many panels stand side by side, and the height of all rows in inches."""
    columns = 1 if is_phone() else count if count <= ROOMY + 1 else ROOMY
    lines = -(-count // columns)
    return columns, lines * PANEL if lines > 1 else 0.0


def _panels(figure: Figure, count: int, columns: int) -> list[Axes]:
    """Return the panels row by row, all on one vertical scale."""
    lines = -(-count // columns)
    grid = figure.add_gridspec(lines, columns, wspace=0.08, hspace=0.42)
    made: Any = grid.subplots(sharex=True, sharey=True, squeeze=False)
    for ax in made.ravel()[count:]:
        ax.remove()
    for ax in made.ravel()[max(count - columns, 0) : count]:
        ax.tick_params(labelbottom=True)
    return list(np.ravel(made)[:count])


def _bars(ax: Axes, rows: pd.DataFrame, look: Look, numbered: tuple[str, ...]) -> None:
    """Draw one policy: a grey and a coloured bar a fifth, each with its number."""
    import seaborn as sns

    long = rows.melt("place", ["share_of_pupils", "value"], "what", "share")
    long["share"] *= 100
    sns.barplot(
        long,
        x="place",
        y="share",
        hue="what",
        hue_order=["share_of_pupils", "value"],
        palette={"share_of_pupils": PALE, "value": look.colour},
        saturation=1,
        legend=False,
        errorbar=None,
        ax=ax,
    )
    grey, coloured = (list(bars) for bars in ax.containers)
    for bar in grey:
        bar.set(edgecolor=INK, linewidth=0.6)
    for bar in coloured:
        bar.set(hatch="//", edgecolor="white", linewidth=0.6)
    if "share_of_pupils" in numbered:
        _numbers(ax, grey, [0.0] * len(rows), -APART)
    centres = [bar.get_x() + bar.get_width() / 2 for bar in coloured]
    ax.vlines(centres, 100 * rows["low"], 100 * rows["high"], color=INK, lw=1.4)
    tops = (100 * rows["high"].fillna(0.0)).tolist()
    _numbers(ax, coloured, tops, APART if "share_of_pupils" in numbered else 0.0)
    ax.set(xlabel="", ylabel="")
    ax.margins(y=0.14)
    ax.grid(visible=False, axis="x")
    sns.despine(ax=ax, left=True)


def _numbers(ax: Axes, bars: Iterable[Any], above: Iterable[float], aside: float) -> None:
    """Write each bar's number on top of it, or above the given height if that is higher.

    ``aside``: points to the right, so that numbers of neighbours are not read as one.
    """
    for bar, least in zip(bars, above, strict=True):
        tall, middle = float(bar.get_height()), float(bar.get_x() + bar.get_width() / 2)
        place = (middle, max(tall, least))
        ax.annotate(
            f"{tall:.0f}", place, (aside, 2), textcoords="offset points", ha="center", size=11.5
        )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell every share in words, most affluent fifth first."""
    one = rows[rows["scenario"] == names[0]].sort_values("place")
    parts = [f"disadvantaged pupils {_series(one['share_of_pupils'])}"]
    for name in names:
        mine = rows[rows["scenario"] == name].sort_values("place")
        parts.append(f"{label(name)} {_series(mine['value'])}")
    return "Bars. Shares by fifth of areas, from most to least affluent: " + "; ".join(parts) + "."


def _series(values: pd.Series) -> str:
    return ", ".join(percent(float(v)) for v in values)
