"""Money in whole pence, shared out exactly.

Amounts are int64 pence. Two amounts are never multiplied in int64 (a national pot times one
school's money overflows without a word): every share goes through `apportion`, which divides by
long division in digits that fit, or in Python integers where no digit does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.errors import WorkFailed

__all__ = ["IntArray", "apportion", "exact_sum", "half_up", "multiply_divide", "ratio_half_up"]

IntArray = npt.NDArray[np.int64]
"""Whole numbers, 64 bits: pence, pupils, ids."""

_BITS = 62
_SMALLEST_DIGIT = 4  # bits: below this long division takes more steps than Python integers


def half_up(numerator: IntArray, denominator: int | IntArray) -> IntArray:
    """Divide and round half up, elementwise.

    ``numerator`` is not negative and below 2**62, ``denominator`` positive.

    >>> half_up(np.array([5, 14, 15]), 10).tolist()
    [1, 1, 2]
    """
    quotient: IntArray = (2 * numerator + denominator) // (2 * denominator)
    return quotient


def ratio_half_up(amount: int, numerator: int, denominator: int) -> int:
    """Return ``amount * numerator / denominator`` rounded half up, in Python integers."""
    return (2 * amount * numerator + denominator) // (2 * denominator)


def exact_sum(values: IntArray, multiplicity: IntArray | None = None) -> int:
    """Return the sum of ``values`` (each counted ``multiplicity`` times) as a Python integer."""
    if values.size == 0:
        return 0
    largest = max(int(values.max()), -int(values.min()))
    if multiplicity is not None:
        largest *= int(multiplicity.max())
    if (largest * values.size) >> _BITS == 0:
        total = values.sum() if multiplicity is None else (values * multiplicity).sum()
        return int(total)
    if multiplicity is None:
        return sum(values.tolist())
    return sum(v * m for v, m in zip(values.tolist(), multiplicity.tolist(), strict=True))


def multiply_divide(
    values: IntArray, numerator: int, denominator: int
) -> tuple[IntArray, IntArray]:
    """Return quotient and remainder of ``values * numerator / denominator``, exact at any size.

    ``values`` and ``numerator`` are not negative, ``denominator`` is positive and below 2**58;
    the quotients must fit int64.

    >>> quotient, rest = multiply_divide(np.array([3_000_000_007]), 10**13, 10**12 + 39)
    >>> int(quotient[0]), int(rest[0])
    (30000000068, 829999997348)
    """
    whole, part = divmod(numerator, denominator)
    largest = int(values.max(initial=0))
    if (largest * part) >> _BITS == 0:
        product = values * part
        return values * whole + product // denominator, product % denominator
    digit = _BITS - denominator.bit_length()
    quotient = np.zeros_like(values)
    rest = np.zeros_like(values)
    steps = -(-largest.bit_length() // digit)
    for step in reversed(range(steps)):
        figure = (values >> (step * digit)) & ((1 << digit) - 1)
        current = (rest << digit) + figure * part
        more = current // denominator
        rest = current - more * denominator
        quotient = (quotient << digit) + more
    return values * whole + quotient, rest


def apportion(
    pot: int, weights: IntArray, keys: IntArray, multiplicity: IntArray | None = None
) -> tuple[IntArray, int]:
    """Share ``pot`` pence in proportion to ``weights``, by largest remainder.

    Each share is the exact one rounded down, or a penny more; ties go to the larger weight, then
    to the smaller key, so the order of rows does not matter. ``weights`` (not negative), ``keys``
    (distinct) and ``multiplicity`` (how many such rows each row stands for, 1 or more) have shape
    [n]. Return the shares [n] and the rounding: ``sum(multiplicity * share) + rounding == pot``,
    nought or more, below the largest multiplicity, and 0 where no multiplicity is above 1.

    Raise `WorkFailed` if there is money and nobody to give it to, ValueError for a negative pot or
    weight.

    References: M. L. Balinski and H. P. Young (1982), *Fair Representation* (Hamilton's method).

    >>> apportion(100, np.array([1, 1, 1]), np.array([7, 5, 6]))
    (array([33, 34, 33]), 0)
    """
    _refuse(pot, weights, keys, multiplicity)
    if multiplicity is not None and multiplicity.size and int(multiplicity.max()) == 1:
        multiplicity = None
    total = exact_sum(weights, multiplicity)
    if total == 0:
        if pot:
            raise WorkFailed(f"{pot} pence to share and nobody with a weight to give them to")
        return np.zeros_like(weights), 0
    shares, remainders = _divide(weights, pot, total)
    left = pot - exact_sum(shares, multiplicity)
    if multiplicity is None:
        shares[_first(left, remainders, weights, keys)] += 1
        return shares, 0
    order = np.lexsort((keys, -weights, -remainders))
    given = np.cumsum(multiplicity[order])
    count = int(np.searchsorted(given, left, side="right"))
    shares[order[:count]] += 1
    return shares, left - (int(given[count - 1]) if count else 0)


def _refuse(pot: int, weights: IntArray, keys: IntArray, multiplicity: IntArray | None) -> None:
    if pot < 0 or pot >> _BITS:
        raise ValueError(f"a pot of {pot} pence cannot be shared: give 0 to 2**{_BITS} - 1")
    if weights.size and int(weights.min()) < 0:
        raise ValueError("a weight is negative")
    if keys.shape != weights.shape:
        raise ValueError("weights and keys differ in length")
    if multiplicity is None or not multiplicity.size:
        return
    if multiplicity.shape != weights.shape or int(multiplicity.min()) < 1:
        raise ValueError("every row needs a multiplicity of 1 or more")


def _divide(weights: IntArray, pot: int, total: int) -> tuple[IntArray, IntArray]:
    """Return exact shares rounded down, and numbers that order the remainders."""
    if total.bit_length() <= _BITS - _SMALLEST_DIGIT:
        return multiply_divide(weights, pot, total)
    pairs = [divmod(weight * pot, total) for weight in weights.tolist()]
    rank = {rest: place for place, rest in enumerate(sorted({rest for _, rest in pairs}))}
    shares = np.array([share for share, _ in pairs], dtype=np.int64)
    return shares, np.array([rank[rest] for _, rest in pairs], dtype=np.int64)


def _first(
    count: int, remainders: IntArray, weights: IntArray, keys: IntArray
) -> npt.NDArray[np.intp]:
    """Return the rows with the ``count`` largest remainders (ties: weight, then key)."""
    if count == 0:
        return np.zeros(0, dtype=np.intp)
    place = remainders.size - count
    least = np.partition(remainders, place)[place]
    above = np.flatnonzero(remainders > least)
    level = np.flatnonzero(remainders == least)
    order = np.lexsort((keys[level], -weights[level]))
    return np.concatenate((above, level[order[: count - above.size]]))
