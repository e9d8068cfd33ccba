"""Marks, points and progress, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.year import assessment
from tests.twins.cohorts import KEY, believed, cohort, switches, values


def test_a_perfectly_reliable_mark_is_the_standard_score_of_year_0() -> None:
    known = believed(assessment={"mark_mean": (0.1, 0.2, 0.3), "mark_sd": (2.0, 1.5, 1.1)})
    pupils = cohort(50)
    for grade, mean, spread in ((0, 0.1, 2.0), (6, 0.2, 1.5), (11, 0.3, 1.1)):
        scale = assessment.scale(known.assessment, switches(assessment=False), grade)
        assert scale.error == 0
        found = assessment.marks(pupils, 2020, KEY, scale)
        assert found == pytest.approx((pupils.attain - mean) / spread, abs=1e-6)


@pytest.mark.parametrize(("at", "grade"), [(0, 0), (1, 6), (2, 11)])
def test_error_makes_marks_as_reliable_as_believed(at: int, grade: int) -> None:
    """Reliability is the share of a mark's variance that is true, for a true variance of 1."""
    pupils = cohort(200_000)
    scale = assessment.scale(values().assessment, switches(), grade)
    found = assessment.marks(pupils, 2020, KEY, scale)
    true = np.corrcoef(found, pupils.attain)[0, 1] ** 2
    assert true == pytest.approx(values().assessment.reliability[at], abs=0.005)


def test_points_are_a_line_between_nought_and_the_most_there_can_be() -> None:
    known = believed(
        assessment={"attainment8_mean": 46.0, "attainment8_sd": 20.0, "attainment8_top": 90.0}
    ).assessment
    found = assessment.attainment8(np.array([-9.0, -1.0, 0.0, 0.5, 9.0], np.float32), known)
    assert found.tolist() == [0, 26, 46, 56, 90]
    assert found.dtype == np.float32


def made(seed: int, size: int = 500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    earlier = draw.standard_normal(size).astype(np.float32)
    later = (0.7 * earlier + draw.standard_normal(size)).astype(np.float32)
    return earlier, later, draw.integers(1, 9, size).astype(float)


def test_expected_marks_are_weighted_means_by_quarter_of_a_standard_score() -> None:
    earlier, later, weight = made(1)
    table = assessment.expect(earlier, later, weight)
    place = np.clip(np.floor((np.clip(earlier, -3, 3) + 3) * 4), 0, 23).astype(int)
    assert table.number == pytest.approx(np.bincount(place, weight, minlength=24))
    assert table.total == pytest.approx(np.bincount(place, weight * later, minlength=24))


@given(st.integers(0, 10_000), st.integers(2, 400))
def test_progress_is_the_mark_less_the_line_between_the_middles_of_known_bins(
    seed: int, size: int
) -> None:
    earlier, later, weight = made(seed, size)
    table = assessment.expect(earlier, later, weight)
    known = table.number > 0
    middles = (np.flatnonzero(known) + 0.5) / 4 - 3
    line = np.interp(np.clip(earlier, -3, 3), middles, table.total[known] / table.number[known])
    found = assessment.progress(earlier, later, table)
    assert found == pytest.approx(later - line, abs=2e-5)


def test_everybody_as_expected_has_no_progress_and_more_is_more() -> None:
    """A straight line is its own expectation, but for the flat ends beyond the outer middles."""
    earlier = np.linspace(-2.8, 2.8, 200_001).astype(np.float32)
    later = 0.5 * earlier
    table = assessment.expect(earlier, later, np.ones(earlier.size))
    found = assessment.progress(earlier, later, table)
    inner = np.abs(earlier) < 2.6
    assert np.abs(found[inner]).max() < 1e-3
    assert assessment.progress(earlier, later + 1, table) == pytest.approx(found + 1, abs=1e-6)
    assert abs(found.mean()) < 1e-3


def test_without_an_earlier_mark_there_is_no_progress_and_nothing_is_expected_of_it() -> None:
    draw = np.random.default_rng(3)
    earlier = draw.standard_normal(500).astype(np.float32)
    later, weight = 0.7 * earlier, np.ones(500)
    whole = assessment.expect(earlier, later, weight)
    gaps = np.insert(earlier, [0, 250, 500], np.nan)
    more = np.insert(later, [0, 250, 500], 9.0)
    table = assessment.expect(gaps, more, np.ones(503))
    assert np.array_equal(table.total, whole.total)
    assert np.array_equal(table.number, whole.number)
    gained = assessment.progress(gaps, more, table)
    assert np.flatnonzero(np.isnan(gained)).tolist() == [0, 251, 502]
    known = assessment.progress(earlier, later, whole)
    assert np.array_equal(gained[~np.isnan(gained)], known)
