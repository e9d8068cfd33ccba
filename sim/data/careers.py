"""Published figures by region: jobs where and at which age, distances, pay, higher education.

Regions are in alphabetical order everywhere, levels of job in the order `LEVELS`.

>>> table = careers()
>>> table.regions[2], table.workers.shape, table.by_age.shape
('London', (9, 3), (12, 3))
>>> per_leaver(table, (0.38, 0.16, 0.12))[2].round(3)
array([0.671, 0.262, 0.166])
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import JOBS, OCCUPATIONS

__all__ = ["LEVELS", "Careers", "apart", "careers", "distances", "pay_at_level", "per_leaver"]

TABLE = Path(__file__).parent / "tables" / "careers.csv"
LEVELS = JOBS[:0:-1]
"""Levels of job, the highest first."""
AGES = tuple(str(age) for age in range(19, 31))
ABROAD_APART = ("London", "South East")
"""Regions whose share of workers raised abroad stands apart; all others share the third number."""
_KM_A_DEGREE = 111.2

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Careers:
    """The table of jobs as read-only arrays; sources stand in ``sim/data/tables/careers.csv``."""

    regions: tuple[str, ...]
    leavers: Floats
    """(9,) pupils who leave Year 11 in a year, thousand."""
    workers: Floats
    """(9, 3) residents aged 25 to 44 as if all held jobs like people in their twenties."""
    centre: Floats
    """(9, 2) latitude and longitude, degrees."""
    log_pay: Floats
    """(9,) log of weekly pay over the English mean."""
    national: Floats
    """(3,) share of people aged 25 to 29 in each level of job."""
    origin: Floats
    """(3,) share in professional jobs at 25 to 29: professional, intermediate, working parents."""
    he_fsm: Floats
    """(9,) young people registered for FSM at 15 who enter higher education by 19, per cent."""
    by_age: Floats
    """(12, 3) jobs held at ages 19 to 30, relative to the mean of ages 25 to 29."""


@lru_cache(maxsize=1)
def careers() -> Careers:
    """Return the published figures on jobs."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        figures = {(r["name"], r["of"], r["part"]): float(r["value"]) for r in csv.DictReader(file)}
    regions = tuple(sorted({of for name, of, _ in figures if name == "leavers"}))

    def block(name: str, rows: Sequence[str], parts: Sequence[str]) -> Any:
        array = np.array([[figures[name, of, part] for part in parts] for of in rows])
        array = array[:, 0] if tuple(parts) == ("all",) else array
        array.setflags(write=False)
        return array

    return Careers(
        regions=regions,
        leavers=block("leavers", regions, ("all",)),
        workers=block("workers", regions, LEVELS),
        centre=block("centre", regions, ("latitude", "longitude")),
        log_pay=block("log_pay", regions, ("all",)),
        national=block("national", ("England",), LEVELS)[0],
        origin=block("origin", ("England",), OCCUPATIONS)[0],
        he_fsm=block("he_fsm", regions, ("all",)),
        by_age=block("by_age", AGES, LEVELS),
    )


def per_leaver(table: Careers, raised_abroad: Sequence[float]) -> Floats:
    """Return (9, 3) posts open to people raised in England per leaver of the region.

    Jobs held by residents, less those held by people raised abroad, scaled so that all leavers
    together find the national shares of each level at 25 to 29.

    Args:
        table: Figures of `careers`.
        raised_abroad: Share of workers raised abroad: London, South East, every other region.
    """
    london, south_east, others = raised_abroad
    abroad = np.full(len(table.regions), others)
    abroad[table.regions.index(ABROAD_APART[0])] = london
    abroad[table.regions.index(ABROAD_APART[1])] = south_east
    jobs = table.workers * (1 - abroad)[:, None]
    posts = jobs / jobs.sum(0) * table.national * table.leavers.sum()
    return np.asarray(posts / table.leavers[:, None])


def pay_at_level(table: Careers, level_gap: Sequence[float]) -> Floats:
    """Return (9,) log of a region's pay over the English mean among people in jobs alike.

    What a region's residents are paid, less what it owes to having more or fewer jobs of a level
    than England. The mean over workers stays what it was.

    Args:
        table: Figures of `careers`.
        level_gap: Log of national pay at each level, the lowest first.
    """
    heads = table.workers.sum(1)
    mix = table.workers / heads[:, None]
    owed = (mix - table.workers.sum(0) / heads.sum()) @ np.asarray(level_gap)[::-1]
    return np.asarray(table.log_pay - owed)


def distances(table: Careers) -> Floats:
    """Return (9, 9) hundreds of kilometres between the centres of regions."""
    return apart(table.centre)


def apart(centre: Floats) -> Floats:
    """Return hundreds of kilometres between each two of some places.

    Args:
        centre: (places, 2) latitude and longitude, degrees.
    """
    north, east = np.radians(centre).T
    middle = np.cos(north.mean())
    km = _KM_A_DEGREE * np.degrees(
        np.hypot(north[:, None] - north, (east[:, None] - east) * middle)
    )
    return np.asarray(km / 100)
