import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr

from sim.errors import BadRequest, WorkFailed
from sim.results import SCHEMA, Store, content_digest, read_results, write_results
from tests.example import example_cell, example_dataset, named

ABC, ONE, BEFORE, NEXT, NOTHING = map(named, ("abc", "one", "before", "next", "nothing"))


@pytest.fixture(scope="module")
def cell() -> xr.Dataset:
    return example_cell(areas=6, children=20)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "outputs" / "cells")


def _names(store: Store) -> list[str]:
    return sorted(p.name for p in store.root.iterdir()) if store.root.is_dir() else []


def test_making_a_store_writes_nothing(store: Store) -> None:
    assert store.digests() == frozenset()
    assert not store.root.exists()


def test_a_cell_comes_back_as_it_was(store: Store, cell: xr.Dataset) -> None:
    store.put(ABC, {"scenario": "baseline", "seed": 1}, cell, {"seconds": 1.5})
    back = store.get(ABC)
    assert content_digest(back) == content_digest(cell)
    assert set(back.coords) == set(cell.coords)
    for name in cell.variables:
        assert back[name].dtype == cell[name].dtype
        assert back[name].dims == cell[name].dims
    assert store.has(ABC)
    assert store.digests() == {ABC}
    assert store.identity(ABC) == {"scenario": "baseline", "seed": 1}
    assert store.run_record(ABC) == {"seconds": 1.5}
    assert _names(store) == [f"{ABC}.json", f"{ABC}.nc", f"{ABC}.run.json"]


def test_plain_xarray_can_read_the_file(store: Store, cell: xr.Dataset) -> None:
    path = store.put(ABC, {}, cell)
    with xr.open_dataset(path, engine="netcdf4") as plain:
        assert set(plain.coords) == set(cell.coords)
        assert (plain["pupils"].values == cell["pupils"].values).all()


def test_an_empty_panel_survives(store: Store, cell: xr.Dataset) -> None:
    empty = cell.isel(child=slice(0, 0))
    store.put(ABC, {}, empty)
    assert content_digest(store.get(ABC)) == content_digest(empty)


def test_only_the_variables_asked_for_are_read(store: Store, cell: xr.Dataset) -> None:
    store.put(ABC, {}, cell)
    part = store.get(ABC, ["ks4_n", "no_such_name"])
    assert list(part.data_vars) == ["ks4_n"]
    assert {"year", "area", "region", "weight", "group"} <= set(part.coords)
    assert "school" not in part.coords


def test_the_identity_file_depends_on_the_identity_alone(store: Store, cell: xr.Dataset) -> None:
    store.put(ONE, {"b": 1, "a": [2]}, cell, {"seconds": 1})
    first = (store.root / f"{ONE}.json").read_bytes()
    for path in list(store.root.iterdir()):
        path.unlink()
    store.put(ONE, {"a": [2], "b": 1}, cell, {"seconds": 2})
    assert (store.root / f"{ONE}.json").read_bytes() == first


def test_a_cell_that_is_there_is_left_alone(store: Store, cell: xr.Dataset) -> None:
    path = store.put(ABC, {}, cell)
    before = path.stat().st_mtime_ns
    store.put(ABC, {}, cell)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("schema", "readable"), [(SCHEMA, True), (SCHEMA - 1, True), (SCHEMA + 1, False), (-1, False)]
)
def test_this_schema_and_the_one_before_are_read(
    store: Store, cell: xr.Dataset, schema: int, readable: bool
) -> None:
    store.put(ABC, {}, cell.assign_attrs(schema=schema))
    if readable:
        store.get(ABC)
    else:
        with pytest.raises(BadRequest, match="schema"):
            store.get(ABC)


def test_a_missing_cell_is_a_bad_request(store: Store) -> None:
    for read in (store.get, store.identity, store.run_record):
        with pytest.raises(BadRequest, match="Run it first"):
            read(NOTHING)


def test_damage_is_noticed(store: Store, cell: xr.Dataset) -> None:
    path = store.put(ABC, {}, cell)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(WorkFailed, match="cannot be read"):
        store.get(ABC)


