"""Tables of money: pounds by clause, what keeping schools from losing costs, who gains and loses.

Of the central beliefs, means over replicates; money hardly hangs on what nobody knows of children.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import MILLION, PENCE, PHASES
from sim.record.money_variables import GENTLENESS
from sim.show.reference import BASELINE
from sim.show.words import label, number
from sim.tabulate.clauses import CLAUSES, in_words

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["money_tables", "pounds_shown"]

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
    found = {
        "pounds_by_clause": _pounds(central),
        "cost_of_gentleness": _costs(central),
        "winners_and_losers": _winners(central),
    }
    return {name: table for name, table in found.items() if len(table)}


def pounds_shown(table: pd.DataFrame | None) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of pounds by clause, GBP m, for a page: the baseline, then policies.

    ``table``: ``pounds_by_clause`` of :func:`money_tables`; None: there is none.
    """
    if table is None:
        return [], []
    names = list(dict.fromkeys(table["scenario"]))
    after = table.pivot(index="clause", columns="scenario", values="gbp").fillna(0.0)
    told = table.drop_duplicates("clause").set_index("clause")
    order = [one for one in (*CLAUSES, *told.index) if one in told.index and one != "total"]
    rows = []
    for clause in [*dict.fromkeys(order), "total"]:
        pounds = [float(str(told.loc[clause, "baseline_gbp"]))]
        pounds += [float(str(after.loc[clause, name])) for name in names]
        cells = [number(one / MILLION, 1) for one in pounds]
        rows.append([f"{clause}: {told.loc[clause, 'part']}", *cells])
    return ["Clause", "Baseline", *map(label, names)], rows


def _pounds(cells: xr.Dataset) -> pd.DataFrame:
    """Tabulate England's pounds by policy and clause in the final year, before and after."""
    import pandas as pd

    from sim.tabulate.by_clause import holds_clauses, national_pence

    if not holds_clauses(cells):
        return pd.DataFrame()
    paid = national_pence(cells)
    then = paid.pop(BASELINE, {})
    rows = []
    for name, now in paid.items():
        clauses = [clause for clause in now if now[clause] or then.get(clause, 0)]
        told = {clause: (then.get(clause, 0.0), now[clause]) for clause in clauses}
        told["total"] = (sum(then.values()), sum(now.values()))
        rows += [
            {
                "scenario": name,
                "clause": clause,
                "part": "all lines together" if clause == "total" else in_words(clause),
                "baseline_gbp": round(before / PENCE),  # whole, so that a table writes them out
                "gbp": round(after / PENCE),
                "difference_gbp": round((after - before) / PENCE),
            }
            for clause, (before, after) in told.items()
        ]
    return pd.DataFrame(rows)


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
