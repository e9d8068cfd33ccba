from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.config.models import Trigger
from sim.money import IntArray
from sim.rules.census import Census, GapHistory, GapSums
from sim.rules.trigger import FULL, UNKNOWN, award, pool, shrink
from tests.rules.schools import POINT, many

ONES = np.ones(1, dtype=np.int64)


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
    near = pool(sums([[-0.4, -0.5, -0.6]], [[0.1, 0.1, 0.1]]), trigger(), ONES)
    far = pool(sums([[-0.4, -0.5, -0.6]], [[0.9, 0.9, 0.9]]), trigger(), ONES)
    assert near.gap[0] == pytest.approx(0.5)
    assert far.gap[0] == near.gap[0]


def test_the_gap_in_the_own_place_is_others_less_disadvantaged() -> None:
    own = pool(sums([[-0.4, -0.5, -0.6]], [[0.2, 0.1, 0.3]]), trigger(against="own_place"), ONES)
    assert own.gap[0] == pytest.approx(0.7)
    nation = pool(sums([[-0.4, -0.5, -0.6]]), trigger(), ONES)
    assert own.variance[0] > nation.variance[0]


def test_fewer_years_read_only_the_latest() -> None:
    given = sums([[-0.9, -0.5, -0.1]])
    assert pool(given, trigger(years=1), ONES).gap[0] == pytest.approx(0.1)
    assert pool(given, trigger(years=2), ONES).gap[0] == pytest.approx(0.3)
    assert (
        pool(given, trigger(years=1), ONES).variance[0] > pool(given, trigger(), ONES).variance[0]
    )


def test_the_sampling_variance_is_the_pooled_one_over_cohort_size() -> None:
    gaps = pool(sums([[-0.5] * 3], pupils=30, sd=0.9), trigger(years=1), ONES)
    assert gaps.variance[0] == pytest.approx(0.81 / 30 + 0.06**2, rel=1e-4)
    assert gaps.cohort[0] == 30


def test_a_school_without_disadvantaged_leavers_is_unknown() -> None:
    given = sums([[-0.5] * 3, [-0.5] * 3])
    given.dis_n[1] = 0
    gaps = pool(given, trigger(), np.ones(2, dtype=np.int64))
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
    gaps = pool(given, trigger(), np.ones(400, dtype=np.int64))
    drawn = shrink(gaps, np.ones(400, dtype=np.int64))
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
    cohort = census.gaps.progress.dis_n.sum(axis=1)
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


def test_progress_and_level_are_different_triggers() -> None:
    census = many(300)
    one = award(census, trigger(on="progress"), no_award(census)).thousandths
    other = award(census, trigger(on="level"), no_award(census)).thousandths
    assert not np.array_equal(one, other)


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
