"""England's own ground: small areas, school sites, colleges, independents, universities, flows.

The *ground* is real, the *schools* are stand-ins: no table holds a number, a name or a postcode of
a school, rolls are told to 5 and positions to 250 m. Each table is read once, without pandas, when
first asked for; arrays are read-only, one place a row. Positions are metres of the National Grid.
Meaning, unit, year, publisher and formula of every column: ``tables/ground_columns.csv``.

>>> len(small_areas()), len(sites()), len(colleges())
(32844, 19394, 295)
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BANDS",
    "BAND_CUTS",
    "COLLEGE_KINDS",
    "FAITHS",
    "GENDERS",
    "RURAL_URBAN",
    "Colleges",
    "Districts",
    "Flows",
    "Hexagons",
    "Independents",
    "Sites",
    "SmallAreas",
    "Universities",
    "colleges",
    "districts",
    "flows",
    "hexagons",
    "independents",
    "sites",
    "small_areas",
    "spots_km",
    "universities",
]

METRES = 1000.0
"""In a kilometre: tables are in metres, the model in kilometres."""
TABLES = Path(__file__).parent / "tables"

BANDS = ("A", "B", "C", "D", "E", "F", "G")
"""Bands of the formula by IDACI rank; G, the last, is paid nothing."""
BAND_CUTS = (821, 2463, 4105, 5747, 9032, 12316)
"""Last rank in each of the bands A to F, as the national funding formula cuts them."""
RURAL_URBAN = ("A1", "B1", "C1", "C2", "D1", "D2", "E1", "E2")
"""Rural-urban classes of 2011, in the order of their codes; A to C are urban."""
GENDERS = ("M", "B", "G")
"""Mixed, boys, girls."""
FAITHS = (
    "none",
    "church_of_england",
    "roman_catholic",
    "other_christian",
    "muslim",
    "jewish",
    "sikh",
    "hindu",
    "other",
)
COLLEGE_KINDS = ("fe", "sixth_form_college", "sixth_form_free", "sixth_form_centre")

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """The 32,844 small areas (LSOA of 2011), sorted by number of their area."""

    area: IntArray
    """Place of the area in `sim.data.facts.areas`."""
    x: FloatArray
    y: FloatArray
    scatter: FloatArray
    """Mean distance to the three nearest other centres, metres: how far homes lie about this."""
    primary: FloatArray
    secondary: FloatArray
    """State pupils who live here."""
    children_0_4: IntArray
    children_5_10: IntArray
    children_11_15: IntArray
    children_16_17: IntArray
    idaci_rate: FloatArray
    idaci_rank: IntArray
    rural_urban: IntArray
    """Place in `RURAL_URBAN`."""
    district: IntArray
    """Code of a district (`districts`), 0 if none is named."""
    band: IntArray
    """Place in `BANDS`."""

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, eq=False)
class Sites:
    """Mainstream state schools in two phases, sorted by area, then phase, then in no order."""

    area: IntArray
    phase: IntArray
    roll: IntArray
    first_age: IntArray
    last_age: IntArray
    sixth_form: IntArray
    selective: BoolArray
    gender: IntArray
    """Place in `GENDERS`."""
    faith: IntArray
    """Place in `FAITHS`."""
    x: FloatArray
    y: FloatArray
    sparsity_miles: IntArray
    """The formula's distance, thousandths of a mile."""
    year_group: IntArray
    """Pupils a year group, tenths."""
    district: IntArray

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, eq=False)
class Colleges:
    """Colleges that teach 16 to 18 year olds; special ones are left out."""

    area: IntArray
    kind: IntArray
    """Place in `COLLEGE_KINDS`."""
    x: FloatArray
    y: FloatArray
    leavers: IntArray
    """A year's leavers of 16 to 18 study."""

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, eq=False)
class Independents:
    """Independent schools."""

    area: IntArray
    pupils: IntArray
    x: FloatArray
    y: FloatArray

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True, eq=False)
class Universities:
    """Universities; shares are per cent, nan where not published."""

    region: TextArray
    x: FloatArray
    y: FloatArray
    required_lower_half: FloatArray
    enrolled_lower_half: FloatArray

    def __len__(self) -> int:
        return len(self.region)


@dataclass(frozen=True, eq=False)
class Districts:
    """Districts that a list or the formula names; ``code`` counts from 1."""

    code: IntArray
    name: TextArray
    list: TextArray
    """``opportunity_area`` or ``fringe``."""
    area: IntArray
    area_cost: IntArray
    """Area cost adjustment of its schools, ten-thousandths."""
    area_cost_rest: IntArray
    """The same for the rest of the area, in no named district."""

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, eq=False)
class Flows:
    """Shares of the pupils at an area's schools by area of residence, one row a pair."""

    phase: IntArray
    school_area: IntArray
    home_area: IntArray
    share: FloatArray

    def __len__(self) -> int:
        return len(self.phase)


@dataclass(frozen=True, eq=False)
class Hexagons:
    """Where each area stands, by its number, on a map on which all are one hexagon."""

    column: IntArray
    row: IntArray
    """From the south; odd rows stand half a column to the east."""

    def __len__(self) -> int:
        return len(self.row)


def spots_km(table: SmallAreas | Sites | Colleges | Independents | Universities) -> FloatArray:
    """Return positions in kilometres of the National Grid, shape (rows, 2): east, north."""
    return np.column_stack([table.x, table.y]) / METRES


