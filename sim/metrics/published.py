"""What a gain at 16 is worth by the department's published value of a grade, beside our own tax.

References:
    Hodge, Little and Weldon (2021), *GCSE attainment and lifetime earnings*, Department for
    Education: one grade more in one subject goes with about 8,500 pounds more in lifetime
    earnings, present value.
"""

from __future__ import annotations

import xarray as xr

from sim.data.base_year import DEFAULT, base_year
from sim.metrics.costs import gained, lever_costs, pounds_moved, spent
from sim.metrics.pay import DISCOUNT, MIDDLE_OF_SCHOOL
from sim.registry import MEASURES

__all__ = ["WHY_OTHER", "WHY_SHORT", "exchequer_return_published", "gains_at_16"]

VALUE_OF_A_GRADE = 8_500.0
"""GBP of lifetime earnings, present value, for one grade more in one subject; prices of 2021."""
GRADES_OF_A_POINT = 0.8
"""Attainment 8 has ten slots for eight subjects, as English and mathematics count twice."""
AGE_OF_VALUE = 16

WHY_SHORT = (
    "Published (Department for Education 2021): £8,500 of lifetime earnings a grade, found among "
    "people who differ in more than grades."
)
"""What the published value rests on, for a caption."""
WHY_OTHER = (
    "This model: what a policy changes by 30, taken to last to 66; a job that one wins and another "
    "loses counts for both."
)
"""What ours rests on, where it is shown."""


def gains_at_16(sums: xr.Dataset) -> xr.Dataset:
    """Public pounds moved and new in a year, and points that pupils of 16 gain in it."""
    points = gained(sums, "attainment8_sum", "ks4_n")
    new = lever_costs(sums, "public")
    return xr.Dataset({"moved": pounds_moved(sums), "new": new, "points": points})


@MEASURES.add(
    "exchequer_return_published",
    title="Return on a pound of public money by the published value of a grade",
    unit="GBP a pound, discounted at 3.5 %",
    direction="up",
    shelf="outcome",
    age="ks4",
    by=("england",),
    needs=("attainment8_sum", "ks4_n", "pounds_sum", "targeted_sum", "lever_cost"),
    paired=True,
    derive=gains_at_16,
)
def exchequer_return_published(sums: xr.Dataset) -> xr.DataArray:
    """Value of all points gained at 16, at the published value of a grade, a pound moved or new.

    Beside ``exchequer_return``, which follows those people to 30 instead. ``earnings``: lifetime
    earnings, 8,500 pounds a grade in one subject (Department for Education 2021), of which a point
    of Attainment 8 is 0.8, discounted at 3.5 % from 16 to the middle of school life; ``tax``: what
    the basic rates of tax and National Insurance of the base year take of them. In prices of 2021:
    a little low. Pounds are counted as there.

    100,000 pounds moved, 10 points gained by one pupil, 56,281 pounds after discounting:

    >>> from sim.tabulate.aggregate import by_group
    >>> found = exchequer_return_published(by_group({"moved": {"other": 100_000}, "points":
    ...     {"deep_long": 10}}, {"new": 0.0}))
    >>> found.sel(part="earnings").round(4).item(), found.sel(part="tax").round(4).item()
    (0.5628, 0.1576)
    """
    early = (1 + DISCOUNT) ** -(AGE_OF_VALUE - MIDDLE_OF_SCHOOL)
    worth = VALUE_OF_A_GRADE * GRADES_OF_A_POINT * early
    earnings = sums["points"].sel(group="all", drop=True) * worth / spent(sums)
    basic, *_ = base_year(str(sums.attrs.get("base_year", DEFAULT))).tax.rates
    share = xr.DataArray([1.0, basic], coords={"part": ["earnings", "tax"]}, dims="part")
    back: xr.DataArray = earnings * share
    return back
