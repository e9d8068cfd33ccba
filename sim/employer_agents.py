"""Employers as agents: which practices they take up, and how they sift.

Numbers live in the table of employers; an agent holds its model and its row.
"""

from __future__ import annotations

from typing import Any

import mesa

from sim.columns import Field
from sim.employers import PROFESSIONAL, Employers

__all__ = ["Employer"]


class Employer(mesa.Agent):
    """The employers of one region that offer jobs of one level."""

    level = Field(Employers.level)
    posts = Field(Employers.posts)
    contextual = Field(Employers.contextual)
    blind = Field(Employers.blind)
    reform = Field(Employers.reform)

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.row = row

    @property
    def table(self) -> Employers:
        """The table of employers of the model."""
        employers: Employers = self.model.employers
        return employers

    def adopt(self, policy: Any, pace: float) -> None:
        """Take up what policy asks for, a share of the way each year.

        Only professional employers run graduate schemes; all promote.

        Args:
            policy: Levers ``hiring`` and ``progression``.
            pace: Share of the way gone in a year, 0 to 1.
        """
        self.reform = _closer(self.reform, policy.progression.reform_adoption, pace)
        if self.level == PROFESSIONAL:
            self.contextual = _closer(self.contextual, policy.hiring.contextual_adoption, pace)
            self.blind = _closer(self.blind, policy.hiring.blind_sift_adoption, pace)

    def sift(self, leak: float, uplift: float) -> tuple[float, float]:
        """Return what background does to a score in this employer's sift, SD.

        First what a low origin loses, second what a favoured group is given, both as the mean
        over employers that do and do not follow each practice.
        """
        return leak * (1 - self.blind), uplift * self.contextual


def _closer(now: float, wanted: float, pace: float) -> float:
    """Move from one share towards another.

    >>> _closer(0.1, 0.1, 0.5), _closer(0.0, 1.0, 0.25)
    (0.1, 0.25)
    """
    return now + pace * (wanted - now)
