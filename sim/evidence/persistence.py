"""How far results of areas persist: correlations of one year with a later one, outside London.

A published figure of this kind needs years of results; they are the last six that a run lives after
year 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.codes import STAGE_KS2, STAGE_KS4
from sim.evidence.results import Results
from sim.model import SchoolsModel

__all__ = ["LEAST_YEARS", "by_areas", "persistence"]

Floats = NDArray[np.float64]
LAGS = (1, 3, 4, 5)
LEAST_YEARS = max(LAGS) + 1
"""Years of results that the longest lag needs; no more are looked at."""
LEAST_AREAS = 3


def by_areas(model: SchoolsModel) -> dict[str, Floats]:
    """Return this year's mean results of each area outside London; NaN where nobody sat."""
    world = model.world
    outside = world.facts.region[world.areas.facts_row] != "London"
    ks2, ks4 = (
        Results.of(model, model.nation.made.sittings[stage]) for stage in (STAGE_KS2, STAGE_KS4)
    )
    every = np.ones(ks4.dis.size, np.bool_)
    return {
        name: _means(results, values, chosen, len(world.areas))[outside]
        for name, results, values, chosen in (
            ("progress8", ks4, ks4.gained, every),
            ("progress8_disadvantaged", ks4, ks4.gained, ks4.dis),
            ("attainment8_disadvantaged", ks4, ks4.points, ks4.dis),
            ("ks2_progress_disadvantaged", ks2, ks2.gained, ks2.dis),
        )
    }


def _means(results: Results, values: Floats, chosen: NDArray[np.bool_], areas: int) -> Floats:
    sat = np.bincount(results.area[chosen & ~np.isnan(values)], minlength=areas)
    return np.where(sat > 0, results.by_area(values, chosen, areas), np.nan)


def persistence(years: Sequence[dict[str, Floats]]) -> dict[str, float]:
    """Return the mean correlation over areas of results 1, 3, 4 and 5 years apart.

    Each area counts once. Only the last six years are looked at; a lag that they do not hold, or
    that fewer than three areas show, is left out.

    Args:
        years: Results of `by_areas`, one year after the other.
    """
    last = years[-LEAST_YEARS:]
    out: dict[str, float] = {}
    for name in last[0] if last else ():
        for lag in LAGS:
            pairs = zip(last, last[lag:], strict=False)
            found = [_correlation(before[name], after[name]) for before, after in pairs]
            known = [one for one in found if one is not None]
            if known:
                out[f"persistence_{name}_{lag}"] = float(np.mean(known))
    return out


def _correlation(before: Floats, after: Floats) -> float | None:
    both = ~np.isnan(before) & ~np.isnan(after)
    if both.sum() < LEAST_AREAS:
        return None
    return float(np.corrcoef(before[both], after[both])[0, 1])
