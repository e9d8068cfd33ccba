"""Figures of areas that come from tables with one row an authority."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import PHASES
from sim.data.choices import JOINED, TENTH_WEIGHTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "affluence_fifths",
    "area_cost_columns",
    "context_columns",
    "pupils_by_phase",
    "read_authorities",
]

CHILDREN = ["pop_0_4", "pop_5_10", "pop_11_15"]
BANDS = "ABCDEF"
PANEL = {
    "fsm_primary": ("PriFSM", "primary"),
    "fsm_secondary": ("SecFSM", "secondary"),
    "ever6_primary": ("Ever6_FSM_Prim", "primary"),
    "ever6_secondary": ("Ever6_FSM_Sec", "secondary"),
    "eal_primary": ("EALPri", "primary"),
    "eal_secondary": ("EALSec", "secondary"),
}
PANEL_YEAR = 2024


def _mean(
    values: pd.Series[float], weights: pd.Series[float], areas: pd.Series[str]
) -> pd.Series[float]:
    """Return the weighted mean over the published parts of each area."""
    known = values.notna() & weights.gt(0)
    total = (values * weights)[known].groupby(areas[known]).sum()
    return total / weights[known].groupby(areas[known]).sum()


def read_authorities(folder: Path) -> pd.DataFrame:
    """Read look-up and context, one row an authority, with ``code`` of the area it is part of."""
    import pandas as pd

    lookup = pd.read_csv(folder / "la_lookup.csv")
    context = pd.read_csv(folder / "la_context.csv").drop(columns="la_name")
    rows = lookup.merge(context, on="la_code", validate="one_to_one")
    rows["code"] = rows["la_code"].replace(JOINED)
    return rows.sort_values("la_code").reset_index(drop=True)


def pupils_by_phase(folder: Path) -> dict[str, pd.Series[float]]:
    """Return mainstream pupils of 2023-24 by phase, indexed by code of area."""
    rows = read_authorities(folder)
    return {
        phase: rows[f"pupils_{phase}_2023_24"].fillna(0).groupby(rows["code"]).sum()
        for phase in PHASES
    }


def context_columns(folder: Path, codes: list[str]) -> pd.DataFrame:
    """Return place, people, work and pupils of every area."""
    import pandas as pd

    rows = read_authorities(folder)
    own = rows[~rows["la_code"].isin(list(JOINED))].set_index("code").loc[codes]
    out = pd.DataFrame(index=pd.Index(codes, name="code"))
    out["name"], out["region"] = own["la_name"], own["region_name"]
    out["lat"], out["lon"] = own["centroid_lat"], own["centroid_lon"]
    out["land_km2"] = rows.groupby("code")["area_km2"].sum()
    out["education_investment_area"] = own["education_investment_area"].astype(int)
    out["neighbours"] = _neighbours(folder, rows, codes)
    _add_types(out, folder, own)
    _add_children(out, rows)
    _add_work(out, rows, own)
    _add_composition(out, folder, rows)
    out["skill_poor"] = _skill_poor(folder, codes)
    out["professional_share"] = _professional_share(folder, own)
    out["labour_market"] = own["itl2_code"]
    out["tenth_weight"] = pd.Series(TENTH_WEIGHTS).reindex(codes, fill_value=0).astype(int)
    return out


def _neighbours(folder: Path, rows: pd.DataFrame, codes: list[str]) -> pd.Series[str]:
    """Return codes of the statistical neighbours, nearest first, with a space between them."""
    import pandas as pd

    source = pd.read_csv(folder / "la_statistical_neighbours.csv")
    numbers, names = rows["dfe_la_number"].tolist(), rows["la_code"].tolist()
    code_of: dict[int, str] = dict(zip(numbers, names, strict=True))
    source = source.sort_values(["dfe_la_number", "rank"])
    lists: dict[str, list[str]] = {code: [] for code in codes}
    for number, other in zip(
        source["dfe_la_number"].tolist(), source["neighbour_dfe_la_number"].tolist(), strict=True
    ):
        code, neighbour = code_of[number], JOINED.get(code_of[other], code_of[other])
        if code in lists and neighbour != code and neighbour not in lists[code]:
            lists[code].append(neighbour)
    return pd.Series({code: " ".join(found) for code, found in lists.items()})


def _add_types(out: pd.DataFrame, folder: Path, own: pd.DataFrame) -> None:
    """Add type of area and coast; areas formed since 2019 take those of their county."""
    import pandas as pd

    structure = pd.read_csv(folder / "la_structure_2019.csv").set_index("ons_code")
    keys = []
    for code, recoded, county in zip(
        own.index, own["code_2025"], own["predecessor_code"], strict=True
    ):
        keys.append(next(key for key in (code, recoded, county) if key in structure.index))
    out["area_type"] = structure.loc[keys, "type"].to_numpy()
    out["coastal"] = structure.loc[keys, "coastal"].to_numpy()


def _add_children(out: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Add deprivation and settlement of small areas, weighted by children aged 0 to 15."""
    children, areas = rows[CHILDREN].sum(axis=1), rows["code"]
    columns = {f"idaci_{band.lower()}": f"idaci2019_band_{band}_share" for band in BANDS}
    columns |= {"idaci_rate": "idaci2019_rate", "idaci_spread": "idaci2019_sd_between_lsoas"}
    columns |= {"rural_share": "rural_child_share", "conurbation_share": "conurbation_child_share"}
    for name, source in columns.items():
        out[name] = _mean(rows[source], children, areas)


