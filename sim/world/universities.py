"""Universities of England: where real ones stand, with tariffs from real entry, sizes by luck.

Like schools they are stand-ins: the ground is real, what a university is like is drawn. Whether one
is of high tariff follows from who meets its entry grades: the fewer come from the less advantaged
half of backgrounds, the higher they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.arrays import Float64s, ranks
from sim.codes import HIGHER_SIZE, HIGHER_SLOT_UNIVERSITIES, HIGHER_TURN, REGIONS
from sim.columns import Column, Table
from sim.config.values import HigherBeliefs, Values
from sim.data import ground
from sim.rng import Key, Purpose
from sim.world.tables import World

__all__ = ["Universities", "destinations", "found", "kilometres"]


class Universities(Table):
    """Universities of England."""

    id = Column("u4", "id", "number")
    region = Column("i1", "index", "region, in alphabetical order, as of areas")
    x = Column("f8", "km", "east of the origin of the National Grid, to a quarter")
    y = Column("f8", "km", "north of the origin of the National Grid, to a quarter")
    high = Column("b1", "yes/no", "high tariff")
    size = Column("f8", "share", "of the places of its tariff, lasting")
    places = Column("f8", "share", "of the places of its tariff, this year")
    entrants = Column("i8", "students", "who entered this year, weighted")
    order = Column("f4", "0 to 1", "in which order universities take up student support")
    support = Column("f4", "0 to 1", "how fully it supports students from deprived places")


def found(values: HigherBeliefs, key: Key) -> Universities:
    """Put a university at every place of one, and draw how large it is.

    Args:
        values: Beliefs about higher education (`beliefs.values.higher`).
        key: Luck; the seed alone counts, so that every replicate has the same universities.
    """
    table = ground.universities()
    out = Universities(len(table))
    out.id = np.arange(len(table))
    out.region = np.searchsorted(REGIONS, table.region)
    out.x, out.y = ground.spots_km(table).T
    out.high = _high_tariff(table.required_lower_half, int(values.high_tariff_universities))
    drawn = rng.words(Key(key.seed, 0), out.id, Purpose.HIGHER, slot=HIGHER_SLOT_UNIVERSITIES)
    out.size = _sizes(out, values, rng.normals(drawn[HIGHER_SIZE]).astype(float))
    out.places = out.size
    out.order = (ranks(drawn[HIGHER_TURN]) + 0.5) / len(table)
    return out


def _high_tariff(lower_half: Float64s, number: int) -> NDArray[np.bool_]:
    """Return the universities whose entry grades fewest of the lower half of backgrounds meet."""
    high = np.zeros(lower_half.size, bool)
    high[np.argsort(np.where(np.isnan(lower_half), np.inf, lower_half), kind="stable")[:number]] = 1
    return high


def _sizes(table: Universities, values: HigherBeliefs, luck: Float64s) -> Float64s:
    """Return shares of the places of each tariff; regions have their published shares of them."""
    size = np.exp(values.university_size_sd * luck)
    region = table.region.astype(np.int64)
    cell = 2 * region + table.high
    share = np.asarray(values.university_regions)[region] / np.bincount(cell, size)[cell]
    size *= share
    tariff = table.high.astype(np.int64)
    return np.asarray(size / np.bincount(tariff, size)[tariff])


def kilometres(world: World, table: Universities) -> NDArray[np.float64]:
    """Return kilometres from where the children of each area live, on average, to universities.

    Shape (areas, universities).
    """
    area, children = world.small.area, world.small.children
    heads = np.bincount(area, children, minlength=len(world.areas))
    x, y = (
        np.bincount(area, axis.astype(float) * children, minlength=heads.size) / heads
        for axis in (world.small.x, world.small.y)
    )
    return np.asarray(np.hypot(x[:, None] - table.x[None], y[:, None] - table.y[None]))


def destinations(table: Universities, distances: Float64s, values: Values) -> NDArray[np.float32]:
    """Return cumulative chances of universities, shape (tariff, at home, home area, university).

    The farther a university, the fewer go there: those who leave home a little, those who live at
    home by much.

    Args:
        table: Universities, with this year's places.
        distances: (areas, universities) kilometres.
        values: All beliefs.
    """
    out = np.empty((2, 2, *distances.shape))
    for tariff in (0, 1):
        mine = table.high == bool(tariff)
        # Against the nearest, so that somebody far from all of them has chances too.
        far = distances - distances[:, mine].min(axis=1, keepdims=True)
        places = table.places * mine
        for at_home, per_km in enumerate((values.higher.distance / 100, 1 / values.higher.home_km)):
            out[tariff, at_home] = np.cumsum(places * np.exp(-per_km * far * mine), axis=1)
    return np.asarray(out / out[..., -1:], np.float32)
