"""Programmes that schools buy, and the standard staffing that comes before them, in pence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import AREA_COST_UNIT, PENCE
from sim.config.values import PlansBeliefs
from sim.world.tables import Schools

__all__ = [
    "CAREERS",
    "CPD",
    "PROGRAMMES",
    "RETENTION",
    "TRANSPORT",
    "TUTORING",
    "local_pence",
    "meant_for",
    "pupils_part",
    "standard_cost",
]

PROGRAMMES = ("retention", "cpd", "tutoring", "careers", "transport")
RETENTION, CPD, TUTORING, CAREERS, TRANSPORT = range(5)
Pence = NDArray[Any]
Floats = NDArray[np.float64]


def standard_cost(schools: Schools, plans: PlansBeliefs) -> Pence:
    """Return the yearly cost of standard staffing of each school, pence (int64).

    A fixed part a school, a part a pupil and a part a disadvantaged pupil, times area cost.
    """
    fixed = np.asarray(plans.standard_fixed)[schools.phase]
    return local_pence(schools, fixed + pupils_part(schools, plans))


def pupils_part(schools: Schools, plans: PlansBeliefs) -> Floats:
    """Return the part of standard staffing that goes with pupils, GBP before area cost."""
    pupil = np.asarray(plans.standard_pupil)[schools.phase]
    needs = np.asarray(plans.standard_need)[schools.phase]
    return np.asarray(pupil * schools.paid_pupils + needs * schools.ever6)


def meant_for(schools: Schools) -> NDArray[Any]:
    """Return how many pupils programmes for disadvantaged pupils are for, by school.

    Those who are disadvantaged, unless a policy lets programmes follow another register.
    """
    return schools.reached if schools.has("reached") else schools.ever6


def local_pence(schools: Schools, pounds: Floats) -> Pence:
    """Return pounds of the mean area as pence of each school's own."""
    return np.asarray(np.rint(pounds * PENCE * schools.area_cost / AREA_COST_UNIT), np.int64)
