"""Titles of the charts of where pounds and pupils are moved, by the rules of `sim.show.titles`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.metrics.verdicts import ENOUGH_DRAWS
from sim.show.clear import brief, clearness, direction, is_unsettled
from sim.show.fifths import counted
from sim.show.titles import FIFTHS
from sim.show.titles_heads import HEADS, heads_told, surest
from sim.show.words import MINUS, label, number, pounds, records, signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "flagged_gaps",
    "map_of_gains",
    "of_100_pupils",
    "waterfall_of_pounds",
    "what_comes_back",
]


def map_of_gains(rows: pd.DataFrame) -> str:
    """Say under which policy most authorities clearly gain, and under which most clearly lose.

    ``rows``: one a scenario and authority, with ``value`` (points) and ``verdict``.
    """
    if is_unsettled(rows):
        ends = [signed(float(rows["value"].agg(f)), 1) for f in ("min", "max")]
        return (
            f"Run longer to tell which authorities gain; so far {ends[0]} to {ends[1]} points for "
            "disadvantaged pupils"
        )
    ways = rows["verdict"].map(direction)
    count = int(rows.groupby("scenario").size().max())
    up = (ways > 0).groupby(rows["scenario"]).sum()
    down = (ways < 0).groupby(rows["scenario"]).sum()
    told = []
    if up.max() > 0:
        told.append(f"gain in {up.max()} of {count} authorities under {label(str(up.idxmax()))}")
    if down.max() > 0:
        told.append(f"lose in {down.max()} under {label(str(down.idxmax()))}")
    if not told:
        return f"In none of {count} authorities do disadvantaged pupils clearly gain or lose"
    return brief(
        f"Disadvantaged pupils clearly {' and '.join(told)}",
        f"Disadvantaged pupils clearly {told[0]}",
        f"Disadvantaged pupils clearly gain in up to {up.max()} of {count} authorities and lose in "
        f"up to {down.max()}",
    )


def of_100_pupils(rows: pd.DataFrame) -> str:
    """Say where most certainly lose and where most certainly gain, out of 100.

    ``rows``: ``scenario``, ``place``, ``worse``, ``better`` (shares) with the ends of their
    intervals, ``draws``. A count whose interval reaches nobody is never told as one.
    """
    if int(rows["draws"].min()) < ENOUGH_DRAWS:
        lost, won = (round(100 * float(rows[c].max())) for c in ("worse", "better"))
        return f"Run longer to tell how many of 100 lose ({lost} at most so far) or gain ({won})"
    told = [(heads_told(row, column), verb, row)
            for column, verb in HEADS if (row := surest(rows, column))]  # fmt: skip
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
    rest = "".join(f"; {c} {v} {_there(r).removesuffix(' fifth')} under {label(r['scenario'])}"
                   for c, v, r in told[1:])  # fmt: skip
    title = brief(first + rest, first, f"Of 100 {_there(row)}, {count} {verb} under one policy")
    return counted(title, rows)


def _there(row: Mapping[str, Any]) -> str:
    return FIFTHS[int(row["place"])]


def waterfall_of_pounds(rows: pd.DataFrame) -> str:
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
    told = f"{ends[0]} a pupil {FIFTHS[rich]}, {ends[1]} {FIFTHS[poor].removesuffix(' fifth')}"
    return counted(brief(f"{label(name)} moves most: {told}", f"At most {told}"), total)


def flagged_gaps(rows: pd.DataFrame) -> str:
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


def what_comes_back(rows: pd.DataFrame) -> str:
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
