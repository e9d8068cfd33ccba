"""Schools as the model holds them: every one either Reception to Year 6 or Years 7 to 11.

Infant schools join the junior school beside them, middle schools are shared out between the first
and upper schools around them, all-through schools are split. What a school may be known by stays
behind: no number, no name; rolls are told to 5, positions to 250 m, and rows are shuffled.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.codes import PRIMARY
from sim.data.derive.ground import ROAD_FACTOR, Ground, homes, nearest_small_area

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_schools", "rounded_to", "shuffled", "site_table", "sparsity_miles", "two_phases"]

Floats = NDArray[np.float64]

PAIR_METRES = 1500
"""An infant and a junior school farther apart stay two schools."""
FIRST_SCHOOL_METRES = 8000
ALL_THROUGH = (0.35, 0.65)
"""Share of an all-through school's roll in each phase."""
MIDDLE = {"middle_primary": 0.75, "middle_secondary": 0.5}
"""Share of a middle school's roll in Years 5 and 6."""
SPARSITY_POINTS = 25
METRES_A_MILE = 1609.344
GENDERS = {"M": "M", "B": "B", "G": "G"}
FAITHS = {
    2: "church_of_england",
    3: "roman_catholic",
    4: "other_christian",
    5: "muslim",
    6: "jewish",
    7: "sikh",
    8: "hindu",
    9: "other",
}
"""Faith by code of the source; none stated, secular and not known are ``none``."""


def read_schools(folder: Path) -> pd.DataFrame:
    """Read the mainstream state schools of January 2025 that have pupils, sorted by number."""
    import pandas as pd

    schools = pd.read_csv(folder / "places" / "schools_2025.csv.gz")
    schools = schools[schools["roll"].gt(0)].sort_values("urn").reset_index(drop=True)
    schools["groups"] = schools["to_year"] - schools["from_year"] + 1
    return schools


def _spots(schools: pd.DataFrame) -> Floats:
    return schools[["x", "y"]].to_numpy(float)


def _paired(infants: pd.DataFrame, juniors: pd.DataFrame) -> list[tuple[int, int]]:
    """Return pairs of places (infant, junior): nearest first, same authority before another."""
    here, there = _spots(infants), _spots(juniors)
    areas, others = infants["la"].to_numpy(), juniors["la"].to_numpy()
    links = []
    for junior, near in enumerate(cKDTree(here).query_ball_point(there, PAIR_METRES)):
        for infant in near:
            metres = float(np.hypot(*(here[infant] - there[junior])))
            away = 0.0 if areas[infant] == others[junior] else 2.0 * PAIR_METRES
            links.append((metres + away, junior, infant))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, junior, infant in sorted(links):
        if infant not in taken[0] and junior not in taken[1]:
            taken[0].add(infant)
            taken[1].add(junior)
            pairs.append((infant, junior))
    return pairs


def _joined(schools: pd.DataFrame) -> list[pd.DataFrame]:
    """Return infant and junior schools, pairs joined into one at the junior school's place."""
    plain = schools["kind"].eq("primary")
    infants = schools[plain & schools["from_year"].eq(0) & schools["to_year"].eq(2)]
    juniors = schools[plain & schools["from_year"].eq(3)]
    pairs = _paired(infants, juniors)
    first, second = ([pair[end] for pair in pairs] for end in (0, 1))
    both = juniors.iloc[second].copy()
    both["roll"] += infants["roll"].to_numpy()[first]
    both["from_year"], both["groups"] = 0, 7
    both["nursery"] = infants["nursery"].to_numpy()[first]
    both["infant"] = infants.index.to_numpy()[first]
    lone = infants.drop(infants.index[first]), juniors.drop(juniors.index[second])
    return [part.assign(phase=0) for part in (both, *lone)]


def _with_middles(schools: pd.DataFrame) -> list[pd.DataFrame]:
    """Return first and upper schools with the pupils of the middle schools about them."""
    plain = schools["kind"].eq("primary") & schools["to_year"].eq(4)
    first = schools[plain].copy()
    upper = schools[schools["kind"].eq("secondary") & schools["from_year"].isin([8, 9])].copy()
    middles = schools[schools["kind"].isin(list(MIDDLE))]
    below, above = cKDTree(_spots(first)), cKDTree(_spots(upper))
    young, old = first["roll"].to_numpy(float), upper["roll"].to_numpy(float)
    for spot, roll, kind in zip(_spots(middles), middles["roll"], middles["kind"], strict=True):
        near = below.query_ball_point(spot, FIRST_SCHOOL_METRES) or [below.query(spot)[1]]
        young[near] += MIDDLE[kind] * roll * young[near] / young[near].sum()
        metres, at = above.query(spot, k=2)
        weight = 1 / np.maximum(metres, 200.0) ** 2
        old[at] += (1 - MIDDLE[kind]) * roll * weight / weight.sum()
    first["roll"], upper["roll"] = young, old
    return [first.assign(phase=0), upper.assign(phase=1)]


