"""Heritage of pupils in eleven groups, and FSM rates of five broad groups, by area."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.data.choices import BROAD_MEMBERS, HERITAGE_MEMBERS, JOINED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["mix_columns", "shift_to_mean"]

NORMAL = NormalDist()
YEAR_OF_MIX = "2018/19"


def _probit(rates: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the standard normal quantile of each rate; NaN stays NaN."""
    inside = rates.clip(0.005, 0.95).ravel().tolist()
    flat = [np.nan if np.isnan(rate) else NORMAL.inv_cdf(rate) for rate in inside]
    return np.array(flat).reshape(rates.shape)


def _rate(probits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rate of each probit."""
    return np.array([NORMAL.cdf(p) for p in probits.ravel()]).reshape(probits.shape)


def shift_to_mean(
    probits: NDArray[np.float64], weights: NDArray[np.float64], mean: float
) -> NDArray[np.float64]:
    """Move all rates by one probit shift so that their weighted mean is `mean`.

    >>> rates = shift_to_mean(np.array([-1.0, 0.0]), np.array([0.5, 0.5]), 0.5)
    >>> rates.round(3).tolist(), round(float(rates.mean()), 6)
    ([0.309, 0.691], 0.5)
    """
    low, high = -3.0, 3.0
    for _ in range(60):
        middle = (low + high) / 2
        too_low = float((weights * _rate(probits + middle)).sum()) < mean
        low, high = (middle, high) if too_low else (low, middle)
    return _rate(probits + (low + high) / 2)


def mix_columns(folder: Path, codes: list[str], fsm_2019: pd.Series[float]) -> pd.DataFrame:
    """Return ``heritage_*`` (shares that sum to 1) and ``fsm_*`` (rates) of every area.

    Args:
        folder: Folder of the source files.
        codes: Codes of the areas, in order.
        fsm_2019: FSM rate of the area in January 2019, indexed by code.
    """
    import pandas as pd

    source = pd.read_csv(folder / "la_ethnic_mix.csv")
    source["code"] = source["la_code"].replace(JOINED)
    weight = (source["pupils_primary"] + source["pupils_secondary"]).astype(float)
    out = pd.DataFrame(index=pd.Index(codes, name="code"))
    for group, members in HERITAGE_MEMBERS.items():
        pupils = source[[f"pct_{m}" for m in members]].sum(axis=1) * weight
        out[f"heritage_{group}"] = pupils.groupby(source["code"]).sum()
    total = out.sum(axis=1)
    out = out.div(total, axis=0)

    rates = pd.DataFrame(index=out.index)
    for group in BROAD_MEMBERS:
        column = source[f"fsm_pct_{group}"] / 100
        known = column.notna()
        at = source["code"][known]
        weighted = (column * weight)[known].groupby(at).sum()
        rates[f"fsm_{group}"] = weighted / weight[known].groupby(at).sum()
    own = source["counted_area"].eq("own") & source["school_year"].eq(YEAR_OF_MIX)
    borrowed = set(source["code"][~own])
    filled = _fill_rates(out, rates, fsm_2019.loc[codes].to_numpy(np.float64), borrowed)
    return out.join(filled)


def _fill_rates(
    mix: pd.DataFrame, rates: pd.DataFrame, fsm_2019: NDArray[np.floating[Any]], borrowed: set[str]
) -> pd.DataFrame:
    """Fill rates that are withheld, and move those of another year or area to the area's own."""
    import pandas as pd

    broad = np.stack(
        [mix[[f"heritage_{g}" for g in groups]].sum(axis=1) for groups in BROAD_MEMBERS.values()],
        axis=1,
    )
    probits = _probit(rates.to_numpy(float))
    gap = probits - _probit(fsm_2019)[:, None]
    known = ~np.isnan(gap)
    offset = (np.where(known, gap, 0.0) * broad).sum(axis=0) / (known * broad).sum(axis=0)
    probits = np.where(known, probits, _probit(fsm_2019)[:, None] + offset)
    out = np.where(known, rates.to_numpy(float), _rate(probits))
    for row, code in enumerate(mix.index):
        if code in borrowed:
            out[row] = shift_to_mean(probits[row], broad[row], float(fsm_2019[row]))
    return pd.DataFrame(out, index=rates.index, columns=rates.columns)
