"""What a run carries from year to year beside the tables: arrays, so that it can branch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.funding.grants import FundingMemory
from sim.year.assessment import BINS, Expected
from sim.year.returns import Portfolio
from sim.year.staffing import Usual

__all__ = ["Leavers", "Memory"]


class Leavers(NamedTuple):
    """Results of those who finished Year 11 this year, in the order of their block."""

    score: NDArray[np.float32]
    group: NDArray[np.int8]


def _no_table() -> Expected:
    return Expected(np.zeros(BINS), np.zeros(BINS))


def _nobody() -> Leavers:
    return Leavers(np.zeros(0, np.float32), np.zeros(0, np.int8))


@dataclass
class Memory:
    """State between years.

    Attributes:
        funding: What allocation remembers.
        portfolio: What makes the mean return of margins the believed one; frozen in year 0.
        expected: Tables of expected marks at 11 and at 16; frozen in year 0.
        scales: Spreads of year 0 that measures are expressed in.
        flagged: Schools that each declared trigger flags first; frozen as year 0 ends.
        staffing: What offers of schools do to leaving in year 0; frozen then.
        leavers: Results of those who finished Year 11 last.
        support_pence: What SEN support costs a school a pupil, pence at area cost 1; frozen.
        high_tariff: Entrants of high tariff of one person of 19; frozen in year 0.
    """

    funding: FundingMemory = field(default_factory=FundingMemory)
    portfolio: Portfolio = field(default_factory=Portfolio)
    expected: tuple[Expected, Expected] = field(default_factory=lambda: (_no_table(), _no_table()))
    scales: dict[str, float] = field(default_factory=dict)
    flagged: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((2, 0), np.bool_))
    staffing: Usual = field(default_factory=Usual)
    leavers: Leavers = field(default_factory=_nobody)
    support_pence: float = 0.0
    high_tariff: float = 0.0

    def copy(self) -> Memory:
        """Return a memory of its own; frozen tables are shared."""
        return replace(self, funding=self.funding.copy(), scales=dict(self.scales))
