"""What must hold for every measure, whatever the numbers."""

import functools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.tabulate import available, describe, evaluate
from tests.example import example_dataset

AREAS = 7
BASE = example_dataset(["baseline", "pupil_need"], draws=1, replicates=1, areas=AREAS,
                       layout="cells")  # fmt: skip


@functools.cache
def _known(name: str, by: str) -> xr.DataArray:
    return evaluate(BASE, name, by)


def _close(one: xr.DataArray, two: xr.DataArray) -> None:
    np.testing.assert_allclose(one.values, two.values, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", available())
def test_areas_in_reverse_change_no_measure(name: str) -> None:
    mixed = BASE.isel(area=list(range(AREAS))[::-1])
    by = describe(name).by[0]
    found, known = evaluate(mixed, name, by), _known(name, by)
    _close(found.sel(place=known["place"]), known)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(order=st.permutations(range(AREAS)))
def test_the_order_of_areas_changes_no_measure(order: list[int]) -> None:
    same_in_another_order(order)


def same_in_another_order(order: list[int]) -> None:
    """Every measure of areas in this order, by all it is given by, is what it was."""
    mixed = BASE.isel(area=order)
    for name in available():
        one = describe(name)
        for by in one.by:
            found, known = evaluate(mixed, name, by), _known(name, by)
            _close(found.sel(place=known["place"]), known)


@pytest.mark.parametrize("name", available())
def test_an_area_of_weight_two_is_two_areas(name: str) -> None:
    twice = BASE.isel(area=[*range(AREAS), 3])
    codes = [*BASE["area"].values, "E09999999"]
    weight = [*BASE["weight"].values, 1]
    weight[3] -= 1
    twice = twice.assign_coords(area=codes, weight=("area", np.array(weight)))
    for by in set(describe(name).by) - {"area", "school_area"}:
        _close(evaluate(twice, name, by), _known(name, by))


@pytest.mark.parametrize("name", available())
def test_names_of_places_change_no_measure(name: str) -> None:
    renamed = BASE.assign_coords(
        area=[f"X{i}" for i in range(AREAS)],
        area_name=("area", np.array(["somewhere"] * AREAS, dtype=object)),
    )
    for by in describe(name).by:
        _close(evaluate(renamed, name, by), _known(name, by))
