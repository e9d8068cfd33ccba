"""The base year: the formula, prices and tax of one financial year, as one frozen record.

A base year is rows: its rates in ``tables/nff.csv``, all else of it in ``tables/base_years.csv``,
each with unit and source. Children and places do not hang on it: they are those of the census
behind the formula of 2024-25 whatever year pays for them.

>>> base_year("2025-26").rates.lump, base_year().yearly_floor
(14510000, -9000)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sim.codes import MILLION, PENCE
from sim.data.facts import rows
from sim.data.income_tax import Tax
from sim.data.rates import Rates, nff_rates
from sim.errors import BadRequest

__all__ = ["DEFAULT", "EACH", "BaseYear", "base_year", "base_years", "in_prices", "not_one"]

DEFAULT = "2024-25"
"""The year in whose pounds beliefs are stated, and that money is of if no other is named."""

EACH = "each base year's"
"""Whose prices figures are in that are of several base years."""

_HUNDREDTH = 100  # of a ten-thousandth: a millionth
_CARRIED = "carried"


@dataclass(frozen=True)
class BaseYear:
    """What a financial year sets.

    Attributes:
        year: Its name, such as ``2024-25``.
        rates: Rates and rules of the formula, and of the pupil premium.
        before: Rates of the year before, with the grants rolled in that this year rolled in: what
            the floor of the first year compares with.
        uprating: Yearly rise of the formula's rates in cash, ten-thousandths.
        england_pot: Pounds that the formula pays England's mainstream schools.
        staffing: Cost of standard staffing for one pound of `DEFAULT`: as England's pot grew, for
            grants that are rolled in pay for costs of staff that were there before.
        tax: Income tax and National Insurance.
        carried: What of this year has no published value at hand, and is that of `DEFAULT`.
    """

    year: str
    rates: Rates
    before: Rates
    uprating: int
    england_pot: int
    staffing: float
    tax: Tax
    carried: tuple[str, ...] = ()

    @property
    def yearly_floor(self) -> int:
        """Least yearly rise of pupil-led pounds a pupil, millionths: in cash, less uprating."""
        return (self.rates.floor - self.uprating) * _HUNDREDTH

    def in_pounds(self) -> dict[str, object]:
        """Return its main figures for a reader: pounds and shares.

        Lists are by primary, key stage 3 and key stage 4, by phase, or by band of tax.
        """
        rates = self.rates
        return {
            "basic_amount": [pence / PENCE for pence in rates.basic],
            "lump_sum": rates.lump / PENCE,
            "minimum_level": [pence / PENCE for pence in rates.minimum],
            "pupil_premium": [pence / PENCE for pence in rates.premium],
            "yearly_floor": self.yearly_floor / MILLION,
            "pot_of_england": self.england_pot,
            "staffing": round(self.staffing, 4),
            "tax_thresholds": list(self.tax.thresholds),
            "tax_and_national_insurance": list(self.tax.rates),
        }


def base_years() -> tuple[str, ...]:
    """Return the years that can be a base year, in order.

    >>> base_years()[:2]
    ('2024-25', '2025-26')
    """
    return tuple(sorted({row["year"] for row in rows("base_years")}))


def not_one(year: str) -> str:
    """Say that a year is not a base year, and which are.

    >>> not_one("2019-20").split(". ")[0]
    "'2019-20' is not a base year"
    """
    *others, last = base_years()
    return f"{year!r} is not a base year. Give {', '.join(others)} or {last}."


@lru_cache(maxsize=8)
def base_year(year: str = DEFAULT) -> BaseYear:
    """Return what a financial year sets.

    Raises:
        BadRequest: The year is not a base year.
    """
    own = [row for row in rows("base_years") if row["year"] == year]
    if not own:
        raise BadRequest(not_one(year))
    told = {row["name"]: row["value"] for row in own if row["name"] != _CARRIED}
    pot = int(told["england_pot"])
    return BaseYear(
        year=year,
        rates=nff_rates(year),
        before=nff_rates(told["before"]),
        uprating=int(told["uprating"]),
        england_pot=pot,
        staffing=1.0 if year == DEFAULT else pot / base_year().england_pot,
        tax=Tax(
            thresholds=_three(told, "allowance", "upper", "top", unit=1),
            rates=_three(told, "basic", "higher", "additional", unit=100),
        ),
        carried=tuple(row["value"] for row in own if row["name"] == _CARRIED),
    )


def _three(
    told: dict[str, str], first: str, second: str, third: str, *, unit: int
) -> tuple[float, float, float]:
    one, two, three = (float(told[f"tax_{name}"]) / unit for name in (first, second, third))
    return one, two, three


def in_prices(text: str, year: str = DEFAULT) -> str:
    """Return words on money, which are of `DEFAULT` where they are written, for another base year.

    Args:
        text: What says ``2024-25 prices``, ``prices of 2024-25`` or ``rules of 2024-25``.
        year: A base year, or `EACH` where several stand side by side.

    >>> in_prices("GBP a year, 2024-25 prices", "2025-26")
    'GBP a year, 2025-26 prices'
    """
    for before, after in (("", " prices"), ("prices of ", ""), ("rules of ", "")):
        text = text.replace(f"{before}{DEFAULT}{after}", f"{before}{year}{after}")
    return text
