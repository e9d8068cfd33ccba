"""Matching, filling up, moving and sorting equal their plain twins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import rng
from sim.markets.places import match
from sim.rng import Purpose
from sim.world.pupils import Pupils
from sim.year import admissions, moving
from tests.markets.stable import pairs_of_places
from tests.twins import plain_places as plain
from tests.twins.cohorts import FIRST, HOMES, KEY, NOBODY, SCHOOLS, cohort, families, genders, known

# ---- Deferred acceptance -----------------------------------------------------------------------


@dataclass
class Market:
    """Applicants with ordered choices, and places with seats and priorities."""

    choices: np.ndarray
    priority: np.ndarray
    ids: np.ndarray
    seats: np.ndarray

    def solved(self) -> np.ndarray:
        return match(self.choices, self.priority, self.ids, self.seats)

    def lists(self) -> tuple[list[list[int]], list[list[float]], list[int], list[int]]:
        numbers = (self.choices, self.priority, self.ids, self.seats)
        return tuple(column.tolist() for column in numbers)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Markets with ties, empty places, short lists and people who ask for nothing."""
    people, places = draw(st.integers(1, 40)), draw(st.integers(1, 8))
    seed = draw(st.integers(0, 2**32 - 1))
    luck = np.random.default_rng(seed)
    stated = min(6, places)
    choices = np.full((people, 6), -1, np.int32)
    for i in range(people):
        length = luck.integers(0, stated + 1)
        choices[i, :length] = luck.permutation(places)[:length]
    ties = draw(st.sampled_from([0, 2, 1000]))
    raw = luck.integers(-ties, ties + 1, (people, 6))
    ids = luck.permutation(2**20)[:people].astype(np.uint32) << 12
    seats = luck.integers(0, draw(st.integers(1, 12)), places)
    return Market(choices, raw.astype(np.float32), ids, seats)


@given(markets())
def test_matching_equals_its_twin_and_is_stable(market: Market) -> None:
    got = market.solved()
    assert got.tolist() == plain.deferred_acceptance(*market.lists())
    assert plain.stable(*market.lists(), got.tolist())
    pairs = pairs_of_places(market.choices, market.priority, market.ids, market.seats, got)
    assert pairs == 0


@given(markets(), st.randoms(use_true_random=False))
def test_matching_does_not_depend_on_the_order_of_rows(market: Market, shuffler: object) -> None:
    order = list(range(market.ids.size))
    shuffler.shuffle(order)
    other = Market(market.choices[order], market.priority[order], market.ids[order], market.seats)
    assert np.array_equal(other.solved(), market.solved()[order])


@given(markets())
def test_a_matching_that_is_tampered_with_has_pairs_of_places(market: Market) -> None:
    got = market.solved()
    if not (got >= 0).any():
        return
    worse = got.copy()
    worse[np.flatnonzero(got >= 0)[0]] = -1
    assert not plain.stable(*market.lists(), worse.tolist())
    assert pairs_of_places(market.choices, market.priority, market.ids, market.seats, worse) > 0


@given(markets())
def test_one_more_seat_harms_no_applicant(market: Market) -> None:
    """A law of the best stable matching for those who propose."""
    more = Market(market.choices, market.priority, market.ids, market.seats + 1)

    def rank(choices: np.ndarray, got: np.ndarray) -> list[int]:
        return [
            row.index(place) if place >= 0 else len(row)
            for row, place in zip(choices.tolist(), got.tolist(), strict=True)
        ]

    before, after = rank(market.choices, market.solved()), rank(more.choices, more.solved())
    assert all(new <= old for old, new in zip(before, after, strict=True))


def test_priorities_of_both_signs_are_in_order_and_ties_go_by_id() -> None:
    priority = np.array([[0.0], [-0.0], [-1.5], [1e-40], [-1e30], [2.0]], np.float32)
    ids = np.array([3, 9, 5, 1, 7, 2], np.uint32)
    choices = np.zeros((6, 1), np.int32)
    won = [set(np.flatnonzero(match(choices, priority, ids, np.array([n])) == 0)) for n in range(7)]
    entered = [int(*(more - less)) for less, more in pairwise(won)]
    assert entered == [4, 2, 0, 1, 3, 5]


# ---- Filling up and moving ---------------------------------------------------------------------


def near(seed: int) -> np.ndarray:
    """Schools near each small area, nearest first; some know fewer than others."""
    draw = np.random.default_rng(seed)
    table = np.full((HOMES, 6), -1, np.int32)
    for home in range(HOMES):
        known = draw.integers(1, 7)
        table[home, :known] = FIRST + draw.permutation(SCHOOLS)[:known]
    return table


def lottery(pupils: Pupils, year: int) -> list[int]:
    return rng.words(KEY, pupils.id, Purpose.MOVE, year=year)[0].tolist()


