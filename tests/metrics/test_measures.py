"""Every measure against sums added up by hand, and the public list of names."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.errors import BadRequest
from sim.registry import MEASURES
from sim.tabulate import (
    ABSENT,
    BY,
    available,
    catalogue,
    describe,
    difference,
    evaluate,
    held,
    measure,
    variables_for,
)
from tests.example import example_dataset

PUBLIC = {
    "funding_per_pupil",
    "resource_gap",
    "targeted_undercoverage",
    "targeted_leakage",
    "teacher_access",
    "teacher_turnover",
    "early_years_score",
    "ks2_score",
    "ks2_progress",
    "attainment8",
    "attainment8_gap",
    "ks4_gap_index",
    "progress8",
    "progress8_gap",
    "post16_options",
    "choice_available",
    "choice_taken",
    "choice_rewarded",
    "route_shares",
    "technical_completion",
    "technical_pay_return",
    "post16_sustained_rate",
    "level3_rate",
    "he_rate",
    "high_tariff_rate",
    "degree_completion_rate",
    "good_degree_rate",
    "professional_job_rate",
    "local_professional_jobs_filled",
    "left_to_get_on_share",
    "offer_ratio",
    "promotion_rate",
    "pay",
    "opportunity_index",
    "outcome_index",
    "worse_off_share",
    "cost_per_gain",
    "exchequer_return",
}
LAST = slice(-5, None)


@pytest.fixture(scope="module")
def cells() -> xr.Dataset:
    return example_dataset(
        ["baseline", "pupil_need", "flat"], draws=2, replicates=2, layout="cells"
    )


def _sum(cells: xr.Dataset, name: str, groups: slice, areas: Any = 1.0) -> Any:
    weight = cells["weight"].values * areas
    return np.einsum("cyag,a->c", cells[name].values[:, LAST, :, groups].astype(float), weight)


OTHER, POOR, ALL = slice(0, 1), slice(1, 5), slice(0, 5)


def test_every_public_name_is_there_or_absent_with_its_reason() -> None:
    assert set(available()) | set(ABSENT) >= PUBLIC
    assert not set(available()) & set(ABSENT)
    assert all(why.startswith("needs the lever") for why in ABSENT.values())


def test_an_absent_measure_is_refused_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ABSENT, "tutored_share", "needs the lever schools.tutoring")
    with pytest.raises(BadRequest, match=r"tutored_share.*needs the lever schools\.tutoring"):
        describe("tutored_share")
    status = {r["name"]: r["status"] for r in catalogue()}
    assert status["tutored_share"] == "absent: needs the lever schools.tutoring"


def test_a_name_nobody_knows_gets_the_nearest() -> None:
    with pytest.raises(BadRequest, match="Did you mean 'attainment8'"):
        measure(example_dataset(["baseline"], draws=0, replicates=1), "atainment8")


@pytest.mark.parametrize("name", available())
def test_every_measure_has_label_unit_direction_shelf_and_a_worked_example(name: str) -> None:
    one = describe(name)
    assert one.title and one.unit
    assert one.direction in ("up", "down", "none")
    assert one.shelf in ("opportunity", "attainment", "outcome")
    assert ">>>" in (one.function.__doc__ or "")


def test_the_catalogue_lists_every_measure() -> None:
    status = {r["name"]: r["status"] for r in catalogue()}
    assert set(status) >= PUBLIC
    assert status["he_rate"] == status["opportunity_index"] == "available"


@pytest.mark.parametrize("name", available())
def test_every_measure_by_every_breakdown_is_finite(cells: xr.Dataset, name: str) -> None:
    one = describe(name)
    for by in one.by:
        found = evaluate(cells, name, by, years=24 if one.age == "age30" else None)
        assert set(found.dims) <= {"cell", "place", "group", "part"}
        kept = found.sel(cell=found["scenario"] == "pupil_need")
        assert np.isfinite(kept.sel(group="disadvantaged") if "group" in kept.dims else kept).all()


@pytest.mark.parametrize("name", available())
def test_what_is_read_from_the_store_is_enough(cells: xr.Dataset, name: str) -> None:
    part = cells[list(variables_for([name]))].assign_coords(cells.coords)
    for by in describe(name).by:
        xr.testing.assert_identical(evaluate(part, name, by), evaluate(cells, name, by))


def test_what_results_hold_is_told_by_breakdown(cells: xr.Dataset) -> None:
    assert set(held(cells, "england")) == set(available())
    part = cells.drop_vars(["pupils_q", "targeted_unit_sum"])
    assert "funding_per_pupil" in held(part, "region")
    assert "funding_per_pupil" not in held(part, "school_affluence")
    assert "targeted_leakage_formula" not in held(part, "region")
    for name in held(part, "school_affluence"):
        evaluate(part, name, "school_affluence")


def test_a_table_says_whom_it_counts_and_where(cells: xr.Dataset) -> None:
    told = {
        ("attainment8", "area"): "children, in the area they grew up in",
        ("attainment8", "area_affluence"): "children, in the area they grew up in",
        ("attainment8", "school_area"): "pupils, in the area their school stands in",
        ("funding_per_pupil", "area"): "pupils, in the area their school stands in",
        ("attainment8", "school_affluence"): "children, by the school nearest to their home",
        ("attainment8", "england"): "",
    }
    for (name, by), words in told.items():
        for table in (measure(cells, name, by), difference(cells, name, by)):
            assert table.attrs["counts"] == words
    counts = {one["name"]: one.get("by_area_it_counts") for one in catalogue()}
    assert counts["pay"] == told["attainment8", "area"]
    assert counts["opportunity_index"].startswith("results count children")


def test_results_by_the_area_of_the_school_are_those_of_its_pupils(cells: xr.Dataset) -> None:
    found = evaluate(cells, "attainment8", "school_area", years=20).sel(group="all")
    at = {"year": 20, "cell": 0}
    top, bottom = (cells[f"{n}_s"].sel(at).sum("group") for n in ("attainment8_sum", "ks4_n"))
    np.testing.assert_allclose(found.isel(cell=0).values, (top / bottom).values, rtol=1e-12)
    assert found["place"].values.tolist() == cells["area"].values.tolist()


def test_what_was_counted_at_home_only_is_not_told_by_the_area_of_the_school(
    cells: xr.Dataset,
) -> None:
    for name in ("he_rate", "pay", "opportunity_index", "post16_options"):
        with pytest.raises(BadRequest, match=r"exists by .* only, not by school_area"):
            evaluate(cells, name, "school_area")


def test_levels_are_ratios_of_weighted_sums(cells: xr.Dataset) -> None:
    pairs = {
        "attainment8": ("attainment8_sum", "ks4_n"),
        "ks2_score": ("ks2_sum", "ks2_n"),
        "early_years_score": ("early_sum", "early_n"),
        "ks2_progress": ("ks2_progress_sum", "ks2_progress_n"),
        "progress8": ("progress8_sum", "progress8_n"),
        "funding_per_pupil": ("pounds_sum", "pupils"),
        "teacher_turnover": ("turnover_sum", "pupils"),
        "novice_share": ("novice_sum", "pupils"),
        "english_maths_rate": ("english_maths_pass", "ks4_n"),
    }
    for name, (top, bottom) in pairs.items():
        found = evaluate(cells, name).sel(place="All areas", group="disadvantaged").values
        expected = _sum(cells, top, POOR) / _sum(cells, bottom, POOR)
        np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=name)


def test_gaps_are_differences_of_levels(cells: xr.Dataset) -> None:
    affluent = (cells["affluence"].values == 1).astype(float)
    level = [
        _sum(cells, "attainment8_sum", g, affluent) / _sum(cells, "ks4_n", g, affluent)
        for g in (OTHER, POOR)
    ]
    found = evaluate(cells, "attainment8_gap", "area_affluence").sel(place=1).values
    np.testing.assert_allclose(found, level[0] - level[1], rtol=1e-12)
    access = [_sum(cells, "quality_sum", g) / _sum(cells, "pupils", g) for g in (OTHER, POOR)]
    np.testing.assert_allclose(
        evaluate(cells, "teacher_access").values[:, 0], access[1] - access[0], rtol=1e-9
    )


def test_both_gaps_to_others_agree_for_england_in_year_0(cells: xr.Dataset) -> None:
    local = evaluate(cells, "attainment8_gap", years=0).values
    national = evaluate(cells, "attainment8_gap_national", years=0).values
    np.testing.assert_allclose(local, national, rtol=1e-12)


def test_the_gap_index_matches_its_probability_of_outranking(cells: xr.Dataset) -> None:
    index = evaluate(cells, "ks4_gap_index", years=0).values[:, 0]
    hist = cells["hist"].sel(year=0, stage="ks4").values.astype(float)
    other, poor = hist[:, 0], hist[:, 1:].sum(1)
    below = poor.cumsum(1) - poor / 2
    outranks = (other * below).sum(1) / other.sum(1) / poor.sum(1)
    np.testing.assert_allclose(index / 20 + 0.5, outranks, rtol=1e-9)
    spread = np.sqrt(2) * np.vectorize(NormalDist().inv_cdf)(outranks)  # about 14.4 / 20 SD
    assert ((spread > 0.6) & (spread < 0.85)).all()


def test_undercoverage_and_leakage(cells: xr.Dataset) -> None:
    cells = example_dataset(["baseline", "area_list_eia"], draws=0, replicates=1, layout="cells")
    arm = cells.isel(cell=[1])
    poor = cells["affluence"].values == 5
    reached, pupils = (_sum(arm, n, POOR, poor) for n in ("targeted_reached", "pupils"))
    found = measure(cells, "targeted_undercoverage", by="area_affluence")["value"]
    assert np.isnan(found.sel(scenario="baseline")).all()
    np.testing.assert_allclose(found.sel(scenario="area_list_eia", place=5), 1 - reached / pupils)
    assert found.sel(scenario="area_list_eia", place=1) == 1.0
    pounds = [_sum(arm, "targeted_sum", g) for g in (OTHER, ALL)]
    spread, leak, formula = (
        measure(cells, name)["value"].sel(scenario="area_list_eia").item()
        for name in ("targeted_leakage_spread", "targeted_leakage", "targeted_leakage_formula")
    )
    assert spread == pytest.approx((pounds[0] / pounds[1]).item())
    assert leak == pytest.approx(0.4 * spread), "schools keep 0.6 for those it is meant for"
    assert formula <= leak <= spread
    share = measure(cells, "targeted_share", by="area_affluence")["value"]
    assert share.sel(scenario="area_list_eia").sum() == pytest.approx(1.0)
    by_area = measure(cells, "targeted_share", by="area")["value"].sel(scenario="area_list_eia")
    assert (by_area.values @ cells["weight"].values) == pytest.approx(1.0)


def test_worse_off_counts_pupils_of_groups_that_fall(cells: xr.Dataset) -> None:
    arm = cells.isel(cell=np.flatnonzero(cells["scenario"] == "flat"))
    base = cells.isel(cell=np.flatnonzero(cells["scenario"] == "baseline"))
    draw = arm["draw"].values
    fell, everyone = 0.0, 0.0
    rows = np.flatnonzero(draw == 0)
    sums = [
        d[n].values[rows][:, LAST].astype(float).sum(1).mean(0)
        for d in (arm, base)
        for n in ("attainment8_sum", "ks4_n")
    ]
    now, then = sums[0] / sums[1], sums[2] / sums[3]
    weight = cells["weight"].values[:, None] * sums[1]
    fell = (weight * (then - now > 0.42)).sum()
    everyone = weight.sum()
    found = evaluate(cells, "worse_off_share").sel(group="all", place="All areas")
    one = found.sel(cell=(found["scenario"] == "flat") & (found["draw"] == 0))
    assert one.item() == pytest.approx(fell / everyone)
    assert 0 < fell < everyone


def test_a_paired_measure_without_its_baseline_says_so(cells: xr.Dataset) -> None:
    alone = cells.isel(cell=np.flatnonzero(cells["scenario"] == "flat"))
    with pytest.raises(BadRequest, match="no scenario 'baseline'"):
        measure(alone, "worse_off_share")


def test_cost_per_gain_is_money_over_gain_and_silent_when_there_is_none() -> None:
    cells = example_dataset(["baseline", "pupil_need", "flat"], layout="cells")
    table = measure(cells, "cost_per_gain")
    moved, gained = [], []
    for draw in range(1, 9):
        arm, base = (
            cells.isel(cell=np.flatnonzero((cells["scenario"] == s) & (cells["draw"] == draw)))
            for s in ("pupil_need", "baseline")
        )
        a8, n = (arm[k].values[0, LAST].astype(float).sum(0) for k in ("attainment8_sum", "ks4_n"))
        b8 = base["attainment8_sum"].values[0, LAST].sum(0)
        weight = cells["weight"].values[:, None]
        gained.append((weight * (a8 - b8 * n / n))[:, 1:].sum() / 21.0)
        moved.append(_sum(arm, "targeted_sum", ALL)[0])
    expected = 1 / np.mean(np.array(gained) / np.array(moved))
    one = table.sel(scenario="pupil_need", place="All areas")
    assert one["value"].item() == pytest.approx(expected)
    assert one["low"] < one["value"] < one["high"]
    assert np.isnan(table["value"].sel(scenario="flat")).all()
    words = difference(cells, "cost_per_gain")["verdict"]
    assert set(words.values.ravel().tolist()) == {""}, "the baseline costs nothing: no difference"
    assert "not defined" in table.attrs["note"]


def test_equal_places_have_no_inequality(cells: xr.Dataset) -> None:
    same = cells.copy()
    same["cost_adjusted_sum"] = 6000.0 * cells["need_weight_sum"]
    assert evaluate(same, "resource_theil").values == pytest.approx(0.0, abs=1e-12)
    assert evaluate(same, "resource_mcloone").values == pytest.approx(1.0)


def test_the_index_is_zero_for_others_in_year_0_and_its_parts_average(cells: xr.Dataset) -> None:
    for name in ("opportunity_index", "opportunity_index_inputs"):
        start = evaluate(cells, name, years=0).sel(group="other", place="All areas")
        assert start.values == pytest.approx(0.0, abs=1e-9)
    base = cells.isel(cell=np.flatnonzero(cells["scenario"].values == "baseline"))
    parts = evaluate(base, "opportunity_parts", "area_affluence").mean("part")
    whole = evaluate(base, "opportunity_index", "area_affluence")
    np.testing.assert_allclose(parts.values, whole.values)
    assert measure(cells, "opportunity_parts").sizes["part"] == 5
    assert measure(cells, "opportunity_index").attrs["note"] == ""


def test_what_no_policy_moves_is_left_out_of_the_index_and_named(cells: xr.Dataset) -> None:
    whole = evaluate(cells, "opportunity_index")
    parts = evaluate(cells, "opportunity_parts")
    used = parts.sel(part=[p for p in parts["part"].values if p != "post16_options"])
    np.testing.assert_allclose(whole.values, used.mean("part").values)
    assert "left out: post-16 options in reach (moved by levers after 16" in whole.attrs["parts"]
    told = difference(cells, "opportunity_index", groups="disadvantaged").attrs["parts"]
    assert told == whole.attrs["parts"]


def test_a_lever_that_moves_a_part_in_one_area_brings_it_into_the_index(cells: xr.Dataset) -> None:
    pulled = cells.copy(deep=True)
    row = int(np.flatnonzero(cells["scenario"].values == "flat")[0])
    pulled["options_sum"][row, -1, 0] += 1
    whole = evaluate(pulled, "opportunity_index")
    assert "left out" not in whole.attrs["parts"]
    np.testing.assert_allclose(whole, evaluate(pulled, "opportunity_parts").mean("part"))
    alone = pulled.isel(cell=np.flatnonzero(cells["scenario"].values == "baseline"))
    assert "left out" not in evaluate(alone, "opportunity_index").attrs["parts"]


def test_no_unit_is_a_word_of_statisticians() -> None:
    for name in available():
        one = describe(name)
        assert "probit" not in f"{one.title} {one.unit}"


def test_shrinking_takes_off_what_small_numbers_add() -> None:
    luck = np.random.default_rng(3)
    cells = example_dataset(["baseline"], draws=0, replicates=1, areas=90, layout="cells")
    n = np.full(cells["ks4_n"].shape, 40.0)
    truth = luck.normal(45, 2.0, 90)[None, None, :, None]
    noise = luck.normal(0, 20, n.shape) / np.sqrt(n)
    cells["ks4_n"] = (cells["ks4_n"].dims, n)
    cells["attainment8_sum"] = (cells["ks4_n"].dims, n * (truth + noise))
    many = cells["ks4_n_q"].values.astype(float)
    cells["attainment8_sum_q"] = (cells["ks4_n_q"].dims, many * 45)
    cells["attainment8_square_q"] = (cells["ks4_n_q"].dims, many * (45**2 + 20**2))
    shrunk = evaluate(cells, "attainment8_spread", years=3).sel(group="deep_long").item()
    raw = (truth + noise)[0, 6, :, 4].std()
    assert raw > 3.0
    assert shrunk == pytest.approx(2.0, abs=0.9)


def test_a_plug_in_that_describes_itself_badly_is_refused() -> None:
    MEASURES.add("half_described", title="x")(lambda sums: sums)
    MEASURES.add(
        "wrong_need", title="x", unit="x", direction="up", shelf="attainment", needs=("ks4",)
    )(lambda sums: sums["ks4"])
    try:
        with pytest.raises(BadRequest, match="does not declare direction, needs, shelf, unit"):
            describe("half_described")
        with pytest.raises(BadRequest, match="needs='ks4' is not known"):
            describe("wrong_need")
    finally:
        for name in ("half_described", "wrong_need"):
            del MEASURES._entries[name]


def test_breakdowns_are_checked(cells: xr.Dataset) -> None:
    with pytest.raises(BadRequest, match="Did you mean 'region'"):
        measure(cells, "attainment8", by="regions")
    with pytest.raises(BadRequest, match="by england only"):
        measure(cells, "ks4_gap_index", by="region")
    with pytest.raises(BadRequest, match="do not hold ks4_n"):
        measure(cells.drop_vars("ks4_n"), "attainment8")
    assert BY[0] == "england"


def test_the_dose_is_targeted_money_over_the_disadvantaged_pupils_it_reaches(
    cells: xr.Dataset,
) -> None:
    arm = cells.isel(cell=np.flatnonzero(cells["scenario"] == "pupil_need"))
    dose = evaluate(cells, "pounds_per_pupil_reached").sel(place="All areas")
    expected = _sum(arm, "targeted_sum", ALL) / _sum(arm, "targeted_reached", POOR)
    found = dose.sel(cell=dose["scenario"] == "pupil_need")
    np.testing.assert_allclose(found.values, expected)
    flat = dose.sel(cell=dose["scenario"] == "flat")
    assert (flat > 0).all(), "what the formula moves is a dose too"
    assert "baseline" not in dose["scenario"].values
