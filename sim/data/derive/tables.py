"""All tables of the ground as text, by the name of the file each is kept in."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.data.derive.after16 import independent_table, post16_table, university_table
from sim.data.derive.districts import DISTRICTS, FRINGE
from sim.data.derive.flows import (
    flow_table,
    home_pupils,
    home_rates,
    moved_pupils,
    shares_of_homes,
)
from sim.data.derive.ground import read_ground, small_area_table
from sim.data.derive.hexagons import hexagon_table
from sim.data.derive.sites import read_schools, site_table, sparsity_miles, two_phases

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GROUND_SOURCES", "GROUND_TABLES", "ground_tables", "read_text", "table_text", "write"]

GROUND_SOURCES = (
    "places/independent_2025.csv.gz",
    "places/lsoa11.csv.gz",
    "places/post16_2025.csv",
    "places/schools_2025.csv.gz",
    "places/universities.csv",
)
GROUND_TABLES = (
    "small_areas.csv.gz",
    "sites.csv.gz",
    "independents.csv.gz",
    "flows.csv.gz",
    "post16.csv",
    "universities.csv",
    "districts.csv",
    "hexagons.csv",
)


def ground_tables(folder: Path, areas: pd.DataFrame) -> tuple[dict[str, str], pd.DataFrame]:
    """Return the text of each of `GROUND_TABLES`, and ``areas`` with what homes add to it.

    Args:
        folder: Folder that holds the source files.
        areas: Codes, pupils and FSM rates of the areas, sorted by code.
    """
    ground = read_ground(folder, areas["code"].tolist())
    schools = read_schools(folder)
    sites = two_phases(schools)
    ground, flows = moved_pupils(ground, sites)
    shares = (shares_of_homes(flows[0]), shares_of_homes(flows[1]))
    miles = sparsity_miles(schools, sites, ground)
    small = small_area_table(ground)
    tables = {
        "small_areas.csv.gz": small,
        "sites.csv.gz": site_table(sites, miles, ground),
        "independents.csv.gz": independent_table(folder, ground),
        "flows.csv.gz": flow_table(shares),
        "post16.csv": post16_table(folder, ground),
        "universities.csv": university_table(folder),
        "districts.csv": district_table(folder, areas["code"].tolist()),
        "hexagons.csv": hexagon_table(small),
    }
    out = areas.copy()
    for phase, share in zip(("primary", "secondary"), shares, strict=True):
        rates = home_rates(share, areas[f"fsm_{phase}"].to_numpy(float))
        out[f"fsm_home_{phase}"] = np.round(rates, 5)
        out[f"pupils_home_{phase}"] = home_pupils(share, areas[f"pupils_{phase}"].to_numpy())
    return {name: table_text(tables[name]) for name in GROUND_TABLES}, out


def district_table(folder: Path, codes: list[str]) -> pd.DataFrame:
    """Return the named districts with the area cost of their schools and of the rest."""
    import pandas as pd

    cost = pd.read_csv(folder / "la_area_cost.csv")
    all_of, fringe = (
        dict(zip(cost["la_code"].tolist(), cost[column].tolist(), strict=True))
        for column in ("aca", "aca_fringe_part")
    )
    rows = []
    for code, district in enumerate(DISTRICTS, start=1):
        rest = all_of[district.area]
        own = fringe[district.area] if district.part_of == FRINGE else rest
        rows.append(
            {
                "code": code,
                "name": district.name,
                "list": district.part_of,
                "area": codes.index(district.area),
                "area_cost": round(10_000 * own),
                "area_cost_rest": round(10_000 * rest),
            }
        )
    return pd.DataFrame(rows)


def table_text(table: pd.DataFrame) -> str:
    r"""Return the table as the text of a CSV file.

    >>> import pandas as pd
    >>> table_text(pd.DataFrame({"code": ["E1"], "fsm": [0.25]}))
    'code,fsm\nE1,0.25\n'
    """
    return table.to_csv(index=False, lineterminator="\n")


def read_text(path: Path) -> str:
    """Return the text of a table, unpacked if it is packed."""
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")


def write(path: Path, text: str) -> None:
    """Write the text of a table, packed if its name says so, with no date in it."""
    content = text.encode("utf-8")
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)
