"""The numbers declared beforehand: of each policy, the fifths against each other, and all areas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.tabulate.description import describe
from sim.tabulate.frames import Table, difference_table
from sim.tabulate.settings import refuse_swept
from sim.tabulate.tables import BASELINE, evaluate, paired_difference
from sim.tabulate.verdicts import DECLARED, FIFTH_1_LESS_5, Declared

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["declared", "declared_held", "declared_values", "rows_of_number"]

FIRST, LAST = 1, 5


def declared(results: xr.Dataset, against: str = BASELINE) -> pd.DataFrame:
    """Tabulate the numbers that answer the question of the study, and were declared beforehand.

    They are, for each policy and of disadvantaged pupils, the difference in Attainment 8 and in
    professional jobs at 25: in the most affluent fifth of areas less that in the least affluent
    (``fifth 1 less fifth 5``, taken in each draw, so that shared doubt cancels), and in all areas.

    Args:
        results: from `sim.compare` or `sim.open_results`, of one setting.
        against: name of the scenario that is taken away from each of the others.

    Returns:
        One row a policy, measure and place: columns ``scenario``, ``measure``, ``unit``,
        ``place``, ``group``, those of `sim.difference`, ``minimum``, ``note`` and
        ``policy_years``, the years that were taken together. A measure, or
        a fifth, that these results do not hold has no rows.

    Raises:
        BadRequest: the results are those of a sweep over other settings; or no cell has a partner
            under ``against`` to compare it with.

    Example:
        words = ["world=tiny", "years=1", "draws=0", "replicates=2"]
        results = sim.compare(["baseline", "flat"], *words)
        print(sim.declared(results)["place"].unique().tolist())
    """
    import pandas as pd

    parts = []
    for one, found in declared_held(results):
        table = difference_table(paired_difference(found, against), describe(one.measure))
        parts.append(rows_of_number(table, one, against))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"scenario": []})


def declared_held(results: xr.Dataset) -> Iterator[tuple[Declared, xr.DataArray]]:
    """Yield each declared number that results of one setting hold, with its value in every cell.

    Raises:
        BadRequest: the results are those of a sweep over other settings.
    """
    refuse_swept(results)
    for one in DECLARED:
        found = declared_values(results, one)
        if found is not None:
            yield one, found


def declared_values(results: xr.Dataset, one: Declared) -> xr.DataArray | None:
    """Return a declared number in every cell (dimension cell), baseline and all policies.

    None where the results hold no such measure, or lack one of the two fifths.
    """
    measure = describe(one.measure)
    if any(need not in results for need in measure.needs):
        return None
    if one.place != FIFTH_1_LESS_5:
        return _of(evaluate(results, one.measure), one.group).isel(place=0)
    found = _of(evaluate(results, one.measure, "area_affluence"), one.group)
    if not {FIRST, LAST} <= set(found["place"].values.tolist()):
        return None
    ends = found.sel(place=FIRST, drop=True) - found.sel(place=LAST, drop=True)
    named = {"place": one.place, "place_name": "most minus least affluent fifth of areas"}
    return ends.assign_coords(named).assign_attrs(found.attrs)


def _of(found: xr.DataArray, group: str) -> xr.DataArray:
    """Choose a group; where nobody is in it, there is no number."""
    if group in found["group"].values:
        return found.sel(group=group)
    return (found.isel(group=0) * np.nan).assign_coords(group=group).assign_attrs(found.attrs)


def rows_of_number(table: Table, one: Declared, against: str) -> pd.DataFrame:
    """Return one row a policy of a table of one declared number."""
    rows = table.to_dataframe().reset_index()
    first = {
        "scenario": rows["scenario"],
        "measure": one.measure,
        "unit": table.attrs["unit"],
        "place": one.place,
        "group": one.group,
    }
    last = {
        "declared": "yes" if against == BASELINE else "no",
        "minimum": table.attrs["minimum"],
        "note": table.attrs["note"],
        "policy_years": table.attrs["years"],
    }
    rows = rows.drop(columns=[c for c in (*first, *last) if c in rows])
    return rows.assign(**first, **last)[[*first, *rows.columns, *last]]
