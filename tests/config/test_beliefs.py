"""Beliefs: ranges, draws that hang on their name alone, values that read like attributes."""

import pickle
import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.config import compose
from sim.config.beliefs import Belief, Beliefs
from sim.config.drawing import DISTRIBUTIONS, keyed_uniform
from sim.errors import BadRequest

RECORD: dict[str, Any] = {
    "value": 0.02,
    "low": 0.005,
    "high": 0.05,
    "distribution": "normal",
    "unit": "SD a GBP 1,000",
    "meaning": "a made-up return",
    "source": "this test",
    "strength": "low",
    "kind": "response",
    "moves": {"attainment8": "+"},
}


def belief(**changes: Any) -> Belief:
    """Return a belief that differs from the sample as told."""
    return Belief.model_validate({**RECORD, **changes})


def beliefs(**named: Belief) -> Beliefs:
    """Return beliefs of one group, ``learning``."""
    return Beliefs(records={"learning": named})


probability = st.floats(min_value=1e-6, max_value=1 - 1e-6)
drawable = st.sampled_from(sorted(set(DISTRIBUTIONS) - {"fixed"}))


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float, float, float]:
    """Three positive numbers in order: low, value, high."""
    numbers = st.floats(min_value=0.01, max_value=100)
    low, value, high = sorted(draw(st.lists(numbers, min_size=3, max_size=3)))
    return low, value, high


@given(drawable, ranges(), probability)
def test_no_draw_leaves_the_range(kind: str, bounds: tuple[float, float, float], p: float) -> None:
    low, value, high = bounds
    assert low <= DISTRIBUTIONS[kind](p, value, low, high) <= high


@given(drawable, ranges(), probability, probability)
def test_a_higher_quantile_never_gives_a_lower_value(
    kind: str, bounds: tuple[float, float, float], first: float, second: float
) -> None:
    low, value, high = bounds
    quantile = DISTRIBUTIONS[kind]
    smaller, larger = sorted((first, second))
    slack = 1e-12 * high
    assert quantile(smaller, value, low, high) <= quantile(larger, value, low, high) + slack


@pytest.mark.parametrize("kind", ["normal", "lognormal"])
def test_the_value_is_the_median_even_of_a_lopsided_range(kind: str) -> None:
    assert DISTRIBUTIONS[kind](0.5, 0.02, 0.005, 0.1) == pytest.approx(0.02)


def test_the_whole_range_is_reached() -> None:
    for kind in set(DISTRIBUTIONS) - {"fixed"}:
        ends = [DISTRIBUTIONS[kind](p, 1.0, 0.5, 3.0) for p in (1e-9, 1 - 1e-9)]
        assert ends == pytest.approx([0.5, 3.0], abs=0.02), kind


def test_the_beta_has_the_mean_of_the_pert_method() -> None:
    drawn = [DISTRIBUTIONS["beta"]((i + 0.5) / 400, 1.0, 0.5, 3.0) for i in range(400)]
    assert statistics.fmean(drawn) == pytest.approx((0.5 + 4 * 1.0 + 3.0) / 6, abs=0.002)


def test_the_triangle_has_its_mean() -> None:
    drawn = [DISTRIBUTIONS["triangular"]((i + 0.5) / 2000, 1.0, 0.5, 3.0) for i in range(2000)]
    assert statistics.fmean(drawn) == pytest.approx((0.5 + 1.0 + 3.0) / 3, abs=0.001)


def test_keyed_numbers_are_spread_evenly() -> None:
    drawn = [keyed_uniform(1, draw, "learning", "money") for draw in range(4000)]
    assert statistics.fmean(drawn) == pytest.approx(0.5, abs=4 * 0.2887 / 4000**0.5)
    assert statistics.pstdev(drawn) == pytest.approx(1 / 12**0.5, abs=0.01)
    assert min(drawn) > 0 and max(drawn) < 1


def test_draw_nought_is_the_central_set() -> None:
    central = beliefs(money=belief())
    assert central.drawn(0, seed=7) == central


def test_a_draw_is_the_same_every_time_and_differs_between_draws_seeds_and_names() -> None:
    central = beliefs(money=belief(), other=belief())
    first = central.drawn(1, seed=7)
    assert first == central.drawn(1, seed=7)
    seen = {
        first.values.learning.money,
        first.values.learning.other,
        central.drawn(2, seed=7).values.learning.money,
        central.drawn(1, seed=8).values.learning.money,
    }
    assert len(seen) == 4


