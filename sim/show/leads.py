"""What a page and a screen open with: who gains, who loses, how far, and what cannot be told.

Everything that could be said is put into one list of findings: both groups of pupils in every
fifth and over all areas, jobs at 25, and how many pupils in a hundred are in groups that gain or
lose. The clearest in each direction leads (:func:`sim.show.clear.clearness`), so that no finding
hides behind one that was chosen beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.metrics.verdicts import ENOUGH_DRAWS
from sim.show.clear import LONGER, SAME, clearness, direction, matters
from sim.show.words import join, label, number, records, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["Finding", "findings", "findings_of", "lead", "of_policy"]

POINTS, JOBS, HEADS = "points", "jobs", "heads"
ALL_AREAS = 0
PLACES = {
    ALL_AREAS: "over all areas",
    1: "in the most affluent fifth of areas",
    2: "in the second most affluent fifth of areas",
    3: "in the middle fifth of areas",
    4: "in the second least affluent fifth of areas",
    5: "in the least affluent fifth of areas",
}
WHO = {"disadvantaged": "disadvantaged pupils", "other": "other pupils"}
FEWEST = 0.005  # a share that is less than one pupil in two hundred is nobody


@dataclass(frozen=True)
class Finding:
    """One number with its interval and verdict, and of whom, where and under which policy.

    ``kind``: points of Attainment 8, pupils in a hundred with a professional job (jobs), or
    pupils in a hundred whose group gains (positive) or loses (negative).
    """

    kind: str
    scenario: str
    who: str
    place: int
    value: float
    low: float
    high: float
    verdict: str

    @property
    def sign(self) -> int:
        """1 for a gain, -1 for a loss, 0 where the verdict names no direction."""
        return direction(self.verdict)

    @property
    def rank(self) -> tuple[bool, float, float]:
        """What matters first, then what is clearest, then what is largest."""
        return matters(self.verdict), clearness(self.value, self.low, self.high), abs(self.value)

    def told(self, policy: bool = True) -> str:
        """Say it in one clause with its interval; ``policy`` says whether to name it."""
        towards = 1 if self.value >= 0 else -1
        low, high = sorted((towards * self.low, towards * self.high))
        digits = 0 if self.kind == HEADS else 2
        between = ""
        ends = list(dict.fromkeys(number(end, digits) for end in (low, high)))
        if math.isfinite(low) and math.isfinite(high) and len(ends) > 1:
            between = f" (90\u00a0%\u00a0interval {' to '.join(ends)})"
        under = f" under {label(self.scenario)}" if policy else ""
        return f"{self._clause(number(abs(self.value), digits))}{under}{between}"

    def _clause(self, amount: str) -> str:
        who, where = WHO[self.who], PLACES[self.place]
        gains = self.value > 0
        if self.kind == HEADS:
            return f"of 100 {who}, {amount} are in groups that {'gain' if gains else 'lose'}"
        if self.kind == JOBS:
            more = "more" if gains else "fewer"
            return f"of 100 {who} {where}, {amount} {more} have a professional job at 25"
        return f"{who} {where} {'gain' if gains else 'lose'} {amount} points of Attainment 8"


def findings(dataset: xr.Dataset) -> list[Finding]:
    """Return everything that a lead may say of a comparison."""
    from sim.show import later, tables

    points = [
        table.assign(group=group)
        for group in WHO
        for table in (
            tables.gains_by_affluence(dataset, group),
            tables.gains_overall(dataset, group).assign(place=ALL_AREAS),
        )
    ]
    return findings_of(
        points=points,
        jobs=later.jobs_by_affluence(dataset).assign(group="disadvantaged"),
        heads=tables.worse_off(dataset),
    )


def findings_of(
    points: Sequence[pd.DataFrame], jobs: pd.DataFrame, heads: pd.DataFrame
) -> list[Finding]:
    """Return findings from the rows of tables; rows without a value say nothing.

    Args:
        points: differences in Attainment 8 with ``scenario``, ``group``, ``place`` (0 = all
            areas), ``value``, ``low``, ``high``, ``verdict``.
        jobs: the same in percentage points of professional jobs at 25.
        heads: shares ``worse`` and ``better`` off, with ``who``, both intervals and ``draws``.
    """
    rows = [(POINTS, r) for table in points for r in records(table)]
    rows += [(JOBS, r) for r in records(jobs)]
    found = [
        Finding(
            kind, str(r["scenario"]), str(r["group"]), int(r["place"]), float(r["value"]),
            float(r["low"]), float(r["high"]), str(r["verdict"]),
        )
        for kind, r in rows
    ]  # fmt: skip
    found += [one for r in records(heads) for one in _heads(r)]
    return [one for one in found if math.isfinite(one.value)]


def _heads(row: dict[str, Any]) -> list[Finding]:
    """Return who gains and who loses, in pupils; certain where the interval leaves out 0."""
    found = []
    for column, start, sign in (("better", "better_", 1), ("worse", "", -1)):
        low, high = sorted(100 * sign * float(row[f"{start}{end}"]) for end in ("low", "high"))
        least = min(abs(low), abs(high)) / 100
        enough = int(row["draws"]) >= ENOUGH_DRAWS
        word = ("higher" if sign > 0 else "lower") if least > FEWEST else "cannot tell"
        found.append(
            Finding(
                HEADS, str(row["scenario"]), str(row["who"]), ALL_AREAS,
                100 * sign * float(row[column]), low, high, word if enough else LONGER,
            )
        )  # fmt: skip
    return found


def lead(found: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return the opening lines of a page as (heading, sentence): gains, losses, what is open."""
    if not found:
        return []
    differences = [one for one in found if one.kind != HEADS]
    if any(one.verdict == LONGER for one in found):
        return [("Run longer", _so_far(differences or list(found)))]
    lines = [
        ("Who gains most clearly", _clearest(found, 1)),
        ("Who loses most clearly", _clearest(found, -1)),
    ]
    lines += [("What changes little", little)] if (little := _little(differences)) else []
    return lines + ([("What cannot be told", unsure)] if (unsure := _open(differences)) else [])


