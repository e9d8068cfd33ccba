from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.errors import WorkFailed
from sim.record.variables import COORDINATES, VARIABLES
from sim.results import content_digest, to_dataset
from tests.example import example_cell


def _parts(cell: xr.Dataset) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    fixed = {"group", "quarter", "stage", "bin", "phase", "exposure"}
    arrays = {str(n): v.values for n, v in cell.data_vars.items()}
    coords = {str(n): c.values for n, c in cell.coords.items() if n not in fixed}
    return arrays, coords, dict(cell.attrs)


@pytest.fixture(scope="module")
def cell() -> xr.Dataset:
    return example_cell(areas=6, children=20)


def test_types_and_dimensions_are_those_of_the_schema(cell: xr.Dataset) -> None:
    for name, v in cell.variables.items():
        declared = VARIABLES.get(str(name)) or COORDINATES[str(name)]
        assert v.dims == declared.dims
        assert v.dtype == (object if declared.dtype == "str" else declared.dtype)


def test_a_missing_variable_is_named(cell: xr.Dataset) -> None:
    arrays, coords, attrs = _parts(cell)
    del arrays["pupils"]
    with pytest.raises(WorkFailed, match="missing from the record: pupils"):
        to_dataset(arrays, coords, attrs)


def test_an_optional_variable_may_be_missing(cell: xr.Dataset) -> None:
    arrays, coords, attrs = _parts(cell)
    del arrays["targeted_unit_sum"]
    assert "targeted_unit_sum" not in to_dataset(arrays, coords, attrs)


def test_an_unknown_variable_is_refused_with_the_nearest_name(cell: xr.Dataset) -> None:
    arrays, coords, attrs = _parts(cell)
    with pytest.raises(WorkFailed, match="Did you mean 'ks4_n'"):
        to_dataset({**arrays, "ks4n": 1}, coords, attrs)


def test_counts_that_are_not_whole_are_refused(cell: xr.Dataset) -> None:
    arrays, coords, attrs = _parts(cell)
    with pytest.raises(WorkFailed, match="pupils does not fit int32"):
        to_dataset({**arrays, "pupils": arrays["pupils"] + 0.5}, coords, attrs)


def test_a_wrong_shape_is_refused(cell: xr.Dataset) -> None:
    arrays, coords, attrs = _parts(cell)
    with pytest.raises(WorkFailed, match="pupils has 2 dimensions"):
        to_dataset({**arrays, "pupils": arrays["pupils"][0]}, coords, attrs)
    with pytest.raises(WorkFailed, match="do not fit together"):
        to_dataset({**arrays, "pupils": arrays["pupils"][1:]}, coords, attrs)


def test_an_attribute_that_no_file_can_hold_is_refused(cell: xr.Dataset) -> None:
    arrays, coords, attrs = _parts(cell)
    with pytest.raises(WorkFailed, match="attribute 'when'"):
        to_dataset(arrays, coords, {**attrs, "when": object()})


def test_names_and_flags_lie_outside_the_content_digest(cell: xr.Dataset) -> None:
    same = cell.assign_attrs(scenario="gap_placebo", title="Placebo", draw=3, digest="other")
    same["flagged_n"] = cell["pupils"]
    assert content_digest(same) == content_digest(cell)


def test_order_does_not_matter_and_memory_layout_neither(cell: xr.Dataset) -> None:
    names = sorted(map(str, cell.data_vars), reverse=True)
    turned = cell[names]
    turned["pupils"] = (cell["pupils"].dims, np.asfortranarray(cell["pupils"].values))
    turned.attrs = dict(sorted(cell.attrs.items(), reverse=True))
    assert content_digest(turned) == content_digest(cell)


@pytest.mark.parametrize("name", ["pupils", "attainment8_sum", "school_pence", "weight"])
def test_one_changed_number_changes_the_digest(cell: xr.Dataset, name: str) -> None:
    changed = cell.copy(deep=True)
    changed[name].values.flat[0] += 1
    assert content_digest(changed) != content_digest(cell)


def test_type_shape_and_attributes_count(cell: xr.Dataset) -> None:
    wider = cell.assign(pupils=cell["pupils"].astype(np.int64))
    assert content_digest(wider) != content_digest(cell)
    assert content_digest(cell.assign_attrs(seed=9)) != content_digest(cell)
