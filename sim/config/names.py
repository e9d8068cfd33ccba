"""Check names that live outside the configuration: funding rules and areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.codes import REGIONS
from sim.config.authorities import (
    GONE,
    NOT_MODELLED,
    NUMBERS,
    OTHER_CODES,
    OTHER_NAMES,
    plain,
)
from sim.config.old_areas import PART
from sim.data.facts import areas
from sim.errors import BadRequest, did_you_mean
from sim.registry import RULES

_FEWEST_LETTERS = 4  # from which the beginning of a name says which is meant

__all__ = ["area_code", "area_codes", "became", "known_areas", "rule_problem"]


def rule_problem(rule: object) -> str | None:
    """Return a message if no funding rule has this name."""
    if not isinstance(rule, str) or rule in RULES.names():
        return None  # a wrong type is reported with the other types
    try:
        RULES.get(rule)
    except BadRequest as error:
        told = str(error).replace(f"rule {rule!r} is not known", f"{rule!r} is not a rule")
        return f"policy.funding.rule: {told}"
    return None


def known_areas() -> dict[str, str]:
    """Return the name of every area by its nine-character code."""
    table = areas()
    return {str(code): str(name) for code, name in zip(table.code, table.name, strict=True)}


def area_code(given: str) -> str:
    """Return the nine-character code of one area given by any name, code or DfE number.

    Raises:
        BadRequest: No such area, with what comes near.
    """
    codes, problems = area_codes([given], known_areas())
    if problems:
        raise BadRequest(problems[0])
    return codes[0]


def area_codes(given: Sequence[object], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the codes of areas given by code or name, and a message for every unknown one.

    Names are taken as DfE files write them: capitals, ``&``, full stops and words for the council
    do not matter, nor whether a code or number is of another year. A name with a comma that was
    parted in a list without quotes is put together again.

    >>> area_codes(["bristol", "E2"], {"E1": "Bristol, City of", "E2": "Leeds"})
    (['E1', 'E2'], [])
    """
    lookup = _lookup(known)
    codes, problems = [], []
    words = [str(area).strip() for area in given]
    place = 0
    while place < len(words):
        both = ", ".join(words[place : place + 2])
        is_parted = place + 1 < len(words) and (
            _found(both, lookup) is not None and _found(words[place + 1], lookup) is None
        )
        code = _found(both if is_parted else words[place], lookup)
        if code is None:
            problems.append(f"{words[place]!r} is not an area. {_why(words[place], known)}")
        else:
            codes.append(code)
        place += 1 + is_parted
    return list(dict.fromkeys(codes)), problems


def _lookup(known: Mapping[str, str]) -> dict[str, str]:
    """Return the code of every way in which a known area is named."""
    others = {**OTHER_NAMES, **OTHER_CODES, **NUMBERS}
    lookup = {key.casefold(): code for key, code in others.items() if code in known}
    for code, name in known.items():
        lookup[plain(name)] = lookup[code.casefold()] = code
    return lookup


def _found(area: str, lookup: Mapping[str, str]) -> str | None:
    """Return the code of a name, a code or a number."""
    return lookup.get(area.casefold()) or lookup.get(plain(area))


def _why(area: str, known: Mapping[str, str]) -> str:
    """Say what became of an area, or what comes near."""
    if told := became(area, known):
        return told
    left_out = NOT_MODELLED.get(area.casefold().removeprefix("the "))
    if left_out:
        return f"{left_out} is not simulated: it has too few schools."
    if region := next((name for name in REGIONS if name.casefold() == area.casefold()), None):
        return f"{region} is a region; name its authorities, one by one."
    if begun := _begun(plain(area), known):
        return f"Did you mean {' or '.join(map(repr, begun))}?"
    hint = did_you_mean(area.title(), list(known.values()))
    return hint if hint.startswith("Did") else "Give names or codes of English authorities."


def _begun(start: str, known: Mapping[str, str]) -> list[str]:
    """Return the areas whose name begins so, whole words before parts of words."""
    names = [name for name in known.values() if plain(name).startswith(f"{start} ")]
    if names or len(start) < _FEWEST_LETTERS:
        return names
    return [name for name in known.values() if plain(name).startswith(start)]


def became(area: str, known: Mapping[str, str]) -> str:
    """Say what an authority of earlier years became; nothing if it is none."""
    old = GONE.get(area.casefold()) or GONE.get(plain(area))
    names = [known[code] for code in old.became if code in known] if old else []
    if old is None or not names:
        return ""
    called = "It" if plain(area) == plain(old.name) else f"It is {old.name}, which"
    if old.how == PART:
        return f"{called} became part of {names[0]} in {old.year}; name that for all of it."
    return (
        f"{called} was divided in {old.year}; name those of its parts you mean: {'; '.join(names)}."
    )
