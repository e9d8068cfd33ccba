"""Assessment: marks with error at 5, 11 and 16, and progress against the table of year 0.

Marks are standard scores of the baseline's year 0: the mean and the spread that turn latent
attainment into a mark are constants, the same in every scenario and every year, so that nothing is
re-standardised after policy starts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Float64s, Int64s, Reals, UInt32s
from sim.codes import FIRST_SECONDARY, LAST_GRADE, LATE_ARRIVAL, YEAR_MARK
from sim.config.models import Switches
from sim.config.values import AssessmentBeliefs, Values
from sim.kernel import kernel
from sim.rng import Key, Luck, Purpose, draw, luck, normal, uniforms, words
from sim.world.newcomers import from_abroad, late_comers
from sim.world.pupils import Pupils

__all__ = [
    "ASSESSED",
    "Expected",
    "Scale",
    "attainment8",
    "came_late",
    "expect",
    "marks",
    "progress",
    "scale",
    "sit",
]

ASSESSED = (0, FIRST_SECONDARY - 1, LAST_GRADE)
_F = np.float32
_YEAR = np.uint32(int(Purpose.YEAR))
_ZERO = np.uint32(0)
BINS = 24
HALF_WIDTH = _F(3)
A_BIN = _F(BINS / 6)


class Scale(NamedTuple):
    """From latent attainment to a mark: error, mean and spread.

    ``late`` is what those without a mark at 11 fall short of their like at 16, standard scores.
    """

    error: np.float32
    mean: np.float32
    spread: np.float32
    late: np.float32 = _F(0.0)


class Expected(NamedTuple):
    """Mean later mark by earlier mark: sums and counts over equal bins of the earlier mark."""

    total: Float64s
    number: Float64s


def scale(assessment: AssessmentBeliefs, on: Switches, grade: int) -> Scale:
    """Return the scale of the assessment in a year group (0, 6 or 11)."""
    at = ASSESSED.index(grade)
    reliability = assessment.reliability[at]
    error = np.sqrt(1 / reliability - 1) if on.assessment else 0.0
    late = 0.0
    if grade == LAST_GRADE and on.late_arrivals:
        late = assessment.late_points / assessment.attainment8_sd
    return Scale(_F(error), _F(assessment.mark_mean[at]), _F(assessment.mark_sd[at]), _F(late))


def marks(pupils: Pupils, year: int, key: Key, scale: Scale) -> Float32s:
    """Return every child's mark as a standard score of year 0."""
    out = np.empty(pupils.rows, np.float32)
    _mark(pupils.id, pupils.attain, luck(key, year), scale, out)
    if scale.late:
        out[np.isnan(pupils.ks2)] -= scale.late
    return out


@kernel
def _mark(ids: UInt32s, attain: Float32s, luck: Luck, scale: Scale, out: Float32s) -> None:
    inverse = _F(1.0) / scale.spread
    for i in range(ids.size):
        day = normal(draw(ids[i], luck.when, _YEAR, _ZERO, luck.k0, luck.k1)[YEAR_MARK])
        out[i] = (attain[i] + scale.error * day - scale.mean) * inverse


def sit(pupils: Pupils, grade: int, score: Float32s) -> None:
    """Keep the marks at 5 or at 11 of those who were in England to sit; others have none (NaN)."""
    pupils.set("early" if grade == 0 else "ks2", np.where(pupils.come > grade, _F(np.nan), score))


def came_late(
    pupils: Pupils, key: Key, values: Values, on: Switches, ever6: int
) -> NDArray[np.bool_] | None:
    """Return who stands for a child of the same group that came to England after Year 6.

    Those who really come then (``come``) are a part of the share that is believed, and the only
    ones where the switch is off: then there is nobody else, None.

    Args:
        pupils: A cohort in Year 7.
        key: Luck.
        values: Beliefs.
        on: Switches; ``late_arrivals`` acts here.
        ever6: Bits of registration that make a child disadvantaged.
    """
    if not on.late_arrivals:
        return None
    people = values.people
    come = late_comers(people.arrivals) * from_abroad(people)
    poor = (pupils.registered & np.uint16(ever6)) != 0
    told = np.where(
        poor,
        np.asarray(people.late_disadvantaged)[pupils.heritage],
        np.asarray(people.late_others)[pupils.heritage],
    )
    known = come[pupils.heritage]
    drawn = uniforms(words(key, pupils.id, Purpose.LATE)[LATE_ARRIVAL])
    return np.asarray(drawn < (told - known) / (1 - known))


def attainment8(score: Reals, assessment: AssessmentBeliefs) -> Float32s:
    """Turn a standard score at 16 into Attainment 8 points, 0 to the maximum."""
    points = assessment.attainment8_mean + assessment.attainment8_sd * score
    return np.asarray(np.clip(points, 0, assessment.attainment8_top), np.float32)


@kernel
def _position(earlier: np.float32) -> np.float64:
    """Place an earlier mark on the bins' axis: 0.5 is the middle of the first bin."""
    return np.float64((min(max(earlier, -HALF_WIDTH), HALF_WIDTH) + HALF_WIDTH) * A_BIN)


def expect(earlier: Reals, later: Reals, weight: Float64s) -> Expected:
    """Return the table of mean later marks by earlier marks; without an earlier one none counts."""
    table = Expected(np.zeros(BINS), np.zeros(BINS))
    _expect(earlier, later, weight, table.total, table.number)
    return table


@kernel
def _expect(
    earlier: Reals, later: Reals, weight: Float64s, total: Float64s, number: Float64s
) -> None:
    for i in range(earlier.size):
        if np.isnan(earlier[i]):
            continue
        at = min(int(_position(earlier[i])), BINS - 1)
        total[at] += weight[i] * np.float64(later[i])
        number[at] += weight[i]


def progress(earlier: Reals, later: Reals, table: Expected) -> Float32s:
    """Return each child's later mark less what the table expects, interpolated between bins.

    Whoever has no earlier mark has no progress (NaN), as in the published measure.
    """
    known = table.number > 0
    middles = np.flatnonzero(known) + 0.5
    means = table.total[known] / table.number[known]
    # How many known middles lie at or below each half-way point between bins.
    below = np.concatenate([[0], np.cumsum(known)])
    out = np.empty(later.size, np.float32)
    _progress(earlier, later, middles, means, np.diff(means) / np.diff(middles), below, out)
    return out


@kernel
def _progress(
    earlier: Reals,
    later: Reals,
    middles: Reals,
    means: Reals,
    slopes: Reals,
    below: Int64s,
    out: Float32s,
) -> None:
    last = middles.size - 1
    for i in range(out.size):
        if np.isnan(earlier[i]):
            out[i] = np.nan
            continue
        at = _position(earlier[i])
        k = below[np.int64(at + 0.5)] - 1
        expected = means[min(max(k, 0), last)]
        if 0 <= k < last:
            expected += slopes[k] * (at - middles[k])
        out[i] = np.float64(later[i]) - expected
