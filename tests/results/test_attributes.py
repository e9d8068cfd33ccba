"""Every variable of every file says its unit, its long name and, for codes, what they stand for."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.codes import GROUPS
from sim.record.variables import COORDINATES, VARIABLES
from sim.results import Store, content_digest, open_results, write_results
from sim.results.attributes import CODES, attributes_of, described
from sim.results.store import results_bytes
from sim.tabulate import measure
from tests.example import example_cell, example_dataset, named


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A cell, a file of cells along one dimension, and a grid as a report holds it."""
    folder = tmp_path_factory.mktemp("files")
    grid = example_dataset(draws=1, replicates=2, areas=5)
    (folder / "results.nc").write_bytes(results_bytes(grid))
    cell = Store(folder / "cells").put(named("cell"), {}, example_cell(areas=5))
    return [cell, write_results(grid, folder / "cells.nc"), folder / "results.nc"]


@pytest.mark.parametrize("number", range(3))
def test_every_variable_and_coordinate_says_what_it_is(files: list[Path], number: int) -> None:
    with xr.open_dataset(files[number], engine="netcdf4") as plain:
        for name, held in plain.variables.items():
            assert held.attrs["units"], name
            assert held.attrs["long_name"], name
            if held.dtype.kind in "iu" and name in CODES:
                codes, words = held.attrs["flag_values"], held.attrs["flag_meanings"].split()
                assert len(words) == len(np.atleast_1d(codes)) == len(set(words)), name
                assert held.dtype == np.atleast_1d(codes).dtype, name
                assert set(np.unique(held.values)) <= set(np.atleast_1d(codes).tolist()), name


def test_what_is_a_code_has_labels() -> None:
    known = {**VARIABLES, **COORDINATES}
    for name, variable in known.items():
        coded = variable.unit[0].isdigit() and variable.unit != "1"
        assert not coded or name in CODES or name == "bin", name  # edges of bins are attributes
    assert list(CODES["group"]) == list(GROUPS)


def test_what_variables_say_is_no_part_of_what_they_hold(tmp_path: Path) -> None:
    cell = example_cell(areas=5)
    told = described(cell)
    assert told["ks4_n"].attrs == attributes_of("ks4_n")
    assert content_digest(told) == content_digest(cell)
    assert not cell["ks4_n"].attrs


def test_results_say_what_they_are_and_measures_speak_for_themselves(files: list[Path]) -> None:
    results = open_results(files[2])
    assert results["pupils"].attrs["units"] == "pupils"
    table = measure(results, "funding_per_pupil", years=1)
    assert "units" not in table["value"].attrs
    assert table.attrs["unit"].startswith("GBP")
