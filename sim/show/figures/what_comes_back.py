"""What does a public pound bring back, by this model and by the published value of a grade?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show import titles_places
from sim.show.chart import (
    Chart,
    axes_row,
    intervals,
    order_of,
    panels,
    reading,
    rows_of,
    write_values,
    zebra,
)
from sim.show.style import INK, Look, canvas, themed
from sim.show.words import label, records, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["QUESTION", "draw"]

QUESTION = "What does a pound of public money bring back?"
PANELS = {
    ("ours", "to_67"): "This model: tax, 30 to 66",
    ("published", "tax"): "Published value: tax",
    ("published", "earnings"): "Published value: earnings",
}


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw pounds back for a pound, one panel a way to count them, each with its own scale.

    ``rows``: ``scenario``, ``way`` (ours, published), ``part``, ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (GBP a pound).
    """
    title = titles_places.what_comes_back(rows)
    names = order_of(rows, look)
    caption = _caption(rows)
    here = set(zip(rows["way"], rows["part"], strict=True))
    shown = {key: words for key, words in PANELS.items() if key in here}
    with themed():
        down = rows_of(names, height=0.6)
        figure = canvas(QUESTION, title, caption, down.room)
        axes = axes_row(figure, len(shown), space=0.07, across="none")
        for ax, ((way, part), words) in zip(axes, shown.items(), strict=True):
            _panel(ax, rows[(rows["way"] == way) & (rows["part"] == part)], names, look)
            ax.set_title(words)
        down.on(axes[0])
    return Chart("what_comes_back", QUESTION, title, caption, _alt(rows, shown), figure, rows)


def _panel(ax: Axes, rows: pd.DataFrame, names: list[str], look: Mapping[str, Look]) -> None:
    import seaborn as sns

    zebra(ax, len(names))
    ax.axvline(0, color=INK, lw=1.1, zorder=1)
    for height, name in enumerate(names):
        mine = rows[rows["scenario"] == name].assign(position=float(height))
        intervals(ax, mine, look[name])
        write_values(ax, mine)
    ax.set(ylim=(len(names) - 0.5, -0.7), ylabel="", xlabel="£ for a pound")
    ax.locator_params(axis="x", nbins=5)
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    from sim.metrics.published import WHY_SHORT

    return (
        "How to read it: pounds back (discounted, 3.5 %) for a public pound moved or new. "
        f"{WHY_SHORT} {reading(rows)}"
    )


def _alt(rows: pd.DataFrame, shown: Mapping[tuple[str, str], str]) -> str:
    """Tell every value."""
    parts = []
    for (way, part), words in shown.items():
        mine = records(rows[(rows["way"] == way) & (rows["part"] == part)])
        told = ", ".join(f"{label(r['scenario'])} {signed(r['value'], 2)}" for r in mine)
        parts.append(f"{words}: {told}")
    return (
        f"Point ranges in {panels(len(shown))}, each with a scale of its own. Pounds back for a "
        f"public pound. {'. '.join(parts)}."
    )
