"""From one formula to another over some years: a share of each, clause by clause."""

from __future__ import annotations

import numpy as np

from sim.money import IntArray

__all__ = ["blended"]


def blended(
    old: dict[str, IntArray], new: dict[str, IntArray], year: int, years: int
) -> dict[str, IntArray]:
    """Return what a school gets in year k of n: (n - k) / n of the old and k / n of the new.

    Each clause is rounded once, half up; whoever meets the pot afterwards puts its pennies right.

    Args:
        old: Pence [n] by clause under the formula before.
        new: The same under the one to come.
        year: The policy year, k.
        years: How many years the transition takes, n.

    >>> parts = blended({"basic": np.array([100])}, {"flat": np.array([61])}, 1, 4)
    >>> {clause: pence.tolist() for clause, pence in parts.items()}
    {'basic': [75], 'flat': [15]}
    """
    nothing = np.zeros_like(next(iter(new.values())))
    clauses = dict.fromkeys([*old, *new])
    return {
        clause: (
            2 * ((years - year) * old.get(clause, nothing) + year * new.get(clause, nothing))
            + years
        )
        // (2 * years)
        for clause in clauses
    }
