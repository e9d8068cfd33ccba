"""Solve what girls have, and what children with special needs lack, from national results.

Terms at 5, 11 and 16 follow from the published figures of targets 51 and 52; no result of a place
is looked at. Each pass lives the past of a world, reads the nation and moves every term by a part
of what its figure misses; at 11 and 16 not all figures can hold, and their misses are weighed by
their tolerances. The values are printed as they stand in conf/beliefs/default; they are put there
by hand.

Example:
    python -m sim.evidence.fit_pupils world=england
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.config import compose
from sim.config.models import Settings
from sim.data import facts
from sim.errors import BadRequest
from sim.evidence.heritage import shown
from sim.evidence.probes import changed, in_year_0
from sim.evidence.pupils import RESULTS, pupil_results

__all__ = ["Read", "Told", "main", "moved", "told"]

Floats = NDArray[np.float64]
PASSES = 4
PART = 0.8  # of what a figure misses, by which a pass moves its term
STAGES = ("early", "primary", "secondary")
WHO = ("girls", "support", "plan")


class Read(NamedTuple):
    """National readings by name, and what a mark's standard score is of latent attainment."""

    results: dict[str, float]
    spread: Floats


class Told(NamedTuple):
    """Published figures by name, and half the width of their tolerance."""

    value: dict[str, float]
    give: dict[str, float]


def told() -> Told:
    """Return the published figures, from the table of targets."""
    mine = [target for target in facts.targets() if target.number in ("51", "52")]
    return Told(
        {target.name: target.value for target in mine},
        {target.name: float(np.ptp(target.tolerance)) / 2 for target in mine},
    )


def moved(terms: Floats, read: Read, want: Told, carry: Floats, sd: float) -> Floats:
    """Return the terms after one pass.

    At 5 one term meets one figure. After that two have to meet three, the expected standard at 11
    and Attainment 8 and Progress 8 at 16, whose misses are weighed by their tolerances.

    Args:
        terms: SD, by stage and of whom: girls, SEN support, a plan.
        read: National results under them.
        want: Published ones.
        carry: What is left at 11 of a change at 5, and at 16 of one at 11.
        sd: Attainment 8 points of a standard score.
    """
    new = terms.copy()
    one_5, one_11, one_16 = read.spread
    # What changes at 11 moves Attainment 8, and Progress 8 hardly: it is against that mark.
    moves = np.array(
        [[1 / one_11, 0], [carry[1] * sd / one_16, sd / one_16], [0, sd / 10 / one_16]]
    )
    for who, name in enumerate(WHO):
        misses, gives = np.array([_miss(read.results, want, result, name) for result in RESULTS]).T
        at_5 = PART * one_5 * misses[0]
        by = 1 / gives[1:]
        at_11, at_16 = PART * np.linalg.lstsq(moves * by[:, None], misses[1:] * by)[0]
        new[:, who] += at_5, at_11 - carry[0] * at_5, at_16
    return new


def _miss(results: dict[str, float], want: Told, result: str, who: str) -> tuple[float, float]:
    """Return by how much a figure has to rise and may miss: standard scores, points or grades."""
    name = f"{result}_girls_gap" if who == "girls" else f"{result}_{who}"
    ends = np.array([results[name], want.value[name], want.value[name] + want.give[name]])
    if not result.startswith(("attainment8", "progress8")):
        middle, half = results[f"{result}_middle"] / 100, ends / 200
        girls = ndtri(middle + half) - ndtri(middle - half)
        ends = girls if who == "girls" else ndtri(ends / 100)
    return float(ends[1] - ends[0]), float(ends[2] - ends[1])


def _terms(settings: Settings) -> Floats:
    held = settings.beliefs.values.children
    return np.array(
        [[getattr(held, f"girls_{stage}"), *getattr(held, f"needs_{stage}")] for stage in STAGES]
    )


def _year_zero(settings: Settings, terms: Floats) -> Read:
    """Live the past of a world under some terms and read the nation in year 0."""
    for stage, (girls, *needs) in zip(STAGES, terms.tolist(), strict=True):
        settings = changed(settings, "children", f"girls_{stage}", girls)
        settings = changed(settings, "children", f"needs_{stage}", tuple(needs))
    return in_year_0(settings, lambda model: Read(pupil_results(model), shown(model).spread))


def _table(read: Read, want: dict[str, float]) -> str:
    """Return each figure: published, simulated, and what it misses."""
    return "\n".join(
        f"  {name:26}{want[name]:8.2f}{value:8.2f}{value - want[name]:+8.2f}"
        for name, value in read.results.items()
        if name in want
    )


def _records(terms: Floats) -> str:
    rows = terms.round(3).tolist()
    return "\n".join(
        f"children.girls_{stage}: {row[0]}\nchildren.needs_{stage}: {row[1:]}"
        for stage, row in zip(STAGES, rows, strict=True)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve, and print figures before and after, values and how long it took."""
    parser = argparse.ArgumentParser(
        prog="python -m sim.evidence.fit_pupils",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("overrides", nargs="*", help="as of sim run: world=england beliefs=NAME")
    parser.add_argument("--passes", type=int, default=PASSES, help=f"default {PASSES}")
    given = parser.parse_args(arguments)
    try:
        settings = compose("baseline", given.overrides)
    except BadRequest as error:
        print(error, file=sys.stderr)
        return 2
    begun, values = time.perf_counter(), settings.beliefs.values
    want = told()
    carry = np.array([values.learning.carry_primary, values.learning.carry_secondary])
    terms = _terms(settings)
    read = _year_zero(settings, terms)
    print(f"{'':28}{'told':>8}{'shown':>8}{'miss':>8}")
    print(f"as it is\n{_table(read, want.value)}", flush=True)
    for _ in range(given.passes):
        terms = moved(terms, read, want, carry, values.assessment.attainment8_sd)
        read = _year_zero(settings, terms)
    print(f"\nsolved, {given.passes} passes\n{_table(read, want.value)}\n\n{_records(terms)}")
    print(f"\n{time.perf_counter() - begun:.0f} s, CPU {time.process_time():.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
