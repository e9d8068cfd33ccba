"""What can be opened: files and folders of reports, parts of results, and what is refused."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xarray as xr

from sim import api
from sim.errors import BadRequest, SimError, WorkFailed
from sim.record.variables import SCHEMA
from sim.results import Store, open_results, write_index
from sim.results.shapes import as_cells
from sim.results.store import results_bytes
from sim.tabulate import difference, measure
from tests.example import example_cell, example_dataset, named


@pytest.fixture(scope="module")
def grid() -> xr.Dataset:
    return example_dataset(("baseline", "flat"), draws=1, replicates=2, areas=5)


@pytest.fixture
def report(tmp_path: Path, grid: xr.Dataset) -> Path:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "results.nc").write_bytes(results_bytes(grid))
    return tmp_path / "a"


@pytest.mark.parametrize("names", [None, ["attainment8"]])
def test_the_folder_of_a_report_and_its_file_read_alike(
    report: Path, grid: xr.Dataset, names: list[str] | None
) -> None:
    found = [api.open_results(place, names) for place in (report, str(report / "results.nc"))]
    for one in found:
        assert one["scenario"].values.tolist() == ["baseline", "flat"]
        assert one["present"].dtype == bool
        assert bool((one["present"] == grid["present"]).all())
        table = measure(one, "attainment8", years=12)
        xr.testing.assert_equal(table, measure(grid, "attainment8", years=12))


def test_a_file_that_xarray_wrote_is_read_too(report: Path, grid: xr.Dataset) -> None:
    grid.to_netcdf(report / "results.nc")  # as reports of earlier releases hold it
    found = api.open_results(report)
    xr.testing.assert_equal(measure(found, "attainment8"), measure(grid, "attainment8"))


@pytest.mark.parametrize("names", [None, ["attainment8"]])
@pytest.mark.parametrize(
    "part",
    [
        lambda results: results,
        lambda results: results[["attainment8_sum", "ks4_n"]],
        lambda results: results.sel(draw=0),
        lambda results: results.isel(year=slice(8, 14)),
    ],
)
def test_what_a_user_keeps_of_results_with_xarray_opens_again(
    report: Path, part: Callable[[xr.Dataset], xr.Dataset], names: list[str] | None
) -> None:
    """A KeyError before, or "the content is not what its digest says"."""
    mine = part(api.open_results(report))
    mine.to_netcdf(report / "mine.nc")
    found = api.open_results(report / "mine.nc", names)
    years = int(mine["year"].values[-1])
    told = measure(found, "attainment8", years=years)
    xr.testing.assert_equal(told, measure(mine, "attainment8", years=years))


@pytest.mark.parametrize("names", [None, ["attainment8"]])
def test_a_sweep_kept_with_xarray_keeps_its_settings_apart(
    tmp_path: Path, grid: xr.Dataset, names: list[str] | None
) -> None:
    """Its swept keys were read as numbers of cells, and settings would have been pooled."""
    key = "beliefs.money.return_per_thousand"
    each = as_cells(grid)
    parts = [each.assign_coords({key: ("cell", [v] * each.sizes["cell"])}) for v in (0.01, 0.02)]
    swept = xr.concat(parts, "cell").assign_attrs(schema=SCHEMA)
    swept.to_netcdf(tmp_path / "swept.nc")
    found = api.open_results(tmp_path / "swept.nc", names)
    table = difference(found, "attainment8", years=12)
    assert table[key].values.tolist() == [0.01, 0.02]
    xr.testing.assert_equal(table, difference(swept, "attainment8", years=12))
    swept.drop_vars(["scenario", "draw", key]).to_netcdf(tmp_path / "bare.nc")
    with pytest.raises(BadRequest, match=r"bare.nc: holds cells .* and does not say of each"):
        api.open_results(tmp_path / "bare.nc", names)


def test_a_table_is_no_file_of_results_and_says_what_opens_it(
    tmp_path: Path, grid: xr.Dataset
) -> None:
    difference(grid, "attainment8", years=12).to_netcdf(tmp_path / "table.nc")
    with pytest.raises(BadRequest, match=r"table.nc: is not .* with xarray.open_dataset"):
        api.open_results(tmp_path / "table.nc")


def test_cells_never_run_are_no_cells_though_nothing_says_which(grid: xr.Dataset) -> None:
    chosen = grid[["ks4_n", "attainment8_sum"]]
    assert as_cells(chosen).sizes["cell"] == as_cells(grid).sizes["cell"] < 8


def test_a_single_cell_is_a_file_of_results(tmp_path: Path) -> None:
    path = Store(tmp_path).put(named("flat"), {}, example_cell("flat", 1, 0, areas=5))
    found = api.open_results(path)
    assert [found[a].values.tolist() for a in ("scenario", "draw", "replicate")] == [
        ["flat"], [1], [0],
    ]  # fmt: skip


def test_a_report_whose_content_was_changed_or_cut_is_not_read(
    report: Path, grid: xr.Dataset
) -> None:
    changed = results_bytes(grid.assign(ks4_n=grid["ks4_n"] + 1))
    with xr.open_dataset(report / "results.nc") as whole:
        digest = whole.attrs["content_digest"]
    with xr.load_dataset(report / "results.nc") as other:
        other.assign(ks4_n=other["ks4_n"] + 1).to_netcdf(report / "results.nc")
    with pytest.raises(WorkFailed, match=r"not what its digest says. Run the comparison"):
        api.open_results(report)
    assert digest.encode() not in changed
    (report / "results.nc").write_bytes(changed[:2000])
    with pytest.raises(WorkFailed, match="cannot be read as results"):
        api.open_results(report)


def test_a_file_of_another_kind_is_refused_by_name(report: Path) -> None:
    (report / "index.html").write_text("<html>")
    with pytest.raises(BadRequest, match=r"index.html: is not a file of results"):
        api.open_results(report / "index.html")


@pytest.mark.parametrize(
    "body",
    ["", "{", '{"store": "../cells"', "[]", "null", '"text"', "{}", '{"store": 1, "digests": []}',
     '{"store": "..", "digests": {}}', '{"store": "..", "digests": [1]}',
     '{"store": "..", "digests": ["a"], "scenarios": []}',
     '{"store": "..", "digests": ["a"], "labels": [1]}',
     '{"store": "..", "digests": ["a"], "labels": {"a": []}}', b"\xff\xfe"],
)  # fmt: skip
def test_an_index_that_is_none_is_named_with_what_to_do(tmp_path: Path, body: str | bytes) -> None:
    path = write_index(tmp_path / "study", [], tmp_path)
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    with pytest.raises(BadRequest, match=r"index.json: is .* again: it writes the file anew"):
        open_results(path.parent)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = write_index(tmp_path / "study", [], tmp_path)
    path.chmod(0)
    with pytest.raises(BadRequest, match=r"index.json: cannot be read \(Permission denied\)"):
        open_results(path.parent)


def test_a_folder_that_may_not_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("sim.results.atomic.os.listdir", refuse)
    with pytest.raises(BadRequest, match=r"cannot be listed \(Permission denied\)"):
        open_results(tmp_path)


@pytest.mark.parametrize(
    "copy",
    ["{} (1).nc", "{}-Copy1.nc", "{}.sync-conflict-20261129-101112-ABCDEFG.nc", "{} - Kopie.nc",
     "{}_conflict.nc", "Copy of {}.nc", "results.nc", "{} 2.nc", "~{}.nc"],
)  # fmt: skip
def test_copies_that_a_cloud_left_are_nobodys_cells(tmp_path: Path, copy: str) -> None:
    store = Store(tmp_path)
    path = store.put(named("flat"), {}, example_cell("flat", areas=5))
    shutil.copy(path, tmp_path / copy.format(path.stem))
    assert store.digests() == {path.stem}
    assert open_results(tmp_path)["scenario"].item() == "flat"


@pytest.mark.parametrize(
    "part", [{"year": 12}, {"area": 2}, {"year": 12, "area": 0}, {"year": 12, "scenario": 1}]
)
def test_a_single_year_or_area_can_be_selected(grid: xr.Dataset, part: dict[str, int]) -> None:
    lists = {axis: [place] for axis, place in part.items()}
    for by in ("england", "area_affluence", "region", "school_affluence"):
        if by == "school_affluence" and "area" in part:
            continue  # quarters of schools are national
        years = int(grid["year"].values[12])
        found = measure(grid.isel(part), "attainment8", by, years=years)
        xr.testing.assert_equal(found, measure(grid.isel(lists), "attainment8", by, years=years))


def test_parts_of_which_no_measure_can_be_made_are_refused(grid: xr.Dataset) -> None:
    for part, word in (
        (grid.isel(year=2, drop=True), "have no year"), (grid.mean("area"), "have no area"),
        (grid.sel(group="other"), "every group"), (grid.isel(group=[0, 1]), "every group"),
    ):  # fmt: skip
        with pytest.raises(BadRequest, match=word):
            measure(part, "attainment8", years=1)
    with pytest.raises(BadRequest, match="nothing to compare"):
        measure(grid.sel(scenario="baseline"), "worse_off_share")


def test_nothing_but_our_own_errors_comes_of_opening_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "text.nc").write_text("text")
    (tmp_path / "empty.nc").write_bytes(b"")
    for place in (tmp_path / "text.nc", tmp_path / "empty.nc", tmp_path, tmp_path / "none.nc"):
        with pytest.raises(SimError):
            api.open_results(place)
