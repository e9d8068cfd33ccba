"""Income tax and National Insurance on a year's pay, at the rates of 2024-25."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["income_tax"]

ALLOWANCE, UPPER, TOP = 12_570.0, 50_270.0, 125_140.0
"""Thresholds of income tax and National Insurance, GBP a year, 2024-25."""


def income_tax(pay: NDArray[np.floating]) -> NDArray[np.float64]:
    """Income tax and employee's National Insurance on a year's pay, GBP, rates of 2024-25.

    The taper of the allowance above 100,000 pounds is left out.

    >>> income_tax(np.array([10_000.0, 22_570.0, 60_270.0])).round().tolist()
    [0.0, 2800.0, 14756.0]
    """
    wide = np.asarray(pay, np.float64)
    basic = np.clip(wide - ALLOWANCE, 0, UPPER - ALLOWANCE)
    higher = np.clip(wide - UPPER, 0, TOP - UPPER)
    return 0.28 * basic + 0.42 * higher + 0.47 * np.maximum(wide - TOP, 0)
