"""A queue for limited places: never more in than there are, the best first, rivals as believed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.markets.queues import Rivals, cutoff, rivals_in

PEOPLE = 4_000
LUCK = np.random.default_rng(3)
GOOD = LUCK.normal(size=PEOPLE).astype(np.float32)
ONE = np.ones(PEOPLE, np.int64)


@given(
    st.lists(st.sampled_from([float("nan"), -1.0, 0.0, 0.5, 0.5, 2.0]), max_size=40),
    st.floats(0, 90),
    st.integers(1, 7),
)
def test_never_more_get_a_place_than_there_are(
    good: list[float], places: float, heaviest: int
) -> None:
    line = np.array(good, np.float32)
    weight = np.arange(line.size, dtype=np.int64) % heaviest + 1
    above = line > cutoff(line, weight, places)
    assert weight[above].sum() <= places
    stands = ~np.isnan(line)
    if weight[stands].sum() <= places:
        assert above[stands].all()


def test_places_are_filled_where_people_wait() -> None:
    assert (cutoff(GOOD, ONE, 500) < GOOD).sum() == 500
    assert cutoff(GOOD, ONE, PEOPLE + 1) == float("-inf")


def test_who_gets_better_gets_no_place_more_where_rivals_hold_theirs() -> None:
    better = GOOD + np.float32(0.5)
    assert (better > cutoff(better, ONE, 500, Rivals(200, 0.6, 1.0))).sum() == 500


def test_who_gets_better_takes_places_from_rivals_who_compete() -> None:
    better = GOOD + np.float32(0.5)
    places = float((GOOD > 0).sum())
    line = cutoff(better, ONE, places, Rivals(200, 0.6, 0.0))
    gained = (better > line).sum() - places
    lost = 200 - rivals_in(Rivals(200, 0.6, 0.0), np.float32([line]))[0]
    assert 0 < gained <= lost < 200
    assert lost - gained < 2


def test_without_change_nobody_gains_or_loses() -> None:
    places = float((GOOD > 0).sum())
    for hold in (0.0, 0.5, 1.0):
        line = cutoff(GOOD, ONE, places, Rivals(200, 0.6, hold))
        assert (line < GOOD).sum() == pytest.approx(places, abs=1)
