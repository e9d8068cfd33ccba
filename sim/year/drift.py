r"""Drift: what schools and areas add beyond all reasons given here changes slowly.

Value added, its part for disadvantaged pupils and what is unexplained of areas move every year
from what they are towards a fresh draw of the same spread,

.. math:: v_{t+1} = (1 - k) v_t + \sqrt{1 - (1 - k)^2}\, z_{t+1},

so that the spread stays what it is, and what is n years apart correlates as (1 - k)^n. Such a walk
is the same in either direction: the years before the first are walked back to from there.

References:
    How much areas' results change over 1, 3 and 5 years: the record of the belief.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Reals

__all__ = ["MEMORY", "remembered", "walk"]

MEMORY = 10  # years of results after which a reputation knows of no earlier ones


def walk(now: Reals, fresh: Reals, lost: float) -> Reals:
    """Return what is there after a year in which a share of it is lost and drawn anew.

    Args:
        now: What is there.
        fresh: Another draw of the same spread.
        lost: Share lost in a year, k, 0 to 1.

    >>> walk(np.array([2.0]), np.array([9.0]), 0.0)
    array([2.])
    >>> walk(np.array([0.0]), np.array([1.0]), 0.2).round(6)  # 1 - 0.8 ** 2 = 0.6 ** 2
    array([0.6])
    """
    keep = 1 - lost
    return np.asarray(keep * now + np.sqrt(1 - keep * keep) * fresh)


def remembered(stage: int, inertia: float) -> Reals:
    """Return how much of a reputation is what a school added 1, 2, ... years ago; in all 1.

    Each year's results are the mean of what was added over the years of a phase, and a reputation
    keeps a part of what it was.

    Args:
        stage: Years of the phase.
        inertia: Part of a reputation that stays from year to year, 0 to 1.

    >>> remembered(2, 0.0)[:3]
    array([0.5, 0.5, 0. ])
    """
    kept = inertia ** np.arange(MEMORY)
    return np.convolve(kept / kept.sum(), np.full(stage, 1 / stage))
