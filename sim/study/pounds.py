"""Live up to a year and look at its grants; what can be refused is refused before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config import compose
from sim.config.models import Settings
from sim.errors import BadRequest
from sim.model import SchoolsModel
from sim.rules.doses import dose_mark
from sim.rules.grants import Grants
from sim.study.cells import at, prepare
from sim.study.lists import list_note
from sim.study.roster import row_of_area, row_of_school
from sim.study.warmup import warm_up
from sim.world.tables import World

__all__ = ["Explained", "live_to", "of_area", "of_school", "settled"]


class Explained(list[dict[str, Any]]):
    """Pounds clause by clause, in pence; ``notes`` say what to bear in mind when reading them."""

    notes: tuple[str, ...] = ()


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
    warm_up()
    model = SchoolsModel(settings)
    try:
        while model.policy_year <= last:
            model.step()
        grants = model.memory.grants
        assert grants is not None, "a year has been lived"
        yield model.world, grants
    finally:
        model.close()


def of_school(
    school: int, scenario: str, overrides: Sequence[str], year: int | None = None
) -> Explained:
    """Return one school's pounds; see `sim.api.explain_school`."""
    settings, last = settled(scenario, overrides, year)
    row = row_of_school(settings, school)
    with live_to(settings, last) as (world, grants):
        return _explained(
            settings, world, grants, np.arange(len(world.schools)) == row, "the school"
        )


def of_area(
    area: str, scenario: str, overrides: Sequence[str], year: int | None = None
) -> Explained:
    """Return the pounds of an area's schools; see `sim.api.explain_area`."""
    settings, last = settled(scenario, overrides, year)
    row = row_of_area(settings, area)
    with live_to(settings, last) as (world, grants):
        return _explained(settings, world, grants, world.schools.area == row, "the area")


def _explained(
    settings: Settings, world: World, grants: Grants, mine: NDArray[np.bool_], where: str
) -> Explained:
    """Add up the grants of some schools, and mark a dose that no study has seen."""
    found = Explained({"clause": k, "pence": int(v[mine].sum())} for k, v in grants.lines.items())
    paid = mine & (grants.targeted > 0)
    pounds, pupils = int(grants.targeted[paid].sum()) / 100, int(world.schools.ever6[paid].sum())
    dose = pounds / pupils if pupils else 0.0
    mark = dose_mark(dose, f"disadvantaged pupil of {where}")
    found.notes = tuple(note for note in (mark, list_note(settings), *grants.notes) if note)
    return found
