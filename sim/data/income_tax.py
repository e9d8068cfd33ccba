"""Income tax and National Insurance on a year's pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tax", "income_tax"]


@dataclass(frozen=True)
class Tax:
    """Income tax and employee's National Insurance of a year.

    ``thresholds``: allowance, where the higher rate begins, where the additional one does, GBP a
    year of pay. ``rates``: of both together in each of the three bands above the allowance.
    """

    thresholds: tuple[float, float, float]
    rates: tuple[float, float, float]


def income_tax(pay: NDArray[np.floating], tax: Tax) -> NDArray[np.float64]:
    """Income tax and employee's National Insurance on a year's pay, GBP.

    The taper of the allowance above 100,000 pounds is left out.

    >>> tax = Tax((12_570.0, 50_270.0, 125_140.0), (0.28, 0.42, 0.47))
    >>> income_tax(np.array([10_000.0, 22_570.0, 60_270.0]), tax).round().tolist()
    [0.0, 2800.0, 14756.0]
    """
    wide = np.asarray(pay, np.float64)
    allowance, upper, top = tax.thresholds
    basic = np.clip(wide - allowance, 0, upper - allowance)
    higher = np.clip(wide - upper, 0, top - upper)
    first, second, third = tax.rates
    return first * basic + second * higher + third * np.maximum(wide - top, 0)
