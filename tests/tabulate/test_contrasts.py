import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.config.marks import SHARING
from sim.results.shapes import as_cells
from sim.tabulate import declared, pairwise, ranking
from sim.tabulate.contrasts import probability_best, regret
from tests.example import example_dataset

FIFTHS = "fifth 1 less fifth 5"
# Three policies (columns) in four draws (rows), worked by hand: A is best in draws 1 and 2, B in
# draw 3, and B and C share draw 4.
HAND = np.array([[3.0, 1.0, 2.0], [5.0, 4.0, 0.0], [1.0, 4.0, 3.0], [0.0, 2.0, 2.0]])
TABLES = arrays.arrays(
    float, st.tuples(st.integers(1, 6), st.integers(2, 5)), elements=st.integers(-20, 20)
)


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return example_dataset(["baseline", "flat", "pupil_need", "gap_triggered"], draws=8, areas=10)


def test_three_policies_in_four_draws_by_hand() -> None:
    assert probability_best(HAND).tolist() == [2 / 4, 1.5 / 4, 0.5 / 4]
    # What each loses: A 0 0 3 2, B 2 1 0 0, C 1 5 1 0.
    assert regret(HAND).tolist() == [5 / 4, 3 / 4, 7 / 4]


@given(TABLES, st.permutations(range(5)))
def test_the_order_of_policies_changes_nothing(values: np.ndarray, order: list[int]) -> None:
    mixed = [i for i in order if i < values.shape[1]]
    for figure in (probability_best, regret):
        assert figure(values[:, mixed]) == pytest.approx(figure(values)[mixed])


@given(TABLES, st.lists(st.integers(-9, 9), min_size=6, max_size=6))
def test_what_all_policies_share_in_a_draw_cancels(values: np.ndarray, shift: list[int]) -> None:
    moved = values + np.array(shift[: len(values)])[:, None]
    for figure in (probability_best, regret):
        assert figure(moved) == pytest.approx(figure(values))


@given(TABLES)
def test_somebody_is_always_best_and_nobody_gains_by_regret(values: np.ndarray) -> None:
    assert probability_best(values).sum() == pytest.approx(1)
    assert (regret(values) >= 0).all()
    always = probability_best(values) == 1
    assert (regret(values)[always] == 0).all()


def test_no_draw_says_nothing() -> None:
    assert np.isnan(probability_best(np.empty((0, 3)))).all()
    assert np.isnan(regret(np.empty((0, 3)))).all()


def test_each_policy_is_held_against_each_other_both_ways(results: xr.Dataset) -> None:
    rows = pairwise(results)
    pairs = set(zip(rows["scenario"], rows["less"], strict=True))
    names = {"flat", "pupil_need", "gap_triggered"}
    assert pairs == {(a, b) for a in names for b in names if a != b}
    keys = ["measure", "place"]
    there = rows.set_index([*keys, "scenario", "less"])[["value", "low", "high"]]
    back = rows.set_index([*keys, "less", "scenario"])[["value", "high", "low"]].loc[there.index]
    np.testing.assert_allclose(there.to_numpy(), -back.to_numpy(), atol=1e-12)
    assert set(rows["declared"]) == {"no"}


def test_a_pair_is_the_difference_of_their_differences(results: xr.Dataset) -> None:
    rows = pairwise(results).set_index(["measure", "place", "scenario", "less"])["value"]
    alone = declared(results).set_index(["measure", "place", "scenario"])["value"]
    key = ("attainment8", FIFTHS)
    assert rows[(*key, "flat", "pupil_need")] == pytest.approx(
        alone[(*key, "flat")] - alone[(*key, "pupil_need")]
    )


def test_doubt_that_two_policies_share_does_not_widen_their_difference(
    results: xr.Dataset,
) -> None:
    cells = as_cells(results).copy(deep=True)
    shift = cells["draw"] * cells["ks4_n"] * (cells["scenario"] != "baseline")
    moved = cells.assign(attainment8_sum=cells["attainment8_sum"] + shift)
    wide = declared(moved)["high"] - declared(moved)["low"]
    assert wide.max() > 2 * (declared(cells)["high"] - declared(cells)["low"]).max()
    columns = ["value", "low", "high"]
    np.testing.assert_allclose(pairwise(moved)[columns], pairwise(cells)[columns], atol=1e-9)
    ranked = ranking(cells).query("scenario != 'baseline'")
    assert len(ranked) == 3 * 2
    assert set(ranked["place"]) == {"All areas"}  # of a difference of fifths no value is best


def test_ranking_counts_only_draws_in_which_all_were_run(results: xr.Dataset) -> None:
    cells = as_cells(results)
    lost = (cells["scenario"] == "flat") & (cells["draw"] > 5)
    rows = ranking(cells.isel(cell=np.flatnonzero(~lost.values)))
    assert set(rows["draws"]) == {5}
    assert set(rows["scenario"]) == {"baseline", "flat", "pupil_need", "gap_triggered"}
    for _, mine in rows.groupby(["measure", "place"]):
        assert mine["probability_best"].sum() == pytest.approx(1)


def test_one_policy_has_nobody_to_be_held_against() -> None:
    assert pairwise(example_dataset(["baseline", "flat"], draws=2, areas=5)).empty


def test_no_draws_of_beliefs_rank_nobody() -> None:
    rows = ranking(example_dataset(["baseline", "flat"], draws=0, replicates=2, areas=5))
    assert set(rows["draws"]) == {0}
    assert rows["probability_best"].isna().all()


def test_other_money_stands_in_no_ranking_and_in_no_pair(results: xr.Dataset) -> None:
    """A policy with new money would win by that, and by nothing that it does."""
    told = {"flat": {"new_money_gbp": 1e9}, "pupil_need": {"rule": "nff"}}
    given = results.assign_attrs({SHARING: json.dumps(told)})
    ranked = ranking(given)
    assert set(ranked["scenario"]) == {"baseline", "pupil_need", "gap_triggered"}
    for _, mine in ranked.groupby(["measure", "place"]):
        assert mine["probability_best"].sum() == pytest.approx(1)
    pairs = pairwise(given)
    assert not {"flat"} & {*pairs["scenario"], *pairs["less"]}
    assert set(declared(given)["scenario"]) == set(declared(results)["scenario"]), "shown, though"
