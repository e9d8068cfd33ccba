"""``sim check PATH``: a cell is what its record says, or it is named and the status is 1."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.config import compose
from sim.config.identity import identity
from sim.results import SCHEMA, write_index
from sim.results.netcdf import from_file, to_bytes
from sim.results.store import Store, results_bytes
from sim.study.cells import digest
from sim.study.claims import Claims
from tests.example import example_cell, example_dataset

DIGEST = "a" * 32


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
        shutil.copy(cells / f"{DIGEST}{ending}", cells / f"{'b' * 32}{ending}")
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


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Return the folder of a report with the files that are looked at."""
    folder = tmp_path / "outputs" / "reports" / "a"
    (folder / "tables").mkdir(parents=True)
    body = results_bytes(example_dataset(("baseline", "flat"), draws=1, replicates=1, areas=5))
    (folder / "results.nc").write_bytes(body)
    (folder / "index.html").write_text("<html>")
    (folder / "tables" / "headline.csv").write_text("scenario\n")
    (folder / "record.json").write_text(json.dumps({"scenarios": {"baseline": {}, "flat": {}}}))
    return folder


@pytest.mark.parametrize("where", ["outputs/reports/a", "outputs/reports", "outputs",
                                   "outputs/reports/a/results.nc"])  # fmt: skip
def test_a_sound_report_is_found_sound(sim: Any, report: Path, where: str) -> None:
    done = sim("check", where, "--json")
    assert done.status == 0, done.out
    assert all(finding["fit"] for finding in json.loads(done.out))
    assert "elete" not in done.out


def faults(sim: Any, where: str) -> dict[str, str]:
    done = sim("check", where, "--json")
    assert done.status == 1
    return {f["name"]: f["title"] for f in json.loads(done.out) if not f["fit"]}


@pytest.mark.parametrize("name", ["index.html", "record.json", "results.nc", "tables/headline.csv"])
def test_what_a_report_lacks_is_named(sim: Any, report: Path, name: str) -> None:
    (report / name).unlink()
    found = faults(sim, "outputs/reports/a")
    assert list(found) == [name]
    assert "is not there. Run the comparison again" in found[name]


