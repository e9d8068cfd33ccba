"""The block: what mainstream schools share out, and the high needs money beside it.

Of high needs money only what tops up plans in mainstream schools is here. What year 0 paid for it
stands to the pots of year 0 as it does in every later year, unless a policy says which share of the
block is for high needs: then the pots are so much smaller or larger. To the penny, mainstream and
high needs are the block.
"""

from __future__ import annotations

from sim.codes import MILLION
from sim.money import ratio_half_up

__all__ = ["divide"]


def divide(
    pots: dict[int, int], year_0: tuple[int, int], share: float | None
) -> tuple[dict[int, int], int]:
    """Return the pots and the high needs money of a year, pence.

    Args:
        pots: What mainstream schools would share out, by pot.
        year_0: High needs money and pots of year 0.
        share: Of the block for high needs; None: as in year 0.

    >>> divide({0: 600, 1: 300}, (100, 900), None)
    ({0: 600, 1: 300}, 100)
    >>> divide({0: 600, 1: 300}, (100, 900), 0.2)
    ({0: 533, 1: 267}, 200)
    """
    mainstream = sum(pots.values())
    usual = ratio_half_up(year_0[0], mainstream, max(year_0[1], 1))
    if share is None or not usual:
        return pots, usual
    block = mainstream + usual
    paid = ratio_half_up(block, round(share * MILLION), MILLION)
    left, found = block - paid, {}
    for key, pot in sorted(pots.items()):
        found[key] = ratio_half_up(left, pot, mainstream)
        left, mainstream = left - found[key], mainstream - pot
    return found, paid
