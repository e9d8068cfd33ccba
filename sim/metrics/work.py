"""Jobs at 25, offers of graduate schemes, first promotions, and who leaves to get on."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.record.adult_variables import LEVELS, OCCUPATIONS, OFFER_STEPS, REGIONS
from sim.registry import MEASURES
from sim.tabulate.aggregate import by_group

__all__ = [
    "MINIMUM_JOB",
    "got_on_at_home_share",
    "left_to_get_on_share",
    "local_professional_jobs_filled",
    "offer_ratio",
    "offer_ratio_raw",
    "professional_job_rate",
    "promotion_rate",
    "promotion_rate_at_30",
    "scheme_offer_rate",
    "skilled_job_rate",
]

MINIMUM_JOB = 0.003
"""Smallest difference in professional jobs that matters: 0.3 percentage points."""


@MEASURES.add(
    "professional_job_rate",
    title="Professional job at 25",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age25",
    needs=("professional_n", "age25_n"),
    minimum=MINIMUM_JOB,
)
def professional_job_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 25 in a professional job, wherever it is; the second primary measure.

    >>> from sim.tabulate.aggregate import by_group
    >>> professional_job_rate(by_group({"professional_n": {"other": 50, "deep_long": 14},
    ...     "age25_n": {"other": 100, "deep_long": 50}})).sel(group="disadvantaged").item()
    0.28
    """
    return sums["professional_n"] / sums["age25_n"]


