"""What must hold of the whole model, whatever beliefs say: no money, no effect, no background."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sim.record.variables import VARIABLES
from sim.results import content_digest
from sim.tabulate import evaluate
from tests.laws import worlds

ARMS = (
    "area_list_eia", "area_list_oa", "pupil_need", "gap_triggered", "gap_cliff",
    "gap_progress", "gap_own_area", "gap_level_national", "gap_progress_own_school", "mix_need_gap",
)  # fmt: skip
BLACKPOOL = "policy.targeting.areas=[Blackpool]"
RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "flat": ("flat", ()),
    "flat_free_phase": ("flat_free_phase", ()),
    "need_weighted": ("need_weighted", ()),
    "own_list": ("area_list_eia", (BLACKPOOL,)),
    "pupil_need": ("pupil_need", ()),
    "gap_triggered": ("gap_triggered", ()),
    "new_money": ("raise_all", ()),
    "no_premium": ("baseline", ("policy.funding.pupil_premium=false",)),
}


def assert_equal_but_for_flags(one: xr.Dataset, two: xr.Dataset) -> None:
    assert set(one.variables) == set(two.variables)
    for name in one.variables:
        if not (str(name) in VARIABLES and VARIABLES[str(name)].flag):
            # A mark nobody sat is no number, and the same as itself.
            assert one[name].variable.equals(two[name].variable), name
    assert content_digest(one) == content_digest(two)


@pytest.mark.parametrize("arm", ARMS)
def test_an_arm_without_money_is_the_baseline(arm: str, baseline: xr.Dataset) -> None:
    assert_equal_but_for_flags(worlds.cell(arm, "policy.targeting.envelope_gbp=0"), baseline)


@pytest.mark.parametrize("arm", ["area_list_eia_dose", "area_list_oa_dose", "pupil_need_dose"])
def test_a_dose_of_nothing_is_the_baseline(arm: str, baseline: xr.Dataset) -> None:
    assert_equal_but_for_flags(worlds.cell(arm, "policy.targeting.dose_gbp=0"), baseline)


def test_the_placebo_is_the_baseline_in_all_but_its_flags(baseline: xr.Dataset) -> None:
    placebo = worlds.cell("gap_placebo")
    assert_equal_but_for_flags(placebo, baseline)
    assert placebo["flagged_n"].sum() > 0
    assert baseline["flagged_n"].sum() == 0


def test_the_placebo_flags_whom_the_trigger_flags_until_money_has_acted() -> None:
    placebo, funded = worlds.cell("gap_placebo"), worlds.cell("gap_triggered")
    first = {"year": slice(1, 2)}
    assert np.array_equal(placebo["flagged_n"].sel(first), funded["flagged_n"].sel(first))


@pytest.mark.parametrize("rule", RULES)
def test_without_an_effect_of_money_children_are_the_same_under_every_rule(rule: str) -> None:
    scenario, more = RULES[rule]
    without = worlds.cell("baseline", "switches.money=false")
    other = worlds.cell(scenario, *more, "switches.money=false")
    # The rule did something: schools' money differs, children do not.
    assert not np.array_equal(without["pounds_sum"].values, other["pounds_sum"].values)
    left, right = worlds.outcomes(without), worlds.outcomes(other)
    assert left.keys() == right.keys() and without["child"].size > 1000
    for name, values in left.items():
        np.testing.assert_array_equal(values, right[name], err_msg=name)


@pytest.mark.parametrize("rule", RULES)
def test_with_an_effect_of_money_the_same_children_do_differently(rule: str) -> None:
    scenario, more = RULES[rule]
    mine, theirs = worlds.cell("baseline"), worlds.cell(scenario, *more)
    assert np.array_equal(mine["child"].values, theirs["child"].values)
    assert not np.array_equal(mine["attainment8_sum"].values, theirs["attainment8_sum"].values)
    apart = np.abs(mine["child_attainment8"].values - theirs["child_attainment8"].values)
    # Common luck: what differs is what money does, not another draw of a life (SD about 20).
    assert np.median(apart) < 1.0


# Who came late falls short at 16, and seldom has a history of free meals: an effect of background.
ALIKE = (
    "years=1", "policy.funding.pupil_premium=false",
    *(f"switches.{name}=false" for name in (
        "background", "early_support", "critical_mass", "setting", "teachers", "money",
        "admissions", "grammar", "late_arrivals",
    )),
    *(f"beliefs.learning.{name}=0" for name in (
        "area_early", "area_primary", "area_secondary", "small_area_early",
    )),
)  # fmt: skip


def gaps_over_luck(*overrides: str, replicates: int) -> dict[str, float]:
    """The t over replicates of each mean gap: others less disadvantaged pupils, at each stage."""
    found = worlds.cells("flat", replicates=replicates, overrides=(*ALIKE, *overrides))
    out = {}
    for name in ("early_years_score", "ks2_score", "attainment8"):
        score = evaluate(found, name, years=[0, 1]).squeeze("place")
        gap = (score.sel(group="other") - score.sel(group="disadvantaged")).values
        out[name] = float(gap.mean() / (gap.std(ddof=1) / np.sqrt(replicates)))
    return out


@pytest.mark.slow
def test_without_effects_of_background_there_is_no_gap() -> None:
    assert max(map(abs, gaps_over_luck(replicates=20).values())) < 3


def test_with_effects_of_background_there_is_a_gap() -> None:
    assert min(gaps_over_luck("switches.background=true", replicates=4).values()) > 10
