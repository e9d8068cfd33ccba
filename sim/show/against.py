"""Rows of policies against each other, and of what choosing each is expected to lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["policies_against_each_other"]


def policies_against_each_other(dataset: xr.Dataset) -> pd.DataFrame:
    """Each policy less each other, of every declared number (:func:`sim.pairwise`).

    Columns ``probability_best`` and ``regret`` are those of the policy itself, over
    ``ranked_draws`` draws, with the baseline among the choices (:func:`sim.ranking`); empty where
    the number is a difference between fifths, of which no value is the best.
    """
    from sim.metrics import pairwise, ranking

    rows = pairwise(dataset)
    if rows.empty:
        rows = rows.assign(value=[])
        rows.attrs["absent"] = "it takes two policies beside the baseline"
        return rows
    ranked = ranking(dataset).rename(columns={"draws": "ranked_draws"})
    keys = ["scenario", "measure", "place"]
    told = ranked[[*keys, "probability_best", "regret", "ranked_draws"]]
    merged = rows.merge(told, on=keys, how="left")
    years = merged.loc[merged["measure"] == "attainment8", "policy_years"]
    merged.attrs = {"years": years.iloc[0]} if len(years) else {}  # what the picture shows
    return merged
