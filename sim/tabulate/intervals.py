"""Intervals that show chance and doubt apart, and Student's t without any further library.

*Doubt and chance together*: where the result of one more draw of beliefs, with luck of its own,
would fall (Student's t over draws 1 to n). It does not shrink when more draws are run, because
doubt does not; the interval of the mean, which does, stands beside it. *Chance alone*: how wide
the interval would be if beliefs were known to be the central ones, by Student's t over the
replicates of draw 0. It is a width and is told around the estimate: the mean over draws and the
mean of draw 0 differ, since what is believed at the centre is not the mean of what is believed.

Chance is a part of the whole. Where replicates of draw 0 nevertheless vary more than draws, both
measure the same variance as far as anyone can tell; the two are pooled by their degrees of freedom
(Barlow and others 1972, the estimate under that order), so the whole can only become wider. Few
replicates tell chance alone badly (of two, 7.7 standard deviations to either side), and the draws
then bound it better: it is never told wider than the whole.

References:
    Barlow, Bartholomew, Bremner and Brunk (1972), *Statistical Inference under Order Restrictions*.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVEL", "Summary", "student_quantile", "student_tail", "summarise"]

LEVEL = 0.90
"""Share of cases that every interval of the package aims to cover."""

FloatArray = NDArray[np.float64]
Summary = dict[str, FloatArray]


def student_tail(t: float, freedom: int) -> float:
    """Probability of a value at least as far from 0 as ``t``, for whole degrees of freedom.

    References:
        Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.7.3 and 26.7.4.

    >>> round(student_tail(2.0, 2), 6)
    0.183503
    >>> round(student_tail(1.894579, 7), 6)
    0.1
    """
    if math.isinf(t):
        return 0.0
    angle = math.atan2(abs(t), math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0
    for k in range(freedom // 2):
        total += term
        term *= cosine * cosine * (2 * k + 1 + odd) / (2 * k + 2 + odd)
    inside = (angle + sine * total) * 2 / math.pi if odd else sine * total
    return max(0.0, 1.0 - inside)


@cache
def student_quantile(level: float, freedom: int) -> float:
    """Half width, in standard errors, of a central interval of ``level``.

    >>> round(student_quantile(0.9, 7), 4), round(student_quantile(0.9, 1), 4)
    (1.8946, 6.3138)
    """
    low, high = 0.0, 1.0
    while student_tail(high, freedom) > 1 - level:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if student_tail(middle, freedom) > 1 - level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def summarise(values: FloatArray, draw: NDArray[np.int64]) -> Summary:
    """Summarise the cells of one scenario (first axis) over draws and replicates.

    Returns arrays of the shape of one cell. ``value`` is the mean over draws 1 to n when there
    are two or more, else the mean over replicates of draw 0, which is always in ``central``.
    ``low``, ``high``: doubt and chance, one more draw; ``chance_low``, ``chance_high``: around
    ``value``, as wide as chance alone would be, never wider than ``low`` to ``high``;
    ``mean_low``, ``mean_high``: the mean over draws. NaN where too few cells are there to tell.
    """
    belief = [values[draw == d].mean(axis=0) for d in np.unique(draw[draw > 0])]
    shape = values.shape[1:]
    chance = _Sample.of(values[draw == 0], shape)
    doubt = _Sample.of(np.stack(belief) if belief else np.empty((0, *shape)), shape).above(chance)
    value = doubt.mean if len(belief) >= 2 or not chance.n else chance.mean
    whole = doubt.one_more()
    alone = np.fmin(chance.one_more(), whole)  # the smaller; where one is not known, the other
    alone = np.where(np.isnan(chance.one_more()), np.nan, alone)
    half = doubt.one_more() / math.sqrt(doubt.n + 1)
    return {
        "value": value,
        "low": value - whole,
        "high": value + whole,
        "chance_low": value - alone,
        "chance_high": value + alone,
        "mean_low": value - half,
        "mean_high": value + half,
        "central": chance.mean,
    }


@dataclass(frozen=True)
class _Sample:
    """Mean and standard deviation of so many independent cases; NaN where too few to tell."""

    n: int
    mean: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, cases: FloatArray, shape: tuple[int, ...]) -> _Sample:
        nothing = np.full(shape, np.nan)
        n = len(cases)
        spread = cases.std(axis=0, ddof=1) if n >= 2 else nothing
        return cls(n, cases.mean(axis=0) if n else nothing, spread)

    def above(self, part: _Sample) -> _Sample:
        """Return the same with a spread that is at least that of a part of it, by pooling."""
        if self.n < 2 or part.n < 2:
            return self
        own, other = self.n - 1, part.n - 1
        pooled = np.sqrt((own * self.spread**2 + other * part.spread**2) / (own + other))
        return replace(self, spread=np.where(part.spread > self.spread, pooled, self.spread))

    def one_more(self) -> FloatArray:
        """Half width of the interval in which one more case falls."""
        if self.n < 2:
            return self.spread
        half: FloatArray = student_quantile(LEVEL, self.n - 1) * self.spread
        return half * math.sqrt(1 + 1 / self.n)
