"""How does a fifth's money come to differ from the baseline's?"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axes_row, axis_note, order_of, panels, rows_of, zebra
from sim.show.clear import brief
from sim.show.fifths import IN_FIFTHS, counted, empty_told, fifth_titles, with_areas
from sim.show.measured import named
from sim.show.phone import is_phone
from sim.show.style import GREY, INK, Look, canvas, themed
from sim.show.words import label, pounds

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 60
QUESTION = "Which pounds come and which go, at both ends of the affluence scale?"
CAPTION = (
    "How to read it: from the baseline's money per pupil (0) to the policy's. First (grey, "
    "hatched) what the formula and its protection change, less the slice taken to pay for targets; "
    "then, from there, targeted money (coloured); the black line is where both end, with its "
    "number. All pupils on roll, pounds a year, prices of 2024-25. Clauses are not kept by area."
)
ROW = 0.72


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """What makes up the change in money per pupil, in the most and the least affluent fifth here.

    Columns ``part``: ``total`` (with intervals), ``targeted``, and ``formula``, which is the rest:
    what rule, protection and the slice taken to pay for targets change together.
    """
    import pandas as pd

    from sim.metrics import differences, frame

    names = ("funding_per_pupil", "targeted_per_pupil")
    found = differences(dataset, names, "area_affluence", "all")
    total, aimed = (named(frame(found[name])) for name in names)
    keys = ["scenario", "place"]
    rest = total.merge(aimed[[*keys, "value"]], on=keys, suffixes=("", "_aimed"))
    rest["value"] -= rest.pop("value_aimed")
    known = [str(column) for column in rest.columns]
    ends = [c for c in known if c.endswith(("low", "high")) or c in ("central", "verdict")]
    rest[ends] = float("nan")
    parts = {"formula": rest, "targeted": aimed, "total": total}
    rows = pd.concat([t.assign(part=part) for part, t in parts.items()], ignore_index=True)
    ends_here = (int(total["place"].min()), int(total["place"].max()))
    rows = rows[rows["place"].isin(ends_here)].reset_index(drop=True)
    rows.attrs = dict(total.attrs)
    return with_areas(rows, dataset)


def title(rows: pd.DataFrame) -> str:
    """Say which policy moves most pounds between the ends of the affluence scale.

    ``rows``: ``scenario``, ``place``, ``part`` (formula, targeted, total), ``value`` (GBP).
    """
    total = rows[rows["part"] == "total"]
    rich, poor = int(total["place"].min()), int(total["place"].max())
    table = total.pivot(index="scenario", columns="place", values="value")
    name = str((table[poor] - table[rich]).abs().idxmax())
    ends = [pounds(float(table[place][name])) for place in (rich, poor)]
    if rich == poor:
        name = str(table[poor].abs().idxmax())
        return f"{label(name)} moves money furthest: {pounds(float(table[poor][name]))} a pupil"
    told = (
        f"{ends[0]} a pupil {IN_FIFTHS[rich]}, {ends[1]} {IN_FIFTHS[poor].removesuffix(' fifth')}"
    )
    return counted(brief(f"{label(name)} moves most: {told}", f"At most {told}"), total)


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw both steps and their sum, one row a policy, one panel a fifth.

    ``rows``: ``scenario``, ``place``, ``part`` (formula, targeted, total), ``value`` (GBP a
    pupil), ``low``, ``high``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    places = sorted(int(p) for p in rows["place"].unique())
    alt = _alt(rows, names, places)
    caption = CAPTION + empty_told(rows)
    with themed():
        down = rows_of(names, height=ROW, above=0.95)
        figure = canvas(QUESTION, answer, caption, down.room)
        for ax, place in zip(axes_row(figure, len(places), space=0.06), places, strict=True):
            _steps(ax, rows[rows["place"] == place], names, look)
            ax.set_title(fifth_titles(rows)[place].replace("\n", ", "))
        furthest = [float(v) for v in rows["value"]] + [0.0]
        room = (0.4 if is_phone() else 0.24) * (max(furthest) - min(furthest) or 1.0)
        figure.axes[0].set_xlim(min(furthest) - room, max(furthest) + room)
        down.on(figure.axes[0])
        axis_note(figure, "Money per pupil, difference from the baseline (£ a year)")
        _legend(figure)
    return Chart("waterfall_of_pounds", QUESTION, answer, caption, alt, figure, rows)


def _steps(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    import seaborn as sns

    zebra(ax, len(names))
    ax.axvline(0, color=INK, lw=1.1, zorder=1)
    values = rows.set_index(["scenario", "part"])["value"]
    for height, name in enumerate(names):
        formula, total = (float(values[name, part]) for part in ("formula", "total"))
        ax.barh(height - 0.18, formula, 0.3, color="#CFCFCF", hatch="//", edgecolor="white")
        ax.barh(height + 0.14, total - formula, 0.3, left=formula, color=look[name].colour)
        ax.vlines(formula, height - 0.34, height + 0.3, color=GREY, lw=1.0, zorder=3)
        ax.vlines(total, height - 0.02, height + 0.38, color=INK, lw=2.4, zorder=4)
        _number(ax, total, height + 0.14, formula)
    ax.set(ylim=(len(names) - 0.45, -0.6), ylabel="", xlabel="")
    ax.locator_params(axis="x", nbins=6)
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _number(ax: Axes, total: float, height: float, formula: float) -> None:
    """Write where both steps end, on the side on which no bar lies."""
    from matplotlib.patheffects import withStroke

    if not isfinite(total):
        return
    aimed = total - formula
    side = 1 if (aimed if abs(aimed) > 0.5 else total) >= 0 else -1
    ax.annotate(
        pounds(total), (total, height), xytext=(7 * side, 0), textcoords="offset points",
        ha="left" if side > 0 else "right", va="center", size=12, zorder=5,
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )  # fmt: skip


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks = [
        Patch(facecolor="#CFCFCF", hatch="//", edgecolor="white"),
        Patch(facecolor=GREY),
        Line2D([], [], color=INK, lw=2.4),
    ]
    words = [
        "Formula, protection, slice",
        "Targeted money (in the policy's colour)",
        "Both together",
    ]
    figure.legend(
        marks, words, loc="lower left", ncols=3, frameon=False,
        bbox_to_anchor=(0.02, figure.subplotpars.top + 0.3 / figure.get_figheight()),
        borderaxespad=0.2,
    )  # fmt: skip


def _alt(rows: pd.DataFrame, names: list[str], places: list[int]) -> str:
    """Tell the steps of every policy at both ends."""
    values = rows.set_index(["scenario", "place", "part"])["value"]
    parts = []
    for name in names:
        told = [
            f"{pounds(values[name, p, 'formula'])} by the formula and "
            f"{pounds(values[name, p, 'targeted'])} targeted make "
            f"{pounds(values[name, p, 'total'])}"
            for p in places
        ]
        parts.append(f"{label(name)}: {'; '.join(told)}")
    return (
        f"Bars in {panels(len(places))}, from the most to the least affluent fifth. Change of "
        f"money per pupil. {'. '.join(parts)}."
    )
