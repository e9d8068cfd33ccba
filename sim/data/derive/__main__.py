"""Derive ``areas.csv`` and the tables of the ground from a folder of published tables.

Run ``python -m sim.data.derive FOLDER`` to write the tables again, or add ``--check`` to compare
them with those the project carries. The folder holds the files named in `SOURCES`; it is not
needed to run the model and is never read by it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.data.choices import JOINED
from sim.data.derive.areas import (
    affluence_fifths,
    area_cost_columns,
    context_columns,
    pupils_by_phase,
)
from sim.data.derive.labour import market_table
from sim.data.derive.mix import mix_columns
from sim.data.derive.schools import read_schools, school_columns
from sim.data.derive.tables import (
    GROUND_SOURCES,
    ground_tables,
    read_text,
    table_text,
    write,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["all_tables", "area_table", "main"]

TABLES = Path(__file__).parents[1] / "tables"
SOURCES = (
    "la_area_cost.csv",
    "la_context.csv",
    "la_ethnic_mix.csv",
    "la_lookup.csv",
    "la_panel_composition_2016_2026.csv.gz",
    "la_statistical_neighbours.csv",
    "la_structure_2019.csv",
    "mechanisms/adult_skills_poor_la.csv",
    "schools_2018_19.csv.gz",
    "smc_origin_to_early_career.csv.gz",
)


def column_names() -> list[str]:
    """Return the names of the columns of ``areas.csv``, in order, from ``columns.csv``."""
    with (TABLES / "columns.csv").open(encoding="utf-8", newline="") as file:
        return [row["column"] for row in csv.DictReader(file)]


def area_table(folder: Path) -> pd.DataFrame:
    """Return the table of areas, 151 rows sorted by code, without what its homes add to it.

    Args:
        folder: Folder that holds the source files.

    Raises:
        FileNotFoundError: a source file is missing.
    """
    import pandas as pd

    lookup = pd.read_csv(folder / "la_lookup.csv")
    codes = sorted(set(lookup["la_code"]) - set(JOINED))
    pupils = pupils_by_phase(folder)
    out = context_columns(folder, codes)
    out = out.join(school_columns(read_schools(folder), codes, pupils))
    out = out.join(mix_columns(folder, codes, out["fsm_2019"]))
    out = out.join(area_cost_columns(folder, codes, out["fringe_share"]))
    out = _rounded(out)
    everyone = out["pupils_primary"] + out["pupils_secondary"]
    eligible = (
        out["fsm_primary"] * out["pupils_primary"] + out["fsm_secondary"] * out["pupils_secondary"]
    )
    out["affluence_fifth"] = affluence_fifths(eligible / everyone, everyone)
    return out.reset_index()


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round to the places that carry information, and let heritage shares sum to one again."""
    places = {"land_km2": 1, "weekly_pay": 1, "km_third_secondary": 3}
    out = table.round(4).round(places)
    heritage = [c for c in out.columns if c.startswith("heritage_")]
    # What rounding takes or adds goes to the largest group, so that the row sums to one.
    spare = (1 - out[heritage].sum(axis=1)).round(4)
    out["heritage_white_british"] = (out["heritage_white_british"] + spare).round(4)
    return out


def all_tables(folder: Path) -> dict[str, str]:
    """Return the text of every derived table by the name of its file, ``areas.csv`` first.

    Args:
        folder: Folder that holds the source files.

    Raises:
        FileNotFoundError: a source file is missing.
    """
    tables, areas = ground_tables(folder, area_table(folder))
    markets = {"labour_markets.csv": table_text(market_table(folder, areas))}
    return {"areas.csv": table_text(areas[column_names()])} | markets | tables


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the tables; return 0 on success, 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(prog="python -m sim.data.derive", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder that holds the source files")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(arguments)
    needed = (*SOURCES, *GROUND_SOURCES)
    missing = [name for name in needed if not (chosen.folder / name).is_file()]
    if missing:
        parser.error(f"{chosen.folder} lacks {', '.join(missing)}")
    different = 0
    for name, text in all_tables(chosen.folder).items():
        target = TABLES / name
        if not chosen.check:
            write(target, text)
            print(f"{name}: {text.count(chr(10)) - 1} rows written")
            continue
        same = target.is_file() and read_text(target) == text
        different += not same
        print(f"{name}: {'as derived' if same else 'differs from the sources'}")
    return min(different, 1)


if __name__ == "__main__":
    sys.exit(main())
