"""What does a public pound bring back, by this model and by the published value of a grade?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

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
from sim.show.clear import brief, clearness
from sim.show.measured import named, reason
from sim.show.style import INK, Look, canvas, themed
from sim.show.words import MINUS, label, number, records, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

ORDER = 180
QUESTION = "What does a pound of public money bring back?"
PANELS = {
    ("ours", "to_67"): "This model: tax, 30 to 66",
    ("published", "tax"): "Published value: tax",
    ("published", "earnings"): "Published value: earnings",
}


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Pounds back for a public pound, two ways: ``way`` (ours, published) and ``part``."""
    import pandas as pd

    from sim.tabulate import frame, measure

    wanted = {"ours": "exchequer_return", "published": "exchequer_return_published"}
    parts = []
    for way, name in wanted.items():
        if name == "exchequer_return" and "tax30_sum" not in dataset:
            continue
        rows = named(frame(measure(dataset, name)))
        if not reason(rows):
            parts.append(rows.assign(way=way))
    if not parts:
        return rows
    whole = pd.concat(parts, ignore_index=True)
    whole.attrs = dict(parts[-1].attrs)
    return whole[whole["value"].notna()].reset_index(drop=True)


def title(rows: pd.DataFrame) -> str:
    """Say what comes back by either way of valuing a gain, where it is told from nothing.

    ``rows``: ``scenario``, ``way`` (ours, published), ``part``, ``value`` (GBP a pound), ``low``,
    ``high``. An estimate is told with its own interval, and only where that leaves out 0.
    """
    told = {}
    for way, part in (("published", "tax"), ("ours", "to_67")):
        mine = rows[(rows["way"] == way) & (rows["part"] == part)]
        if len(mine):
            told[way] = mine
    if all(mine["low"].isna().all() for mine in told.values()):
        return "Run longer to tell what a pound of public money brings back in tax"
    words = {way: _clear_returns(mine) for way, mine in told.items()}
    if not any(words.values()):
        return "What a public pound brings back in tax cannot be told from zero under any policy"
    said = {way: ", ".join(one) or "cannot be told from zero" for way, one in words.items()}
    short = {way: one[0].split(" under ")[0] if one else "unclear" for way, one in words.items()}
    first = f"Tax back for a pound, published value: {said['published']}"
    if "ours" not in said:
        return brief(first, _signs(told["published"]))
    return brief(
        f"{first}; this model: {said['ours']}",
        f"{first}; this model: {short['ours']}",
        first,
        _signs(told["published"]),
    )


def _clear_returns(rows: pd.DataFrame) -> list[str]:
    """Tell the returns clearest above and clearest below 0, each with its interval, if any is."""
    found = []
    for sign in (1, -1):
        known = [r for r in records(rows) if min(sign * r["low"], sign * r["high"]) > 0]
        if known:
            row = max(known, key=lambda r: clearness(r["value"], r["low"], r["high"]))
            value, low, high = (_gbp(float(row[c])) for c in ("value", "low", "high"))
            found.append(f"{value} ({low} to {high}) under {label(str(row['scenario']))}")
    return found


def _signs(rows: pd.DataFrame) -> str:
    """Count the policies whose return is clearly above and clearly below 0."""
    above, below = (rows["low"] > 0).sum(), (rows["high"] < 0).sum()
    return (
        f"Tax back for a pound, published value: above zero under {above} of {len(rows)} policies, "
        f"below under {below}"
    )


def _gbp(value: float) -> str:
    """Write pounds and pence.

    >>> _gbp(0.314), _gbp(-0.001)
    ('£0.31', '£0.00')
    """
    text = number(value, 2)
    return f"{MINUS}£{text.removeprefix(MINUS)}" if text.startswith(MINUS) else f"£{text}"


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw pounds back for a pound, one panel a way to count them, each with its own scale.

    ``rows``: ``scenario``, ``way`` (ours, published), ``part``, ``value``, ``low``, ``high``,
    ``chance_low``, ``chance_high`` (GBP a pound).
    """
    answer = title(rows)
    names = order_of(rows, look)
    caption = _caption(rows)
    here = set(zip(rows["way"], rows["part"], strict=True))
    shown = {key: words for key, words in PANELS.items() if key in here}
    with themed():
        down = rows_of(names, height=0.6)
        figure = canvas(QUESTION, answer, caption, down.room)
        axes = axes_row(figure, len(shown), space=0.07, across="none")
        for ax, ((way, part), words) in zip(axes, shown.items(), strict=True):
            _panel(ax, rows[(rows["way"] == way) & (rows["part"] == part)], names, look)
            ax.set_title(words)
        down.on(axes[0])
    return Chart("what_comes_back", QUESTION, answer, caption, _alt(rows, shown), figure, rows)


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
    from sim.metrics.published import WHY_OTHER, WHY_SHORT

    ours = f"{WHY_OTHER} " if (rows["way"] == "ours").any() else ""
    return (
        "How to read it: pounds back, discounted at 3.5 %, for a public pound moved or new. "
        f"{WHY_SHORT} {ours}{reading(rows)}"
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
