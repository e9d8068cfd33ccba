"""Derive ``areas.csv`` from a folder of published tables.

Run ``python -m sim.data.derive FOLDER`` to write the table again, or add ``--check`` to compare
it with the one the project carries. The folder holds the files named in `SOURCES`; it is not
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
from sim.data.derive.mix import mix_columns
from sim.data.derive.schools import read_schools, school_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["area_table", "main", "table_text"]

TABLES = Path(__file__).parents[1] / "tables"
SOURCES = (
    "la_area_cost.csv",
    "la_context.csv",
    "la_ethnic_mix.csv",
    "la_lookup.csv",
    "la_panel_composition_2016_2026.csv.gz",
    "la_statistical_neighbours.csv",
    "la_structure_2019.csv",
    "schools_2018_19.csv.gz",
    "smc_origin_to_early_career.csv.gz",
)


def column_names() -> list[str]:
    """Return the names of the columns of ``areas.csv``, in order, from ``columns.csv``."""
    with (TABLES / "columns.csv").open(encoding="utf-8", newline="") as file:
        return [row["column"] for row in csv.DictReader(file)]


def area_table(folder: Path) -> pd.DataFrame:
    """Return the table of areas: 151 rows sorted by code, columns as in ``columns.csv``.

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
    return out.reset_index()[column_names()]


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round to the places that carry information, and let heritage shares sum to one again."""
    places = {"land_km2": 1, "weekly_pay": 1, "km_third_secondary": 3}
    out = table.round(4).round(places)
    heritage = [c for c in out.columns if c.startswith("heritage_")]
    # What rounding takes or adds goes to the largest group, so that the row sums to one.
    spare = (1 - out[heritage].sum(axis=1)).round(4)
    out["heritage_white_british"] = (out["heritage_white_british"] + spare).round(4)
    return out


def table_text(table: pd.DataFrame) -> str:
    r"""Return the table as the text of a CSV file.

    >>> import pandas as pd
    >>> table_text(pd.DataFrame({"code": ["E1"], "fsm": [0.25]}))
    'code,fsm\nE1,0.25\n'
    """
    return table.to_csv(index=False, lineterminator="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; return 0 on success, 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(prog="python -m sim.data.derive", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder that holds the source files")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(arguments)
    missing = [name for name in SOURCES if not (chosen.folder / name).is_file()]
    if missing:
        parser.error(f"{chosen.folder} lacks {', '.join(missing)}")
    text, target = table_text(area_table(chosen.folder)), TABLES / "areas.csv"
    if not chosen.check:
        target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{target.name}: {text.count(chr(10)) - 1} areas written")
        return 0
    same = target.read_text(encoding="utf-8") == text
    print(f"{target.name}: {'as derived' if same else 'differs from the sources'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
