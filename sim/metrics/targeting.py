"""Where targeted money goes: whom it misses, who else gets it, how much each child's school gets.

Where a scenario has no targeted money these measures do not exist (they are absent, not 0 or 1).
"""

from __future__ import annotations

import xarray as xr

from sim.registry import MEASURES
from sim.tabulate.aggregate import by_group

__all__ = [
    "targeted_leakage",
    "targeted_leakage_formula",
    "targeted_leakage_spread",
    "targeted_per_disadvantaged",
    "targeted_per_pupil",
    "targeted_share",
    "targeted_undercoverage",
]


def _england(sums: xr.Dataset) -> xr.DataArray:
    """All targeted pounds of the nation."""
    return sums["national_targeted_sum"].sel(group="all", drop=True)


def _example(sums: dict[str, dict[str, float]]) -> xr.Dataset:
    """One place that is the whole nation, for the worked examples."""
    made = by_group(sums)
    return made.assign(national_targeted_sum=made["targeted_sum"].isel(place=0, drop=True))


@MEASURES.add(
    "targeted_undercoverage",
    title="Disadvantaged pupils missed by targeted money",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("targeted_reached", "pupils", "targeted_sum"),
    national=True,
)
def targeted_undercoverage(sums: xr.Dataset) -> xr.DataArray:
    """Share of disadvantaged pupils in a school that receives no targeted money.

    >>> targeted_undercoverage(_example({"targeted_reached": {"deep_long": 30},
    ...     "pupils": {"deep_long": 120}, "targeted_sum": {"deep_long": 9000}})).item()
    0.75
    """
    share = sums["targeted_reached"] / sums["pupils"]
    missed = 1 - share.sel(group="disadvantaged", drop=True)
    return missed.where(_england(sums) > 0)


@MEASURES.add(
    "targeted_leakage",
    title="Targeted money spent on other pupils",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("targeted_sum", "premium_reach"),
)
def targeted_leakage(sums: xr.Dataset) -> xr.DataArray:
    """Share of targeted pounds that schools spend on pupils who are not disadvantaged.

    As the model has it: a school keeps a share of targeted money (``plans.premium_reach``, a
    belief) for its disadvantaged pupils and spreads the rest over its roll. Bounds:
    ``targeted_leakage_formula`` (all of it kept for those it is paid for) and
    ``targeted_leakage_spread`` (nothing kept). A school with little to spare keeps less than it
    means to. Not all leakage is waste: teaching is shared.

    60 in 100 pounds would land on others if all were spread; 60 in 100 are kept:

    >>> from sim.tabulate.aggregate import by_group
    >>> targeted_leakage(by_group({"targeted_sum": {"other": 6000, "deep_long": 4000}},
    ...     {"premium_reach": 0.6})).round(6).item()
    0.24
    """
    spread: xr.DataArray = targeted_leakage_spread(sums)
    leaking: xr.DataArray = (1 - sums["premium_reach"]) * spread
    return leaking


@MEASURES.add(
    "targeted_leakage_spread",
    title="Targeted money that would land on other pupils if all were spread",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("targeted_sum",),
)
def targeted_leakage_spread(sums: xr.Dataset) -> xr.DataArray:
    """Share of targeted pounds on pupils who are not disadvantaged if schools kept none for them.

    The upper bound of ``targeted_leakage``: a school spreads its money over its roll.

    >>> from sim.tabulate.aggregate import by_group
    >>> targeted_leakage_spread(by_group({"targeted_sum": {"other": 6000, "deep_long": 4000}})
    ...     ).item()
    0.6
    """
    pounds = sums["targeted_sum"]
    return pounds.sel(group="other", drop=True) / pounds.sel(group="all", drop=True)


@MEASURES.add(
    "targeted_leakage_formula",
    title="Targeted money paid for other pupils",
    unit="share",
    direction="down",
    shelf="opportunity",
    needs=("targeted_unit_sum",),
)
def targeted_leakage_formula(sums: xr.Dataset) -> xr.DataArray:
    """Share of targeted pounds that the formula pays on the count of other pupils.

    Zero for every policy that pays per disadvantaged pupil: the lower bound of
    ``targeted_leakage`` for such a policy, if schools kept all of it for those who brought it.

    >>> from sim.tabulate.aggregate import by_group
    >>> targeted_leakage_formula(by_group({"targeted_unit_sum": {"other": 0, "deep_long": 9}})
    ...     ).item()
    0.0
    """
    pounds = sums["targeted_unit_sum"]
    return pounds.sel(group="other", drop=True) / pounds.sel(group="all", drop=True)


@MEASURES.add(
    "targeted_share",
    title="Share of the targeted money that goes to a place",
    unit="share",
    direction="none",
    shelf="opportunity",
    needs=("targeted_sum",),
    national=True,
)
def targeted_share(sums: xr.Dataset) -> xr.DataArray:
    """Targeted pounds of a place over all targeted pounds; by place, to see where they went.

    >>> targeted_share(_example({"targeted_sum": {"other": 6000, "deep_long": 4000}})).item()
    1.0
    """
    return sums["targeted_sum"].sel(group="all", drop=True) / _england(sums)


@MEASURES.add(
    "targeted_per_pupil",
    title="Targeted money per pupil",
    unit="GBP a year, 2024-25 prices",
    direction="none",
    shelf="opportunity",
    needs=("targeted_sum", "pupils"),
)
def targeted_per_pupil(sums: xr.Dataset) -> xr.DataArray:
    """Targeted pounds a pupil in the schools that pupils attend, got some or not.

    >>> from sim.tabulate.aggregate import by_group
    >>> targeted_per_pupil(by_group({"targeted_sum": {"other": 6000, "deep_long": 4000}, "pupils":
    ...     {"other": 80, "deep_long": 20}})).sel(group="all").item()
    100.0
    """
    dose: xr.DataArray = sums["targeted_sum"] / sums["pupils"]
    return dose


@MEASURES.add(
    "targeted_per_disadvantaged",
    title="Targeted money per disadvantaged pupil of the place",
    unit="GBP a year, 2024-25 prices",
    direction="none",
    shelf="opportunity",
    needs=("targeted_sum", "pupils"),
    national=True,
)
def targeted_per_disadvantaged(sums: xr.Dataset) -> xr.DataArray:
    """All targeted pounds of a place over its disadvantaged pupils, reached or not: the dose.

    >>> targeted_per_disadvantaged(_example({"targeted_sum": {"other": 6000, "deep_long": 4000},
    ...     "pupils": {"other": 80, "deep_long": 20}})).item()
    500.0
    """
    dose = sums["targeted_sum"].sel(group="all", drop=True) / sums["pupils"].sel(
        group="disadvantaged", drop=True
    )
    return dose.where(_england(sums) > 0)