def _add_work(out: pd.DataFrame, rows: pd.DataFrame, own: pd.DataFrame) -> None:
    """Add qualifications, pay and work; blanks are filled by the formulas in ``columns.csv``."""
    adults, areas = rows["population_2020"], rows["code"]
    out["adult_level3"] = _mean(rows["level3plus_share_2021"] / 100, adults, areas)
    out["employment_rate"] = _mean(rows["employment_rate_2023"] / 100, adults, areas)
    pay, before = rows["median_weekly_pay_2023"], rows["median_weekly_pay_2021"]
    both = pay.notna() & before.notna()
    growth = (pay[both] * adults[both]).sum() / (before[both] * adults[both]).sum()
    out["weekly_pay"] = _mean(pay.fillna(before * growth), adults, areas)
    unemployment = _mean(rows["unemployment_2023"] / 100, adults, areas).reindex(out.index)
    known = unemployment.notna()
    slope, level = np.polyfit(1 - out["employment_rate"][known], unemployment[known], 1)
    out["unemployment"] = unemployment.fillna(level + slope * (1 - out["employment_rate"]))


def _add_composition(out: pd.DataFrame, folder: Path, rows: pd.DataFrame) -> None:
    """Add pupils by phase and their FSM, ever-6 and EAL rates in January 2024."""
    import pandas as pd

    panel = pd.read_csv(folder / "la_panel_composition_2016_2026.csv.gz", low_memory=False)
    panel = panel[panel["end_year"].eq(PANEL_YEAR) & panel["geo_level"].eq("la")]
    wide = panel.pivot_table(index="la_code", columns="measure", values="value")
    for phase, pupils in pupils_by_phase(folder).items():
        out[f"pupils_{phase}"] = pupils.round().astype(int)
    for name, (measure, phase) in PANEL.items():
        rates = rows["la_code"].map(wide[measure]) / 100
        out[name] = _mean(rates, rows[f"pupils_{phase}_2023_24"].fillna(0), rows["code"])


def _skill_poor(folder: Path, codes: list[str]) -> pd.Series[float]:
    """Return how skilled adults are where poor children live, given poverty and ethnic mix."""
    import pandas as pd

    rows = pd.read_csv(folder / "mechanisms/adult_skills_poor_la.csv")
    areas = rows["la_code"].replace(JOINED)
    return _mean(rows["q_out"], rows["poor_children"], areas).loc[codes]


def _professional_share(folder: Path, own: pd.DataFrame) -> pd.Series[float]:
    """Return the share of employed people aged 22 to 29 in professional jobs of its region."""
    import pandas as pd

    source = pd.read_csv(folder / "smc_origin_to_early_career.csv.gz", low_memory=False)
    source = source[source["measure_code"].eq("dr33") & source["area_type"].eq("ITL2")]
    professional = source[
        source["primary_split_value"].isin(["Higher professional", "Lower professional"])
    ]
    by_region = professional.groupby("area_name")["value"].sum() / 100
    return own["itl2_name"].map(by_region)


def area_cost_columns(
    folder: Path, codes: list[str], fringe_share: pd.Series[float]
) -> pd.DataFrame:
    """Return area cost in ten-thousandths, with the ends of its range.

    Args:
        folder: Folder of the source files.
        codes: Codes of the areas, in order.
        fringe_share: Share of the area's pupils in its London fringe part, indexed by code.
    """
    import pandas as pd

    source = pd.read_csv(folder / "la_area_cost.csv").set_index("la_code").loc[codes]
    fringe = source["aca_fringe_part"].fillna(source["aca"])
    share = fringe_share.loc[codes]
    mean = (1 - share) * source["aca"] + share * fringe
    out = pd.DataFrame(index=pd.Index(codes, name="code"))
    out["area_cost"] = (10_000 * mean).round().astype(int)
    # The fringe part is a fixed multiple of the rest, so that the range of the rest carries over.
    for end in ("low", "high"):
        scaled = 10_000 * mean * source[end] / source["aca"]
        out[f"area_cost_{end}"] = scaled.round().astype(int)
    return out


def affluence_fifths(fsm: pd.Series[float], pupils: pd.Series[float]) -> pd.Series[int]:
    """Cut areas, ordered by FSM rate, into five fifths of pupils; 1 has the lowest rates.

    >>> import pandas as pd
    >>> fsm = pd.Series([0.3, 0.1, 0.2, 0.5, 0.4])
    >>> affluence_fifths(fsm, pd.Series([1.0] * 5)).tolist()
    [3, 1, 2, 5, 4]
    """
    order = fsm.sort_values(kind="stable").index
    # The share of pupils up to and including the area; a hair off keeps exact cuts in their fifth.
    reached = pupils.loc[order].cumsum() / pupils.sum() - 1e-12
    return (reached * 5).astype(int).clip(upper=4).add(1).reindex(fsm.index)
