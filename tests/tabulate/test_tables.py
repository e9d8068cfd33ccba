import numpy as np
import pytest
import xarray as xr

from sim.errors import BadRequest
from sim.tabulate import difference, differences, evaluate, frame, measure
from sim.tabulate.verdicts import WORDS
from tests.example import example_cell, example_dataset


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return example_dataset()


def test_a_table_says_what_it_shows(results: xr.Dataset) -> None:
    table = measure(results, "attainment8_gap", by="area_affluence")
    assert table["value"].dims == ("scenario", "place")
    assert table["place"].values.tolist() == [1, 2, 3, 4, 5]
    assert table["place_name"].values[0] == "fifth of areas 1 (most affluent)"
    for column in ("value", "low", "high", "chance_low", "chance_high"):
        assert np.isfinite(table[column]).all()
    assert table.attrs["unit"] == "points"
    assert table.attrs["label"].startswith("Attainment 8 gap")
    assert table.attrs["years"] == "20, 21, 22, 23, 24"
    assert table.attrs["exposure"] == 12
    assert "response beliefs only" in table.attrs["doubt"]
    assert table["draws"].values.tolist() == [8] * 5
    assert table["replicates"].values.tolist() == [2] * 5


def test_grid_cells_and_selections_give_the_same_figures(results: xr.Dataset) -> None:
    from sim.results import as_cells

    whole = measure(results, "attainment8")
    xr.testing.assert_allclose(whole, measure(as_cells(results), "attainment8"))
    part = measure(results.sel(scenario=["flat"]), "attainment8")
    xr.testing.assert_allclose(whole.sel(scenario=["flat"]), part)


def test_one_run_has_a_value_and_no_interval() -> None:
    table = measure(example_cell("flat", areas=6), "attainment8")
    assert np.isfinite(table["value"]).all()
    assert table["low"].isnull().all()
    assert table["chance_low"].isnull().all()
    assert table["scenario"].values.tolist() == ["flat"]


def test_differences_pair_the_same_draw_and_replicate(results: xr.Dataset) -> None:
    table = difference(results, "attainment8", by="region", groups="disadvantaged")
    assert "baseline" not in table["scenario"].values
    per_cell = evaluate(results, "attainment8", "region").sel(group="disadvantaged")
    key = list(zip(per_cell["scenario"].values, per_cell["draw"].values,
                   per_cell["replicate"].values, strict=True))  # fmt: skip
    value = {k: per_cell.values[i] for i, k in enumerate(key)}
    paired = [value["flat", d, 0] - value["baseline", d, 0] for d in range(1, 9)]
    np.testing.assert_allclose(table["value"].sel(scenario="flat")[:, 0], np.mean(paired, 0))
    levels = measure(results, "attainment8", by="region", groups="disadvantaged")
    wide = (levels["high"] - levels["low"]).sel(scenario="flat")
    assert (table["high"] - table["low"]).sel(scenario="flat").mean() < wide.mean() / 3


def test_a_cell_without_its_partner_is_left_out(results: xr.Dataset) -> None:
    from sim.results import as_cells

    cells = as_cells(results.sel(scenario=["baseline", "flat"]))
    stopped = cells.isel(cell=np.flatnonzero((cells["scenario"] == "flat") | (cells["draw"] < 5)))
    assert difference(stopped, "attainment8")["draws"].values.tolist() == [4]
    with pytest.raises(BadRequest, match="nothing to compare"):
        difference(cells.isel(cell=np.flatnonzero((cells["scenario"] == "flat")
                   ^ (cells["draw"] == 3))).isel(cell=[0, -1]), "attainment8")  # fmt: skip


def test_every_number_is_judged_by_itself(results: xr.Dataset) -> None:
    both = differences(results, ["attainment8", "progress8_gap"], by="area_affluence")
    alone = difference(results, "attainment8", by="area_affluence")
    assert (both["attainment8"]["verdict"] == alone["verdict"]).all()
    words = set(alone["verdict"].values.ravel())
    assert words <= set(WORDS)
    assert len(words) > 2


