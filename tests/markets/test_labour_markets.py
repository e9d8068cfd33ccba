"""Local labour markets: a finer market for jobs, of which the nine regions are a limiting case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.data.careers import apart, careers, distances, per_leaver
from sim.data.facts import areas
from sim.data.labour_markets import labour_markets, posts_per_person
from sim.markets.jobs import (
    REGIONS_ALONE,
    Layout,
    Liking,
    People,
    appeal,
    assign,
    commutes,
)
from sim.rng import Key
from tests.markets.stable import pairs_of_jobs

KEY = Key(3, 1)
TABLE = labour_markets()
REGION = TABLE.region
MANY = REGION.size
KM = 100 * apart(TABLE.centre)
FAR = np.float32(np.inf)


def liking(cost=1.0, own=0.5, reserve=3.0):
    """What markets are liked for when 10 km a day cost ``cost``."""
    daily = np.asarray(cost * KM / 10, np.float32)
    layout = Layout(REGION, daily, (1 - own**2) ** 0.5, own)
    return Liking(np.asarray(0.35 * KM / 100, np.float32), reserve, layout)


def crowd(size, seed=1, weights=(1,), homes=MANY):
    rng = np.random.default_rng(seed)
    people = People(
        rng.permutation(size).astype(np.uint32),
        rng.integers(0, homes, size).astype(np.int8),
        rng.normal(2.5, 1, size).astype(np.float32),
        rng.choice(np.array(weights), size).astype(np.int64),
    )
    return people, rng.normal(size=size).astype(np.float32)


def posts_of(seed, most=12):
    return np.random.default_rng(seed).integers(0, most, MANY)


# ---- Published figures -------------------------------------------------------------------------


def test_labour_markets_add_up_to_the_regions():
    """Leavers and workers by ITL2 region are those of careers.csv, to the last digit told there."""
    table = careers()
    assert np.bincount(REGION, TABLE.leavers) == pytest.approx(table.leavers, abs=0.06)
    for level in range(3):
        found = np.bincount(REGION, TABLE.workers[:, level])
        assert found == pytest.approx(table.workers[:, level], abs=0.06)


def test_there_are_33_markets_and_every_area_is_in_one_of_its_own_region():
    assert MANY == len(set(TABLE.code)) == 33
    assert list(TABLE.code) == sorted(TABLE.code)
    table = areas()
    rows = TABLE.rows_of(table.labour_market)
    assert set(rows.tolist()) == set(range(MANY))
    assert (np.array(careers().regions)[REGION[rows]] == table.region).all()


def test_centres_of_markets_are_about_the_centres_of_regions():
    heads = np.bincount(REGION, TABLE.leavers)
    for k in (0, 1):
        centre = np.bincount(REGION, TABLE.leavers * TABLE.centre[:, k]) / heads
        assert centre == pytest.approx(careers().centre[:, k], abs=0.05)


# ---- Posts -------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9000), min_size=MANY, max_size=MANY))
@settings(max_examples=50, deadline=None)
def test_the_markets_of_a_region_have_the_posts_of_the_region(raised):
    """Also where few areas are simulated: the posts of a market of nobody lie in the others."""
    regional = per_leaver(careers(), (0.38, 0.16, 0.12))
    heads = np.array(raised, float)
    posts = heads[:, None] * posts_per_person(TABLE, regional, heads)
    of_region = np.bincount(REGION, heads)
    for level in range(3):
        found = np.bincount(REGION, posts[:, level])
        assert found == pytest.approx(regional[:, level] * of_region, rel=1e-9)
    assert (posts[heads == 0] == 0).all()


def test_posts_lie_where_young_workers_live():
    """With published leavers, shares of a region's posts are shares of its workers, by level."""
    regional = per_leaver(careers(), (0.38, 0.16, 0.12))
    posts = TABLE.leavers[:, None] * posts_per_person(TABLE, regional, TABLE.leavers)
    found, wanted = (values / _of_region(values)[REGION] for values in (posts, TABLE.workers))
    assert found == pytest.approx(wanted)


def _of_region(values):
    return np.stack([np.bincount(REGION, column) for column in values.T], axis=1)


# ---- Limiting cases ----------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.sampled_from([0.0, 1.0, 3.0, 20.0]))
@settings(max_examples=40, deadline=None)
def test_one_market_a_region_is_the_regional_market(seed, reserve):
    people, score = crowd(300, seed, (1, 7), homes=9)
    posts = np.random.default_rng(seed).integers(0, 60, 9)
    apart9 = np.asarray(0.35 * distances(careers()), np.float32)
    daily = np.where(np.eye(9, dtype=bool), np.float32(0), FAR).astype(np.float32)
    alone = Liking(apart9, reserve)
    local = Liking(apart9, reserve, Layout(np.arange(9), daily, 1.0, 0.0))
    assert alone.layout is REGIONS_ALONE
    for one, other in zip(
        assign(people, score, posts, alone, KEY),
        assign(people, score, posts, local, KEY),
        strict=True,
    ):
        assert (one == other).all()
    assert (appeal(people, alone, KEY) == appeal(people, local, KEY)).all()


