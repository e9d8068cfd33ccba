"""Names, codes and the order of rows of areas are labels: nothing may depend on them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.data import facts
from sim.results.shapes import stack_cells
from sim.study import cells as study_cells
from sim.tabulate import available, describe, evaluate
from sim.tabulate.description import stored_name
from sim.world.build import TINY
from tests.laws import worlds

SCENARIOS = {
    "baseline": (),
    "gap_triggered": (),
    "area_list_oa": (),
    "area_list_eia": ("policy.targeting.areas=[{Blackpool},{Hackney}]",),
}
LISTED = ("Blackpool", "Hackney")


class Mixed:
    """The table of areas with names, codes and rows given out anew; numbers stay with areas."""

    def __init__(self, seed: int):
        luck = np.random.default_rng(seed)
        plain = facts.areas()
        given = luck.permutation(len(plain))
        self.name = dict(zip(plain.name.tolist(), plain.name[given].tolist(), strict=True))
        self.code = dict(zip(plain.code.tolist(), plain.code[given].tolist(), strict=True))
        renamed = replace(
            plain,
            name=plain.name[given],
            code=plain.code[given],
            neighbours=_tuples([tuple(self.code[c] for c in near) for near in plain.neighbours]),
        )
        rows = luck.permutation(len(plain))
        self.areas = replace(
            renamed, **{f.name: getattr(renamed, f.name)[rows] for f in fields(renamed)}
        )


def _tuples(values: list[tuple[str, ...]]) -> np.ndarray[Any, Any]:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


@pytest.fixture(scope="module", params=[5, 6])
def mixed(request: pytest.FixtureRequest) -> Iterator[tuple[Mixed, xr.Dataset]]:
    """Another table, and the same scenarios simulated with it."""
    other = Mixed(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "areas", lambda: other.areas)
        patch.setattr("sim.funding.targeting.areas", lambda: other.areas)
        four = tuple(other.name[name] for name in TINY)
        patch.setattr(sys.modules["sim.world.build"], "TINY", four)
        found = [
            study_cells.simulate(worlds.settings(name, *_listed(more, other.name)))
            for name, more in SCENARIOS.items()
        ]
    yield other, stack_cells(found)


def _listed(overrides: tuple[str, ...], name: dict[str, str]) -> tuple[str, ...]:
    quoted = {old: f"'{name.get(old, old)}'" for old in LISTED}
    return tuple(text.format(**quoted) for text in overrides)


@pytest.fixture(scope="module")
def plain() -> xr.Dataset:
    return stack_cells(worlds.cell(name, *_listed(more, {})) for name, more in SCENARIOS.items())


def test_the_table_is_another_one(mixed: tuple[Mixed, xr.Dataset], plain: xr.Dataset) -> None:
    other, found = mixed
    assert sorted(other.areas.code) == sorted(facts.areas().code)
    assert not np.array_equal(other.areas.number, facts.areas().number)
    assert [other.code[c] for c in plain["area"].values] != found["area"].values.tolist()
    assert set(found["area"].values) == {other.code[c] for c in plain["area"].values}


@pytest.mark.parametrize("name", available())
def test_names_codes_and_order_of_areas_change_no_measure(
    name: str, mixed: tuple[Mixed, xr.Dataset], plain: xr.Dataset
) -> None:
    other, found = mixed
    one = describe(name)
    held = [by for by in one.by if all(stored_name(need, by) in plain for need in one.needs)]
    assert {"england", "area"} & set(held)
    for by in held:
        for years in (None, "each") if by == "england" else (None,):
            known, new = evaluate(plain, name, by, years), evaluate(found, name, by, years)
            places = known["place"].values
            if by in ("area", "school_area"):
                places = np.array([other.code[code] for code in places])
            assert set(new["place"].values) == set(places)
            np.testing.assert_allclose(
                new.sel(place=places).values, known.values, rtol=1e-9, atol=1e-9, err_msg=by
            )


def test_names_and_order_change_no_sum_of_an_area(
    mixed: tuple[Mixed, xr.Dataset], plain: xr.Dataset
) -> None:
    other, found = mixed
    there = found.set_index(area="area").sel(area=[other.code[c] for c in plain["area"].values])
    for name, values in plain.data_vars.items():
        np.testing.assert_allclose(
            there[name].values, values.values, rtol=1e-12, atol=1e-9, err_msg=str(name)
        )
