"""What schools add to their children in a year, off their table, as kernels (`sim.kernel`) take it.

A part of what is made before 11 is lost on entry to Year 7, so that account is kept of it. What
comes of many needing support may fade by another share than what programmes and teachers do, and
enters the account by its share over the largest: one column tells all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Bools, Float32s
from sim.codes import FIRST_SECONDARY, PRIMARY
from sim.config.models import Switches
from sim.config.values import LearningBeliefs, Values
from sim.world.pupils import Pupils
from sim.world.tables import Areas, Schools

__all__ = [
    "Fading",
    "SchoolTerms",
    "Taught",
    "beyond_year_0",
    "fading",
    "reach",
    "remember_year_0",
    "school_terms",
    "taught",
]

_F = np.float32


class SchoolTerms(NamedTuple):
    """What each school of a phase adds in a year, for all and further for disadvantaged pupils.

    Stage effects (SD over the stage) and flows (SD a year), all schools.
    """

    lasting: Float32s
    further: Float32s
    flow: Float32s
    flow_dis: Float32s


class Taught(NamedTuple):
    """What schools add, and what of it enters the account of what fades at 11."""

    terms: SchoolTerms
    account: SchoolTerms


class Fading(NamedTuple):
    """The largest share lost at 11, and the shares of three kinds of gain relative to it.

    Attributes:
        lost: Share of the account that is lost.
        programmes: Of money, programmes, teachers, value added and what is unexplained.
        density: Of early support and critical mass.
        push: Of a primary's push for everybody.
    """

    lost: float
    programmes: float = 1.0
    density: float = 1.0
    push: float = 1.0


_WHOLE = Fading(1.0)


def fading(learning: LearningBeliefs, on: Switches) -> Fading:
    """Return what is lost at 11 of gains made before; where all fade alike, each counts whole."""
    shares = (
        learning.fade,
        learning.fade_density if on.fade_by_source else learning.fade,
        learning.fade_push if on.primary_push else learning.fade,
    )
    lost = max(shares)
    return Fading(lost, *(share / lost for share in shares)) if lost else Fading(0.0)


def primary_mass(ever6: NDArray[np.int64], learning: LearningBeliefs) -> NDArray[np.float64]:
    """Return the benefit of critical mass, 0 to 1, by disadvantaged pupils in a year group."""
    cohort = ever6 / FIRST_SECONDARY
    return np.asarray(1 - np.exp(-cohort / learning.mass_scale))


def school_terms(
    schools: Schools,
    areas: Areas,
    values: Values,
    on: Switches,
    phase: int,
    count: Fading = _WHOLE,
) -> SchoolTerms:
    """Return what each school of a phase adds in a year, each kind of it counted as told."""
    learning = values.learning
    lasting, further = np.zeros((2, len(schools)))
    if on.value_added:
        lasting += count.programmes * schools.value_added
        further += count.programmes * schools.differential
    if phase == PRIMARY and on.critical_mass:
        mass = count.density * learning.mass * primary_mass(schools.ever6, learning)
        lasting += learning.mass_others * mass
        further += (1 - learning.mass_others) * mass
    residual = areas.ks2_residual if phase == PRIMARY else areas.ks4_residual
    lasting += count.programmes * residual[schools.area]
    if phase == PRIMARY and on.primary_push:
        lasting += count.push * _push(schools, values)
    money = schools.flow_all[:, 0] + schools.teaching
    return SchoolTerms(
        lasting=lasting.astype(_F),
        further=further.astype(_F),
        flow=(count.programmes * money).astype(_F),
        flow_dis=(count.programmes * schools.flow_dis[:, 0]).astype(_F),
    )


def _push(schools: Schools, values: Values) -> NDArray[np.float64]:
    """What the whole of a primary gains from having more disadvantaged pupils than the mean, SD."""
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    more = np.where(schools.pupils > 0, share - values.teachers.ever6_mean, 0)
    return np.asarray(values.learning.push_primary * more)


def remember_year_0(schools: Schools) -> None:
    """Note what money and teachers did this year, against which later years are held."""
    schools.flow_zero = schools.flow_all[:, 0] + schools.teaching
    schools.flow_dis_zero = schools.flow_dis[:, 0]


def beyond_year_0(schools: Schools) -> SchoolTerms:
    """Return what money and teachers of each school add this year beyond what they did in year 0.

    Value added and what else lasts is no part of it.
    """
    nothing = np.zeros(len(schools), _F)
    money = schools.flow_all[:, 0] + schools.teaching - schools.flow_zero
    further = schools.flow_dis[:, 0] - schools.flow_dis_zero
    return SchoolTerms(nothing, nothing, money.astype(_F), further.astype(_F))


def taught(schools: Schools, areas: Areas, values: Values, on: Switches, phase: int) -> Taught:
    """Return what each school of a phase adds in a year, and what of it fades at 11."""
    terms = school_terms(schools, areas, values, on, phase)
    count = fading(values.learning, on)._replace(lost=1.0)
    if phase != PRIMARY or count == _WHOLE:
        return Taught(terms, terms)
    return Taught(terms, school_terms(schools, areas, values, on, phase, count))


def reach(
    pupils: Pupils, grade: int, values: Values, on: Switches, whom: Bools, flow: Float32s
) -> None:
    """Add what programmes do for those they reach, where these are not the disadvantaged pupils.

    Args:
        pupils: A cohort that has learned this year.
        grade: Its year group.
        values: Beliefs.
        on: Switches; ``causal_gains`` acts here.
        whom: Who is reached, if on a roll here and in England.
        flow: SD a year, by school (all schools).
    """
    here = np.flatnonzero(whom & (pupils.school < flow.size) & (pupils.come <= grade))
    gained = flow[pupils.school[here]]
    pupils.attain[here] += gained
    if grade < FIRST_SECONDARY:
        pupils.made[here] += _F(fading(values.learning, on).programmes) * gained
    if on.causal_gains:
        pupils.added[here] += gained
