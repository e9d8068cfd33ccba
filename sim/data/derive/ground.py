"""Small areas: where children live, how deprived their places are, and who is at a state school.

Children are those of mid-2020, by single year of age; pupils of January 2025 follow from them by
taking off those at independent schools near by and moving the rest, patch by patch of small areas,
towards the rolls that schools really have.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.data.choices import JOINED
from sim.data.derive.districts import district_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ROAD_FACTOR",
    "Ground",
    "day_pupils_away",
    "homes",
    "nearest_small_area",
    "read_ground",
    "read_independents",
    "small_area_table",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROAD_FACTOR = 1.35
"""Miles by road for each mile as the crow flies."""
SPREAD = 0.33
"""Spread of homes about a centre, as a share of the distance to the nearest other centres."""
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5.0))
YEARS = (range(7), range(7, 12))
"""Year groups of each phase."""
AGES = {
    "children_0_4": range(5),
    "children_5_10": range(5, 11),
    "children_11_15": range(11, 16),
    "children_16_17": range(16, 18),
}
DAY_PUPILS = 0.70
"""Share of an independent school's pupils who are of Reception to Year 11 and live near by."""
PRIVATE_REACH = 25_000
PRIVATE_METRES = 6_000
"""Distance over which the pull of an independent school falls to a third."""
PRIVATE_IDACI = 0.06
"""Rise of the IDACI rate over which the pull falls to a third."""
MOST_PRIVATE = 0.5


@dataclass(frozen=True, eq=False)
class Ground:
    """Small areas as arrays, one place each, sorted by number of their area, then by code."""

    codes: tuple[str, ...]
    """Codes of the areas, in the order of ``areas.csv``."""
    small: pd.DataFrame
    area: Ints
    spots: Floats
    """(n, 2) population-weighted centres, metres."""
    scatter: Floats
    """(n,) mean distance to the three nearest other centres, metres."""
    district: Ints
    cohort: Floats
    """(n, 2) children of an age to be in each phase in January 2025."""
    pupils: Floats
    """(n, 2) state pupils of each phase; the children less private ones until they are moved."""

    def area_number(self, codes: pd.Series[str]) -> Ints:
        """Return the number of the area of each authority."""
        number = {code: place for place, code in enumerate(self.codes)}
        return np.array([number[JOINED.get(code, code)] for code in codes], np.int64)


def read_independents(folder: Path) -> pd.DataFrame:
    """Read independent schools with pupils: ``pupils``, ``x``, ``y``, sorted by number."""
    import pandas as pd

    schools = pd.read_csv(folder / "places" / "independent_2025.csv.gz")
    return schools[schools["pupils"].gt(0)].sort_values("urn").reset_index(drop=True)


def read_ground(folder: Path, codes: list[str]) -> Ground:
    """Read small areas and the children of each.

    Args:
        folder: Folder of the source files.
        codes: Codes of the areas, in order.
    """
    import pandas as pd

    small = pd.read_csv(folder / "places" / "lsoa11.csv.gz")
    number = {code: place for place, code in enumerate(codes)}
    small["area"] = small["la"].replace(JOINED).map(number).astype(int)
    small = small.sort_values(["area", "code"]).reset_index(drop=True)
    spots = small[["x", "y"]].to_numpy(float)
    apart = cKDTree(spots).query(spots, k=4)[0][:, 1:]
    ages = small[[f"a{age}" for age in range(18)]].to_numpy(float)
    # Year 1 of January 2025 was born September 2018 to August 2019: at mid-2020 ten months of it
    # are of age 1 and two of age 0. Reception's last two months, not born then, are like the rest.
    cohort = np.zeros((len(small), 2))
    for phase, years in enumerate(YEARS):
        for year in years:
            cohort[:, phase] += (10 * ages[:, year] + 2 * ages[:, max(year - 1, 0)]) / 12
    private = day_pupils_away(
        spots, small["idaci_rate"].to_numpy(float), cohort.sum(axis=1), read_independents(folder)
    )
    return Ground(
        codes=tuple(codes),
        small=small,
        area=small["area"].to_numpy(np.int64),
        spots=spots,
        scatter=apart.mean(axis=1),
        district=district_of(small["code"].to_numpy(str)),
        cohort=cohort,
        pupils=cohort * (1 - private)[:, None],
    )


