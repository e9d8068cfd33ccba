"""Readings by fifth of areas, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evidence.results import Results, _by_fifth


def test_each_pupil_counts_once_and_in_the_other_reading_each_area() -> None:
    """Six areas: two in fifth 1, one of them small; others and an area left out count nowhere."""
    area = np.array([0, 0, 0, 1, 2, 3, 4, 5, 6, 0])
    values = np.array([1.0, 1.0, 1.0, 5.0, 0.0, 0.0, 0.0, 7.0, 99.0, 99.0])
    none = np.zeros(area.size)
    results = Results(
        score=none, points=none, gained=values, passed=none > 0, earlier=none,
        dis=np.arange(area.size) < 9, fsm=none > 0, area=area.astype(np.int32),
        school=area.astype(np.int32), weight=none + 1.0, heritage=none.astype(np.int8),
        girl=none > 0, need=none.astype(np.uint8),
    )  # fmt: skip
    found = _by_fifth(results, values, np.array([1, 1, 2, 3, 4, 5, 0]))
    assert found["fifth_1"] == pytest.approx((3 * 1 + 5) / 4)
    assert found["fifth_1_areas"] == pytest.approx((1 + 5) / 2)
    assert found["slope"] == pytest.approx(7 - 2)
    assert found["slope_areas"] == pytest.approx(7 - 3)