def two_phases(schools: pd.DataFrame) -> pd.DataFrame:
    """Return every school in one of two phases, with ``phase``, ``roll`` and ``year_group``.

    Args:
        schools: What `read_schools` returned.

    Returns:
        One row a site; ``urn`` and ``source`` (row of ``schools``) tell the school it stands for.
    """
    import pandas as pd

    schools = schools.assign(year_group=schools["roll"] / schools["groups"], infant=-1)
    parts = [
        schools[schools["from_year"].eq(0) & schools["to_year"].eq(6)].assign(phase=0),
        *_joined(schools),
        *_with_middles(schools),
    ]
    usual = schools["kind"].eq("secondary") & ~schools["from_year"].isin([8, 9])
    parts.append(schools[usual].assign(phase=1))
    through = schools[schools["kind"].eq("all_through")]
    for phase, share in enumerate(ALL_THROUGH):
        part = through.assign(phase=phase, roll=share * through["roll"])
        part["from_year"], part["to_year"] = (0, 6) if phase == PRIMARY else (7, 11)
        part["year_group"] = part["roll"] / (7, 5)[phase]
        part["nursery" if phase else "sixth_form"] = 0
        parts.append(part)
    out = pd.concat([part.rename_axis("source").reset_index() for part in parts])
    both = out["infant"].ge(0)
    out.loc[both, "year_group"] = out.loc[both, "roll"] / 7
    return out[out["roll"].ge(5)].reset_index(drop=True)


def shuffled(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a rank for each number that follows from it and tells nothing of its order.

    >>> sorted(shuffled(np.array([5, 6, 7])).tolist())
    [0, 1, 2]
    """
    keys = [hashlib.sha256(f"site {number}".encode()).digest() for number in numbers]
    order = sorted(range(len(keys)), key=lambda place: keys[place])
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys))
    return rank


def sparsity_miles(schools: pd.DataFrame, sites: pd.DataFrame, ground: Ground) -> Floats:
    """Return the formula's distance of each site: miles to the second nearest school.

    The mean over homes to which the school is the nearest, by road (a fixed multiple of the
    straight line), true positions on both sides. 0 where it is nearest to no home, or selective.

    Args:
        schools: Every school as it is.
        sites: What `two_phases` made of them.
        ground: Small areas and the pupils who live there.
    """
    points = homes(ground, SPARSITY_POINTS).reshape(-1, 2)
    miles = np.zeros(len(sites))
    entry = np.where(sites["phase"].eq(0), sites["from_year"], sites["from_year"].clip(lower=7))
    for year in np.unique(entry):
        able = schools["from_year"].le(year) & schools["to_year"].ge(year)
        able &= schools["selective"].eq(0)
        metres, at = cKDTree(_spots(schools[able])).query(points, k=2)
        pupils = ground.pupils[:, int(year >= 7)] / SPARSITY_POINTS
        weight = np.repeat(pupils, SPARSITY_POINTS)
        size = int(able.sum())
        many = np.bincount(at[:, 0], weight, minlength=size)
        total = np.bincount(at[:, 0], weight * metres[:, 1], minlength=size)
        mean = np.zeros(len(schools))
        mean[able.to_numpy()] = np.divide(total, many, out=np.zeros(size), where=many > 0)
        # Of an infant and a junior school joined, children enter at the infant school.
        source = np.where(sites["infant"].ge(0), sites["infant"], sites["source"])
        mine = entry == year
        miles[mine] = mean[source[mine].astype(int)] * ROAD_FACTOR / METRES_A_MILE
    return miles


def rounded_to(values: Floats, step: int) -> NDArray[np.int64]:
    """Round to the nearest multiple of a step, halves up."""
    return (np.floor(values / step + 0.5) * step).astype(np.int64)


def site_table(sites: pd.DataFrame, miles: Floats, ground: Ground) -> pd.DataFrame:
    """Return what ships: rounded, sorted by area and phase, shuffled within.

    Args:
        sites: What `two_phases` returned.
        miles: Their distances, `sparsity_miles`.
        ground: Small areas; a site lies in the district of the nearest one of its own area.
    """
    import pandas as pd

    area = ground.area_number(sites["la"])
    spots = _spots(sites)
    near = nearest_small_area(ground, spots, area)
    out = pd.DataFrame({"area": area, "phase": sites["phase"]})
    out["roll"] = np.maximum(rounded_to(sites["roll"].to_numpy(float), 5), 5)
    out["first_age"] = sites["from_year"] + 4
    out["last_age"] = sites["to_year"] + 5 + 2 * sites["sixth_form"].gt(0)
    out["sixth_form"] = rounded_to(sites["sixth_form"].to_numpy(float), 5)
    out["selective"] = sites["selective"]
    out["gender"] = sites["gender"].map(GENDERS).fillna("M")
    out["faith"] = sites["religion"].map(FAITHS).fillna("none")
    out["x"], out["y"] = rounded_to(spots[:, 0], 250), rounded_to(spots[:, 1], 250)
    out["sparsity_miles"] = np.round(1000 * miles).astype(int)
    out["year_group"] = np.round(10 * sites["year_group"]).astype(int)
    out["district"] = ground.district[near]
    order = np.lexsort((shuffled(sites["urn"].to_numpy()), sites["phase"], area))
    return out.iloc[order].reset_index(drop=True)
