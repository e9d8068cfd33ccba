"""Verdict words, and who may use them.

The rule was declared before any result was seen. Two primary measures (of disadvantaged pupils, by
affluence fifth: Attainment 8, and a professional job at 25) get their words from their own
intervals; every other row is judged together with all rows of its family, by Benjamini-Hochberg,
so that many looks do not make a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.metrics.intervals import LEVEL, student_tail

__all__ = [
    "ENOUGH_DRAWS",
    "RUN_LONGER",
    "WORDS",
    "Family",
    "benjamini_hochberg",
    "equivalence",
    "judge",
    "verdict",
]

ENOUGH_DRAWS = 8
RUN_LONGER = "run longer"
WORDS = ("higher", "lower", "practically the same", "cannot tell")


def verdict(value: float, low: float, high: float, minimum: float, draws: int) -> str:
    """One word for a paired difference, by its 90 % interval and the minimum that matters.

    >>> verdict(0.6, 0.3, 0.9, minimum=0.42, draws=8)
    'higher'
    >>> verdict(-0.6, -0.9, -0.3, minimum=0.42, draws=8)
    'lower'
    >>> verdict(0.1, -0.1, 0.3, minimum=0.42, draws=8)
    'practically the same'
    >>> verdict(0.3, 0.1, 0.5, minimum=0.42, draws=8)
    'cannot tell'
    >>> verdict(0.6, 0.3, 0.9, minimum=0.42, draws=7)
    'run longer'
    """
    if draws < ENOUGH_DRAWS:
        return RUN_LONGER
    if -minimum <= low and high <= minimum:
        return "practically the same"
    if low > 0 and value >= minimum:
        return "higher"
    if high < 0 and value <= -minimum:
        return "lower"
    return "cannot tell"


def equivalence(value: float, error: float, minimum: float, draws: int) -> float:
    """Return p of the two one-sided tests that the difference lies outside +-minimum.

    >>> round(equivalence(0.0, 0.1, minimum=0.42, draws=8), 4)
    0.002
    """
    room = minimum - abs(value)
    if draws < 2 or np.isnan(error) or np.isnan(value):
        return float("nan")
    if error == 0:
        return 0.0 if room >= 0 else 1.0
    one_side = student_tail(room / error, draws - 1) / 2
    return one_side if room >= 0 else 1.0 - one_side


def benjamini_hochberg(p: NDArray[np.float64], rate: float = 1 - LEVEL) -> NDArray[np.bool_]:
    """Which of many tests stand when the expected share of false findings is held at ``rate``.

    NaN is left out of the family and never stands.

    References:
        Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289-300.

    >>> benjamini_hochberg(np.array([0.01, 0.20, 0.04, np.nan, 0.9])).tolist()
    [True, False, True, False, False]
    """
    known = np.flatnonzero(~np.isnan(p))
    ranked = known[np.argsort(p[known], kind="stable")]
    limits = rate * np.arange(1, len(ranked) + 1) / max(len(ranked), 1)
    below = np.flatnonzero(p[ranked] <= limits)
    stands = np.zeros(len(p), dtype=bool)
    if len(below):
        stands[ranked[: below[-1] + 1]] = True
    return stands


@dataclass(frozen=True)
class Family:
    """Paired differences judged together: one entry a row, in the unit of each measure."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    error: NDArray[np.float64]
    minimum: NDArray[np.float64]
    draws: NDArray[np.int64]
    primary: NDArray[np.bool_]

    @classmethod
    def together(cls, families: Sequence[Family]) -> Family:
        """Join several tables into one family."""
        joined = {
            f.name: np.concatenate([getattr(one, f.name) for one in families]) for f in fields(cls)
        }
        return cls(**joined)


def judge(family: Family) -> NDArray[np.object_]:
    """Return the verdict word of every row; empty where there is no value.

    A word of a row that is not primary stands only if its test does in the family: the test of no
    difference at 10 % for ``higher`` and ``lower``, the equivalence test at 5 % (which is what a
    90 % interval inside the minimum amounts to) for ``practically the same``.
    """
    rows = range(len(family.value))
    other = ~family.primary
    columns = (family.value, family.error, family.minimum, family.draws)
    same = np.array([equivalence(*(c[i].item() for c in columns)) for i in rows], dtype=float)
    differs = benjamini_hochberg(np.where(other, family.p, np.nan))
    equal = benjamini_hochberg(np.where(other, same, np.nan), rate=(1 - LEVEL) / 2)
    words = np.empty(len(family.value), dtype=object)
    for i in rows:
        word = _word(family, i)
        stands = equal[i] if word == WORDS[2] else differs[i]
        silent = word in WORDS[:3] and other[i] and not stands
        words[i] = WORDS[3] if silent else word
    return words


def _word(family: Family, row: int) -> str:
    value, low, high = family.value[row], family.low[row], family.high[row]
    if np.isnan(value):
        return ""
    return verdict(value, low, high, family.minimum[row], int(family.draws[row]))
