"""The best few of many, kept for a block of children at once while one after the other is seen.

Rows are places in the order, columns children: loops over few arrays become wide instructions.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Float32s, Int32s
from sim.kernel import kernel

__all__ = ["insert"]


@kernel
def insert(c: int, u: Float32s, top: Float32s, at: Int32s) -> None:
    """Put the c-th school in its place among a block's best so far, after those it equals.

    Row by row from the last, ``top`` is how good each of the best is and ``at`` which it is.
    """
    n, number = u.size, np.int32(c)
    for r in range(min(c, top.shape[0] - 1), 0, -1):
        _move_up(number, u, top[r - 1, :n], at[r - 1, :n], top[r, :n], at[r, :n])
    best, which = top[0], at[0]
    for i in range(n):
        which[i] = number if u[i] > best[i] else which[i]
    for i in range(n):
        best[i] = max(u[i], best[i])


@kernel
def _move_up(
    c: np.int32, u: Float32s, over: Float32s, over_at: Int32s, top: Float32s, at: Int32s
) -> None:
    """Fill one row of the best: with the school, the one above it or what it has."""
    for i in range(u.size):
        here, further = u[i] > top[i], u[i] > over[i]
        number, good = over_at[i] if further else c, over[i] if further else u[i]
        at[i] = number if here else at[i]
        top[i] = good if here else top[i]