def test_content_that_is_not_what_the_digest_says_is_refused(
    store: Store, cell: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.results.store.content_digest", lambda _: "wrong")
    store.put(ABC, {}, cell)
    monkeypatch.undo()
    with pytest.raises(WorkFailed, match="not what its digest says"):
        store.get(ABC)


def test_a_file_where_the_folder_should_be_is_a_bad_request(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file")
    with pytest.raises(BadRequest, match="is a file"):
        Store(tmp_path / "outputs")
    with pytest.raises(BadRequest, match="is a file"):
        Store(tmp_path / "outputs" / "cells")


@pytest.mark.parametrize("call", ["write", "fsync", "open", "replace"])
@pytest.mark.parametrize("after", range(0, 4))
def test_a_full_disk_leaves_whole_cells_only(
    store: Store, cell: xr.Dataset, monkeypatch: pytest.MonkeyPatch, call: str, after: int
) -> None:
    store.put(BEFORE, {}, cell)
    real, left = getattr(os, call), [after]

    def full(*args: object, **kwargs: object) -> object:
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= 1
        return real(*args, **kwargs)

    monkeypatch.setattr(f"sim.results.atomic.os.{call}", full)
    try:
        store.put(NEXT, {}, cell)
    except WorkFailed as error:
        assert error.exit_status == 1
        assert "No space left" in str(error)
        failed = True
    else:
        failed = False
    monkeypatch.undo()
    assert not [n for n in _names(store) if n.startswith(".tmp-")]
    assert content_digest(store.get(BEFORE)) == content_digest(cell)
    if failed:
        # Only the flush of the folder comes after the last rename, and the cell is then whole.
        assert not store.has(NEXT) or call == "open"
    if store.has(NEXT):
        assert content_digest(store.get(NEXT)) == content_digest(cell)
    store.put(NEXT, {}, cell)
    assert store.digests() == {BEFORE, NEXT}


def test_short_writes_are_carried_on(
    store: Store, cell: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(
        "sim.results.atomic.os.write", lambda handle, body: real(handle, body[:30_000])
    )
    store.put(ABC, {}, cell)
    assert content_digest(store.get(ABC)) == content_digest(cell)


LIMITED = """
import resource, signal, sys
from sim.errors import WorkFailed
from sim.results import Store
from tests.example import example_cell
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store, cell = Store(sys.argv[1]), example_cell(areas=6, children=20)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    store.put("abc", {}, cell)
except WorkFailed as error:
    sys.exit(error.exit_status)
"""


def test_a_real_limit_on_file_size_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], check=False, cwd=_root())
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_old_leftovers_are_swept_and_young_ones_kept(store: Store, cell: xr.Dataset) -> None:
    store.root.mkdir(parents=True)
    old, young = store.root / ".tmp-old-x.nc", store.root / ".tmp-young-x.nc"
    for path in (old, young):
        path.write_bytes(b"half a file")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    store.put(ABC, {}, cell)
    assert not old.exists()
    assert young.exists()
    assert store.digests() == {ABC}


def test_many_cells_in_one_file(tmp_path: Path) -> None:
    together = example_dataset(["baseline", "flat"], draws=2, replicates=2, areas=6)
    path = write_results(together, tmp_path / "report" / "results.nc")
    back = read_results(path)
    assert back.sizes["cell"] == 8
    assert back["scenario"].values.tolist() == ["baseline"] * 4 + ["flat"] * 4
    with pytest.raises(BadRequest, match="no such results file"):
        read_results(tmp_path / "nothing.nc")


def test_records_are_json(store: Store, cell: xr.Dataset) -> None:
    store.put(ABC, {"x": 1}, cell)
    record = json.loads((store.root / f"{ABC}.json").read_text())
    assert record == {"schema": SCHEMA, "digest": ABC, "identity": {"x": 1}}
    (store.root / f"{ABC}.json").write_text("{")
    with pytest.raises(WorkFailed, match="is not JSON"):
        store.identity(ABC)


def _root() -> Path:
    return Path(__file__).parents[2]
