"""Figures of areas that come from the list of schools of January 2019.

Rolls, segregation, distances, grammar schools, and the parts of authorities that are an
Opportunity Area or lie in the London fringe. Schools without a position (one in seven) or
with suppressed counts are left out of the figure that needs them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.data.choices import FRINGE_DISTRICTS, JOINED, OPPORTUNITY_AREAS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "dissimilarity",
    "district_share",
    "read_schools",
    "school_columns",
    "third_nearest_km",
]

PHASES = {"primary": "State-funded primary", "secondary": "State-funded secondary"}
FEWEST_PUPILS = {"primary": 20, "secondary": 60}
"""A smaller roll belongs to a school that opens or closes: it counts, its size does not."""
SUCCESSORS = {928: ("E06000061", "E06000062"), 909: ("E06000063", "E06000064")}
"""Number of a dissolved county -> the authorities its schools went to."""
EARTH_RADIUS_KM = 6371.0088


def read_schools(folder: Path) -> pd.DataFrame:
    """Read mainstream state schools with pupils, with ``area``, ``phase`` and ``district``."""
    import pandas as pd

    schools = pd.read_csv(folder / "schools_2018_19.csv.gz", low_memory=False)
    kinds = {kind: phase for phase, kind in PHASES.items()}
    schools["phase"] = schools["school_type"].map(kinds)
    schools = schools[schools["phase"].notna() & schools["pupils"].gt(0)].copy()
    schools["area"] = schools["la_code"].replace(JOINED)
    schools["district"] = schools["postcode"].str.split(" ").str[0]
    return schools.sort_values("urn").reset_index(drop=True)


def third_nearest_km(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each point the straight-line km to the third nearest other point.

    Distances are along the great circle, over any border.

    >>> third_nearest_km(np.zeros(4), np.array([0.0, 1.0, 2.0, 4.0])).round().tolist()
    [445.0, 334.0, 222.0, 445.0]
    """
    phi, lam = np.radians(latitude), np.radians(longitude)
    points = np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
    out = np.empty(len(points))
    for start in range(0, len(points), 500):
        block = points[start : start + 500]
        chord = np.sqrt(((block[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
        third = np.partition(chord, 3, axis=1)[:, 3]
        out[start : start + 500] = 2 * EARTH_RADIUS_KM * np.arcsin(third / 2)
    return out


def dissimilarity(group: NDArray[np.float64], everyone: NDArray[np.float64]) -> float:
    """Return the share of a group that would have to change school to be spread evenly.

    >>> dissimilarity(np.array([10.0, 0.0]), np.array([30.0, 20.0]))
    0.5
    """
    rest = everyone - group
    return float(0.5 * np.abs(group / group.sum() - rest / rest.sum()).sum())


def district_share(schools: pd.DataFrame, area: str, districts: str, phase: str) -> float:
    """Return the share of an area's pupils in schools of these postcode districts."""
    here = schools[
        schools["area"].eq(area) & schools["phase"].eq(phase) & schools["district"].notna()
    ]
    inside = here["district"].isin(districts.split())
    return float(here["pupils"][inside].sum() / here["pupils"].sum())


def school_columns(
    schools: pd.DataFrame, codes: list[str], pupils: dict[str, pd.Series[float]]
) -> pd.DataFrame:
    """Return one row an area of everything the list of schools says.

    Args:
        schools: What `read_schools` returned.
        codes: Codes of the areas, in order.
        pupils: Pupils of 2023-24 by phase, indexed by code: they weigh the phases in shares of
            the Opportunity Areas and the fringe.
    """
    import pandas as pd

    out = pd.DataFrame(index=pd.Index(codes, name="code"))
    for phase in PHASES:
        one_phase = schools[schools["phase"].eq(phase)]
        _add_rolls(out, one_phase, phase)
        _add_dissimilarity(out, one_phase, phase)
    _add_distance(out, schools[schools["phase"].eq("secondary")])
    _add_grammar(out, schools[schools["phase"].eq("secondary")])
    known = schools[schools["n_fsm"].notna()].groupby("area")[["n_fsm", "pupils"]].sum()
    out["fsm_2019"] = known["n_fsm"] / known["pupils"]
    _add_parts(out, schools, pupils)
    return out


def _add_rolls(out: pd.DataFrame, schools: pd.DataFrame, phase: str) -> None:
    """Add number of schools and mean and spread of log rolls."""
    counts = schools.groupby("area").size().astype(float)
    for number, successors in SUCCESSORS.items():
        # Some schools of dissolved counties have no location: share them like the located ones.
        lost = (schools["area"].isna() & schools["dfe_la_number_2019"].eq(number)).sum()
        located = counts.loc[list(successors)].sum()
        counts.loc[list(successors)] *= 1 + lost / located
    out[f"schools_{phase}"] = counts.round().astype(int)
    usual = schools[schools["pupils"].ge(FEWEST_PUPILS[phase])]
    log_roll = np.log(usual["pupils"]).groupby(usual["area"])
    out[f"log_roll_mean_{phase}"] = log_roll.mean()
    out[f"log_roll_sd_{phase}"] = log_roll.std(ddof=0)


def _add_dissimilarity(out: pd.DataFrame, schools: pd.DataFrame, phase: str) -> None:
    """Add the dissimilarity of FSM pupils between the schools of an area."""
    known = schools[schools["n_fsm"].notna()]
    out[f"dissimilarity_{phase}"] = {
        str(area): dissimilarity(rows["n_fsm"].to_numpy(float), rows["pupils"].to_numpy(float))
        for area, rows in known.groupby("area")
    }


def _add_distance(out: pd.DataFrame, secondaries: pd.DataFrame) -> None:
    """Add the median distance from a secondary to its third nearest other one."""
    placed = secondaries[secondaries["lat"].notna()].copy()
    placed["km"] = third_nearest_km(placed["lat"].to_numpy(float), placed["lon"].to_numpy(float))
    out["km_third_secondary"] = placed.groupby("area")["km"].median()


def _add_grammar(out: pd.DataFrame, secondaries: pd.DataFrame) -> None:
    """Add number of grammar schools and their share of secondary pupils."""
    grammar = secondaries["grammar"].eq(1)
    out["selective_schools"] = grammar.groupby(secondaries["area"]).sum().astype(int)
    inside = secondaries["pupils"].where(grammar, 0.0).groupby(secondaries["area"]).sum()
    out["selective_share"] = inside / secondaries.groupby("area")["pupils"].sum()


def _add_parts(
    out: pd.DataFrame, schools: pd.DataFrame, pupils: dict[str, pd.Series[float]]
) -> None:
    """Add the parts of areas that are an Opportunity Area or lie in the London fringe."""
    everyone = pupils["primary"] + pupils["secondary"]

    def part(code: str, districts: str) -> float:
        shares = [district_share(schools, code, districts, p) * pupils[p][code] for p in PHASES]
        return float(sum(shares) / everyone[code])

    out["opportunity_area"] = 0.0
    out["opportunity_area_name"] = "none"
    for code, (name, districts) in OPPORTUNITY_AREAS.items():
        out.loc[code, "opportunity_area"] = part(code, districts) if districts else 1.0
        out.loc[code, "opportunity_area_name"] = name
    out["fringe_share"] = 0.0
    for code, (districts, listed) in FRINGE_DISTRICTS.items():
        inside = part(code, districts)
        out.loc[code, "fringe_share"] = inside if listed else 1 - inside
