"""Does attainment follow the money, region by region?"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.show.chart import (
    MARK,
    Chart,
    axes_row,
    draw_legend,
    intervals,
    legend_of,
    nought,
    order_of,
    reading,
    zebra,
)
from sim.show.clear import LESS, SAME, brief, direction, is_unsettled, matters
from sim.show.measured import named
from sim.show.minima import MINIMUM
from sim.show.phone import is_phone
from sim.show.scope import regions_of
from sim.show.style import ABOVE, INK, LEFT, Look, Room, canvas, themed
from sim.show.words import label, pounds, records, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["ORDER", "QUESTION", "draw", "rows", "title"]

INDENT = LEFT + 0.045  # room for the longest name of a region
REGION_SIZE, NARROW = 11.5, 18
STEP, SHARE = 0.115, 0.8  # inches from mark to mark; share of a region's row that marks take
SMALL = 0.5 * MARK  # less high than a step, so that no mark hides another
ORDER = 90
QUESTION = "Region by region, does attainment follow the money?"


def rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Change in disadvantaged pupils' school money and Attainment 8, by region."""
    from sim.tabulate import differences, frame

    names = ["funding_per_pupil", "attainment8"]
    found = differences(dataset, names, "region", "disadvantaged")
    money = named(frame(found["funding_per_pupil"]))
    money = money.rename(columns={"value": "pounds", "low": "pounds_low", "high": "pounds_high"})
    keep = ["scenario", "place", "pounds", "pounds_low", "pounds_high"]
    rows = named(frame(found["attainment8"])).merge(money[keep], on=["scenario", "place"])
    rows["place"] = rows["place"].map(regions_of(dataset))
    rows = rows.drop(columns="place_name", errors="ignore")  # the same once more
    rows.attrs = dict(found["attainment8"].attrs)
    return rows


def _there(verdict: str) -> str:
    """Say what attainment does in a region.

    >>> _there("higher, less than matters"), _there("practically the same"), _there("cannot tell")
    ('rises by less than matters', 'is practically the same', 'is unclear')
    """
    if way := direction(verdict):
        by = "" if matters(verdict) else f" by {LESS}"
        return f"{'rises' if way > 0 else 'falls'}{by}"
    return f"is {SAME}" if verdict == SAME else "is unclear"


def _mover(rows: pd.DataFrame) -> str:
    """Return the policy that moves most money between regions."""
    span = rows.groupby("scenario", sort=False)["pounds"].agg(lambda x: x.max() - x.min())
    return str(span.idxmax())


def title(rows: pd.DataFrame) -> str:
    """Say how far money moves between regions, and whether attainment goes the same way.

    ``rows``: ``scenario``, ``place``, ``pounds`` (change a pupil), ``value``, ``verdict``.
    """
    name = _mover(rows)
    mine = rows[rows["scenario"] == name]
    who = f"{label(name)} moves most money between regions"
    least, most = (records(mine.sort_values("pounds"))[i] for i in (0, -1))
    if is_unsettled(mine):
        return brief(
            f"{who}, {pounds(least['pounds'])} to {pounds(most['pounds'])} a pupil; run longer to "
            "tell whether attainment follows",
            "Money moves between regions; run longer to tell whether attainment follows",
        )
    told = mine[mine["verdict"].map(direction) != 0]
    if told.empty:
        tail = "attainment clearly moves in none"
        return brief(f"{who}; {tail}", f"Money moves between regions; {tail}")
    same = int(((told["verdict"].map(direction) > 0) == (told["pounds"] > 0)).sum())
    against = len(told) - same or "none"
    few = int((~told["verdict"].map(matters)).sum())
    follows = f"attainment follows in {same} of {len(mine)}"
    tail = f"{follows}, goes the other way in {against}"
    regions = f"{follows} regions, the other way in {against} ({few} by {LESS})"
    ends = [
        f"{pounds(r['pounds'])} a pupil in {r['place']}, where attainment "
        f"{_there(str(r['verdict']))}"
        for r in (least, most)
    ]
    return brief(
        f"{label(name)}: {'; '.join(ends)}",
        *([] if few else [f"{who}; {tail}", f"Money moves between regions; {tail}"]),
        f"{label(name)} moves most; {regions}",
        f"Money moves; {regions}",
    )


