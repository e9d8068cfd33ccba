import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from sim.tabulate.intervals import Summary, student_quantile, student_tail, summarise

DRAWS = np.array([0, 0, 0, 1, 2, 3, 4])
VALUES = np.array([1.0, 1.2, 1.1, 0.5, 2.0, 1.5, 0.8])


@given(st.floats(0.0, 60.0), st.integers(1, 200))
@example(9.302224648959445e-12, 1)
def test_tails_are_those_of_student(t: float, freedom: int) -> None:
    # Near 0 the tail of scipy is off by up to 1e-10 (it works with 1 / (1 + t^2)); its density is
    # exact, so the area under that is the yardstick there.
    near = t < 0.01
    middle = integrate.quad(stats.t(freedom).pdf, 0, t)[0] if near else 0.0
    expected = 1 - 2 * middle if near else 2 * stats.t.sf(t, freedom)
    assert student_tail(t, freedom) == pytest.approx(expected, abs=1e-12)


@given(st.integers(1, 300))
def test_quantiles_are_those_of_student(freedom: int) -> None:
    assert student_quantile(0.9, freedom) == pytest.approx(stats.t.ppf(0.95, freedom), rel=1e-9)


def test_doubt_is_over_draws_and_chance_over_replicates_of_the_central_draw() -> None:
    found = summarise(VALUES[:, None], DRAWS)
    spread = VALUES[3:].std(ddof=1)
    doubt = stats.t.interval(0.9, 3, VALUES[3:].mean(), spread * np.sqrt(1 + 1 / 4))
    mean = stats.t.interval(0.9, 3, VALUES[3:].mean(), stats.sem(VALUES[3:]))
    assert found["value"][0] == pytest.approx(VALUES[3:].mean())
    assert (found["low"][0], found["high"][0]) == pytest.approx(doubt)
    assert (found["mean_low"][0], found["mean_high"][0]) == pytest.approx(mean)
    luck = VALUES[:3]
    # A width, told around the estimate: chance is measured at central beliefs, whose mean differs.
    width = luck.std(ddof=1) * np.sqrt(1 + 1 / 3)
    chance = stats.t.interval(0.9, 2, VALUES[3:].mean(), width)
    assert (found["chance_low"][0], found["chance_high"][0]) == pytest.approx(chance)
    assert found["central"][0] == pytest.approx(VALUES[:3].mean())


def test_two_replicates_give_a_wide_interval_and_not_their_range() -> None:
    found = summarise(np.array([[1.0], [1.2]]), np.zeros(2, np.int64))
    half = stats.t.ppf(0.95, 1) * np.sqrt(0.02) * np.sqrt(1.5)
    assert (found["chance_low"][0], found["chance_high"][0]) == pytest.approx(
        (1.1 - half, 1.1 + half)
    )
    assert half > 10 * 0.1


STUDIES = 20_000
MARGIN = 4 * np.sqrt(0.9 * 0.1 / STUDIES)  # four standard errors of a share of so many studies


@pytest.mark.parametrize("count", [2, 3, 4, 8, 20])
@pytest.mark.parametrize("luck", ["replicates", "draws"])
def test_each_interval_holds_one_more_case_as_often_as_it_says(count: int, luck: str) -> None:
    """Made-up studies: other places and beliefs, normal about a truth of each study's own."""
    rng = np.random.default_rng(count)
    truth, spread = rng.normal(0, 5, STUDIES), rng.uniform(0.1, 3, STUDIES)
    cells = truth + spread * rng.normal(0, 1, (count + 1, STUDIES))
    draw = np.zeros(count, np.int64) if luck == "replicates" else np.arange(1, count + 1)
    kind = "chance_" if luck == "replicates" else ""
    found = summarise(cells[:count], draw)
    inside = (cells[count] > found[f"{kind}low"]) & (cells[count] < found[f"{kind}high"])
    assert inside.mean() == pytest.approx(0.9, abs=MARGIN)
    if luck == "draws":
        mean_inside = (found["mean_low"] < truth) & (truth < found["mean_high"])
        assert mean_inside.mean() == pytest.approx(0.9, abs=MARGIN)


