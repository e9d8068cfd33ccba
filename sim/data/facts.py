"""Published figures the project carries: areas, rates of the formula, the nation, and targets.

The tables lie in ``sim/data/tables``; each is read once, without pandas, when first asked for. All
arrays are read-only: facts do not change during a run.

>>> england = areas()
>>> len(england.code), england.name[england.code == "E06000009"].item()
(151, 'Blackpool')
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data.choices import BROAD_MEMBERS, HERITAGE_MEMBERS

__all__ = [
    "BROAD_GROUPS",
    "HERITAGE_GROUPS",
    "Areas",
    "Fact",
    "Target",
    "areas",
    "data_digest",
    "describe",
    "national",
    "rows",
    "targets",
]

TABLES = Path(__file__).parent / "tables"
TABLE_NAMES = ("areas", "base_years", "careers", "columns", "national", "nff", "targets")
PLAIN_NAMES = (
    *TABLE_NAMES,
    "districts",
    "ground_columns",
    "heritage_targets",
    "hexagons",
    "labour_markets",
    "post16",
    "universities",
)
PACKED_NAMES = ("flows", "independents", "sites", "small_areas")
TABLE_FILES = (*(f"{n}.csv" for n in PLAIN_NAMES), *(f"{n}.csv.gz" for n in PACKED_NAMES))

HERITAGE_GROUPS = tuple(HERITAGE_MEMBERS)
"""Heritage groups of pupils, in the order of the columns of `Areas.heritage`."""

BROAD_GROUPS = tuple(BROAD_MEMBERS)
"""Broad groups, in the order of the columns of `Areas.fsm_by_broad_group`."""

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.str_]
ObjectArray = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Areas:
    """The 151 English areas as arrays, one place an area, sorted by ONS code.

    ``number`` is an area's place in that order. Ids of places and children come from it, so it
    travels with the area should rows be put in another order.

    Meaning, unit, year, publisher and formula of each field: `describe`. Shares lie in 0 to 1.
    City of London is counted with Camden, Isles of Scilly with Cornwall.
    """

    number: IntArray
    code: TextArray
    name: TextArray
    region: TextArray
    area_type: TextArray
    lat: FloatArray
    lon: FloatArray
    land_km2: FloatArray
    neighbours: ObjectArray
    education_investment_area: BoolArray
    opportunity_area: FloatArray
    opportunity_area_name: TextArray
    pupils_primary: IntArray
    pupils_secondary: IntArray
    schools_primary: IntArray
    schools_secondary: IntArray
    log_roll_mean_primary: FloatArray
    log_roll_sd_primary: FloatArray
    log_roll_mean_secondary: FloatArray
    log_roll_sd_secondary: FloatArray
    fsm_primary: FloatArray
    fsm_secondary: FloatArray
    ever6_primary: FloatArray
    ever6_secondary: FloatArray
    fsm_2019: FloatArray
    idaci_a: FloatArray
    idaci_b: FloatArray
    idaci_c: FloatArray
    idaci_d: FloatArray
    idaci_e: FloatArray
    idaci_f: FloatArray
    idaci_rate: FloatArray
    idaci_spread: FloatArray
    rural_share: FloatArray
    conurbation_share: FloatArray
    coastal: BoolArray
    eal_primary: FloatArray
    eal_secondary: FloatArray
    adult_level3: FloatArray
    skill_poor: FloatArray
    weekly_pay: FloatArray
    employment_rate: FloatArray
    unemployment: FloatArray
    professional_share: FloatArray
    labour_market: TextArray
    km_third_secondary: FloatArray
    dissimilarity_primary: FloatArray
    dissimilarity_secondary: FloatArray
    selective_share: FloatArray
    selective_schools: IntArray
    area_cost: IntArray
    area_cost_low: IntArray
    area_cost_high: IntArray
    heritage: FloatArray
    fsm_by_broad_group: FloatArray
    tenth_weight: IntArray
    affluence_fifth: IntArray
    fsm_home_primary: FloatArray
    pupils_home_primary: IntArray
    fsm_home_secondary: FloatArray
    pupils_home_secondary: IntArray

    def __len__(self) -> int:
        return len(self.code)

    @property
    def pupils(self) -> IntArray:
        """Pupils of each area, both phases."""
        return self.pupils_primary + self.pupils_secondary

    @property
    def isolation_fifth(self) -> IntArray:
        """Fifth of areas by how far apart their secondaries lie, 1 nearest to 5 farthest."""
        order = np.lexsort((self.number, self.km_third_secondary))
        return np.argsort(order) * 5 // len(order) + 1

    @property
    def disadvantaged(self) -> FloatArray:
        """Pupils of each area who were registered for free meals in the last six years."""
        young = self.pupils_primary * self.ever6_primary
        return young + self.pupils_secondary * self.ever6_secondary


@dataclass(frozen=True)
class Fact:
    """One national figure."""

    value: float
    unit: str
    year: str
    source: str


@dataclass(frozen=True)
class Target:
    """One moment the model is held against.

    Numbers are those of the evidence review; a target with parts has one row a part, with the
    same number. Percentages are in percent, as published, not shares.
    """

    number: str
    name: str
    """Short unique name, such as ``gap_index_ks4``."""
    title: str
    stage: str
    """``structure``, ``attainment`` or ``after school``."""
    kind: str
    """``calibration`` (met by fitting), ``pattern`` (looked at, not fitted) or ``unfitted``."""
    value: float
    tolerance: tuple[float, float]
    """Lowest and highest reading that counts as met."""
    unit: str
    group: str
    source: str


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a table as text."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _frozen(values: list[Any], kind: type | str) -> NDArray[Any]:
    """Return a read-only array."""
    array = np.array(values, dtype=kind)
    array.setflags(write=False)
    return array


def _column(text: list[str], annotation: str) -> NDArray[Any]:
    """Turn the text of one column into an array of the annotated kind."""
    if annotation == "IntArray":
        return _frozen([int(t) for t in text], np.int64)
    if annotation == "BoolArray":
        return _frozen([t == "1" for t in text], np.bool_)
    if annotation == "TextArray":
        return _frozen(text, np.str_)
    return _frozen([float(t) for t in text], np.float64)


@lru_cache(maxsize=1)
def areas() -> Areas:
    """Return the figures of the 151 areas, arrays of length 151 sorted by ONS code.

    >>> areas().heritage.shape, areas().fsm_by_broad_group.shape
    ((151, 11), (151, 5))
    """
    with (TABLES / "areas.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    text = {
        name: list(values) for name, values in zip(header, zip(*lines, strict=True), strict=True)
    }
    text["opportunity_area_name"] = [
        "" if name == "none" else name for name in text["opportunity_area_name"]
    ]
    columns: dict[str, Any] = {
        field.name: _column(text[field.name], str(field.type))
        for field in fields(Areas)
        if field.name in text and field.name != "neighbours"
    }
    neighbours = np.empty(len(lines), dtype=object)
    neighbours[:] = [tuple(codes.split()) for codes in text["neighbours"]]
    neighbours.setflags(write=False)
    columns["neighbours"] = neighbours
    columns["number"] = _frozen(list(range(len(lines))), np.int64)
    columns["heritage"] = _matrix(text, "heritage", HERITAGE_GROUPS)
    columns["fsm_by_broad_group"] = _matrix(text, "fsm", BROAD_GROUPS)
    return Areas(**columns)


def _matrix(text: dict[str, list[str]], prefix: str, groups: tuple[str, ...]) -> FloatArray:
    """Return one column a group."""
    return _frozen(
        [
            [float(t) for t in row]
            for row in zip(*(text[f"{prefix}_{g}"] for g in groups), strict=True)
        ],
        np.float64,
    )


@lru_cache(maxsize=1)
def national() -> dict[str, Fact]:
    """Return national figures by name; births are ``births_2004`` to ``births_2024``."""
    return {
        row["name"]: Fact(float(row["value"]), row["unit"], row["year"], row["source"])
        for row in rows("national")
    }


@lru_cache(maxsize=1)
def _targets() -> tuple[Target, ...]:
    found = []
    for row in rows("targets"):
        tolerance = float(row.pop("low")), float(row.pop("high"))
        value = float(row.pop("value"))
        found.append(Target(value=value, tolerance=tolerance, **row))
    return tuple(found)


def targets() -> list[Target]:
    """Return every moment the model is held against, in the order of the evidence review."""
    return list(_targets())


def describe() -> list[dict[str, str]]:
    """Return title, unit, year, publisher and formula of each column of the table of areas.

    An empty formula means that the figure is as published.
    """
    return rows("columns")


@lru_cache(maxsize=1)
def data_digest() -> str:
    """Return the SHA-256 of all tables, as hexadecimal text.

    Names and lengths are in it, so that no two sets of tables share a digest.
    """
    digest = hashlib.sha256()
    for name in TABLE_FILES:
        content = (TABLES / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
