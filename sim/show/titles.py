"""Titles computed from the numbers, so that a picture can never contradict its heading.

Each function takes the rows its chart draws and answers the chart's question in at most twenty
words. A direction is named only where the verdict of that very row allows it (see
:mod:`sim.show.clear`). Where names or numbers would make a title too long they are left out,
because the picture has them. Titles never rank policies against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.metrics.verdicts import CANNOT_TELL
from sim.results.schema import FULL_EXPOSURE
from sim.show.clear import SAME, brief, clearest, direction, is_unsettled, matters
from sim.show.fifths import AREAS_HERE, FEW, counted
from sim.show.headlines import JOB_HEADS
from sim.show.words import label, number, percent, pounds, records, signed, times

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "JOBS",
    "NEAR",
    "PUPILS",
    "Subject",
    "gains",
    "level_beside_gap",
    "missed",
    "money_beside_attainment",
    "money_went",
    "over_time",
]

WHOLE_SCHOOL_LIFE = FULL_EXPOSURE["ks4"]
MOST_OF_IT = 0.9  # of a change: a reason that makes so much of it is the reason
CLOSE = 0.02  # shares closer than two percentage points are not told apart
FIFTHS = {
    1: "in the most affluent fifth",
    2: "in fifth 2",
    3: "in fifth 3",
    4: "in fifth 4",
    5: "in the least affluent fifth",
}
QUARTERS = {
    1: "near the most affluent schools",
    2: "near schools of quarter 2",
    3: "near schools of quarter 3",
    4: "near the least affluent schools",
}


@dataclass(frozen=True)
class Subject:
    """Whom gains are told of: what going up and down are called, first and again, and places."""

    up: tuple[str, str]
    down: tuple[str, str]
    of: str
    where: Mapping[int, str]
    anywhere: str
    unit: str = "points"
    digits: int = 2

    def verb(self, row: Mapping[str, Any], again: bool = False) -> str:
        """Name the direction of a row's verdict."""
        return (self.up if direction(row["verdict"]) > 0 else self.down)[again]

    def told(self, row: Mapping[str, Any], unit: bool = True, again: bool = False) -> str:
        """Say which policy moves them, where and how far."""
        size = f"{signed(float(row['value']), self.digits)}{f' {self.unit}' if unit else ''}"
        areas = row.get(AREAS_HERE, FEW)
        few = f"{times(int(areas), 'area')}: " if areas < FEW else ""
        return f"{self.short(row, again)} ({few}{size})"

    def short(self, row: Mapping[str, Any], again: bool = False) -> str:
        """Say the same without the number."""
        where = self.where[int(row["place"])]
        where = where.removesuffix(" fifth").removesuffix(" schools") if again else where
        return f"{label(str(row['scenario']))} {self.verb(row, again)} {where}"


_UP = ("lifts disadvantaged pupils' results", "lifts them")
_DOWN = ("lowers disadvantaged pupils' results", "lowers them")
PUPILS = Subject(
    _UP, _DOWN, of="disadvantaged pupils", where=FIFTHS, anywhere="in any fifth",
)  # fmt: skip
NEAR = Subject(
    _UP, _DOWN, of="disadvantaged pupils", where=QUARTERS, anywhere="near any schools",
)  # fmt: skip
JOBS = Subject(
    up=("raises professional jobs", "raises them"),
    down=("lowers professional jobs", "lowers them"),
    of="professional jobs of disadvantaged pupils", where=FIFTHS, anywhere="in any fifth",
    unit=f"of {JOB_HEADS:,}", digits=0,
)  # fmt: skip


