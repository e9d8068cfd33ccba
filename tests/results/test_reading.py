import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import sim.results.combined as combined
from sim.errors import BadRequest
from sim.results import (
    Store,
    as_cells,
    as_grid,
    open_results,
    open_rows,
    stack_cells,
    write_index,
    write_results,
)
from tests.example import example_cell, example_dataset, named

SCENARIOS = ("flat", "baseline")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("outputs")
    store = Store(folder / "cells")
    digests = []
    for scenario in SCENARIOS:
        for draw, replicate in ((0, 0), (0, 1), (1, 0), (2, 0)):
            children = 20 + draw  # panels differ in length, as they do between replicates
            cell = example_cell(scenario, draw, replicate, areas=6, children=children)
            digests.append(named(f"{scenario}{draw}{replicate}"))
            store.put(digests[-1], {}, cell)
    write_index(folder / "studies" / "mine", digests, folder / "cells")
    return folder, digests


def test_a_grid_has_the_dimensions_people_expect(study: tuple[Path, list[str]]) -> None:
    folder, digests = study
    grid = open_results(digests, store=folder / "cells")
    assert {d: grid.sizes[d] for d in ("scenario", "draw", "replicate")} == {
        "scenario": 2,
        "draw": 3,
        "replicate": 2,
    }
    assert grid["scenario"].values.tolist() == list(SCENARIOS)
    assert int(grid["present"].sum()) == 8
    missing = grid["pupils"].sel(scenario="flat", draw=1, replicate=1)
    assert missing.isnull().all()
    one = example_cell("flat", 1, 0, areas=6)
    found = grid["pupils"].sel(scenario="flat", draw=1, replicate=0)
    assert (found.values == one["pupils"].values).all()


def test_every_way_to_name_a_study_gives_the_same(study: tuple[Path, list[str]]) -> None:
    folder, digests = study
    names = ["attainment8_sum", "ks4_n"]
    a = open_results(digests, names, store=folder / "cells")
    b = open_results(folder / "studies" / "mine", names)
    c = open_results(str(write_results(a, folder / "results.nc")), names)
    xr.testing.assert_identical(a.drop_attrs(), b.drop_attrs())
    xr.testing.assert_identical(a.drop_attrs(), c.drop_attrs())
    whole = open_results(folder / "cells", names, layout="cells")
    assert whole.sizes["cell"] == 8


def test_grid_and_cells_turn_into_each_other() -> None:
    cells = example_dataset(SCENARIOS, draws=2, replicates=2, areas=6, layout="cells")
    again = as_cells(as_grid(cells))
    order = [list(zip(*(d[a].values.tolist() for a in ("scenario", "draw", "replicate")),
                      strict=True)) for d in (cells, again)]  # fmt: skip
    again = again.isel(cell=[order[1].index(key) for key in order[0]])
    for name in cells.data_vars:
        assert again[name].dtype == cells[name].dtype
        np.testing.assert_array_equal(again[name].values, cells[name].values)


def test_a_selection_or_a_single_run_is_taken_as_results() -> None:
    grid = example_dataset(SCENARIOS, draws=2, replicates=2, areas=6)
    assert as_cells(grid.sel(scenario="flat")).sizes["cell"] == 4
    assert as_cells(grid.sel(scenario="flat", draw=1)).sizes["cell"] == 1
    single = as_cells(example_cell("flat", 2, 0, areas=6))
    assert single.sizes["cell"] == 1
    assert single["scenario"].item() == "flat"
    assert single["draw"].item() == 2


def test_two_cells_of_one_name_fit_cells_but_no_grid() -> None:
    one = example_cell(areas=6)
    twice = stack_cells([one, one.assign_attrs(seed=2)])
    assert twice.sizes["cell"] == 2
    assert "seed" not in twice.attrs
    with pytest.raises(BadRequest, match=r"or in the code that made them.*layout='cells'"):
        as_grid(twice)


def test_cells_of_different_worlds_or_years_are_not_mixed() -> None:
    one = example_cell(areas=6)
    for other in (example_cell(areas=5), example_cell(areas=6, years=8)):
        with pytest.raises(BadRequest, match="different areas or years"):
            stack_cells([one, other])


def test_children_and_schools_pair_by_id(study: tuple[Path, list[str]]) -> None:
    folder, digests = study
    children = open_rows(digests, "child", store=folder / "cells")
    assert children.sizes["row"] == 2 * (20 + 20 + 21 + 22)
    of = children["scenario"].values
    flat, base = (children.isel(row=np.flatnonzero(of == s)) for s in SCENARIOS)
    assert (flat["child"].values == base["child"].values).all()
    schools = open_rows(folder / "studies" / "mine", "school")
    assert schools["school_pence"].dims == ("clause", "row")
    assert schools.sizes["row"] == 8 * 36


