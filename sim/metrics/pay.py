"""Pay: levels at 25 and 30, what a technical qualification adds, the gap by origin, taxes paid."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.metrics.costs import gained, lever_costs, pounds_moved, spent
from sim.metrics.given import standardised
from sim.record.adult_variables import BANDS, CAREER_AGES, JOBS, OCCUPATIONS, QUALIFICATIONS
from sim.registry import MEASURES
from sim.tabulate.aggregate import by_group

__all__ = [
    "exchequer_return",
    "extra_tax",
    "pay",
    "pay_at_25",
    "pay_gap_by_origin",
    "technical_pay_return",
]

DISCOUNT = 0.035
"""Rate of the Green Book (HM Treasury), a year."""
MIDDLE_OF_SCHOOL, READ_AT, LAST_AT_WORK = 10.5, 30, 66
_GBP = "GBP a year, 2024-25 prices"


@MEASURES.add(
    "pay",
    title="Pay at 30",
    unit=_GBP,
    direction="up",
    shelf="outcome",
    age="age30",
    needs=("pay30_sum", "earners30_n"),
)
def pay(sums: xr.Dataset) -> xr.DataArray:
    """Mean pay at 30 of people with pay.

    >>> from sim.tabulate.aggregate import by_group
    >>> pay(by_group({"pay30_sum": {"other": 3_200_000}, "earners30_n": {"other": 100}})
    ...     ).sel(group="other").item()
    32000.0
    """
    return sums["pay30_sum"] / sums["earners30_n"]


@MEASURES.add(
    "pay_at_25",
    title="Pay at 25",
    unit=_GBP,
    direction="up",
    shelf="outcome",
    age="age25",
    needs=("pay25_sum", "earners25_n"),
)
def pay_at_25(sums: xr.Dataset) -> xr.DataArray:
    """Mean pay at 25 of people with pay.

    >>> from sim.tabulate.aggregate import by_group
    >>> pay_at_25(by_group({"pay25_sum": {"deep_long": 480_000}, "earners25_n": {"deep_long":
    ...     20}})).sel(group="disadvantaged").item()
    24000.0
    """
    return sums["pay25_sum"] / sums["earners25_n"]


@MEASURES.add(
    "pay_gap_by_origin",
    title="Pay gap by origin in professional jobs at 30",
    unit="share",
    direction="down",
    shelf="outcome",
    age="age30",
    by=("england",),
    needs=("career_pay_sum", "career_n", "age30_n"),
)
def pay_gap_by_origin(sums: xr.Dataset) -> xr.DataArray:
    """By how much pay in professional jobs at 30 is lower for working than professional origin.

    >>> pay_gap_by_origin(_careers(high=50_000.0, low=44_000.0)).item()
    0.12
    """
    at = {"career_age": CAREER_AGES.index(30), "job": JOBS.index("professional")}
    mean = sums["career_pay_sum"].isel(at) / sums["career_n"].isel(at).sum("promotions")
    low = mean.isel(occupation=OCCUPATIONS.index("working"))
    gap: xr.DataArray = 1 - low / mean.isel(occupation=OCCUPATIONS.index("professional"))
    return gap.expand_dims(place=sums["place"])


def _careers(high: float, low: float) -> xr.Dataset:
    """Ten people a cell with the given mean pay by origin, as a worked example."""
    shape = (len(CAREER_AGES), len(OCCUPATIONS), len(JOBS))
    people, money = np.full((*shape, 1), 10.0), np.zeros(shape)
    money[:, 0], money[:, 2] = 10 * high, 10 * low
    dims = ("career_age", "occupation", "job")
    tables = {"career_n": ((*dims, "promotions"), people), "career_pay_sum": (dims, money)}
    return by_group({"age30_n": {"other": 90.0}}, tables)


@MEASURES.add(
    "technical_pay_return",
    title="Pay at 25 with a technical Level 3, over Level 2, given attainment",
    unit="share",
    direction="up",
    shelf="outcome",
    age="age25",
    by=("england",),
    needs=("qualified_n", "qualified_pay_sum", "age25_n"),
    standard=True,
)
def technical_pay_return(sums: xr.Dataset) -> xr.DataArray:
    """By how much a technical Level 3 pays more at 25 than Level 2 at most, at like attainment.

    Mean pay is taken inside bands of attainment at 16 and averaged with the bands of technical
    Level 3 holders in year 0. People with a degree are in neither group.

    >>> technical_pay_return(_holders(technical=27_500.0, level2=25_000.0)
    ...     ).sel(group="disadvantaged").round(6).item()
    0.1
    """
    at = {name: QUALIFICATIONS.index(name) for name in ("level2", "level3_technical")}
    mix = sums["standard_qualified_n"].isel(qualification=at["level3_technical"])
    people, money = sums["qualified_n"], sums["qualified_pay_sum"]
    # Only bands that hold both kinds can be compared.
    both = (people.isel(qualification=list(at.values())) > 0).all("qualification")
    means = [
        standardised(
            money.isel(qualification=row), people.isel(qualification=row).where(both, 0.0), mix
        )
        for row in at.values()
    ]
    more: xr.DataArray = means[1] / means[0] - 1
    return more.expand_dims(place=sums["place"])


def _holders(technical: float, level2: float) -> xr.Dataset:
    """Ten disadvantaged people a cell with the given mean pay, as a worked example."""
    shape = (len(QUALIFICATIONS), BANDS)
    people, money = np.full(shape, 10.0), np.zeros(shape)
    money[1], money[2] = 10 * level2, 10 * technical
    made = by_group({"age25_n": {"deep_long": 400.0}})
    dims = ("group", "qualification", "band")
    groups = made.sizes["group"]
    return made.assign(
        qualified_n=(dims, np.tile(people, (groups, 1, 1))),
        qualified_pay_sum=(dims, np.tile(money, (groups, 1, 1))),
        standard_qualified_n=(("qualification", "band"), people),
    )


def extra_tax(sums: xr.Dataset) -> xr.Dataset:
    """Public pounds moved and new in a year, and extra tax of the people who are 30 in it."""
    extra = gained(sums, "tax30_sum", "age30_n")
    new = lever_costs(sums, "public")
    return xr.Dataset({"moved": pounds_moved(sums), "new": new, "extra": extra})


@MEASURES.add(
    "exchequer_return",
    title="Tax returned for a pound of public money moved or new",
    unit="GBP a pound, discounted at 3.5 %",
    direction="up",
    shelf="outcome",
    age="age30",
    by=("england",),
    needs=("tax30_sum", "age30_n", "pounds_sum", "targeted_sum", "lever_cost"),
    paired=True,
    derive=extra_tax,
)
def exchequer_return(sums: xr.Dataset) -> xr.DataArray:
    """Extra income tax and National Insurance over the public pounds of a policy in a year.

    Pounds are school money moved and new public money for levers; what universities and
    employers pay is not public. A year's money stands for a cohort's whole school life, as in
    ``cost_per_gain``; what is paid at 30 is discounted at 3.5 % to the middle of school life. The
    two parts are a range: ``year_at_30`` is the tax of that one year, ``to_67`` what comes back if
    the difference lasts from 30 to 66. What is paid before 30, employers' contributions, other
    taxes and benefits saved are not counted, and what one person gains another may lose when posts
    are fixed.

    100 pounds moved, 10 pounds more tax at 30:

    >>> from sim.tabulate.aggregate import by_group
    >>> found = exchequer_return(by_group({"moved": {"other": 100}, "extra": {"deep_long": 10}},
    ...     {"new": 0.0}))
    >>> found.sel(part="year_at_30").round(4).item(), found.sel(part="to_67").round(4).item()
    (0.0511, 1.0886)
    """
    extra = sums["extra"].sel(group="all", drop=True)
    first = (1 + DISCOUNT) ** -(READ_AT - MIDDLE_OF_SCHOOL)
    years = np.arange(LAST_AT_WORK - READ_AT + 1)
    worth = {"year_at_30": first, "to_67": first * float(((1 + DISCOUNT) ** -years).sum())}
    factor = xr.DataArray(list(worth.values()), coords={"part": list(worth)}, dims="part")
    back: xr.DataArray = extra / spent(sums) * factor
    return back
