"""What closes in flagged schools by itself, and what does the money close?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import Chart, axes_row, axis_note, intervals, order_of, panels, zebra
from sim.show.clear import brief
from sim.show.fifths import empty_told, fifth_titles, with_areas
from sim.show.fit import names_in
from sim.show.measured import named, nothing
from sim.show.phone import is_phone, page_width
from sim.show.reference import BASELINE
from sim.show.style import GREY, INK, Look, Room, canvas, themed
from sim.show.sums import bare
from sim.show.words import label, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 100
QUESTION = "In flagged schools, what closes by itself and what does the money close?"
CAPTION = (
    "How to read it: a trigger is a policy's rule for which schools get money; those it picks are "
    "flagged. Of those flagged first, by fifth of areas: change of their gap from years "
    "\N{MINUS SIGN}2 to 0 to years 4 to 6 (left of 0: narrower). Grey: by itself, without the "
    "policy; coloured: what the policy causes in the same schools; black: both, all that a "
    "before-after comparison sees. Thin lines: 90 % interval. In the title: means of the fifths."
)
KINDS = {
    "by_itself": (-0.24, "By itself"),
    "caused": (0.0, "Caused by the policy (in its colour)"),
    "naive": (0.24, "Both: before and after"),
}
ROW, TITLE_SIZE, INDENT = 0.8, 13.0, 0.19  # inches; points; share of the width
PAID = {"gap_triggered": "level_own_school", "gap_progress": "progress_national"}
"""Scenarios that pay for the flags of a declared trigger; others are read on the first one's."""


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Change of the gap in flagged schools: ``by_itself``, ``caused`` and ``naive``, by fifth.

    By itself is what the same schools do under the baseline; the naive change of a policy is that
    and what it causes. Each policy is read on the schools of its own trigger.
    """
    import pandas as pd

    from sim.tabulate import frame, measure

    wanted = {"flagged_results_n", "flagged_results_sum"}
    here = set(dataset["scenario"].values.astype(str).ravel().tolist())
    if not wanted <= set(map(str, dataset.data_vars)) or not _paid_first(here):
        return nothing("no policy in this comparison pays schools flagged for a gap")
    naive = named(frame(measure(dataset, "flagged_gap_naive", "area_affluence")))
    caused = named(frame(measure(dataset, "flagged_gap_caused", "area_affluence")))
    alone = naive[naive["scenario"] == BASELINE]
    parts = []
    for name, trigger in _paid_first(here):
        for part, told in (("by_itself", alone), ("caused", caused), ("naive", naive)):
            mine = told[told["part"] == trigger]
            if part != "by_itself":
                mine = mine[mine["scenario"] == name]
            parts.append(mine.assign(scenario=name, part=part))
    rows = pd.concat(parts, ignore_index=True)
    # Of years before and after a flag, whichever years the run has.
    rows.attrs = {**naive.attrs, "years": ""}
    return with_areas(rows, dataset)


def _paid_first(here: set[str]) -> list[tuple[str, str]]:
    """Return the policies that pay for declared flags, and the trigger of each, in that order."""
    return [
        (name, trigger)
        for paid, trigger in PAID.items()
        for name in sorted(here)
        if name == paid or bare(name) == label(paid)
    ]


def title(rows: pd.DataFrame) -> str:
    """Say how much of a before-after change would have come by itself.

    ``rows``: ``scenario``, ``place``, ``part`` (by_itself, caused, naive), ``value`` (SD).
    """
    first = rows[rows["scenario"] == rows["scenario"].iloc[0]]
    means = first.groupby("part")["value"].mean()
    name = label(str(first["scenario"].iloc[0]))
    alone, caused = (signed(float(means[part]), 2) for part in ("by_itself", "caused"))
    return brief(
        f"{name}: gaps of flagged schools change by {alone} SD by themselves, by {caused} through "
        "the money",
        f"Gaps of flagged schools change by {alone} SD by themselves, by {caused} through money",
    )


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw three changes a fifth, one panel a policy that pays for flags.

    ``rows``: ``scenario``, ``place`` (1 = most affluent), ``part`` (by_itself, caused, naive),
    ``value``, ``low``, ``high``, ``chance_low``, ``chance_high`` (SD).
    """
    answer = title(rows)
    names = order_of(rows, look)
    places = sorted(int(p) for p in rows["place"].unique())
    caption = CAPTION + empty_told(rows)
    with themed():
        room = Room(tall=ROW * len(places), above=0.85, left=INDENT)
        figure = canvas(QUESTION, answer, caption, room)
        shown = names_in(
            names, TITLE_SIZE, 72 * page_width() * 0.75 / (1 if is_phone() else len(names))
        )
        axes = axes_row(figure, len(names), space=0.06)
        for ax, name in zip(axes, names, strict=True):
            _panel(ax, rows[rows["scenario"] == name], places, look[name])
            ax.set_title(shown[name], size=TITLE_SIZE)
        axes[0].set_yticks(range(len(places)), list(fifth_titles(rows).values()))
        axis_note(figure, "Change of the gap in flagged schools (SD)")
        _legend(figure, look[names[0]])
    return Chart("flagged_gaps", QUESTION, answer, caption, _alt(rows, names), figure, rows)


def _looks(own: Look) -> dict[str, Look]:
    return {"by_itself": Look(GREY, "o", ""), "caused": own, "naive": Look(INK, "D", "")}


def _panel(ax: Axes, rows: pd.DataFrame, places: list[int], own: Look) -> None:
    import seaborn as sns

    zebra(ax, len(places))
    ax.axvline(0, color=INK, lw=1.1, zorder=1)
    height = {place: float(i) for i, place in enumerate(places)}
    for part, (offset, _) in KINDS.items():
        mine = rows[rows["part"] == part]
        intervals(
            ax, mine.assign(position=mine["place"].map(height)), _looks(own)[part], offset, 70
        )
    ax.set(ylim=(len(places) - 0.5, -0.5), ylabel="", xlabel="")
    ax.locator_params(axis="x", nbins=6)
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _legend(figure: Figure, own: Look) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=one.colour, marker=one.marker, markersize=8, lw=1.6)
        for one in _looks(own).values()
    ]
    figure.legend(
        marks,
        [words for _, words in KINDS.values()],
        loc="lower left",
        ncols=3,
        frameon=False,
        bbox_to_anchor=(0.02, figure.subplotpars.top + 0.33 / figure.get_figheight()),
        borderaxespad=0.2,
    )


def _word(part: str) -> str:
    return KINDS[part][1].split(" (")[0].lower()


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell the three changes of every policy and fifth."""
    values = rows.set_index(["scenario", "place", "part"])["value"]
    parts = []
    for name in names:
        places = sorted(rows.loc[rows["scenario"] == name, "place"].unique())
        told = [
            ", ".join(
                f"{_word(part)} {signed(float(values[name, p, part]), 2)}"
                for part in KINDS
                if (name, p, part) in values.index
            )
            for p in places
        ]
        parts.append(f"{label(name)}: {'; '.join(told)}")
    return (
        f"Point ranges in {panels(len(names))}, by fifth of areas from most to least affluent. "
        f"Change of the gap in flagged schools, SD. {'. '.join(parts)}."
    )
