"""Titles computed from the numbers, so that a picture can never contradict its heading.

Each function takes the rows its chart draws and answers the chart's question in a sentence.
A direction is named only where the verdict allows it (see :mod:`sim.metrics.verdicts`):
otherwise the title says that there is no clear difference, or to run longer. Titles never rank
policies against each other, because intervals are paired with the baseline only.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.metrics.verdicts import ENOUGH_DRAWS, HIGHER_SMALL, LOWER_SMALL, SAME, direction
from sim.show.words import join, label, percent, pounds, records, signed, times

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "gains",
    "leaks",
    "level_beside_gap",
    "missed",
    "money_beside_attainment",
    "money_went",
    "opportunity_beside_outcome",
    "over_time",
    "posts_follow_or_not",
    "stay_or_go",
    "worse_off",
]

WHOLE_SCHOOL_LIFE = 12
MOST = 3  # items a title lists before it counts the rest
CLOSE = 0.02  # two shares closer than two percentage points are "in step"


POINTS = "Attainment 8 points"


def gains(rows: pd.DataFrame, where: str, minimum: float, unit: str = POINTS) -> str:
    """Say who gains and who loses ``where`` (as "in the most affluent fifth").

    ``rows``: one a scenario, with ``value`` in ``unit`` and ``verdict``.
    """
    up = _with(rows, "higher").sort_values("value", ascending=False)
    down = _with(rows, "lower").sort_values("value")
    if len(up) or len(down):
        parts = []
        if len(up):
            parts.append(f"gain under {_listed(up, unit)}")
        if len(down):
            parts.append(f"lose under {_listed(down, unit)}")
        return f"Disadvantaged pupils {where} {join(parts)}"
    if (rows["verdict"] == "run longer").any():
        return (
            f"Run longer to tell who gains {where}: central estimates lie between "
            f"{signed(rows['value'].min(), 2)} and {signed(rows['value'].max(), 2)} points"
        )
    small = rows[rows["verdict"].isin((HIGHER_SMALL, LOWER_SMALL))]
    if len(small):
        return (
            f"Disadvantaged pupils {where} move by less than the {minimum:g} {unit} that matter "
            f"under {_listed(small.sort_values('value', ascending=False), '')}"
        )
    if (rows["verdict"] == "practically the same").all():
        return (
            f"Practically the same {where}: no policy moves disadvantaged pupils by as much as "
            f"{minimum:g} points"
        )
    return f"No clear difference for disadvantaged pupils {where} under any policy"


def money_went(rows: pd.DataFrame) -> str:
    """Say whether targeted pounds reach the most affluent fifth in step with its pupils.

    ``rows``: ``scenario``, ``place``, ``value``, ``low``, ``high`` and ``pupils`` (shares
    between 0 and 1).
    """
    here = rows[rows["place"] == rows["place"].min()]
    pupils = float(here["pupils"].mean())
    start = (
        f"The most affluent fifth has {percent(pupils)} of disadvantaged pupils; "
        "of the targeted pounds it gets "
    )
    told = [
        f"{percent(r['value'])} ({_share_word(r, pupils)}) under {label(r['scenario'])}"
        for r in records(here.sort_values("value"))
    ]
    if len(told) > MOST:
        told = [told[0], f"{len(told) - 2} policies in between", told[-1]]
    return start + join(told)


def missed(rows: pd.DataFrame) -> str:
    """Say which policy misses most disadvantaged pupils in affluent places, and in poor ones.

    ``rows``: ``scenario``, ``place``, ``value`` (share reached by no targeted pound).
    """
    rich, poor = rows["place"].min(), rows["place"].max()
    table = rows.pivot(index="scenario", columns="place", values="value")
    worst = str(table[rich].idxmax())
    a, b = (float(table[place][worst]) for place in (rich, poor))
    if table[[rich, poor]].to_numpy().max() < CLOSE:
        return "No policy misses disadvantaged pupils, in affluent or in poor places"
    more = "more" if a > b + CLOSE else "fewer" if a < b - CLOSE else "as many"
    text = (
        f"{label(worst)} misses {percent(a)} of disadvantaged pupils in the most affluent fifth"
        f", {more} {'than' if more != 'as many' else 'as'} in the least affluent ({percent(b)})"
    )
    none = [label(str(n)) for n in table.index if table.loc[n].max() < CLOSE]
    return text + (f"; hardly anyone is missed under {_few(none)}" if none else "")


def level_beside_gap(rows: pd.DataFrame) -> str:
    """Say which policies narrow the gap, and whether by lifting some or by others falling.

    ``rows``: ``scenario``, ``part`` (disadvantaged, other or gap), ``value``, ``verdict``.
    """
    told: dict[str, list[str]] = {}
    for name in dict.fromkeys(rows["scenario"]):
        mine = rows[rows["scenario"] == name].set_index("part")["verdict"]
        moved = (direction(str(mine[p])) or str(mine[p]) for p in ("disadvantaged", "other"))
        word = _gap_word(str(mine["gap"]), *moved)
        told.setdefault(word, []).append(label(str(name)))
    told.pop("", None)
    if told:
        return _few((_said(names, word) for word, names in told.items()), "; ")
    gap = rows[rows["part"] == "gap"]
    if (gap["verdict"] == "run longer").any():
        return (
            "Run longer to tell what happens to the gap: central estimates lie between "
            f"{signed(gap['value'].min(), 2)} and {signed(gap['value'].max(), 2)} points"
        )
    if (gap["verdict"] == "practically the same").all():
        return "The gap over all areas stays practically the same under every policy"
    return "No clear difference in the gap over all areas under any policy"


def money_beside_attainment(rows: pd.DataFrame) -> str:
    """Say how far money moves between regions, and whether attainment goes the same way.

    ``rows``: ``scenario``, ``place``, ``pounds`` (change a pupil), ``value``, ``verdict``.
    """
    span = rows.groupby("scenario", sort=False)["pounds"].agg(lambda x: x.max() - x.min())
    name = str(span.idxmax())
    mine = rows[rows["scenario"] == name]
    ranked = records(mine.sort_values("pounds"))
    least, most = ranked[0], ranked[-1]
    text = (
        f"{label(name)} moves pounds furthest: {pounds(least['pounds'])} a pupil in "
        f"{least['place']}, {pounds(most['pounds'])} in {most['place']}; "
    )
    if (mine["verdict"] == "run longer").any():
        return text + "run longer to tell whether attainment follows"
    told = mine[mine["verdict"].map(direction) != ""]
    if told.empty:
        return text + "no clear difference in attainment in any region"
    same = int(((told["value"] > 0) == (told["pounds"] > 0)).sum())
    which = "all" if same == len(told) else "none" if not same else str(same)
    return (
        f"{text}attainment clearly moves in {len(told)} of {times(len(mine), 'region')}, "
        f"in {which} of them the way of the pounds"
    )


def worse_off(rows: pd.DataFrame) -> str:
    """Say how many disadvantaged pupils lose, under the policies with most and fewest of them.

    ``rows``: one a scenario with ``worse`` and ``better`` (shares between 0 and 1) and
    ``draws``, the number of draws of beliefs behind them.
    """
    ordered = rows.sort_values("worse", ascending=False)
    chosen = ordered if len(ordered) < 3 else ordered.iloc[[0, -1]]
    told = [
        f"{label(r['scenario'])} {percent(r['worse'])} lose, {percent(r['better'])} gain"
        for r in records(chosen)
    ]
    if int(rows["draws"].min()) < ENOUGH_DRAWS:
        return f"Run longer to tell who wins and who loses; so far, {join(told)}"
    if float(ordered["worse"].iloc[0]) < CLOSE / 2:
        return "Hardly any disadvantaged pupils lose under any policy"
    return f"Of disadvantaged pupils, under {'; under '.join(told)}"


def over_time(rows: pd.DataFrame) -> str:
    """Say when differences become clear and where they stand at the end.

    ``rows``: ``scenario``, ``year``, ``value``, ``verdict``.
    """
    last = int(rows["year"].max())
    final = rows[rows["year"] == last]
    told = final[final["verdict"].map(direction) != ""]
    if told.empty:
        if (final["verdict"] == "run longer").any():
            return (
                f"Run longer to tell how gains build up: central estimates in year {last} lie "
                f"between {signed(final['value'].min(), 2)} and "
                f"{signed(final['value'].max(), 2)} points"
            )
        return f"After {last} years no policy makes a clear difference over all areas"
    order = told["value"].abs().sort_values(ascending=False).index
    parts: list[str] = []
    for row in records(told.loc[order]):
        since = _lasting_since(rows[rows["scenario"] == row["scenario"]], row["verdict"])
        unit = "" if parts else " points"
        lasting = "" if parts else "lasting "
        parts.append(
            f"{label(row['scenario'])} {signed(row['value'], 2)}{unit} ({lasting}from year {since})"
        )
    return f"Clear by year {last}: {_few(parts)}"


def opportunity_beside_outcome(rows: pd.DataFrame) -> str:
    """Say which policies move opportunity, which move outcomes, and which only one of the two.

    ``rows``: ``scenario``, ``shelf`` (opportunity or outcome), ``value``, ``verdict``; of
    disadvantaged pupils.
    """
    told: dict[str, list[str]] = {}
    for name in dict.fromkeys(rows["scenario"]):
        mine = rows[rows["scenario"] == name].set_index("shelf")["verdict"]
        word = _shelves(str(mine["opportunity"]), str(mine["outcome"]))
        told.setdefault(word, []).append(label(str(name)))
    told.pop("", None)
    if told:
        return _few((_said(names, word) for word, names in told.items()), "; ")
    if (rows["verdict"] == "run longer").any():
        return "Run longer to tell opportunity from outcome"
    if (rows["verdict"].map(direction) != "").any():
        return "No policy moves opportunity or outcomes by as much as matters"
    return "No clear difference in opportunity or in outcomes under any policy"


def posts_follow_or_not(rows: pd.DataFrame) -> str:
    """Say how far everybody's jobs move at either end; the most of any policy.

    ``rows``: ``scenario``, ``end`` (0 or 1), ``value`` (percentage points), of everybody.
    """
    told = {}
    for end in (0.0, 1.0):
        values = rows.loc[rows["end"] == end, "value"]
        low, high = signed(values.min(), 2), signed(values.max(), 2)
        told[end] = low if low == high else f"{low} to {high}"
    return (
        f"Jobs of everybody change by {told[0.0]} points where posts do not follow, by "
        f"{told[1.0]} where they do"
    )


def _shelves(opportunity: str, outcome: str) -> str:
    """Name how two indices moved; empty when neither clearly did."""
    verb = {"higher": "raises", "lower": "lowers"}
    if opportunity in verb and outcome in verb:
        if opportunity == outcome:
            return f"{verb[opportunity]} both opportunity and outcomes"
        return f"{verb[opportunity]} opportunity while outcomes become {outcome}"
    if opportunity in verb:
        return f"{verb[opportunity]} opportunity, {_rest(outcome, 'outcomes stay', 'outcomes')}"
    if outcome in verb:
        return f"{verb[outcome]} outcomes, {_rest(opportunity, 'opportunity stays', 'opportunity')}"
    return ""


def _rest(word: str, stays: str, what: str) -> str:
    """Say of an index that it does not move by as much as matters, or that this is not clear."""
    if word == SAME:
        return f"{stays} {SAME}"
    if way := direction(word):
        return f"{what} {way} by less than matters"
    return f"no clear change in {what}"


def leaks(rows: pd.DataFrame, stages: dict[str, str]) -> str:
    """Say how many disadvantaged pupils arrive for 100 others, and where most are lost.

    ``rows``: ``stage``, ``place``, ``ratio``; of disadvantaged pupils. ``stages``: their names,
    in order.
    """
    rich, poor = int(rows["place"].min()), int(rows["place"].max())
    table = rows.pivot(index="stage", columns="place", values="ratio").reindex(list(stages))
    last = str(table.index[-1])
    ends = [100 * float(table[p][last]) for p in (rich, poor)]
    start = (
        f"{ends[0]:.0f} disadvantaged pupils for 100 others get a {_plain(stages[last])} in the "
        f"most affluent fifth, {ends[1]:.0f} in the least"
    )
    names = list(stages.values())
    first, second = (_leak(table[p].tolist(), names) for p in (rich, poor))
    if not first and not second:
        return f"{start}; they fall behind at no stage on the way"
    if first == second:
        return f"{start}; most are lost on the way to {first}"
    told = [f"to {f} in the {fifth}" for f, fifth in ((first, "first"), (second, "second")) if f]
    return f"{start}; most are lost on the way {', '.join(told)}"


def _leak(ratios: list[float], names: list[str]) -> str:
    """Return the stage on the way to which the ratio falls most; nothing if it never falls."""
    falls = [before - after for before, after in pairwise(ratios)]
    worst = max(range(len(falls)), key=falls.__getitem__)
    return _plain(names[worst + 1]) if falls[worst] > 0 else ""


def _plain(name: str) -> str:
    """Write the name of a stage inside a sentence."""
    text = name.replace("\n", " ")
    return text if text.startswith(("English", "Level")) else text[:1].lower() + text[1:]


def stay_or_go(rows: pd.DataFrame) -> str:
    """Say who leaves to get on in the most and the least isolated places.

    ``rows``: ``place`` (1 = least isolated), ``group``, ``part`` (home or left), ``value``.
    """
    near, far = rows["place"].min(), rows["place"].max()
    left = rows[rows["part"] == "left"].set_index(["group", "place"])["value"]
    mine, there, others = (
        float(left[key])
        for key in (("disadvantaged", far), ("disadvantaged", near), ("other", far))
    )
    return (
        f"In the most isolated fifth {percent(mine)} of disadvantaged pupils leave their region "
        f"to get on, {_against(mine, there)} in the least isolated ({percent(there)}) and "
        f"{_against(mine, others)} of the others there ({percent(others)})"
    )


def _against(one: float, other: float) -> str:
    """Compare two shares in words; closer than two points they are alike."""
    if abs(one - other) < CLOSE:
        return "about as many as"
    return "more than" if one > other else "fewer than"


def _few(parts: Iterable[str], between: str = "") -> str:
    """Join what fits a title, and count the rest; the picture shows all."""
    items = list(parts)
    left = len(items) - MOST
    if left == 1 or left <= 0:
        return between.join(items) if between else join(items)
    shown = [*items[:MOST], f"{left} others"]
    return between.join(shown) if between else join(shown)


def _with(rows: pd.DataFrame, word: str) -> pd.DataFrame:
    return rows[rows["verdict"] == word]


def _listed(rows: pd.DataFrame, unit: str) -> str:
    """List scenarios with their central values; the unit is said once."""
    items = [
        f"{label(r['scenario'])} ({signed(r['value'], 2)}{f' {unit}' if unit and not i else ''})"
        for i, r in enumerate(records(rows))
    ]
    return _few(items)


def _share_word(row: dict[str, Any], pupils: float) -> str:
    """Say whether money is in step with pupils: close to their share, or not told from it."""
    if abs(row["value"] - pupils) < CLOSE or row["low"] <= pupils <= row["high"]:
        return "in step"
    return "more" if row["value"] > pupils else "less"


def _gap_word(gap: str, disadvantaged: str, other: str) -> str:
    """Name how a gap moved, and why; empty when it did not clearly move."""
    if gap == "lower":
        return "narrows the gap " + _why_narrower(disadvantaged, other)
    if gap == "higher":
        return "widens the gap " + _why_wider(disadvantaged, other)
    small = {LOWER_SMALL: "narrows", HIGHER_SMALL: "widens"}
    return f"{small[gap]} the gap by less than matters" if gap in small else ""


def _said(names: list[str], word: str) -> str:
    """Say one thing of one policy or of several: "widens", "widen"."""
    verb, rest = word.split(" ", 1)
    return f"{_few(names)} {verb if len(names) == 1 else verb.removesuffix('s')} {rest}"


def _why_narrower(disadvantaged: str, other: str) -> str:
    if disadvantaged == "higher":
        falling = " and because others fall" if other == "lower" else ""
        return f"by lifting disadvantaged pupils{falling}"
    if other == "lower":
        settled = disadvantaged in ("lower", "practically the same")
        return "only because others fall" if settled else "as others fall"
    return "though neither group clearly moves"


def _why_wider(disadvantaged: str, other: str) -> str:
    if disadvantaged == "lower":
        return "because disadvantaged pupils fall"
    if other == "higher":
        return "because others rise"
    return "though neither group clearly moves"


def _lasting_since(rows: pd.DataFrame, word: str) -> int:
    """Return the first year from which the direction stays that of ``word`` to the end."""
    ordered = rows.sort_values("year", ascending=False)
    since = int(ordered["year"].iloc[0])
    for year, verdict in zip(ordered["year"], ordered["verdict"], strict=True):
        if direction(verdict) != direction(word):
            break
        since = int(year)
    return since
