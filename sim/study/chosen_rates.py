"""Rates of a formula that a designer may choose, each within a range of pounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.codes import PHASES
from sim.config.formula import FACTORS, PARTS, Formula
from sim.config.problems import refuse
from sim.config.rates_words import key_problem, parts_of
from sim.errors import did_you_mean

__all__ = ["FEWEST", "MOST", "Choice", "choices", "with_rates"]

FEWEST, MOST = 2, 4
"""How many rates are chosen at once."""
_USUAL = 3  # times what is written, at most
_BETWEEN = ".."


@dataclass(frozen=True)
class Choice:
    """One rate to choose.

    Attributes:
        name: As it was asked for: ``fsm6``, ``fsm6.primary``.
        factor: The line or level it belongs to.
        parts: What of it moves; several keep the proportions in which they are written.
        low: Least pence of the first part.
        high: Most pence of the first part.
        written: Pence of the first part in the file.
    """

    name: str
    factor: str
    parts: tuple[str, ...]
    low: int
    high: int
    written: int

    @property
    def told(self) -> str:
        """Whose pounds are told: the first part's, where the rate has several."""
        every = PARTS[self.factor]
        first = self.parts[0].replace(".", " ")
        return self.factor if len(every) == 1 else f"{self.factor} {first}"


def choices(words: Sequence[str], formula: Formula) -> list[Choice]:
    """Read which rates are to be chosen: ``fsm6``, ``lump=60000..200000``, ``eal.primary``.

    Without a range a rate lies between nothing and three times what is written.

    Raises:
        BadRequest: Everything that is wrong with them.
    """
    found: list[Choice] = []
    problems: list[str] = []
    for word in words:
        name, _, span = word.partition("=")
        problem = _name_problem(name, formula)
        one, further = (None, [problem]) if problem else _choice(name, span, formula)
        problems += further
        found += [one] if one else []
    if not problems and not FEWEST <= len(found) <= MOST:
        problems.append(
            f"--vary {','.join(words) or '(nothing)'}: {len(found)} rates. Name {FEWEST} to {MOST} "
            f"of them, such as --vary fsm6,lump."
        )
    for place, one in enumerate(found):
        for other in found[:place]:
            if one.factor == other.factor and set(one.parts) & set(other.parts):
                problems.append(
                    f"--vary {other.name} and {one.name} are of the same rate. Name it once."
                )
    refuse(problems)
    return found


def with_rates(formula: Formula, chosen: Sequence[Choice], pence: Sequence[int]) -> Formula:
    """Return a formula with chosen rates, ``pence`` for the first part of each; the rest stays."""
    changed = {one.factor: formula.pence(one.factor) for one in chosen}
    for one, worth in zip(chosen, pence, strict=True):
        rates = changed[one.factor]
        for part in one.parts:
            written = formula.pence(one.factor)[part]
            each = (2 * written * int(worth) + one.written) // (2 * max(one.written, 1))
            rates[part] = each if one.written else int(worth)
    shaped: dict[str, object] = {}
    for factor, rates in changed.items():
        flat = tuple(rates[part] for part in PARTS[factor])
        half = len(flat) // len(PHASES)
        shaped[factor] = (flat[:half], flat[half:]) if factor == "idaci" else flat
    return formula.model_copy(update=shaped)


def _name_problem(name: str, formula: Formula) -> str:
    """Say why a name is of no rate that can be chosen; nothing if it is."""
    factor, _, part = name.partition(".")
    if factor not in FACTORS:
        return f"--vary {name}: {key_problem(factor, FACTORS)}"
    if factor == formula.solve:
        return (
            f"--vary {name}: {factor} is the line that meets the pot (solve), whatever is written "
            f"for it. Name other rates, or another line with solve."
        )
    known = [*PHASES] if factor == "idaci" else [*PARTS[factor]]
    if part and part not in known:
        return f"--vary {name}: no such part of {factor}. {did_you_mean(part, known)}"
    return ""


def _choice(name: str, span: str, formula: Formula) -> tuple[Choice | None, list[str]]:
    """Return a choice, or what is wrong with its range."""
    factor, _, part = name.partition(".")
    parts = tuple(one for one in PARTS[factor] if not part or one.split(".")[0] == part)
    rates = formula.pence(factor)
    parts = tuple(sorted(parts, key=lambda one: rates[one] == 0))  # a part that is paid leads
    written = rates[parts[0]]
    if not span:
        if written:
            return Choice(name, factor, parts, 0, _USUAL * written, written), []
        return None, [
            f"--vary {name}: the file pays nothing for it, so it has no usual range. Give one in "
            f"pounds, such as --vary {name}=0..1000."
        ]
    ends = span.split(_BETWEEN)
    pence: list[int] = []
    problems: list[str] = []
    for end in ends:
        got, wrong = parts_of(factor, _number(end), lambda _: f"--vary {name}={span}")
        problems += wrong[:1]
        pence += [next(iter(got.values()))] if got and not wrong else []
    if not problems and (len(pence) != 2 or pence[0] >= pence[1]):
        problems.append(
            f"--vary {name}={span}: no range. Write the least and the most pounds, such as "
            f"{name}=0..1000."
        )
    if problems:
        return None, problems
    return Choice(name, factor, parts, pence[0], pence[1], written), []


def _number(text: str) -> float | str:
    """Return pounds, or the text as it is, for somebody else to refuse."""
    try:
        return float(text)
    except ValueError:
        return text
