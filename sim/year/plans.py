"""Plans: what a school does with what is left after standard staffing.

The *margin* is the budget less the cost of standard staffing. A school commits it to programmes,
the one it trusts most first; a programme has a fixed cost, so a small school cannot make some of
them work, and a full dose, beyond which more money goes to extra staff. New money for one
programme (levers of `policy.schools`) joins the margin and is spent on that programme alone; a
school does not buy once more what it is given. What all of it returns is `sim.year.returns`.

References:
    Education Endowment Foundation, Teaching and Learning Toolkit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Reals
from sim.codes import AREA_COST_UNIT, PENCE, PRIMARY
from sim.config.models import Schools as Granted
from sim.config.models import Switches
from sim.config.values import PlansBeliefs
from sim.world.programmes import (
    CAREERS,
    CPD,
    PROGRAMMES,
    TUTORING,
    local_pence,
    meant_for,
    pupils_part,
    standard_cost,
)
from sim.world.tables import Schools

__all__ = [
    "bought",
    "commit",
    "committed",
    "first_views",
    "grants",
    "lead",
    "margin",
    "offers",
    "trust",
]

NEVER = np.iinfo(np.int64).max
Pence = NDArray[Any]
Floats = NDArray[np.float64]


def margin(schools: Schools, plans: PlansBeliefs) -> Pence:
    """Return what each school has beyond standard staffing, pence (int64); negative is a lack.

    What special needs cost beyond what is paid for them is taken off it, and meals of those who
    became eligible by a rule of the policy, if the formula is to pay for them.

    No school can lack more than the staffing that goes with its pupils. Without this bound a
    primary of six pupils that loses its lump sum would take years of learning from each of them.
    """
    lack = schools.budget - standard_cost(schools, plans) - schools.spill - _meals(schools, plans)
    most = local_pence(schools, pupils_part(schools, plans))
    return np.asarray(np.maximum(lack, -most), np.int64)


def _meals(schools: Schools, plans: PlansBeliefs) -> Pence:
    """Return what more free meals cost, pence (int64); less than nothing where fewer are."""
    if not schools.has("more_meals"):
        return np.zeros(len(schools), np.int64)
    return local_pence(schools, plans.meal_cost_gbp * schools.more_meals)


def offers(schools: Schools, plans: PlansBeliefs, on: Switches) -> tuple[Pence, Pence, Pence]:
    """Return fixed cost, least sensible spend and full dose of each programme, (schools, 5) pence.

    The least sensible spend is where the perceived gain a pound, fixed cost counted, reaches that
    of extra staff: fixed x r / (r - 1) for a perceived return r, never if r is 1 or less.
    """
    cost = (schools.area_cost / AREA_COST_UNIT)[:, None] * PENCE
    fixed = cost * np.asarray(plans.fixed) * (1.0 if on.fixed_costs else 0.0)
    target = np.repeat(schools.paid_pupils[:, None], len(PROGRAMMES), axis=1)
    target[:, TUTORING] = meant_for(schools)
    full = np.where(target > 0, fixed + cost * np.asarray(plans.dose) * target, 0)
    view = schools.belief.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where(view > 1, fixed * view / (view - 1), np.inf)
    closed = ~(least < full)
    closed[:, CAREERS] |= schools.phase == PRIMARY
    least = np.where(closed, float(2**62), least)
    return tuple(np.rint(x).astype(np.int64) for x in (fixed, least, full))  # type: ignore[return-value]


def grants(schools: Schools, asked: Granted, plans: PlansBeliefs) -> Pence:
    """Return new money for each programme, (schools, 5) pence: it may be spent on nothing else."""
    found = np.zeros((len(schools), len(PROGRAMMES)), np.int64)
    each = asked.cpd * plans.cpd_cost_gbp
    found[:, CPD] = local_pence(schools, each * schools.paid_pupils)
    each = asked.tutoring * plans.tutoring_cost_gbp
    found[:, TUTORING] = local_pence(schools, each * meant_for(schools))
    return found


def bought(schools: Schools, asked: Granted, plans: PlansBeliefs) -> dict[str, Reals]:
    """Return what levers of schools buy for each school, in units of their prices."""
    pounds = schools.granted / PENCE
    return {
        "schools.cpd": pounds[:, CPD] / plans.cpd_cost_gbp,
        "schools.tutoring": pounds[:, TUTORING] / plans.tutoring_cost_gbp,
        "schools.evidence": asked.evidence * (schools.paid_pupils > 0),
        "schools.attendance": asked.attendance * schools.paid_pupils.astype(np.float64),
    }


def commit(left: int, least: int, full: int) -> int:
    """Return what a school puts into a programme from what it has left, pence.

    >>> commit(500, 300, 400), commit(350, 300, 400), commit(200, 300, 400)
    (400, 350, 0)
    """
    return min(left, full) if left >= least else 0


def committed(margin: Pence, least: Pence, full: Pence, view: NDArray[Any]) -> Pence:
    """Return what all schools commit to programmes, (schools, 5) pence, as each would by itself.

    The same decision as that of `sim.model.agents.School.plan`, for a formula that is only tried.

    Args:
        margin: Pence [n].
        least: Least sensible spend on each programme, pence.
        full: Full dose of each, pence.
        view: Return that each school sees in each; the most trusted comes first.
    """
    order, rows = np.argsort(-view, axis=1, kind="stable"), np.arange(margin.size)
    left, spend = np.maximum(margin, 0), np.zeros_like(least)
    for programme in order.T:
        most = np.minimum(left, full[rows, programme])
        spend[rows, programme] = np.where(left >= least[rows, programme], most, 0)
        left = left - spend[rows, programme]
    return spend


def first_views(
    luck: NDArray[np.float32], plans: PlansBeliefs, on: Switches
) -> NDArray[np.float32]:
    """Return each school's own view of programme returns, (schools, 5).

    The evidence, as far as it is used and secure, and habit for the rest.
    """
    returns = np.asarray(plans.relative_return)
    heard = plans.evidence_use * np.asarray(plans.security)
    if not on.plans:
        return np.zeros(luck.shape, np.float32)
    view = 1 + heard * (returns - 1) + plans.habit_sd * luck
    return np.asarray(view, np.float32)


def trust(schools: Schools, near: NDArray[np.int32], plans: PlansBeliefs, on: Switches) -> None:
    """Let what schools near and alike believe colour each school's view of programmes."""
    views = schools.belief
    known = (near >= 0)[:, :, None]
    around = np.where(known, views[near], 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    pull = plans.practice_spread if on.practice and on.plans else 0.0
    schools.belief = schools.habit + pull * (around - schools.habit)


def lead(schools: Schools, share: float, plans: PlansBeliefs) -> None:
    """Let schools be led some way from what they believe to what is known of programmes."""
    known = np.asarray(plans.security) * (np.asarray(plans.relative_return) - schools.belief)
    schools.belief = schools.belief + share * known
