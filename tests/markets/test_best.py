"""The best few of many are those that sorting all of them would give."""

from __future__ import annotations

import numpy as np
import pytest

from sim.markets.best import insert


@pytest.mark.parametrize("many", [1, 3, 6, 15])
def test_the_best_are_those_of_a_sort_and_of_equal_ones_the_first_leads(many: int) -> None:
    rng = np.random.default_rng(many)
    good = rng.integers(0, 8, size=(many, 500)).astype(np.float32)  # many of them are equal
    good[rng.random(good.shape) < 0.2] = -np.inf
    top, at = np.full((6, 512), -np.inf, np.float32), np.zeros((6, 512), np.int32)
    for c in range(many):
        insert(c, good[c], top, at)
    order = np.argsort(-good, axis=0, kind="stable")[:6]
    kept = np.take_along_axis(good, order, axis=0)
    assert np.array_equal(top[: len(order), :500], kept)
    there = kept > -np.inf
    assert np.array_equal(at[: len(order), :500][there], order[there])
    assert (top[len(order) :] == -np.inf).all()