def test_several_replicates_of_a_draw_count_once() -> None:
    twice = summarise(np.array([[1.0], [3.0], [5.0]]), np.array([1, 1, 2]))
    once = summarise(np.array([[2.0], [5.0]]), np.array([1, 2]))
    assert twice["value"] == once["value"]
    assert twice["low"] == once["low"]


def test_too_few_cells_give_no_interval() -> None:
    central_only = summarise(np.array([[1.0], [2.0]]), np.array([0, 0]))
    assert central_only["value"][0] == 1.5
    assert np.isnan(central_only["low"][0])
    assert np.isfinite(central_only["chance_low"][0])
    one_draw = summarise(np.array([[1.0], [9.0]]), np.array([0, 1]))
    assert one_draw["value"][0] == 1.0
    assert np.isnan(one_draw["low"][0])
    only_beliefs = summarise(np.array([[1.0]]), np.array([1]))
    assert only_beliefs["value"][0] == 1.0
    assert np.isnan(only_beliefs["central"][0])


def test_cells_that_agree_exactly_leave_no_doubt() -> None:
    found = summarise(np.ones((3, 1)), np.array([1, 2, 3]))
    assert (found["low"][0], found["value"][0], found["high"][0]) == (1.0, 1.0, 1.0)


def _study(count: int, replicates: int, doubt: float) -> tuple[Summary, NDArray[np.float64]]:
    """Made-up studies, and of each the result of one more draw of beliefs."""
    rng = np.random.default_rng([count, replicates])
    draws = rng.normal(0, 1, (count + 1, STUDIES)) * np.hypot(1, doubt) + 5
    luck = rng.normal(0, 1, (replicates, STUDIES)) + 4  # beliefs at the centre are not the mean
    draw = np.array([0] * replicates + list(range(1, count + 1)))
    return summarise(np.concatenate([luck, draws[:count]]), draw), draws[count]


@pytest.mark.parametrize("doubt", [0.0, 0.5, 3.0])
@pytest.mark.parametrize(("count", "replicates"), [(8, 4), (8, 2), (3, 3), (2, 2), (4, 20)])
def test_chance_is_never_wider_than_the_whole_and_both_stand_around_the_estimate(
    count: int, replicates: int, doubt: float
) -> None:
    found, more = _study(count, replicates, doubt)
    whole, alone = (found[f"{k}high"] - found[f"{k}low"] for k in ("", "chance_"))
    assert (alone <= whole * (1 + 1e-12)).all()
    assert (found["chance_low"] <= found["value"]).all()
    assert (found["value"] <= found["chance_high"]).all()
    assert (found["low"] <= found["chance_low"] + 1e-12).all()
    inside = (found["low"] < more) & (more < found["high"])
    assert inside.mean() >= 0.9 - MARGIN  # knowing more of chance never makes the whole too narrow
    if doubt == 3.0 and count == 8:
        assert inside.mean() == pytest.approx(0.9, abs=MARGIN)


def test_draws_that_vary_less_than_replicates_are_pooled_with_them() -> None:
    found = summarise(np.array([[-3.0], [3.0], [0.0], [1.0], [2.0]]), np.array([0, 0, 1, 2, 3]))
    pooled = np.sqrt((2 * 1.0 + 1 * 18.0) / 3)
    half = stats.t.ppf(0.95, 2) * pooled * np.sqrt(1 + 1 / 3)
    assert (found["low"][0], found["high"][0]) == pytest.approx((1 - half, 1 + half))
    assert (found["mean_low"][0], found["mean_high"][0]) == pytest.approx(
        (1 - half / 2, 1 + half / 2)
    )
    assert (found["chance_low"][0], found["chance_high"][0]) == pytest.approx((1 - half, 1 + half))
