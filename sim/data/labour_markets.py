"""Local labour markets: the ITL2 regions of England, with the jobs that young residents hold.

A region's posts are those of `sim.data.careers`; here they are divided among its markets by the
same rule by which regions have theirs: by residents of 25 to 44 as if all held jobs like people in
their twenties. Pay stands by region alone: pay by ITL2 region and level of job is not published.

>>> table = labour_markets()
>>> table.name[3], REGIONS[table.region[3]], table.workers.shape
('Greater Manchester', 'North West', (33, 3))
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.codes import REGIONS
from sim.data.careers import LEVELS
from sim.data.facts import rows

__all__ = ["LabourMarkets", "labour_markets", "posts_per_person"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LabourMarkets:
    """The table of labour markets as read-only arrays, in the order of their codes."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    region: NDArray[np.int64]
    """(33,) region of each, as in `REGIONS`."""
    leavers: Floats
    """(33,) pupils who leave Year 11 in a year, thousand."""
    workers: Floats
    """(33, 3) residents aged 25 to 44 as if all held jobs like people in their twenties."""
    centre: Floats
    """(33, 2) latitude and longitude, degrees."""

    def rows_of(self, codes: NDArray[np.str_]) -> NDArray[np.int64]:
        """Return the row of each code."""
        return np.asarray([self.code.index(code) for code in codes.tolist()], np.int64)


@lru_cache(maxsize=1)
def labour_markets() -> LabourMarkets:
    """Return the published figures on local labour markets."""
    table = rows("labour_markets")

    def numbers(*columns: str) -> Floats:
        array = np.array([[float(row[column]) for column in columns] for row in table])
        array.setflags(write=False)
        return array

    region = np.array([REGIONS.index(row["region"]) for row in table], np.int64)
    region.setflags(write=False)
    return LabourMarkets(
        code=tuple(row["code"] for row in table),
        name=tuple(row["name"] for row in table),
        region=region,
        leavers=numbers("leavers")[:, 0],
        workers=numbers(*LEVELS),
        centre=numbers("lat", "lon"),
    )


def posts_per_person(table: LabourMarkets, regional: Floats, raised: Floats) -> Floats:
    """Return (33, 3) posts per person raised in each market.

    All markets of a region together have the posts that the region has. A market where nobody is
    raised has none: in a world of fewer areas its posts lie in the region's other markets.

    Args:
        table: Figures of `labour_markets`.
        regional: (9, 3) posts per person raised in each region.
        raised: (33,) people raised in each market of the world, in any unit.
    """
    by_leavers = table.workers / table.leavers[:, None]
    people = np.bincount(table.region, raised, len(regional))[:, None]
    posts = np.zeros_like(regional)
    np.add.at(posts, table.region, raised[:, None] * by_leavers)
    scale = regional * people / np.where(posts > 0, posts, 1)
    return np.asarray(by_leavers * scale[table.region])
