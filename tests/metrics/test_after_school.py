"""What comes after sixteen: exposure by cohort, given attainment apart from raw, like for like."""

import numpy as np
import pytest
import xarray as xr

from sim.codes import OCCUPATIONS, REGIONS
from sim.record.adult_variables import BANDS
from sim.tabulate import describe, difference, evaluate, measure
from sim.tabulate.verdicts import DECLARED, WORDS
from tests.example import example_dataset


@pytest.fixture(scope="module")
def cells() -> xr.Dataset:
    return example_dataset(
        ["baseline", "flat", "pupil_need"], draws=8, replicates=2, layout="cells"
    )


def test_a_year_names_a_cohort_and_its_school_years_under_the_policy(cells: xr.Dataset) -> None:
    path = measure(cells, "professional_job_rate", years="each")
    lived = path["exposure"].sel(year=[0, 11, 12, 22, 23, 24]).values.tolist()
    assert lived == [0, 0, 1, 11, 12, 12]
    headline = measure(cells, "professional_job_rate")
    assert headline.attrs["years"] == "23, 24"
    assert headline.attrs["exposure"] == 12
    assert measure(cells, "level3_rate").attrs["years"] == "20, 21, 22, 23, 24"


@pytest.mark.parametrize(
    ("name", "age", "full"),
    [("pay", "age 30", 28), ("professional_job_rate", "age 25", 23), ("level3_rate", "age 19", 17)],
)
def test_what_no_exposed_cohort_has_reached_is_not_reached(name: str, age: str, full: int) -> None:
    short = example_dataset(["baseline"], draws=0, replicates=1, years=full - 1, areas=5)
    table = measure(short, name)
    assert table["value"].isnull().all()
    assert table.attrs["note"].startswith(f"not reached: full exposure at {age} takes {full} ")
    assert np.isfinite(measure(short, name, years=full - 1)["value"]).all()


def test_a_professional_job_is_among_the_declared_measures(cells: xr.Dataset) -> None:
    assert "professional_job_rate" in {one.measure for one in DECLARED}
    assert describe("professional_job_rate").minimum == 0.003
    assert describe("he_rate").minimum == 0.005
    table = difference(cells, "professional_job_rate", "area_affluence", "disadvantaged")
    words = set(table["verdict"].values.ravel())
    assert words <= set(WORDS)
    assert np.isfinite(table["low"]).all()


def test_given_attainment_ignores_who_has_which_attainment(cells: xr.Dataset) -> None:
    """People move between bands, rates inside bands stay: only the raw rate moves."""
    changed = cells.copy()
    step = xr.ones_like(cells["age19_band"]) * np.arange(1, BANDS + 1)
    later = step.where(cells["year"] > 0, 1)
    for name in ("age19_band", "level3_band"):
        changed[name] = cells[name] * later
    for name, total in (("age19_n", "age19_band"), ("level3_n", "level3_band")):
        changed[name] = changed[total].sum("band")
    by = "area_affluence"
    raw = [evaluate(c, "level3_rate", by, years=20).values for c in (cells, changed)]
    given = [evaluate(c, "level3_given_attainment", "area", years=20).values
             for c in (cells, changed)]  # fmt: skip
    assert (raw[1] > raw[0] + 0.02).all()
    np.testing.assert_allclose(given[0], given[1])


def test_given_attainment_is_the_raw_rate_of_the_nation_in_year_0(cells: xr.Dataset) -> None:
    for given, raw in (
        ("level3_given_attainment", "level3_rate"),
        ("he_given_attainment", "he_rate"),
        ("professional_given_attainment", "professional_job_rate"),
    ):
        found, level = (evaluate(cells, n, years=0).sel(group="all") for n in (given, raw))
        np.testing.assert_allclose(found.values, level.values, rtol=1e-9)


def test_the_reward_of_a_choice_does_not_hang_on_who_chooses_what(cells: xr.Dataset) -> None:
    changed = cells.copy()
    times = xr.DataArray(np.arange(1.0, 7.0), dims="route").where(cells["year"] > 0, 1.0)
    for name in ("took_route", "rewarded_route"):
        changed[name] = cells[name] * times
    found = [evaluate(c, "choice_rewarded", "area", years=24).values for c in (cells, changed)]
    np.testing.assert_allclose(found[0], found[1])


def test_like_applicants_with_like_offers_give_a_ratio_of_one_whatever_the_raw_one(
    cells: xr.Dataset,
) -> None:
    same = cells.copy()
    rate = np.linspace(0.05, 0.3, 16)
    applied = cells["offers"].values[..., 0].astype(float)
    steps = np.stack([applied, applied * 2 * rate, applied * rate], axis=-1)
    same["offers"] = (cells["offers"].dims, steps)
    assert evaluate(same, "offer_ratio").values == pytest.approx(1.0)
    assert (evaluate(same, "offer_ratio_raw").values < 0.9).all()
    steps[:, :, OCCUPATIONS.index("working"), :, 2] *= 0.85
    assert evaluate(same, "offer_ratio").values == pytest.approx(0.85)


