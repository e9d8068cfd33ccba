"""Who leaves to get on?"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.show.chart import Chart, axes_row, axis_note, zebra
from sim.show.measured import AFTER_16, holds, levels_before, nothing
from sim.show.style import INK, PALETTE, Look, canvas, themed
from sim.show.words import percent

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 190
QUESTION = "Stay or go: who leaves to get on?"
HOME, LEFT = PALETTE[0], PALETTE[1]
WHO = {"disadvantaged": "Disadvantaged as pupils", "other": "All other people"}
CAPTION = (
    "How to read it: share of people of 25 with a professional or skilled job in the region they "
    "grew up in (blue), and of those who left because their job was not to be had there (orange, "
    "hatched); baseline, before any policy. Fifths here are of areas by how far schools lie apart "
    "(distance to the third nearest secondary), not by affluence. Staying is no failure. Thin "
    "lines: 90 % interval, doubt and chance."
)
ISOLATION = {
    1: "Fifth 1\nleast isolated",
    2: "Fifth 2",
    3: "Fifth 3",
    4: "Fifth 4",
    5: "Fifth 5\nmost isolated",
}


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares who got on at home and who left to get on, by isolation fifth, before any policy.

    Columns ``place`` (1 = least isolated), ``group``, ``part`` (home or left).
    """
    import pandas as pd

    if not holds(dataset):
        return nothing(AFTER_16)
    names = {"got_on_at_home_share": "home", "left_to_get_on_share": "left"}
    parts = [levels_before(dataset, n, "area_isolation").assign(part=p) for n, p in names.items()]
    return pd.concat(parts, ignore_index=True)


def title(rows: pd.DataFrame) -> str:
    """Say how many people of 25, once disadvantaged pupils, left the places at both ends.

    ``rows``: ``place`` (1 = least isolated), ``group``, ``part`` (home or left), ``value``.
    """
    near, far = rows["place"].min(), rows["place"].max()
    left = rows[(rows["part"] == "left") & (rows["group"] == "disadvantaged")]
    values = left.set_index("place")["value"]
    return (
        f"Aged 25, {100 * values[far]:.1f} of 100 disadvantaged people from the most isolated "
        f"fifth left to get on, {100 * values[near]:.1f} from the least"
    )


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw who got on at home and who left to get on, one row a fifth, one panel a group.

    ``rows``: ``place`` (1 = least isolated), ``group`` (disadvantaged, other), ``part`` (home,
    left), ``value``, ``low``, ``high`` (shares). ``look`` is not used: all of it is the baseline.
    """
    answer = title(rows)
    places = sorted(int(p) for p in rows["place"].unique())
    with themed():
        figure = canvas(QUESTION, answer, CAPTION)
        axes = axes_row(figure, 2, space=0.06)
        for ax, who in zip(axes, WHO, strict=True):
            _bars(ax, rows[rows["group"] == who], places)
            ax.set_title(WHO[who])
        axes[0].set_yticks(range(len(places)), [ISOLATION[p] for p in places])
        axes[0].set_ylim(len(places) - 0.5, -0.5)
        axis_note(figure, "Share of all people of 25 who grew up there (%)")
        _legend(figure)
    return Chart("stay_or_go", QUESTION, answer, CAPTION, _alt(rows, places), figure, rows)


def _bars(ax: Axes, rows: pd.DataFrame, places: list[int]) -> None:
    """Draw one group: got on at home, then left to get on, end to end."""
    import seaborn as sns

    zebra(ax, len(places))
    table = rows.set_index(["part", "place"])
    for height, place in enumerate(places):
        start, beyond = 0.0, 0.0
        for part, colour, hatch in (("home", HOME, ""), ("left", LEFT, "//")):
            row: Any = table.loc[(part, place)]
            share, low, high = (100 * float(row[c]) for c in ("value", "low", "high"))
            ax.barh(
                height, share, left=start, height=0.58, color=colour, hatch=hatch, edgecolor="white"
            )
            beyond = max(beyond, start + share)
            if isfinite(low) and isfinite(high):
                at = height + (-0.11 if part == "home" else 0.11)
                ax.hlines(at, start + low, start + high, color=INK, lw=1.6, zorder=4)
                beyond = max(beyond, start + high)
            _number(ax, part, (height, share), start if part == "home" else beyond)
            start += share
    ax.set(xlim=(0, 100), xlabel="", ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _number(ax: Axes, part: str, told: tuple[int, float], across: float) -> None:
    """Write a share where no interval is: at the foot of the first bar, beyond the second.

    ``told`` is the height of the bar and its share, ``across`` where the number begins.
    """
    height, share = told
    inside = part == "home"
    ax.annotate(
        f"{share:.0f}",
        (across, height),
        xytext=(7 if inside else 9, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        size=12,
        zorder=5,
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
        if inside
        else None,
    )


def _legend(figure: Figure) -> None:
    from matplotlib.patches import Patch

    marks = [
        Patch(facecolor=HOME, edgecolor="white"),
        Patch(facecolor=LEFT, edgecolor="white", hatch="//"),
    ]
    figure.legend(
        marks,
        ["Got on at home", "Left to get on"],
        loc="lower left",
        frameon=False,
        bbox_to_anchor=(0.005, figure.subplotpars.top - 0.02),
        borderaxespad=0.2,
    )


def _alt(rows: pd.DataFrame, places: list[int]) -> str:
    """Tell every share in words, least isolated fifth first."""
    table = rows.set_index(["group", "part", "place"])["value"]
    parts = []
    for who, words in WHO.items():
        told = [
            f"{percent(float(table[who, 'home', p]))} at home and "
            f"{percent(float(table[who, 'left', p]))} away"
            for p in places
        ]
        parts.append(f"{words}: {', '.join(told)}")
    return (
        "Stacked bars. Professional or skilled job at 25, in the home region and away from it, by "
        f"fifth of areas from least to most isolated. {'. '.join(parts)}."
    )
