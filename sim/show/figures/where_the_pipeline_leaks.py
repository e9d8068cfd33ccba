"""Where does the pipeline leak?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axes_row, axis_note, zebra
from sim.show.clear import brief
from sim.show.fifths import empty_told, fifth_titles, with_areas
from sim.show.measured import AFTER_16, holds, levels_before, nothing
from sim.show.phone import is_phone
from sim.show.style import ABOVE, GREY, PALETTE, Look, Room, canvas, themed
from sim.show.words import percent

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 170
QUESTION = "Where does the pipeline leak?"
INDENT = 0.16
CAPTION = (
    "How to read it: share of disadvantaged pupils (blue) and of others (grey rings) who get to "
    "each stage, by fifth of areas by free school meals, baseline, before any policy; each stage "
    "is another cohort. Numbers: the rate of disadvantaged pupils in % of the others' rate; where "
    "they fall from one row to the next, the pipeline leaks. Thin lines: 90 % interval, doubt and "
    "chance; many are shorter than their mark."
)
STAGES = {
    "early_pass_rate": "Good development\nat 5",
    "ks2_pass_rate": "Expected standard\nat 11",
    "english_maths_rate": "English and maths\nat 16",
    "level3_rate": "Level 3\nat 19",
    "he_rate": "Higher education\nby 19",
    "degree_rate": "Degree\nby 24",
    "professional_job_rate": "Professional job\nat 25",
}
"""Stages of the pipeline, in order: measure and name."""


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares of both groups at each stage by affluence fifth, baseline, before any policy.

    Columns ``stage`` (of :data:`STAGES`), ``place``, ``group``, and in rows of disadvantaged
    pupils ``ratio``: their rate over that of the others.
    """
    import pandas as pd

    if not holds(dataset):
        return nothing(AFTER_16)
    parts = [levels_before(dataset, name, "area_affluence").assign(stage=name) for name in STAGES]
    rows = pd.concat(parts, ignore_index=True)
    keys = ["stage", "place"]
    others = rows[rows["group"] == "other"].set_index(keys)["value"]
    mine = rows["group"] == "disadvantaged"
    wanted = rows[mine].set_index(keys)
    rows.loc[mine, "ratio"] = (wanted["value"] / others.reindex(wanted.index)).to_numpy()
    return with_areas(rows, dataset)


def title(rows: pd.DataFrame) -> str:
    """Say at which stage disadvantaged pupils fall furthest behind, at both ends of affluence.

    ``rows``: as for :func:`draw`.
    """
    rows = rows[rows["group"] == "disadvantaged"]
    rich, poor = int(rows["place"].min()), int(rows["place"].max())
    table = rows.pivot(index="stage", columns="place", values="ratio").reindex(list(STAGES))
    names = [_at(name) for name in STAGES.values()]
    found = [_leak(table[p].tolist(), names) for p in (rich, poor)]
    if not any(found):
        return "At no stage on the way to a job do disadvantaged pupils fall further behind"
    if found[0] and found[1] and found[0][0] == found[1][0]:
        span = " to ".join(dict.fromkeys(f"{100 * one[1]:.0f}" for one in found if one))
        return (
            f"The gap opens most at {found[0][0]}: disadvantaged pupils' rate is {span} % of "
            "others'"
        )
    ends = ("most affluent fifth", "least affluent")
    told = [(one[0], f"({fifth})") for one, fifth in zip(found, ends, strict=True) if one]
    return brief(
        f"The gap opens most at {' and at '.join(' '.join(one) for one in told)}",
        f"The gap opens most at {', '.join(' '.join((_ageless(s), f)) for s, f in told)}",
    )


def _leak(ratios: list[float], names: list[str]) -> tuple[str, float] | None:
    """Return the stage on the way to which the ratio falls most; nothing if it never falls.

    Falls are those of the whole numbers in the chart; of equal ones the larger before rounding.
    """
    falls = [
        (round(100 * before) - round(100 * after), before - after)
        for before, after in pairwise(ratios)
    ]
    worst = max(range(len(falls)), key=falls.__getitem__)
    return (names[worst + 1], ratios[worst + 1]) if falls[worst][1] > 0 else None


_ARTICLES = {"Expected": "the expected", "Degree": "a degree", "Professional": "a professional"}


def _at(name: str) -> str:
    r"""Write the name of a stage inside a sentence, with the age at which it is reached.

    >>> _at("Expected standard\nat 11"), _at("Level 3\nat 19"), _at("Degree\nby 24")
    ('the expected standard at 11', 'Level 3 at 19', 'a degree by 24')
    """
    text = " ".join(name.split())
    first = text.split()[0]
    if first in _ARTICLES:
        return text.replace(first, _ARTICLES[first], 1)
    return text if first in ("English", "Level") else text[:1].lower() + text[1:]


def _ageless(stage: str) -> str:
    return re.sub(r" (?:at|by) \d+$", "", stage)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw both groups stage by stage, one panel a fifth.

    ``rows``: ``stage`` (names of measures), ``place`` (1 = most affluent), ``group``, ``value``,
    ``low``, ``high`` (shares) and ``ratio`` in rows of disadvantaged pupils. ``look`` is not
    used: all of it is the baseline.
    """
    mine = rows[rows["group"] == "disadvantaged"]
    answer = title(rows)
    heads = fifth_titles(rows)
    places = list(heads)
    caption = CAPTION + empty_told(rows)
    with themed():
        above = ABOVE + 0.45 if is_phone() else ABOVE  # its legend stands beside the panels
        figure = canvas(QUESTION, answer, caption, Room(left=INDENT, above=above))
        axes = axes_row(figure, len(places))
        for ax, place in zip(axes, places, strict=True):
            _panel(ax, rows[rows["place"] == place])
            ax.set_title(heads[place])
        axes[0].set_yticks(range(len(STAGES)), list(STAGES.values()))
        axes[0].set_ylim(len(STAGES) - 0.5, -0.75)
        axis_note(figure, "Share of pupils who get there (%)")
        _legend(figure)
    alt = _alt(mine, places)
    return Chart("where_the_pipeline_leaks", QUESTION, answer, caption, alt, figure, rows)


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
    """Join both groups of a stage and write above it what % of the others' rate theirs is."""
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
            f"({100 * float(mine['ratio'][name]):.0f} % of the others' rate)"
            for name in STAGES
        ]
        parts.append(f"{where} fifth: {', '.join(told)}")
    return f"Pairs of marks by stage, disadvantaged pupils, baseline. {'; '.join(parts)}."
