"""Rates as people write them, and what to say to what is none."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sim.codes import PENCE
from sim.config.formula import PARTS
from sim.errors import did_you_mean

__all__ = ["amount_problem", "key_problem", "parts_of"]

_MOST = {"lump": 5_000_000, "sparsity": 500_000}
_MOST_A_PUPIL = 100_000
_NEAR = 1e-6
_PLAIN = "numbers are written 5000 or 5000.50, without commas, currency signs, units or quotes"
_NOT_COUNTED = "the census of this release does not count {}, so no rate can be paid on it"
_OTHER_WORDS: tuple[tuple[str, str], ...] = (
    (r"sen.*|ehcp?s?|.*special_educational.*", _NOT_COUNTED.format("special educational needs")),
    (r"lac|.*looked_after.*|premium_plus", _NOT_COUNTED.format("looked-after children")),
    (r"service.*|gypsy.*|young_carer.*|boarding.*", _NOT_COUNTED.format("such pupils")),
    (r"pfi|split_?sites?|premises|growth|exceptional.*", _NOT_COUNTED.format("premises or growth")),
    (r"phas(ed?|ing).*", "no such key. Write transition, such as transition: 5"),
    (r".*premium.*", "pupil premium is no line of the formula: policy.funding.pupil_premium"),
    (r"awpu|basic_.*|per_pupil|age_weighted.*", "no such rate. Write basic"),
    (r"ever_?6.*|fsm_?ever_?6|deprivation", "no such rate. Write fsm6"),
    (r"lump_sum", "no such rate. Write lump"),
    (r"lpa|prior_attainment|low_(prior_)?attainment", "no such rate. Write low_prior"),
    (r"mppl|minimum_.*|min", "no such rate. Write minimum"),
    (r"mfg|.*guarantee|losses", "no such key. Write floor, such as floor: -0.015"),
    (r"aca|area_cost_adjustment", "no such key. Write area_cost: true or area_cost: false"),
    (r"ks[1-4]|primary|secondary", "no rate. Say whose: basic: {primary: 4000, secondary: 5500}"),
    (r"balance|balancing.*|solved", "no such key. Write solve"),
)


def key_problem(key: str, known: Iterable[str]) -> str:
    """Say why a key is none of a formula's, and what to write.

    >>> key_problem("lump_sum", ["lump", "basic"])
    'no such rate. Write lump.'
    """
    plain = key.lower().replace("-", "_").replace(" ", "_")
    told = next((told for words, told in _OTHER_WORDS if re.fullmatch(words, plain)), None)
    return f"{told}." if told else f"no such rate. {did_you_mean(plain, known)}"


def amount_problem(given: object, low: float, high: float, what: str) -> str:
    """Say why a value is not a number from ``low`` to ``high``; nothing if it is.

    >>> amount_problem("5,000", 0, 100_000, "pounds")
    "'5,000' is not a number. Give pounds (numbers are written 5000 or 5000.50, without commas, \
currency signs, units or quotes)."
    """
    if given is None:
        return f"there is no value. Give {what}, or leave the key out."
    if isinstance(given, bool) or not isinstance(given, int | float):
        hint = f" ({_PLAIN})" if isinstance(given, str) else ""
        return f"{given!r} is not a number. Give {what}{hint}."
    if not math.isfinite(given):
        return f"{given} is not a number that can be paid. Give {what}."
    if not low <= given <= high:
        way = "below" if given < low else "above"
        return f"{given:,.10g} is {way} {low if given < low else high:,.10g}. Give {what}."
    return ""


def parts_of(
    factor: str, told: object, where: Callable[[str], str]
) -> tuple[dict[str, int], list[str]]:
    """Return pence by part of a rate, and what is wrong with it.

    One number is meant for every part; ``secondary`` for key stages 3 and 4; a band for both
    phases.

    >>> parts_of("basic", {"primary": 4000, "secondary": 5000.5}, str)
    ({'primary': 400000, 'ks3': 500050, 'ks4': 500050}, [])
    """
    pence: dict[str, int] = {}
    problems: list[str] = []
    for path, given in _leaves(told, ""):
        meant = _meant(factor, path)
        place = f"{factor}.{path}" if path else factor
        if not meant:
            words = ", ".join(_words(factor))
            problems.append(
                f"{where(place)}: no such part of {factor}. Give one number, or {words}."
            )
            continue
        most = _MOST.get(factor, _MOST_A_PUPIL)
        problem = amount_problem(given, 0, most, f"pounds from 0 to {most:,}") or _odd(given)
        if problem:
            problems.append(f"{where(place)}: {problem}")
            continue
        pence |= dict.fromkeys(meant, round(float(given) * PENCE))
    return pence, problems


def _leaves(told: object, path: str) -> Iterable[tuple[str, Any]]:
    """Yield what stands at the ends of nested keys, broader keys before those inside them."""
    if not isinstance(told, Mapping):
        yield path, told
        return
    for key, one in told.items():
        yield from _leaves(one, f"{path}.{key}" if path else str(key))


def _meant(factor: str, path: str) -> list[str]:
    """Return the parts that a key of a rate stands for."""
    every = PARTS[factor]
    path = path.lower() if factor == "idaci" else path
    if path == "" or path in every:
        return [path] if path else list(every)
    if path == "secondary" and "ks3" in every:
        return ["ks3", "ks4"]
    return [part for part in every if path in part.split(".")]


def _words(factor: str) -> list[str]:
    """Return the keys that a rate may have."""
    if factor == "idaci":
        return ["a to f", "primary and secondary, each with a to f"]
    return [*PARTS[factor], *(["secondary (both key stages)"] if "ks3" in PARTS[factor] else [])]


def _odd(given: float) -> str:
    """Say that an amount is no whole number of pence."""
    pence = float(given) * PENCE
    if abs(pence - round(pence)) < _NEAR:
        return ""
    return f"{given!r} is not whole pence. Give pounds with at most two decimals."
