"""Which years a figure speaks of: never two exposures in one number.

Every measure has one fixed age, so a year names a cohort and that cohort has lived a known number
of school years under the policy. A headline pools the last five policy years that are all fully
exposed; before any cohort is, it says "not reached".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import BadRequest
from sim.record.variables import FULL_EXPOSURE, exposure

__all__ = ["HEADLINE_YEARS", "Window", "Years", "exposures", "window"]

HEADLINE_YEARS = 5
Years = int | Sequence[int] | Literal["each"] | None


@dataclass(frozen=True)
class Window:
    """Years to use; ``pooled`` ones are added up before any ratio, others are kept apart."""

    years: tuple[int, ...]
    pooled: bool
    note: str = ""


def window(recorded: NDArray[np.int_], age: str, years: Years = None) -> Window:
    """Choose the years of a measure of a fixed age.

    ``None`` is the headline; one year stands alone; several years, or ``"each"`` for all that
    were recorded, stay side by side and are never pooled.

    >>> window(np.arange(-3, 23), "ks4").years
    (18, 19, 20, 21, 22)
    >>> window(np.arange(-3, 16), "ks4").years
    (14, 15)
    >>> window(np.arange(-3, 9), "ks4").note
    'not reached: full exposure at ks4 takes 14 policy years, this run has 8'
    >>> window(np.arange(-3, 9), "ks4", years=8).years
    (8,)
    """
    known = [int(y) for y in recorded]
    if years is None:
        return _headline(known, age)
    if years == "each":
        return Window(tuple(known), pooled=False)
    one = isinstance(years, int | np.integer)
    asked = [int(years)] if one else [int(y) for y in years]  # type: ignore[arg-type, union-attr]
    absent = [y for y in asked if y not in known]
    if absent or not asked:
        raise BadRequest(
            f"years: {absent} were not recorded; these results hold {known[0]} to {known[-1]}."
        )
    return Window(tuple(asked), pooled=one)


def _headline(known: list[int], age: str) -> Window:
    full = FULL_EXPOSURE[age]
    exposed = [y for y in known if y >= full][-HEADLINE_YEARS:]
    if exposed:
        return Window(tuple(exposed), pooled=True)
    place = age.replace("age", "age ")
    note = f"not reached: full exposure at {place} takes {full} policy years, this run has "
    return Window((), pooled=True, note=note + str(max(known[-1], 0)))


def exposures(years: Sequence[int], age: str) -> NDArray[np.int64]:
    """School years lived under the policy, by year; for measures of no age, years of policy.

    >>> exposures([0, 7, 20], "ks4").tolist(), exposures([0, 7, 20], "none").tolist()
    ([0, 5, 12], [0, 7, 20])
    >>> exposures([0, 7, 22], "age25").tolist()
    [0, 0, 11]
    """
    if age == "none":
        return np.maximum(np.asarray(years, dtype=np.int64), 0)
    return exposure(age, years).astype(np.int64)
