"""The outcome index: what came of it by 25, against others nationally in year 0."""

from __future__ import annotations

import xarray as xr

from sim.metrics.opportunity import MINIMUM_INDEX, UNIT, mean_of, probit, side_by_side
from sim.registry import MEASURES
from sim.tabulate.aggregate import by_group

__all__ = [
    "outcome_components",
    "outcome_index",
    "outcome_index_at_30",
    "outcome_parts",
    "pay_rank",
    "pay_rank_at_30",
]

_SHARES = {
    "level3": ("level3_n", "age19_n"),
    "degree": ("degree_n", "age24_n"),
    "skilled_job": ("skilled_n", "age25_n"),
}
_NEEDS = tuple(name for pair in _SHARES.values() for name in pair)


def rank_of(people: xr.DataArray, nation: xr.DataArray) -> xr.DataArray:
    """Mean rank (0 to 1) of people in the bands of pay of the nation of year 0.

    >>> rank_of(xr.DataArray([0.0, 10.0], dims="pay_band"), xr.DataArray([50.0, 50.0],
    ...     dims="pay_band")).item()
    0.75
    """
    middle = (nation.cumsum("pay_band") - nation / 2) / nation.sum("pay_band")
    total = people.sum("pay_band")
    rank: xr.DataArray = (people * middle).sum("pay_band") / total.where(total > 0)
    return rank


def outcome_components(sums: xr.Dataset, pay_band: str = "pay25_band") -> xr.Dataset:
    """Return each component as a standard normal quantile, less that of others in year 0.

    Level 3 at 19, degree by 24, professional or skilled job at 25, and mean rank of pay (without
    pay counts as the lowest) in the national pay of year 0.
    """
    parts = {
        part: probit(sums[top] / sums[bottom])
        - probit(sums[f"reference_{top}"] / sums[f"reference_{bottom}"])
        for part, (top, bottom) in _SHARES.items()
    }
    nation = sums[f"standard_{pay_band}"]
    rank, yardstick = (rank_of(sums[n], nation) for n in (pay_band, f"reference_{pay_band}"))
    return xr.Dataset({**parts, "pay_rank": probit(rank) - probit(yardstick)})


@MEASURES.add(
    "outcome_index",
    title="Outcome index",
    unit=UNIT,
    direction="up",
    shelf="outcome",
    age="age25",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, "pay25_band"),
)
def outcome_index(sums: xr.Dataset) -> xr.DataArray:
    """Mean of Level 3 at 19, degree by 24, skilled job at 25 and rank of pay at 25.

    Each against others nationally in year 0, equal weights; ``outcome_parts`` gives them one by
    one. The parts of one year are read from the cohorts that are 19, 24 and 25 in it. Where people
    live and work does not count.

    Level 3 and degree as others had, pay likewise, skilled jobs 0.5 against 0.84134 (one standard
    normal unit):

    >>> outcome_index(_example()).sel(group="disadvantaged").round(4).item()
    -0.25
    """
    return mean_of(outcome_components(sums))


@MEASURES.add(
    "outcome_parts",
    title="Parts of the outcome index",
    unit=UNIT,
    direction="up",
    shelf="outcome",
    age="age25",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, "pay25_band"),
)
def outcome_parts(sums: xr.Dataset) -> xr.DataArray:
    """Return the components of ``outcome_index`` one by one (dimension ``part``).

    >>> outcome_parts(_example()).sel(group="disadvantaged", part="skilled_job").round(4).item()
    -1.0
    """
    return side_by_side(outcome_components(sums))


@MEASURES.add(
    "outcome_index_at_30",
    title="Outcome index with pay at 30",
    unit=UNIT,
    direction="up",
    shelf="outcome",
    age="age30",
    reference=True,
    standard=True,
    minimum=MINIMUM_INDEX,
    needs=(*_NEEDS, "pay30_band"),
)
def outcome_index_at_30(sums: xr.Dataset) -> xr.DataArray:
    """Return the same with the rank of pay at 30 in place of that at 25.

    >>> example = _example().rename(pay25_band="pay30_band",
    ...     reference_pay25_band="reference_pay30_band", standard_pay25_band="standard_pay30_band")
    >>> outcome_index_at_30(example).sel(group="disadvantaged").round(4).item()
    -0.25
    """
    return mean_of(outcome_components(sums, "pay30_band"))


@MEASURES.add(
    "pay_rank",
    title="Rank of pay at 25",
    unit="rank, 0 to 1",
    direction="up",
    shelf="outcome",
    age="age25",
    standard=True,
    needs=("pay25_band",),
)
def pay_rank(sums: xr.Dataset) -> xr.DataArray:
    """Mean rank at 25 in the national pay of people of 25 in year 0; no pay ranks lowest.

    >>> pay_rank(_example()).sel(group="disadvantaged").item()
    0.5
    """
    return rank_of(sums["pay25_band"], sums["standard_pay25_band"])


@MEASURES.add(
    "pay_rank_at_30",
    title="Rank of pay at 30",
    unit="rank, 0 to 1",
    direction="up",
    shelf="outcome",
    age="age30",
    standard=True,
    needs=("pay30_band",),
)
def pay_rank_at_30(sums: xr.Dataset) -> xr.DataArray:
    """Mean rank at 30 in the national pay of people of 30 in year 0; no pay ranks lowest.

    >>> from sim.tabulate.aggregate import by_group
    >>> made = by_group({"pay30_band": {"other": [0, 4]}}, {"standard_pay30_band": ("pay_band",
    ...     [50.0, 50.0])}, along="pay_band")
    >>> pay_rank_at_30(made).sel(group="other").item()
    0.75
    """
    return rank_of(sums["pay30_band"], sums["standard_pay30_band"])


def _example() -> xr.Dataset:
    """One place with 100 disadvantaged people, for the worked examples."""
    people = {
        "level3_n": 60.0,
        "age19_n": 100.0,
        "degree_n": 40.0,
        "age24_n": 100.0,
        "skilled_n": 50.0,
        "age25_n": 100.0,
    }
    year_0 = people | {"skilled_n": 84.134475}
    bands = {"pay25_band": {"deep_long": [50.0, 50.0]}}
    yardsticks: dict[str, object] = {f"reference_{n}": v for n, v in year_0.items()}
    for name in ("reference_pay25_band", "standard_pay25_band"):
        yardsticks[name] = ("pay_band", [50.0, 50.0])
    counts = by_group({n: {"deep_long": v} for n, v in people.items()}, yardsticks)
    return counts.assign(pay25_band=by_group(bands, along="pay_band")["pay25_band"])
