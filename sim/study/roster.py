"""What there is in a world before anybody lives in it: its areas, and its schools by number.

Schools are numbered from 1 in the order of the world's rows: primaries first, then secondaries,
each by area. A number therefore belongs to a world (``world=tiny`` and ``world=england`` count
anew); the id under which results keep a school does not, and stands beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import PHASES
from sim.config.models import Settings
from sim.config.names import area_codes, known_areas
from sim.crew import Crew
from sim.data import facts, ground
from sim.errors import BadRequest
from sim.model import YEAR_ZERO, history
from sim.nation import Terms
from sim.rng import Key
from sim.study.warmup import warm_up
from sim.world.build import area_rows, area_weights, build

__all__ = ["areas", "row_of_area", "row_of_school", "schools", "title_of_school"]

Record = dict[str, Any]
_SHOWN = 8


def areas(settings: Settings) -> list[Record]:
    """Return one record an area of the world: name, code, schools, pupils, FSM, affluence.

    As published: ``schools`` of January 2025 in two phases, ``pupils`` of 2023-24, ``fsm`` the
    share of them who are eligible for free school meals in January 2024. ``fifth`` 1 is the most
    affluent fifth of areas; ``stands_for`` counts the areas like it, ``isolation`` 5 is the fifth
    of areas whose secondaries lie farthest apart, ``lists`` are the published lists it is on.
    """
    table, rows = facts.areas(), _rows(settings)
    weight = area_weights(table, settings.world.name, settings.world.region)
    primary, secondary = _sites()
    isolation = table.isolation_fifth
    found = []
    for row in rows.tolist():
        young, old = int(table.pupils_primary[row]), int(table.pupils_secondary[row])
        eligible = young * table.fsm_primary[row] + old * table.fsm_secondary[row]
        number = int(table.number[row])
        schools = int(primary[number] + secondary[number])
        found.append(
            {
                "name": str(table.name[row]),
                "title": f"{table.name[row]}, {table.region[row]}",
                "code": str(table.code[row]),
                "region": str(table.region[row]),
                "schools": schools,
                "pupils": young + old,
                "fsm": round(float(eligible / (young + old)), 4),
                "fifth": int(table.affluence_fifth[row]),
                "isolation": int(isolation[row]),
                "lists": ", ".join(_lists(table, row)),
                "stands_for": int(weight[row]),
            }
        )
    return found


def schools(settings: Settings, area: str | None = None) -> list[Record]:
    """Return one record a school of the world, or of one area of it, by number.

    Pupils are those of the first simulated year, ``fsm`` the share of them who are eligible for
    free school meals, ``school`` the id under which results keep the school. Places, children and
    admissions are made; no year is lived.

    Raises:
        BadRequest: The world has no such area.
    """
    wanted = None if area is None else row_of_area(settings, area)
    warm_up()
    key = Key(settings.seed, settings.luck)
    crew = Crew(settings.machine.threads)
    try:
        table, start = facts.areas(), YEAR_ZERO - settings.past
        world = build(settings, table, facts.national(), key, start)
        history.begin(world, Terms.of(settings, world), crew)
    finally:
        crew.close()
    all_of, rows = world.schools, world.areas.facts_row
    found = []
    for row in range(len(all_of)):
        if wanted is not None and int(all_of.area[row]) != wanted:
            continue
        pupils, where = int(all_of.pupils[row]), int(rows[all_of.area[row]])
        phase = PHASES[int(all_of.phase[row])]
        found.append(
            {
                "name": str(row + 1),
                "title": f"{phase} school in {table.name[where]}",
                "area": str(table.name[where]),
                "code": str(table.code[where]),
                "phase": phase,
                "pupils": pupils,
                "fsm": round(int(all_of.fsm[row]) / max(pupils, 1), 4),
                "grammar": bool(all_of.grammar[row]),
                "school": int(all_of.id[row]),
            }
        )
    return found


def row_of_area(settings: Settings, name: str) -> int:
    """Return the row in the world of an area given by name or code, in any case.

    Raises:
        BadRequest: There is no such authority, or it is not in this world.
    """
    known = known_areas()
    codes, unknown = area_codes([name], known)
    if unknown:
        told = unknown[0].removeprefix("policy.targeting.areas: ")
        raise BadRequest(f"{told} See: sim list areas.")
    table, rows = facts.areas(), _rows(settings)
    here = table.code[rows].tolist()
    if codes[0] in here:
        return int(here.index(codes[0]))
    some = ", ".join(str(name) for name in table.name[rows][:_SHOWN])
    raise BadRequest(
        f"{known[codes[0]]} is not in {_named(settings)} "
        f"({some}{', ...' if rows.size > _SHOWN else ''}). Name one of these, or take "
        f"world=england. See: sim list areas {_word(settings)}."
    )


def row_of_school(settings: Settings, number: int) -> int:
    """Return the row in the world of a school given by its number.

    Raises:
        BadRequest: The world has no school of this number.
    """
    there = int(sum(count.sum() for count in _counts(settings)))
    if 1 <= number <= there:
        return number - 1
    raise BadRequest(
        f"No school {number} in {_named(settings)}: schools are numbered 1 to {there:,} there. "
        f"See: sim list schools {_word(settings)}."
    )


def title_of_school(settings: Settings, row: int) -> str:
    """Return a school's phase and area in words."""
    names, counts = facts.areas().name[_rows(settings)], _counts(settings)
    places = np.concatenate([np.repeat(np.arange(len(count)), count) for count in counts])
    phase = PHASES[int(row >= counts[0].sum())]
    return f"{phase} school in {names[places[row]]}"


def _counts(settings: Settings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many primaries and how many secondaries each area of the world has."""
    number, (primary, secondary) = facts.areas().number[_rows(settings)], _sites()
    return primary[number], secondary[number]


def _lists(table: facts.Areas, row: int) -> list[str]:
    """Return the published lists that an area, or a district of it, is on."""
    on = []
    if table.education_investment_area[row]:
        on.append("Education Investment Area")
    if table.opportunity_area[row] > 0:
        part = "" if table.opportunity_area[row] >= 1 else " (part)"
        on.append(f"Opportunity Area{part}")
    return on


def _sites() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return primaries and secondaries of every area of England, by its number."""
    table, areas = ground.sites(), len(facts.areas())
    primary, secondary = (
        np.bincount(table.area[table.phase == phase], minlength=areas) for phase in range(2)
    )
    return primary, secondary


def _rows(settings: Settings) -> NDArray[np.int64]:
    return area_rows(facts.areas(), settings.world.name, settings.world.region)


def _word(settings: Settings) -> str:
    region = f" world.region='{settings.world.region}'" if settings.world.region else ""
    return f"world={settings.world.name}{region}"


def _named(settings: Settings) -> str:
    return f"world={settings.world.name}" + (
        f" ({settings.world.region})" if settings.world.region else ""
    )