def test_few_draws_print_the_interval_and_run_longer() -> None:
    few = example_dataset(["baseline", "flat"], draws=3, areas=6)
    table = difference(few, "attainment8", by="area_affluence")
    assert set(table["verdict"].values.ravel()) == {"run longer"}
    assert np.isfinite(table["low"]).all()


def test_a_scenario_that_changes_nothing_is_practically_the_same(results: xr.Dataset) -> None:
    placebo = results.sel(scenario=["baseline", "baseline"])
    placebo = placebo.assign_coords(scenario=["baseline", "gap_placebo"])
    for name in ("attainment8", "funding_per_pupil", "teacher_access"):
        table = difference(placebo, name, by="area_affluence")
        assert (table["value"] == 0).all()
        assert set(table["verdict"].values.ravel()) == {"practically the same"}


def test_before_any_cohort_is_exposed_the_headline_is_not_reached() -> None:
    early = example_dataset(["baseline", "flat"], draws=8, years=9, areas=6)
    table = measure(early, "attainment8", by="area_affluence")
    assert table["value"].isnull().all()
    assert table.attrs["note"].startswith("not reached")
    assert table.sizes["place"] == 5
    assert len(frame(table)) == table["value"].size
    assert set(difference(early, "attainment8")["verdict"].values.ravel()) == {""}
    assert np.isfinite(measure(early, "ks2_score")["value"]).all()
    one_year = measure(early, "attainment8", years=8)
    assert np.isfinite(one_year["value"]).all()
    assert one_year.attrs["exposure"] == 6


def test_a_path_keeps_years_apart_and_says_their_exposure(results: xr.Dataset) -> None:
    path = difference(results, "attainment8", groups="disadvantaged", years="each")
    assert path["value"].dims == ("scenario", "year", "place", "group")
    assert path["exposure"].sel(year=[-3, 0, 7, 14, 24]).values.tolist() == [0, 0, 5, 12, 12]
    assert (path["value"].sel(year=slice(-3, 0)) == 0).all()
    assert path["value"].sel(scenario="pupil_need", year=24).item() > 0


def test_groups_are_checked(results: xr.Dataset) -> None:
    deep = measure(results, "attainment8", groups=["deep_long", "shallow_short"])
    assert deep["group"].values.tolist() == ["deep_long", "shallow_short"]
    with pytest.raises(BadRequest, match="Did you mean 'disadvantaged'"):
        measure(results, "attainment8", groups="disadvantage")
    with pytest.raises(BadRequest, match="takes no groups"):
        measure(results, "attainment8_gap", groups="other")


def test_places_and_groups_with_nobody_are_absent() -> None:
    results = example_dataset(["baseline"], draws=0, replicates=2, areas=3)
    table = measure(results, "attainment8", by="region")
    assert table["place"].values.tolist() == ["East Midlands", "East of England", "London"]
    assert measure(results, "attainment8", by="area_affluence")["place"].values.tolist() == [
        1,
        2,
        3,
    ]
    for name in ("ks4_n", "attainment8_sum"):
        results[name] = results[name].where(results["group"] != "deep_long", 0)
    groups = ["disadvantaged", "deep_long"]
    assert measure(results, "attainment8", groups=groups)["group"].values.tolist() == groups[:1]


def test_a_frame_has_one_row_a_figure(results: xr.Dataset) -> None:
    rows = frame(difference(results, "attainment8", by="area_affluence"))
    assert len(rows) == 4 * 5 * 3
    wanted = {"scenario", "place", "place_name", "group", "value", "low", "high", "verdict"}
    assert wanted <= set(rows.columns)
    assert rows.attrs["unit"] == "points"


@pytest.mark.parametrize("world", ["tiny", "tenth", "england"])
def test_the_place_of_all_areas_is_called_so_in_every_world(world: str) -> None:
    results = example_dataset(["baseline", "flat"], draws=0, replicates=2, areas=3)
    results.attrs["world"] = world
    for table in (measure(results, "attainment8"), difference(results, "attainment8")):
        assert table["place"].values.tolist() == ["All areas"]
        assert table["place_name"].values.tolist() == ["All areas"]