def of_policy(found: Sequence[Finding], scenario: str) -> str:
    """Say the same of one policy, in a few sentences."""
    mine = [one for one in found if one.scenario == scenario]
    if not mine or any(one.verdict == LONGER for one in mine):
        return ""
    told = []
    for sign, word in ((1, "gains"), (-1, "loses")):
        best = _best([one for one in mine if one.kind != HEADS], sign)
        told.append(_sentence(best, policy=False) if best else f"Nobody clearly {word}.")
    for who, words in WHO.items():
        counts = {one.value > 0: one for one in mine if one.kind == HEADS and one.who == who}
        heads = [f"{abs(_value(counts, k)):.0f} are in groups that {word}" for k, word in
                 ((True, "gain"), (False, "lose"))]  # fmt: skip
        told.append(f"Of 100 {words}, {join(heads)}.")
    return " ".join(told)


def _value(counts: dict[bool, Finding], gains: bool) -> float:
    return counts[gains].value if gains in counts else 0.0


def _best(found: Sequence[Finding], sign: int) -> Finding | None:
    return max((one for one in found if one.sign == sign), key=lambda one: one.rank, default=None)


def _clearest(found: Sequence[Finding], sign: int) -> str:
    """Tell the clearest difference and the clearest count; of other pupils where clearer still."""
    told: list[Finding] = []
    for heads in (False, True):
        kind = [one for one in found if (one.kind == HEADS) == heads]
        mine, other = (_best([one for one in kind if one.who == who], sign) for who in WHO)
        told += [mine] if mine else []
        told += [other] if other and (mine is None or other.rank > mine.rank) else []
    word = "gains" if sign > 0 else "loses"
    return " ".join(map(_sentence, told)) or f"Nobody clearly {word} under any policy."


def _sentence(one: Finding, policy: bool = True) -> str:
    text = one.told(policy)
    small = "" if matters(one.verdict) else ", too little to matter"
    return f"{text[:1].upper()}{text[1:]}{small}."


def _little(found: Sequence[Finding]) -> str:
    """Name the policies that over all areas change less than matters, for the disadvantaged."""
    names = [
        label(one.scenario) for one in found
        if one.kind == POINTS and one.who == "disadvantaged" and one.place == ALL_AREAS
        and (one.verdict == SAME or (one.sign and not matters(one.verdict)))
    ]  # fmt: skip
    if not names:
        return ""
    return (
        f"Over all areas disadvantaged pupils gain or lose less than matters under {join(names)}."
    )


def _open(found: Sequence[Finding]) -> str:
    """Name the policies of which nothing can be said, for disadvantaged pupils where it counts."""
    told = []
    for place in (ALL_AREAS, 1, 5):
        here = [one for one in found if one.kind == POINTS and one.who == "disadvantaged"
                and one.place == place]  # fmt: skip
        names = [label(one.scenario) for one in here if not one.sign and one.verdict != SAME]
        if names:
            told.append(f"{PLACES[place]} under {join(names, 'or')}")
    if not told:
        return ""
    return f"Whether disadvantaged pupils gain or lose {', '.join(told)}."


def _so_far(found: Sequence[Finding]) -> str:
    """Say what the largest difference is while there are too few draws for any word."""
    best = max(found, key=lambda one: abs(one.value))
    text = best.told()
    return (
        f"Fewer than {times(ENOUGH_DRAWS, 'draw')} of beliefs settle no direction. So far the "
        f"largest difference: {text}."
    )
