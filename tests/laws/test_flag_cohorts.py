"""What must hold of schools that a trigger flags, whatever beliefs say."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sim.model.allocation import census
from sim.record.flag_variables import TABLES, TRIGGERS
from sim.record.flagged import DECLARED, first_flags
from sim.tabulate import evaluate
from tests.laws import worlds

SIX = "years=6"
OWN = {"gap_triggered": "level_own_school", "gap_progress": "progress_national"}
"""Which declared trigger a scenario pays by."""


def told(name: str, *scenarios: str, overrides: tuple[str, ...] = (SIX,)) -> xr.DataArray:
    """A measure of England by scenario and trigger."""
    found = worlds.cells(*scenarios, overrides=overrides)
    values = evaluate(found, name).squeeze("place", drop=True)
    return values.set_index(cell="scenario")


@pytest.mark.parametrize("scenario", OWN)
def test_the_declared_trigger_is_the_scenarios_own(scenario: str) -> None:
    assert DECLARED[OWN[scenario]] == worlds.settings(scenario).policy.targeting.trigger


@pytest.mark.parametrize("scenario", OWN)
def test_the_cohort_is_whom_the_scenario_flags_first(scenario: str) -> None:
    model = worlds.model(scenario)
    frozen = model.memory.flagged[TRIGGERS.index(OWN[scenario])]
    model.step()
    assert model.nation.made.grants is not None
    assert np.array_equal(frozen, model.nation.made.grants.flags)
    assert 0 < frozen.sum() < frozen.size
    model.close()


def test_the_cohort_is_the_same_in_every_policy_and_in_a_past_of_its_own() -> None:
    baseline, other = worlds.model(), worlds.model("flat")
    assert np.array_equal(baseline.memory.flagged, other.memory.flagged)
    assert np.array_equal(baseline.memory.flagged, first_flags(census(other.nation)))
    baseline.close()
    other.close()
    before = {"flag_year": [0, 1, 2]}
    for scenario in ("flat", "gap_triggered", "raise_all"):
        one, two = worlds.cell("baseline", SIX), worlds.cell(scenario, SIX)
        for name in ("flagged_results_n", "flagged_results_sum"):
            assert np.array_equal(one[name].isel(before), two[name].isel(before))


def test_the_placebo_is_the_baseline_in_its_flag_cohorts() -> None:
    placebo, baseline = worlds.cell("gap_placebo", SIX), worlds.cell("baseline", SIX)
    for name in TABLES:
        assert np.array_equal(placebo[name].values, baseline[name].values), name
    assert (told("flagged_gap_caused", "baseline", "gap_placebo") == 0).all()


@pytest.mark.parametrize("scenario", [*OWN, "pupil_need", "flat"])
def test_without_an_effect_of_money_nothing_is_caused_bit_for_bit(scenario: str) -> None:
    off = (SIX, "switches.money=false")
    caused = told("flagged_gap_caused", "baseline", scenario, overrides=off)
    assert (caused == 0).all()
    funded = told("flagged_gap_caused", "baseline", scenario)
    assert (funded != 0).all()


def test_what_is_caused_and_what_shrinks_by_itself_make_up_the_change() -> None:
    names = ("gap_placebo", "gap_triggered", "gap_progress")
    naive = told("flagged_gap_naive", "baseline", *names)
    caused = told("flagged_gap_caused", "baseline", *names)
    for scenario in names:
        own, without = naive.sel(cell=scenario), naive.sel(cell="gap_placebo")
        assert np.array_equal(caused.sel(cell=scenario), own - without)


def test_flags_follow_the_very_results_that_others_record() -> None:
    """Leavers of the flagged schools are among all leavers, and none is counted twice."""
    cell = worlds.cell("gap_triggered", SIX)
    everybody = cell["ks2_n"].sel(year=slice(-2, 6)).sum("group").values
    counted = cell["flagged_results_n"].sum("side").sel(trigger="level_own_school")
    primary = counted.sel(phase="primary")
    assert (primary.sum("area").values > 0).all()
    assert (primary.sum("area").values < everybody.sum(axis=1)).all()


def test_false_flags_are_some_and_not_most() -> None:
    share = told("false_flag_share", "baseline", "gap_triggered", "pupil_need")
    assert ((share > 0.05) & (share < 0.5)).all()
    # Without the policy: the same schools, the same luck, so the same share under each.
    assert np.array_equal(share.sel(cell="gap_triggered"), share.sel(cell="pupil_need"))


def test_a_run_too_short_tells_no_gap() -> None:
    naive = told("flagged_gap_naive", "baseline", "gap_triggered", overrides=())
    assert naive.isnull().all()


def test_years_asked_for_change_nothing_of_what_has_its_own() -> None:
    found = worlds.cells("baseline", "gap_triggered", overrides=(SIX,))
    for name in ("flagged_gap_naive", "flagged_gap_caused", "false_flag_share"):
        one, each = (evaluate(found, name, years=years) for years in (None, "each"))
        assert (each.isel(year=0, drop=True) == one).all()


def test_flagged_gaps_shrink_without_a_pound() -> None:
    found = worlds.cells("baseline", replicates=4, overrides=(SIX,))
    naive = evaluate(found, "flagged_gap_naive").squeeze("place").mean("cell")
    assert naive.sel(part="level_own_school") < -0.02
    assert naive.sel(part="progress_national") < 0
    # Against what the years change everywhere: primaries, where all is in one unit.
    poor = found.isel(group=slice(1, None)).sum(["cell", "area", "group"])
    counts = found.sel(phase="primary", trigger="progress_national", side="disadvantaged")
    flagged = counts.sum(["cell", "area"])

    def progress(years: slice) -> tuple[float, float]:
        all_of, mine = (
            poor.sel(year=years).sum("year"),
            flagged.sel(flag_year=years).sum("flag_year"),
        )
        return (
            float(mine["flagged_results_sum"] / mine["flagged_results_n"]),
            float(all_of["ks2_progress_sum"] / all_of["ks2_progress_n"]),
        )

    before, after = progress(slice(-2, 0)), progress(slice(4, 6))
    assert before[0] < before[1] - 0.05
    assert after[0] - before[0] > after[1] - before[1] + 0.01