def test_neither_order_nor_company_changes_a_draw() -> None:
    one, two = belief(), belief(value=0.01)
    forwards = Beliefs(records={"a": {"x": one, "y": two}, "b": {"z": one}})
    backwards = Beliefs(records={"b": {"z": one}, "a": {"y": two, "x": one}})
    alone = Beliefs(records={"a": {"y": two}})
    drawn = forwards.drawn(3, seed=1)
    assert drawn == backwards.drawn(3, seed=1)
    assert drawn.values.a.y == alone.drawn(3, seed=1).values.a.y


def test_only_response_beliefs_are_redrawn() -> None:
    central = beliefs(money=belief(), carry=belief(kind="level"), rule=belief(distribution="fixed"))
    drawn = central.drawn(1, seed=1).values.learning
    assert drawn.money != 0.02
    assert (drawn.carry, drawn.rule) == (0.02, 0.02)


def test_the_entries_of_a_table_move_together() -> None:
    table = belief(value=[1.0, 10.0], low=[0.0, 5.0], high=[2.0, 15.0])
    for draw in range(1, 30):
        first, second = beliefs(table=table).drawn(draw, seed=1).values.learning.table
        assert (first - 1.0) / 1.0 == pytest.approx((second - 10.0) / 5.0)


def test_values_are_numbers_and_tuples_by_name_and_cannot_be_changed() -> None:
    values = beliefs(money=belief(), table=belief(value=[1, 2], low=[0, 0], high=[3, 3])).values
    assert values.learning.money == 0.02
    assert values.learning.table == (1.0, 2.0)
    with pytest.raises(AttributeError, match=r"beliefs\.learning has no 'mony'.*'money'"):
        values.learning.mony  # noqa: B018
    with pytest.raises(AttributeError, match="beliefs has no 'lerning'"):
        values.lerning  # noqa: B018
    with pytest.raises(AttributeError, match="cannot be changed"):
        values.learning.money = 1.0


def test_values_and_beliefs_survive_pickling() -> None:
    central = beliefs(money=belief(), table=belief(value=[1, 2], low=[0, 0], high=[3, 3]))
    assert pickle.loads(pickle.dumps(central)) == central
    assert pickle.loads(pickle.dumps(central.values)) == central.values


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": 0.06}, r"0\.06 is outside its range 0\.005 to 0\.05; give a value inside it"),
        ({"value": [0.01, 0.06], "low": [0, 0], "high": [1, 0.05]}, "outside its range"),
        ({"value": [0.01, 0.02]}, "need the same length; they have 2, 1, 1"),
        ({"value": float("nan")}, "is not a finite number"),
        ({"value": "much"}, "is not a finite number"),
        ({"value": True}, "is not a finite number"),
        ({"distribution": "lognormal", "low": 0.0}, "needs a low above 0"),
        ({"moves": {}}, "at least 1 item"),
        ({"moves": {"attainment8": "up"}}, r"'\+' or '-'"),
        ({"source": ""}, "at least 1 character"),
        ({"unitt": "SD"}, "Extra inputs are not permitted"),
    ],
)
def test_a_record_that_is_not_whole_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        belief(**changes)


def _table() -> str:
    """Return the dotted name of a belief that is a table of numbers."""
    records = compose("baseline").beliefs.records
    return next(
        f"beliefs.{group}.{name}"
        for group, named in records.items()
        for name, record in named.items()
        if isinstance(record.value, tuple)
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [("[0.01]", "is a list"), ("[]", "is a list"), ("{value: [0.01]}", "is a list"),
     ("9" * 399, "not allowed|not a finite"), ("null", "not allowed|not a finite")],
)  # fmt: skip
def test_a_list_where_a_number_is_meant_is_refused(value: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        compose("baseline", [f"beliefs.money.return_per_thousand={value}"])


@pytest.mark.parametrize(("value", "said"), [("0.5", "Give a list of"), ("[0.5]", "1 numbers")])
def test_a_number_where_a_table_is_meant_is_refused(value: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        compose("baseline", [f"{_table()}={value}"])
