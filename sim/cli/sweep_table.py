"""What a sweep found, in short: a number for each setting and policy, if it is cheap to read."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import open_results
from sim.cli.common import print_table
from sim.cli.dry_run import short
from sim.errors import SimError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["print_findings", "rows_of"]

MOST_CELLS = 400
"""Cells that are read for it: some seconds on a slow disk."""
_MOST_ROWS = 24
_MEASURE, _GROUP, _PLACE = "attainment8", "disadvantaged", "All areas"
_MARK, _ALONE = " *", "; with a *, of chance alone"
_READ = "read them in Python (sim.open_results, sim.difference; which key matters: sim.influences)."
_MOST_KEYS = 5
"""Swept keys told of each policy: the closest."""


def print_findings(folder: Path, cells: int) -> None:
    """Print Attainment 8 of disadvantaged pupils, each policy less the baseline, by setting.

    It is the first of the numbers declared beforehand that results of any sweep can hold. Where
    there are too many cells to read at once, or they do not fit together, it is said why.
    """
    if cells > MOST_CELLS:
        print(f"\nNo table here of more than {MOST_CELLS} cells: {_READ}")
        return
    try:
        from sim.record.variables import FULL_EXPOSURE
        from sim.tabulate import difference
        from sim.tabulate.verdicts import ENOUGH_DRAWS, RUN_LONGER

        table = difference(open_results(folder, [_MEASURE]), _MEASURE, groups=_GROUP)
        rows = list(rows_of(table.to_dataframe().reset_index()))
    except SimError as error:  # cells of several worlds or lengths; no baseline to compare with
        print(f"\nNo table: {error}")
        return
    if not rows:
        full = FULL_EXPOSURE[table.attrs["age"]]
        print(
            f"\n{table.attrs['label']}: not reached, which is no failure. A table needs people of"
            f" 16 who lived all school years under the policy: years={full} or more."
        )
        return
    alone = _ALONE if _is_chance(rows) else ""
    print(
        f"\n{table.attrs['label']} of disadvantaged pupils, all areas, less the baseline "
        f"(90 % interval{alone}), {table.attrs['unit']}:"
    )
    print_table(rows[:_MOST_ROWS], list(rows[0]))
    if len(rows) > _MOST_ROWS:
        print(f"... and {len(rows) - _MOST_ROWS} more")
    if any(row["verdict"] == RUN_LONGER for row in rows):
        print(f"{RUN_LONGER}: fewer than {ENOUGH_DRAWS} draws of beliefs, so no verdict yet")
    _print_influences(table.sel(place=_PLACE))


def _print_influences(table: xr.Dataset) -> None:
    """Print which swept keys each policy's difference follows most, where there are several."""
    from sim.show.words import label
    from sim.tabulate import influences
    from sim.tabulate.swept_keys import numbers_of

    looked = numbers_of(table).shape[1]
    found = influences(table) if looked > 1 else None
    if found is None or found.empty:
        return
    points = int(found["points"].max())
    print(
        f"\nWhich of the {looked} swept keys the difference follows most: rank correlation over "
        f"{points} settings, with its 90 % interval"
    )
    rows = [
        {
            "policy": label(str(row["scenario"])),
            "key": _name(str(row["key"])),
            "correlation": f"{row['rho']:+.2f}",
            "interval": f"{row['low']:+.2f} to {row['high']:+.2f}",
            "verdict": row["verdict"],
        }
        for _, mine in found.groupby("scenario", sort=False)
        for row in mine.head(_MOST_KEYS).to_dict("records")
    ]
    print_table(rows, list(rows[0]))
    print(
        f"By luck alone the largest of all passes {found['by_luck'].max():.2f} in one study of "
        f"ten; only beyond that\na key has a direction. All keys: sim.influences, in Python."
    )
    if left_out := found.attrs["left_out"]:
        print(f"Left out, as words have no rank: {', '.join(map(_name, left_out))}")


def rows_of(found: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield a row for each setting and policy that has a number: swept keys first."""
    from sim.show.words import label

    keys = [column for column in found.columns if "." in column or column in ("years", "seed")]
    for row in found[found["place"] == _PLACE].to_dict("records"):
        if row["value"] != row["value"]:
            continue
        yield {
            **{_name(key): short(str(row[key])) for key in keys},
            "policy": label(str(row["scenario"])),
            "difference": f"{row['value']:+.2f}",
            "interval": _interval(row),
            "verdict": row["verdict"],
        }


def _name(key: str) -> str:
    return key.rpartition(".")[2]


def _interval(row: dict[Hashable, Any]) -> str:
    """Write the interval of doubt and chance; without draws that of chance, with a mark."""
    for low, high, mark in (("low", "high", ""), ("chance_low", "chance_high", _MARK)):
        if row[low] == row[low]:
            return f"{row[low]:+.2f} to {row[high]:+.2f}{mark}"
    return "none: one run"


def _is_chance(rows: Sequence[dict[str, Any]]) -> bool:
    return any(str(row["interval"]).endswith(_MARK) for row in rows)
