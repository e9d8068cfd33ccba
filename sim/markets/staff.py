"""Posts of schools filled from one queue of teachers: counts, not persons.

Teachers wait in places and stand in classes, the best class first. A class spreads over the posts
that are still open: the share that tries a school follows how many posts it has left, what it is
liked for, and how near it is. A school takes no more than it has left; who is turned away tries
again where posts are left. So the schools that are liked fill up with the best, and the rest take
who comes later, or nobody. This is the expected outcome of a queue in which everybody has a taste
of their own (Gumbel), for as many teachers as there are.

References:
    McFadden (1974), *Conditional logit analysis of qualitative choice behavior*; Boyd, Lankford,
    Loeb and Wyckoff (2013), *Analyzing the determinants of the matching of public school teachers
    to jobs*.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Float64s, Int64s

__all__ = ["Filled", "Ground", "fill"]

ROUNDS = 3
"""How often those who are turned away try again."""


class Ground(NamedTuple):
    """Where posts and teachers are."""

    place: Int64s
    """(schools,) place of each school."""
    near: Float64s
    """(places, places) how much a post there is worth to one who waits here, 1 at no distance."""


class Filled(NamedTuple):
    """What came of one queue; teachers are conserved: who waited came somewhere or waits still."""

    came: Float64s
    """(schools, classes) teachers who came."""
    left: Float64s
    """(schools,) posts still open."""
    waiting: Float64s
    """(places, classes) teachers for whom no post was left."""


def fill(waiting: Float64s, posts: Float64s, liked: Float64s, ground: Ground) -> Filled:
    """Fill posts from the queue.

    Args:
        waiting: (places, classes) teachers who look for a post, the best class first.
        posts: (schools,) open posts.
        liked: (schools,) what a post is worth beside its distance, above 0.
        ground: Where schools and teachers are.

    Two teachers, the good one first; the second school is liked twice as much:

    >>> here = Ground(np.zeros(2, int), np.ones((1, 1)))
    >>> found = fill(np.array([[1.0, 1.0]]), np.array([1.0, 1.0]), np.array([1.0, 2.0]), here)
    >>> found.came.round(2).tolist(), round(float(found.left.sum() + found.waiting.sum()), 9)
    ([[0.33, 0.67], [0.67, 0.33]], 0.0)
    """
    came = np.zeros((posts.size, waiting.shape[1]))
    left, still = posts.astype(float), waiting.astype(float)
    for one in range(waiting.shape[1]):
        for _ in range(ROUNDS):
            placed, turned_away = _try(still[:, one], left, liked, ground, came[:, one])
            still[:, one] -= placed
            if not turned_away:
                break
    return Filled(came, left, still)


def _try(
    waiting: Float64s, left: Float64s, liked: Float64s, ground: Ground, came: Float64s
) -> tuple[Float64s, bool]:
    """Let those who wait try once; return how many of each place came, and if any could not."""
    places = waiting.size
    worth = left * liked
    there = np.bincount(ground.place, worth, minlength=places)
    reach = ground.near @ there
    tries = np.divide(waiting, reach, out=np.zeros(places), where=reach > 0)
    pull = ground.near.T @ tries
    wanted = worth * pull[ground.place]
    taken = np.minimum(wanted, left)
    came += taken
    left -= taken
    if np.array_equal(taken, wanted):
        return np.where(reach > 0, waiting, 0.0), False
    # Of those who tried a place as many are turned away from each origin in proportion.
    asked = there * pull
    share = np.bincount(ground.place, taken, minlength=places)
    share = np.divide(share, asked, out=np.zeros(places), where=asked > 0)
    return np.asarray(tries * (ground.near @ (there * share))), True
