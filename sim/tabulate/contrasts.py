"""Policies against each other: pairwise differences, probability best, expected regret.

Policies of a comparison share draws of beliefs and luck, so what is unsure of all of them alike
(how much a pound teaches, say) cancels in the difference of two. Two intervals that overlap may
hide a clear difference; this is where it is seen.

References:
    Raiffa and Schlaifer (1961), *Applied Statistical Decision Theory* (opportunity loss);
    Salanti, Ades and Ioannidis (2011), J. Clin. Epidemiol. 64, 163-171 (probability best).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.config.other_money import told_apart
from sim.results.shapes import as_cells
from sim.tabulate.description import describe
from sim.tabulate.frames import difference_table
from sim.tabulate.primary import declared_held, rows_of_number
from sim.tabulate.tables import BASELINE, paired_difference
from sim.tabulate.verdicts import FIFTH_1_LESS_5

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pairwise", "probability_best", "ranking", "regret"]

FloatArray = NDArray[np.float64]


def pairwise(results: xr.Dataset) -> pd.DataFrame:
    """Tabulate every policy less every other, for each of the declared numbers.

    Differences are paired by draw and replicate, so that doubt and luck which two policies share
    cancel. The baseline is not among them: `sim.declared` has the differences from it; nor are
    policies with other money than the baseline, such as ``plus_1bn``.

    Args:
        results: from `sim.compare` or `sim.open_results`, of one setting.

    Returns:
        One row a number and ordered pair: the columns of `sim.declared`, where ``less`` is the
        policy taken away from ``scenario``. Empty with fewer than two policies.

    Raises:
        BadRequest: the results are those of a sweep over other settings.

    Example:
        results = sim.compare(["flat", "pupil_need"], "world=tiny", "years=1", "draws=2")
        print(sim.pairwise(results)[["scenario", "less"]].drop_duplicates().values.tolist())
    """
    import pandas as pd

    parts = []
    for one, found in declared_held(_same_money(results)):
        if len(policies := _policies(found)) < 2:
            continue
        others = found.isel(cell=found["scenario"].values.astype(str) != BASELINE)
        for less in policies:
            table = difference_table(paired_difference(others, less), describe(one.measure))
            rows = rows_of_number(table, one, less)
            rows.insert(1, "less", less)
            parts.append(rows)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"scenario": []})


def ranking(results: xr.Dataset) -> pd.DataFrame:
    """Tabulate how often each policy is best, and what choosing it is expected to lose.

    The baseline takes part: leaving things as they are is a choice too. Only numbers of all areas
    are ranked: of a difference between two fifths no value is the best. Policies with other money
    than the baseline, such as ``plus_1bn``, are left out.

    Args:
        results: from `sim.compare` or `sim.open_results`, of one setting.

    Returns:
        One row a number and policy: ``probability_best``, the share of draws of beliefs in which
        no other is better (ties are split); ``regret``, the mean over draws of the best policy's
        value less its own, in ``unit``; and ``draws``, how many these rest on: draws in which
        every policy was run.

    Raises:
        BadRequest: the results are those of a sweep over other settings.

    Example:
        results = sim.compare(["flat", "pupil_need"], "world=tiny", "years=1", "draws=2")
        print(sim.ranking(results)["scenario"].unique().tolist())
    """
    import pandas as pd

    parts = []
    for one, found in declared_held(_same_money(results)):
        if one.place == FIFTH_1_LESS_5:
            continue
        names, values = _by_draw(found)
        kind = describe(one.measure)
        signed = -values if kind.direction == "down" else values
        parts.append(
            pd.DataFrame(
                {
                    "scenario": names,
                    "measure": one.measure,
                    "unit": found.attrs["unit"],
                    "place": one.place,
                    "group": one.group,
                    "probability_best": probability_best(signed),
                    "regret": regret(signed),
                    "draws": len(values),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"scenario": []})


def probability_best(values: FloatArray) -> FloatArray:
    """Share of draws (first axis) in which each policy (second) has the highest value.

    Those that share the highest value share the draw. NaN without a draw.

    >>> probability_best(np.array([[1.0, 3.0], [2.0, 2.0]])).tolist()
    [0.25, 0.75]
    """
    if not len(values):
        return np.full(values.shape[1], np.nan)
    best = values == values.max(axis=1, keepdims=True)
    shares: FloatArray = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def regret(values: FloatArray) -> FloatArray:
    """Mean over draws (first axis) of the highest value less that of each policy (second).

    >>> regret(np.array([[1.0, 3.0], [2.0, 2.0]])).tolist()
    [1.0, 0.0]
    """
    if not len(values):
        return np.full(values.shape[1], np.nan)
    lost: FloatArray = (values.max(axis=1, keepdims=True) - values).mean(axis=0)
    return lost


def _same_money(results: xr.Dataset) -> xr.Dataset:
    """Leave out policies with other money than the baseline: they win or lose by that."""
    apart = told_apart(results.attrs)
    if not apart:
        return results
    cells = as_cells(results)
    kept = ~np.isin(cells["scenario"].values.astype(str), list(apart))
    return cells.isel(cell=np.flatnonzero(kept))


def _policies(found: xr.DataArray) -> list[str]:
    names = dict.fromkeys(found["scenario"].values.astype(str).tolist())
    return [name for name in names if name != BASELINE]


def _by_draw(found: xr.DataArray) -> tuple[list[str], FloatArray]:
    """Return policies, and their values by draw, of draws 1 and up in which all were run.

    Policies are compared within pairs of draw and replicate before replicates are averaged.
    """
    scenario = found["scenario"].values.astype(str).tolist()
    names = list(dict.fromkeys(scenario))
    luck = list(zip(found["draw"].values.tolist(), found["replicate"].values.tolist(), strict=True))
    cells = zip(scenario, luck, strict=True)
    value = dict(zip(cells, found.values.tolist(), strict=True))
    draws: dict[int, list[list[float]]] = {}
    for draw, replicate in dict.fromkeys(luck):
        row = [value.get((name, (draw, replicate)), np.nan) for name in names]
        if draw > 0 and np.isfinite(row).all():
            draws.setdefault(draw, []).append(row)
    table = np.array([np.mean(rows, axis=0) for rows in draws.values()], dtype=np.float64)
    return names, table.reshape(len(draws), len(names))
