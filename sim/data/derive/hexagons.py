"""A map on which every authority is one hexagon, near its place in England.

An authority stands where its state pupils live. Close ones are pushed apart until each has about a
hexagon's room, while a spring holds each to its place; then they are given to the hexagons of a
grid so that squared distances add up to the least. No boundary is used or copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hexagon_table", "laid_out"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WIDTH = 35_000
"""Metres of England that a hexagon is wide."""
SPRING = 0.15
"""Share of the way back to its place that an authority is drawn in each round."""
ROUNDS = 600
CORNER = (0.5, 0.4)
"""Where the grid begins. Of a few, and of widths and springs, the one that keeps most neighbours
and leaves regions most whole."""
ROW = 3**0.5 / 2
"""Rows of hexagons one wide lie so far apart; odd rows stand half a column to the east."""
MARGIN = 2


def hexagon_table(small: pd.DataFrame) -> pd.DataFrame:
    """Return ``area``, ``column`` and ``row`` of each area; rows count from the south.

    Args:
        small: Small areas with ``area``, position and state pupils of both phases.
    """
    import pandas as pd

    pupils = (small["primary"] + small["secondary"]).to_numpy(float)
    spots = small[["x", "y"]].to_numpy(float)
    column, row = laid_out(small["area"].to_numpy(), spots, pupils).T
    return pd.DataFrame({"area": np.arange(column.size), "column": column, "row": row})


def laid_out(area: Ints, spots: Floats, pupils: Floats) -> Ints:
    """Return column and row of each area, from 0.

    Args:
        area: Number of the area of each small area.
        spots: (small areas, 2) metres east and north.
        pupils: Weight of each.
    """
    heads = np.bincount(area, pupils)
    centres = np.stack([np.bincount(area, pupils * one) / heads for one in spots.T], axis=1)
    places = _apart((centres - centres.mean(axis=0)) / WIDTH) + CORNER
    low = np.floor(places.min(axis=0) - MARGIN).astype(int)
    high = np.ceil(places.max(axis=0) + MARGIN).astype(int)
    rows = np.arange(int(low[1] / ROW) // 2 * 2, int(high[1] / ROW) + 1)  # begins with an even row
    cells = np.array([(column, row) for row in rows for column in range(low[0], high[0] + 1)])
    middles = np.stack([cells[:, 0] + 0.5 * (cells[:, 1] % 2), cells[:, 1] * ROW], axis=1)
    metres = ((places[:, None] - middles[None]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(metres)
    found = cells[chosen]
    first = found.min(axis=0)
    first[1] -= first[1] % 2  # odd rows stay odd
    return np.asarray(found - first, np.int64)


def _apart(places: Floats) -> Floats:
    """Push places apart that are nearer than one hexagon."""
    now = places.copy()
    for _ in range(ROUNDS):
        away = now[:, None] - now[None]
        far = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(far, np.inf)
        lacking = np.clip(1 - far, 0, None) / far
        now += 0.25 * (away * lacking[..., None]).sum(axis=1) - SPRING * (now - places)
    return now