def test_staying_local_is_never_scored_as_failure(cells: xr.Dataset) -> None:
    """Everybody who left works in the home region instead: no index and no reward moves."""
    stay = cells.copy()
    stay["home_skilled_n"] = cells["skilled_n"]
    for name in ("left_n", "moved_n"):
        stay[name] = cells[name] * 0
    for name in ("outcome_index", "opportunity_index", "choice_rewarded", "professional_job_rate"):
        xr.testing.assert_identical(evaluate(stay, name), evaluate(cells, name))
    assert (evaluate(stay, "left_to_get_on_share") == 0).all()


def test_the_outcome_index_is_nought_for_others_in_year_0_and_the_mean_of_its_parts(
    cells: xr.Dataset,
) -> None:
    start = evaluate(cells, "outcome_index", years=0).sel(group="other", place="All areas")
    assert start.values == pytest.approx(0.0, abs=1e-9)
    parts = evaluate(cells, "outcome_parts", "area_affluence")
    assert parts["part"].values.tolist() == ["level3", "degree", "skilled_job", "pay_rank"]
    whole = evaluate(cells, "outcome_index", "area_affluence")
    np.testing.assert_allclose(parts.mean("part").values, whole.values)


def test_everybody_can_rise_because_ranks_are_those_of_year_0(cells: xr.Dataset) -> None:
    start = evaluate(cells, "pay_rank", years=0).sel(group="all", place="All areas").values
    assert start == pytest.approx(0.5)
    richer = cells.copy()
    moved = np.roll(cells["pay25_band"].values, 1, axis=-1)
    richer["pay25_band"] = cells["pay25_band"].where(cells["year"] <= 0, moved)
    assert (evaluate(richer, "pay_rank").sel(group="all") > 0.55).all()


def test_local_jobs_are_those_of_the_region_of_work(cells: xr.Dataset) -> None:
    changed = cells.copy()
    here = cells["work_region"] == "London"
    changed["jobs25_home_n"] = cells["jobs25_home_n"].where(~here, cells["jobs25_n"])
    by_region = evaluate(changed, "local_professional_jobs_filled", "region")
    assert set(by_region["place"].values.tolist()) <= set(REGIONS)
    assert by_region.sel(place="London").values == pytest.approx(1.0)
    assert (by_region.drop_sel(place="London") < 0.8).all()
    assert evaluate(changed, "local_professional_jobs_filled").sizes["place"] == 1


def test_routes_add_up_to_one(cells: xr.Dataset) -> None:
    shares = evaluate(cells, "route_shares", "region")
    np.testing.assert_allclose(shares.sum("part").values, 1.0)


def test_places_by_isolation_are_told_apart(cells: xr.Dataset) -> None:
    table = measure(cells, "left_to_get_on_share", by="area_isolation", years=0)
    assert table["place"].values.tolist() == [1, 2, 3, 4, 5]
    names = table["place_name"].values.tolist()
    assert names[0].endswith("(least isolated)")
    assert names[4].endswith("(most isolated)")
    everywhere = table["value"].sel(group="other", scenario="baseline")
    assert everywhere[4] > everywhere[0]


def test_tax_comes_back_only_when_somebody_earns_more() -> None:
    cells = example_dataset(["baseline", "pupil_need"], draws=2, years=30, layout="cells")
    found = evaluate(cells, "exchequer_return")
    assert (found > 0).all()
    assert (found.sel(part="to_67") > 15 * found.sel(part="year_at_30")).all()
    same = cells.copy()
    base = cells["tax30_sum"].isel(cell=np.flatnonzero(cells["scenario"] == "baseline"))
    again = np.concatenate([base.values, base.values])
    same["tax30_sum"] = (cells["tax30_sum"].dims, again)
    assert evaluate(same, "exchequer_return").values == pytest.approx(0.0)


def test_the_published_value_prices_every_point_gained_at_16() -> None:
    cells = example_dataset(["baseline", "pupil_need"], draws=2, years=16, layout="cells")
    found = evaluate(cells, "exchequer_return_published")
    assert (found > 0).all()
    np.testing.assert_allclose(found.sel(part="tax"), 0.28 * found.sel(part="earnings"))
    doubled = cells.copy()
    base = np.flatnonzero(cells["scenario"].values == "baseline")
    other = np.flatnonzero(cells["scenario"].values == "pupil_need")
    points = cells["attainment8_sum"].values.copy()
    points[other] += points[other] - points[base]
    doubled["attainment8_sum"] = (cells["attainment8_sum"].dims, points)
    twice = evaluate(doubled, "exchequer_return_published")
    np.testing.assert_allclose(twice.values, 2 * found.values)
