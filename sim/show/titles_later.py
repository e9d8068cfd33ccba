"""Titles of the charts on what comes after school, by the rules of :mod:`sim.show.titles`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.metrics.verdicts import HIGHER
from sim.show.clear import SAME, brief, direction, is_unsettled, matters
from sim.show.headlines import JOB_HEADS
from sim.show.words import join, label, signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["leaks", "opportunity_beside_outcome", "posts_follow_or_not", "stay_or_go"]

SHELVES = ("opportunity", "outcome")


def opportunity_beside_outcome(rows: pd.DataFrame) -> str:
    """Say which policies move opportunity, which move outcomes, and which only one of the two.

    ``rows``: ``scenario``, ``shelf`` (opportunity or outcome), ``value``, ``verdict``; of
    disadvantaged pupils.
    """
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
        return "No policy moves opportunity or outcomes by as much as matters"
    return "No policy clearly changes opportunity or outcomes of disadvantaged pupils"


def _said(names: list[str], word: str) -> str:
    """Say one thing of one policy or of several: "raises", "raise"."""
    verb, rest = word.split(" ", 1)
    return f"{join(names)} {verb if len(names) == 1 else verb.removesuffix('s')} {rest}"


def _counted(rows: pd.DataFrame) -> str:
    counts = {s: sum(v == HIGHER for v in rows.loc[rows["shelf"] == s, "verdict"])
              for s in SHELVES}  # fmt: skip
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
        return f"{what} {'higher' if way > 0 else 'lower'} by less than matters"
    return f"no clear change in {what}"


def posts_follow_or_not(rows: pd.DataFrame) -> str:
    """Say how far everybody's jobs move at either end; the most of any policy.

    ``rows``: ``scenario``, ``end`` (0 or 1), ``value`` (people of 10,000), of everybody.
    """
    told = {}
    for end in (0.0, 1.0):
        values = rows.loc[rows["end"] == end, "value"]
        ends = (signed(float(values.min()), 0), signed(float(values.max()), 0))
        told[end] = " to ".join(dict.fromkeys(ends))
    return (
        f"Jobs change by {told[0.0]} in {JOB_HEADS:,} where posts stay put, by {told[1.0]} where "
        "they follow"
    )


def leaks(rows: pd.DataFrame, stages: Mapping[str, str]) -> str:
    """Say at which stage disadvantaged pupils fall furthest behind, at both ends of affluence.

    ``rows``: ``stage``, ``place``, ``ratio``; of disadvantaged pupils. ``stages``: their names,
    in order.
    """
    rich, poor = int(rows["place"].min()), int(rows["place"].max())
    table = rows.pivot(index="stage", columns="place", values="ratio").reindex(list(stages))
    names = [_at(name) for name in stages.values()]
    found = [_leak(table[p].tolist(), names) for p in (rich, poor)]
    if not any(found):
        return "At no stage on the way to a job do disadvantaged pupils fall further behind"
    if found[0] and found[1] and found[0][0] == found[1][0]:
        span = " to ".join(dict.fromkeys(f"{100 * one[1]:.0f}" for one in found if one))
        return (
            f"The gap opens most at {found[0][0]}: {span} disadvantaged pupils get there for 100 "
            "others"
        )
    ends = ("most affluent fifth", "least affluent")
    told = [(one[0], f"({fifth})") for one, fifth in zip(found, ends, strict=True) if one]
    return brief(
        f"The gap opens most at {' and at '.join(' '.join(one) for one in told)}",
        f"The gap opens most at {', '.join(' '.join((_ageless(s), f)) for s, f in told)}",
    )


def _leak(ratios: list[float], names: list[str]) -> tuple[str, float] | None:
    """Return the stage on the way to which the ratio falls most; nothing if it never falls."""
    falls = [before - after for before, after in pairwise(ratios)]
    worst = max(range(len(falls)), key=falls.__getitem__)
    return (names[worst + 1], ratios[worst + 1]) if falls[worst] > 0 else None


_ARTICLES = {"Expected": "the expected", "Degree": "a degree", "Professional": "a professional"}


def _at(name: str) -> str:
    r"""Write the name of a stage inside a sentence, with the age at which it is reached.

    >>> _at("Expected standard\nat 11"), _at("Level 3\nat 19"), _at("Degree\nby 24")
    ('the expected standard at 11', 'Level 3 at 19', 'a degree by 24')
    """
    text = " ".join(name.split())
    first = text.split()[0]
    if first in _ARTICLES:
        return text.replace(first, _ARTICLES[first], 1)
    return text if first in ("English", "Level") else text[:1].lower() + text[1:]


def _ageless(stage: str) -> str:
    return re.sub(r" (?:at|by) \d+$", "", stage)


def stay_or_go(rows: pd.DataFrame) -> str:
    """Say how many people of 25, once disadvantaged pupils, left the places at both ends.

    ``rows``: ``place`` (1 = least isolated), ``group``, ``part`` (home or left), ``value``.
    """
    near, far = rows["place"].min(), rows["place"].max()
    left = rows[(rows["part"] == "left") & (rows["group"] == "disadvantaged")]
    values = left.set_index("place")["value"]
    return (
        f"Aged 25, {100 * values[far]:.0f} of 100 disadvantaged people have left their region from "
        f"the most isolated fifth, {100 * values[near]:.0f} from the least"
    )
