"""Of 100 disadvantaged pupils, how many are better and how many worse off?"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.show.chart import Chart, axes_row, order_of, rows_of
from sim.show.clear import brief
from sim.show.fifths import IN_FIFTHS, counted, empty_told, fifth_titles, with_areas
from sim.show.headlines import GROUP
from sim.show.heads import BETTER, HEADS, WORSE, heads_of, heads_told, surest
from sim.show.minima import MINIMUM
from sim.show.style import GREY, Look, canvas, themed
from sim.show.words import label, records
from sim.tabulate.verdicts import ENOUGH_DRAWS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "heads", "rows", "title"]

ORDER = 30
QUESTION = "Of 100 disadvantaged pupils, how many are worse and how many better off?"
CAPTION = (
    "How to read it: 100 marks for the disadvantaged pupils of a fifth of areas by free school "
    "meals. Triangles: those in groups whose expected Attainment 8 falls (orange) or rises (blue) "
    f"by more than {MINIMUM:g} points, however far: a count can be surer than a mean. Dots: about "
    "the same. Marks: mean over draws of beliefs; in brackets the 90 % interval (none if all draws "
    f"agree). A group is {GROUP}."
)
ACROSS = 20
ROW = 1.16  # inches a policy
KINDS = {
    "worse": ("Worse off", WORSE, "v", 30.0),
    "same": ("About the same", GREY, "o", 9.0),
    "better": ("Better off", BETTER, "^", 30.0),
}


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Of disadvantaged pupils, those in groups ``worse`` and ``better`` off, by affluence fifth."""
    return with_areas(heads_of(dataset, "area_affluence", ["disadvantaged"]), dataset)


def title(rows: pd.DataFrame) -> str:
    """Say where most certainly lose and where most certainly gain, out of 100.

    ``rows``: ``scenario``, ``place``, ``worse``, ``better`` (shares) with the ends of their
    intervals, ``draws``. A count whose interval reaches nobody is never told as one.
    """
    if int(rows["draws"].min()) < ENOUGH_DRAWS:
        lost, won = (round(100 * float(rows[c].max())) for c in ("worse", "better"))
        return f"Run longer to tell how many of 100 lose ({lost} at most so far) or gain ({won})"
    told = [
        (heads_told(row, column), verb, row)
        for column, verb in HEADS
        if (row := surest(rows, column))
    ]
    if not told:
        may = [round(100 * float(rows[f"{column}_high"].max())) for column, _ in HEADS]
        if not any(may):
            return "Of 100 disadvantaged pupils hardly any lose or gain, in any fifth"
        return (
            f"In no fifth do any of 100 disadvantaged pupils certainly lose (at most {may[0]}) or "
            f"gain ({may[1]})"
        )
    count, verb, row = told[0]
    first = f"Of 100 {_there(row)}, {count} {verb} under {label(row['scenario'])}"
    rest = "".join(
        f"; {c} {v} {_there(r).removesuffix(' fifth')} under {label(r['scenario'])}"
        for c, v, r in told[1:]
    )
    short = f"Of 100 {_there(row)}, {count} {verb} under one policy"
    return counted(brief(first + rest, first, short), rows)


def _there(row: Mapping[str, Any]) -> str:
    return IN_FIFTHS[int(row["place"])]


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw a hundred marks a policy and fifth.

    ``rows``: ``scenario``, ``place`` (1 = most affluent), ``worse`` and ``better`` (shares between
    0 and 1), their intervals (``worse_low``, ...), ``draws``.
    """
    answer = title(rows)
    names = order_of(rows, look)
    places = sorted(int(p) for p in rows["place"].unique())
    caption = CAPTION + empty_told(rows)
    with themed():
        down = rows_of(names, height=ROW, above=0.95)
        figure = canvas(QUESTION, answer, caption, down.room)
        for ax, place in zip(axes_row(figure, len(places), space=0.06), places, strict=True):
            mine = rows[rows["place"] == place].set_index("scenario")
            for height, name in enumerate(names):
                if name in mine.index:
                    row = records(mine.loc[[name]])[0]
                    _marks(ax, height, heads(row["worse"], row["better"]), _counted(row, "\n"))
            ax.set_title(fifth_titles(rows)[place])
            ax.set(xlim=(-0.8, ACROSS - 0.2), ylim=(len(names) - 0.45, -0.55), xticks=[])
            ax.grid(visible=False)
            for side in ax.spines.values():
                side.set_visible(False)
        down.on(figure.axes[0])
        _legend(figure)
    return Chart("of_100_pupils", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def heads(worse: float, better: float) -> dict[str, int]:
    """Return whole pupils of 100 by kind; what is left over goes where most was cut off.

    >>> heads(0.333, 0.333)
    {'worse': 33, 'same': 34, 'better': 33}
    """
    exact = {"worse": 100 * worse, "same": 100 * (1 - worse - better), "better": 100 * better}
    whole = {kind: int(value) for kind, value in exact.items()}
    for kind in sorted(exact, key=lambda k: whole[k] - exact[k])[: 100 - sum(whole.values())]:
        whole[kind] += 1
    return whole


def _counted(row: Mapping[str, Any], between: str) -> str:
    """Write both counts with their intervals; none where both ends are the same."""
    count = heads(row["worse"], row["better"])
    parts = []
    for kind in ("worse", "better"):
        ends = [100 * float(row[f"{kind}_{end}"]) for end in ("low", "high")]
        told = [f"{end:.0f}" for end in ends if isfinite(end)]
        shown = f" ({' to '.join(told)})" if len(set(told)) == 2 else ""
        parts.append(f"{count[kind]} {kind}{shown}")
    return between.join(parts)


def _marks(ax: Axes, height: int, count: dict[str, int], told: str) -> None:
    """Draw 100 marks in rows of 20 around a height, with both numbers above them."""
    start = 0
    for kind, (_, colour, marker, size) in KINDS.items():
        order = range(start, start + count[kind])
        across = [i // 5 for i in order]
        down = [height - 0.14 + 0.11 * (i % 5) for i in order]
        ax.scatter(across, down, s=size, marker=marker, color=colour, linewidth=0)
        start += count[kind]
    ax.text(-0.5, height - 0.23, told, size=11, va="bottom", ha="left", linespacing=1.1)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=colour, marker=marker, markersize=8, lw=0)
        for _, colour, marker, _ in KINDS.values()
    ]
    figure.legend(
        marks,
        [kind[0] for kind in KINDS.values()],
        loc="lower left",
        ncols=3,
        frameon=False,
        bbox_to_anchor=(0.02, figure.subplotpars.top + 0.45 / figure.get_figheight()),
        borderaxespad=0.2,
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell both numbers of every policy and fifth."""
    parts = []
    for name in names:
        mine = records(rows[rows["scenario"] == name].sort_values("place"))
        told = [_counted(row, " and ") for row in mine]
        parts.append(f"{label(name)} {', '.join(told)}")
    return (
        "A hundred marks for each policy and fifth of areas, from most to least affluent. Of 100 "
        f"disadvantaged pupils: {'; '.join(parts)}."
    )
