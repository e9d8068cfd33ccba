"""What does not change during a run: beliefs, switches, luck, eligibility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import PRIMARY, SECONDARY
from sim.config.models import Settings, Switches
from sim.config.values import Values
from sim.data.base_year import BaseYear, base_year
from sim.rng import Key
from sim.world.build import ways
from sim.world.tables import World
from sim.year import households
from sim.year.depth import Steps, steps_of

__all__ = ["Terms"]

Ways = tuple[NDArray[np.float32], NDArray[np.float32]]

STAFFING = ("plans.standard_fixed", "plans.standard_pupil", "plans.standard_need")
"""Beliefs on the cost of standard staffing, which go with the base year."""


@dataclass(frozen=True)
class Terms:
    """What does not change during a run.

    Attributes:
        values: Beliefs, by group and name; staffing costs what it does in the base year.
        base: Formula, prices and tax of the base year.
        on: Switches.
        key: Key of all luck.
        walk: How income goes from year to year.
        bits: Which bits of a child's registrations make it eligible or disadvantaged.
        credit: The rule of eligibility that money follows, where the policy has one of its own.
        depth: Where steps of low income lie, where the census counts them.
        ways: What families feel of the way to candidate schools, by phase: log distance, and cost.
    """

    values: Values
    base: BaseYear
    on: Switches
    key: Key
    walk: households.Path
    bits: households.Eligibility
    credit: households.Credit | None
    depth: Steps | None
    ways: tuple[Ways, Ways]

    @classmethod
    def of(cls, settings: Settings, world: World) -> Terms:
        """Read the settings once."""
        base = base_year(settings.base_year)
        values = settings.beliefs.scaled(STAFFING, base.staffing).values
        return cls(
            values,
            base,
            settings.switches,
            world.key,
            households.path(values.people),
            households.eligibility(protected=settings.protection),
            _credit(settings, values),
            steps_of(settings.policy.funding.depth),
            (
                ways(world.near[PRIMARY], values.admissions, PRIMARY),
                ways(world.near[SECONDARY], values.admissions, SECONDARY),
            ),
        )


def _credit(settings: Settings, values: Values) -> households.Credit | None:
    """Return the rule of eligibility that money follows, if the policy dates one."""
    asked = settings.policy.eligibility
    if asked.universal_credit_from is None:
        return None
    line = np.float32(values.people.credit_line)
    return households.Credit(asked.universal_credit_from + 1, line, bool(asked.ends_protection))
