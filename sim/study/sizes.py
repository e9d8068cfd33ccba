"""What one cell takes by its world and years: time, memory and disk of a server of 2024, one core.

A cell takes time by the pupils of its world and the years lived; a past is lived once for the cells
that share it.
"""

from __future__ import annotations

import math
from functools import lru_cache

from sim.config.models import Settings
from sim.data import facts
from sim.world.build import area_rows

__all__ = ["cell_work", "disk_mb", "memory_mb", "past_seconds", "policy_seconds", "room_mb"]

WRITE_SECONDS = 0.15


@lru_cache(maxsize=32)
def _share(world: str, region: str | None) -> tuple[float, int]:
    """Return the share of England's pupils that a world simulates, and in how many areas."""
    table = facts.areas()
    rows = area_rows(table, world, region)
    return float(table.pupils_primary[rows].sum() / table.pupils_primary.sum()), len(rows)


def _year_seconds(cell: Settings) -> float:
    """Return the seconds of one core that a simulated year takes."""
    return 0.012 + 1.45 * _share(cell.world.name, cell.world.region)[0]


def cell_work(cell: Settings) -> tuple[float, float]:
    """Return the seconds of one core that a cell's past takes, and those of its policy years."""
    return past_seconds(cell), policy_seconds(cell)


def policy_seconds(cell: Settings) -> float:
    """Return the seconds of one core that a cell's policy years take, writing it included."""
    return cell.years * _year_seconds(cell) + WRITE_SECONDS


def past_seconds(cell: Settings) -> float:
    """Return the seconds of one core that building a cell's world and living its past takes."""
    build = 0.15 + 10 * _share(cell.world.name, cell.world.region)[0]
    return build + cell.past * _year_seconds(cell)


def memory_mb(world: str, region: str | None = None) -> float:
    """Return the megabytes that each process of a world holds at its peak."""
    return 300 + 1850 * _share(world, region)[0]


def room_mb(peak: float) -> float:
    """Return the megabytes to have for a process that holds so many at its peak.

    By this alone processes are counted, a dry run tells what a job needs, and a cluster is asked.

    >>> room_mb(2150.0)
    2987.5
    """
    return 1.25 * peak + 300


def disk_mb(cell: Settings) -> float:
    """Return the megabytes of a cell's file."""
    areas = _share(cell.world.name, cell.world.region)[1]
    once = min(0.21 + 0.08 * math.sqrt(areas), 0.75)
    return once + (cell.past + cell.years) * (0.0206 + 0.00092 * areas)
