"""How deep below, or how little above, the line of free meals a child's household is this year.

It is this year's income that counts, whether or not a family claims; how long it has been low is
read off registrations, in school years since the child came.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.codes import LAST_GRADE
from sim.config.income_depth import STEPS, Depth
from sim.world.pupils import Pupils

__all__ = ["CELLS", "Steps", "cells", "steps_of"]

_F = np.float32
_MIDDLE = _F(LAST_GRADE / 2)
CELLS = 2 * len(STEPS)
"""Steps at home elsewhere, then the same at home in a place that counts."""
_POOR_BANDS = 3
"""IDACI bands A to C are the places that count."""
_LOW, _ABOVE = STEPS.index("low_long"), STEPS.index("above")


class Steps(NamedTuple):
    """Where steps lie: household SD below and above the line, share of years that is long."""

    deep: np.float32
    above: np.float32
    long_share: np.float32


def steps_of(depth: Depth) -> Steps | None:
    """Read where steps lie; None where nothing is counted by depth."""
    deep, above, share = depth.deep_sd, depth.above_sd, depth.long_share
    if deep is None or above is None or share is None:
        return None
    return Steps(_F(deep), _F(above), _F(share))


def cells(
    pupils: Pupils, grade: int, age_slope: np.float32, band: NDArray[np.int8], steps: Steps
) -> NDArray[np.int64]:
    """Return the cell of each child (`CELLS`), -1 for those on no step.

    Args:
        pupils: The cohort.
        grade: Its year group.
        age_slope: How household income rises with a child's age, household SD a year.
        band: IDACI band of each small area, 0 the poorest.
        steps: Where steps lie.
    """
    income = pupils.income + pupils.transitory + age_slope * (_F(grade) - _MIDDLE)
    years = np.maximum(grade + 1 - pupils.come.astype(np.float32), _F(1.0))
    short = (pupils.spells < steps.long_share * years).astype(np.int64)
    step = np.where(income < -steps.deep, short, _LOW + short)
    step = np.where(income < _F(0.0), step, _ABOVE)
    on_one = (income < steps.above) | (income < _F(0.0))
    place = band[pupils.small] < _POOR_BANDS
    return np.where(on_one & (pupils.come <= grade), step + len(STEPS) * place, -1)
