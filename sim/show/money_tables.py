"""Tables of money: what keeping schools from losing costs, and who gains and who loses.

Of the central beliefs, means over replicates; money hardly hangs on what nobody knows of children.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import PENCE, PHASES
from sim.record.money_variables import GENTLENESS
from sim.show.reference import BASELINE
from sim.tabulate.clauses import CLAUSES

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["money_tables"]

_WORDS = MappingProxyType(
    {
        "transition": "left to schools on the way to another formula",
        "held_back": "held back on the way from schools that gain",
    }
)


def money_tables(cells: xr.Dataset) -> dict[str, pd.DataFrame]:
    """Return the tables by name, those that have rows.

    ``cells``: of a comparison, along ``cell``; with `sim.tabulate.winners` for the second.
    """
    central = cells.isel(cell=np.flatnonzero(cells["draw"].values == 0))
    found = {"cost_of_gentleness": _costs(central), "winners_and_losers": _winners(central)}
    return {name: table for name, table in found.items() if len(table)}


def _costs(cells: xr.Dataset) -> pd.DataFrame:
    """Tabulate pounds by policy, year, phase and clause, from year 0 on; nothing is no row."""
    import pandas as pd

    rows = []
    for name, own in _policies(cells, "clause_pence").items():
        pounds = own["clause_pence"].mean("cell").transpose("year", "phase", "protection") / PENCE
        for year in pounds["year"].values[pounds["year"].values >= 0].tolist():
            for at, phase in enumerate(PHASES):
                each = pounds.sel(year=year).isel(phase=at).values.tolist()
                rows += [
                    {
                        "scenario": name,
                        "year": year,
                        "phase": phase,
                        "clause": clause,
                        "part": _WORDS.get(clause) or CLAUSES[clause],
                        "gbp": gbp,
                    }
                    for clause, gbp in zip(GENTLENESS, each, strict=True)
                    if gbp
                ]
    return pd.DataFrame(rows)


def _winners(cells: xr.Dataset) -> pd.DataFrame:
    """Tabulate heads and pounds by policy, way, phase, fifth of schools and fifth of areas."""
    import pandas as pd

    rows = []
    for name, own in _policies(cells, "moved_pupils").items():
        order = ("way", "phase", "size", "fifth")
        heads, pence = (
            own[which].mean("cell").transpose(*order) for which in ("moved_pupils", "moved_pence")
        )
        rows += [
            {
                "scenario": name,
                "gains_or_loses": str(heads["way"].values[at[0]]),
                "phase": PHASES[at[1]],
                "school_size": at[2] + 1,
                "fifth": at[3] + 1,
                "pupils_in_year_0": float(heads.values[at]),
                "gbp": float(pence.values[at]) / PENCE,
            }
            for at in np.ndindex(*heads.shape)
            if heads.values[at] and name != BASELINE
        ]
    return pd.DataFrame(rows)


def _policies(cells: xr.Dataset, need: str) -> dict[str, xr.Dataset]:
    """Return the cells of each policy; none where the results lack what is needed."""
    if need not in cells:
        return {}
    names = cells["scenario"].values.astype(str)
    return {
        name: cells.isel(cell=np.flatnonzero(names == name))
        for name in dict.fromkeys(names.tolist())
    }
