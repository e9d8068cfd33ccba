"""What a policy moves and spends, and what a gain costs."""

from __future__ import annotations

import xarray as xr

from sim.record.adult_variables import COSTED
from sim.registry import MEASURES

__all__ = [
    "PAYERS",
    "cost_per_gain",
    "cost_per_job",
    "gained",
    "gains",
    "lever_cost",
    "lever_costs",
    "pounds_moved",
    "spent",
]

PAYERS = tuple(dict.fromkeys(COSTED.values()))


def pounds_moved(sums: xr.Dataset) -> xr.DataArray:
    """Targeted pounds, or in scenarios without what cells of area and group gain on baseline."""
    moved = sums["pounds_sum"] - sums["pounds_sum_baseline"]
    targeted = sums["targeted_sum"]
    aimed = targeted.sum(["unit", "group"]) > 0
    pounds: xr.DataArray = targeted.where(aimed, moved.clip(min=0.0))
    return pounds


def lever_costs(sums: xr.Dataset, payer: str = "") -> xr.DataArray:
    """What levers cost in a year in new money beyond the baseline, GBP; of one payer if named."""
    more = sums["lever_cost"] - sums["lever_cost_baseline"]
    paid = [row for row, who in enumerate(COSTED.values()) if payer in ("", who)]
    cost: xr.DataArray = more.isel(lever=paid).sum("lever")
    return cost


def gained(sums: xr.Dataset, total: str, people: str) -> xr.DataArray:
    """What people gain on the baseline run with the same luck, added up; their number is ours."""
    now = sums[total] / sums[people]
    then = sums[f"{total}_baseline"] / sums[f"{people}_baseline"]
    more: xr.DataArray = ((now - then) * sums[people]).fillna(0.0)
    return more


def gains(sums: xr.Dataset) -> xr.Dataset:
    """Pounds moved and points gained by disadvantaged pupils, against the same luck."""
    return xr.Dataset(
        {
            "moved": pounds_moved(sums),
            "new": lever_costs(sums),
            "gained": gained(sums, "attainment8_sum", "ks4_n"),
            "attainment8_sd": sums["attainment8_sd"],
        }
    )


@MEASURES.add(
    "cost_per_gain",
    title="Cost of one disadvantaged pupil one SD (about 21 points) better at 16",
    unit="GBP, 2024-25 prices",
    direction="down",
    shelf="attainment",
    age="ks4",
    by=("england",),
    needs=(
        "attainment8_sum",
        "ks4_n",
        "pounds_sum",
        "targeted_sum",
        "lever_cost",
        "attainment8_sd",
    ),
    paired=True,
    derive=gains,
    inverse=True,
)
def cost_per_gain(sums: xr.Dataset) -> xr.DataArray:
    """Pounds of one year for each disadvantaged pupil who is one SD better at 16, losses taken off.

    A year's targeted pounds, before what schools give up for them, over what the disadvantaged
    pupils of one year group gain over all areas less what others of them lose; gains of pupils who
    are not disadvantaged are left out. Its interval is that of the gain turned over: lopsided.

    Returns the gain per pound, of which the table shows one over it, once every pupil at 16 has
    lived the whole policy (a year's money then stands for a cohort's whole school life). Pounds
    moved are the targeted money; in scenarios without, what area x group cells gain on the
    baseline. New money for levers is added. Where the gain may be nil there is no
    cost per gain, and the table says so.

    300 pounds moved; 2 disadvantaged pupils gain 10.5 points each, half of an SD of 21:

    >>> from sim.tabulate.aggregate import by_group
    >>> (1 / cost_per_gain(by_group({"moved": {"other": 200, "deep_long": 100},
    ...     "gained": {"deep_long": 21}}, {"attainment8_sd": 21.0, "new": 0.0}))).round(6).item()
    300.0
    """
    more = sums["gained"].sel(group="disadvantaged", drop=True) / sums["attainment8_sd"]
    return more / spent(sums)


def spent(sums: xr.Dataset) -> xr.DataArray:
    """Pounds moved and pounds new; nothing where none is."""
    pounds = sums["moved"].sel(group="all", drop=True) + sums["new"]
    known: xr.DataArray = pounds.where(pounds > 0)
    return known


def job_gains(sums: xr.Dataset) -> xr.Dataset:
    """Pounds moved and spent, professional jobs gained by disadvantaged people, same luck."""
    jobs = gained(sums, "professional_n", "age25_n")
    return xr.Dataset({"moved": pounds_moved(sums), "new": lever_costs(sums), "gained": jobs})


@MEASURES.add(
    "cost_per_job",
    title="Cost of one more professional job at 25 for a disadvantaged person",
    unit="GBP, 2024-25 prices",
    direction="down",
    shelf="outcome",
    age="age25",
    by=("england",),
    needs=("professional_n", "age25_n", "pounds_sum", "targeted_sum", "lever_cost"),
    paired=True,
    derive=job_gains,
    inverse=True,
)
def cost_per_job(sums: xr.Dataset) -> xr.DataArray:
    """Pounds of one year for each professional job more at 25 among disadvantaged people.

    Returns jobs gained per pound, of which the table shows one over it. Pounds are counted as in
    ``cost_per_gain``, those of universities and employers included. A job one person
    gains may be one that another does not get.

    300 pounds moved, 200 pounds new, 2 jobs:

    >>> from sim.tabulate.aggregate import by_group
    >>> (1 / cost_per_job(by_group({"moved": {"other": 200, "deep_long": 100},
    ...     "gained": {"deep_long": 2}}, {"new": 200.0}))).item()
    250.0
    """
    more: xr.DataArray = sums["gained"].sel(group="disadvantaged", drop=True)
    return more / spent(sums)


def _priced(sums: xr.Dataset) -> xr.Dataset:
    """What each payer spends beyond the baseline, and the leavers it is spent on."""
    paid = {payer: lever_costs(sums, payer) for payer in PAYERS}
    return xr.Dataset({"leavers": sums["post16_n"], **paid})


@MEASURES.add(
    "lever_cost",
    title="Cost of levers in new money, per young person leaving school, by payer",
    unit="GBP, 2024-25 prices",
    direction="none",
    shelf="outcome",
    age="post16",
    by=("england",),
    needs=("lever_cost", "post16_n"),
    paired=True,
    derive=_priced,
)
def lever_cost(sums: xr.Dataset) -> xr.DataArray:
    """A year's cost of levers beyond the baseline, over the leavers of a year, by payer.

    Once everybody lives under the policy this is what it costs a cohort in school and up to the
    age of 30. Payers: the public (new money from national budgets), universities, employers;
    each lever says which.

    300 pounds of public money for 150 leavers:

    >>> from sim.tabulate.aggregate import by_group
    >>> lever_cost(by_group({"leavers": {"other": 150}}, {"public": 300.0, "universities": 0.0,
    ...     "employers": 0.0})).sel(part="public").item()
    2.0
    """
    people = sums["leavers"].sel(group="all", drop=True)
    parts = [(sums[payer] / people).expand_dims(part=[payer]) for payer in PAYERS]
    return xr.concat(parts, "part")
