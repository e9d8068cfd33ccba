r"""Drift: what schools and areas add beyond all reasons given here changes slowly.

Value added, its part for disadvantaged pupils and what is unexplained of areas move every year
from what they are towards a fresh draw of the same spread,

.. math:: v_{t+1} = (1 - k) v_t + \sqrt{1 - (1 - k)^2}\, z_{t+1},

so that the spread stays what it is in year 0, and what is n years apart correlates as (1 - k)^n.
Year 0 is left alone: the walk begins as it ends.

References:
    How much areas' results change over 1, 3 and 5 years: the record of the belief.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Reals

__all__ = ["walk"]


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
