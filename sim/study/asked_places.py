"""Areas that a comparison is asked to show one by one: read, found in its world, told.

They belong to the request: cells are the same whether or not anybody asks for a place.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.grammar import pieces, written
from sim.config.marks import PLACES_WARNING
from sim.config.models import WorldSettings
from sim.config.names import area_codes, known_areas
from sim.data import facts
from sim.errors import BadRequest
from sim.study.lists import world_told
from sim.world.build import area_rows, area_weights

__all__ = ["find_places", "place_names", "places_note", "places_word", "read_places"]

SUCH_AS = "Write for example places=Cornwall,Hackney."
_MOST = 40  # areas of a world that a message names; only england holds more


def read_places(text: str) -> list[str]:
    """Return the names in a list between commas, with or without brackets and quotes.

    >>> read_places("Cornwall, Hackney"), read_places("['Bristol, City of',801]")
    (['Cornwall', 'Hackney'], ['Bristol, City of', '801'])
    """
    inside = text.strip()
    if inside.startswith("[") and inside.endswith("]"):
        inside = inside[1:-1]
    return [name for part in pieces(inside) if (name := part.strip("'\"").strip())]


def find_places(given: str | Sequence[str], world: WorldSettings) -> tuple[str, ...]:
    """Return the codes of areas given by name, code or number, in the order given.

    Raises:
        BadRequest: One is no area or not in this world, or none is named.
    """
    names = read_places(given) if isinstance(given, str) else [str(name) for name in given]
    if not any(name.strip() for name in names):
        raise BadRequest(f"places: no area is named. {SUCH_AS}")
    codes, problems = area_codes(names, known_areas())
    if problems:
        raise BadRequest("\n".join(f"places: {problem}" for problem in problems))
    table = facts.areas()
    here = table.code[area_rows(table, world.name, world.region)].tolist()
    outside = [known_areas()[code] for code in codes if code not in here]
    if outside:
        verb = "is" if len(outside) == 1 else "are"
        raise BadRequest(
            f"places: {'; '.join(outside)} {verb} not in {world_told(world)}, which holds "
            f"{_held(here)}. Name some of these, or take world=england, which holds all."
        )
    return tuple(codes)


def _held(codes: Sequence[str]) -> str:
    """Name all areas of a world, or count them where they are most of England's."""
    if len(codes) > _MOST:
        return f"{len(codes)} areas"
    return "; ".join(known_areas()[code] for code in codes)


def place_names(codes: Sequence[str]) -> list[dict[str, str]]:
    """Return areas by code and name, as a record tells them."""
    known = known_areas()
    return [{"code": code, "name": known[code]} for code in codes]


def places_word(codes: Sequence[str]) -> str:
    """Return the word that asks for these areas on the command line."""
    return f"places={written([known_areas()[code] for code in codes])}"


def places_note(codes: Sequence[str], world: WorldSettings) -> str:
    """Say what has to be known of numbers of one place; in `tenth` also whom it stands for."""
    if world.name != "tenth":
        return PLACES_WARNING
    table = facts.areas()
    weight = dict(
        zip(table.code.tolist(), area_weights(table, world.name, world.region), strict=True)
    )
    often = "; ".join(f"{known_areas()[code]} for {int(weight[code])}" for code in codes)
    return (
        f"{PLACES_WARNING} In world=tenth an area stands for others like it in all England "
        f"({often}), and nobody goes to school across its border."
    )