def gains(rows: pd.DataFrame, subject: Subject) -> str:
    """Say which policy raises and which lowers most clearly, and where.

    ``rows``: one a scenario and ``place`` (1 = most affluent), with ``value`` in points,
    ``low``, ``high`` and ``verdict``.
    """
    up, down = (clearest(rows, sign) for sign in (1, -1))
    told = [row for row in (up, down) if row is not None and matters(row["verdict"])]
    if len(told) == 2:
        return _both(told[0], told[1], subject)
    if told:
        return brief(
            f"{subject.told(told[0])}; {_none_opposite(rows, told[0], subject)}",
            f"{subject.told(told[0])}",
            f"One policy {subject.verb(told[0])} {subject.where[int(told[0]['place'])]}, "
            f"by {number(abs(told[0]['value']), subject.digits)} {subject.unit}",
        )
    return _no_gains(rows, subject, up or down)


def _none_opposite(rows: pd.DataFrame, row: Mapping[str, Any], subject: Subject) -> str:
    """Say that no policy moves them the other way by as much as matters, or that none clearly does.

    Only where every verdict is one that can be told is that certain.
    """
    verb = (subject.down if direction(row["verdict"]) > 0 else subject.up)[1]
    unsure = (rows["verdict"] == CANNOT_TELL).any()
    return f"{'none clearly' if unsure else 'no policy'} {verb} enough to matter"


def _both(up: Mapping[str, Any], down: Mapping[str, Any], subject: Subject) -> str:
    """Tell a gain and a loss, of two policies or of one."""
    is_one = up["scenario"] == down["scenario"]
    between = " and " if is_one else "; "

    def second(text: str) -> str:
        return text.removeprefix(f"{label(str(down['scenario']))} ") if is_one else text

    last = second(subject.told(down, unit=False, again=True))
    places = [subject.where[int(row["place"])] for row in (up, down)]
    other = "" if is_one else "another "
    return brief(
        f"{subject.told(up)}{between}{last}",
        f"{subject.told(up, unit=False)}{between}{last}",
        f"{subject.short(up)}{between}{second(subject.short(down, again=True))}",
        f"One policy {subject.verb(up)} {places[0]}{between}{other}{subject.verb(down, True)} "
        f"{places[1].removesuffix(' fifth').removesuffix(' schools')}",
    )


def _no_gains(rows: pd.DataFrame, subject: Subject, small: Mapping[str, Any] | None) -> str:
    """Say what is there to say where no change is both certain and large enough to matter."""
    if is_unsettled(rows):
        ends = (signed(float(rows["value"].agg(f)), subject.digits) for f in ("min", "max"))
        far = f"so far {' to '.join(ends)} {subject.unit}"
        return brief(
            f"Run longer to tell whether {subject.of} change {subject.anywhere}: {far}",
            f"Run longer to tell whether {subject.of} change: {far}",
        )
    if small is not None:
        return brief(
            f"{subject.told(small)}, but by less than matters",
            f"{subject.short(small)}, but by less than matters",
            f"One policy {subject.verb(small)} {subject.where[int(small['place'])]}, but by less "
            "than matters",
        )
    if (rows["verdict"] == SAME).all():
        return f"Practically the same for {subject.of} {subject.anywhere}, whatever the policy"
    return f"No policy clearly changes anything for {subject.of} {subject.anywhere}"


def money_went(rows: pd.DataFrame) -> str:
    """Say what share of targeted money the most affluent fifth gets, beside its pupils.

    ``rows``: ``scenario``, ``place``, ``value``, ``low``, ``high`` and ``pupils`` (shares
    between 0 and 1).
    """
    rich = int(rows["place"].min())
    here = rows[rows["place"] == rich]
    where = FIFTHS[rich].removeprefix("in ")
    pupils = percent(float(here["pupils"].mean()))
    ranked = records(here.sort_values("value"))
    ends = [ranked[0], ranked[-1]] if len(ranked) > 1 else ranked
    told = [f"{label(str(r['scenario']))} {percent(r['value'])}" for r in ends]
    span = " to ".join(dict.fromkeys(percent(r["value"]) for r in ends))
    title = brief(
        f"Targeted money reaching {where}, with {pupils} of disadvantaged pupils: "
        + ", ".join(told),
        f"{where[:1].upper()}{where[1:]} has {pupils} of disadvantaged pupils and gets {span} of "
        "targeted money",
    )
    return counted(title, rows)


