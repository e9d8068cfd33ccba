"""A walk that keeps its spread, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rng import Key, Purpose, normals, words
from sim.year.drift import walk

KEY = Key(4, 2)


def test_what_is_n_years_apart_correlates_as_the_share_kept_to_the_power_n() -> None:
    """Eight numbers and draws that have nothing in common: .8, .64 and .512, nothing else."""
    alike = np.array([1.0, 1, 1, 1, -1, -1, -1, -1])
    fresh = [
        np.array([1.0, 1, -1, -1, 1, 1, -1, -1]),
        np.array([1.0, -1, 1, -1, 1, -1, 1, -1]),
        np.array([1.0, -1, -1, 1, 1, -1, -1, 1]),
    ]
    now, found = alike, []
    for draw in fresh:
        now = walk(now, draw, 0.2)
        found.append(np.corrcoef(alike, now)[0, 1])
        assert now.std() == pytest.approx(1)
    assert found == pytest.approx([0.8, 0.64, 0.512])


@pytest.mark.parametrize("lost", [0.05, 0.08, 0.15])
def test_the_spread_stays_over_thirty_years(lost: float) -> None:
    ids = np.arange(20_000, dtype=np.uint32)
    spread = 0.3
    first = now = spread * normals(words(KEY, ids, Purpose.SCHOOL_EFFECT))[0]
    for year in range(2025, 2055):
        drawn = normals(words(KEY, ids, Purpose.SCHOOL_EFFECT, year=year))[0]
        now = walk(now, spread * drawn, lost)
        assert now.std() == pytest.approx(spread, rel=0.03)
    assert np.corrcoef(first, now)[0, 1] == pytest.approx((1 - lost) ** 30, abs=0.03)
    assert abs(now.mean()) < 0.01


def test_nothing_lost_is_as_it_was_bit_for_bit_and_all_lost_is_the_fresh_draw() -> None:
    now, fresh = np.array([0.1, -0.7, 3.0], np.float32), np.array([5.0, 6.0, 7.0])
    assert walk(now, fresh, 0.0).astype(np.float32).tobytes() == now.tobytes()
    assert walk(now, fresh, 1.0).tolist() == fresh.tolist()
