"""Whether a world can carry a list of areas, and what becomes of the areas outside it.

A world of fewer areas stands for England where its areas, with their weights, are like England's.
A list is a few areas by name: what is left of it in such a world may be like nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import REGIONS
from sim.config.models import Settings, WorldSettings
from sim.data import facts
from sim.data.facts import Areas
from sim.errors import BadRequest
from sim.world.build import area_rows, area_weights

__all__ = [
    "FARTHEST",
    "FEWEST",
    "carried",
    "list_note",
    "listed_share",
    "refuse_list",
    "tell_lists",
    "world_told",
]

FEWEST = 3
"""Listed areas that must stand in a world which does not hold them all."""

FARTHEST = 0.2
"""How far the share of a list's disadvantaged pupils in one fifth of areas may be from England's.

In `tenth` it is 0.06 for the Education Investment Areas, whose effect there is England's (a test
holds them together), and 0.50 for the Opportunity Areas, whose effect there has the wrong sign.
"""

ALIKE = 0.1
"""Part by which two doses may differ and be told as about the same."""

_NAMED = 4  # areas that a message names
_WORLDS = (WorldSettings(name="tenth"), WorldSettings(name="england"))


@dataclass(frozen=True)
class _Stand:
    """How a list stands in a world: names, and shares of its disadvantaged pupils by fifth [5].

    ``held`` and ``whole`` are shares of all disadvantaged pupils: of the world's those in its
    listed areas, of England's those on the whole list.
    """

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    shares: NDArray[np.float64]
    england: NDArray[np.float64]
    weighted: bool
    often: tuple[int, ...]
    held: float
    whole: float

    @property
    def farthest(self) -> int:
        """The fifth, from 0, whose share is farthest from England's."""
        return int(np.argmax(np.abs(self.shares - self.england)))

    @property
    def problem(self) -> str:
        """Say why the world cannot carry the list, or nothing."""
        if self.outside and len(self.inside) < FEWEST:
            return (
                f"{_areas(self.inside)} of its {len(self.inside) + len(self.outside)} areas, "
                f"without {_some(self.outside)}"
            )
        whole = not self.outside and not self.weighted
        at = self.farthest
        if whole or abs(self.shares[at] - self.england[at]) <= FARTHEST:
            return ""
        return (
            f"{_areas(self.inside)} of its {len(self.inside) + len(self.outside)} areas, with "
            f"{self.shares[at]:.0%} of the list's disadvantaged pupils in fifth {at + 1} of "
            f"areas by affluence, where England has {self.england[at]:.0%}"
        )


def refuse_list(settings: Settings) -> None:
    """Refuse an area list that the world cannot carry.

    Raises:
        BadRequest: Fewer than three of its areas are there and not all, or too large a part of
            its pupils lives in another kind of area than in England; with the world to take.
    """
    if "area_list" not in settings.policy.targeting.arms:
        return
    stand = _stand(settings, settings.world)
    who, there = f"Scenario {settings.scenario}", world_told(settings.world)
    if not stand.inside:
        table = facts.areas()
        rows = area_rows(table, settings.world.name, settings.world.region)
        names = ", ".join(str(name) for name in table.name[rows][:8])
        raise BadRequest(
            f"{who}: no area of its list lies in {there} "
            f"({names}{', ...' if rows.size > 8 else ''}). "
            f"Take {_carrier(settings)}, or name areas of this world in policy.targeting.areas."
        )
    if problem := stand.problem:
        raise BadRequest(
            f"{who}: {there} cannot stand for its list of areas. It holds {problem}. "
            f"Take {_carrier(settings)}, or name areas of this world in policy.targeting.areas."
        )


def carried(every: Sequence[Settings]) -> tuple[list[str], list[str]]:
    """Return the scenarios whose list the world can carry, and of the others why it cannot."""
    names, problems = [], []
    for settings in every:
        try:
            refuse_list(settings)
            names.append(settings.scenario)
        except BadRequest as error:
            problems.append(str(error))
    return names, problems


