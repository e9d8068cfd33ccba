"""Who comes to an area after Reception: from abroad, or from elsewhere in England."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import FIRST_SECONDARY, LAST_GRADE
from sim.config.values import PeopleBeliefs

__all__ = ["from_abroad", "late_comers"]


def late_comers(arrivals: float) -> float:
    """Return the share of Year 11 who arrived after Year 6, when so many arrive in a year of age.

    >>> late_comers(0.008)
    0.04
    """
    return (LAST_GRADE - FIRST_SECONDARY + 1) * arrivals


def from_abroad(people: PeopleBeliefs) -> NDArray[np.float64]:
    """Return, by heritage group, the share of those who arrive in an area who come from abroad.

    No more of them than the group has pupils who came after Year 6; the others moved in England.
    """
    most = np.asarray(people.late_others)
    if not people.arrivals:
        return np.ones(most.size)
    return np.asarray(np.minimum(1.0, most / late_comers(people.arrivals)))
