"""Gap triggers: which schools have a considerable gap, and how large an award follows.

One year's gap of one school is mostly luck, so yearly gaps are pooled by precision, shrunk towards
the phase's mean with a true variance estimated every year, and turned into an award by a ramp that
moves at most a third of the way a year. All sums over schools are fixed point, so the order of
rows changes nothing.

References: C. N. Morris (1983), Parametric empirical Bayes inference, *JASA* 78; R. C. Paule and
J. Mandel (1982), Consensus values and weighting factors, *J. Res. NBS* 87.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.codes import FIXED_POINT, PHASES
from sim.funding.census import FLICKER_SD, BoolArray, Census, GapSums
from sim.money import IntArray

if TYPE_CHECKING:
    from sim.config.models import Trigger

__all__ = ["FULL", "UNKNOWN", "Awards", "Gaps", "TriggerReport", "award", "pool", "shrink"]

FloatArray = npt.NDArray[np.float64]

FULL = 1000
"""A full award, in thousandths."""
UNKNOWN = -1
"""No award yet: nothing is known of the school."""

_LEAST_TRUE_VARIANCE = 0.001  # a guard: keeps the ramp defined where schools look all alike
_START = 0.06  # where the search for the true variance starts; it ends in one place
_ROUNDS = 20
_HAIR = 1e-9  # so that a third of 3 counts as one


@dataclass(frozen=True)
class Gaps:
    """Gaps in SD units by school, [n]: ``known``, estimate, its variance, disadvantaged pupils."""

    known: BoolArray
    gap: FloatArray
    variance: FloatArray
    cohort: IntArray


@dataclass(frozen=True)
class Shrunk:
    """Estimates drawn towards the mean, [n], with posterior SD; the mean; mean reliability."""

    gap: FloatArray
    sd: FloatArray
    mean: float
    reliability: float


@dataclass(frozen=True)
class TriggerReport:
    """How trustworthy a year's awards are.

    ``reliability`` by phase: share of the pooled gaps' variance that is real. ``false_share``:
    expected share of the money that goes to schools whose true gap is below the mean.
    ``moved``: share of the money that changed schools since last year.
    """

    reliability: tuple[float, ...]
    false_share: float
    moved: float


@dataclass(frozen=True)
class Awards:
    """This year's awards [n] in thousandths (`UNKNOWN`: none yet), and how far to trust them."""

    thousandths: IntArray
    report: TriggerReport


def award(census: Census, trigger: Trigger, last: IntArray) -> Awards:
    """Return this year's awards a disadvantaged pupil, given last year's [n]."""
    now = np.where(census.funded, last, UNKNOWN)
    below = np.zeros(len(census))
    reliability = []
    for phase in range(len(PHASES)):
        rows = np.flatnonzero((census.phase == phase) & census.funded)
        if census.gaps is None:
            reliability.append(0.0)
            continue
        sums = (census.gaps.progress if trigger.on == "progress" else census.gaps.level).take(rows)
        many = census.multiplicity[rows]
        gaps = pool(sums, trigger, many, census.area[rows], census.gaps.flicker_sd)
        shrunk = shrink(gaps, many)
        reliability.append(shrunk.reliability)
        now[rows] = _glide(last[rows], _wanted(gaps, shrunk, trigger), gaps, trigger)
        below[rows] = _normal((shrunk.mean - shrunk.gap) / shrunk.sd)
    return Awards(now, _report(census, now, last, below, tuple(reliability)))


def pool(
    sums: GapSums,
    trigger: Trigger,
    multiplicity: IntArray,
    area: IntArray,
    flicker_sd: float = FLICKER_SD,
) -> Gaps:
    """Return the precision-weighted mean of the last years' gaps, for the schools of one phase.

    Against ``national`` a gap is how far disadvantaged pupils lie below the frozen year-0 scale
    (others cannot move it); against ``own_school`` it is the others of the school less its
    disadvantaged pupils; against ``own_area`` the others of all schools of the ``area`` less the
    disadvantaged pupils of the school. ``flicker_sd`` is what a gap moves from year to year without
    meaning, beyond who sits: a belief.
    """
    years = slice(-trigger.years, None)
    low_n, low_mean, low_variance = _group(
        (sums.dis_n, sums.dis_sum, sums.dis_square), years, multiplicity
    )
    gap, variance, seen = -low_mean, low_variance, low_n > 0
    if trigger.against != "national":
        oth_n, oth_mean, oth_variance = _others(sums, trigger, multiplicity, area)
        gap, variance, seen = gap + oth_mean, variance + oth_variance, seen & (oth_n > 0)
    precision = np.where(seen, 1 / (variance + flicker_sd**2), 0.0)
    whole = precision.sum(axis=1)
    known = whole > 0
    safe = np.where(known, whole, 1.0)
    return Gaps(
        known=known,
        gap=np.where(known, (precision * gap).sum(axis=1) / safe, 0.0),
        variance=1 / safe,
        cohort=low_n.sum(axis=1),
    )