def _numbers(table: str, coded: dict[str, Sequence[str]] | None = None) -> dict[str, FloatArray]:
    """Return the columns of a table of numbers; words of coded columns become their place."""
    with gzip.open(TABLES / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header, *lines = file.read().splitlines()
    names = header.split(",")
    converters: dict[int | str, Callable[[str], float]] = {
        names.index(name): {word: float(place) for place, word in enumerate(words)}.__getitem__
        for name, words in (coded or {}).items()
    }
    matrix = np.loadtxt(lines, delimiter=",", converters=converters or None, encoding="utf-8")
    return {name: matrix[:, place] for place, name in enumerate(names)}


def _text(table: str) -> dict[str, list[str]]:
    """Return the columns of a small table as text."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    return {name: [line[place] for line in lines] for place, name in enumerate(header)}


def _floats(values: Sequence[float] | FloatArray) -> FloatArray:
    array = np.array(values, np.float64)
    array.setflags(write=False)
    return array


def _ints(values: Sequence[int] | FloatArray) -> IntArray:
    array = np.array(values, np.int64)
    array.setflags(write=False)
    return array


def _bools(values: FloatArray) -> BoolArray:
    array = values > 0
    array.setflags(write=False)
    return array


def _words(values: Sequence[str]) -> TextArray:
    array = np.array(values, np.str_)
    array.setflags(write=False)
    return array


@lru_cache(maxsize=1)
def small_areas() -> SmallAreas:
    """Return the small areas.

    >>> np.bincount(small_areas().band).tolist()
    [821, 1642, 1642, 1642, 3285, 3284, 20528]
    """
    got = _numbers("small_areas", {"rural_urban": RURAL_URBAN})
    rank = _ints(got["idaci_rank"])
    return SmallAreas(
        area=_ints(got["area"]),
        x=_floats(got["x"]),
        y=_floats(got["y"]),
        scatter=_floats(got["scatter"]),
        primary=_floats(got["primary"]),
        secondary=_floats(got["secondary"]),
        children_0_4=_ints(got["children_0_4"]),
        children_5_10=_ints(got["children_5_10"]),
        children_11_15=_ints(got["children_11_15"]),
        children_16_17=_ints(got["children_16_17"]),
        idaci_rate=_floats(got["idaci_rate"]),
        idaci_rank=rank,
        rural_urban=_ints(got["rural_urban"]),
        district=_ints(got["district"]),
        # The first cut that a rank does not exceed is its band.
        band=_ints(np.searchsorted(np.array(BAND_CUTS), rank).tolist()),
    )


@lru_cache(maxsize=1)
def sites() -> Sites:
    """Return the schools in two phases; a school's place in them is its serial."""
    got = _numbers("sites", {"gender": GENDERS, "faith": FAITHS})
    return Sites(
        area=_ints(got["area"]),
        phase=_ints(got["phase"]),
        roll=_ints(got["roll"]),
        first_age=_ints(got["first_age"]),
        last_age=_ints(got["last_age"]),
        sixth_form=_ints(got["sixth_form"]),
        selective=_bools(got["selective"]),
        gender=_ints(got["gender"]),
        faith=_ints(got["faith"]),
        x=_floats(got["x"]),
        y=_floats(got["y"]),
        sparsity_miles=_ints(got["sparsity_miles"]),
        year_group=_ints(got["year_group"]),
        district=_ints(got["district"]),
    )


@lru_cache(maxsize=1)
def colleges() -> Colleges:
    """Return the colleges."""
    got = _text("post16")
    return Colleges(
        area=_ints([int(text) for text in got["area"]]),
        kind=_ints([COLLEGE_KINDS.index(text) for text in got["kind"]]),
        x=_floats([float(text) for text in got["x"]]),
        y=_floats([float(text) for text in got["y"]]),
        leavers=_ints([int(text) for text in got["leavers"]]),
    )


@lru_cache(maxsize=1)
def independents() -> Independents:
    """Return the independent schools."""
    got = _numbers("independents")
    return Independents(
        area=_ints(got["area"]),
        pupils=_ints(got["pupils"]),
        x=_floats(got["x"]),
        y=_floats(got["y"]),
    )


@lru_cache(maxsize=1)
def universities() -> Universities:
    """Return the universities, sorted by region."""
    got = _text("universities")
    names = ("x", "y", "required_lower_half", "enrolled_lower_half")
    return Universities(
        region=_words(got["region"]),
        **{name: _floats([float(text or "nan") for text in got[name]]) for name in names},
    )


@lru_cache(maxsize=1)
def districts() -> Districts:
    """Return the districts that a list or the formula names.

    >>> districts().name[:2].tolist(), districts().list[:1].tolist()
    (['Norwich', 'Ipswich'], ['opportunity_area'])
    """
    got = _text("districts")
    names = ("code", "area", "area_cost", "area_cost_rest")
    return Districts(
        name=_words(got["name"]),
        list=_words(got["list"]),
        **{name: _ints([int(text) for text in got[name]]) for name in names},
    )


@lru_cache(maxsize=1)
def flows() -> Flows:
    """Return where the pupils of each area's schools live."""
    got = _numbers("flows")
    names = ("phase", "school_area", "home_area")
    return Flows(**{name: _ints(got[name]) for name in names}, share=_floats(got["share"]))


@lru_cache(maxsize=1)
def hexagons() -> Hexagons:
    """Return the hexagon of each area, sorted by number of the area."""
    got = _text("hexagons")
    return Hexagons(
        **{name: _ints([int(text) for text in got[name]]) for name in ("column", "row")}
    )