@given(st.integers(0, 10_000), st.sampled_from([0.0, 1.0, 3.0, 20.0]))
@settings(max_examples=40, deadline=None)
def test_markets_with_no_way_between_them_are_their_region(seed, reserve):
    """No tastes within a region and no distance: everybody works in the region they would have.

    Of people attached to home: one who would rather leave it has more to leave for.
    """
    people, score = crowd(300, seed)
    people = people._replace(pull=np.abs(people.pull))
    posts = posts_of(seed)
    between = distances(careers())[REGION][:, REGION]
    apart9 = np.asarray(0.35 * distances(careers()), np.float32)
    daily = np.where(REGION[:, None] == REGION, np.float32(0), FAR).astype(np.float32)
    local = Liking(np.asarray(0.35 * between, np.float32), reserve, Layout(REGION, daily, 1.0, 0.0))
    found = assign(people, score, posts, local, KEY)
    home = people._replace(home=REGION[people.home].astype(np.int8))
    regional = np.bincount(REGION, posts, 9).astype(np.int64)
    wanted = assign(home, score, regional, Liking(apart9, reserve), KEY)
    placed = found.market >= 0
    assert (placed == (wanted.market >= 0)).all()
    assert (REGION[found.market[placed]] == wanted.market[placed]).all()
    assert (np.bincount(REGION, found.left, 9) == wanted.left).all()


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_nobody_crosses_without_moving_where_the_way_costs_without_end(seed):
    people, score = crowd(400, seed)
    never = np.where(np.eye(MANY, dtype=bool), np.float32(0), FAR).astype(np.float32)
    chosen = liking()._replace(layout=Layout(REGION, never, 0.8, 0.6))
    found = assign(people, score, posts_of(seed), chosen, KEY)
    got = found.market >= 0
    daily = commutes(people, np.where(got, found.market, 0).astype(np.int8), chosen)
    assert (daily[got] == (found.market == people.home)[got]).all()


# ---- Distance ----------------------------------------------------------------------------------


def test_farther_is_never_liked_better():
    """By 10 km a day or by a move, the way only takes off; what it takes rises with both costs."""
    people, _ = crowd(500)
    free = liking(reserve=1e9)
    cheap = appeal(people, free, KEY)
    for dear in (liking(cost=2.0, reserve=1e9), free._replace(distance=2 * free.distance)):
        now = appeal(people, dear, KEY)
        assert (now <= cheap).all()
        assert (now[np.arange(500), people.home] == cheap[np.arange(500), people.home]).all()


def test_fewer_go_every_day_the_more_the_way_costs():
    people, _ = crowd(4000)
    shares = []
    for cost in (0.25, 0.5, 1.0, 2.0):
        chosen = liking(cost=cost)
        best = appeal(people, chosen, KEY).argmax(axis=1).astype(np.int8)
        shares.append(((best != people.home) & commutes(people, best, chosen)).mean())
    assert shares == sorted(shares, reverse=True) and shares[0] > shares[-1] > 0


def test_who_would_lose_less_by_moving_house_moves():
    """At 10 km: 1 off for the way, or the attachment and 0.035 for the move."""
    layout = Layout(np.array([0, 0]), np.float32([[0, 1], [1, 0]]), 1.0, 0.0)
    chosen = Liking(np.float32([[0, 0.035], [0.035, 0]]), 50.0, layout)
    ids, homes = np.arange(2, dtype=np.uint32), np.zeros(2, np.int8)
    people = People(ids, homes, np.float32([0.9, 1.1]), np.ones(2, np.int64))
    there = np.ones(2, np.int8)
    assert commutes(people, there, chosen).tolist() == [False, True]
    liked = appeal(people, chosen, KEY)
    lost = liked[:, 0] - people.pull - liked[:, 1]
    assert lost == pytest.approx([0.035, -0.1], abs=1e-5)


# ---- The market --------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.sampled_from([(1,), (2, 5, 9)]), st.sampled_from([0.0, 3.0]))
@settings(max_examples=40, deadline=None)
def test_every_post_has_one_holder_or_none_and_no_pair_that_fits_blocks(seed, weights, reserve):
    people, score = crowd(300, seed, weights)
    posts, chosen = posts_of(seed, 40), liking(reserve=reserve)
    found = assign(people, score, posts, chosen, KEY)
    held = np.zeros(MANY, np.int64)
    placed = found.market >= 0
    np.add.at(held, found.market[placed], people.weight[placed])
    assert ((held + found.left) == posts).all() and (found.left >= 0).all()
    assert pairs_of_jobs(people, score, appeal(people, chosen, KEY), found) == 0


def test_tastes_of_markets_hang_together_in_their_region_and_are_drawn_once_for_life():
    """The spread is that of regions; tastes of one region go together as far as they are shared."""
    size, shared, own = 40_000, 0.8, 0.6
    people = People(
        np.arange(size, dtype=np.uint32),
        np.zeros(size, np.int8),
        np.zeros(size, np.float32),
        np.ones(size, np.int64),
    )
    nothing = np.zeros((MANY, MANY), np.float32)
    liked = appeal(people, Liking(nothing, 1e9, Layout(REGION, nothing, shared, own)), KEY)
    assert liked.std(0) == pytest.approx(np.full(MANY, 1.282), abs=0.03)
    together = np.where(REGION[:, None] == REGION, shared**2, 0)
    np.fill_diagonal(together, 1)
    assert np.abs(np.corrcoef(liked.T) - together).max() < 0.025
    regional = appeal(people, Liking(np.zeros((9, 9), np.float32), 1e9), KEY)
    own_part = (liked - shared * regional[:, REGION]) / own
    assert own_part.mean(0) == pytest.approx(np.full(MANY, 0.577), abs=0.03)
    assert np.abs(np.corrcoef(own_part.T) - np.eye(MANY)).max() < 0.025
