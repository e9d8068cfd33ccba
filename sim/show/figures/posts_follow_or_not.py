"""Do more qualified people make more jobs, or only a longer queue for the same ones?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.record.variables import FULL_EXPOSURE
from sim.show.chart import (
    Chart,
    axes_row,
    axis_note,
    intervals,
    nought,
    order_of,
    rows_of,
    write_values,
    zebra,
)
from sim.show.clear import LESS, SAME, brief, direction, is_unsettled, matters
from sim.show.headlines import JOB_HEADS
from sim.show.measured import in_heads, named, nothing
from sim.show.minima import MINIMUM_JOB
from sim.show.style import GREY, Look, canvas, themed
from sim.show.words import label, records, signed
from sim.tabulate.verdicts import ENOUGH_DRAWS, verdict

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["OF_ENDS", "ORDER", "QUESTION", "by_chance", "draw", "rows", "title"]

ORDER = 160
OF_ENDS = True
QUESTION = "More jobs, or a longer queue for the same ones?"
UNTOLD = "cannot be told"
EVERYBODY = Look(GREY, "o", "")
PANELS = {
    0.0: "Posts do not follow those who qualify",
    1.0: "Posts follow them in full",
}
NO_ENDS = (
    f"runs at both ends were not made: they need {FULL_EXPOSURE['age25']} policy years, time "
    "(--budget), and a request that leaves the belief vacancy_response alone"
)


def rows(ends: Mapping[float, xr.Dataset]) -> pd.DataFrame:
    """Professional jobs at 25 less baseline, of 10,000 people, at both ends of the response.

    Columns ``end`` (0: posts do not follow those who qualify; 1: in full), ``group``
    (disadvantaged, all) and ``verdict``: both ends are run at central beliefs alone, so that it
    rests on chance.
    """
    import pandas as pd

    from sim.tabulate import difference, frame

    if not ends:
        return nothing(NO_ENDS)
    parts = []
    for end, dataset in sorted(ends.items()):
        table = difference(dataset, "professional_job_rate", groups=["disadvantaged", "all"])
        parts.append(named(frame(table)).assign(end=end))
    return by_chance(in_heads(pd.concat(parts, ignore_index=True)))


def by_chance(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each row the verdict of its interval of chance; no draw is run at either end.

    The rule is that of every other number. One replicate has no interval, and stays as it is.
    """
    told = [
        row["verdict"]
        if math.isnan(row["chance_low"])
        else verdict(row["value"], row["chance_low"], row["chance_high"], MINIMUM_JOB, ENOUGH_DRAWS)
        for row in records(rows)
    ]
    found = rows.assign(verdict=told)
    found.attrs = dict(rows.attrs)
    return found


def title(rows: pd.DataFrame) -> str:
    """Say how far everybody's jobs move at either end, as far as verdicts allow.

    ``rows``: as for :func:`draw`; those of everybody are told.
    """
    rows = rows[rows["group"] == "all"]
    if is_unsettled(rows):
        return "Run longer to tell whether everybody's jobs change, where posts follow or stay put"
    stay, follow = (rows[rows["end"] == end] for end in (0.0, 1.0))
    words = {_told(stay), _told(follow)}
    if words == {UNTOLD}:
        return "Whether everybody's jobs change cannot be told, where posts follow or stay put"
    if words == {SAME}:
        return f"Everybody's jobs are {SAME}, where posts follow or stay put"
    if words == {LESS}:
        return f"Everybody's jobs change by {LESS}, where posts follow or stay put"
    return brief(
        *(
            f"Everybody's jobs in {JOB_HEADS:,}: {_told(stay, some)} where posts stay; "
            f"{_told(follow, some)} where they follow"
            for some in (" under {} of {}", " under some")
        )
    )


