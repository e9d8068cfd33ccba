"""How do the policies compare with each other?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.show.chart import ROW, Chart, axes_row, rows_of
from sim.show.clear import brief
from sim.show.style import GREY, INK, MUTED, Look, canvas, themed
from sim.show.words import interval, label, percent, records, signed, times
from sim.tabulate.verdicts import (
    ALL_AREAS,
    ENOUGH_DRAWS,
    FIFTH_1_LESS_5,
    HIGHER,
    HIGHER_SMALL,
    LOWER,
    LOWER_SMALL,
    SAME,
    direction,
)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 20
QUESTION = "How do the policies compare with each other?"
PANELS = {
    ALL_AREAS: "Attainment 8 of disadvantaged pupils, all areas",
    FIFTH_1_LESS_5: "The same, most minus least affluent fifth",
}
SIGNS = {
    HIGHER: "\u25b2",
    HIGHER_SMALL: "\u25b3",
    SAME: "=",
    LOWER_SMALL: "\u25bd",
    LOWER: "\u25bc",
}
WITH_NUMBERS = 8  # policies up to which a cell has room for its number
FEW = 6  # policies whose pairs are told one by one
COLOURS = "PuOr"  # told apart by people who cannot tell red from green
DARK = 0.62  # share of the scale beyond which ink is white


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Each policy less each other, of every declared number (:func:`sim.pairwise`).

    Columns ``probability_best`` and ``regret`` are those of the policy itself, over
    ``ranked_draws`` draws, with the baseline among the choices (:func:`sim.ranking`); empty where
    the number is a difference between fifths, of which no value is the best.
    """
    from sim.tabulate import pairwise, ranking

    rows = pairwise(dataset)
    if rows.empty:
        rows = rows.assign(value=[])
        rows.attrs["absent"] = "it takes two policies beside the baseline"
        return rows
    ranked = ranking(dataset).rename(columns={"draws": "ranked_draws"})
    keys = ["scenario", "measure", "place"]
    told = ranked[[*keys, "probability_best", "regret", "ranked_draws"]]
    merged = rows.merge(told, on=keys, how="left")
    years = merged.loc[merged["measure"] == "attainment8", "policy_years"]
    merged.attrs = {"years": years.iloc[0]} if len(years) else {}  # what the picture shows
    return merged


def title(rows: pd.DataFrame) -> str:
    """Say under which policy scores over all areas are highest most often, in how many draws."""
    overall = rows[(rows["measure"] == "attainment8") & (rows["place"] == ALL_AREAS)]
    here = overall.drop_duplicates("scenario")
    best = here.sort_values("probability_best", ascending=False, kind="stable").iloc[0]
    draws = int(best["ranked_draws"])
    if draws < ENOUGH_DRAWS:
        return (
            f"Run longer to tell which policy does most: {times(draws, 'draw')} of beliefs so far"
        )
    count, name = float(best["probability_best"]) * draws, label(str(best["scenario"]))
    start = "Over all areas, disadvantaged pupils score"
    if round(count, 9) == draws:
        return brief(
            f"{start} higher under {name} than under any other policy in each of {draws} draws",
            f"{start} highest under {name} in each of {draws} draws",
            f"{start} highest under one and the same policy in each of {draws} draws",
        )
    is_whole = abs(count - round(count)) < 1e-9
    share = f"{count:.0f}" if is_whole else percent(count / draws)  # draws may be shared
    return brief(
        f"{start} highest under {name} in {share} of {draws} draws",
        f"{start} highest under one policy in {share} of {draws} draws",
    )


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw each policy (row) less each other (column), by number and colour.

    ``rows``: those of the function of this name; the picture shows Attainment 8, the table all.
    """
    whole, rows = rows, rows[rows["measure"] == "attainment8"]
    names = [name for name in look if name in set(rows["scenario"])]
    answer, caption = title(rows), _caption(rows)
    shown = {place: text for place, text in PANELS.items() if (rows["place"] == place).any()}
    with themed():
        down = rows_of(names, height=max(ROW, 3.6 / len(names)))
        figure = canvas(QUESTION, answer, caption, down.room)
        for ax, (place, text) in zip(
            axes_row(figure, len(shown), space=0.06), shown.items(), strict=True
        ):
            _panel(ax, rows[rows["place"] == place], names)
            ax.set_title(text)
            ax.set_xticks(range(len(names)), [str(i + 1) for i in range(len(names))])
            ax.tick_params(axis="x", labelsize=12 if len(names) <= WITH_NUMBERS else 9)
            ax.set_xlabel("less the policy of this number")
        down.on(figure.axes[0])
    alt = _alt(rows)
    return Chart("policies_against_each_other", QUESTION, answer, caption, alt, figure, whole)


def _panel(ax: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    """Fill one matrix; its diagonal, a policy less itself, holds the policy's number."""
    table = rows.pivot(index="scenario", columns="less", values="value").reindex(
        index=names, columns=names
    )
    most = float(np.nanmax(np.abs(table.to_numpy()), initial=1e-9))
    ax.imshow(table, cmap=COLOURS, vmin=-most, vmax=most, aspect="auto")
    for row in records(rows.dropna(subset=["value"])):
        dark = abs(row["value"]) > DARK * most
        ax.text(
            names.index(row["less"]),
            names.index(row["scenario"]),
            _told(row, len(names)),
            ha="center",
            va="center",
            size=12 if len(names) <= WITH_NUMBERS else 11,
            color="white" if dark else INK,
        )
    for i in range(len(names)):
        ax.text(i, i, str(i + 1), ha="center", va="center", size=11, color=MUTED)
    ax.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(names) + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(visible=True, which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="both", length=0)
    for side in ax.spines.values():
        side.set_edgecolor(GREY)


def _told(row: Mapping[str, object], count: int) -> str:
    """Write a cell: its sign, and its number where there is room."""
    sign = SIGNS.get(str(row["verdict"]), "")
    if count > WITH_NUMBERS:
        return sign
    return f"{sign}\n{signed(float(str(row['value'])), 2)}".strip()


def _caption(rows: pd.DataFrame) -> str:
    count = times(int(rows["draws"].min()), "draw")
    return (
        "How to read it: each cell is the policy at its left less the policy whose number (on the "
        f"diagonal) stands below, in points, mean over {count} of beliefs, under the same beliefs "
        "and luck: doubt they share cancels. Filled triangles: higher or lower; empty ones: by "
        "less than matters; =: practically the same; no mark: we cannot tell. The pairs "
        "were not declared beforehand."
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell each pair in words where they are few, else how each policy stands to the others."""
    here = rows[rows["place"] == ALL_AREAS]
    here = here if len(here) else rows
    names = list(dict.fromkeys(here["scenario"]))
    rank = {name: i for i, name in enumerate(names)}
    if len(names) <= FEW:
        parts = [
            f"{label(row['scenario'])} less {label(row['less'])} {signed(row['value'], 2)} "
            f"({interval(row['low'], row['high'], 2)})"
            for row in records(here)
            if rank[row["scenario"]] < rank[row["less"]]
        ]
    else:
        ways = here["verdict"].map(direction).groupby(here["scenario"], sort=False)
        parts = [
            f"{label(str(name))} is higher than {int((way == HIGHER).sum())} and lower than "
            f"{int((way == LOWER).sum())} others"
            for name, way in ways
        ]
    return (
        "Matrices of the differences between policies in disadvantaged pupils' Attainment 8, "
        f"points. Over all areas: {'; '.join(parts)}."
    )
