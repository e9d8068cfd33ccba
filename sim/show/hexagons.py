"""Where each authority stands on a map on which all are one hexagon.

Laid out once, from where each authority's pupils live: `sim.data.derive.hexagons`.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from math import cos, pi, sin

from sim.data import facts, ground

__all__ = ["RADIUS", "border", "hexagons", "middle"]

RADIUS = 3**-0.5
CORNERS = tuple((RADIUS * sin(k * pi / 3), RADIUS * cos(k * pi / 3)) for k in range(6))
"""Of a hexagon one wide that stands on a corner, from its middle."""


@lru_cache(maxsize=1)
def hexagons() -> dict[str, tuple[int, int]]:
    """Return column and row of each authority by its code; rows count from the south."""
    table, areas = ground.hexagons(), facts.areas()
    where = zip(table.column[areas.number].tolist(), table.row[areas.number].tolist(), strict=True)
    return dict(zip(areas.code.tolist(), where, strict=True))


def middle(column: int, row: int) -> tuple[float, float]:
    """Return the middle of a hexagon in widths of one; odd rows stand half a column to the east.

    >>> middle(2, 1)[0], round(middle(2, 2)[1], 3)
    (2.5, 1.732)
    """
    return column + 0.5 * (row % 2), row * 3**0.5 / 2


def border(middles: Collection[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return the sides of hexagons that no other of them shares: the outline of a land.

    >>> len(border([(0.0, 0.0)])), len(border([(0.0, 0.0), (1.0, 0.0)]))
    (6, 10)
    """
    sides: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for x, y in middles:
        corners = [(x + across, y + up) for across, up in CORNERS]
        for one, other in zip(corners, corners[1:] + corners[:1], strict=True):
            # The middle of a side tells it, from whichever hexagon it is seen.
            at = round((one[0] + other[0]) / 2, 3), round((one[1] + other[1]) / 2, 3)
            sides[at] = [] if at in sides else [one, other]
    return [side for side in sides.values() if side]
