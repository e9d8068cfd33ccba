"""Grants by clause and area: what a policy changes adds up, to the penny."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import sim
from sim.api import explain_area
from sim.results.shapes import as_cells, as_grid, stack_cells
from sim.tabulate.aggregate import places_of
from sim.tabulate.by_clause import TOTAL, by_area, clause_changes, with_clauses, without
from tests.example import example_cell, example_dataset


@pytest.fixture(scope="module")
def cells() -> list[xr.Dataset]:
    names = ("baseline", "flat", "area_list_eia")
    return [example_cell(name, draw) for name in names for draw in (0, 1, 2)]


def test_the_pence_of_areas_are_those_of_their_schools(cells: list[xr.Dataset]) -> None:
    for cell in cells:
        found = by_area(cell)
        assert found["area_pence"].dtype == np.int64
        whole = cell["school_pence"].sum("school")
        np.testing.assert_array_equal(found["area_pence"].sum("area"), whole)
        assert found["area_pupils"].sum() == cell["school_pupils"].sum()
        mine = cell["school_area"].values == 3
        one = cell["school_pence"].values[:, mine].sum(axis=1)
        np.testing.assert_array_equal(found["area_pence"].isel(area=3), one)


def test_every_change_of_a_clause_is_one_of_pence_over_pupils(cells: list[xr.Dataset]) -> None:
    results = with_clauses(as_grid(stack_cells(cells)), ((c.attrs["scenario"], c) for c in cells))
    table = clause_changes(results)
    places = places_of(as_cells(results), "area_affluence")
    pounds = {}
    for cell in cells:
        found = by_area(cell)
        pence = found["area_pence"].values @ places.member.T
        pounds[cell.attrs["scenario"], cell.attrs["draw"]] = (
            pence / 100 / (found["area_pupils"].values @ places.member.T)
        )
    for name in ("flat", "area_list_eia"):
        changes = [pounds[name, draw] - pounds["baseline", draw] for draw in (1, 2)]
        told = table["value"].sel(scenario=name).transpose("part", "place").values
        np.testing.assert_allclose(told[:-1], np.mean(changes, axis=0), atol=1e-9)


def test_clauses_add_up_to_the_whole_to_the_penny() -> None:
    table = clause_changes(example_dataset(draws=2))["value"]
    parts = table.drop_sel(part=TOTAL).sum("part")
    np.testing.assert_allclose(parts, table.sel(part=TOTAL), atol=0.004)
    assert (np.abs(table.sel(part=TOTAL)) > 1).any()


def test_a_clause_of_one_policy_alone_pays_nothing_elsewhere(cells: list[xr.Dataset]) -> None:
    own = [c.isel(clause=slice(None, -1)) if c.attrs["scenario"] != "flat" else c for c in cells]
    results = with_clauses(as_grid(stack_cells(cells)), ((c.attrs["scenario"], c) for c in own))
    assert results["area_pence"].sel(scenario="baseline", clause="flat").sum() == 0
    table = clause_changes(results)["value"]
    assert (table.sel(scenario="flat", part="flat") > 0).all()
    assert (table.sel(scenario="area_list_eia", part="flat") == 0).all()


def test_money_that_nobody_moves_is_no_change() -> None:
    cells = [example_cell("baseline"), example_cell("baseline").assign_attrs(scenario="same")]
    results = with_clauses(as_grid(stack_cells(cells)), ((c.attrs["scenario"], c) for c in cells))
    assert (clause_changes(results)["value"] == 0).all()


def test_results_are_as_they_were_without_it(cells: list[xr.Dataset]) -> None:
    bare = as_grid(stack_cells(cells))
    results = with_clauses(bare, ((c.attrs["scenario"], c) for c in cells))
    xr.testing.assert_identical(without(results), bare)
    xr.testing.assert_identical(without(bare), bare)


@pytest.mark.slow
def test_the_grants_of_an_area_are_those_that_explain_tells(tmp_path: Path) -> None:
    words = ("world=tiny", "years=1", "machine.threads=1", f"machine.outputs={tmp_path}")
    found = by_area(sim.run("pupil_need", *words))
    area = str(found["area"].values[0])
    lines = explain_area(area, "pupil_need", *words)
    told = {line["clause"]: line["pence"] for line in lines}
    mine = found["area_pence"].sel(area=area)
    assert {c: int(mine.sel(clause=c)) for c in mine["clause"].values.tolist()} == told
    assert found["area_pupils"].sel(area=area) > 0
