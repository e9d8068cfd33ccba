"""Where each authority stands on a map on which all are one hexagon.

Laid out once, from where each authority's pupils live: `sim.data.derive.hexagons`.
"""

from __future__ import annotations

from functools import lru_cache

from sim.data import facts, ground

__all__ = ["hexagons", "middle"]


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