def day_pupils_away(
    spots: Floats, idaci: Floats, children: Floats, schools: pd.DataFrame
) -> Floats:
    """Return the share of each small area's children who are at an independent school.

    Each school draws its pupils from small areas about it, near ones and better-off ones first.

    Args:
        spots: (n, 2) centres of small areas, metres.
        idaci: (n,) share of children in income-deprived families.
        children: (n,) children of school age.
        schools: What `read_independents` returned.
    """
    tree = cKDTree(spots)
    pull = children * np.exp(-idaci / PRIVATE_IDACI)
    taken = np.zeros(len(spots))
    places = schools[["x", "y"]].to_numpy(float)
    near_all = tree.query_ball_point(places, PRIVATE_REACH, return_sorted=True)
    for place, pupils, found in zip(places, schools["pupils"], near_all, strict=True):
        near = np.array(found, np.int64)
        metres = np.hypot(*(spots[near] - place).T)
        weight = pull[near] * np.exp(-metres / PRIVATE_METRES)
        if weight.sum() > 0:
            taken[near] += DAY_PUPILS * pupils * weight / weight.sum()
    return np.asarray(np.minimum(taken / np.maximum(children, 1), MOST_PRIVATE), np.float64)


def homes(ground: Ground, many: int) -> Floats:
    """Return points (n, many, 2) about each centre, as far as its neighbours are: no chance in it.

    They stand on a spiral with the radii of a normal distribution, turned by the place of the
    small area so that spirals of neighbours do not stand in line.
    """
    if many == 1:
        return ground.spots[:, None, :].copy()
    step = np.arange(many)
    radius = np.sqrt(-2 * np.log1p(-(step + 0.5) / many))
    turn = GOLDEN_ANGLE * (step[None, :] + np.arange(len(ground.spots))[:, None])
    about = radius[None, :, None] * np.stack([np.cos(turn), np.sin(turn)], axis=2)
    about -= about.mean(axis=1, keepdims=True)
    about *= SPREAD * ground.scatter[:, None, None]
    return np.asarray(ground.spots[:, None, :] + about, np.float64)


def nearest_small_area(ground: Ground, spots: Floats, area: Ints | None = None) -> Ints:
    """Return the place of the small area whose centre is nearest to each spot.

    Args:
        ground: Small areas.
        spots: (m, 2) positions, metres.
        area: (m,) number of the area to look in; without it, look everywhere.
    """
    if area is None:
        return np.asarray(cKDTree(ground.spots).query(spots)[1], np.int64)
    found = np.empty(len(spots), np.int64)
    for number in np.unique(area):
        rows, mine = np.flatnonzero(ground.area == number), area == number
        found[mine] = rows[cKDTree(ground.spots[rows]).query(spots[mine])[1]]
    return found


def small_area_table(ground: Ground) -> pd.DataFrame:
    """Return the table of small areas as it ships, without their codes."""
    import pandas as pd

    out = pd.DataFrame({"area": ground.area})
    for end, axis in enumerate("xy"):
        out[axis] = (10 * np.round(ground.spots[:, end] / 10)).astype(int)
    out["scatter"] = np.round(ground.scatter).astype(int)
    for phase, name in enumerate(("primary", "secondary")):
        out[name] = np.round(ground.pupils[:, phase], 1)
    for name, ages in AGES.items():
        out[name] = ground.small[[f"a{age}" for age in ages]].sum(axis=1).astype(int)
    out["idaci_rate"] = ground.small["idaci_rate"].round(4)
    out["idaci_rank"] = ground.small["idaci_rank"].astype(int)
    out["rural_urban"] = ground.small["rural_urban"]
    out["district"] = ground.district
    return out
