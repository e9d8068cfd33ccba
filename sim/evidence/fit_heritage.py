"""Solve what heritage groups have, so that national results by group and disadvantage come out.

Levels of the eleven groups at 5, 11 and 16 and the further gaps of disadvantaged children of the
five broad groups follow from published national figures (`sim/data/tables/heritage_targets.csv`).
No result of a place is looked at. Each pass lives the past of a world, reads the national table and
moves every term by a part of what its cells miss; at 16 Progress 8 and Attainment 8 cannot both
hold, and count by a weight. White British pupils are where the others are measured from.

The values are printed as they stand in conf/beliefs/default; they are put there by hand.

Example:
    python -m sim.evidence.fit_heritage world=england
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.codes import HERITAGE_COUNT
from sim.config import compose
from sim.config.models import Settings
from sim.data.choices import BROAD_MEMBERS, HERITAGE_MEMBERS
from sim.errors import BadRequest
from sim.evidence.heritage import (
    BROAD,
    BROAD_COUNT,
    IN_CELLS,
    Cells,
    Shown,
    Told,
    shown,
    told,
)
from sim.evidence.probes import changed, in_year_0

__all__ = ["WEIGHT", "Carry", "HeritageTerms", "average", "main", "moved", "solve", "table"]

Floats = NDArray[np.float64]
PASSES = 4
WEIGHT = 0.5
PART = 0.8  # of what a cell misses, by which a pass moves its term
EVERY = np.ones(HERITAGE_COUNT, bool)


@dataclass(frozen=True)
class HeritageTerms:
    """What is solved, SD: levels by heritage group (11), gaps by broad group (5)."""

    heritage_early: Floats
    gap_early: Floats
    heritage_primary: Floats
    gap_primary: Floats
    heritage_secondary: Floats
    gap_secondary: Floats


@dataclass(frozen=True)
class Carry:
    """What is left at 11 of a change at 5, and at 16 of one at 11."""

    primary: float
    secondary: float


Read = Callable[[HeritageTerms], Shown]


def moved(
    terms: HeritageTerms, seen: Shown, want: Told, carry: Carry, weight: float, scale: float
) -> HeritageTerms:
    """Return the terms after one pass.

    Args:
        terms: Terms under which ``seen`` came out.
        seen: National results by group.
        want: Published ones.
        carry: How changes at one stage reach the next.
        weight: Weight of Progress 8 at 16, 0 to 1; the rest is that of Attainment 8.
        scale: Attainment 8 points of a standard score.
    """
    one_5, one_11, one_16 = PART * seen.spread
    gap_5, all_5 = _passing(seen.early, want.early, want.early_poor)
    gap_5, level_5 = one_5 * gap_5, one_5 * all_5
    level_5 = _levels(level_5, gap_5, seen.early)
    gap_11, all_11 = _passing(seen.ks2, want.ks2, want.ks2_poor)
    gap_11 = one_11 * gap_11 - carry.primary * gap_5
    # A level at 5 reaches 11 with what its own gap adds, which all children of a group share.
    before = carry.primary * (level_5 + seen.ks2.poor_share * gap_5[BROAD])
    level_11 = _levels(one_11 * all_11 - (before - before[0]), gap_11, seen.ks2)
    gap_16, all_16 = _at_16(seen, want, weight)
    grade = one_16 * 10 / scale
    # What changes at 11 moves Attainment 8, and Progress 8 hardly: it is against the mark at 11.
    reaches = (1 - weight) * carry.secondary
    after = reaches * (before + level_11 + seen.ks2.poor_share * gap_11[BROAD])
    gap_16 = grade * gap_16 - reaches * (gap_11 + carry.primary * gap_5)
    level_16 = _levels(grade * all_16 - (after - after[0]), gap_16, seen.attainment8)
    return HeritageTerms(
        terms.heritage_early + level_5,
        terms.gap_early + gap_5,
        terms.heritage_primary + level_11,
        terms.gap_primary + gap_11,
        terms.heritage_secondary + level_16,
        terms.gap_secondary + gap_16,
    )


def _passing(seen: Cells, want: Floats, want_poor: Floats) -> tuple[Floats, Floats]:
    """Return by how much the gap of the poor has to move (5), and levels (11), standard scores."""
    everyone, poor = ndtri(want) - ndtri(seen.everyone), ndtri(want_poor) - ndtri(seen.poor)
    share = seen.poor_share
    rest = (everyone - share * poor) / (1 - share)
    counts = share * seen.weight
    total = np.bincount(BROAD, counts * (poor - rest), minlength=BROAD_COUNT)
    return total / np.bincount(BROAD, counts, minlength=BROAD_COUNT), everyone


def _levels(miss: Floats, gap: Floats, seen: Cells) -> Floats:
    """Return the moves of levels against White British pupils, beside what moves of gaps do."""
    by_gap = gap[BROAD] * seen.poor_share
    return np.asarray((miss - miss[0]) - (by_gap - by_gap[0]))


def _at_16(seen: Shown, want: Told, weight: float) -> tuple[Floats, Floats]:
    """Return by how much gaps (5) and levels (11) at 16 have to move, in grades.

    Gaps of groups are from one year and the national gap from another: groups stand to one
    another as in the first, and together as in the second.
    """
    poor = seen.attainment8.poor_share * seen.attainment8.weight * IN_CELLS
    counts = np.bincount(BROAD, poor, minlength=BROAD_COUNT)
    parts = []
    for cells, gaps, unit, nation, now in (
        (seen.progress8, want.progress8_gap, 1.0, want.gaps[0], seen.gaps[0]),
        (seen.attainment8, want.attainment8_gap, 10.0, want.gaps[1], seen.gaps[1]),
    ):
        too_wide = cells.gap(IN_CELLS) - gaps
        too_wide = too_wide - np.average(too_wide, weights=counts) + now - nation
        parts.append(too_wide / unit)
    levels = (
        (want.progress8 - seen.progress8.everyone),
        (want.attainment8 - seen.attainment8.everyone) / 10,
    )
    return (
        weight * parts[0] + (1 - weight) * parts[1],
        weight * levels[0] + (1 - weight) * levels[1],
    )


def solve(
    read: Read,
    start: HeritageTerms,
    want: Told,
    carry: Carry,
    *,
    passes: int = PASSES,
    weight: float = WEIGHT,
    scale: float,
) -> tuple[HeritageTerms, Shown]:
    """Return terms under which the national table comes out, and the table that does.

    Args:
        read: Gives the national table under some terms: a model, or a population made up.
        start: Where to begin.
        want: The published table.
        carry: How changes at one stage reach the next.
        passes: How often terms are moved.
        weight: Weight of Progress 8 at 16.
        scale: Attainment 8 points of a standard score.
    """
    terms, seen = start, read(start)
    for _ in range(passes):
        terms = moved(terms, seen, want, carry, weight, scale)
        seen = read(terms)
    return terms, seen


# ---- The model ---------------------------------------------------------------------------------


def of(settings: Settings) -> HeritageTerms:
    """Return the terms that settings hold."""
    learning = settings.beliefs.values.learning
    return HeritageTerms(
        **{f.name: np.asarray(getattr(learning, f.name), float) for f in fields(HeritageTerms)}
    )


def reader(settings: Settings, replicates: int) -> Read:
    """Return what lives the past of a world under some terms and reads the nation in year 0."""

    def read(terms: HeritageTerms) -> Shown:
        mine = settings
        for field in fields(terms):
            value = tuple(float(v) for v in getattr(terms, field.name))
            mine = changed(mine, "learning", field.name, value)
        several = [mine.model_copy(update={"replicate": r}) for r in range(replicates)]
        return average([in_year_0(one, shown) for one in several])

    return read


def average(several: Sequence[Shown]) -> Shown:
    """Return the mean of what replicates show."""
    cells = {
        name: Cells(*np.mean(np.array([getattr(one, name) for one in several]), axis=0))
        for name in ("early", "ks2", "attainment8", "progress8")
    }
    gaps = np.mean([one.gaps for one in several], axis=0)
    return Shown(
        **cells,
        middle=np.mean([one.middle for one in several], axis=0),
        spread=np.mean([one.spread for one in several], axis=0),
        gaps=(float(gaps[0]), float(gaps[1])),
    )


# ---- What is printed ---------------------------------------------------------------------------


def table(seen: Shown, want: Told) -> str:
    """Return each cell: published, simulated, and what it misses."""
    head = f"{'told':>10}{'shown':>8}{'miss':>7}"
    lines = [f"{'':24}{'all':>25}{'poor':>27}", f"{'':24}{head}  {head}"]
    for title, cells, everyone, poor, unit in (
        ("good level, %", seen.early, want.early, want.early_poor, 100),
        ("KS2 expected, %", seen.ks2, want.ks2, want.ks2_poor, 100),
        ("Progress 8", seen.progress8, want.progress8, None, 1),
        ("Attainment 8", seen.attainment8, want.attainment8, None, 1),
    ):
        lines.append(title)
        for g, name in enumerate(HERITAGE_MEMBERS):
            line = f"  {name:22}" + _cell(unit * everyone[g], unit * cells.everyone[g], 10)
            if poor is not None:
                line += _cell(unit * poor[g], unit * cells.poor[g], 12)
            lines.append(line)
    lines.append("gap at 16, others less disadvantaged")
    for broad, name in enumerate(BROAD_MEMBERS):
        lines.append(
            f"  {name:22}"
            + _cell(want.progress8_gap[broad], seen.progress8.gap(IN_CELLS)[broad], 10)
            + _cell(want.attainment8_gap[broad], seen.attainment8.gap(IN_CELLS)[broad], 12)
        )
    lines.append(
        f"  {'England':22}{_cell(want.gaps[0], seen.gaps[0], 10)}"
        f"{_cell(want.gaps[1], seen.gaps[1], 12)}"
    )
    return "\n".join(lines)


def _cell(told_value: float, shown_value: float, width: int) -> str:
    return f"{told_value:{width}.2f}{shown_value:8.2f}{shown_value - told_value:+7.2f}"


def as_records(terms: HeritageTerms, seen: Shown) -> str:
    """Return the solved values as they stand in the files of beliefs, and the scale of marks."""
    lines = [
        f"learning.{f.name}: {[round(float(v), 4) for v in getattr(terms, f.name)]}"
        for f in fields(terms)
    ]
    lines += [
        f"assessment.{name}: {[round(float(v), 4) for v in values]}"
        for name, values in (("mark_mean", seen.middle), ("mark_sd", seen.spread))
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve, and print cells before and after, values and how long it took."""
    parser = argparse.ArgumentParser(
        prog="python -m sim.evidence.fit_heritage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("overrides", nargs="*", help="as of sim run: world=england beliefs=NAME")
    parser.add_argument("--passes", type=int, default=PASSES, help=f"default {PASSES}")
    parser.add_argument("--replicates", type=int, default=1, help="draws of luck, default 1")
    parser.add_argument(
        "--weight", type=float, default=WEIGHT, help=f"of Progress 8 at 16, default {WEIGHT}"
    )
    given = parser.parse_args(arguments)
    try:
        settings = compose("baseline", given.overrides)
    except BadRequest as error:
        print(error, file=sys.stderr)
        return 2
    begun, values, want = time.perf_counter(), settings.beliefs.values, told()
    carry = Carry(values.learning.carry_primary, values.learning.carry_secondary)
    read, start = reader(settings, given.replicates), of(settings)
    print(f"as it is\n{table(read(start), want)}", flush=True)
    terms, seen = solve(
        read, start, want, carry, passes=given.passes, weight=given.weight,
        scale=values.assessment.attainment8_sd,
    )  # fmt: skip
    print(f"\nsolved, {given.passes} passes\n{table(seen, want)}\n\n{as_records(terms, seen)}")
    print(f"\n{time.perf_counter() - begun:.0f} s, CPU {time.process_time():.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
