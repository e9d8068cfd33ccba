"""Shares of a study part it between them, wherever they are worked out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import BadRequest
from sim.study.design import Row
from sim.study.shares import Share, part


def rows(draws: int, policies: int) -> tuple[list[Row], list[str]]:
    made = [
        Row("flat", draw, 0, (("policy.targeting.dose_gbp", str(dose)), ("years", "4")))
        for draw in range(draws)
        for dose in range(policies)
    ]
    names = [f"{random.Random(f'{row}').getrandbits(128):032x}" for row in made]
    return made, names


@given(st.integers(1, 12), st.integers(1, 30), st.integers(1, 50))
def test_shares_part_a_study_and_none_is_empty_while_there_are_cells(
    draws: int, policies: int, of: int
) -> None:
    made, names = rows(draws, policies)
    parts = [part(made, names, Share(number, of)) for number in range(1, of + 1)]
    assert sum(map(len, parts)) == len(names)
    assert frozenset().union(*parts) == frozenset(names)
    assert sum(map(bool, parts)) == min(of, len(names))


def test_a_share_is_the_same_whatever_the_order_of_rows() -> None:
    made, names = rows(7, 5)
    together = list(zip(made, names, strict=True))
    random.Random(1).shuffle(together)
    mixed, told = zip(*together, strict=True)
    for number in range(1, 5):
        share = Share(number, 4)
        assert part(made, names, share) == part(mixed, told, share)


def test_cells_of_one_past_stay_together_where_there_are_enough() -> None:
    made, names = rows(40, 5)
    draws = {name: row.draw for row, name in zip(made, names, strict=True)}
    for number in range(1, 5):
        mine = part(made, names, Share(number, 4))
        assert len({draws[name] for name in mine}) == 10


def test_several_rows_of_one_cell_are_in_one_share() -> None:
    made, names = rows(4, 1)
    parts = [part([*made, *made], [*names, *names], Share(n, 2)) for n in (1, 2)]
    assert sum(map(len, parts)) == 4


@pytest.mark.parametrize(
    "text", ["0/4", "5/4", "3", "/", "a/b", "-1/4", "1/0", "1.5/4", "1/4/2", "", "\u00b2/4"]
)
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="such as 3/40"):
        Share.read(text)