def missed(rows: pd.DataFrame) -> str:
    """Say which policy misses most disadvantaged pupils in affluent places, and in poor ones.

    ``rows``: ``scenario``, ``place``, ``value`` (share reached by no targeted pound).
    """
    rich, poor = int(rows["place"].min()), int(rows["place"].max())
    table = rows.pivot(index="scenario", columns="place", values="value")
    if table[[rich, poor]].to_numpy().max() < CLOSE:
        return "Targeted money misses hardly any disadvantaged pupils, in affluent or in poor areas"
    worst = str(table[rich].idxmax())
    a, b = (percent(float(table[place][worst])) for place in (rich, poor))
    last = f", {b} {FIFTHS[poor].removesuffix(' fifth')}" if poor > rich else ""
    title = brief(
        *(
            f"{name} misses {a} of disadvantaged pupils {FIFTHS[rich]}{last}"
            for name in (label(worst), "One policy")
        )
    )
    return counted(title, rows)


def level_beside_gap(rows: pd.DataFrame) -> str:
    """Say which policies narrow the gap, and whether by lifting some or by others falling.

    ``rows``: ``scenario``, ``part`` (disadvantaged, other or gap), ``value``, ``low``, ``high``,
    ``verdict``.
    """
    gap = rows[rows["part"] == "gap"]
    ends = [clearest(gap, sign) for sign in (-1, 1)]
    told = [row for row in ends if row is not None and matters(row["verdict"])]
    if not told:
        return _no_gap(gap, [row for row in ends if row is not None])
    words = [(label(str(r["scenario"])), _gap_words(rows, r)) for r in told]
    short = ["narrows" if direction(r["verdict"]) < 0 else "widens" for r in told]
    (name, word), *rest = words
    if not rest:
        return brief(f"{name} {word}", f"{name} {short[0]} the gap", f"One policy {word}")
    other, again = rest[0][0], rest[0][1].replace("the gap", "it", 1)
    return brief(
        f"{name} {word}; {other} {again}",
        f"{name} {word}; {other} {short[1]} it",
        f"{name} {short[0]} the gap; {other} {short[1]} it",
        f"One policy {short[0]} the gap, another {short[1]} it",
    )


def _no_gap(gap: pd.DataFrame, small: list[dict[str, Any]]) -> str:
    if is_unsettled(gap):
        ends = (signed(float(gap["value"].agg(f)), 2) for f in ("min", "max"))
        return f"Run longer to tell what happens to the gap: so far {' to '.join(ends)} points"
    if small:
        verbs = ["narrows" if direction(row["verdict"]) < 0 else "widens" for row in small]
        told = [f"{label(str(row['scenario']))} {verb}" for row, verb in
                zip(small, verbs, strict=True)]  # fmt: skip
        plain = [
            f"{who} {verb}" for who, verb in zip(("One policy", "another"), verbs, strict=False)
        ]
        tail = "by less than matters"
        return brief(
            *(
                f"{one[0]} the gap over all areas, but {tail}" if len(one) == 1
                else f"{one[0]} the gap over all areas and {one[1]} it, both {tail}"
                for one in (told, plain)
            )
        )  # fmt: skip
    if (gap["verdict"] == SAME).all():
        return "The gap over all areas stays practically the same under every policy"
    return "No policy clearly changes the gap over all areas"


def _gap_words(rows: pd.DataFrame, gap: Mapping[str, Any]) -> str:
    """Say how a gap moved, and how much of that each group makes, where its verdict is clear."""
    mine = rows[rows["scenario"] == gap["scenario"]].set_index("part")
    way = direction(gap["verdict"])
    verb, *causes = ("narrows", "rise", "fall") if way < 0 else ("widens", "fall", "rise")
    whole = float(gap["value"])
    found = []
    for part, who, cause, sign in (
        ("disadvantaged", "disadvantaged pupils' results", causes[0], -1),
        ("other", "others'" if way else "", causes[1], 1),
    ):
        if direction(str(mine.loc[part, "verdict"])) * sign * way > 0:
            found.append((sign * float(str(mine.loc[part, "value"])) / whole, f"{who} {cause}"))
    return f"{verb} the gap {_because(found)}"