def _told(rows: pd.DataFrame, some: str = " under some") -> str:
    """Say what policies do at one end: the range of those whose verdict has a direction.

    ``some``: what is said where not all have one; it may have room for how many of how many.
    """
    moved = rows[rows["verdict"].map(direction) != 0]
    if moved.empty:
        return SAME if (rows["verdict"] == SAME).all() else UNTOLD
    large = moved[moved["verdict"].map(matters)]
    told = moved if large.empty else large
    rest = some.format(len(told), len(rows)) if len(told) < len(rows) else ""
    if large.empty:
        return f"{LESS}{rest}"
    ends = (signed(float(large["value"].min()), 0), signed(float(large["value"].max()), 0))
    return f"{' to '.join(dict.fromkeys(ends))}{rest}"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw professional jobs at 25, difference from baseline, at both ends of the response.

    ``rows``: ``scenario``, ``end`` (0 or 1), ``group`` (disadvantaged, all), ``value``,
    ``chance_low``, ``chance_high`` (people of 10,000) and ``verdict``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    caption = _caption(rows)
    with themed():
        down = rows_of(names, height=1.0, above=0.95)
        figure = canvas(QUESTION, answer, caption, down.room)
        axes = axes_row(figure, len(PANELS), space=0.07)
        for ax, (end, heading) in zip(axes, PANELS.items(), strict=True):
            _panel(ax, rows[rows["end"] == end], names, look)
            ax.set_title(heading)
        down.on(axes[0])
        axis_note(figure, f"Of {JOB_HEADS:,} people, more or fewer in a professional job at 25")
        _legend(figure, look[names[0]])
    return Chart("posts_follow_or_not", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def _panel(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw one end: disadvantaged people above everybody in each policy's row."""
    import seaborn as sns

    zebra(ax, len(names))
    nought(ax, MINIMUM_JOB)
    ax.locator_params(axis="x", nbins=6)
    for height, name in enumerate(names):
        own = rows[rows["scenario"] == name].assign(position=float(height))
        for group, one, offset in (("disadvantaged", look[name], -0.16), ("all", EVERYBODY, 0.28)):
            mine = own[own["group"] == group]
            intervals(ax, mine, one, offset=offset)
            write_values(ax, mine.assign(position=height + offset), digits=0)
    ax.set(ylim=(len(names) - 0.5, -0.7), ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _legend(figure: Figure, own: Look) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=one.colour, marker=one.marker, markersize=8, lw=1.6)
        for one in (own, EVERYBODY)
    ]
    figure.legend(
        marks,
        ["Disadvantaged as pupils (in the policy's colour)", "Everybody"],
        loc="lower left",
        ncols=2,
        frameon=False,
        borderaxespad=0.2,
        bbox_to_anchor=(0.02, figure.subplotpars.top + 0.33 / figure.get_figheight()),
    )


def _caption(rows: pd.DataFrame) -> str:
    count = int(rows["replicates"].min()) if "replicates" in rows else 0
    luck = f" over {count} draws of luck" if count else ""
    return (
        "How to read it: of 10,000 people, how many more or fewer than in the baseline are in a "
        "professional job at 25: disadvantaged people (coloured) and everybody (grey), "
        "central beliefs. Left, a policy can only change who gets a post; right, posts grow "
        "with those who qualify. Nobody knows where between the two the truth lies. "
        f"Marks: mean{luck}; thick bars: 90 % interval for chance alone, on which the words rest. "
        f"Grey band: under {MINIMUM_JOB:g}."
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell both ends of every policy in words."""
    values = rows.set_index(["scenario", "end", "group"])["value"]
    parts = []
    for name in names:
        told = [
            f"{signed(values[name, end, 'disadvantaged'], 0)} (everybody "
            f"{signed(values[name, end, 'all'], 0)})"
            for end in PANELS
        ]
        parts.append(f"{label(name)} {' and '.join(told)}")
    return (
        "Point ranges in two panels. Difference from baseline, of 10,000 "
        "disadvantaged people, in a professional job at 25, where posts do not follow those who "
        f"qualify and where they follow in full: {'; '.join(parts)}."
    )
