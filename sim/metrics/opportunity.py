"""The opportunity index: chances children are given, against others nationally in year 0.

A part that no policy of a comparison moves only thins out the others, and made money look small
beside results: the index of a comparison is the mean of the parts that some policy in it moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import xarray as xr

from sim.registry import MEASURES
from sim.tabulate.aggregate import by_group

__all__ = [
    "MINIMUM_INDEX",
    "PARTS",
    "UNIT",
    "Part",
    "mean_of",
    "opportunity_components",
    "opportunity_index",
    "opportunity_index_inputs",
    "opportunity_parts",
    "probit",
    "side_by_side",
]

MINIMUM_INDEX = 0.02
"""Smallest difference of an index that matters: 0.02 of the unit its parts are in."""

UNIT = "points on the index"
"""Unit of an index and of its parts. One point: the spread (SD) of year-0 pupils for what has one,
a standard normal unit for shares. The points of two indices are not the same thing."""

SCHOOL_POLICIES, LEVERS_AFTER_16 = "policies for schools", "levers after 16"


@dataclass(frozen=True)
class Part:
    """A part of the index: its name in words, the sum it is read from and what can move it."""

    title: str
    sum: str
    movers: str


PARTS = {
    "pounds": Part("need-adjusted pounds", "need_adjusted_sum", SCHOOL_POLICIES),
    "teachers": Part("expected teacher quality", "quality_sum", SCHOOL_POLICIES),
    "good_school": Part("a good school in reach", "good_school_n", SCHOOL_POLICIES),
    "post16_options": Part("post-16 options in reach", "options_sum", LEVERS_AFTER_16),
    "attainment": Part("attainment at 16", "attainment8_sum", SCHOOL_POLICIES),
}
"""What a policy must act on for a part to move; whether one does is read from the results."""

_NEEDS = (
    "need_adjusted_sum",
    "quality_sum",
    "good_school_n",
    "pupils",
    "home_pupils",
    "need_adjusted_sd",
    "quality_sd",
    "options_sum",
    "options_square",
    "post16_n",
)
_RESULTS = ("attainment8_sum", "ks4_n", "attainment8_sd")


def opportunity_components(sums: xr.Dataset) -> xr.Dataset:
    """Return each component, less what others had nationally in year 0.

    Pounds, teachers, post-16 options and attainment in SD of year-0 pupils; a good school in reach
    as the standard normal quantile of its share.
    """

    def level(name: str, people: str) -> tuple[xr.DataArray, xr.DataArray]:
        return sums[name] / sums[people], sums[f"reference_{name}"] / sums[f"reference_{people}"]

    pounds, pounds_0 = level("need_adjusted_sum", "pupils")
    quality, quality_0 = level("quality_sum", "pupils")
    # Who has a good school in reach counts where it lives, across borders too.
    school, school_0 = level("good_school_n", "home_pupils")
    parts = {
        "pounds": (pounds - pounds_0) / sums["need_adjusted_sd"],
        "teachers": (quality - quality_0) / sums["quality_sd"],
        "good_school": probit(school) - probit(school_0),
        "post16_options": _options(sums),
    }
    if "attainment8_sum" in sums:
        result = sums["attainment8_sum"] / sums["ks4_n"]
        yardstick = sums["reference_attainment8_sum"] / sums["reference_ks4_n"]
        parts["attainment"] = (result - yardstick) / sums["attainment8_sd"]
    return xr.Dataset(parts)


def _options(sums: xr.Dataset) -> xr.DataArray:
    """Options in reach less what others had in year 0, in SD over all leavers of that year."""
    mean = sums["options_sum"] / sums["post16_n"]
    yardstick = sums["reference_options_sum"] / sums["reference_post16_n"]
    people = sums["standard_post16_n"]
    centre = sums["standard_options_sum"] / people
    variance = sums["standard_options_square"] / people - centre**2
    spread = variance.clip(min=0.0) ** 0.5
    # Where every leaver of year 0 has the same options in reach, nobody has more or fewer.
    apart: xr.DataArray = (mean - yardstick) / spread.where(spread > 1e-6, np.inf)
    return apart


def probit(share: xr.DataArray) -> xr.DataArray:
    """Normal quantile of a share; shares of 0 and 1 are taken as half a per mille off them."""
    inside = np.clip(np.nan_to_num(share.values, nan=0.5), 0.0005, 0.9995)
    inverse = np.vectorize(NormalDist().inv_cdf, otypes=[float])
    return share.copy(data=inverse(inside)).where(share.notnull())


def side_by_side(parts: xr.Dataset) -> xr.DataArray:
    """Put the components of an index side by side, along a dimension ``part``."""
    return parts.to_dataarray("part")


def mean_of(parts: xr.Dataset) -> xr.DataArray:
    """Return the mean of the components, equal weights; unknown where one is unknown."""
    return side_by_side(parts).mean("part", skipna=False)


def _index(sums: xr.Dataset) -> xr.DataArray:
    """Return the mean of the components that some policy moves; ``attrs["parts"]`` says which."""
    parts = opportunity_components(sums)
    still = [n for n in parts if not bool(sums.get(f"moved_{PARTS[str(n)].sum}", True))]
    if len(still) == len(parts):
        still = []  # no policy moves anything: the level of all
    return mean_of(parts.drop_vars(still)).assign_attrs(
        parts=_said([str(n) for n in parts if n not in still], [str(n) for n in still])
    )


def _said(used: list[str], still: list[str]) -> str:
    """Say which parts are in an index, and which are left out and why."""
    told = "; ".join(PARTS[name].title for name in used)
    if not still:
        return told
    reasons = {
        movers: ", ".join(PARTS[n].title for n in still if PARTS[n].movers == movers)
        for movers in dict.fromkeys(PARTS[n].movers for n in still)
    }
    out = "; ".join(
        f"{names} (moved by {movers} only, and no policy here does)"
        for movers, names in reasons.items()
    )
    return f"{told}; left out: {out}"


@MEASURES.add(
    "opportunity_index",
    title="Opportunity index",
    unit=UNIT,
    direction="up",
    shelf="opportunity",
    age="post16",
    reference=True,
    standard=True,
    moved=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, *_RESULTS),
)
def opportunity_index(sums: xr.Dataset) -> xr.DataArray:
    """Mean of up to five components, each against others nationally in year 0.

    Need-adjusted pounds, expected teacher quality, a good school in reach, post-16 options in
    reach, attainment at 16, with equal weights. Those that no policy of the comparison moves are
    left out and named (attribute ``parts``): post-16 options, unless a lever after 16 is pulled;
    ``opportunity_parts`` gives all, one by one. The options of a year are those of the people who
    were 16 the year before.

    A group one SD below in attainment, half an SD above in pounds, like others otherwise:

    >>> opportunity_index(_example()).sel(group="disadvantaged").item()
    -0.1
    """
    return _index(sums)


@MEASURES.add(
    "opportunity_parts",
    title="Parts of the opportunity index",
    unit=UNIT,
    direction="up",
    shelf="opportunity",
    age="post16",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, *_RESULTS),
)
def opportunity_parts(sums: xr.Dataset) -> xr.DataArray:
    """Return the components of ``opportunity_index`` one by one (dimension ``part``).

    >>> opportunity_parts(_example()).sel(group="disadvantaged", part="attainment").item()
    -1.0
    """
    return side_by_side(opportunity_components(sums))


@MEASURES.add(
    "opportunity_index_inputs",
    title="Opportunity index without attainment",
    unit=UNIT,
    direction="up",
    shelf="opportunity",
    reference=True,
    standard=True,
    moved=True,
    minimum=MINIMUM_INDEX,
    needs=_NEEDS,
)
def opportunity_index_inputs(sums: xr.Dataset) -> xr.DataArray:
    """The same without attainment: what is offered, not what came of it.

    >>> opportunity_index_inputs(_example().drop_vars("attainment8_sum")
    ...     ).sel(group="disadvantaged").round(4).item()
    0.125
    """
    return _index(sums)


def _example() -> xr.Dataset:
    """One place with 100 disadvantaged pupils, for the worked examples."""
    sums = {
        "need_adjusted_sum": 530_000.0,
        "quality_sum": 0.0,
        "good_school_n": 80.0,
        "pupils": 100.0,
        "home_pupils": 100.0,
        "attainment8_sum": 290.0,
        "ks4_n": 10.0,
        "options_sum": 30.0,
        "options_square": 95.0,
        "post16_n": 10.0,
    }
    year_0 = {
        "need_adjusted_sum": 5_000_000.0,
        "quality_sum": 0.0,
        "good_school_n": 800.0,
        "pupils": 1000.0,
        "home_pupils": 1000.0,
        "attainment8_sum": 5000.0,
        "ks4_n": 100.0,
        "options_sum": 300.0,
        "options_square": 950.0,
        "post16_n": 100.0,
    }
    sd = {"need_adjusted_sd": 600.0, "quality_sd": 0.4, "attainment8_sd": 21.0}
    reference = {f"reference_{n}": v for n, v in year_0.items()}
    standard = {f"standard_{n}": v for n, v in year_0.items()}
    parts = {n: {"deep_long": v} for n, v in sums.items()}
    return by_group(parts, {**sd, **reference, **standard})
