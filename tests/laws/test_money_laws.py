from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.money import apportion, multiply_divide

Rows = list[tuple[int, int]]

LARGE = 2**45
rows_of_weights = st.lists(
    st.tuples(st.integers(0, LARGE) | st.integers(0, 30), st.integers(1, 16)),
    min_size=1,
    max_size=30,
)
pots = st.integers(0, 2**61) | st.integers(0, 500)


def plain(pot: int, rows: Rows) -> tuple[list[int], int]:
    """The same sharing in Python integers, written apart: keys are places in the list."""
    whole = sum(weight * times for weight, times in rows)
    shares = [pot * weight // whole for weight, _ in rows]
    left = pot - sum(share * times for share, (_, times) in zip(shares, rows, strict=True))
    order = sorted(range(len(rows)), key=lambda i: (-(pot * rows[i][0] % whole), -rows[i][0], i))
    for i in order:
        if left < rows[i][1]:
            break
        shares[i] += 1
        left -= rows[i][1]
    return shares, left


def numpy_share(pot: int, rows: Rows, keys: Any = None) -> tuple[list[int], int]:
    weights, times = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    order = np.arange(len(rows)) if keys is None else np.array(keys)
    share, rounding = apportion(pot, weights, order, times)
    return share.tolist(), rounding


@given(pots, rows_of_weights.filter(lambda rows: any(weight for weight, _ in rows)))
@settings(max_examples=200, deadline=None)
def test_sharing_equals_its_twin_and_loses_no_penny(pot: int, rows: Rows) -> None:
    share, rounding = numpy_share(pot, rows)
    assert (share, rounding) == plain(pot, rows)
    assert sum(s * times for s, (_, times) in zip(share, rows, strict=True)) + rounding == pot
    assert 0 <= rounding < max(times for _, times in rows)


@given(pots, rows_of_weights.filter(lambda rows: any(weight for weight, _ in rows)))
@settings(max_examples=100, deadline=None)
def test_every_share_lies_within_a_penny_of_the_exact_one(pot: int, rows: Rows) -> None:
    whole = sum(weight * times for weight, times in rows)
    for share, (weight, _) in zip(numpy_share(pot, rows)[0], rows, strict=True):
        assert abs(share * whole - pot * weight) < whole
        assert weight > 0 or share == 0


@given(pots, rows_of_weights.filter(lambda rows: any(w for w, _ in rows)), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_does_not_matter(pot: int, rows: Rows, random: Any) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    share, rounding = numpy_share(pot, rows)
    mixed, same = numpy_share(pot, [rows[i] for i in order], keys=order)
    assert [share[i] for i in order] == mixed
    assert rounding == same


@given(st.integers(0, 2**55), st.lists(st.integers(1, LARGE), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_standing_for_one_is_standing_for_oneself(pot: int, weights: list[int]) -> None:
    keys = np.arange(len(weights))
    alone, rounding = apportion(pot, np.array(weights), keys)
    assert rounding == 0
    assert numpy_share(pot, [(weight, 1) for weight in weights])[0] == alone.tolist()


@given(
    st.lists(st.integers(0, 2**50), min_size=1, max_size=10),
    st.integers(0, 2**57),
    st.integers(1, 2**57),
)
@settings(max_examples=200, deadline=None)
def test_long_division_is_exact(values: list[int], numerator: int, denominator: int) -> None:
    if any(value * numerator // denominator >= 2**62 for value in values):
        numerator %= denominator
    quotient, rest = multiply_divide(np.array(values), numerator, denominator)
    assert [divmod(value * numerator, denominator) for value in values] == list(
        zip(quotient.tolist(), rest.tolist(), strict=True)
    )
