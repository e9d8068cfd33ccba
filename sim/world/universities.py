"""About 120 universities: regions, tariffs and sizes from national margins, the rest keyed luck.

They are synthetic: no university here is a real one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import ranks
from sim.codes import HIGHER_SIZE, HIGHER_SLOT_UNIVERSITIES, HIGHER_TURN
from sim.columns import Column, Table
from sim.config.values import HigherBeliefs
from sim.data.facts import Areas as AreaFacts
from sim.rng import Key, Purpose

__all__ = ["Universities", "found", "region_distances"]

EARTH_KM = 111.2
"""Kilometres a degree of latitude."""
LATITUDE = 52.5
"""Of the middle of England, degrees: a degree of longitude is as long as there."""


class Universities(Table):
    """Universities of England."""

    id = Column("u4", "id", "number")
    region = Column("i1", "index", "region, in alphabetical order, as of areas")
    high = Column("b1", "yes/no", "high tariff")
    size = Column("f8", "share", "of the places of its tariff, lasting")
    places = Column("f8", "share", "of the places of its tariff, this year")
    entrants = Column("i8", "students", "who entered this year, weighted")
    order = Column("f4", "0 to 1", "in which order universities take up student support")
    support = Column("f4", "0 to 1", "how fully it supports students from deprived places")


def found(facts: AreaFacts, values: HigherBeliefs, key: Key) -> Universities:
    """Draw the universities of England, at least one of each tariff in every region.

    Args:
        facts: The table of areas (`sim.data.facts.areas`).
        values: Beliefs about higher education (`beliefs.values.higher`).
        key: Luck; the seed alone counts, so that every replicate has the same universities.
    """
    shares = np.asarray(values.university_regions)
    table: list[tuple[int, bool]] = []
    for high, number in (
        (False, values.universities - values.high_tariff_universities),
        (True, values.high_tariff_universities),
    ):
        counts = _apportion(shares, int(number))
        table += [(region, high) for region, count in enumerate(counts) for _ in range(count)]
    out = Universities(len(table))
    out.id = np.arange(len(table))
    out.region, out.high = [row[0] for row in table], [row[1] for row in table]
    drawn = rng.words(Key(key.seed, 0), out.id, Purpose.HIGHER, slot=HIGHER_SLOT_UNIVERSITIES)
    size = np.exp(values.university_size_sd * rng.normals(drawn[HIGHER_SIZE]).astype(float))
    total = np.bincount(out.high, size)
    out.size = size / total[out.high.astype(int)]
    out.places = out.size
    out.order = (ranks(drawn[HIGHER_TURN]) + 0.5) / len(table)
    return out


def _apportion(shares: NDArray[Any], number: int) -> list[int]:
    """Share whole universities out, at least one each, the largest remainders first."""
    quota = shares / shares.sum() * number
    count = np.maximum(quota.astype(int), 1)
    while count.sum() < number:
        count[np.argmax(quota - count)] += 1
    return [int(c) for c in count]


def region_distances(facts: AreaFacts) -> NDArray[np.float64]:
    """Return kilometres between the centres of regions, in alphabetical order, shape (9, 9)."""
    # Added up in an order of their own, so that the order of rows changes no last digit.
    order = np.argsort(facts.number)
    _, region = np.unique(facts.region[order], return_inverse=True)
    pupils = facts.pupils_secondary[order]
    weight = np.bincount(region, pupils)
    lat, lon = (
        np.bincount(region, axis[order] * pupils) / weight for axis in (facts.lat, facts.lon)
    )
    north = EARTH_KM * (lat[:, None] - lat[None])
    east = EARTH_KM * np.cos(np.radians(LATITUDE)) * (lon[:, None] - lon[None])
    return np.asarray(np.hypot(north, east))
