"""``sim check PATH``: a cell is what its record says, or it is named and the status is 1."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.results import SCHEMA
from sim.results.netcdf import from_file, to_bytes
from sim.results.store import Store

DIGEST = "a" * 64


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """Return a folder that holds one small cell."""
    folder = tmp_path / "outputs" / "cells"
    cell = xr.Dataset({"pupils": ("year", np.array([3, 4]))}, attrs={"schema": SCHEMA})
    Store(folder).put(DIGEST, {"scenario": "flat"}, cell.assign_attrs(scenario="flat"))
    return folder


@pytest.mark.parametrize("where", ["outputs", "outputs/cells", f"outputs/cells/{DIGEST}.nc"])
def test_a_whole_cell_is_found_whole(sim: Any, cells: Path, where: str) -> None:
    done = sim("check", where, "--json")
    assert done.status == 0
    (finding,) = json.loads(done.out)
    assert finding["fit"] is True
    assert finding["title"].startswith("flat: ")


def test_a_changed_cell_is_named(sim: Any, cells: Path) -> None:
    path = cells / f"{DIGEST}.nc"
    cell = from_file(path)
    path.write_bytes(to_bytes(cell.assign(pupils=cell["pupils"] + 1)))
    done = sim("check", "outputs")
    assert done.status == 1
    assert "not what its digest says" in " ".join(done.out.split())


def test_a_cut_off_cell_is_named(sim: Any, cells: Path) -> None:
    path = cells / f"{DIGEST}.nc"
    path.write_bytes(path.read_bytes()[:100])
    done = sim("check", "outputs", "--json")
    assert done.status == 1
    assert json.loads(done.out)[0]["fit"] is False


def test_a_cell_under_another_name_is_named(sim: Any, cells: Path) -> None:
    for ending in (".nc", ".json"):
        shutil.copy(cells / f"{DIGEST}{ending}", cells / f"{'b' * 64}{ending}")
    done = sim("check", "outputs", "--json")
    assert done.status == 1
    first, second = json.loads(done.out)
    assert (first["fit"], second["fit"]) == (False, True)
    assert "is the result of another cell" in first["title"]


def test_a_folder_without_cells_is_refused(sim: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = sim("check", "empty")
    assert done.status == 2
    assert "holds no cells. Run one first" in done.err
