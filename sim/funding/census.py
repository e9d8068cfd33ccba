"""What a funding rule may know: last year's counts, school by school.

One row a school, all columns int64 unless said. Nothing here says what a school did with its
money or how good it is; past results enter only through `GapHistory`, for gap triggers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from sim.codes import AREA_COST_UNIT
from sim.money import IntArray

__all__ = [
    "BANDS",
    "BoolArray",
    "Census",
    "GapHistory",
    "GapSums",
]

BoolArray = npt.NDArray[np.bool_]

BANDS = "ABCDEF"
"""IDACI bands with money, from the poorest 2.5 % of small areas (A) down."""


@dataclass(frozen=True)
class GapSums:
    """Sums of results of the leaving year group, shape [n, 3]: years, the latest last.

    ``n`` counts pupils; ``sum`` and ``square`` are fixed point (int64, units of 2**-20) sums of
    results and of squared results in SD units of year 0. ``dis``: disadvantaged, ``oth``: others.
    """

    dis_n: IntArray
    dis_sum: IntArray
    dis_square: IntArray
    oth_n: IntArray
    oth_sum: IntArray
    oth_square: IntArray

    @classmethod
    def zeros(cls, schools: int, years: int = 3) -> Self:
        """Return a history in which nobody has left yet."""
        return cls(*(np.zeros((schools, years), dtype=np.int64) for _ in range(6)))

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """Return some schools, in the order asked for."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


FLICKER_SD = 0.06
"""The central value of the belief ``plans.gap_flicker``, for a census without beliefs."""


@dataclass(frozen=True)
class GapHistory:
    """The last three years' results by school: level, and progress since the stage before."""

    level: GapSums
    progress: GapSums
    flicker_sd: float = FLICKER_SD
    """How much a school's gap moves from year to year without meaning, SD: a belief."""

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """Return some schools, in the order asked for."""
        return type(self)(self.level.take(rows), self.progress.take(rows), self.flicker_sd)


@dataclass(frozen=True)
class Census:
    """The school census as a funding rule sees it; shape [n] each, ``idaci`` [n, 6].

    ``school`` is the stable id, ``area`` a row of the table of areas, ``multiplicity`` how many
    schools like it each row stands for. Pupils are those of Reception to Year 11: ``pupils`` all
    of them, ``ks3`` Years 7 to 9, ``ks4`` Years 10 and 11 (both 0 in primaries), ``fsm`` eligible
    now, ``ever6`` at any time in six years, ``idaci`` by band of the home's small area.
    ``low_prior`` (below the expected standard), ``eal3`` (under three years in English schools)
    and ``mobile`` (joined outside the normal time in the last three years) are counted in
    ``1 / parts`` of a pupil: real ones are shares of a few year groups times the roll.
    ``area_cost`` is in ten-thousandths, ``miles`` to the second nearest school in thousandths.
    ``opportunity_area`` and ``education_investment_area`` say whether the school lies in one.
    ``mirror`` is the share, in millionths, by which the school's authority mirrors the national
    formula; None: every school is paid by it directly.
    ``premium_pupils`` and ``aimed_pupils`` are those whom the pupil premium and targeted money are
    for, where a policy counts them by another register than the formula does (`for_premium`,
    `for_targeting`): None is ``ever6``.
    ``depth`` [n, 10] are pupils by step of low income (`sim.config.income_depth.STEPS`), first
    those at home elsewhere, then those in IDACI bands A to C: None until such a census is taken.
    ``area_codes`` names the rows that ``area`` points at (ONS codes); without it they are the
    rows of ``sim.data.facts.areas()``.
    """

    school: IntArray
    area: IntArray
    phase: IntArray
    multiplicity: IntArray
    pupils: IntArray
    ks3: IntArray
    ks4: IntArray
    fsm: IntArray
    ever6: IntArray
    idaci: IntArray
    low_prior: IntArray
    eal3: IntArray
    mobile: IntArray
    area_cost: IntArray
    miles: IntArray
    open: BoolArray
    opportunity_area: BoolArray
    education_investment_area: BoolArray
    gaps: GapHistory | None = None
    parts: int = 1
    mirror: IntArray | None = None
    premium_pupils: IntArray | None = None
    aimed_pupils: IntArray | None = None
    depth: IntArray | None = None
    area_codes: tuple[str, ...] = ()

    @classmethod
    def blank(cls, schools: int) -> Self:
        """Return open primaries without pupils, to be filled with `dataclasses.replace`."""
        zero = np.zeros(schools, dtype=np.int64)
        no = np.zeros(schools, dtype=np.bool_)
        return cls(
            school=np.arange(schools, dtype=np.int64),
            area=zero,
            phase=zero,
            multiplicity=zero + 1,
            pupils=zero,
            ks3=zero,
            ks4=zero,
            fsm=zero,
            ever6=zero,
            idaci=np.zeros((schools, len(BANDS)), dtype=np.int64),
            low_prior=zero,
            eal3=zero,
            mobile=zero,
            area_cost=zero + AREA_COST_UNIT,
            miles=zero,
            open=~no,
            opportunity_area=no,
            education_investment_area=no,
        )

    def __len__(self) -> int:
        return int(self.school.size)

    @property
    def funded(self) -> BoolArray:
        """Schools that get money: open, with at least one pupil."""
        funded: BoolArray = self.open & (self.pupils > 0)
        return funded

    @property
    def for_premium(self) -> IntArray:
        """Pupils whom the pupil premium is paid for."""
        return self.ever6 if self.premium_pupils is None else self.premium_pupils

    @property
    def for_targeting(self) -> IntArray:
        """Disadvantaged pupils whom targeted money is for."""
        return self.ever6 if self.aimed_pupils is None else self.aimed_pupils

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """Return some schools, in the order asked for."""
        columns = {
            field.name: getattr(self, field.name)[rows]
            for field in fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        return replace(self, **columns, gaps=None if self.gaps is None else self.gaps.take(rows))
