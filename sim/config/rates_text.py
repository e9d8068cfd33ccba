"""Write a formula as a file of rates, as people write them: what is read from it is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.codes import PENCE, PHASES
from sim.config.formula import FACTORS, NOBODY, Formula

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["file_of"]

_GUARDS = ("floor", "cap", "transition")


def file_of(funding: Funding, title: str, label: str, words: str) -> str:
    """Return the text of a file of rates.

    Args:
        funding: With rates; its floor, cap, closure and transition are written too.
        title: One line.
        label: At most 40 characters.
        words: A comment that stands first, of one line or more.
    """
    formula = funding.rates
    assert formula is not None, "asked for a written formula"
    lines = [f"# {line}" for line in words.splitlines()]
    lines += [f"title: {_quoted(title)}", f"label: {_quoted(label)}"]
    lines.append(f"solve: {formula.solve or NOBODY}")
    for factor in FACTORS:
        if any(formula.pence(factor).values()):
            lines += _rate(formula, factor)
    lines.append(f"area_cost: {str(formula.area_cost).lower()}")
    for guard in _GUARDS:
        told = getattr(funding, guard)
        if told is not None and (told or guard != "transition"):
            lines.append(f"{guard}: {told!r}")
    lines.append(f"closure: {funding.closure}")
    return "\n".join(lines) + "\n"


def _rate(formula: Formula, factor: str) -> list[str]:
    """Write one rate: a number where all parts are alike, bands by phase, else each part."""
    pence = formula.pence(factor)
    if factor == "idaci":
        by_phase = {
            phase: {
                part.partition(".")[2]: worth
                for part, worth in pence.items()
                if part.startswith(phase)
            }
            for phase in PHASES
        }
        return [f"{factor}:", *(f"  {phase}: {_parts(told)}" for phase, told in by_phase.items())]
    if len(set(pence.values())) == 1:
        return [f"{factor}: {_pounds(next(iter(pence.values())))}"]
    return [f"{factor}: {_parts(pence)}"]


def _parts(pence: dict[str, int]) -> str:
    return "{" + ", ".join(f"{part}: {_pounds(worth)}" for part, worth in pence.items()) + "}"


def _pounds(pence: int) -> str:
    """Write whole pounds as a whole number, others with both digits.

    >>> _pounds(82000), _pounds(82050)
    ('820', '820.50')
    """
    pounds, rest = divmod(pence, PENCE)
    return f"{pounds}.{rest:02d}" if rest else str(pounds)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
