from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.config.models import Funding
from sim.data.base_year import base_year
from sim.data.rates import nff_rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.lines import (
    formula_lines,
    minimum_level,
    need_weighted_rates,
    premium,
    school_led,
    sparsity,
    total_of,
)
from sim.funding.protection import floor_of
from sim.registry import RULES
from tests.funding.schools import FORMULA, many, school

RATES = nff_rates()


def sparse(phase: int, pupils: int, miles: int) -> float:
    years = {"ks3": pupils, "ks4": 0} if phase else {}
    census = school(phase=phase, pupils=pupils, miles=miles, **years)
    return int(sparsity(census, RATES)[0]) / 100


@pytest.mark.parametrize(
    ("phase", "pupils", "miles", "pounds"),
    [
        (0, 74, 2_000, 57_100),  # below half of 21.4 a year group, from 2 miles on
        (0, 74, 9_000, 57_100),
        (0, 74, 1_600, 0),  # at 0.8 of the distance
        (0, 74, 1_800, 28_550),
        (0, 150, 2_000, 0),  # above 21.4 a year group
        (1, 300, 3_000, 83_000),  # 60 a year group: half of 120
        (1, 600, 3_000, 0),
        (1, 300, 2_400, 0),
        (1, 450, 2_700, 20_750),
    ],
)
def test_sparsity_tapers_by_size_and_by_distance(
    phase: int, pupils: int, miles: int, pounds: float
) -> None:
    assert sparse(phase, pupils, miles) == pounds


def test_lines_are_the_nine_of_the_formula_in_order() -> None:
    lines = formula_lines(many(30), RATES)
    assert tuple(lines) == FORMULA
    assert all(amount.dtype == np.int64 for amount in lines.values())


@pytest.mark.parametrize("shut", [{"open": False}, {"pupils": 0}])
def test_a_closed_or_empty_school_gets_nothing(shut: dict[str, Any]) -> None:
    census = school(**({"pupils": 80, "ever6": 4, "miles": 3_000} | shut))
    assert int(total_of(formula_lines(census, RATES))[0]) == 0
    assert int(minimum_level(census, RATES)[0]) == 0
    assert int(premium(census, RATES)[0]) == 0


def test_each_line_is_rounded_once_after_area_cost() -> None:
    # 1,175.00 x 1.00005 would be 1,175.05875; ten-thousandths give 1,175.1175 -> .12.
    census = school(pupils=100, low_prior=1, area_cost=10_001)
    assert int(formula_lines(census, RATES)["low_prior"][0]) == 117_012


def test_a_secondary_level_is_the_mean_over_year_groups() -> None:
    top_heavy = school(phase=1, pupils=500, ks3=100, ks4=400)
    assert int(minimum_level(top_heavy, RATES)[0]) == 500 * 599_500


def test_need_weight_multiplies_the_three_deprivation_factors_only() -> None:
    census = many(50)
    plain, heavy = formula_lines(census, RATES), formula_lines(census, RATES, 2.0)
    for clause in FORMULA:
        factor = 2 if clause in ("fsm", "fsm6", "idaci") else 1
        assert np.abs(heavy[clause] - factor * plain[clause]).max() <= 1
    fsm, _, bands = need_weighted_rates(RATES, 1.5)
    assert fsm == (73_500, 73_500)
    assert bands[0][0] == 102_000


def test_the_weighted_rule_at_weight_one_is_the_formula() -> None:
    census, funding = many(50), Funding()
    formula = RULES.get("nff")(census, RATES, funding)
    weighted = RULES.get("need_weighted")(census, RATES, funding)
    for clause in FORMULA:
        assert np.array_equal(formula[clause], weighted[clause])


def test_the_published_formula_takes_no_need_weight() -> None:
    with pytest.raises(BadRequest, match="rule=need_weighted"):
        RULES.get("nff")(many(5), RATES, Funding(need_weight=1.5))


def test_flat_pays_every_pupil_alike_times_area_cost() -> None:
    census = many(50)
    lines = RULES.get("flat")(census, RATES, Funding(rule="flat"))
    assert list(lines) == ["flat"]
    rate = lines["flat"] / (census.pupils * census.area_cost)
    assert rate.max() / rate.min() == pytest.approx(1, abs=1e-6)


def test_every_rule_says_which_line_balances_and_who_pays_by_default() -> None:
    assert set(RULES.names()) >= {"flat", "need_weighted", "nff"}
    for name in ("flat", "need_weighted", "nff"):
        meta = RULES.meta(name)
        assert meta["balance"] in RULES.get(name)(many(5), RATES, Funding(rule=name))
        assert meta["closure"] in ("balance", "lower_floor")
        assert -0.05 < floor_of(meta, base_year()) < 0


def test_school_led_money_is_lump_and_sparsity() -> None:
    census = many(50)
    lines = formula_lines(census, RATES)
    assert np.array_equal(school_led(census, RATES), lines["lump"] + lines["sparsity"])


def test_counts_in_fine_parts_that_pass_64_bits_are_refused() -> None:
    census = replace(school(parts=10**9, pupils=100), low_prior=np.array([10**11]))
    with pytest.raises(ValueError, match="coarser parts"):
        formula_lines(census, RATES)


def test_taking_rows_takes_every_column() -> None:
    census = many(20)
    rows = np.array([7, 3])
    part = census.take(rows)
    assert isinstance(part, Census)
    assert part.school.tolist() == census.school[rows].tolist()
    assert part.idaci.shape == (2, 6)
    assert part.gaps is not None and census.gaps is not None
    assert np.array_equal(part.gaps.level.dis_sum, census.gaps.level.dis_sum[rows])
