"""What it costs to keep schools from losing, by clause and phase."""

from __future__ import annotations

import numpy as np

from sim.codes import PRIMARY, SECONDARY
from sim.funding.grants import Grants
from sim.money import IntArray, exact_sum
from sim.record.money_variables import GENTLENESS

__all__ = ["clause_pence"]


def clause_pence(grants: Grants, phase: IntArray, many: IntArray) -> IntArray:
    """Return pence, weighted, of what protects schools and of what gainers pay for it.

    Args:
        grants: A year's money.
        phase: Of each school [n].
        many: Schools that each stands for [n].

    Returns:
        By phase and clause of `GENTLENESS`, shape [2, 5]. All clauses of a year add up to what
        schools are paid beyond the lines of the rule itself, before any slice.
    """
    nothing = np.zeros_like(many)
    kept = nothing if grants.kept is None else grants.kept
    told = grants.lines | {"transition": np.maximum(kept, 0), "held_back": np.minimum(kept, 0)}
    each = [told.get(clause, nothing) for clause in GENTLENESS]
    rows = [phase == one for one in (PRIMARY, SECONDARY)]
    return np.array([[exact_sum(pence[mine], many[mine]) for pence in each] for mine in rows])
