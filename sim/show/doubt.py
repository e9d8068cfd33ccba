"""What drives the doubt: values of beliefs by draw, and which of them differences follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.config import Beliefs
from sim.config.beliefs import allowing
from sim.show.words import join, label, number, records, signed, times
from sim.tabulate.verdicts import ALL_AREAS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.config import Beliefs

__all__ = ["names", "sentences", "tables_of_doubt"]

MOST = 5
DRIVERS = "what_drives_doubt"


def tables_of_doubt(cells: xr.Dataset, record: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the values drawn, and what differences follow them; nothing without draws.

    ``beliefs_by_draw``: columns ``draw``, ``belief``, ``drawn`` and ``unit``;
    ``what_drives_doubt``: rows of :func:`sim.tabulate.doubt.drivers`.
    """
    from sim.tabulate.doubt import beliefs_by_draw, drivers

    draws = sorted(set(cells["draw"].values.tolist()))
    beliefs = _beliefs_of(record)
    if beliefs is None or max(draws, default=0) < 1:
        return {}
    values = beliefs_by_draw(beliefs, int(record["seed"]), draws)
    units = {f"{g}.{n}": b.unit for g, named in beliefs.records.items() for n, b in named.items()}
    long = values.reset_index().melt("draw", var_name="belief", value_name="drawn")
    long["unit"] = [units[name.split("[")[0]] for name in long["belief"]]
    return {"beliefs_by_draw": long, DRIVERS: drivers(cells, values)}


def sentences(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say of each declared number which beliefs its doubt follows, or that too few draws tell."""
    rows = tables.get(DRIVERS)
    if rows is None or rows.empty:
        return []
    lines = []
    beyond = rows[rows["beyond_luck"] == "yes"]
    for (measure, place), mine in beyond.groupby(["measure", "place"], sort=False):
        lines.append(f"{_title(str(measure), str(place))}: {_told(mine)}.")
    bound, draws = float(rows["by_luck"].max()), int(rows["draws"].min())
    looks = rows["belief"].nunique()
    caution = (
        f"By luck alone the strongest of the rank correlations with {times(looks, 'belief')} over "
        f"{times(draws, 'draw')} passes {number(bound, 2)} in one study of ten"
    )
    if not lines:
        return [f"{caution}; none does here, so {draws} draws cannot tell what drives the doubt."]
    return [f"What drives the doubt. {' '.join(lines)} {caution}; only those beyond it are named."]


def names(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the beliefs that drive the doubt beyond luck, the strongest correlation first."""
    rows = tables.get(DRIVERS)
    if rows is None or rows.empty:
        return []
    beyond = rows[rows["beyond_luck"] == "yes"]
    order = beyond["rho"].abs().sort_values(ascending=False).index
    found = beyond.loc[order, "belief"].astype(str).str.split("[").str[0]
    return list(dict.fromkeys(found))


def _title(measure: str, place: str) -> str:
    from sim.tabulate import describe

    where = "all areas" if place == ALL_AREAS else place
    return f"{describe(measure).title}, {where}"


def _told(rows: pd.DataFrame) -> str:
    """Name the beliefs that one number follows most, each with its strongest correlation."""
    first = rows.drop_duplicates("belief").head(MOST)
    return join(
        f"{r['belief']} ({signed(r['rho'], 2)} under {label(str(r['scenario']))})"
        for r in records(first)
    )


def _beliefs_of(record: Mapping[str, Any]) -> Beliefs | None:
    """Read back the beliefs of a record; None where it holds none, or only some words of them."""
    told = json.dumps({"records": record.get("beliefs")}, default=str)
    try:
        beliefs = Beliefs.model_validate_json(told, context=allowing(True))
    except ValidationError:
        return None
    return beliefs if "seed" in record and len(beliefs) else None
