"""The market for jobs is exact: one job a person, one holder a post, nobody passed over."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.data.careers import careers, distances
from sim.markets import places
from sim.markets.jobs import Liking, People, appeal, assign, best, queue, serve
from sim.rng import Key
from tests.markets.stable import pairs_of_jobs

KEY = Key(3, 1)


def liking(reserve=3.0):
    return Liking(np.asarray(0.35 * distances(careers()), np.float32), reserve)


def crowd(size, seed=1, weights=(1,), steps=0):
    """People with scores; few ``steps`` of score make many ties."""
    rng = np.random.default_rng(seed)
    people = People(
        rng.permutation(size).astype(np.uint32),
        rng.integers(0, 9, size).astype(np.int8),
        rng.normal(2.5, 1, size).astype(np.float32),
        rng.choice(np.array(weights), size).astype(np.int64),
    )
    score = rng.integers(0, steps, size) if steps else rng.normal(size=size)
    return people, score.astype(np.float32)


def plain(people, score, posts, liked):
    """Who gets what, in plain Python: the best first, each the region liked best with room."""
    left, got = list(posts), [-1] * len(score)
    for i in sorted(range(len(score)), key=lambda i: (-score[i], people.ids[i])):
        open_to = [
            r for r in range(9) if left[r] >= people.weight[i] and liked[i][r] > -float("inf")
        ]
        if open_to:
            got[i] = max(open_to, key=lambda r: (liked[i][r], -r))
            left[got[i]] -= people.weight[i]
    return got, left


crowds = st.builds(
    crowd,
    size=st.integers(0, 60),
    seed=st.integers(0, 10_000),
    weights=st.sampled_from([(1,), (2, 5, 9), (1, 7)]),
    steps=st.sampled_from([0, 4]),
)
vacancies = st.lists(st.integers(0, 40), min_size=9, max_size=9).map(np.int64)
reserves = st.sampled_from([0.0, 1.0, 3.0, 20.0])


@given(crowds, vacancies, reserves)
@settings(max_examples=80, deadline=None)
def test_the_kernel_does_what_plain_python_does(drawn, posts, reserve):
    people, score = drawn
    found = assign(people, score, posts, liking(reserve), KEY)
    got, left = plain(people, score, posts, appeal(people, liking(reserve), KEY).tolist())
    assert found.market.tolist() == got
    assert found.left.tolist() == left


@given(crowds, vacancies, reserves)
@settings(max_examples=80, deadline=None)
def test_every_post_has_one_holder_or_none_and_no_pair_that_fits_blocks(drawn, posts, reserve):
    people, score = drawn
    found = assign(people, score, posts, liking(reserve), KEY)
    held = np.zeros(9, np.int64)
    placed = found.market >= 0
    np.add.at(held, found.market[placed], people.weight[placed])
    assert ((held + found.left) == posts).all() and (found.left >= 0).all()
    assert pairs_of_jobs(people, score, appeal(people, liking(reserve), KEY), found) == 0


@given(crowds, vacancies, st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(drawn, posts, seed):
    people, score = drawn
    shuffled = np.random.default_rng(seed).permutation(score.size)
    found = assign(people, score, posts, liking(), KEY)
    again = assign(people.at(shuffled), score[shuffled], posts, liking(), KEY)
    assert (again.market == found.market[shuffled]).all()
    assert (again.forced == found.forced[shuffled]).all()
    assert (again.left == found.left).all() and (again.cutoff == found.cutoff).all()


def test_it_is_deferred_acceptance_where_all_places_rank_alike():
    people, score = crowd(800, steps=50)
    posts = np.int64([20, 30, 90, 5, 40, 0, 33, 21, 60])
    liked = appeal(people, liking(), KEY)
    order = np.argsort(-liked, axis=1, kind="stable")
    accepted = np.isfinite(np.take_along_axis(liked, order, axis=1))
    choices = np.where(accepted, order, -1).astype(np.int32)
    priority = np.broadcast_to(-score[:, None], choices.shape).astype(np.float32)
    stable = places.match(choices, priority, people.ids, posts)
    assert (assign(people, score, posts, liking(), KEY).market == stable).all()


def test_posts_left_where_people_wait_are_fewer_than_the_largest_weight():
    people, score = crowd(3000, weights=(3, 8, 11))
    found = assign(people, score, np.full(9, 500, np.int64), liking(50.0), KEY)
    assert (found.left < 11).all() and (found.market < 0).any()


def test_a_region_without_posts_is_closed():
    people, score = crowd(500)
    posts = np.zeros(9, np.int64)
    posts[4] = 100
    found = assign(people, score, posts, liking(50.0), KEY)
    assert set(found.market.tolist()) == {-1, 4}
    assert found.cutoff[4] == score[found.market == 4].min() and found.cutoff[0] == -np.inf


def test_only_those_who_would_rather_have_stayed_were_forced_to_leave():
    people, score = crowd(2000)
    found = assign(people, score, np.full(9, 120, np.int64), liking(), KEY)
    liked = appeal(people, liking(), KEY)
    at_home = liked[np.arange(2000), people.home]
    away = (found.market >= 0) & (found.market != people.home)
    rather = at_home > liked[np.arange(2000), np.maximum(found.market, 0)]
    assert (found.forced == (away & rather)).all() and found.forced.any()
    roomy = assign(people, score, np.full(9, 2000, np.int64), liking(), KEY)
    assert not roomy.forced.any()


def test_tastes_are_gumbel_and_drawn_once_for_life():
    people = People(
        np.arange(50_000, dtype=np.uint32),
        np.zeros(50_000, np.int8),
        np.zeros(50_000, np.float32),
        np.ones(50_000, np.int64),
    )
    nowhere_far = Liking(np.zeros((9, 9), np.float32), 100.0)
    liked = appeal(people, nowhere_far, KEY)
    assert liked.mean(0) == pytest.approx(np.full(9, 0.577), abs=0.03)
    assert liked.std(0) == pytest.approx(np.full(9, 1.282), abs=0.03)
    assert np.abs(np.corrcoef(liked.T) - np.eye(9)).max() < 0.02
    assert (appeal(people.at(np.arange(7)), nowhere_far, KEY) == liked[:7]).all()


def test_people_in_the_queue_are_served_as_anybody():
    people, score = crowd(700, steps=9)
    posts = np.full(9, 30, np.int64)
    order = queue(score, people.ids)
    found = serve(people.at(order), score[order], posts, liking(), KEY)
    assert (found.market == assign(people, score, posts, liking(), KEY).market[order]).all()


def test_the_best_take_the_places():
    people, score = crowd(400, weights=(1, 4, 6))
    chosen = best(score, people.ids, people.weight, 333)
    assert score[chosen].min() > score[~chosen].max()
    assert 333 - 6 < people.weight[chosen].sum() <= 333
    assert not best(score, people.ids, people.weight, 0).any()
