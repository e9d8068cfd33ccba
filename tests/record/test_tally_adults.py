"""Sums after sixteen against counting by hand, in any order, with any weights."""

from typing import Any

import numpy as np
import pytest

from sim.data.base_year import base_year
from sim.data.income_tax import income_tax
from sim.record.adult_variables import (
    BY_AREA,
    CAREER_AGES,
    NATIONAL,
    REGIONS,
)
from sim.record.tally_adults import Homes, adult_rows
from sim.record.variables import VARIABLES
from sim.world.adults import Adults
from tests.record.plain import band_of, offer_cell

YEAR = 2040
AREAS, SMALLS = 4, 20
HOMES = Homes(
    quarter=(np.arange(SMALLS) % 4).astype(np.int8),
    region=np.array([2, 3, 2, 8], np.int8),
    weight=np.array([1, 3, 2, 5], np.int64),
)
AGES = (17, 19, 22, 23, 24, 25, 26, 30)


def block(age: int, rows: int = 300, seed: int = 1) -> Adults:
    """A cohort with every combination of columns, sensible or not."""
    luck = np.random.default_rng([seed, age])
    small = luck.integers(0, SMALLS, rows).astype(np.int32)
    job = luck.integers(0, 4, rows).astype(np.int8)
    columns = {
        "small": small,
        "area": small // 5,
        "occupation": luck.integers(0, 3, rows),
        "fsm15": luck.random(rows) < 0.2,
        "ever6": luck.random(rows) < 0.3,
        "group": luck.integers(0, 5, rows),
        "fifth": luck.integers(1, 6, rows),
        "score": luck.normal(0, 1, rows),
        "route": luck.integers(0, 6, rows),
        "sustained": luck.random(rows) < 0.9,
        "level2": luck.random(rows) < 0.8,
        "level3": luck.integers(0, 3, rows),
        "entered": luck.integers(0, 3, rows),
        "at_home": luck.random(rows) < 0.3,
        "degree": luck.integers(0, 4, rows),
        "offer": luck.integers(-1, 3, rows),
        "job": job,
        "region": np.where(job > 0, luck.integers(0, 9, rows), -1),
        "grade_of_job": luck.integers(0, 7, rows),
        "pay": np.where(job > 0, luck.normal(27_000, 6_000, rows), 0),
        "moved": luck.random(rows) < 0.2,
        "left_to_get_on": luck.random(rows) < 0.1,
    }
    people = Adults(rows, YEAR - age)
    for name, values in columns.items():
        people.set(name, values)
    return people


REACH = np.random.default_rng(5).random((300, 4)) < 0.7


def shuffled(people: Adults, order: Any) -> Adults:
    for name, values in people.data.items():
        people.set(name, values[order])
    return people


@pytest.fixture(scope="module")
def row() -> dict[str, Any]:
    vacant = np.arange(27).reshape(9, 3)
    return adult_rows([block(age) for age in AGES], YEAR, HOMES, REACH, vacant)


def test_everything_the_schema_knows_is_there_in_its_shape(row: dict[str, Any]) -> None:
    names = {*BY_AREA, *(f"{n}_q" for n in BY_AREA), *NATIONAL} - {"lever_cost"}
    assert set(row) == names <= set(VARIABLES)
    for name in names:
        assert np.ndim(row[name]) == len(VARIABLES[name].dims) - 1, name


def test_counts_are_those_of_a_plain_loop(row: dict[str, Any]) -> None:
    at_25, at_19, at_17 = block(25), block(19), block(17)
    by_hand = {n: np.zeros((AREAS, 5), int) for n in ("left_n", "level3_n", "taken_n")}
    bands = np.zeros((AREAS, 5, 8), int)
    for i in range(300):
        by_hand["left_n"][at_25.area[i], at_25.group[i]] += at_25.left_to_get_on[i]
        by_hand["level3_n"][at_19.area[i], at_19.group[i]] += at_19.level3[i] > 0
        choice = (REACH[i, 0] or REACH[i, 1]) and (REACH[i, 2] or REACH[i, 3])
        kept = at_17.sustained[i] and at_17.route[i] < 4
        by_hand["taken_n"][at_17.area[i], at_17.group[i]] += choice and kept
        bands[at_25.area[i], at_25.group[i], band_of(at_25.score[i : i + 1])[0]] += (
            at_25.job[i] == 3
        )
    for name, expected in by_hand.items():
        assert (row[name] == expected).all(), name
    assert (row["professional_band"] == bands).all()


