"""How do gains build up over the years?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.record.variables import FULL_EXPOSURE
from sim.show.chart import Chart, end_labels, ends_of, order_of
from sim.show.clear import brief, direction, is_unsettled, matters
from sim.show.measured import difference_of
from sim.show.minima import MINIMUM
from sim.show.phone import is_phone
from sim.show.style import BAND, INK, MUTED, Look, canvas, themed
from sim.show.words import label, records, signed, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 130
QUESTION = "How do gains build up over the years?"
CAPTION = (
    "How to read it: each line is the difference from the baseline in disadvantaged "
    "pupils' Attainment 8, all areas, for the pupils who reach 16 in that policy year. Money "
    "acts two years after it is paid: from year 14 on it has acted in their whole "
    "school life. Shaded: 90 % interval for doubt and chance together. Grey band: smaller than "
    f"{MINIMUM:g} points."
)
ASIDE = 0.24  # years over which marks of a single year are spread
WHOLE_SCHOOL_LIFE = FULL_EXPOSURE["ks4"]


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, over all areas, in every policy year."""
    years = [int(y) for y in dataset["year"].values if y > 0]
    return difference_of(dataset, "attainment8", "england", years)


def title(rows: pd.DataFrame) -> str:
    """Say when differences become clear and where they stand at the end.

    ``rows``: ``scenario``, ``year``, ``value``, ``low``, ``high``, ``verdict``.
    """
    last = int(rows["year"].max())
    final = rows[rows["year"] == last]
    told = final[final["verdict"].map(matters)]
    if told.empty:
        return _no_path(final, last)
    order = told["value"].abs().sort_values(ascending=False).index
    parts: list[str] = []
    for row in records(told.loc[order]):
        since = _lasting_since(rows[rows["scenario"] == row["scenario"]], row["verdict"])
        unit = "" if parts else " points"
        parts.append(
            f"{label(str(row['scenario']))} {signed(row['value'], 2)}{unit} (since year {since})"
        )
    start = f"Clear by year {last}:"
    total = len(parts)
    fewer = [
        f"{start} {', '.join(parts[:n])} and {_policies(total - n, 'more ')}"
        for n in (2, 1)
        if n < total
    ]
    return brief(
        f"{start} {', '.join(parts)}",
        *fewer,
        f"By year {last} attainment over all areas clearly differs under {_policies(total)}",
    )


def _policies(count: int, more: str = "") -> str:
    return f"{count} {more}{'policy' if count == 1 else 'policies'}"


def _no_path(final: pd.DataFrame, last: int) -> str:
    if is_unsettled(final):
        ends = (signed(float(final["value"].agg(f)), 2) for f in ("min", "max"))
        return (
            f"Run longer to tell how gains build up: so far {' to '.join(ends)} points by year "
            f"{last}"
        )
    lived = times(last, "year")
    return f"After {lived} no policy makes a difference over all areas that clearly matters"


def _lasting_since(rows: pd.DataFrame, word: str) -> int:
    """Return the first year from which the direction stays that of ``word`` to the end."""
    ordered = rows.sort_values("year", ascending=False)
    since = int(ordered["year"].iloc[0])
    for year, verdict in zip(ordered["year"], ordered["verdict"], strict=True):
        if direction(verdict) != direction(word):
            break
        since = int(year)
    return since


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the path of the overall difference over policy years.

    ``rows``: ``scenario``, ``year``, ``value``, ``low``, ``high`` (points) and ``verdict``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    with themed():
        ends = ends_of(names, left=0.095)
        figure = canvas(QUESTION, answer, CAPTION, ends.room)
        ax = figure.subplots()
        ax.axhspan(-MINIMUM, MINIMUM, color=BAND, lw=0, zorder=0)
        ax.axhline(0, color=INK, lw=1.1)
        end_labels(ax, _paths(ax, rows, names, look), ends)
        _whole_life(ax, int(rows["year"].max()))
    return Chart("over_time", QUESTION, answer, CAPTION, _alt(rows, names), figure, rows)


def _paths(
    ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]
) -> dict[str, tuple[float, float, str]]:
    """Draw one line and one shaded interval a policy; return where each ends, and its colour."""
    import seaborn as sns
    from matplotlib.ticker import MaxNLocator

    ends = {}
    shade = min(0.13, 1.0 / len(names))
    years = rows["year"].nunique()
    for i, name in enumerate(names):
        mine, one = rows[rows["scenario"] == name].sort_values("year"), look[name]
        # Marks of a single year would hide each other.
        at = mine["year"] if years > 1 else mine["year"] + ASIDE * ((i + 0.5) / len(names) - 0.5)
        if years > 1:
            ax.fill_between(at, mine["low"], mine["high"], color=one.colour, alpha=shade)
        else:  # an area of no width is not seen
            ax.vlines(at, mine["low"], mine["high"], color=one.colour, lw=1.8)
        sns.lineplot(
            x=at,
            y=mine["value"],
            color=one.colour,
            lw=2.4,
            errorbar=None,
            marker=one.marker,
            markersize=8,
            linestyle=(0, one.dash or ()),
            ax=ax,
        )
        last = mine.iloc[-1]
        ends[name] = (float(at.iloc[-1]), float(last["value"]), one.colour)
    ax.set(xlabel="Policy year in which pupils reach 16")
    ax.set_ylabel("Disadvantaged Attainment 8,\ndifference from baseline (points)")
    ax.set_xlim(rows["year"].min() - 0.4, rows["year"].max() + 0.4)
    ax.xaxis.set_major_locator(MaxNLocator(5 if is_phone() else 12, integer=True, min_n_ticks=1))
    ax.grid(visible=False, axis="x")
    sns.despine(ax=ax, left=True)
    return ends


def _whole_life(ax: Axes, last: int) -> None:
    """Mark the year from which money has acted in all school years of those who sit."""
    if last < WHOLE_SCHOOL_LIFE:
        return
    ax.axvline(WHOLE_SCHOOL_LIFE, color=MUTED, lw=1, ls=(0, (2, 2)))
    ax.annotate(
        "whole school life →" if is_phone() else "money acts in the whole school life →",
        (WHOLE_SCHOOL_LIFE, 1),
        (6, -4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="top",
        size=11.5,
        color=MUTED,
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell where each path stands in the middle and at the end."""
    last = int(rows["year"].max())
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].set_index("year")["value"]
        told = [f"{signed(float(mine[y]), 2)} in year {y}" for y in (last // 2, last) if y in mine]
        parts.append(f"{label(name)} {' and '.join(told)}")
    return f"Lines over policy years. Difference in Attainment 8 points: {'; '.join(parts)}."
