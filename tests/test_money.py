from __future__ import annotations

import numpy as np
import pytest

from sim.errors import WorkFailed
from sim.money import apportion, exact_sum, half_up, multiply_divide, ratio_half_up


def shares(pot: int, weights: list[int], keys: list[int] | None = None) -> list[int]:
    order = list(range(len(weights))) if keys is None else keys
    given, rounding = apportion(pot, np.array(weights), np.array(order))
    assert rounding == 0
    return given.tolist()


def test_half_up_rounds_halves_up() -> None:
    assert half_up(np.array([0, 4, 5, 14, 15, 16]), 10).tolist() == [0, 0, 1, 1, 2, 2]
    assert half_up(np.array([1, 2]), np.array([2, 3])).tolist() == [1, 1]


def test_ratio_half_up_is_exact_beyond_64_bits() -> None:
    assert ratio_half_up(10**30 + 1, 1, 2) == (10**30 + 2) // 2
    assert ratio_half_up(437, 100, 4373) == 10


def test_exact_sum_passes_64_bits_without_wrapping() -> None:
    values = np.full(8, 2**61, dtype=np.int64)
    assert exact_sum(values) == 2**64
    assert exact_sum(values, np.full(8, 3)) == 3 * 2**64
    assert exact_sum(np.array([], dtype=np.int64)) == 0
    assert exact_sum(np.array([-5, 3])) == -2


def test_equal_remainders_go_to_the_larger_weight_then_the_smaller_key() -> None:
    assert shares(100, [1, 1, 1], [7, 5, 6]) == [33, 34, 33]
    # Exact shares 4.5 and 1.5: both leave half a penny.
    assert shares(6, [9, 3]) == [5, 1]


def test_nothing_to_share_gives_nothing() -> None:
    assert shares(0, [3, 4]) == [0, 0]
    assert shares(0, [0, 0]) == [0, 0]
    assert shares(0, []) == []


def test_no_weight_gets_no_money() -> None:
    assert shares(101, [0, 2, 0, 3]) == [0, 40, 0, 61]


def test_money_with_nobody_to_give_it_to_is_refused() -> None:
    with pytest.raises(WorkFailed, match="nobody with a weight"):
        shares(1, [0, 0])


@pytest.mark.parametrize(
    ("pot", "weights", "keys", "multiplicity", "words"),
    [
        (-1, [1], [0], None, "cannot be shared"),
        (2**62, [1], [0], None, "cannot be shared"),
        (5, [1, -1], [0, 1], None, "negative"),
        (5, [1, 1], [0], None, "differ in length"),
        (5, [1, 1], [0, 1], [1, 0], "multiplicity"),
        (5, [1, 1], [0, 1], [1], "multiplicity"),
    ],
)
def test_nonsense_is_refused(
    pot: int, weights: list[int], keys: list[int], multiplicity: list[int] | None, words: str
) -> None:
    many = None if multiplicity is None else np.array(multiplicity)
    with pytest.raises(ValueError, match=words):
        apportion(pot, np.array(weights), np.array(keys), many)


def test_a_national_pot_over_heavy_weights_does_not_overflow() -> None:
    # Pupils times area cost in ten-thousandths: the product with the pot needs 80 bits.
    rng = np.random.default_rng(3)
    weights = rng.integers(1, 20_000_000, 20_000)
    pot = 4_373_000_000_000
    given, _ = apportion(pot, weights, np.arange(20_000))
    whole = int(weights.sum())
    exact = [pot * int(w) // whole for w in weights]
    assert int(given.sum()) == pot
    assert set((given - np.array(exact)).tolist()) <= {0, 1}


def test_a_row_that_stands_for_many_is_paid_as_often() -> None:
    given, rounding = apportion(1000, np.array([5, 5]), np.array([0, 1]), np.array([7, 3]))
    assert given.tolist() == [100, 100]
    assert rounding == 0
    given, rounding = apportion(1006, np.array([5, 5]), np.array([0, 1]), np.array([7, 3]))
    assert 7 * given[0] + 3 * given[1] + rounding == 1006
    assert 0 <= rounding < 7


def test_long_division_agrees_with_python() -> None:
    values = np.array([0, 1, 2**40 - 1, 2**44])
    numerator, denominator = 3 * 10**15 + 7, 2**57 - 1
    quotient, rest = multiply_divide(values, numerator, denominator)
    for value, q, r in zip(values.tolist(), quotient.tolist(), rest.tolist(), strict=True):
        assert divmod(value * numerator, denominator) == (q, r)
