from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.config.models import Trigger
from sim.funding.census import Census, GapHistory, GapSums
from sim.funding.trigger import FULL, UNKNOWN, award, pool, shrink
from sim.money import IntArray
from tests.funding.schools import POINT, many

ONES = np.ones(1, dtype=np.int64)
TWO = np.ones(2, dtype=np.int64)
AREA = ONES


def sums(
    dis: list[list[float]], oth: list[list[float]] | None = None, pupils: int = 20, sd: float = 0.9
) -> GapSums:
    """Return results with given yearly means by school, every cohort of the same size."""
    columns: list[IntArray] = []
    for means in (dis, dis if oth is None else oth):
        mean = np.array(means)
        n = np.full(mean.shape, pupils)
        square = n * mean**2 + (n - 1) * sd**2
        columns += [n, np.rint(n * mean * POINT).astype(np.int64)]
        columns += [np.rint(square * POINT).astype(np.int64)]
    return GapSums(*columns)


def no_award(census: Census) -> IntArray:
    return np.full(len(census), UNKNOWN)


def trigger(**keys: Any) -> Trigger:
    return Trigger(**keys)


def test_the_gap_against_the_nation_ignores_how_others_do() -> None:
    near = pool(
        sums([[-0.4, -0.5, -0.6]], [[0.1, 0.1, 0.1]]), trigger(against="national"), ONES, AREA
    )
    far = pool(
        sums([[-0.4, -0.5, -0.6]], [[0.9, 0.9, 0.9]]), trigger(against="national"), ONES, AREA
    )
    assert near.gap[0] == pytest.approx(0.5)
    assert far.gap[0] == near.gap[0]


def test_the_gap_in_the_own_school_is_others_less_disadvantaged() -> None:
    own = pool(
        sums([[-0.4, -0.5, -0.6]], [[0.2, 0.1, 0.3]]), trigger(against="own_school"), ONES, AREA
    )
    assert own.gap[0] == pytest.approx(0.7)
    nation = pool(sums([[-0.4, -0.5, -0.6]]), trigger(against="national"), ONES, AREA)
    assert own.variance[0] > nation.variance[0]


def test_the_gap_in_the_own_area_is_its_others_less_the_schools_disadvantaged() -> None:
    # Area 5: others of 10 at 0.4 and of 30 at 0.0, so 0.1 together. Area 2: 20 at 0.6, alone.
    given = sums([[-0.5] * 3, [-0.2] * 3, [-0.5] * 3], [[0.4] * 3, [0.0] * 3, [0.6] * 3])
    for row, (pupils, mean) in enumerate(((10, 0.4), (30, 0.0), (20, 0.6))):
        given.oth_n[row] = pupils
        given.oth_sum[row] = round(pupils * mean * POINT)
        given.oth_square[row] = round((pupils * mean**2 + (pupils - 1) * 0.81) * POINT)
    area = np.array([5, 5, 2])
    for many_like_it in (np.array([1, 1, 1]), np.array([10, 10, 3])):
        found = pool(given, trigger(against="own_area"), many_like_it, area)
        assert found.gap == pytest.approx([0.6, 0.3, 1.1], abs=1e-5)
        assert found.known.all()
    school = pool(given, trigger(), np.ones(3, np.int64), area)
    assert school.gap == pytest.approx([0.9, 0.2, 1.1], abs=1e-5)


def test_a_school_without_others_has_a_gap_in_its_area_and_none_in_itself() -> None:
    given = sums([[-0.5] * 3, [-0.3] * 3], [[0.2] * 3, [0.1] * 3])
    for values in (given.oth_n, given.oth_sum, given.oth_square):
        values[0] = 0
    area = pool(given, trigger(against="own_area"), TWO, TWO)
    assert area.gap == pytest.approx([0.6, 0.4], abs=1e-5)
    assert pool(given, trigger(), TWO, TWO).known.tolist() == [False, True]


@pytest.mark.parametrize("against", ["national", "own_school", "own_area"])
def test_awards_do_not_hang_on_the_order_of_schools(against: str) -> None:
    census = many(300, seed=7)
    order = np.random.default_rng(3).permutation(300)
    straight = award(census, trigger(against=against), no_award(census)).thousandths
    other = award(census.take(order), trigger(against=against), no_award(census)).thousandths
    assert np.array_equal(straight[order], other)


def test_fewer_years_read_only_the_latest() -> None:
    given = sums([[-0.9, -0.5, -0.1]])
    assert pool(given, trigger(years=1, against="national"), ONES, AREA).gap[0] == pytest.approx(
        0.1
    )
    assert pool(given, trigger(years=2, against="national"), ONES, AREA).gap[0] == pytest.approx(
        0.3
    )
    assert (
        pool(given, trigger(years=1, against="national"), ONES, AREA).variance[0]
        > pool(given, trigger(against="national"), ONES, AREA).variance[0]
    )


def test_the_sampling_variance_is_the_pooled_one_over_cohort_size() -> None:
    gaps = pool(
        sums([[-0.5] * 3], pupils=30, sd=0.9), trigger(years=1, against="national"), ONES, AREA
    )
    assert gaps.variance[0] == pytest.approx(0.81 / 30 + 0.06**2, rel=1e-4)
    assert gaps.cohort[0] == 30


