"""What a page and a screen open with: who gains, who loses, who goes without, how sure it is.

Everything that could be said is put into one list of findings: both groups of pupils in every
fifth and over all areas, the most less the least affluent fifth, jobs at 25, how many pupils in a
hundred are in groups that gain or lose, and how many no targeted pound reaches.

**What leads.** Only numbers whose interval leaves out 0 are gains or losses, and what is at least
the smallest difference that matters comes before what is not. Of those the outcomes the study was
declared for come first: Attainment 8 of disadvantaged pupils over all areas, and in the most and
the least affluent fifth, whose difference is the other declared number. Among several the largest
leads, beside what matters (:attr:`sim.show.finding.Finding.rank`). Where another number is clearer
by its own interval it is told right after (:func:`sim.show.clear.clearness`), so that no finding
hides behind those chosen beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.show import minima
from sim.show.clear import LONGER, SAME, direction, matters, small
from sim.show.finding import (
    ALL_AREAS,
    DIFFERENCES,
    ENDS,
    HEADS,
    INTERVAL,
    JOBS,
    MISSED,
    PLACES,
    POINTS,
    WHO,
    Finding,
    whole,
)
from sim.show.headlines import CONTRAST, JOB_CONTRAST, declared_rows
from sim.show.heads import heads_overall
from sim.show.measured import gains_by_fifth, gains_overall, in_heads, job_gains, targeted
from sim.show.words import join, label, number, records, times
from sim.tabulate.verdicts import ENOUGH_DRAWS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["Finding", "findings", "findings_of", "lead", "of_policy"]

FEWEST = 0.005  # a share that is less than one pupil in two hundred is nobody
HARDLY = 2.0  # of 100 pupils: fewer are hardly any


def findings(dataset: xr.Dataset) -> list[Finding]:
    """Return everything that a lead may say of a comparison."""
    declared = declared_rows(dataset).assign(group="disadvantaged")
    points = [
        table.assign(group=group)
        for group in WHO
        for table in (
            gains_by_fifth(dataset, group),
            gains_overall(dataset, group).assign(place=ALL_AREAS),
        )
    ]
    jobs = [
        in_heads(job_gains(dataset)).assign(group="disadvantaged"),
        in_heads(_keyed(declared, "job_all_areas", ALL_AREAS)),
        in_heads(_keyed(declared, JOB_CONTRAST, ENDS)),
    ]
    return findings_of(
        points=[*points, _keyed(declared, CONTRAST, ENDS)],
        jobs=jobs,
        heads=heads_overall(dataset),
        missed=targeted(dataset, "targeted_undercoverage"),
    )


def _keyed(declared: pd.DataFrame, key: str, place: int) -> pd.DataFrame:
    return declared[declared["key"] == key].assign(place=place)


def findings_of(
    points: Sequence[pd.DataFrame],
    jobs: Sequence[pd.DataFrame],
    heads: pd.DataFrame,
    missed: pd.DataFrame | None = None,
) -> list[Finding]:
    """Return findings from the rows of tables; rows without a value say nothing.

    Args:
        points: differences in Attainment 8 with ``scenario``, ``group``, ``place`` (0 = all
            areas, -1 = the most less the least affluent fifth), ``value``, ``low``, ``high``,
            ``verdict``.
        jobs: the same in professional jobs at 25, people of 10,000.
        heads: shares ``worse`` and ``better`` off, with ``who``, both intervals and ``draws``.
        missed: shares of disadvantaged pupils that no targeted pound reaches, by ``place``.
    """
    found = [
        Finding(
            kind,
            str(r["scenario"]),
            str(r["group"]),
            int(r["place"]),
            float(r["value"]),
            float(r["low"]),
            float(r["high"]),
            str(r["verdict"]),
        )
        for kind, tables in ((POINTS, points), (JOBS, jobs))
        for table in tables
        for r in records(table)
    ]
    found += [one for r in records(heads) for one in _heads(r)]
    found += [
        Finding(
            MISSED,
            str(r["scenario"]),
            "disadvantaged",
            int(r["place"]),
            100 * float(r["value"]),
            100 * float(r["low"]),
            100 * float(r["high"]),
            "",
        )
        for r in ([] if missed is None else records(missed))
    ]
    return [one for one in found if math.isfinite(one.value)]


def _heads(row: dict[str, Any]) -> list[Finding]:
    """Return who gains and who loses, in pupils; certain where the interval leaves out 0."""
    found = []
    for column, sign in (("better", 1), ("worse", -1)):
        low, high = sorted(100 * sign * float(row[f"{column}_{end}"]) for end in ("low", "high"))
        least = min(abs(low), abs(high)) / 100
        enough = int(row["draws"]) >= ENOUGH_DRAWS
        word = ("higher" if sign > 0 else "lower") if least > FEWEST else "cannot tell"
        found.append(
            Finding(
                HEADS,
                str(row["scenario"]),
                str(row["who"]),
                ALL_AREAS,
                100 * sign * float(row[column]),
                low,
                high,
                word if enough else LONGER,
            )
        )
    return found


def lead(found: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return the opening lines of a page as (heading, sentence): gains, losses, what is open."""
    if not found:
        return []
    without = ("Who goes without", _without(found))
    changes = [one for one in found if one.kind != MISSED]
    differences = [one for one in changes if one.kind in DIFFERENCES]
    if any(one.verdict == LONGER for one in changes):
        return _said([("Run longer", _so_far(differences or changes)), without])
    return _said(
        [
            ("Who gains", _clearest(changes, 1)),
            ("Who loses", _clearest(changes, -1)),
            without,
            ("Most or least affluent areas", _ends(differences)),
            ("Over all areas", _over_all(differences)),
            ("What cannot be told", _open(differences)),
        ]
    )


