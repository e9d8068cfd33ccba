"""Intervals that show chance and doubt apart, and Student's t without any further library.

*Doubt and chance together*: where the result of one more draw of beliefs, with luck of its own,
would fall (Student's t over draws 1 to n). It does not shrink when more draws are run, because
doubt does not; the interval of the mean, which does, stands beside it. *Chance alone*: where one
more replicate of the central draw 0 would fall, by Student's t as well: of two replicates it is
honest and wide (6.3 standard errors to either side), never merely their range.
"""

from __future__ import annotations

import math
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
    ``low``, ``high``: doubt and chance, one more draw; ``chance_low``, ``chance_high``: chance
    alone, one more replicate; ``mean_low``, ``mean_high``: the mean over draws. NaN where too few
    cells are there to tell.
    """
    belief = [values[draw == d].mean(axis=0) for d in np.unique(draw[draw > 0])]
    replicates = values[draw == 0]
    shape = values.shape[1:]
    central = replicates.mean(axis=0) if len(replicates) else np.full(shape, np.nan)
    chance = _student(replicates, LEVEL)
    doubt = _student(np.stack(belief) if belief else np.empty((0, *shape)), LEVEL)
    enough = len(belief) >= 2
    value = doubt["mean"] if enough or not len(replicates) else central
    return {
        "value": value,
        "low": doubt["mean"] - doubt["one_more"],
        "high": doubt["mean"] + doubt["one_more"],
        "chance_low": chance["mean"] - chance["one_more"],
        "chance_high": chance["mean"] + chance["one_more"],
        "mean_low": doubt["mean"] - doubt["half"],
        "mean_high": doubt["mean"] + doubt["half"],
        "central": central,
    }


def _student(samples: FloatArray, level: float) -> Summary:
    """Mean of samples, half widths of the mean's interval and of that of one more sample."""
    n = len(samples)
    nothing = np.full(samples.shape[1:], np.nan)
    mean = samples.mean(axis=0) if n else nothing
    if n < 2:
        return {"mean": mean, "half": nothing, "one_more": nothing}
    spread = samples.std(axis=0, ddof=1)
    times = student_quantile(level, n - 1)
    return {
        "mean": mean,
        "half": times * spread / math.sqrt(n),
        "one_more": times * spread * math.sqrt(1 + 1 / n),
    }
