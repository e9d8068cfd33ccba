"""The queue of teachers: conserved, liked schools first, and the best come to those."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.markets.staff import Filled, Ground, fill

PLACES = 3


def queued(seed: int, tight: float) -> tuple[Filled, np.ndarray, np.ndarray, np.ndarray]:
    """A queue of random teachers and posts, with so many teachers a post."""
    draw = np.random.default_rng(seed)
    posts = draw.integers(0, 9, 40) * draw.random(40)
    liked = np.exp(draw.normal(0, 1, 40))
    near = np.exp(-draw.random((PLACES, PLACES)) * 3)
    np.fill_diagonal(near, 1)
    waiting = draw.random((PLACES, 6))
    waiting *= tight * posts.sum() / waiting.sum()
    ground = Ground(draw.integers(0, PLACES, 40), near)
    return fill(waiting, posts, liked, ground), waiting, posts, liked


@given(st.integers(0, 10**6), st.floats(0.1, 3))
@settings(max_examples=60, deadline=None)
def test_nobody_appears_or_vanishes_and_no_school_takes_more_than_it_has(
    seed: int, tight: float
) -> None:
    found, waiting, posts, _ = queued(seed, tight)
    assert found.came.sum(axis=1) + found.left == pytest.approx(posts)
    assert found.came.sum(axis=0) + found.waiting.sum(axis=0) == pytest.approx(waiting.sum(axis=0))
    assert min(part.min() for part in found) >= -1e-9


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_what_is_liked_everywhere_alike_changes_nothing(seed: int) -> None:
    _, waiting, posts, liked = queued(seed, 0.9)
    ground = Ground(np.arange(40) % PLACES, np.ones((PLACES, PLACES)))
    one, two = (fill(waiting, posts, times * liked, ground) for times in (1.0, 7.0))
    assert one.came == pytest.approx(two.came)


def test_the_best_come_to_the_liked_and_those_that_are_not_are_left_with_open_posts() -> None:
    posts, liked = np.full(2, 10.0), np.array([3.0, 1.0])
    waiting = np.full((1, 4), 4.0)
    found = fill(waiting, posts, liked, Ground(np.zeros(2, int), np.ones((1, 1))))
    share = found.came / found.came.sum(axis=1, keepdims=True)
    assert share[0, 0] > share[1, 0] and share[0, 3] < share[1, 3]
    assert found.left[0] < found.left[1]


def test_who_waits_far_away_comes_where_posts_are_near() -> None:
    posts, liked = np.full(2, 10.0), np.ones(2)
    waiting = np.array([[5.0], [0.0]])
    near = np.array([[1.0, 0.2], [0.2, 1.0]])
    found = fill(waiting, posts, liked, Ground(np.array([0, 1]), near))
    assert found.came[:, 0] == pytest.approx([5 / 1.2, 1 / 1.2])


def test_where_nothing_can_be_reached_they_wait() -> None:
    waiting = np.array([[5.0], [1.0]])
    ground = Ground(np.array([0]), np.eye(2))
    found = fill(waiting, np.array([9.0]), np.ones(1), ground)
    assert found.waiting[:, 0].tolist() == [0.0, 1.0] and found.left[0] == 4
