"""Local labour markets: jobs of young residents and leavers of each ITL2 region."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.data.derive.areas import read_authorities

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["market_table"]

LEVELS = {
    "professional": ["Higher professional", "Lower professional"],
    "middle": ["Intermediate", "Higher working"],
    "lower": ["Lower working"],
}


def market_table(folder: Path, areas: pd.DataFrame) -> pd.DataFrame:
    """Return one row an ITL2 region, by the rules by which ``careers.csv`` has regions.

    Args:
        folder: Folder that holds the source files.
        areas: ``code``, ``labour_market``, ``lat``, ``lon`` and ``pupils_secondary`` of the areas.
    """
    rows = read_authorities(folder)
    market = rows["itl2_code"]
    out = rows.groupby(market)[["itl2_name", "region_name"]].first()
    out.columns = ["name", "region"]
    out["leavers"] = (rows["pupils_secondary_2022_23"].fillna(0) / 5000).groupby(market).sum()
    shares = _shares(folder)
    for level, kinds in LEVELS.items():
        share = shares[kinds].sum(axis=1) / shares.sum(axis=1)
        held = rows["pop_25_44"] / 1000 * rows["itl2_name"].map(share)
        out[level] = held.groupby(market).sum()
    weight = areas["pupils_secondary"].groupby(areas["labour_market"]).sum()
    for name in ("lat", "lon"):
        place = areas[name] * areas["pupils_secondary"]
        out[name] = place.groupby(areas["labour_market"]).sum() / weight
    out = out.round({"leavers": 3, **dict.fromkeys(LEVELS, 2), "lat": 4, "lon": 4})
    return out.rename_axis("code").reset_index()


def _shares(folder: Path) -> pd.DataFrame:
    """Return the percentage of employed people of 22 to 29 in each class, by name of ITL2."""
    import pandas as pd

    source = pd.read_csv(folder / "smc_origin_to_early_career.csv.gz", low_memory=False)
    source = source[source["measure_code"].eq("dr33") & source["area_type"].eq("ITL2")]
    return source.pivot_table(index="area_name", columns="primary_split_value", values="value")