def test_wrong_requests_are_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no results here"):
        open_results(tmp_path / "nothing")
    with pytest.raises(BadRequest, match=re.escape(f"{tmp_path}: there is no cell to read")):
        open_results(tmp_path)
    (tmp_path / "report" / "results.nc").mkdir(parents=True)
    with pytest.raises(BadRequest, match=r"report: there is no cell to read, nor a results\.nc"):
        open_results(tmp_path / "report")
    with pytest.raises(BadRequest, match="layout"):
        open_results(tmp_path, layout="table")  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="Did you mean 'child'"):
        open_rows(tmp_path, "children")


def test_a_study_is_read_once_and_what_is_new_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combined, "FEWEST", 2)
    store = Store(tmp_path / "cells")
    names = [named(f"c{n}") for n in range(5)]
    for n, name in enumerate(names):
        scenario = ("baseline", "flat")[n % 2]
        cell = example_cell(scenario, replicate=n, areas=3, children=5, schools_per_area=1)
        store.put(name, {}, cell)
    study = tmp_path / "studies" / "mine"
    wanted = ["ks4_n", "attainment8_sum", "attainment8_sd"]
    read: list[str] = []
    get = Store.get

    def noted(self: Store, digest: str, some: Any = None) -> Any:
        read.append(digest)
        return get(self, digest, some)

    monkeypatch.setattr(Store, "get", noted)
    for some in (names[:3], names, names[::-1]):
        write_index(study, some, store.root)
        found = open_results(study, wanted, layout="cells")
        alone = open_results(some, wanted, store=store.root, layout="cells")
        xr.testing.assert_identical(found, alone)
        for name in found.variables:
            assert found[name].dtype.kind == alone[name].dtype.kind, name
    # Five cells once each through the study; the rest was read one by one to compare.
    assert len(read) == 5 + 3 + 5 + 5
    next((study / "combined").iterdir()).write_bytes(b"no")
    xr.testing.assert_identical(open_results(study, wanted, layout="cells"), alone)


def swept_study(folder: Path) -> Path:
    """A study of two lengths of run under two scenarios, as a sweep over ``years`` leaves it."""
    store, labels = Store(folder / "cells"), {}
    for scenario in SCENARIOS:
        for years in ("8", "22"):
            digest = named(f"{scenario}{years}")
            store.put(digest, {}, example_cell(scenario, areas=6, years=int(years)))
            labels[digest] = {"years": years, "beliefs.money.use_sd": "0.10"}
    study = folder / "studies" / "mine"
    path = write_index(study, list(labels), store.root)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"labels": labels}))
    return study


def test_of_a_study_that_swept_nothing_nothing_can_be_chosen(
    study: tuple[Path, list[str]],
) -> None:
    with pytest.raises(BadRequest, match=r"not swept over 'years'\. There is nothing to choose"):
        open_results(study[0] / "studies" / "mine", where={"years": 8})


@pytest.mark.parametrize("fewest", [1, 100])
def test_cells_of_one_value_of_a_swept_key_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fewest: int
) -> None:
    monkeypatch.setattr(combined, "FEWEST", fewest)
    study, names = swept_study(tmp_path), ["attainment8_sum", "ks4_n"]
    for _ in range(2):  # the second time from the file of them all
        for years in (8, "22", 22.0):
            found = open_results(study, names, where={"years": years, "beliefs.money.use_sd": 0.1})
            assert found["scenario"].values.tolist() == list(SCENARIOS)
            assert found.sizes["year"] == int(years) + 4
            assert set(found["years"].values.tolist()) == {float(years)}
    with pytest.raises(BadRequest, match=r"different areas or years.*where=\{'years': 4\}"):
        open_results(study, names)
    with pytest.raises(BadRequest, match=r"no cell has years=9\. There are: 8, 22\."):
        open_results(study, names, where={"years": 9})
    with pytest.raises(BadRequest, match=r"not swept over 'year'\. Did you mean 'years'"):
        open_results(study, names, where={"year": 8})


def test_a_study_that_grew_to_another_world_is_not_mixed_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combined, "FEWEST", 1)
    study, names = swept_study(tmp_path), ["attainment8_sum", "ks4_n"]
    store = tmp_path / "cells"
    write_index(study, [named("flat8")], store)
    open_results(study, names)
    write_index(study, [named("flat8"), named("flat22")], store)
    with pytest.raises(BadRequest, match="different areas or years"):
        open_results(study, names)
