"""What does not change during a run: beliefs, switches, luck, eligibility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import PRIMARY, SECONDARY
from sim.config.models import Settings, Switches
from sim.config.values import Values
from sim.rng import Key
from sim.world.build import transformed_km
from sim.world.tables import World
from sim.year import households

__all__ = ["Terms"]


@dataclass(frozen=True)
class Terms:
    """What does not change during a run.

    Attributes:
        values: Beliefs, by group and name.
        on: Switches.
        key: Key of all luck.
        walk: How income goes from year to year.
        bits: Which bits of a child's registrations make it eligible or disadvantaged.
        km: Transformed distances to candidate schools, by phase.
    """

    values: Values
    on: Switches
    key: Key
    walk: households.Path
    bits: households.Eligibility
    km: tuple[NDArray[np.float32], NDArray[np.float32]]

    @classmethod
    def of(cls, settings: Settings, world: World) -> Terms:
        """Read the settings once."""
        values = settings.beliefs.values
        power = values.admissions.distance_power
        return cls(
            values,
            settings.switches,
            world.key,
            households.path(values.people),
            households.eligibility(protected=settings.protection),
            (
                transformed_km(world.near[PRIMARY], power),
                transformed_km(world.near[SECONDARY], power),
            ),
        )