def test_a_school_without_disadvantaged_leavers_is_unknown() -> None:
    given = sums([[-0.5] * 3, [-0.5] * 3])
    given.dis_n[1] = 0
    gaps = pool(given, trigger(against="national"), TWO, TWO)
    assert gaps.known.tolist() == [True, False]


def test_estimates_are_drawn_towards_the_mean_and_small_schools_more() -> None:
    rng = np.random.default_rng(2)
    true = rng.normal(0.5, 0.25, 400)
    size = np.where(np.arange(400) % 2 == 0, 6, 60)[:, None] * np.ones((1, 3), dtype=np.int64)
    mean = -true[:, None] + rng.normal(0, 0.9, (400, 3)) / np.sqrt(size)
    given = GapSums(
        size,
        np.rint(size * mean * POINT).astype(np.int64),
        np.rint((size * mean**2 + 0.81 * (size - 1)) * POINT).astype(np.int64),
        *(size for _ in range(3)),
    )
    many_ones = np.ones(400, dtype=np.int64)
    gaps = pool(given, trigger(against="national"), many_ones, many_ones)
    drawn = shrink(gaps, many_ones)
    assert drawn.mean == pytest.approx(0.5, abs=0.04)
    pull = np.abs(drawn.gap - drawn.mean) / np.abs(gaps.gap - drawn.mean)
    assert pull[::2].mean() < pull[1::2].mean() < 1
    raw, better = np.abs(gaps.gap - true).mean(), np.abs(drawn.gap - true).mean()
    assert better < raw
    assert 0.5 < drawn.reliability < 0.95
    spread = np.std((true - drawn.gap) / drawn.sd)
    assert spread == pytest.approx(1, abs=0.15)


def test_the_ramp_starts_at_the_mean_and_is_full_a_width_above_it() -> None:
    census = many(600, seed=4)
    narrow = award(census, trigger(width_sd=0.05), no_award(census)).thousandths
    wide = award(census, trigger(width_sd=0.3), no_award(census)).thousandths
    assert narrow.max() == FULL
    assert (narrow >= wide).all()
    half = wide[(wide >= 0) & (census.phase == 1)]
    assert 0.35 < (half > 0).mean() < 0.65


def test_the_cliff_stands_half_way_up_the_ramp() -> None:
    census = many(600, seed=4)
    ramp = award(census, trigger(), no_award(census)).thousandths
    cliff = award(census, trigger(shape="cliff"), no_award(census)).thousandths
    assert set(cliff.tolist()) <= {UNKNOWN, 0, FULL}
    assert (cliff[ramp > FULL // 2] == FULL).all()
    assert (cliff[ramp < FULL // 2] <= 0).all()


def test_awards_move_at_most_a_third_of_the_way_and_arrive() -> None:
    census = many(600, seed=4)
    wanted = award(census, trigger(glide=1.0), no_award(census)).thousandths
    now = np.where(wanted < 0, UNKNOWN, FULL - wanted)
    for _ in range(40):
        after = award(census, trigger(), now).thousandths
        moved, way = np.abs(after - now), np.abs(wanted - now)
        assert (moved[wanted >= 0] <= -(-way[wanted >= 0] // 3)).all()
        now = after
    assert np.array_equal(now, wanted)


def test_success_fades_instead_of_falling_off() -> None:
    census = many(60, seed=4)
    nobody = replace(census, gaps=GapHistory(GapSums.zeros(60), GapSums.zeros(60)))
    full = np.full(60, FULL)
    assert set(award(nobody, trigger(), full).thousandths.tolist()) == {FULL - 334}


def test_small_cohorts_get_no_award() -> None:
    census = many(600, seed=4)
    assert census.gaps is not None
    cohort = census.gaps.level.dis_n.sum(axis=1)
    low = award(census, trigger(minimum_cohort=1), no_award(census)).thousandths
    high = award(census, trigger(minimum_cohort=30), no_award(census)).thousandths
    assert (high[cohort < 30] <= 0).all()
    assert np.array_equal(high[cohort >= 30], low[cohort >= 30])


def test_without_history_nobody_has_an_award() -> None:
    census = replace(many(50), gaps=None)
    found = award(census, trigger(), no_award(census))
    assert (found.thousandths == UNKNOWN).all()
    assert found.report.false_share == 0


def test_a_closed_school_has_no_award() -> None:
    census = many(50)
    shut = replace(census, open=np.arange(50) > 0)
    assert award(shut, trigger(), np.full(50, FULL)).thousandths[0] == UNKNOWN


def test_each_yardstick_is_another_trigger() -> None:
    census = many(300)
    found = {
        (on, against): award(census, trigger(on=on, against=against), no_award(census)).thousandths
        for on in ("progress", "level")
        for against in ("national", "own_school", "own_area")
    }
    assert len({awards.tobytes() for awards in found.values()}) == len(found)


def test_the_report_says_how_far_to_trust_the_flags() -> None:
    census = many(2_000, seed=9)
    first = award(census, trigger(), no_award(census))
    assert 0.02 < first.report.false_share < 0.3
    assert first.report.moved == 0
    primary, secondary = first.report.reliability
    assert 0.3 < primary < secondary < 1
    again = award(many(2_000, seed=9), trigger(), first.thousandths)
    assert again.report.moved == 0
    other = award(replace(census, gaps=many(2_000, seed=10).gaps), trigger(), first.thousandths)
    assert 0.05 < other.report.moved < 0.5
