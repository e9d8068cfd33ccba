"""Do better chances become better lives?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import (
    THICK,
    Chart,
    axes_row,
    intervals,
    nought,
    order_of,
    rows_of,
    write_words,
    zebra,
)
from sim.show.clear import SAME, brief, direction, is_unsettled, matters
from sim.show.measured import AFTER_16, BOTH, holds, named, nothing
from sim.show.minima import MINIMUM_INDEX
from sim.show.style import GREY, Look, canvas, themed
from sim.show.words import join, label
from sim.tabulate.verdicts import HIGHER

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 150
QUESTION = "Do better chances become better lives?"
OTHERS = Look(GREY, "o", "")
DIRECTION = "lower than baseline  |  higher than baseline"
PANELS = {
    "opportunity": "Opportunity: what is given",
    "outcome": "Outcome: what came of it by 25",
}
SHELVES = ("opportunity", "outcome")


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Change in both indices, of both groups, over all areas; ``shelf``, ``group``, ``parts``."""
    import pandas as pd

    from sim.tabulate import differences, frame

    if not holds(dataset):
        return nothing(AFTER_16)
    # Outcomes come last in life: while they are not reached, opportunity alone is not shown.
    names = {"outcome_index": "outcome", "opportunity_index": "opportunity"}
    parts = []
    for name, table in differences(dataset, list(names), groups=BOTH).items():
        rows = named(frame(table)).assign(shelf=names[name], parts=table.attrs.get("parts", ""))
        if rows["value"].isna().all():
            return rows
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def title(rows: pd.DataFrame) -> str:
    """Say which policies move opportunity, which move outcomes, and which only one of the two.

    ``rows``: as for :func:`draw`; those of disadvantaged pupils are told.
    """
    rows = rows[rows["group"] == "disadvantaged"]
    told: dict[str, list[str]] = {}
    for name in dict.fromkeys(rows["scenario"]):
        mine = rows[rows["scenario"] == name].set_index("shelf")["verdict"]
        word = _shelves(*(str(mine[shelf]) for shelf in SHELVES))
        told.setdefault(word, []).append(label(str(name)))
    told.pop("", None)
    if told:
        parts = [_said(names, word) for word, names in told.items()]
        return brief(
            "; ".join(parts),
            f"{'; '.join(parts[:2])}; other policies differ",
            f"{parts[0]}; other policies differ",
            parts[0],
            _counted(rows),
        )
    if is_unsettled(rows):
        return "Run longer to tell whether better chances become better lives"
    if rows["verdict"].map(direction).any():
        return "No policy clearly moves opportunity or outcomes by as much as matters"
    return "No policy clearly changes opportunity or outcomes of disadvantaged pupils"


def _said(names: list[str], word: str) -> str:
    """Say one thing of one policy or of several: "raises", "raise"."""
    verb, rest = word.split(" ", 1)
    return f"{join(names)} {verb if len(names) == 1 else verb.removesuffix('s')} {rest}"


def _counted(rows: pd.DataFrame) -> str:
    counts = {s: sum(v == HIGHER for v in rows.loc[rows["shelf"] == s, "verdict"]) for s in SHELVES}
    return (
        f"Opportunity clearly rises under {counts['opportunity']} of {rows['scenario'].nunique()} "
        f"policies, outcomes under {counts['outcome']}"
    )


def _shelves(opportunity: str, outcome: str) -> str:
    """Name how two indices moved; empty when neither clearly did."""
    verb = {1: "raises", -1: "lowers", 0: ""}
    first, second = (verb[direction(w) if matters(w) else 0] for w in (opportunity, outcome))
    if first and second:
        if first == second:
            return f"{first} both opportunity and outcomes"
        return f"{first} opportunity but {second} outcomes"
    if first:
        return f"{first} opportunity, {_rest(outcome, 'outcomes', 'stay')}"
    if second:
        return f"{second} outcomes, {_rest(opportunity, 'opportunity', 'stays')}"
    return ""


def _rest(word: str, what: str, stay: str) -> str:
    """Say of an index that it does not move by as much as matters, or that this is not clear."""
    if word == SAME:
        return f"{what} {stay} practically the same"
    if way := direction(word):
        verb = "rise" if way > 0 else "fall"
        return f"{what} {verb if stay == 'stay' else f'{verb}s'} by less than matters"
    return f"no clear change in {what}"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the direction of both indices side by side.

    Their points are not the same thing, so no axis has numbers: sizes cannot be read across.

    ``rows``: ``scenario``, ``shelf`` (opportunity, outcome), ``group`` (disadvantaged, other),
    ``value``, ``low``, ``high``, ``chance_low``, ``chance_high`` and ``verdict``; perhaps
    ``parts`` (what is in the index).
    """
    mine = rows[rows["group"] == "disadvantaged"]
    answer = title(rows)
    names = order_of(rows, look)
    caption = _caption(rows)
    with themed():
        down = rows_of(names, height=0.68)
        figure = canvas(QUESTION, answer, caption, down.room)
        axes = axes_row(figure, 2, space=0.07, across="none")
        for ax, (shelf, heading) in zip(axes, PANELS.items(), strict=True):
            _panel(ax, rows[rows["shelf"] == shelf], names, look)
            ax.set_title(heading)
            ax.set_xlabel(DIRECTION)
        down.on(axes[0])
    alt = _alt(mine, names)
    return Chart("opportunity_beside_outcome", QUESTION, answer, caption, alt, figure, rows)


def _panel(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    """Draw one index: disadvantaged pupils above the others in each policy's row."""
    import seaborn as sns

    zebra(ax, len(names))
    nought(ax, MINIMUM_INDEX)
    for height, name in enumerate(names):
        own = rows[rows["scenario"] == name].assign(position=float(height))
        group = own[own["group"] == "disadvantaged"]
        others = own[own["group"] == "other"]
        intervals(ax, group, look[name], offset=-0.14)
        intervals(ax, others, OTHERS, offset=0.2)
        ax.scatter(
            others["value"],
            others["position"] + 0.2,
            s=80,
            color="white",
            edgecolor=GREY,
            linewidth=2,
            zorder=4,
        )
        write_words(ax, group.assign(position=height - 0.14))
    furthest = max(abs(end) for end in ax.get_xlim())
    ax.set(xlim=(-furthest, furthest), ylim=(len(names) - 0.5, -0.7), ylabel="", xticks=[])
    ax.grid(visible=False)
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    shelf = rows[rows["shelf"] == "opportunity"]
    inside = f" In the opportunity index: {shelf['parts'].iloc[0]}." if "parts" in rows else ""
    return (
        "How to read it: direction of the difference from the baseline, of disadvantaged pupils "
        "(coloured, with the verdict) and others (rings). Each panel has a scale of its own: "
        f"lengths cannot be compared across.{inside} Thin lines: 90 % interval, doubt and "
        f"chance. {THICK}. Grey band: less than matters."
    )


def _alt(rows: pd.DataFrame, names: list[str]) -> str:
    """Tell both directions of every policy in words."""
    parts = []
    for name in names:
        mine = rows[rows["scenario"] == name].set_index("shelf")["verdict"]
        parts.append(f"{label(name)}: opportunity {mine['opportunity']}, outcome {mine['outcome']}")
    return (
        "Point ranges in two panels, each with a scale of its own, opportunity and outcome index "
        f"of disadvantaged pupils. Direction against the baseline: {'; '.join(parts)}."
    )