def shrink(gaps: Gaps, multiplicity: IntArray) -> Shrunk:
    """Draw gaps towards their mean as far as their noise asks, by empirical Bayes.

    The mean and the true variance between schools solve the usual moment equations, by fixed-point
    iteration; schools of which nothing is known sit at the mean.
    """
    known, gap, noise = gaps.known, gaps.gap, gaps.variance
    many = np.where(known, multiplicity, 0).astype(np.float64)
    if not known.any():
        return Shrunk(gap, np.ones_like(gap), 0.0, 0.0)
    true, mean = _START, 0.0
    for _ in range(_ROUNDS):
        weight = many / (noise + true)
        whole = _sum(weight)
        mean = _sum(weight * gap) / whole
        true = max(_LEAST_TRUE_VARIANCE, _sum(weight * ((gap - mean) ** 2 - noise)) / whole)
    trust = np.where(known, true / (true + noise), 0.0)
    pupils = many * gaps.cohort
    return Shrunk(
        gap=mean + trust * (gap - mean),
        sd=np.sqrt(true * (1 - trust)),
        mean=mean,
        reliability=_sum(pupils * trust) / max(_sum(pupils), 1.0),
    )


def _others(
    sums: GapSums, trigger: Trigger, multiplicity: IntArray, area: IntArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return what `_group` says of the others that a school's gap is held against, [n, years]."""
    years = slice(-trigger.years, None)
    others = (sums.oth_n, sums.oth_sum, sums.oth_square)
    if trigger.against == "own_school":
        return _group(others, years, multiplicity)
    # Schools of one area all count alike, so plain sums will do, and each area is told of once.
    _, first, place = np.unique(area, return_index=True, return_inverse=True)
    whole = tuple(np.zeros((first.size, values.shape[1]), np.int64) for values in others)
    for total, values in zip(whole, others, strict=True):
        np.add.at(total, place, values)
    n, mean, variance = _group((whole[0], whole[1], whole[2]), years, multiplicity[first])
    return n[place], mean[place], variance[place]


def _group(
    sums: tuple[IntArray, IntArray, IntArray], years: slice, multiplicity: IntArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return pupils, mean and sampling variance of the mean, [n, years].

    The variance between pupils is pooled over schools and years: small schools cannot give one.
    """
    n, total, square = (values[:, years] for values in sums)
    size = np.maximum(n, 1)
    mean = total / FIXED_POINT / size
    spread = np.where(n > 1, square / FIXED_POINT - mean**2 * n, 0.0)
    schools = multiplicity[:, None].astype(np.float64)
    freedom = _sum(schools * np.maximum(n - 1, 0))
    within = _sum(schools * spread) / freedom if freedom > 0 else 1.0
    return n, mean, max(within, 0.0) / size


def _wanted(gaps: Gaps, shrunk: Shrunk, trigger: Trigger) -> IntArray:
    """Return the award that the gap asks for: a ramp above the mean, or a step half-way up it."""
    height = (shrunk.gap - shrunk.mean) / trigger.width_sd
    if trigger.shape == "cliff":
        height = (height >= 0.5).astype(np.float64)
    wanted = np.rint(FULL * np.clip(height, 0, 1)).astype(np.int64)
    return np.where(gaps.known & (gaps.cohort >= trigger.minimum_cohort), wanted, 0)


def _glide(last: IntArray, wanted: IntArray, gaps: Gaps, trigger: Trigger) -> IntArray:
    """Move from last year's award by at most a share of the way; a first award comes whole."""
    way = np.abs(wanted - last)
    step = np.minimum(way, np.ceil(way * trigger.glide - _HAIR).astype(np.int64))
    first = np.where(gaps.known, wanted, UNKNOWN)
    return np.where(last < 0, first, last + np.sign(wanted - last) * step)


def _report(
    census: Census,
    now: IntArray,
    last: IntArray,
    below: FloatArray,
    reliability: tuple[float, ...],
) -> TriggerReport:
    pupils = census.multiplicity * census.for_targeting
    money = (np.maximum(now, 0) * pupils).astype(np.float64)
    before = (np.maximum(last, 0) * pupils).astype(np.float64)
    whole, was = _sum(money), _sum(before)
    if whole == 0:
        return TriggerReport(reliability, 0.0, 0.0)
    moved = _sum(np.abs(money / whole - before / was)) / 2 if was > 0 else 0.0
    return TriggerReport(reliability, _sum(money / whole * below), moved)


def _sum(values: FloatArray) -> float:
    """Sum in fixed point (2**-20), so that no order of rows can change the result."""
    return int(np.rint(values * FIXED_POINT).astype(np.int64).sum()) / FIXED_POINT


def _normal(z: FloatArray) -> FloatArray:
    """Return the standard normal distribution function."""
    return np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in z.tolist()])
