"""Schools flagged for a large gap: what a before-after comparison says, and what money does.

A gap measured large is partly bad luck, and shrinks by itself. All figures are about the schools
that a trigger flags first in policy year 1: the same schools, with the same luck, in every cell.
Each measure tells the two declared triggers apart, as parts: ``level_own_school`` (that of
``gap_triggered``) and ``progress_national`` (that of ``gap_progress``).
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.record.flag_variables import AFTER, BEFORE, FLAG_YEARS, SIDES, TRIGGERS
from sim.registry import MEASURES
from sim.tabulate.description import BY

__all__ = ["false_flag_share", "flagged_gap_caused", "flagged_gap_naive"]

MINIMUM_SD = 0.02
"""Smallest change of a gap that matters, SD."""

_BY = tuple(by for by in BY if by != "school_affluence")
_RESULTS = ("flagged_results_n", "flagged_results_sum")


@MEASURES.add(
    "flagged_gap_naive",
    title="Change of the gap in flagged schools, after less before",
    unit="SD",
    direction="down",
    shelf="attainment",
    needs=_RESULTS,
    by=_BY,
    minimum=MINIMUM_SD,
)
def flagged_gap_naive(sums: xr.Dataset) -> xr.DataArray:
    """Gap of flagged schools in policy years 4 to 6 less their gap in years -2 to 0.

    Under the baseline, where nobody pays for flags, this is what shrinks by itself (regression to
    the mean) and what the years change everywhere. The gap is read as the trigger reads it; both
    phases count their disadvantaged pupils of years -2 to 0. Absent in runs of under six years.

    >>> flagged_gap_naive(_example(before=(-0.6, 0.1), after=(-0.5, 0.1))).round(3).values.tolist()
    [-0.1, -0.1]
    """
    return _told(_naive(sums, ""), sums)


@MEASURES.add(
    "flagged_gap_caused",
    title="Change of the gap in flagged schools that the policy causes",
    unit="SD",
    direction="down",
    shelf="attainment",
    needs=_RESULTS,
    by=_BY,
    minimum=MINIMUM_SD,
    paired=True,
)
def flagged_gap_caused(sums: xr.Dataset) -> xr.DataArray:
    """Change of the gap in flagged schools less that of the same schools without the policy.

    The luck is the same too: `flagged_gap_naive` under the policy less that under the baseline, or
    under what else is compared with.

    >>> two = _example(before=(-0.6, 0.1), after=(-0.5, 0.1))
    >>> without = _example(before=(-0.6, 0.1), after=(-0.53, 0.1))
    >>> both = two.assign({f"{name}_baseline": values for name, values in without.items()})
    >>> flagged_gap_caused(both).round(3).values.tolist()
    [-0.03, -0.03]
    """
    return _told(_naive(sums, "") - _naive(sums, "_baseline"), sums)


@MEASURES.add(
    "false_flag_share",
    title="Flagged pupils whose school's gap is below the mean",
    unit="share",
    direction="down",
    shelf="attainment",
    needs=("flagged_known_n", "flagged_false_n"),
    by=_BY,
    paired=True,
)
def false_flag_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of flagged schools' disadvantaged pupils where no considerable gap was to be found.

    These are pupils of schools whose gap over policy years 2 to 6, without the policy, lies below
    the mean over the nation's disadvantaged pupils of the phase: the flag was luck. Five years
    of results are few in a small school, so part of this is luck of those years too.

    >>> counts = (("cell", "place", "trigger", "phase"), np.array([[[[30, 10], [20, 20]]]]))
    >>> false_flag_share(xr.Dataset({"flagged_known_n_baseline": (counts[0], 2 * counts[1]),
    ...     "flagged_false_n_baseline": (counts[0], counts[1] // 2)})).values.tolist()
    [[[0.25, 0.25]]]
    """
    false, known = sums["flagged_false_n_baseline"], sums["flagged_known_n_baseline"]
    whole = known.sum("phase")
    return _told(false.sum("phase") / whole.where(whole > 0), sums)


def _told(found: xr.DataArray, sums: xr.Dataset) -> xr.DataArray:
    """Name the triggers; say the same of every year asked for, since the years are fixed."""
    named = found.rename(trigger="part").assign_coords(part=list(TRIGGERS))
    return named.expand_dims(year=sums["year"]) if "year" in sums.dims else named


def _naive(sums: xr.Dataset, of: str) -> xr.DataArray:
    """Gap after less gap before, the phases weighed by the disadvantaged pupils before."""
    n, total = sums[f"flagged_results_n{of}"], sums[f"flagged_results_sum{of}"]
    then, weight = _gap(n, total, BEFORE)
    now, _ = _gap(n, total, AFTER)
    change = now - then
    weight = weight.where(change.notnull(), 0.0)
    whole: xr.DataArray = weight.sum("phase")
    mean: xr.DataArray = (change.fillna(0.0) * weight).sum("phase") / whole.where(whole > 0)
    return mean


def _gap(
    n: xr.DataArray, total: xr.DataArray, years: tuple[int, ...]
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the gap pooled over years, as each trigger reads it, and disadvantaged pupils."""
    at = {"flag_year": [FLAG_YEARS.index(year) for year in years]}
    counted = n.isel(at)
    other = [dim for dim in ("place", "trigger", "phase", "side") if dim in n.dims]
    lived = (counted.sum(other) > 0).all("flag_year")
    pupils, points = counted.sum("flag_year"), total.isel(at).sum("flag_year")
    mean = (points / pupils.where(pupils > 0)).where(lived)
    low, high = (mean.isel(side=SIDES.index(side)) for side in ("disadvantaged", "other"))
    in_school = xr.DataArray([name == "level_own_school" for name in TRIGGERS], dims="trigger")
    gap = (high - low).where(in_school, -low)
    return gap, pupils.isel(side=SIDES.index("disadvantaged"))


def _example(before: tuple[float, float], after: tuple[float, float]) -> xr.Dataset:
    """Return 10 disadvantaged pupils and 40 others a year, with these means, as an example."""
    years = np.array([before if year <= 0 else after for year in FLAG_YEARS])
    mean = np.broadcast_to(years[:, None, None, :], (len(FLAG_YEARS), len(TRIGGERS), 2, len(SIDES)))
    dims = ("flag_year", "trigger", "phase", "side")
    n = xr.DataArray(np.broadcast_to([10.0, 40.0], mean.shape), dims=dims)
    return xr.Dataset({"flagged_results_n": n, "flagged_results_sum": n * mean})
