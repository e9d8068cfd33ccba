"""Children are counted where they live and where they go to school: the same children."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sim.config import compose
from sim.record.variables import AT_SCHOOL, STANDS
from sim.study.cells import at, simulate
from sim.tabulate import evaluate

PAIRS = {here: there for here, there in AT_SCHOOL.items() if here not in STANDS}
TWINS = {here: there for here, there in PAIRS.items() if here != there}


@pytest.fixture(scope="module")
def england() -> xr.Dataset:
    words = ("world=england", "years=1", "machine.threads=1")
    return simulate(at(compose("baseline", words), 0, 0))


def test_within_closed_borders_every_area_teaches_its_own_children(baseline: xr.Dataset) -> None:
    for here, there in TWINS.items():
        assert baseline[here].values.any(), here
        np.testing.assert_array_equal(baseline[here], baseline[there], err_msg=here)
    np.testing.assert_array_equal(baseline["own_area_n"], baseline["pupils"])
    for name in ("attainment8", "disadvantaged_share", "pupils_on_roll"):
        home, school = (evaluate(baseline, name, by, years=0) for by in ("area", "school_area"))
        np.testing.assert_allclose(home.values, school.values, rtol=1e-12)


def test_pupils_of_several_years_are_those_of_a_mean_year(baseline: xr.Dataset) -> None:
    pooled = evaluate(baseline, "pupils_on_roll")
    years = [int(year) for year in pooled.attrs["years"].split(", ")]
    assert len(years) > 1
    each = [evaluate(baseline, "pupils_on_roll", years=year).values for year in years]
    np.testing.assert_allclose(pooled.values, np.mean(each, axis=0))


@pytest.mark.slow
def test_across_open_borders_areas_differ_and_the_nation_does_not(england: xr.Dataset) -> None:
    for here, there in TWINS.items():
        home, school = england[here].values, england[there].values
        np.testing.assert_allclose(home.sum(axis=1), school.sum(axis=1), rtol=1e-9, err_msg=here)
        assert (np.abs(home - school).sum(axis=(0, 2)) > 0).mean() > 0.95, here
    own = evaluate(england, "own_area_share", years=0).sel(group="all").item()
    assert 0.9 < own < 0.97  # about one secondary pupil in ten and one primary pupil in forty


@pytest.mark.slow
def test_rates_of_schools_are_nearer_to_published_rates_of_authorities(england: xr.Dataset) -> None:
    from sim.data import facts

    areas = facts.areas()
    code = {c: i for i, c in enumerate(areas.code.tolist())}
    rows = [code[str(one)] for one in england["area"].values]
    pupils = areas.pupils_primary + areas.pupils_secondary
    rate = (
        areas.pupils_primary * areas.fsm_primary + areas.pupils_secondary * areas.fsm_secondary
    ) / pupils
    published = rate[rows]
    apart = {}
    for by in ("area", "school_area"):
        share = evaluate(england, "disadvantaged_share", by, years=0).values.ravel()
        line = np.polynomial.Polynomial.fit(published, share, 1)
        apart[by] = float(np.std(share - line(published)))
    assert apart["school_area"] < apart["area"]


@pytest.mark.slow
def test_nowhere_have_more_children_a_good_school_in_reach_than_live_there(
    england: xr.Dataset,
) -> None:
    assert (england["good_school_n"] <= england["home_pupils"]).all()
    share = (england["good_school_n"] / england["home_pupils"]).mean().item()
    assert 0.5 < share < 1