def _because(found: list[tuple[float, str]]) -> str:
    """Give reasons, the larger first, each with how much of the change it makes."""
    if not found:
        return "though neither group clearly moves"
    ordered = sorted(found, reverse=True)
    (share, first), *rest = ordered
    first = first if first.startswith("dis") else first.replace("others'", "others' results", 1)
    if rest:
        return f"mostly because {first} ({percent(share)}), partly because {rest[0][1]}"
    if share >= MOST_OF_IT:
        return f"because {first}"
    return f"{'mostly' if share > 0.5 else 'partly'} because {first} ({percent(share)})"


_THERE = {1: "rises", -1: "falls", 0: "is unclear"}


def money_beside_attainment(rows: pd.DataFrame) -> str:
    """Say how far money moves between regions, and whether attainment goes the same way.

    ``rows``: ``scenario``, ``place``, ``pounds`` (change a pupil), ``value``, ``verdict``.
    """
    span = rows.groupby("scenario", sort=False)["pounds"].agg(lambda x: x.max() - x.min())
    name = str(span.idxmax())
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
    tail = f"attainment follows in {same} of {len(mine)}, goes the other way in {against}"
    ends = [f"{pounds(r['pounds'])} a pupil in {r['place']}, where attainment "
            f"{_THERE[direction(r['verdict'])]}" for r in (least, most)]  # fmt: skip
    return brief(
        f"{label(name)}: {'; '.join(ends)}",
        f"{who}; {tail}",
        f"Money moves between regions; {tail}",
    )


def over_time(rows: pd.DataFrame) -> str:
    """Say when differences become clear and where they stand at the end.

    ``rows``: ``scenario``, ``year``, ``value``, ``low``, ``high``, ``verdict``.
    """
    last = int(rows["year"].max())
    final = rows[rows["year"] == last]
    told = final[final["verdict"].map(matters)]
    if told.empty:
        return _no_path(final, last)
    order = told["value"].abs().sort_values(ascending=False).index
    parts: list[str] = []
    for row in records(told.loc[order]):
        since = _lasting_since(rows[rows["scenario"] == row["scenario"]], row["verdict"])
        unit = "" if parts else " points"
        parts.append(
            f"{label(str(row['scenario']))} {signed(row['value'], 2)}{unit} (since year {since})"
        )
    start = f"Clear by year {last}:"
    total = len(parts)
    fewer = [f"{start} {', '.join(parts[:n])} and {_policies(total - n, 'more ')}"
             for n in (2, 1) if n < total]  # fmt: skip
    return brief(
        f"{start} {', '.join(parts)}",
        *fewer,
        f"By year {last} attainment over all areas clearly differs under {_policies(total)}",
    )


def _policies(count: int, more: str = "") -> str:
    return f"{count} {more}{'policy' if count == 1 else 'policies'}"


def _no_path(final: pd.DataFrame, last: int) -> str:
    if is_unsettled(final):
        ends = (signed(float(final["value"].agg(f)), 2) for f in ("min", "max"))
        return (
            f"Run longer to tell how gains build up: so far {' to '.join(ends)} points by year "
            f"{last}"
        )
    return f"After {last} years no policy makes a difference over all areas that clearly matters"


def _lasting_since(rows: pd.DataFrame, word: str) -> int:
    """Return the first year from which the direction stays that of ``word`` to the end."""
    ordered = rows.sort_values("year", ascending=False)
    since = int(ordered["year"].iloc[0])
    for year, verdict in zip(ordered["year"], ordered["verdict"], strict=True):
        if direction(verdict) != direction(word):
            break
        since = int(year)
    return since
