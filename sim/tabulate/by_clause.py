"""What pays for a change of money: grants clause by clause, added up by area.

A cell keeps the grants of its schools in the final year, clause by clause. Schools differ in number
from cell to cell, so results of many cells hold none of it; areas are the same in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from sim.data.base_year import in_prices
from sim.results import Asked, Store
from sim.results.shapes import as_cells, grid_of
from sim.tabulate import winners
from sim.tabulate.aggregate import places_of
from sim.tabulate.description import describe
from sim.tabulate.frames import Table, difference_table
from sim.tabulate.settings import base_year_of
from sim.tabulate.tables import BASELINE, paired_difference

__all__ = [
    "NEEDS",
    "TOTAL",
    "by_area",
    "clause_changes",
    "holds_clauses",
    "national_pence",
    "read_clauses",
    "with_clauses",
    "without",
]

NEEDS = ("school_area", "school_pence", "school_pupils")
"""Variables of a cell that are added up."""
PENCE, PUPILS = "area_pence", "area_pupils"
TOTAL = "total"
"""Name of the part that is all clauses together."""


def by_area(cell: xr.Dataset) -> xr.Dataset:
    """Add up the grants of one cell, and the pupils on roll, over the schools of each area.

    Returns:
        ``area_pence`` (clause, area) and ``area_pupils`` (area) of the final year; whole
        numbers, unweighted.
    """
    at, areas = cell["school_area"].values, cell.sizes["area"]
    pence = np.zeros((areas, cell.sizes["clause"]), dtype=np.int64)
    np.add.at(pence, at, cell["school_pence"].values.T)
    pupils = np.zeros(areas, dtype=np.int64)
    np.add.at(pupils, at, cell["school_pupils"].values)
    data = {PENCE: (("clause", "area"), pence.T), PUPILS: ("area", pupils)}
    return xr.Dataset(data, coords={"clause": cell["clause"].values, "area": cell["area"].values})


def with_clauses(results: xr.Dataset, cells: Iterable[tuple[str, xr.Dataset]]) -> xr.Dataset:
    """Return results with the grants of their cells, by clause and area.

    Args:
        results: as a grid of scenario, draw and replicate.
        cells: every cell of the grid, with the name of its scenario there; they hold
            :data:`NEEDS`. A clause that a cell does not have pays nothing in it.
    """
    named = [
        ((name, cell.attrs["draw"], cell.attrs["replicate"]), by_area(cell)) for name, cell in cells
    ]
    parts = [part for _, part in named]
    clauses = list(dict.fromkeys(c for part in parts for c in part["clause"].values.tolist()))
    whole = [part.reindex(clause=clauses, fill_value=0) for part in parts]
    grid = grid_of(whole, [key for key, _ in named])
    return results.assign({name: grid[name] for name in (PENCE, PUPILS)})


def read_clauses(results: xr.Dataset, asked: Iterable[Asked], store: Store) -> xr.Dataset:
    """Return results with the grants of their cells, read from the store."""
    cells = ((one.scenario, store.get(one.digest, NEEDS)) for one in asked)
    return with_clauses(results, ((name or cell.attrs["scenario"], cell) for name, cell in cells))


def holds_clauses(results: xr.Dataset) -> bool:
    """Whether these results hold grants by clause and area."""
    return PENCE in results and PUPILS in results


def without(results: xr.Dataset) -> xr.Dataset:
    """Return results as they were before :func:`with_clauses`, or any more was read of schools."""
    return results.drop_vars([PENCE, PUPILS, "clause", *winners.NAMES], errors="ignore")


def national_pence(cells: xr.Dataset) -> dict[str, dict[str, float]]:
    """Return pence by policy and clause over all schools of the country, in the final year.

    ``cells``: along ``cell``, with grants by clause; means over cells, weighted by what areas
    stand for.
    """
    pence = cells[PENCE].transpose("cell", "clause", "area").values @ cells["weight"].values
    names = cells["scenario"].values.astype(str)
    return {
        name: dict(
            zip(
                cells["clause"].values.tolist(),
                pence[names == name].mean(axis=0).tolist(),
                strict=True,
            )
        )
        for name in dict.fromkeys(names.tolist())
    }


def clause_changes(results: xr.Dataset, by: str = "area_affluence") -> Table:
    """Tabulate what each clause changes in the money of schools, scenario minus baseline.

    Pounds for each pupil on roll in the final year, by place of the school; dimension ``part``:
    every clause and :data:`TOTAL`, which they add up to.

    Raises:
        KeyError: the results hold no clauses; see :func:`with_clauses`.
    """
    wanted = [PENCE, PUPILS, *(["present"] if "present" in results else [])]
    cells = as_cells(results[wanted])
    places = places_of(cells, by)
    pence = cells[PENCE].transpose("cell", "clause", "area").values @ places.member.T
    pupils = cells[PUPILS].transpose("cell", "area").values @ places.member.T
    pounds = np.moveaxis(pence / 100 / pupils[:, None, :], 1, 2)
    whole = np.concatenate([pounds, pounds.sum(axis=2, keepdims=True)], axis=2)
    kept = {str(n): c for n, c in cells.coords.items() if c.dims == ("cell",)}
    labels = {
        "place": places.labels,
        "place_name": ("place", places.names),
        "part": [*cells["clause"].values.tolist(), TOTAL],
    }
    found = xr.DataArray(whole, dims=("cell", "place", "part"), coords={**kept, **labels})
    like = describe("funding_per_pupil")
    found.attrs = {
        "label": like.title,
        "unit": in_prices(like.unit, base_year_of(cells)),
        "direction": like.direction,
        "by": by,
        "minimum": like.minimum,
        "years": str(int(results["year"].values[-1])),
        "note": "",
    }
    return difference_table(paired_difference(found, BASELINE), like)
