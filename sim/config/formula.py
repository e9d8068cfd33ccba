"""A funding formula that is written down: pounds by factor, as whole pence, and nothing else.

How files are found and read, and what in them is refused, is `sim.config.rates_files`; what is
paid, `sim.funding.written`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.codes import PHASES
from sim.config.strict import Strict

__all__ = ["FACTORS", "LINES", "NOBODY", "PARTS", "WRITTEN", "Formula", "Line"]

WRITTEN = "rates"
"""Name of the rule that pays by a written formula."""

NOBODY = "none"
"""What a file writes where no line gives way (``solve``), and where there is no ``floor``."""

Line = Literal["basic", "fsm", "fsm6", "idaci", "low_prior", "eal", "mobility", "lump", "sparsity"]
LINES: tuple[str, ...] = Line.__args__  # type: ignore[attr-defined]
"""Lines that a formula may pay, in the order in which they are read."""

_BANDS = tuple("abcdef")
_STAGES = ("primary", "ks3", "ks4")
_EACH_BAND = tuple(f"{phase}.{band}" for phase in PHASES for band in _BANDS)

PARTS: dict[str, tuple[str, ...]] = {
    "basic": _STAGES,
    "fsm": PHASES,
    "fsm6": PHASES,
    "idaci": _EACH_BAND,
    "low_prior": PHASES,
    "eal": PHASES,
    "mobility": PHASES,
    "lump": PHASES,
    "sparsity": PHASES,
    "minimum": _STAGES,
}
"""What each rate is told for: a phase, a key stage, or a band of a phase."""

FACTORS = tuple(PARTS)
"""Everything with a rate: the lines, then the minimum level a pupil."""

Pence = Annotated[int, Field(ge=0, le=10**9)]
Pair = tuple[Pence, Pence]
Triple = tuple[Pence, Pence, Pence]
Bands = tuple[Pence, Pence, Pence, Pence, Pence, Pence]


class Formula(Strict):
    """Rates in pence. Pairs are (primary, secondary), triples (primary, key stage 3, key stage 4).

    ``idaci``: primary and secondary, each from band A, the poorest, to F. ``solve`` names the line
    whose rates are scaled until a pot is met; None: none, and new money meets it. ``name`` is that
    of the file, for readers; what is paid does not hang on it.
    """

    name: str = ""
    solve: Line | None = "basic"
    basic: Triple = (0, 0, 0)
    fsm: Pair = (0, 0)
    fsm6: Pair = (0, 0)
    idaci: tuple[Bands, Bands] = ((0,) * 6, (0,) * 6)
    low_prior: Pair = (0, 0)
    eal: Pair = (0, 0)
    mobility: Pair = (0, 0)
    lump: Pair = (0, 0)
    sparsity: Pair = (0, 0)
    minimum: Triple = (0, 0, 0)
    area_cost: bool = True

    def pence(self, factor: str) -> dict[str, int]:
        """Return the rates of a factor by what they are for, in the order of `PARTS`.

        >>> Formula(fsm6=(82000, 120000)).pence("fsm6")
        {'primary': 82000, 'secondary': 120000}
        """
        told = getattr(self, factor)
        flat = [*told[0], *told[1]] if factor == "idaci" else told
        return dict(zip(PARTS[factor], flat, strict=True))
