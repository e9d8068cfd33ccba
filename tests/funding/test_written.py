"""Laws of a formula that is written down: what it pays, what gives way, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.config import compose
from sim.config.formula import LINES, PARTS, Formula
from sim.config.models import Funding, Policy
from sim.data.base_year import base_year
from sim.data.rates import nff_rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.grants import FundingMemory, Grants, When
from sim.funding.lines import formula_lines, minimum_level, school_led
from sim.funding.written import solved_weights, written_level, written_lines
from sim.money import exact_sum
from sim.year.allocation import allocate
from tests.funding.schools import many, policy, years

THINK_TANK = Formula(
    basic=(500_000,) * 3, fsm6=(250_000,) * 2, lump=(12_000_000,) * 2, area_cost=False
)
HELD: dict[str, Any] = {"rule": "rates", "rates": THINK_TANK, "floor": -0.015}


def published(year: str) -> Formula:
    words = ["policy.funding.rule=rates", f"policy.funding.rates=nff_{year.replace('-', '_')}"]
    found = compose("baseline", words).policy.funding.rates
    assert found is not None
    return found


def changed(formula: Formula, **rates: Any) -> Formula:
    return Formula.model_validate({**dict(formula), **rates})


def paying(formula: Formula, **more: Any) -> Policy:
    return policy({**HELD, "rates": formula, **more})


def same(one: list[Grants], other: list[Grants]) -> bool:
    return all(
        np.array_equal(a.lines[clause], b.lines[clause])
        for a, b in zip(one, other, strict=True)
        for clause in a.lines | b.lines
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_the_published_file_is_the_published_formula_to_the_penny(weighted: bool) -> None:
    census = many(300, weighted=weighted)
    funding = compose("baseline", ["policy.funding.rule=rates"]).policy.funding
    for arm in ({}, {"arm": "pupil_need"}):
        ours, memory = years(census, policy(dict(funding), **arm))
        theirs, other = years(census, policy(**arm))
        assert same(ours, theirs) and list(ours[0].lines) == list(theirs[0].lines)
        assert [one.solved for one in ours] == [one.solved for one in theirs]
        assert np.array_equal(memory.led, other.led)


@pytest.mark.parametrize("year", ["2023-24", "2024-25", "2025-26"])
def test_a_file_gives_the_published_lines_on_a_given_census(year: str) -> None:
    census, rates = many(300), nff_rates(year)
    ours = written_lines(census, base_year().rates, published(year))
    theirs = formula_lines(census, rates)
    assert list(ours) == list(theirs) == list(LINES)
    assert all(np.array_equal(ours[clause], theirs[clause]) for clause in theirs)
    level = written_level(census, base_year().rates, published(year))
    assert np.array_equal(level, minimum_level(census, rates))


def times(formula: Formula, factor: int, *names: str) -> Formula:
    """The same formula with some of its rates multiplied."""

    def more(rates: Any) -> Any:
        return tuple(more(one) if isinstance(one, tuple) else factor * one for one in rates)

    return changed(formula, **{name: more(getattr(formula, name)) for name in names})


@pytest.mark.parametrize("line", ["basic", "fsm6", "idaci"])
def test_doubling_every_rate_of_the_line_that_is_solved_changes_nothing(line: str) -> None:
    formula = changed(published("2024-25"), solve=line)
    if line != "basic":
        # What else is paid leaves the line enough to meet a pot with.
        formula = changed(formula, basic=(250_000, 350_000, 400_000), minimum=(0, 0, 0))
    census = many(300, weighted=True)
    one, _ = years(census, paying(formula))
    for factor in (2, 3):
        other, _ = years(census, paying(times(formula, factor, line)))
        assert same(one, other)
        for a, b in zip(one, other, strict=True):
            assert b.solved[0] == pytest.approx(a.solved[0] / factor, rel=1e-6)


def test_doubling_every_rate_of_a_formula_of_one_line_changes_nothing() -> None:
    only = Formula(basic=(350_100, 500_300, 560_700), area_cost=False)
    doubled = times(only, 2, *(name for name in PARTS))
    census = many(200)
    assert same(years(census, paying(only))[0], years(census, paying(doubled))[0])


def test_weights_are_the_line_itself_where_rates_are_those_of_the_year() -> None:
    census, rates, formula = many(50), base_year().rates, published("2024-25")
    lines = written_lines(census, rates, formula)
    assert solved_weights(census, rates, formula, lines) is lines["basic"]


def test_the_factor_is_what_the_written_line_is_multiplied_by() -> None:
    census = many(300, weighted=True)
    memory = FundingMemory()
    for year in (-1, 0, 1):
        grants = allocate(census, paying(THINK_TANK), memory, When(year, first_past=year == -1))
    written = written_lines(census, base_year().rates, THINK_TANK)["basic"]
    for key in (0, 1):
        rows = census.phase == key
        many_of = census.multiplicity[rows]
        paid = exact_sum(grants.lines["basic"][rows], many_of)
        assert grants.solved[key] == paid / exact_sum(written[rows], many_of)
        each = grants.lines["basic"][rows] / census.pupils[rows]
        assert each == pytest.approx(grants.solved[key] * 500_000, abs=1)
    assert np.array_equal(grants.lines["fsm6"], 250_000 * census.ever6)
    assert (grants.lines["lump"] == 12_000_000).all()


def test_floors_leave_the_national_lump_sum_and_sparsity_aside_whatever_a_file_pays() -> None:
    """Abolishing the lump sum is not left unprotected: pupil-led money has to make up for it."""
    census = many(400)
    without = changed(published("2024-25"), lump=(0, 0), sparsity=(0, 0))
    (first, *_), _ = years(census, paying(without), 1)
    memory = FundingMemory()
    for year in (-1, 0):
        grants = allocate(census, policy(), memory, When(year, first_past=year == -1))
    again = allocate(census, paying(without), memory.copy(), When(1))
    aside = school_led(census, base_year().rates)
    led_before = grants.total - grants.premium - aside
    led_now = again.from_pot - aside
    assert aside.min() > 0 and again.on_floor.any() and first.on_floor.any()
    assert (led_now >= np.floor(led_before * 0.985) - 1).all()


def test_the_slice_comes_off_basic_entitlement_never_off_the_line_that_is_solved() -> None:
    formula = changed(
        published("2024-25"), solve="fsm6", basic=(300_000, 400_000, 450_000), minimum=(0, 0, 0)
    )
    census = many(300)
    chosen = Policy(funding=paying(formula).funding, targeting=policy(arm="pupil_need").targeting)
    (first, *_), _ = years(census, chosen, 1)
    basic, given = first.lines["basic"], first.slice
    for phase in (0, 1):
        rows = census.phase == phase
        share = given[rows] / basic[rows]
        assert share == pytest.approx(given[rows].sum() / basic[rows].sum(), rel=1e-4)


def test_a_file_without_basic_gives_the_slice_in_proportion_to_pupil_led_money() -> None:
    formula = Formula(
        solve="low_prior", low_prior=(900_000,) * 2, fsm6=(400_000,) * 2, lump=(5_000_000,) * 2
    )
    census = many(300)
    chosen = Policy(
        funding=paying(formula, floor=-1.0).funding, targeting=policy(arm="pupil_need").targeting
    )
    (first, *_), _ = years(census, chosen, 1)
    led = first.lines["low_prior"] + first.lines["fsm6"]
    rows = (census.phase == 0) & (led > 0)
    assert first.slice.sum() > 0
    assert first.slice[rows] / led[rows] == pytest.approx(
        first.slice[rows].sum() / led[rows].sum(), rel=1e-3
    )


def test_without_a_line_that_is_solved_new_money_is_what_is_missed() -> None:
    census = many(300, weighted=True)
    for basic in (200_000, 600_000):
        formula = changed(THINK_TANK, solve=None, basic=(basic,) * 3)
        for grants in years(census, paying(formula, closure="external"))[0]:
            assert (np.sign(grants.new_money[0]) > 0) == (basic == 600_000)
            assert grants.solved == {0: 1.0, 1: 1.0}
            assert grants.lines["basic"].max() <= basic * census.pupils.max() * 2


@pytest.mark.parametrize("free", ["keep", "free"])
@pytest.mark.parametrize("closure", ["balance", "lower_floor", "external"])
def test_every_pot_is_met_to_the_penny(free: str, closure: str) -> None:
    # `years` runs Grants.check, which compares with Python integers.
    chosen = paying(THINK_TANK, phase=free, closure=closure)
    for grants in years(many(200, weighted=True), chosen)[0]:
        assert set(grants.solved) == set(grants.pots)


def test_what_cannot_be_afforded_is_told_with_year_phase_pounds_and_a_factor_that_fits() -> None:
    dear = changed(THINK_TANK, fsm6=(3_000_000,) * 2)
    census = many(300)
    with pytest.raises(
        BadRequest, match=r"year 1, primary schools: .* more than the pot of GBP"
    ) as told:
        years(census, paying(dear), 1)
    factor = float(str(told.value).partition("rates times ")[2].partition(" ")[0])
    assert 0 < factor < 1
    fits = changed(
        THINK_TANK,
        fsm6=(round(3_000_000 * factor), 100),
        lump=(round(12_000_000 * factor),) * 2,
    )
    memory = FundingMemory()
    for year in (-1, 0, 1):
        grants = allocate(census, paying(fits), memory, When(year, first_past=year == -1))
    left = grants.lines["basic"][census.phase == 0].sum()
    assert grants.pots[0] / 10 * 0.99 < left < grants.pots[0] / 10 * 1.1


def test_the_line_that_is_solved_carries_a_tenth_of_its_pot_or_is_refused() -> None:
    thin = changed(published("2024-25"), solve="mobility")
    with pytest.raises(BadRequest, match=r"less than a tenth|more than the pot"):
        years(many(300), paying(thin, minimum_levels=False, floor=-1.0), 1)


def test_rates_that_no_line_meets_the_pot_with_need_new_money() -> None:
    with pytest.raises(ValueError, match="without a line that is solved miss the pot"):
        Funding(rule="rates", rates=changed(THINK_TANK, solve=None))


def test_a_rule_without_rates_pays_the_published_ones() -> None:
    census = many(60)
    told = {"floor": base_year().yearly_floor / 10**6}
    assert same(years(census, policy({"rule": "rates", **told}))[0], years(census, policy())[0])


def test_a_weight_on_need_is_refused_where_rates_are_written() -> None:
    with pytest.raises(BadRequest, match="need_weight=2 has no meaning under rule 'rates'"):
        years(many(20), policy({**HELD, "need_weight": 2.0}), 1)


def test_no_area_cost_is_none() -> None:
    census: Census = many(100)
    flat = replace(census, area_cost=np.full_like(census.area_cost, 10_000))
    rates = base_year().rates
    one = written_lines(census, rates, THINK_TANK)
    other = written_lines(flat, rates, changed(THINK_TANK, area_cost=True))
    assert all(np.array_equal(one[clause], other[clause]) for clause in one)