def draw(rows: pd.DataFrame, look: Mapping[str, Look]) -> Chart:
    """Draw the change in pounds beside the change in attainment, one row a region.

    ``rows``: ``scenario``, ``place`` (region), ``pounds``, ``pounds_low``, ``pounds_high``
    (pounds a pupil), ``value``, ``low``, ``high``, ``chance_low``, ``chance_high`` (points)
    and ``verdict``.
    """
    answer = title(rows)
    look = {name: look[name] for name in order_of(rows, look)}
    regions = sorted(rows["place"].unique())
    caption = _caption(rows)
    with themed():
        legend = legend_of(list(look), INDENT)
        tall = len(regions) * max(0.42, STEP * len(look) / SHARE)
        room = Room(tall=tall, above=max(ABOVE, legend.tall), left=INDENT)
        figure = canvas(QUESTION, answer, caption, room)
        left, right = axes_row(figure, 2, space=0.05, across="none")
        _panel(left, _money(rows), regions, look)
        left.axvline(0, color=INK, lw=1.1)
        left.set_xlabel("School money, difference (£ a pupil on roll a year)")
        left.set_yticks(range(len(regions)), [_lines(r) for r in regions])
        left.tick_params(axis="y", labelsize=10.5 if is_phone() else REGION_SIZE)
        _panel(right, rows, regions, look)
        nought(right, MINIMUM)
        right.set_xlabel("Disadvantaged Attainment 8, difference (points)")
        draw_legend(figure, legend, look)
    return Chart("money_beside_attainment", QUESTION, answer, caption, _alt(rows), figure, rows)


def _lines(region: str) -> str:
    """Break the name of a region where there is room for it."""
    name, mark, areas = region.partition(" (")
    shown = "\n".join(textwrap.wrap(name, NARROW)) if is_phone() else name
    return f"{shown}\n({areas}" if mark else shown


def _money(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with the change in pounds as the value drawn."""
    return rows.assign(
        value=rows["pounds"],
        low=rows["pounds_low"],
        high=rows["pounds_high"],
        chance_low=float("nan"),
        chance_high=float("nan"),
    )


def _panel(ax: Axes, rows: pd.DataFrame, regions: list[str], look: Mapping[str, Look]) -> None:
    """Draw all policies in each region's row, one above another."""
    import seaborn as sns

    zebra(ax, len(regions))
    height = {region: i for i, region in enumerate(regions)}
    step = SHARE / max(len(look), 1)
    for i, (name, one) in enumerate(look.items()):
        mine = rows[rows["scenario"] == name]
        mine = mine.assign(position=mine["place"].map(height).astype(float))
        offset = (i - (len(look) - 1) / 2) * step
        intervals(ax, mine, one, offset, SMALL)
    ax.set(ylim=(len(regions) - 0.5, -0.5), ylabel="")
    ax.grid(visible=False, axis="y")
    sns.despine(ax=ax, left=True)


def _caption(rows: pd.DataFrame) -> str:
    return (
        "How to read it: left, change in the money per pupil on roll of the schools that "
        "disadvantaged pupils attend: what is paid for them is shared by all on roll, less what "
        "the school gives up; right, change in their Attainment 8; each region against the "
        f"baseline. {_counted(rows)}{reading(rows)} Grey band: under {MINIMUM:g} points."
    )


def _counted(rows: pd.DataFrame) -> str:
    """Say which regions a title that counts them counts."""
    if "attainment follows in" not in title(rows):
        return ""
    return (
        f"Counted for {label(_mover(rows))}: attainment follows where its thin line leaves out 0 "
        "and its mark is on the same side of 0 as that of money, and goes the other way where it "
        "is on the other side; regions whose line holds 0 are neither. "
    )


def _alt(rows: pd.DataFrame) -> str:
    """Tell the furthest regions of every policy in words."""
    parts = []
    for name in dict.fromkeys(rows["scenario"]):
        told = records(rows[rows["scenario"] == name].sort_values("pounds"))
        ends = [
            f"{r['place']} {pounds(r['pounds'])} and {signed(r['value'], 2)} points"
            for r in (told[0], told[-1])
        ]
        parts.append(f"{label(name)}: {' to '.join(ends)}")
    return (
        "Point ranges in two panels, money and attainment, one row a region. From the region "
        f"losing most pounds to the one gaining most: {'; '.join(parts)}."
    )
