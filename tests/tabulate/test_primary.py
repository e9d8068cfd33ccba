import numpy as np
import pytest
import xarray as xr

from sim.errors import BadRequest
from sim.results.shapes import as_cells
from sim.tabulate import declared, difference, differences, evaluate
from sim.tabulate.intervals import summarise
from tests.example import example_dataset

FIFTHS = "fifth 1 less fifth 5"


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return example_dataset(["baseline", "flat", "pupil_need"])


def test_each_policy_has_four_declared_numbers(results: xr.Dataset) -> None:
    rows = declared(results)
    told = set(zip(rows["scenario"], rows["measure"], rows["place"], strict=True))
    assert len(rows) == len(told) == 8
    assert set(rows["group"]) == {"disadvantaged"}
    assert set(rows["declared"]) == {"yes"}
    assert (rows["verdict"] != "").all()


def test_the_contrast_of_fifths_is_taken_in_each_draw(results: xr.Dataset) -> None:
    cells = as_cells(results)
    found = evaluate(cells, "attainment8", "area_affluence").sel(group="disadvantaged")
    ends = found.sel(place=1).values - found.sel(place=5).values
    luck = {
        (s, d, r): ends[i]
        for i, (s, d, r) in enumerate(
            zip(*(cells[c].values.tolist() for c in ("scenario", "draw", "replicate")), strict=True)
        )
    }
    pairs = {(d, r): v - luck["baseline", d, r] for (s, d, r), v in luck.items() if s == "flat"}
    expected = summarise(np.array(list(pairs.values())), np.array([d for d, _ in pairs]))
    rows = declared(results).set_index(["scenario", "measure", "place"])
    row = rows.loc[("flat", "attainment8", FIFTHS)]
    for column in ("value", "low", "high", "chance_low", "chance_high", "central"):
        assert row[column] == pytest.approx(float(expected[column])), column


def test_shared_doubt_cancels_in_the_contrast(results: xr.Dataset) -> None:
    """A shift common to both fifths of one draw widens neither the contrast nor its interval."""
    cells = as_cells(results).copy(deep=True)
    before = declared(results).set_index(["scenario", "measure", "place"])
    shift = cells["draw"] * cells["ks4_n"] * (cells["scenario"] == "flat")
    moved = declared(cells.assign(attainment8_sum=cells["attainment8_sum"] + shift))
    after = moved.set_index(["scenario", "measure", "place"])
    fifths, england = ("flat", "attainment8", FIFTHS), ("flat", "attainment8", "All areas")
    for column in ("value", "low", "high"):
        assert after.loc[fifths, column] == pytest.approx(before.loc[fifths, column], abs=1e-9)
    width = after["high"] - after["low"]
    assert width[england] > 2 * (before["high"] - before["low"])[england]


def test_one_number_has_one_verdict_however_it_is_asked_for(results: xr.Dataset) -> None:
    alone = difference(results, "attainment8", groups="disadvantaged")
    among = differences(results, ["attainment8", "progress8_gap", "ks2_score"])["attainment8"]
    told = declared(results).query("measure == 'attainment8' and place == 'All areas'")
    for name in ("flat", "pupil_need"):
        word = alone["verdict"].sel(scenario=name).item()
        assert word == among["verdict"].sel(scenario=name, group="disadvantaged").item()
        assert [word] == told.loc[told["scenario"] == name, "verdict"].tolist()


def test_a_table_says_which_of_its_numbers_were_declared(results: xr.Dataset) -> None:
    def told(**asked: object) -> set[str]:
        table = difference(results, "attainment8", **asked)  # type: ignore[arg-type]
        return set(table["declared"].values.ravel())

    both = difference(results, "attainment8")["declared"]
    assert set(both.sel(group="disadvantaged").values.ravel()) == {"yes"}
    assert set(both.drop_sel(group="disadvantaged").values.ravel()) == {"no"}
    assert told(groups="disadvantaged") == {"yes"}
    assert told(by="area_affluence") == told(years=22) == told(years="each") == {"no"}
    assert told(against="flat") == {"no"}
    assert set(declared(results, "flat")["declared"]) == {"no"}


def test_a_world_without_one_of_the_fifths_has_no_contrast() -> None:
    few = example_dataset(["baseline", "flat"], draws=2, areas=3)
    assert set(declared(few)["place"]) == {"All areas"}


def test_before_a_cohort_has_lived_the_policy_there_is_no_number() -> None:
    early = example_dataset(["baseline", "flat"], draws=8, years=8, areas=6)
    rows = declared(early)
    assert rows["value"].isna().all()
    assert set(rows["verdict"]) == {""}
    assert rows["note"].str.startswith("not reached").all()


def test_cells_of_a_sweep_are_not_pooled(results: xr.Dataset) -> None:
    cells = as_cells(results)
    swept = cells.assign_coords(seed=("cell", np.arange(cells.sizes["cell"]) % 2))
    with pytest.raises(BadRequest, match="differ in seed"):
        declared(swept)
