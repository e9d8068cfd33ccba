"""Where each authority stands on a map on which all are one hexagon.

Laid out once by the project from the centres in ``areas.csv`` (Office for National Statistics):
they are pushed apart until each has room, neighbours keep their direction, and each is put on the
nearest free hexagon; then places are swapped as long as regions hang together better. No boundary
is used or copied.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

__all__ = ["hexagons", "middle"]


@lru_cache(maxsize=1)
def hexagons() -> dict[str, tuple[int, int]]:
    """Return column and row of each authority by its code; rows count from the south."""
    with (Path(__file__).parent / "hexagons.csv").open(encoding="utf-8", newline="") as file:
        return {r["code"]: (int(r["column"]), int(r["row"])) for r in csv.DictReader(file)}


def middle(column: int, row: int) -> tuple[float, float]:
    """Return the middle of a hexagon in widths of one; odd rows stand half a column to the east.

    >>> middle(2, 1)[0], round(middle(2, 2)[1], 3)
    (2.5, 1.732)
    """
    return column + 0.5 * (row % 2), row * 3**0.5 / 2
