"""Colleges, independent schools and universities by position: what lies within reach of a home."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.data.derive.ground import Ground, nearest_small_area, read_independents
from sim.data.derive.sites import rounded_to, shuffled

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KINDS", "independent_table", "post16_table", "university_table"]

KINDS = ("fe", "sixth_form_college", "sixth_form_free", "sixth_form_centre")
"""Kinds of college told apart; special colleges are left out."""


def _placed(schools: pd.DataFrame, ground: Ground | None = None) -> pd.DataFrame:
    """Return rounded position and, on the ground, area; ``order`` tells nothing of the number."""
    import pandas as pd

    spots = schools[["x", "y"]].to_numpy(float)
    out = pd.DataFrame({"order": shuffled(schools["urn"].to_numpy())})
    out["x"], out["y"] = rounded_to(spots[:, 0], 250), rounded_to(spots[:, 1], 250)
    if ground is not None:
        out["area"] = ground.area[nearest_small_area(ground, spots)]
    return out


def post16_table(folder: Path, ground: Ground) -> pd.DataFrame:
    """Return colleges by area, kind, position and leavers; a blank is the median of its kind."""
    import pandas as pd

    colleges = pd.read_csv(folder / "places" / "post16_2025.csv")
    colleges = colleges[colleges["kind"].isin(KINDS)].reset_index(drop=True)
    usual = colleges.groupby("kind")["leavers"].transform("median")
    out = _placed(colleges, ground)
    leavers = colleges["leavers"].fillna(usual).to_numpy(float)
    out["kind"], out["leavers"] = colleges["kind"], rounded_to(leavers, 10)
    out["leavers"] = np.maximum(out["leavers"], 10)
    out = out.sort_values(["area", "order"])
    return out[["area", "kind", "x", "y", "leavers"]].reset_index(drop=True)


def independent_table(folder: Path, ground: Ground) -> pd.DataFrame:
    """Return independent schools by area, pupils and position."""
    schools = read_independents(folder)
    out = _placed(schools, ground)
    out["pupils"] = np.maximum(rounded_to(schools["pupils"].to_numpy(float), 5), 5)
    out = out.sort_values(["area", "order"])
    return out[["area", "pupils", "x", "y"]].reset_index(drop=True)


def university_table(folder: Path) -> pd.DataFrame:
    """Return universities by region and position, with how many enter from the lower half."""
    import pandas as pd

    places = pd.read_csv(folder / "places" / "universities.csv")
    out = _placed(places)
    for column in ("region", "required_lower_half", "enrolled_lower_half"):
        out[column] = places[column]
    out = out.sort_values(["region", "order"])
    columns = ["region", "x", "y", "required_lower_half", "enrolled_lower_half"]
    return out[columns].reset_index(drop=True)
