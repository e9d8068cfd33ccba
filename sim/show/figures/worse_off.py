"""Who wins and who loses?"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axes_row, order_of, rows_of, zebra
from sim.show.clear import brief
from sim.show.headlines import GROUP
from sim.show.heads import BETTER, HEADS, WORSE, heads_overall, heads_told, surest
from sim.show.minima import MINIMUM
from sim.show.style import INK, Look, canvas, themed
from sim.show.words import label, percent, records
from sim.tabulate.verdicts import ENOUGH_DRAWS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 110
QUESTION = "Who wins and who loses?"
CAPTION = (
    f"How to read it: a group is {GROUP}. It is worse off (orange, "
    "hatched, left) or better off (blue, right) when its expected Attainment 8 over luck moves by "
    f"more than {MINIMUM:g} points against the baseline. Bars count pupils in such groups; in all "
    "other groups about nothing changes. Thin lines: 90 % interval, doubt "
    "and chance."
)
REACH = 127  # of each side, percent; beyond 100 stand the numbers
APART, CAP = 0.1, 0.07
"""Of a row: how far an interval stands from its middle, to either side, so that two never join
into one across nought; and half a cap."""
WHO = {"disadvantaged": "Disadvantaged pupils", "other": "Other pupils"}


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares of pupils ``worse`` and ``better`` off, by group (column ``who``)."""
    return heads_overall(dataset)


def title(rows: pd.DataFrame) -> str:
    """Say under which policies most disadvantaged pupils certainly lose and gain.

    ``rows``: as for :func:`draw`. A count whose interval reaches nobody is never told as one.
    """
    rows = rows[rows["who"] == "disadvantaged"]
    if int(rows["draws"].min()) < ENOUGH_DRAWS:
        ends = [f"{100 * rows['worse'].agg(f):.0f}" for f in ("min", "max")]
        span = " to ".join(dict.fromkeys(ends))
        return f"Run longer to tell who loses; so far {span} of 100 disadvantaged pupils"
    told = [
        f"{heads_told(row, column)} {verb} under {label(str(row['scenario']))}"
        for column, verb in HEADS
        if (row := surest(rows, column))
    ]
    if not told:
        return _no_heads(rows)
    start = "Of 100 disadvantaged pupils,"
    plain = [one.split(" under ")[0] + " under one policy" for one in told]
    return brief(f"{start} {'; '.join(told)}", f"{start} {told[0]}", f"{start} {plain[0]}")


def _no_heads(rows: pd.DataFrame) -> str:
    """Say what may be where no count is certain."""
    may = {verb: round(100 * float(rows[f"{column}_high"].max())) for column, verb in HEADS}
    if not any(may.values()):
        return "Hardly any disadvantaged pupils are in groups that lose or gain under any policy"
    parts = [f"up to {count} may {verb}" for verb, count in may.items() if count]
    return f"Of 100 disadvantaged pupils none certainly lose or gain; {' and '.join(parts)}"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw shares worse off and better off, one row a scenario, one panel a group.

    ``rows``: ``scenario``, ``who`` (disadvantaged or other), ``worse`` with
    ``worse_low`` and ``worse_high``, ``better`` with ``better_low`` and ``better_high`` (shares
    between 0 and 1), ``draws``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    with themed():
        down = rows_of(names)
        figure = canvas(QUESTION, answer, CAPTION, down.room)
        axes = axes_row(figure, 2, space=0.06)
        for ax, who in zip(axes, WHO, strict=True):
            _bars(ax, rows[rows["who"] == who], names)
            ax.set_title(WHO[who])
        down.on(axes[0])
    return Chart("worse_off", QUESTION, answer, CAPTION, _alt(rows, names), figure, rows)


def _bars(ax: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    """Draw one group: worse off to the left of nought, better off to the right."""
    import seaborn as sns
    from matplotlib.ticker import FuncFormatter

    zebra(ax, len(names))
    percents = rows.assign(worse=-100 * rows["worse"], better=100 * rows["better"])
    for column, colour, hatch in (("worse", WORSE, "//"), ("better", BETTER, "")):
        sns.barplot(
            percents,
            x=column,
            y="scenario",
            order=names,
            color=colour,
            saturation=1,
            errorbar=None,
            width=0.55,
            hatch=hatch,
            edgecolor="white",
            ax=ax,
        )
    for height, row in enumerate(records(rows.set_index("scenario").loc[names])):
        _end(ax, -1, height, (row["worse"], row["worse_low"], row["worse_high"]))
        _end(ax, 1, height, (row["better"], row["better_low"], row["better_high"]))
    ax.axvline(0, color=INK, lw=1.1)
    ax.set(xlim=(-REACH, REACH), ylim=(len(names) - 0.5, -0.5), ylabel="")
    ax.set_xlabel("Worse off (%)      |      Better off (%)")
    ax.set_xticks(range(-100, 101, 50))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0f}"))
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _end(ax: Axes, side: int, height: int, told: tuple[float, float, float]) -> None:
    """Draw the interval of a bar and write its share at the edge, where no bar can reach.

    ``side`` is -1 (worse off) or 1; ``told`` the share and the ends of its interval.
    """
    share, low, high = told
    if isfinite(low) and isfinite(high):
        at, ends = height + side * APART, (100 * side * low, 100 * side * high)
        ax.hlines(at, ends[0], ends[1], color=INK, lw=1.4, zorder=4)
        ax.vlines(ends, at - CAP, at + CAP, color=INK, lw=1.4, zorder=4)
    edge = side * (REACH - 2)
    ax.text(edge, height, percent(share), ha="right" if side > 0 else "left", va="center", size=12)


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell both shares of every policy and group in words."""
    parts = []
    for who, words in WHO.items():
        told = [
            f"{label(r['scenario'])} {percent(r['worse'])} worse, {percent(r['better'])} better"
            for r in records(rows[rows["who"] == who])
            if r["scenario"] in names
        ]
        parts.append(f"{words}: {'; '.join(told)}")
    return f"Bars to both sides of 0. {'. '.join(parts)}."
