"""Live up to a year and look at its grants; what can be refused is refused before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sim.config import compose
from sim.config.models import Settings
from sim.errors import BadRequest
from sim.model import SchoolsModel
from sim.rules.grants import Grants
from sim.study.cells import at, prepare
from sim.world.tables import World

__all__ = ["live_to", "settled"]


def settled(
    scenario: str, overrides: Sequence[str], year: int | None = None
) -> tuple[Settings, int]:
    """Return the settings of a run and the policy year asked for, the last one by default.

    Raises:
        BadRequest: The settings are not sound, or the year is not simulated.
    """
    settings = compose(scenario, overrides)
    prepare(settings)
    last = settings.years if year is None else year
    if not 1 - settings.past <= last <= settings.years:
        raise BadRequest(
            f"Year {last} is not simulated: policy years run from {1 - settings.past} (the past) "
            f"to {settings.years}. Give another, or years={last}."
        )
    return at(settings, settings.draw, settings.replicate), last


@contextmanager
def live_to(settings: Settings, last: int) -> Iterator[tuple[World, Grants]]:
    """Run up to a policy year and hand out the world with that year's grants."""
    model = SchoolsModel(settings)
    try:
        while model.policy_year <= last:
            model.step()
        grants = model.memory.grants
        assert grants is not None, "a year has been lived"
        yield model.world, grants
    finally:
        model.close()
