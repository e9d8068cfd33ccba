"""The search finds what is best where that is known, with rates that keep their proportions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config import compose
from sim.config.formula import Formula
from sim.errors import BadRequest
from sim.study.chosen_rates import choices, with_rates
from sim.study.trials import Found, Point, Space, search
from sim.study.tried import Outcome

FORMULA = compose("baseline", ["policy.funding.rule=rates"]).policy.funding.rates
assert FORMULA is not None
SPACE = Space((0, 0), (100_000, 200_000), (10_000, 10_000))


def valley(point: Point) -> Outcome:
    """Two aims that pull apart; a corner that cannot be paid."""
    x, y = point[0] / 100_000, point[1] / 200_000
    if x + y > 1.8:
        raise BadRequest("too dear")
    return Outcome({"a": -((x - 0.7) ** 2) - (y - 0.2) ** 2, "b": (x - 0.1) ** 2 + y}, {})


def hunted(trials: int, seed: int = 1, start: Point = SPACE.start) -> Found:
    found, told = Found(("a", "b"), (1, -1)), []
    search(Space(SPACE.low, SPACE.high, start), valley, found, (trials, seed), told.append)
    assert told == list(range(1, len(found.trials) + 1)) and len(found.trials) <= trials
    return found


def test_a_known_best_is_found_and_the_front_reaches_from_end_to_end() -> None:
    found = hunted(240)
    best = found.best("a")
    assert best.pence == pytest.approx((70_000, 40_000), abs=3_000)
    assert found.best("b").pence == pytest.approx((10_000, 0), abs=3_000)
    assert found.front[0] == best and found.front[-1] == found.best("b")
    assert found.between is not None and found.between in found.front
    assert len({one.pence for one in found.trials}) == len(found.trials), "none is tried twice"
    assert all(pence % 100 == 0 for one in found.trials for pence in one.pence)


@given(st.integers(0, 2**31), st.integers(10, 60))
def test_never_worse_than_the_start(seed: int, trials: int) -> None:
    found = hunted(trials, seed, (68_000, 41_000))
    start = found.trials[0].outcome
    for aim, way in (("a", 1), ("b", -1)):
        best = found.best(aim).outcome
        assert start is not None and best is not None
        assert way * best.figures[aim] >= way * start.figures[aim]


def test_a_start_that_cannot_be_paid_is_refused() -> None:
    with pytest.raises(BadRequest, match="too dear"):
        hunted(20, start=(100_000, 200_000))


def test_a_rate_of_several_parts_keeps_their_proportions() -> None:
    one, two = choices(["fsm6", "idaci.secondary"], FORMULA)
    assert (one.told, one.low, one.high, one.written) == ("fsm6 primary", 0, 246_000, 82_000)
    mine = with_rates(FORMULA, [one, two], [164_000, 94_500])
    assert mine.fsm6 == (164_000, 240_000) and mine.idaci == FORMULA.idaci
    assert with_rates(FORMULA, [one, two], [82_000, 189_000]).idaci[1] == tuple(
        2 * pence for pence in FORMULA.idaci[1]
    )
    none = Formula(basic=(1, 1, 1))
    (nought, _) = choices(["eal=0..500", "lump=0..1000"], none)
    assert with_rates(none, [nought], [30_000]).eal == (30_000, 30_000)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fsm6"], "1 rates. Name 2 to 4"),
        (["fsm6", "basic"], "the line that meets the pot"),
        (["fsm6", "lumps"], "Did you mean 'lump'?"),
        (["fsm6", "fsm6.primary"], "of the same rate"),
        (["fsm6.primry", "lump"], "no such part of fsm6"),
        (["fsm6=5..1", "lump"], "no range"),
        (["fsm6=1,000..2", "lump"], "is not a number"),
        (["fsm6=7", "lump"], "no range"),
        (["sen", "lump"], "does not count special educational needs"),
        (["lump=-1..5", "fsm6"], "is below 0"),
    ],
)
def test_rates_that_cannot_be_chosen_are_refused(words: list[str], told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        choices(words, FORMULA)
    assert told in str(refused.value)