def test_offers_and_careers_are_weighted_tables(row: dict[str, Any]) -> None:
    at_23, at_26 = block(23), block(26)
    offers = np.zeros((3, 16, 3), int)
    cell = offer_cell(at_23.degree == 2, at_23.entered == 2, at_23.score)
    for i in range(300):
        weight = HOMES.weight[at_23.area[i]]
        for step in range(3):
            offers[at_23.occupation[i], cell[i], step] += weight * (at_23.offer[i] >= step)
    assert (row["offers"] == offers).all()
    assert (np.diff(row["offers"], axis=-1) <= 0).all(), "nobody is offered what they did not want"
    career = row["career_n"][CAREER_AGES.index(26)]
    assert career.sum() == HOMES.weight[at_26.area].sum()
    many = (at_26.grade_of_job >= 4) & (at_26.job == 3) & (at_26.occupation == 2)
    assert career[2, 3, 4] == HOMES.weight[at_26.area[many]].sum()


def test_jobs_are_counted_where_they_are_and_people_where_they_grew_up(row: dict[str, Any]) -> None:
    at_25 = block(25)
    weight = HOMES.weight[at_25.area]
    assert row["jobs25_n"].sum() == weight[at_25.job > 0].sum()
    home = HOMES.region[at_25.area] == at_25.region
    london = REGIONS.index("London")
    here = home & (at_25.region == london) & (at_25.job == 3)
    assert row["jobs25_home_n"][london, 2] == weight[here].sum()
    everybody = sum(HOMES.weight[b.area[b.job > 0]].sum() for b in map(block, AGES))
    assert row["jobs_held"].sum() == everybody


def test_twins_by_quarter_are_weighted_and_in_the_secondary_half(row: dict[str, Any]) -> None:
    for name in BY_AREA:
        assert (row[f"{name}_q"][:4] == 0).all()
        total = np.tensordot(HOMES.weight, row[name], 1)
        assert (row[f"{name}_q"].sum(0) == total).all(), name
    at_19 = block(19)
    chosen = (at_19.small % 4 == 2) & (at_19.group == 3)
    expected = HOMES.weight[at_19.area[chosen]].sum()
    assert row["age19_n_q"][6, 3] == expected


def test_the_order_of_people_and_blocks_changes_nothing(row: dict[str, Any]) -> None:
    order = np.random.default_rng(2).permutation(300)
    blocks = [shuffled(block(age), order) for age in reversed(AGES)]
    again = adult_rows(blocks, YEAR, HOMES, REACH[order], np.arange(27).reshape(9, 3))
    assert all((row[name] == again[name]).all() for name in row)


def test_pay_is_whole_pounds_and_nobody_is_in_two_bands(row: dict[str, Any]) -> None:
    at_25 = block(25)
    assert row["pay25_sum"].sum() == np.rint(at_25.pay).astype(int).sum()
    assert (row["pay25_band"].sum(-1) == row["age25_n"]).all()
    assert row["pay25_band"][..., 0].sum() == (at_25.pay <= 0).sum()
    assert row["qualified_n"].sum() == HOMES.weight[at_25.area[at_25.pay > 0]].sum()


def test_a_year_without_a_cohort_is_noughts() -> None:
    empty = adult_rows([], YEAR, HOMES, np.zeros((0, 4), bool))
    assert all((np.asarray(v) == 0).all() for v in empty.values())
    assert "vacant" not in empty


def test_what_is_read_is_left_alone() -> None:
    people = [block(age) for age in AGES]
    adult_rows(people, YEAR, HOMES, REACH)
    for one, age in zip(people, AGES, strict=True):
        fresh = block(age).data
        assert all(np.array_equal(v, fresh[n]) for n, v in one.data.items())


def test_tax_rises_with_pay_and_never_takes_it_all() -> None:
    pay = np.linspace(0, 200_000, 2001)
    tax = income_tax(pay, base_year().tax)
    steps = np.diff(tax) / np.diff(pay)
    assert (steps >= -1e-9).all()
    assert steps.max() < 0.5
    assert tax[pay <= 12_570].max() == 0
