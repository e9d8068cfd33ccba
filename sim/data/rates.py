"""Rates and rules of the national funding formula by year, as published.

>>> nff_rates().basic
(356200, 502200, 566100)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sim.codes import PHASES
from sim.data.facts import rows
from sim.errors import BadRequest, did_you_mean

__all__ = ["Rates", "nff_rates"]


@dataclass(frozen=True)
class Rates:
    """Rates and rules of the national funding formula for one year, money in pence.

    Pairs are (primary, secondary), triples (primary, key stage 3, key stage 4).
    """

    year: str
    basic: tuple[int, int, int]
    fsm: tuple[int, int]
    fsm6: tuple[int, int]
    idaci: tuple[tuple[int, ...], tuple[int, ...]]
    """Primary and secondary, each band A to F."""
    low_prior: tuple[int, int]
    eal: tuple[int, int]
    mobility: tuple[int, int]
    mobility_threshold: tuple[int, int]
    """Share of the roll not paid, as a fraction (6, 100)."""
    lump: int
    sparsity: tuple[int, int]
    sparsity_miles: tuple[int, int]
    """Distance at and above which all is paid, thousandths of a mile."""
    sparsity_taper: tuple[int, int]
    """Fraction of that distance at and below which nothing is paid, (80, 100)."""
    sparsity_year_group: tuple[int, int]
    """Pupils a year group at and above which nothing is paid, tenths; all is paid below half."""
    year_groups: tuple[int, int]
    minimum: tuple[int, int, int]
    """Minimum per-pupil level."""
    floor: int
    """Least rise of pupil-led pounds per pupil on last year, ten-thousandths, in cash."""
    premium: tuple[int, int]
    """Pupil premium for each ever-6 pupil."""
    premium_looked_after: int


@lru_cache(maxsize=8)
def nff_rates(year: str = "2024-25") -> Rates:
    """Return the rates of the national funding formula for a financial year.

    Args:
        year: A base year (`sim.data.base_year`), or the name of the year before one, whose rates
            have grants rolled in.

    Raises:
        BadRequest: no rates are known for the year.
    """
    table = rows("nff")
    known = sorted({row["year"] for row in table})
    if year not in known:
        raise BadRequest(f"no formula rates for year {year!r}. {did_you_mean(year, known)}")
    figures = {
        (row["factor"], row["phase"], row["band"]): int(row["value"])
        for row in table
        if row["year"] == year
    }

    def one(factor: str, phase: str = "all", band: str = "") -> int:
        return figures[factor, phase, band]

    def pair(factor: str) -> tuple[int, int]:
        return one(factor, "primary"), one(factor, "secondary")

    def triple(factor: str) -> tuple[int, int, int]:
        return (
            one(factor, "primary"),
            one(factor, "secondary", "ks3"),
            one(factor, "secondary", "ks4"),
        )

    primary, secondary = (tuple(one("idaci", phase, band) for band in "abcdef") for phase in PHASES)
    return Rates(
        year=year,
        basic=triple("basic"),
        fsm=pair("fsm"),
        fsm6=pair("fsm6"),
        idaci=(primary, secondary),
        low_prior=pair("low_prior"),
        eal=pair("eal"),
        mobility=pair("mobility"),
        mobility_threshold=(one("mobility_threshold"), 100),
        lump=one("lump"),
        sparsity=pair("sparsity"),
        sparsity_miles=pair("sparsity_miles"),
        sparsity_taper=(one("sparsity_taper"), 100),
        sparsity_year_group=pair("sparsity_year_group"),
        year_groups=pair("year_groups"),
        minimum=triple("minimum"),
        floor=one("floor"),
        premium=pair("premium"),
        premium_looked_after=one("premium_looked_after"),
    )
