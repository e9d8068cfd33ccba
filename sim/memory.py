"""What a run carries from year to year beside the tables: arrays, so that it can branch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sim.errors import WorkFailed
from sim.rules.grants import FundingMemory, Grants
from sim.year.assessment import BINS, Expected
from sim.year.plans import Portfolio

__all__ = ["Memory"]


def _no_table() -> Expected:
    return Expected(np.zeros(BINS), np.zeros(BINS))


@dataclass
class Memory:
    """State between years.

    Attributes:
        funding: What allocation remembers.
        grants: This year's grants, for the record; never read by a later year.
        portfolio: What makes the mean return of margins the believed one; frozen in year 0.
        expected: Tables of expected marks at 11 and at 16; frozen in year 0.
        scales: Spreads of year 0 that measures are expressed in.
        flagged: Schools that each declared trigger flags first; frozen as year 0 ends.
    """

    funding: FundingMemory = field(default_factory=FundingMemory)
    grants: Grants | None = None
    portfolio: Portfolio = field(default_factory=Portfolio)
    expected: tuple[Expected, Expected] = field(default_factory=lambda: (_no_table(), _no_table()))
    scales: dict[str, float] = field(default_factory=dict)
    flagged: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((2, 0), np.bool_))

    @property
    def paid(self) -> Grants:
        """This year's grants, once they are paid.

        Raises:
            WorkFailed: No year has been paid yet.
        """
        if self.grants is None:
            raise WorkFailed("memory: no grants are paid before the first year")
        return self.grants

    def copy(self) -> Memory:
        """Return a memory of its own; frozen tables are shared."""
        return replace(self, funding=self.funding.copy(), scales=dict(self.scales))
