"""Runs that many laws look at. A past is lived once and branched; a cell is simulated once."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from sim.columns import Table
from sim.config import Settings, compose
from sim.config.identity import identity
from sim.model import Past, SchoolsModel
from sim.record.variables import VARIABLES
from sim.results.shapes import stack_cells
from sim.study.cells import at, simulate

YEARS = 4
TINY = ("world=tiny", f"years={YEARS}", "machine.threads=1")


@cache
def settings(scenario: str = "baseline", *overrides: str, replicate: int = 0) -> Settings:
    """Settings of a tiny world of a few years, one thread."""
    return at(_composed(scenario, overrides), 0, replicate)


@cache
def _composed(scenario: str, overrides: tuple[str, ...]) -> Settings:
    return compose(scenario, (*TINY, *overrides))


KEPT = 12
_pasts: dict[str, Past] = {}


def past(of: Settings) -> Past:
    """A copy of the past of these settings; scenarios that differ in policy alone share it."""
    key = json.dumps({name: v for name, v in identity(of).items() if name != "policy"})
    if key not in _pasts:
        while len(_pasts) >= KEPT:
            _pasts.pop(next(iter(_pasts)))
        _pasts[key] = SchoolsModel(of).live_past()
    return _pasts[key].copy()


@cache
def lived(scenario: str, *overrides: str) -> SchoolsModel:
    """A tiny nation that has lived all its years, to be looked at."""
    mine = settings(scenario, *overrides)
    model = SchoolsModel(mine, past(mine))
    model.run()
    return model


def content(of: Past) -> dict[str, bytes]:
    """Every column of a past."""
    tables: dict[str, Table] = {"schools": of.world.schools, "areas": of.world.areas}
    tables |= {f"pupils {year}": pupils for year, pupils in of.world.cohorts.items()}
    tables |= {f"adults {year}": people for year, people in of.after.adults.items()}
    return {
        f"{name}.{column}": values.tobytes()
        for name, table in tables.items()
        for column, values in table.data.items()
    }


def forget() -> None:
    """Let all worlds go."""
    _pasts.clear()
    cell.cache_clear()
    lived.cache_clear()


@cache
def cell(scenario: str = "baseline", *overrides: str, replicate: int = 0) -> xr.Dataset:
    """The record of a run in a tiny world."""
    mine = settings(scenario, *overrides, replicate=replicate)
    return simulate(mine, past(mine))


def cells(*scenarios: str, replicates: int = 1, overrides: tuple[str, ...] = ()) -> xr.Dataset:
    """Records of several scenarios and replicates, stacked as measures read them."""
    return stack_cells(
        cell(scenario, *overrides, replicate=replicate)
        for scenario in scenarios
        for replicate in range(replicates)
    )


def model(scenario: str = "baseline", *overrides: str, replicate: int = 0) -> SchoolsModel:
    """A model at the start of policy year 1, to be stepped by hand; close it after use."""
    mine = settings(scenario, *overrides, replicate=replicate)
    return SchoolsModel(mine, past(mine))


def outcomes(found: xr.Dataset) -> dict[str, np.ndarray[Any, Any]]:
    """Every variable about children: not money, not who was pointed at, not what schools do."""
    about = ("early", "ks2", "attainment8", "progress8", "english", "hist", "child")
    return {
        str(name): values.values
        for name, values in found.data_vars.items()
        if str(name).startswith(about) and not VARIABLES[str(name)].flag
    } | {"child": found["child"].values}
