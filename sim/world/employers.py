"""Employers: one row a labour market and level of job, with its posts and its ways of selecting.

A row stands for all employers of a market that offer jobs of that level, so a practice is adopted
by a share of them. Markets are the nine regions or, where so switched, England's ITL2 regions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.codes import JOB_LEVEL_COUNT, JOB_PROFESSIONAL, REGION_COUNT
from sim.columns import Column, Table

__all__ = ["Employers", "row_of"]


def row_of(market: int, level: int) -> int:
    """Return the row of the employers of a labour market and level of job (1 to 3).

    >>> row_of(2, JOB_PROFESSIONAL)
    8
    """
    return JOB_LEVEL_COUNT * market + level - 1


class Employers(Table):
    """Employers of labour markets at three levels of job, rows in the order of `row_of`."""

    id = Column("u4", "id", "number of the labour market and level")
    market = Column("i1", "index", "labour market")
    region = Column("i1", "0 to 8", "region, in alphabetical order")
    level = Column("i1", "1 to 3", "level of job: 1 lower, 2 middle, 3 professional")
    posts = Column("i8", "posts", "posts for people aged 19 to 30 this year, held or vacant")
    vacancies = Column("i8", "posts", "posts nobody held when this year's market opened")
    held = Column("i8", "posts", "posts somebody held when this year's market opened")
    filled = Column("i8", "posts", "vacancies filled this year")
    filled_local = Column("i8", "posts", "vacancies filled by people raised in the market")
    cutoff = Column("f4", "SD", "lowest score that got a post this year; minus infinity: none")
    supply = Column("f8", "share", "young people raised here who qualify for the level, last year")
    supply_base = Column("f8", "share", "the same in year 0; 0 before")
    at_work = Column("f8", "share", "young people raised here who look for work or have it")
    at_work_base = Column("f8", "share", "the same in year 0; 0 before")
    contextual = Column("f4", "share", "employers that read results in the light of background")
    blind = Column("f4", "share", "employers whose sift sees no sign of background")
    reform = Column("f4", "share", "employers that promote by open criteria")

    def __init__(self, region: ArrayLike = range(REGION_COUNT)) -> None:
        """Make a row a market and level.

        Args:
            region: (markets,) region of each market; every region is one if not given.
        """
        of = np.asarray(region)
        super().__init__(of.size * JOB_LEVEL_COUNT)
        number = np.arange(self.rows)
        self.id = number
        self.market = number // JOB_LEVEL_COUNT
        self.region = of[self.market]
        self.level = number % JOB_LEVEL_COUNT + 1

    def at(self, level: int) -> slice:
        """Return the rows of a level of job, in the order of labour markets."""
        return slice(level - 1, None, JOB_LEVEL_COUNT)

    def remember(self) -> None:
        """Take this year's supply as the base that posts are compared with: call in year 0."""
        self.supply_base, self.at_work_base = self.supply, self.at_work

    def scheme_shares(self) -> tuple[float, float]:
        """Return the shares of graduate schemes that are contextual, and that sift blind.

        Schemes lie where professional posts lie.
        """
        rows = self.at(JOB_PROFESSIONAL)
        posts = self.posts[rows].astype(np.float64)
        total = max(posts.sum(), 1.0)
        return (
            float((posts * self.contextual[rows]).sum() / total),
            float((posts * self.blind[rows]).sum() / total),
        )