def test_a_damaged_report_is_named_and_is_not_to_be_deleted(sim: Any, report: Path) -> None:
    whole = (report / "results.nc").read_bytes()
    held = from_file(report / "results.nc")
    (report / "results.nc").write_bytes(to_bytes(held.assign(ks4_n=held["ks4_n"] + 1)))
    (report / "record.json").write_text('{"scenarios": ')
    found = faults(sim, "outputs/reports")
    assert set(found) == {"a/results.nc", "a/record.json"}
    assert "not what its digest says" in found["a/results.nc"]
    (report / "results.nc").write_bytes(whole[: len(whole) // 2])
    found = faults(sim, "outputs/reports/a")
    assert "cannot be read as results" in found["results.nc"]
    assert all("comparison" in told and "elete" not in told for told in found.values())


def test_results_of_another_record_are_named(sim: Any, report: Path) -> None:
    told = {"scenarios": {"baseline": {}}, "content": {"results.nc": "0" * 64}}
    (report / "record.json").write_text(json.dumps(told))
    assert "tells of other results" in faults(sim, "outputs/reports/a")["results.nc"]


def test_a_study_is_checked_by_its_cells_and_what_is_missing_is_counted(
    sim: Any, cells: Path, tmp_path: Path
) -> None:
    study = write_index(tmp_path / "outputs" / "studies" / "s", [DIGEST], cells).parent
    assert sim("check", str(study)).status == 0
    write_index(study, [DIGEST, "b" * 32], cells)
    assert "1 are not there: run the same request" in faults(sim, str(study))["index.json"]


def test_a_record_that_is_gone_is_told_and_asking_again_brings_it_back(
    sim: Any, tmp_path: Path
) -> None:
    words = ("baseline", "world=tiny", "years=1", "machine.threads=1")
    settings = compose(words[0], words[1:])
    store = Store(tmp_path / "outputs" / "cells")
    name = digest(settings)
    store.put(name, {"settings": identity(settings)}, example_cell("baseline", areas=5, years=2))
    before = (store.root / f"{name}.json").read_bytes()
    (store.root / f"{name}.json").unlink()
    (store.root / f"{name}.run.json").unlink()
    (told,) = faults(sim, "outputs/cells").values()
    assert "the record is gone; the result itself can be read" in told.replace("\n", " ")
    assert "Ask for the same cell again" in told
    assert sim("run", *words).status == 0
    assert (store.root / f"{name}.json").read_bytes() == before
    assert sim("check", "outputs/cells").status == 0


def test_brackets_without_end_in_any_record_are_damage_and_no_more(
    sim: Any, cells: Path, tmp_path: Path
) -> None:
    deep = "[" * 100_000
    (cells / f"{DIGEST}.json").write_text(deep)
    done = sim("check", "outputs")
    assert (done.status, "Delete the record" in done.out) == (1, True)
    (cells / f"{DIGEST}.run.json").write_text(deep)
    assert Store(cells).run_record(DIGEST) == {}
    (tmp_path / "index.json").write_text(deep)
    done = sim("check", ".")
    assert done.status == 2 and "index.json: is cut short or is not JSON" in done.err
    claim = tmp_path / "running" / "claims" / DIGEST
    claim.parent.mkdir(parents=True)
    claim.write_text(deep)
    with Claims(tmp_path) as mine:
        assert mine.take([DIGEST]) == set(), "it was written just now"


def some_cells(folder: Path, names: str, last: int) -> Path:
    """Keep a study of small cells, one for each letter; returns its folder."""
    store = Store(folder / "cells")
    for number, name in enumerate(names):
        pupils = last if number == len(names) - 1 else number
        cell = xr.Dataset({"pupils": ("year", np.array([3, pupils]))}, attrs={"schema": SCHEMA})
        store.put(name * 32, {"scenario": "flat"}, cell.assign_attrs(scenario="flat"))
    return write_index(folder / "studies" / "s", [n * 32 for n in names], store.root).parent


def test_a_study_has_one_content_digest_whatever_its_cells_are_called(
    sim: Any, tmp_path: Path
) -> None:
    """Two people compare one line: cells of another checkout have other names."""
    mine, theirs = some_cells(tmp_path / "a", "abc", 9), some_cells(tmp_path / "b", "cde", 9)
    other = some_cells(tmp_path / "c", "abc", 8)
    total = []
    for study in (mine, theirs, other):
        *cells, index = json.loads(sim("check", str(study), "--json").out)
        assert index["content_digest"] in index["title"]
        assert len({cell["content_digest"] for cell in cells}) == 3
        assert index["content_digest"] in sim("check", str(study)).out
        total.append(index["content_digest"])
    assert total[0] == total[1] != total[2]
    (tmp_path / "a" / "cells" / f"{'a' * 32}.nc").write_bytes(b"")
    told = json.loads(sim("check", str(mine), "--json").out)
    assert not any("content_digest" in one for one in told if one["name"] == "index.json")


def test_good_cells_beyond_a_few_are_counted_and_faults_all_shown(sim: Any, tmp_path: Path) -> None:
    study = some_cells(tmp_path / "a", "0123456789abcdef", 20)
    done = sim("check", str(study))
    assert done.out.count(": the content is what") == 8
    assert "... and 8 more cells whose content is what their digests say\n" in done.out
    assert done.out.endswith("17 of 17 looked at are as they should be. More: --json.\n")
    for name in "bcd":
        (tmp_path / "a" / "cells" / f"{name * 32}.nc").write_bytes(b"")
    done = sim("check", str(study))
    assert done.status == 1 and all(name * 12 in done.out for name in "bcd")
    assert "14 of 17 looked at are as they should be" in done.out
