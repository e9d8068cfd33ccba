import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.metrics.intervals import student_quantile
from sim.metrics.verdicts import (
    WORDS,
    Family,
    benjamini_hochberg,
    equivalence,
    judge,
    verdict,
)

finite = st.floats(-5, 5)


@given(finite, st.floats(0, 3), st.floats(0, 2), st.integers(8, 50))
def test_turning_the_sign_turns_the_word(
    value: float, half: float, minimum: float, draws: int
) -> None:
    turned = {"higher": "lower", "lower": "higher"}
    word = verdict(value, value - half, value + half, minimum, draws)
    other = verdict(-value, -value - half, -value + half, minimum, draws)
    assert other == turned.get(word, word)


@given(finite, st.floats(0, 3), st.floats(0.01, 2))
def test_a_word_of_difference_needs_both_the_interval_and_the_minimum(
    value: float, half: float, minimum: float
) -> None:
    word = verdict(value, value - half, value + half, minimum, 8)
    if word in ("higher", "lower"):
        assert abs(value) >= minimum
        assert abs(value) > half
    if word == "practically the same":
        assert abs(value) + half <= minimum


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_findings_are_held_as_benjamini_and_hochberg_say(p: list[float]) -> None:
    adjusted = stats.false_discovery_control(np.array(p))
    clear = np.abs(adjusted - 0.1) > 1e-9
    stands = benjamini_hochberg(np.array(p), rate=0.1)
    assert (stands[clear] == (adjusted <= 0.1)[clear]).all()


def test_equivalence_at_five_percent_is_the_interval_inside_the_minimum() -> None:
    for value in np.linspace(-0.5, 0.5, 41):
        half = student_quantile(0.9, 7) * 0.1
        inside = abs(value) + half <= 0.42
        assert (equivalence(value, 0.1, 0.42, 8) <= 0.05) == inside


def _family(n: int, value: float, error: float, *, draws: int = 8, primary: bool = False) -> Family:
    half = student_quantile(0.9, draws - 1) * error
    p = 2 * stats.t.sf(abs(value / error), draws - 1)
    value_, low, high, p_, error_, minimum = (
        np.full(n, c) for c in (value, value - half, value + half, p, error, 0.42)
    )
    return Family(value_, low, high, p_, error_, minimum, np.full(n, draws), np.full(n, primary))


def test_many_empty_looks_silence_a_finding_that_is_not_primary() -> None:
    finding, noise = _family(1, 0.5, 0.25), _family(20, 0.1, 0.9)
    assert judge(finding).tolist() == ["higher"]
    assert judge(Family.together([finding, noise]))[0] == "cannot tell"
    declared = _family(1, 0.5, 0.25, primary=True)
    assert judge(Family.together([declared, noise]))[0] == "higher"


def test_no_difference_needs_its_own_test_among_many() -> None:
    barely, noise = _family(1, 0.2, 0.11), _family(20, 0.1, 0.9)
    assert judge(barely).tolist() == ["practically the same"]
    assert judge(Family.together([barely, noise]))[0] == "cannot tell"


def test_words_wait_for_eight_draws_and_empty_rows_have_none() -> None:
    assert judge(_family(2, 3.0, 0.1, draws=7)).tolist() == ["run longer"] * 2
    assert judge(_family(1, float("nan"), 0.1)).tolist() == [""]


@pytest.mark.parametrize("primary", [True, False])
def test_words_are_those_of_the_declaration(primary: bool) -> None:
    seen = {judge(_family(1, v, 0.1, primary=primary))[0] for v in (-1.0, 0.0, 0.3, 1.0)}
    assert seen == set(WORDS)