def list_note(settings: Settings) -> str:
    """Say how a list stands in a world of fewer areas; nothing where all of it is there as it is.

    Told are how much of the world the listed areas are, beside the whole list in England, which
    says how the dose there is beside England's; the areas outside; and, where a list of one's own
    is in a weighted world, how often its areas count.
    """
    targeting = settings.policy.targeting
    if "area_list" not in targeting.arms:
        return ""
    stand, there = _stand(settings, settings.world), world_told(settings.world)
    held, lost, own = len(stand.inside), len(stand.outside), not isinstance(targeting.areas, str)
    told = []
    if lost:
        like = f" stand for {sum(stand.often)} areas like them and" if stand.weighted else ""
        told.append(
            f"{held} of the list's {held + lost} areas are in {there}. They{like} have "
            f"{stand.held:.0%} of the disadvantaged pupils there, and all the money of the list; "
            f"the whole list has {stand.whole:.0%} of England's. So a pupil reached gets "
            f"{_beside(stand.whole / stand.held)} in England. Outside, so that their share goes to "
            f"the rest: {_some(stand.outside, own)}."
        )
    if stand.weighted and own:
        often = ", ".join(
            f"{n} {times}" for n, times in zip(stand.inside, stand.often, strict=True)
        )
        told.append(f"In {there} areas stand for others like them, and count so often: {often}.")
    return " ".join(told)


def _beside(ratio: float) -> str:
    """Say how large one dose is beside another.

    >>> _beside(0.97), _beside(3.21), _beside(0.4)
    ('about as much as', '3.2 times as much as', '0.4 times as much as')
    """
    return "about as much as" if abs(ratio - 1) < ALIKE else f"{ratio:.1f} times as much as"


def tell_lists(every: Iterable[Settings]) -> None:
    """Log once what `list_note` says of each scenario."""
    notes = {f"{one.scenario}: {note}": None for one in every if (note := list_note(one))}
    for note in notes:
        logging.getLogger("sim").warning(note)


def _stand(settings: Settings, world: WorldSettings) -> _Stand:
    table = facts.areas()
    share = listed_share(table, settings.policy.targeting.areas)
    poor = table.disadvantaged
    pupils = np.asarray(share * poor, dtype=np.float64)
    weight = area_weights(table, world.name, world.region)
    here, named = weight > 0, share > 0
    return _Stand(
        inside=tuple(str(name) for name in table.name[named & here]),
        outside=tuple(str(name) for name in table.name[named & ~here]),
        shares=_by_fifth(table, pupils * weight),
        england=_by_fifth(table, pupils),
        weighted=world.name == "tenth",
        often=tuple(int(times) for times in weight[named & here]),
        held=float((pupils * weight).sum()) / max(float((poor * weight).sum()), 1.0),
        whole=float(pupils.sum()) / float(poor.sum()),
    )


def listed_share(table: Areas, named: str | tuple[str, ...]) -> NDArray[np.float64]:
    """Return how much of each area of England a list covers, from 0 to 1."""
    if named == "opportunity_areas":
        return np.asarray(table.opportunity_area, dtype=np.float64)
    if named == "education_investment_areas":
        return np.asarray(table.education_investment_area, dtype=np.float64)
    return np.isin(table.code, list(named)).astype(np.float64)


def _by_fifth(table: Areas, pupils: NDArray[np.float64]) -> NDArray[np.float64]:
    parts = np.bincount(table.affluence_fifth, pupils, minlength=6)[1:]
    return parts / max(float(parts.sum()), 1.0)


def _carrier(settings: Settings) -> str:
    """Return the smallest world that can carry the list, as it is written."""
    regions = (WorldSettings(name="region", region=name) for name in REGIONS)  # type: ignore[arg-type]
    whole = (world for world in regions if not _stand(settings, world).outside)
    for world in (*whole, *_WORLDS):
        stand = _stand(settings, world)
        if stand.inside and not stand.problem:
            return world_told(world)
    return "world=england"


def world_told(world: WorldSettings) -> str:
    """Write a world as it is asked for."""
    return f'world=region world.region="{world.region}"' if world.region else f"world={world.name}"


def _areas(names: tuple[str, ...]) -> str:
    return f"{len(names)} ({_some(names)})"


def _some(names: tuple[str, ...], all_of_them: bool = False) -> str:
    """Name the first areas, or all of a list of one's own, and count the others."""
    most = len(names) if all_of_them else _NAMED
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
