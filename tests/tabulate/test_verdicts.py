import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.tabulate.verdicts import (
    CANNOT_TELL,
    DECLARED,
    RUN_LONGER,
    SAME,
    WORDS,
    direction,
    verdict,
    verdicts,
)

finite = st.floats(-5, 5)
halves = st.floats(0, 3)
minima = st.floats(0, 2)
TURNED = {"higher": "lower", "lower": "higher"}


def word_of(value: float, half: float, minimum: float, draws: int = 8) -> str:
    return verdict(value, value - half, value + half, minimum, draws)


def turned(word: str) -> str:
    first, comma, rest = word.partition(",")
    return TURNED.get(first, first) + comma + rest


@given(finite, halves, minima, st.integers(8, 50))
def test_turning_the_sign_turns_the_word(
    value: float, half: float, minimum: float, draws: int
) -> None:
    assert word_of(-value, half, minimum, draws) == turned(word_of(value, half, minimum, draws))


@given(finite, halves, minima)
@example(0.0, 0.0, 0.0)
@example(0.42, 0.42, 0.42)
def test_every_number_has_exactly_the_one_word_whose_rule_it_meets(
    value: float, half: float, minimum: float
) -> None:
    low, high = value - half, value + half
    without_zero, inside = low > 0 or high < 0, -minimum <= low and high <= minimum
    rules = {
        "higher": low > 0 and value >= minimum,
        "higher, less than matters": low > 0 and value < minimum,
        "lower": high < 0 and value <= -minimum,
        "lower, less than matters": high < 0 and value > -minimum,
        "practically the same": not without_zero and inside,
        "cannot tell": not without_zero and not inside,
    }
    assert set(rules) == set(WORDS)
    assert [word for word, met in rules.items() if met] == [word_of(value, half, minimum)]


@pytest.mark.parametrize(
    ("value", "low", "high", "word"),
    [
        (-0.244, -0.397, -0.091, "lower, less than matters"),
        (0.244, 0.091, 0.397, "higher, less than matters"),
        (0.3, 0.1, 0.5, "higher, less than matters"),
        (1.99, 0.51, 3.46, "higher"),
        (-0.86, -1.2, -0.5, "lower"),
        (0.1, -0.2, 0.4, "practically the same"),
        (0.1, -0.3, 0.5, "cannot tell"),
        (0.9, -0.1, 1.9, "cannot tell"),
    ],
)
def test_certain_harm_is_never_called_the_same(
    value: float, low: float, high: float, word: str
) -> None:
    assert verdict(value, low, high, 0.42, 8) == word


@given(finite, halves, minima)
def test_only_words_of_direction_leave_zero_out(value: float, half: float, minimum: float) -> None:
    word = word_of(value, half, minimum)
    assert bool(direction(word)) == (abs(value) > half)
    assert direction(word) in word


@given(st.lists(st.tuples(finite, halves), min_size=2, max_size=12), st.integers(0, 11))
def test_a_word_is_the_same_whatever_else_is_judged(
    rows: list[tuple[float, float]], at: int
) -> None:
    value, half = np.array(rows).T
    every = verdicts(value, value - half, value + half, 0.42, np.array(8))
    row = at % len(rows)
    assert every[row] == word_of(float(value[row]), float(half[row]), 0.42)


def test_words_wait_for_eight_draws_and_no_value_has_none() -> None:
    assert word_of(3.0, 0.1, 0.42, draws=7) == RUN_LONGER
    assert verdict(math.nan, 0.0, 1.0, 0.42, 8) == ""
    assert verdict(1.0, math.nan, math.nan, 0.42, 8) == CANNOT_TELL


def test_a_number_that_never_moves_is_the_same_and_has_no_direction() -> None:
    assert word_of(0.0, 0.0, 0.0) == SAME
    assert direction(SAME) == direction(CANNOT_TELL) == direction("") == ""


def test_four_numbers_of_each_policy_are_declared() -> None:
    told = {(d.measure, d.place, d.group) for d in DECLARED}
    assert told == {
        (measure, place, "disadvantaged")
        for measure in ("attainment8", "professional_job_rate")
        for place in ("fifth 1 less fifth 5", "All areas")
    }
