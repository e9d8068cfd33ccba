"""Cells of a sweep: one table a setting, and nothing pooled or paired across settings."""

import numpy as np
import pytest
import xarray as xr

from sim.data.base_year import EACH
from sim.errors import BadRequest
from sim.tabulate import available, describe, difference, differences, evaluate, measure
from sim.tabulate.settings import setting_of, swept, table_by_setting
from tests.example import example_dataset

KEY = "beliefs.money.return_per_thousand"
SCALE = {0.005: 1.0, 0.02: 1.5}


def one(value: float) -> xr.Dataset:
    """Results under one value, whose pupils do better the higher it is."""
    cells = example_dataset(["baseline", "flat"], draws=2, replicates=3, areas=5, layout="cells")
    for name in ("attainment8_sum", "attainment8_sum_q", "pounds_sum"):
        cells[name] = cells[name] * SCALE[value]
    return cells.assign_coords({KEY: ("cell", np.full(cells.sizes["cell"], value))})


@pytest.fixture(scope="module")
def both() -> xr.Dataset:
    """Cells of two settings, shuffled."""
    cells = xr.concat([one(value) for value in SCALE], "cell")
    return cells.isel(cell=np.random.default_rng(1).permutation(cells.sizes["cell"]))


def test_what_was_swept_is_what_varies(both: xr.Dataset) -> None:
    assert swept(both) == [KEY]
    assert swept(one(0.02)) == []
    assert set(setting_of(both)) == {(0.005,), (0.02,)}
    assert set(setting_of(one(0.02))) == {()}


@pytest.mark.parametrize("tabulate", [measure, difference])
def test_each_setting_is_the_table_of_its_own_cells(both: xr.Dataset, tabulate: object) -> None:
    assert callable(tabulate)
    found = tabulate(both, "attainment8", by="area_affluence")
    assert sorted(found[KEY].values.tolist()) == [0.005, 0.02]
    for number, value in enumerate(found[KEY].values.tolist()):
        alone = tabulate(one(value).drop_vars(KEY), "attainment8", by="area_affluence")
        mine = found.isel(setting=number, drop=True)
        for name in alone.data_vars:
            if alone[name].dtype.kind == "f":
                np.testing.assert_allclose(mine[name], alone[name], rtol=1e-12, err_msg=str(name))
            else:
                assert mine[name].values.tolist() == alone[name].values.tolist()
        assert mine["replicates"].values.tolist() == alone["replicates"].values.tolist()


def test_without_a_sweep_there_is_no_setting() -> None:
    assert "setting" not in measure(one(0.02), "attainment8").dims


@pytest.mark.parametrize("name", [n for n in available() if describe(n).paired])
def test_a_paired_measure_takes_its_baseline_from_the_same_setting(
    both: xr.Dataset, name: str
) -> None:
    by = describe(name).by[0]
    found = evaluate(both, name, by)
    for value in SCALE:
        alone = evaluate(one(value), name, by)
        mine = found.isel(cell=found[KEY].values == value)
        order = [
            list(zip(cells["draw"].values, cells["replicate"].values, strict=True))
            for cells in (mine, alone)
        ]
        rows = [order[1].index(pair) for pair in order[0]]
        np.testing.assert_array_equal(mine.values, alone.isel(cell=rows).values)


def test_one_family_of_tests_is_not_pooled_over_settings(both: xr.Dataset) -> None:
    with pytest.raises(BadRequest, match=f"differ in {KEY}.*Choose one value"):
        differences(both, ["attainment8"])


def test_settings_may_have_different_numbers_of_cells(both: xr.Dataset) -> None:
    fewer = both.isel(cell=(both[KEY].values == 0.02) | (both["replicate"].values < 2))
    found = table_by_setting(fewer, lambda cells: measure(cells, "attainment8"))
    at = found[KEY].values.tolist().index(0.005)
    assert found["replicates"].isel(setting=at).values.tolist() == [2, 2]
    assert found["replicates"].isel(setting=1 - at).values.tolist() == [3, 3]


# ---- whose prices --------------------------------------------------------------------------------

MONEY = "funding_per_pupil"


def test_a_unit_of_money_names_the_base_year_of_the_results(both: xr.Dataset) -> None:
    usual = one(0.02)
    assert measure(usual, MONEY).attrs["unit"] == describe(MONEY).unit
    other = usual.assign_attrs(base_year="2025-26")
    assert measure(other, MONEY).attrs["unit"] == "GBP a year, 2025-26 prices"
    assert difference(other, MONEY).attrs["unit"] == "GBP a year, 2025-26 prices"
    assert measure(other, "attainment8").attrs["unit"] == describe("attainment8").unit
    assert measure(both, MONEY).attrs["unit"] == describe(MONEY).unit


@pytest.mark.parametrize("first", ["2024-25", "2025-26"])
def test_a_table_over_base_years_says_that_each_is_in_its_own_prices(first: str) -> None:
    second = "2025-26" if first == "2024-25" else "2024-25"
    years = [
        one(0.02).drop_vars(KEY).assign_coords(base_year=("cell", [year] * one(0.02).sizes["cell"]))
        for year in (first, second)
    ]
    found = measure(xr.concat(years, "cell"), MONEY)
    assert found.attrs["unit"] == f"GBP a year, {EACH} prices"
    assert found["base_year"].values.tolist() == [first, second]
    assert measure(years[1], MONEY).attrs["unit"] == f"GBP a year, {second} prices"
