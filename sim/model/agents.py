"""Schools, areas, universities and employers as agents: short decisions over their rows.

Numbers live in the tables; an agent holds its model and its row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.codes import JOB_PROFESSIONAL, PRIMARY, SECONDARY
from sim.columns import Field
from sim.config.models import Policy
from sim.world.employers import Employers
from sim.world.tables import Areas, Schools
from sim.world.universities import Universities
from sim.year import plans

if TYPE_CHECKING:
    from sim.model import SchoolsModel

__all__ = ["Area", "Employer", "School", "University"]


class _Decider(mesa.Agent):
    """Whoever decides over one row of a table."""

    model: SchoolsModel

    def __init__(self, model: SchoolsModel, row: int):
        super().__init__(model)
        self.row = row


class School(_Decider):
    """A mainstream state school."""

    pupils = Field(Schools.pupils)
    budget = Field(Schools.budget)
    margin = Field(Schools.margin)

    @property
    def table(self) -> Schools:
        """The table of schools of the model."""
        return self.model.nation.world.schools

    def plan(self) -> list[int]:
        """Commit the margin to programmes, the most trusted first, each only where it can work.

        Returns pence on each programme; what is left goes to extra staff.
        """
        choices = self.model.nation.made.choices
        left = choices.margin[self.row]
        spend = [0, 0, 0, 0, 0]
        if left > 0:
            least, full = choices.least[self.row], choices.full[self.row]
            for programme in choices.order[self.row]:
                spend[programme] = plans.commit(left, least[programme], full[programme])
                left -= spend[programme]
        return spend


class Area(_Decider):
    """A local authority with its duty to offer every child a place."""

    weight = Field(Areas.weight)
    fifth = Field(Areas.fifth)

    def __init__(self, model: SchoolsModel, row: int):
        super().__init__(model, row)
        schools = model.nation.world.schools
        self.schools = tuple(
            np.flatnonzero((schools.area == row) & (schools.phase == phase))
            for phase in (PRIMARY, SECONDARY)
        )

    @property
    def table(self) -> Areas:
        """The table of areas of the model."""
        return self.model.nation.world.areas

    def offer_places(self) -> None:
        """Give the area's schools their share of places for this year's entrants, and some slack.

        Of those of the nation where borders are open, of its own where they are not.
        """
        schools = self.model.nation.world.schools
        slack = self.model.nation.terms.values.admissions.slack
        for phase, mine in enumerate(self.schools):
            wanted = self.model.nation.made.applicants[phase][self.row]
            places = schools.share[mine] * wanted * (1 + slack)
            schools.seats[mine] = np.maximum(np.rint(places), 1)


class University(_Decider):
    """A university with an intake and a policy for its students' success."""

    region = Field(Universities.region)
    high = Field(Universities.high)
    size = Field(Universities.size)
    places = Field(Universities.places)
    entrants = Field(Universities.entrants)
    order = Field(Universities.order)
    support = Field(Universities.support)

    @property
    def table(self) -> Universities:
        """The table of universities of the model."""
        return self.model.nation.after.universities

    def offer(self, applicants: float) -> None:
        """Set next year's places: part way from the lasting size towards this year's demand.

        Args:
            applicants: Everybody who entered a university of its tariff this year, weighted.
        """
        if applicants > 0:
            follow = self.model.nation.terms.values.higher.places_follow
            self.places = (1 - follow) * self.size + follow * self.entrants / applicants

    def back_students(self, adoption: float) -> None:
        """Take up support for students from deprived places, if among the share that does."""
        self.support = float(self.order < adoption)


class Employer(_Decider):
    """The employers of one labour market that offer jobs of one level."""

    level = Field(Employers.level)
    posts = Field(Employers.posts)
    contextual = Field(Employers.contextual)
    blind = Field(Employers.blind)
    reform = Field(Employers.reform)

    @property
    def table(self) -> Employers:
        """The table of employers of the model."""
        return self.model.nation.after.employers

    def adopt(self, policy: Policy, pace: float) -> None:
        """Take up what policy asks for, a share of the way each year.

        Only professional employers run graduate schemes; all promote.

        Args:
            policy: Levers ``hiring`` and ``progression``.
            pace: Share of the way gone in a year, 0 to 1.
        """
        self.reform = _closer(self.reform, policy.progression.reform_adoption, pace)
        if self.level == JOB_PROFESSIONAL:
            self.contextual = _closer(self.contextual, policy.hiring.contextual_adoption, pace)
            self.blind = _closer(self.blind, policy.hiring.blind_sift_adoption, pace)


def _closer(now: float, wanted: float, pace: float) -> float:
    """Move from one share towards another.

    >>> _closer(0.1, 0.1, 0.5), _closer(0.0, 1.0, 0.25)
    (0.1, 0.25)
    """
    return now + pace * (wanted - now)