def _said(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the lines that say something; what brackets hold is told in the first of them."""
    known, kept = False, []
    for heading, line in lines:
        if line:
            kept.append((heading, _once(line, known)))
            known = known or INTERVAL in line
    return kept


def _once(line: str, known: bool = False) -> str:
    """Leave out what brackets hold, but for the first unless it is known already."""
    first, name, rest = ("", "", line) if known else line.partition(INTERVAL)
    return f"{first}{name}{rest.replace(INTERVAL, '')}"


def of_policy(found: Sequence[Finding], scenario: str) -> str:
    """Say who gains and who loses under one policy, in a few sentences."""
    mine = [one for one in found if one.scenario == scenario and one.kind != MISSED]
    if not mine or any(one.verdict == LONGER for one in mine):
        return ""
    told = []
    for sign, word in ((1, "gains"), (-1, "loses")):
        best = _best([one for one in mine if one.kind in DIFFERENCES], sign)
        told.append(_sentence(best, policy=False) if best else f"Nobody clearly {word}.")
    for who, words in WHO.items():
        counts = {one.value > 0: one for one in mine if one.kind == HEADS and one.who == who}
        up, down = (_counted(counts.get(gains)) for gains in (True, False))
        rest = f"{up} are in groups that gain and {down} in groups that lose"
        rest = "none are in groups that gain or lose" if up == down == "none" else rest
        told.append(f"Of 100 {words}, {rest}.")
    return _once(" ".join(told))


def _counted(one: Finding | None) -> str:
    """Write a count of heads with its interval, and whether it can be told from none at all."""
    if one is None or not (one.value or one.between()):
        return "none"
    open_end = "" if one.sign or not one.between() else "; not told from none)"
    return f"{whole(abs(one.value))}{one.between().removesuffix(')' if open_end else '')}{open_end}"


def _best(
    found: Sequence[Finding], sign: int, key: Callable[[Finding], Any] = lambda one: one.rank
) -> Finding | None:
    return max((one for one in found if one.sign == sign), key=key, default=None)


def _clearest(found: Sequence[Finding], sign: int) -> str:
    """Tell what leads of differences and of counts, and the clearest of each where another is."""
    told: list[str] = []
    for heads in (False, True):
        kind = [one for one in found if (one.kind == HEADS) == heads]
        mine = [one for one in kind if one.who == "disadvantaged"] if heads else kind
        best = _best(mine, sign)
        clearest = _best(kind, sign, lambda one: one.clear)
        if best:
            told.append(_sentence(best))
        if clearest and (best is None or clearest.clear[:2] > best.clear[:2]):
            start = "Clearer still: " if best else ""
            told.append(start + _sentence(clearest, starts=not best))
    return " ".join(told) or f"Nobody clearly {'gains' if sign > 0 else 'loses'} under any policy."


def _sentence(one: Finding, policy: bool = True, starts: bool = True) -> str:
    text = one.told(policy)
    return f"{text[:1].upper() if starts else text[:1]}{text[1:]}{small(one.verdict)}."


def _without(found: Sequence[Finding]) -> str:
    """Tell whom targeted money passes by, and for whom it does nothing, at either end."""
    missed = [one for one in found if one.kind == MISSED]
    if not missed:
        return ""
    ends = [
        max((one for one in missed if one.place == place), key=lambda one: one.value, default=None)
        for place in (1, 5)
    ]
    worst = {one.scenario: one for one in ends[::-1] if one is not None and one.value >= HARDLY}
    counts = [_passed_by(one, missed) for one in sorted(worst.values(), key=lambda o: o.place)]
    again = [text.replace(f" {WHO['disadvantaged']}", "") for text in counts[1:]]
    told = f"Targeted money passes by {join([*counts[:1], *again]) or 'hardly anybody'}."
    paid = {one.scenario for one in missed}
    same = []
    for place in (1, 5):
        names = [
            label(one.scenario)
            for one in _core(found, place)
            if one.verdict == SAME and one.scenario in paid
        ]
        same += [f"{PLACES[place]} under {join(names)}"] if names else []
    little = f" Results of {WHO['disadvantaged']} are {SAME} {join(same)}." if same else ""
    return told + little


def _passed_by(most: Finding, missed: Sequence[Finding]) -> str:
    """Tell whom a policy misses, and name every other that misses as many there."""
    alike = [
        label(one.scenario)
        for one in missed
        if one.place == most.place and one.told(False) == most.told(False)
    ]
    return f"{most.clause} under {join(alike)}{most.between()}"


def _core(found: Sequence[Finding], place: int) -> list[Finding]:
    """Return Attainment 8 of disadvantaged pupils in a place, one finding a policy."""
    return [
        one
        for one in found
        if one.kind == POINTS and one.who == "disadvantaged" and one.place == place
    ]


def _ends(found: Sequence[Finding]) -> str:
    """Tell the declared contrast: which policy does most more, and most less, for fifth 1."""
    here = _core(found, ENDS)
    told: list[str] = []
    for sign, word in ((1, "more"), (-1, "less")):
        clear = [one for one in here if direction(one.verdict) == sign]
        best = max(clear, key=lambda one: one.rank, default=None)
        if best is None:
            continue
        whom = (
            ""
            if told
            else (
                " for disadvantaged pupils in the most affluent fifth than for those in the least"
            )
        )
        told.append(
            f"{label(best.scenario)} does {number(abs(best.value), 2)} points {word}{whom}"
            f"{best.between()}{small(best.verdict)}"
        )
    if told or not here:
        return "; ".join(told) + "." * bool(told)
    return "No policy clearly does more for disadvantaged pupils at one end than at the other."


def _over_all(found: Sequence[Finding]) -> str:
    """Tell the other declared number of every policy, each by its verdict.

    A policy may move much between places and little over all of them; that is said as such, so
    that it does not read as a denial of the gains and losses above.
    """
    here = _core(found, ALL_AREAS)
    moved = [one for one in here if one.sign]
    told = [
        _average([one for one in moved if matters(one.verdict)]),
        _average([one for one in moved if not matters(one.verdict)]),
    ]
    still = [one.scenario for one in here if one.verdict == SAME]
    if still:
        told.append(f"The average is {SAME} under {join(map(label, still))}.")
    if names := [label(one.scenario) for one in here if _is_open(one)]:
        told.append(f"Whether the average moves under {join(names, 'or')} cannot be told.")
    told = _naming(list(filter(None, told)))
    level = {*still, *(one.scenario for one in moved if not matters(one.verdict))}
    shifted = dict.fromkeys(
        one.scenario
        for one in found
        if one.kind == POINTS
        and one.place not in (ALL_AREAS, ENDS)
        and one.who == "disadvantaged"
        and matters(one.verdict)
        and one.scenario in level
    )
    if shifted:
        told.append(
            f"Between places, though, results shift by more than {minima.MINIMUM:g} points under "
            f"{join(map(label, shifted))}."
        )
    return " ".join(told)


def _average(moved: Sequence[Finding]) -> str:
    """Tell in one sentence which policies move the average over all areas, gains first.

    Args:
        moved: Findings all of which matter, or none of which does.
    """
    clauses: list[str] = []
    for sign, verb in ((1, "gain"), (-1, "lose")):
        mine = [one for one in moved if one.sign == sign]
        parts = [
            f"{number(abs(one.value), 2)}{'' if i or clauses else ' points'} under "
            f"{label(one.scenario)}{one.between()}"
            for i, one in enumerate(sorted(mine, key=lambda one: -one.size))
        ]
        if parts:
            clauses.append(f"they {verb} {join(parts)}{small(mine[0].verdict)}")
    text = "; ".join(clauses)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _naming(told: list[str]) -> list[str]:
    """Say in the first of some sentences of whom they are."""
    if told:
        first = told[0].replace("They ", "Disadvantaged pupils ", 1)
        told[0] = first.replace("he average ", "he average of disadvantaged pupils ", 1)
    return told


def _is_open(one: Finding) -> bool:
    return not direction(one.verdict) and one.verdict != SAME


def _open(found: Sequence[Finding]) -> str:
    """Name the policies of which nothing can be said, for disadvantaged pupils where it counts."""
    told = []
    for place in (1, 5):
        names = [label(one.scenario) for one in _core(found, place) if _is_open(one)]
        if names:
            told.append(f"{PLACES[place]} under {join(names, 'or')}")
    if not told:
        return ""
    return f"Whether disadvantaged pupils gain or lose {', or '.join(told)}."


def _so_far(found: Sequence[Finding]) -> str:
    """Say what the largest difference is while there are too few draws for any word."""
    best = max((one for one in found if one.place != ENDS), key=lambda one: one.size)
    return (
        f"Fewer than {times(ENOUGH_DRAWS, 'draw')} of beliefs settle no direction. So far the "
        f"largest difference: {best.told()}."
    )
