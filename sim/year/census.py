"""The school census: how many children of each kind are on each roll."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.pupils import Pupils

__all__ = ["COUNTS", "count", "results_group"]

COUNTS = ("pupils", "fsm", "ever6", "low_prior", "eal3", "mobile")
WIDTH = len(COUNTS) + 6 + 5
THREE_YEARS = 3
_F = np.float32


def count(
    pupils: Pupils, grade: int, schools: int, band: NDArray[np.int8], bits: tuple[int, int],
    low: tuple[float, float], deep: float, long_share: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:  # fmt: skip
    """Count one cohort.

    Args:
        pupils: The cohort, sorted by school.
        grade: Its year group.
        schools: Number of schools of the phase.
        band: IDACI band of each small area.
        bits: Bits of registration that count as FSM and as ever-6.
        low: Mark under which prior attainment is low: at 5 (for primaries), at 11.
        deep: Lasting income under which disadvantage is deep.
        long_share: Share of school years registered from which it is long.

    Returns:
        Counts (schools, 17): `COUNTS`, IDACI bands A to F, results groups; sums of income by
        school in 2^-20; results group of each child (int8).
    """
    counts = np.zeros((schools, WIDTH), np.int64)
    income = np.zeros(schools, np.int64)
    group = np.zeros(pupils.rows, np.int8)
    prior = pupils.early if grade < 7 else pupils.ks2
    mark = low[0] if grade < 7 else low[1]
    known = grade > 0
    _count(
        pupils.start, pupils.small, pupils.registered, pupils.income, pupils.spells, pupils.eal,
        pupils.arrive, pupils.since, prior, band, np.uint16(bits[0]), np.uint16(bits[1]),
        _F(mark), known, _F(deep), _F(long_share * (grade + 1)), grade, counts, income, group,
    )  # fmt: skip
    return counts, income, group


@kernel
def results_group(
    bits: np.uint16, ever6: np.uint16, income: np.float32, deep: np.float32,
    spells: np.int8, long: np.float32,
) -> int:  # fmt: skip
    """Return 0 for others, else 1 to 4 by depth (shallow, deep) and duration (short, long)."""
    if not bits & ever6:
        return 0
    return int(1 + 2 * (income < deep) + (_F(spells) >= long))


@kernel
def _count(
    start: Any, small: Any, registered: Any, income: Any, spells: Any, eal: Any, arrive: Any,
    since: Any, prior: Any, band: Any, fsm: Any, ever6: Any, mark: Any, known: bool, deep: Any,
    long: Any, grade: int, counts: Any, income_sum: Any, group: Any,
) -> None:  # fmt: skip
    last = start.size - 2
    for s in range(last + 1):
        n = np.zeros(17, np.int64)
        total = np.int64(0)
        for i in range(start[s], start[s + 1]):
            g = results_group(registered[i], ever6, income[i], deep, spells[i], long)
            group[i] = g
            n[12 + g] += 1
            n[1] += np.int64((registered[i] & fsm) != 0)
            n[2] += np.int64((registered[i] & ever6) != 0)
            n[3] += np.int64(known and prior[i] < mark)
            n[4] += np.int64(eal[i] and grade - arrive[i] < THREE_YEARS)
            n[5] += np.int64(since[i] < THREE_YEARS)
            b = band[small[i]]
            if b < 6:
                n[6 + b] += 1
            total += np.int64(income[i] * _F(1048576.0))
        if s < last:
            n[0] = start[s + 1] - start[s]
            counts[s] = n
            income_sum[s] = total
