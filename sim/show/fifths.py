"""How many areas stand in each fifth: a fifth of two areas speaks of two areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.show.clear import brief
from sim.show.words import interval, join, label, records, signed, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "AREAS_HERE",
    "FEW",
    "FIFTHS",
    "IN_FIFTHS",
    "IN_WORDS",
    "areas_in_fifths",
    "areas_told",
    "at_ends",
    "counted",
    "empty_told",
    "ends_told",
    "fifth_titles",
    "fifths_told",
    "with_areas",
    "with_counts",
]

FIFTHS = {
    1: "Fifth 1\nmost affluent",
    2: "Fifth 2",
    3: "Fifth 3",
    4: "Fifth 4",
    5: "Fifth 5\nleast affluent",
}
FEW = 5
"""Areas below which a fifth says how many it holds wherever it is named."""
IN_WORDS = {
    1: "the most affluent fifth",
    2: "the second most affluent fifth",
    3: "the middle fifth",
    4: "the second least affluent fifth",
    5: "the least affluent fifth",
}
"""What sentences and titles call the fifths of areas; no name is part of another."""
IN_FIFTHS = {fifth: f"in {words}" for fifth, words in IN_WORDS.items()}
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
    told.attrs = {**rows.attrs, "empty": _empty(areas_in_fifths(dataset))}
    return told


def _empty(areas: Mapping[int, int]) -> list[int]:
    return [fifth for fifth in FIFTHS if not areas.get(fifth)]


def empty_told(rows: pd.DataFrame) -> str:
    """Name the fifths that hold no area of this world, to end a caption; nothing if none is empty.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"place": [1, 5]})
    >>> rows.attrs["empty"] = [3, 4]
    >>> empty_told(rows), empty_told(pd.DataFrame({"place": [1]}))
    (' Fifths 3 and 4 hold no area of this world.', '')
    """
    empty = rows.attrs.get("empty") or ()
    if not empty:
        return ""
    some = len(empty) > 1
    verb = "hold" if some else "holds"
    return f" Fifth{'s' * some} {join(map(str, empty))} {verb} no area of this world."


def fifths_told(dataset: xr.Dataset) -> str:
    """Say how many areas each fifth holds where some hold few or none; nothing in larger worlds."""
    areas = areas_in_fifths(dataset)
    if min(areas.get(fifth, 0) for fifth in FIFTHS) >= FEW:
        return ""
    held = ", ".join(
        f"{times(areas.get(n, 0), 'area').replace('0 areas', 'none')} in fifth {n}" for n in FIFTHS
    )
    return f"Areas of this world by affluence, 1 the most affluent: {held}."


def ends_told(rows: pd.DataFrame) -> str:
    """Name the first and the last fifth that rows hold.

    >>> import pandas as pd
    >>> ends_told(pd.DataFrame({"place": [1, 2, 5]})), ends_told(pd.DataFrame({"place": [2, 4]}))
    ('the most and the least affluent fifth', 'fifth 2 and fifth 4')
    """
    first, last = int(rows["place"].min()), int(rows["place"].max())
    if (first, last) == (1, 5):
        return "the most and the least affluent fifth"
    return join(dict.fromkeys((f"fifth {first}", f"fifth {last}")))


def at_ends(rows: pd.DataFrame, digits: int) -> str:
    """Tell what each policy changes in the first and in the last fifth that rows hold.

    >>> import pandas as pd
    >>> both = pd.DataFrame({"scenario": "pupil_need", "place": [1, 5], "value": [0.19, 0.34],
    ...                      "low": [0.11, 0.04], "high": [0.49, 0.71]})
    >>> at_ends(both, 2)
    'Pupil need +0.19 (+0.11 to +0.49) and +0.34 (+0.04 to +0.71)'
    """
    ends = rows[rows["place"].isin((rows["place"].min(), rows["place"].max()))]
    parts = []
    for name, mine in ends.groupby("scenario", sort=False):
        told = [
            f"{signed(r['value'], digits)} ({interval(r['low'], r['high'], digits)})"
            for r in records(mine)
        ]
        parts.append(f"{label(str(name))} {' and '.join(told)}")
    return "; ".join(parts)


def counted(title: str, rows: pd.DataFrame) -> str:
    """Return a title that says of how many areas its fifths are, where few and if there is room.

    >>> import pandas as pd
    >>> counted("Lost in the least affluent fifth", pd.DataFrame({"place": [5], "areas_here": [1]}))
    'Lost in the least affluent fifth (1 area)'
    """
    if AREAS_HERE not in rows:
        return title
    areas = {int(p): int(n) for p, n in zip(rows["place"], rows[AREAS_HERE], strict=True)}
    return brief(with_counts(title, areas), title)


def with_counts(text: str, areas: Mapping[int, int]) -> str:
    """Say once of how many areas a fifth is that text names, where they are few.

    >>> with_counts("They lose in the least affluent fifth.", {1: 9, 5: 2})
    'They lose in the least affluent fifth (2 areas).'
    >>> with_counts("They gain in the second most affluent fifth.", {1: 9, 2: 1})
    'They gain in the second most affluent fifth (1 area).'
    >>> with_counts("They gain in the middle fifth (fifth 3).", {1: 9, 3: 2})
    'They gain in the middle fifth (fifth 3, 2 areas).'
    """
    for fifth, words in IN_WORDS.items():
        if areas.get(fifth, FEW) < FEW:
            many, numbered = times(areas[fifth], "area"), f"{words} (fifth {fifth})"
            text = (
                text.replace(numbered, f"{numbered[:-1]}, {many})", 1)
                if numbered in text
                else text.replace(words, f"{words} ({many})", 1)
            )
    return text


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
