"""Who is missed by targeted money?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import Chart, end_labels, ends_of, order_of
from sim.show.clear import brief
from sim.show.fifths import IN_FIFTHS, counted, empty_told, fifth_titles
from sim.show.measured import targeted
from sim.show.phone import is_phone
from sim.show.style import Look, canvas, themed
from sim.show.words import label, percent

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 70
QUESTION = "Who is missed?"
ON_PHONE = "Fifth of areas (1 = most affluent)"
CAPTION = (
    "How to read it: each line is a policy that targets money; its height is the share of "
    "disadvantaged pupils whose school gets no targeted pound, from the most affluent fifth of "
    "areas (left) to the least (right). A line that falls to the right misses more in affluent "
    "places. Upright strokes: 90 % interval for doubt and chance together, often too short to see."
)
CLOSE = 0.02  # shares closer than two percentage points are not told apart


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Share of disadvantaged pupils reached by no targeted pound, by fifth."""
    return targeted(dataset, "targeted_undercoverage")


def title(rows: pd.DataFrame) -> str:
    """Say which policy misses most disadvantaged pupils in affluent places, and in poor ones.

    ``rows``: ``scenario``, ``place``, ``value`` (share reached by no targeted pound).
    """
    rich, poor = int(rows["place"].min()), int(rows["place"].max())
    table = rows.pivot(index="scenario", columns="place", values="value")
    if table[[rich, poor]].to_numpy().max() < CLOSE:
        return "Targeted money misses hardly any disadvantaged pupils, in any fifth of areas"
    worst = str(table[rich].idxmax())
    a, b = (percent(float(table[place][worst])) for place in (rich, poor))
    last = f", {b} {IN_FIFTHS[poor].removesuffix(' fifth')}" if poor > rich else ""
    title = brief(
        *(
            f"{name} misses {a} of disadvantaged pupils {IN_FIFTHS[rich]}{last}"
            for name in (label(worst), "One policy")
        )
    )
    return counted(title, rows)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the share of disadvantaged pupils that targeted money does not reach, by fifth.

    ``rows``: ``scenario``, ``place``, ``value``, ``low``, ``high`` (shares between 0 and 1).
    """
    answer = title(rows)
    names = order_of(rows, look)
    caption = CAPTION + empty_told(rows)
    with themed():
        ends = ends_of(names, left=0.09)
        figure = canvas(QUESTION, answer, caption, ends.room)
        ax = figure.subplots()
        end_labels(ax, _lines(ax, rows, names, look), ends)
    return Chart("missed", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def _lines(
    ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]
) -> dict[str, tuple[float, float, str]]:
    """Draw one line a policy over the fifths; return where each ends, and its colour."""
    import seaborn as sns

    ends = {}
    for name in names:
        mine = rows[rows["scenario"] == name].sort_values("place")
        one = look[name]
        sns.lineplot(
            x=mine["place"],
            y=100 * mine["value"],
            color=one.colour,
            lw=2.4,
            marker=one.marker,
            markersize=11,
            dashes=False,
            linestyle=(0, one.dash or ()),
            ax=ax,
        )
        ax.vlines(mine["place"], 100 * mine["low"], 100 * mine["high"], color=one.colour, lw=1.8)
        last = mine.iloc[-1]
        ends[name] = (float(last["place"]), 100 * float(last["value"]), one.colour)
    places = sorted(rows["place"].unique())
    heads = [str(p) for p in places] if is_phone() else list(fifth_titles(rows).values())
    ax.set_xticks(places, heads)
    ax.set(xlim=(min(places) - 0.3, max(places) + 0.15), ylim=(-4, 104))
    ax.set(xlabel=ON_PHONE if is_phone() else "", ylabel="Disadvantaged pupils missed (%)")
    ax.grid(visible=False, axis="x")
    sns.despine(ax=ax, left=True)
    return ends


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell every share in words, most affluent fifth first."""
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].sort_values("place")
        parts.append(f"{label(name)} {', '.join(percent(float(v)) for v in mine['value'])}")
    return (
        "Lines. Share of disadvantaged pupils reached by no targeted pound, by fifth of areas "
        f"from most to least affluent: {'; '.join(parts)}."
    )
