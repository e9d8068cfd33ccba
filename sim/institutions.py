"""Schools and areas as agents: short decisions over rows of their tables.

Numbers live in the tables; an agent holds its model and its row.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from sim.columns import Field
from sim.world.tables import Areas, Schools
from sim.year import plans

__all__ = ["Area", "School"]


class School(mesa.Agent):
    """A mainstream state school."""

    pupils = Field(Schools.pupils)
    budget = Field(Schools.budget)
    margin = Field(Schools.margin)

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.row = row

    @property
    def table(self) -> Schools:
        """The table of schools of the model."""
        schools: Schools = self.model.world.schools
        return schools

    def plan(self) -> list[int]:
        """Commit the margin to programmes, the most trusted first, each only where it can work.

        Returns pence on each programme; what is left goes to extra staff.
        """
        choices = self.model.choices
        left = choices.margin[self.row]
        spend = [0, 0, 0, 0, 0]
        if left > 0:
            least, full = choices.least[self.row], choices.full[self.row]
            for programme in choices.order[self.row]:
                spend[programme] = plans.commit(left, least[programme], full[programme])
                left -= spend[programme]
        return spend


class Area(mesa.Agent):
    """A local authority with its duty to offer every child a place."""

    weight = Field(Areas.weight)
    fifth = Field(Areas.fifth)

    def __init__(self, model: Any, row: int):
        super().__init__(model)
        self.row = row
        schools = model.world.schools
        self.schools = tuple(
            np.flatnonzero((schools.area == row) & (schools.phase == phase)) for phase in (0, 1)
        )

    @property
    def table(self) -> Areas:
        """The table of areas of the model."""
        areas: Areas = self.model.world.areas
        return areas

    def offer_places(self) -> None:
        """Share places for this year's entrants among the area's schools, with some slack."""
        schools = self.model.world.schools
        for phase, mine in enumerate(self.schools):
            wanted = self.model.applicants[phase][self.row]
            places = schools.share[mine] * wanted * (1 + self.model.fixed.values.choice.slack)
            schools.seats[mine] = np.maximum(np.rint(places), 1)