@MEASURES.add(
    "skilled_job_rate",
    title="Professional or skilled job at 25",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age25",
    needs=("skilled_n", "age25_n"),
    minimum=MINIMUM_JOB,
)
def skilled_job_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 25 in a professional or middle (skilled) job, wherever it is.

    >>> from sim.tabulate.aggregate import by_group
    >>> skilled_job_rate(by_group({"skilled_n": {"other": 80}, "age25_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.8
    """
    return sums["skilled_n"] / sums["age25_n"]


@MEASURES.add(
    "got_on_at_home_share",
    title="Got on in the home region",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age25",
    needs=("home_skilled_n", "age25_n"),
)
def got_on_at_home_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 25 in a professional or skilled job of the region they grew up in.

    >>> from sim.tabulate.aggregate import by_group
    >>> got_on_at_home_share(by_group({"home_skilled_n": {"other": 60}, "age25_n": {"other": 100}})
    ...     ).sel(group="other").item()
    0.6
    """
    return sums["home_skilled_n"] / sums["age25_n"]


@MEASURES.add(
    "left_to_get_on_share",
    title="Left the home region to get on",
    unit="share",
    direction="down",
    shelf="outcome",
    age="age25",
    needs=("left_n", "age25_n"),
)
def left_to_get_on_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of people of 25 who left their home region for a job that was not to be had there.

    Who leaves by choice is not counted, and who stays has not failed: read it beside
    ``got_on_at_home_share``. It is part of no index.

    >>> from sim.tabulate.aggregate import by_group
    >>> left_to_get_on_share(by_group({"left_n": {"deep_long": 6}, "age25_n": {"deep_long": 50}})
    ...     ).sel(group="disadvantaged").item()
    0.12
    """
    return sums["left_n"] / sums["age25_n"]


@MEASURES.add(
    "local_professional_jobs_filled",
    title="Professional jobs of a region held by people raised there",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age25",
    by=("england", "region"),
    needs=("jobs25_home_n", "jobs25_n", "age25_n"),
)
def local_professional_jobs_filled(sums: xr.Dataset) -> xr.DataArray:
    """Of a region's professional jobs held at 25, those held by people who grew up there.

    >>> local_professional_jobs_filled(_jobs(held=200.0, home=150.0)).item()
    0.75
    """
    level = LEVELS.index("professional")
    home, held = (
        _by_region(sums[n].isel(level=level), sums["place"]) for n in ("jobs25_home_n", "jobs25_n")
    )
    return home / held.where(held > 0)


def _by_region(jobs: xr.DataArray, place: xr.DataArray) -> xr.DataArray:
    """Put jobs by region of work to the regions that places are, or add them up."""
    names = [str(n) for n in place.values.tolist()]
    if all(n in REGIONS for n in names):
        rows = [REGIONS.index(n) for n in names]
        return jobs.isel(work_region=rows).rename(work_region="place").assign_coords(place=place)
    return jobs.sum("work_region").expand_dims(place=place)


def _jobs(held: float, home: float) -> xr.Dataset:
    """One nation with all its jobs in one region, as a worked example."""

    def table(
        people: float,
    ) -> tuple[tuple[str, str], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
        filled = np.zeros((len(REGIONS), len(LEVELS)))
        filled[0, LEVELS.index("professional")] = people
        return ("work_region", "level"), filled

    sums = {"age25_n": {"other": 500.0}}
    return by_group(sums, {"jobs25_n": table(held), "jobs25_home_n": table(home)})


@MEASURES.add(
    "scheme_offer_rate",
    title="Offers of graduate schemes, of applicants",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age23",
    needs=("scheme_offer_n", "scheme_applied_n"),
)
def scheme_offer_rate(sums: xr.Dataset) -> xr.DataArray:
    """Share of applicants to graduate schemes who get an offer, raw.

    >>> from sim.tabulate.aggregate import by_group
    >>> scheme_offer_rate(by_group({"scheme_offer_n": {"other": 11}, "scheme_applied_n":
    ...     {"other": 100}})).sel(group="other").item()
    0.11
    """
    return sums["scheme_offer_n"] / sums["scheme_applied_n"]


@MEASURES.add(
    "offer_ratio",
    title="Offers to low-origin applicants over those to like applicants",
    unit="ratio",
    direction="up",
    shelf="outcome",
    age="age23",
    by=("england",),
    needs=("offers", "age23_n"),
)
def offer_ratio(sums: xr.Dataset) -> xr.DataArray:
    """Offers to applicants of working origin over what like applicants of other origin get.

    Like for like: inside cells of class of degree, tariff of university and attainment at 16 (two
    by two by four), weighted by the applicants of working origin; cells without both are left out.

    Both cells hold 10 low-origin applicants; others get offers to 20 % and 40 %, they to 10 % and
    40 %: 5 offers where like applicants would get 6.

    >>> offer_ratio(_applicants()).round(4).item()
    0.8333
    """
    low, others = _origins(sums)
    applied, like = low.isel(step=0), others.isel(step=0)
    both = (applied > 0) & (like > 0)
    rate = others.isel(step=-1) / like.where(like > 0)
    cells = "cell_of_offers"
    expected = (applied * rate).where(both).sum(cells)
    got = low.isel(step=-1).where(both).sum(cells)
    ratio: xr.DataArray = got / expected.where(expected > 0)
    return ratio.expand_dims(place=sums["place"])


@MEASURES.add(
    "offer_ratio_raw",
    title="Offers to low-origin applicants over those to others, raw",
    unit="ratio",
    direction="up",
    shelf="outcome",
    age="age23",
    by=("england",),
    needs=("offers", "age23_n"),
)
def offer_ratio_raw(sums: xr.Dataset) -> xr.DataArray:
    """Share of applicants of working origin with an offer over that of all other applicants.

    It does not say how like applicants fare: that is ``offer_ratio``.

    >>> offer_ratio_raw(_applicants()).round(4).item()
    0.9375
    """
    low, others = (part.sum("cell_of_offers") for part in _origins(sums))
    rates = [part.isel(step=-1) / part.isel(step=0) for part in (low, others)]
    ratio: xr.DataArray = rates[0] / rates[1]
    return ratio.expand_dims(place=sums["place"])


def _origins(sums: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray]:
    """Applicants of working origin, and all others."""
    offers = sums["offers"]
    low = offers.isel(occupation=OCCUPATIONS.index("working"))
    return low, offers.sum("occupation") - low


def _applicants() -> xr.Dataset:
    """Two cells of applicants, as a worked example: applied, sifted in, offered."""
    table = np.zeros((len(OCCUPATIONS), 16, len(OFFER_STEPS)))
    table[0, 0], table[0, 1] = (20, 9, 4), (10, 8, 4)
    table[2, 0], table[2, 1] = (10, 4, 1), (10, 8, 4)
    dims = ("occupation", "cell_of_offers", "step")
    return by_group({"age23_n": {"other": 90.0}}, {"offers": (dims, table)})


@MEASURES.add(
    "promotion_rate",
    title="Promoted by 25, of those in skilled or professional jobs",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age25",
    needs=("promoted_n", "skilled_n"),
)
def promotion_rate(sums: xr.Dataset) -> xr.DataArray:
    """Of people in a professional or skilled job at 25, those promoted at least once.

    >>> from sim.tabulate.aggregate import by_group
    >>> promotion_rate(by_group({"promoted_n": {"deep_long": 9}, "skilled_n": {"deep_long": 30}})
    ...     ).sel(group="disadvantaged").item()
    0.3
    """
    return sums["promoted_n"] / sums["skilled_n"]


@MEASURES.add(
    "promotion_rate_at_30",
    title="Promoted by 30, of those in skilled or professional jobs",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age30",
    needs=("promoted30_n", "skilled30_n"),
)
def promotion_rate_at_30(sums: xr.Dataset) -> xr.DataArray:
    """Of people in a professional or skilled job at 30, those promoted at least once.

    >>> from sim.tabulate.aggregate import by_group
    >>> promotion_rate_at_30(by_group({"promoted30_n": {"other": 85}, "skilled30_n":
    ...     {"other": 100}})).sel(group="other").item()
    0.85
    """
    return sums["promoted30_n"] / sums["skilled30_n"]