@pytest.mark.parametrize("seats", [0, 5, 60])
def test_children_without_an_offer_are_placed_as_their_twin_places_them(seats: int) -> None:
    pupils, table, year = cohort(500), near(seats), 2030
    draw = np.random.default_rng(3)
    applies = draw.random(pupils.rows) < 0.8
    got = np.where(draw.random(pupils.rows) < 0.5, draw.integers(0, SCHOOLS, pupils.rows), -1)
    got = np.where(applies, got, -1).astype(np.int32)
    offered = np.bincount(got[got >= 0], minlength=SCHOOLS)
    places = np.maximum(seats, offered)
    told = plain.Moves(
        table.tolist(),
        dict(enumerate(places.tolist(), FIRST)),
        genders(NOBODY).tolist(),
        dict(enumerate(offered.tolist(), FIRST)),
    )
    rest = [i for i in range(pupils.rows) if applies[i] and got[i] < 0]
    expected = got.tolist()
    for i in plain.in_turn(rest, pupils.id.tolist(), lottery(pupils, year)):
        expected[i] = told.fill(int(pupils.small[i]), bool(pupils.girl[i])) - FIRST
    told_of = families(pupils, applies)
    over = admissions.leftover(told_of, got, places, known(table), genders(NOBODY), KEY, year)
    assert got.tolist() == expected
    assert over == told.over


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_moving_equals_its_twin(share: float) -> None:
    pupils, table, year, grade = cohort(900), near(7), 2030, 4
    # Those on a roll have a school; those who only come now have none.
    here = pupils.on_roll(grade)
    pupils.school = np.where(
        here & (pupils.arrive < grade) & (pupils.school == NOBODY), FIRST, pupils.school
    )
    pupils.school = np.where(here & (pupils.arrive < grade), pupils.school, NOBODY)
    pupils.sort(FIRST, SCHOOLS)
    grammar = np.zeros(NOBODY + 1, bool)
    grammar[FIRST + 2] = True
    seats = np.random.default_rng(1).integers(20, 130, SCHOOLS)
    expected, since = _moved_plainly(pupils, table, seats, share, grade, year)
    choice = moving.Choice(seats, grammar, genders(NOBODY), table, NOBODY)
    moving.move(pupils, grade, share, choice, KEY, year)
    assert pupils.school.tolist() == expected
    assert pupils.since.tolist() == since


def _moved_plainly(
    pupils: Pupils, table: np.ndarray, seats: np.ndarray, share: float, grade: int, year: int
) -> tuple[list[int], list[int]]:
    rows = range(pupils.rows)
    chance = rng.uniforms(rng.words(KEY, pupils.id, Purpose.YEAR, year=year)[3].copy())
    here = [bool(pupils.arrive[i] <= grade < pupils.depart[i]) for i in rows]
    coming = [here[i] and pupils.arrive[i] == grade for i in rows]
    school = [int(pupils.school[i]) if here[i] else NOBODY for i in rows]
    since = [min(int(years) + 1, 99) for years in pupils.since]
    told = plain.Moves(
        table.tolist(), dict(enumerate(seats.tolist(), FIRST)), genders(NOBODY).tolist()
    )
    for i in rows:
        if here[i] and not coming[i]:
            told.take(school[i])
    wanting = [i for i in rows if coming[i] or (here[i] and chance[i] < np.float32(share))]
    for i in plain.in_turn(wanting, pupils.id.tolist(), lottery(pupils, year)):
        now = None if school[i] == NOBODY else school[i]
        found = told.change(int(pupils.small[i]), bool(pupils.girl[i]), now, {FIRST + 2})
        assert found is not None
        if found != school[i]:
            school[i], since[i] = found, 0
    return school, since


# ---- Sorting -----------------------------------------------------------------------------------


@given(st.lists(st.integers(0, SCHOOLS), max_size=60))
def test_a_block_is_sorted_by_school_and_children_of_one_keep_their_order(local: list[int]) -> None:
    pupils = Pupils(len(local), 2010)
    pupils.id = np.arange(len(local))
    pupils.school = [FIRST + s if s < SCHOOLS else NOBODY for s in local]
    start, order = plain.counting_sort(pupils.school.tolist(), FIRST, SCHOOLS)
    pupils.income, pupils.eal = np.arange(len(local)) / 7, np.arange(len(local)) % 2
    pupils.registered = np.arange(len(local)) % 3
    pupils.sort(FIRST, SCHOOLS)
    assert pupils.start.tolist() == start
    assert pupils.id.tolist() == order
    assert np.array_equal(pupils.income, np.float32(np.array(order, int) / 7))
    assert pupils.eal.tolist() == [bool(i % 2) for i in order]
    assert pupils.registered.tolist() == [i % 3 for i in order]
    assert pupils.eal.dtype == np.bool_ and pupils.income.dtype == np.float32
