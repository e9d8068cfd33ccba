"""Universities as agents: short decisions over rows of their table."""

from __future__ import annotations

from typing import Any

import mesa

from sim.columns import Field
from sim.world.universities import Universities

__all__ = ["University"]


class University(mesa.Agent):
    """A university with an intake and a policy for its students' success."""

    region = Field(Universities.region)
    high = Field(Universities.high)
    size = Field(Universities.size)
    places = Field(Universities.places)
    entrants = Field(Universities.entrants)
    order = Field(Universities.order)
    support = Field(Universities.support)

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.row = row

    @property
    def table(self) -> Universities:
        """The table of universities of the model."""
        universities: Universities = self.model.universities
        return universities

    def offer(self, applicants: float) -> None:
        """Set next year's places: part way from the lasting size towards this year's demand.

        Args:
            applicants: Everybody who entered a university of its tariff this year, weighted.
        """
        if applicants > 0:
            follow = self.model.fixed.values.higher.places_follow
            self.places = (1 - follow) * self.size + follow * self.entrants / applicants

    def back_students(self, adoption: float) -> None:
        """Take up support for students from deprived places, if among the share that does."""
        self.support = float(self.order < adoption)
