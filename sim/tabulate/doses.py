"""Pounds for each pupil reached by targeted money, and which of them no study has seen."""

from __future__ import annotations

from typing import NamedTuple

import xarray as xr

from sim.funding.doses import dose_mark
from sim.record.variables import DISADVANTAGED

__all__ = ["Dose", "dose_marks", "pounds_per_reached"]


class Dose(NamedTuple):
    """The largest yearly dose of a scenario, pounds a disadvantaged pupil reached, and its mark.

    ``mark`` is a sentence where the dose lies outside the evidence, else empty.
    """

    scenario: str
    pounds: float
    mark: str


def pounds_per_reached(results: xr.Dataset) -> xr.DataArray:
    """Return targeted pounds a year for each disadvantaged pupil of the schools that get some.

    Args:
        results: Cells of one or more scenarios, as `sim.compare` returns them.

    Returns:
        GBP, 2024-25 prices, over whatever dimensions there are beside area and group (year,
        scenario, draw, replicate); not a number where no targeted money is paid.
    """
    weight = results["weight"].astype(float)
    poor = results["targeted_reached"].sel(group=list(DISADVANTAGED)).sum("group")
    people = (poor * weight).sum("area")
    pounds = (results["targeted_sum"].sum("group") * weight).sum("area")
    dose: xr.DataArray = pounds / people.where(people > 0)
    return dose.where(pounds > 0)


def dose_marks(results: xr.Dataset) -> list[Dose]:
    """Return each scenario's largest yearly dose, in the order of the scenarios.

    The mean over draws and replicates in the policy year in which it is largest; scenarios
    without targeted money are left out.
    """
    dose = pounds_per_reached(results)
    dose = dose.sel(year=[year for year in dose["year"].values.tolist() if year > 0])
    over = [name for name in dose.dims if name not in ("scenario", "year")]
    largest = dose.mean(over).max("year")
    found = (
        {
            str(name): float(largest.sel(scenario=name) if "scenario" in largest.dims else largest)
            for name in results["scenario"].values.reshape(-1).tolist()
        }
        if "scenario" in results
        else {str(results.attrs["scenario"]): float(largest)}
    )
    return [Dose(name, pounds, dose_mark(pounds)) for name, pounds in found.items() if pounds > 0]
