"""How many areas stand in each fifth: a fifth of two areas speaks of two areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.show.words import times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["AREAS_HERE", "FIFTHS", "areas_in_fifths", "areas_told", "fifth_titles", "with_areas"]

FIFTHS = {
    1: "Fifth 1\nmost affluent",
    2: "Fifth 2",
    3: "Fifth 3",
    4: "Fifth 4",
    5: "Fifth 5\nleast affluent",
}
AREAS_HERE = "areas_here"
"""Column of a table by fifth: areas simulated in the fifth of the row."""


def areas_in_fifths(dataset: xr.Dataset) -> dict[int, int]:
    """Return how many simulated areas each fifth of areas by affluence holds, however weighted."""
    fifths, count = np.unique(dataset["affluence"].values, return_counts=True)
    return {int(fifth): int(n) for fifth, n in zip(fifths, count, strict=True)}


def with_areas(rows: pd.DataFrame, dataset: xr.Dataset) -> pd.DataFrame:
    """Return rows by fifth with the number of areas behind each."""
    if "place" not in rows or not len(rows):
        return rows
    told = rows.assign(**{AREAS_HERE: rows["place"].map(areas_in_fifths(dataset))})
    told.attrs = dict(rows.attrs)
    return told


def areas_told(rows: pd.DataFrame) -> str:
    """Say how many areas stand in each fifth of rows, to follow a sentence; nothing if unknown.

    >>> import pandas as pd
    >>> areas_told(pd.DataFrame({"place": [1, 1, 2], "areas_here": [5, 5, 4]}))
    ', areas in each: 5, 4'
    """
    if AREAS_HERE not in rows:
        return ""
    areas = dict(sorted(zip(rows["place"], rows[AREAS_HERE], strict=True)))
    return f", areas in each: {', '.join(str(int(n)) for n in areas.values())}"


def fifth_titles(rows: pd.DataFrame) -> dict[int, str]:
    r"""Return the heading of each fifth in rows, by place: its number, its end, its areas.

    >>> import pandas as pd
    >>> fifth_titles(pd.DataFrame({"place": [1, 2], "areas_here": [5, 1]}))
    {1: 'Fifth 1\nmost affluent (5 areas)', 2: 'Fifth 2\n(1 area)'}
    """
    places = sorted(int(place) for place in rows["place"].unique())
    if AREAS_HERE not in rows:
        return {place: FIFTHS[place] for place in places}
    areas = dict(zip(rows["place"], rows[AREAS_HERE], strict=True))
    return {
        place: f"{FIFTHS[place]}{' ' if chr(10) in FIFTHS[place] else chr(10)}"
        f"({times(int(areas[place]), 'area')})"
        for place in places
    }
