"""The pupil premium: a grant of its own beside the formula, more than once of it, or in the pot.

*Separate* and once, it lies outside the pot. What it pays more than once comes off basic
entitlement, as targeted money does. *In the pot*, the rule shares what it would have paid: no
pound of it is kept for anybody, and in a transition it goes in step by step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.codes import MILLION, PENCE, PHASES
from sim.data.rates import Rates
from sim.errors import BadRequest
from sim.funding.census import Census
from sim.funding.grants import rows_of
from sim.funding.lines import premium
from sim.money import IntArray, apportion, exact_sum, half_up, multiply_divide, ratio_half_up

if TYPE_CHECKING:
    from sim.config.models import Funding

__all__ = ["Premium", "at_usual_size", "bases", "paid_premium", "take_beyond"]


@dataclass(frozen=True)
class Premium:
    """Pence [n]: what is paid as a grant, what of it is beyond once, what the pots get instead."""

    paid: IntArray
    beyond: IntArray
    pooled: IntArray

    def pool(self, census: Census, pots: dict[int, int]) -> dict[int, int]:
        """Return the part of each pot, by its key, that was premium."""
        many = census.multiplicity
        return {
            key: exact_sum(self.pooled[rows], many[rows])
            for key in pots
            for rows in [rows_of(census, key)]
        }


def paid_premium(census: Census, rates: Rates, funding: Funding, year: int) -> Premium:
    """Return the premium of a policy year (nought or less: the past, which pays it as it is)."""
    once = premium(census, rates)
    nothing = np.zeros_like(once)
    if year <= 0:
        return Premium(once, nothing, nothing)
    if not funding.pupil_premium:
        return Premium(nothing, nothing, nothing)
    if funding.premium == "in_pot":
        still = max(0, funding.transition - year)
        left = once * still // max(1, funding.transition)
        return Premium(left, nothing, once - left)
    paid = half_up(once * round(funding.premium_times * MILLION), MILLION)
    return Premium(paid, paid - once, nothing)


def bases(
    census: Census, pots: dict[int, int], pooled: dict[int, int], budget: IntArray
) -> dict[int, int]:
    """Return the pence of which an envelope is a share: pots without what was premium in them.

    Under one pot for both phases, each phase's part of it, as money before the slice divides it.
    """
    without = {key: pot - pooled.get(key, 0) for key, pot in pots.items()}
    if set(without) <= set(range(len(PHASES))):
        return without
    (both,), found = pots, {}
    for phase in range(len(PHASES)):
        rows = rows_of(census, phase)
        mine = exact_sum(budget[rows], census.multiplicity[rows])
        found[phase] = ratio_half_up(mine, without[both], max(1, pots[both]))
    return found


def at_usual_size(
    census: Census, pence: IntArray, pots: dict[int, int], pooled: dict[int, int], *, back: bool
) -> IntArray:
    """Return pence [n] as if no premium had been put into the pots; ``back``: the other way.

    So a floor compares shares of a pot, and what comes into it is nobody's gain.
    """
    found = pence.copy()
    for key, pot in pots.items():
        usual = pot - pooled.get(key, 0)
        if usual == pot:
            continue
        rows = rows_of(census, key)
        have, want = (usual, pot) if back else (pot, usual)
        found[rows] = multiply_divide(pence[rows], want, max(1, have))[0]
    return found


def take_beyond(
    census: Census, beyond: IntArray, sliced: IntArray, rounding: dict[int, int]
) -> tuple[IntArray, dict[int, int]]:
    """Return what basic entitlement loses [n] for a premium paid more than once, and roundings.

    Each phase pays for its own, every school in proportion to ``sliced``. Raise `BadRequest` if
    that is more than there is.
    """
    taken, left = np.zeros_like(beyond), dict(rounding)
    for phase, name in enumerate(PHASES):
        rows = rows_of(census, phase)
        many = census.multiplicity[rows]
        cost = exact_sum(beyond[rows], many)
        if not cost:
            continue
        key = phase if phase in left else max(left)
        due, most = max(0, cost - left[key]), exact_sum(sliced[rows], many)
        if due > most:
            raise BadRequest(
                f"policy.funding.premium_times: GBP {due / PENCE:,.0f} to slice off GBP "
                f"{most / PENCE:,.0f} of basic amount of {name} schools; give a smaller number"
            )
        taken[rows], _ = apportion(due, sliced[rows], census.school[rows], many)
        left[key] += exact_sum(taken[rows], many) - cost
    return taken, left
