import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.config import compose
from sim.results.shapes import as_cells
from sim.study.cells import at
from sim.tabulate.doubt import beliefs_by_draw, drivers, largest_by_luck, rank_correlation
from tests.example import example_dataset

few = st.lists(st.integers(-5, 5), min_size=3, max_size=12)


@given(few, st.randoms(use_true_random=False))
def test_rank_correlation_is_that_of_spearman(values: list[int], luck: object) -> None:
    other = list(values)
    luck.shuffle(other)  # type: ignore[attr-defined]
    mine = rank_correlation(np.array(values, float), np.array(other, float))
    if len(set(values)) == 1:
        assert np.isnan(mine)
    else:
        assert mine == pytest.approx(stats.spearmanr(values, other).statistic)


@pytest.mark.parametrize(("draws", "looks"), [(8, 36), (8, 5), (20, 36), (60, 36)])
def test_luck_alone_passes_its_bound_in_one_study_of_ten(draws: int, looks: int) -> None:
    rng = np.random.default_rng(3)
    studies = 1500
    order = np.arange(draws) - (draws - 1) / 2
    drawn = rng.permuted(np.broadcast_to(order, (studies, looks, draws)), axis=2)
    largest = np.abs(drawn @ order / (order @ order)).max(axis=1)
    passed = (largest > largest_by_luck(draws, looks)).mean()
    assert 0.02 < passed < 0.14, "no more than one in ten; at few draws values are coarse"


def test_values_by_draw_are_those_that_cells_are_run_with() -> None:
    settings = compose("baseline", ["world=tiny", "seed=3"])
    table = beliefs_by_draw(settings.beliefs, settings.seed, range(4))
    assert table.index.tolist() == [0, 1, 2, 3]
    for draw in range(4):
        cell = at(settings, draw, 0).beliefs
        assert table.loc[draw, "money.return_per_thousand"] == (
            cell.values.money.return_per_thousand
        )
    responses = {
        f"{group}.{name}"
        for group, named in settings.beliefs.records.items()
        for name, belief in named.items()
        if belief.kind == "response"
    }
    assert {str(c).split("[")[0] for c in table.columns} == responses


@pytest.fixture(scope="module")
def cells() -> xr.Dataset:
    return as_cells(example_dataset(["baseline", "flat", "pupil_need"], draws=8, areas=10))


def test_a_belief_that_a_difference_follows_is_found_and_luck_is_not(cells: xr.Dataset) -> None:
    settings = compose("baseline", ["world=tiny"])
    values = beliefs_by_draw(settings.beliefs, 1, range(9))
    lead = values["money.return_per_thousand"]
    worth = xr.DataArray(lead.loc[cells["draw"].values].to_numpy(), dims="cell")
    shift = 5000 * worth * cells["ks4_n"] * (cells["scenario"] == "flat")
    moved = cells.assign(attainment8_sum=cells["attainment8_sum"] + shift)
    rows = drivers(moved, values).query("measure == 'attainment8' and place == 'All areas'")
    first = rows.iloc[0]
    assert (first["scenario"], first["belief"]) == ("flat", "money.return_per_thousand")
    assert first["rho"] == pytest.approx(1.0)
    assert first["beyond_luck"] == "yes"
    assert set(rows["draws"]) == {8}
    others = rows[rows["belief"] != "money.return_per_thousand"]
    assert (others["beyond_luck"] == "yes").mean() < 0.1


def test_beliefs_that_no_draw_moves_and_policies_that_never_differ_are_left_out(
    cells: xr.Dataset,
) -> None:
    settings = compose("baseline", ["world=tiny"])
    values = beliefs_by_draw(settings.beliefs, 1, range(9))
    still = values.assign(**{"money.return_per_thousand": 1.0})
    assert "money.return_per_thousand" not in set(drivers(cells, still)["belief"])
    placebo = cells.isel(cell=np.flatnonzero(cells["scenario"] == "baseline"))
    twice = xr.concat(
        [placebo, placebo.assign_coords(scenario=("cell", ["copy"] * placebo.sizes["cell"]))],
        "cell", data_vars="minimal",
    )  # fmt: skip
    assert drivers(twice, values).empty
