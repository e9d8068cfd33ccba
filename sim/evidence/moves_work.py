"""What local work, the worth of gains and limited places do at once, read off a model in year 1.

Each mechanism here is off unless asked for: a reading needs its switch, and may change the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    ENTRY_HIGH_TARIFF,
    FIRST_ADULT_GRADE,
    LAST_GRADE,
    LEVELS_GRADE,
    ROUTE_NONE,
    STARTING_AGE,
)
from sim.evidence.moves_careers import ADULT
from sim.evidence.probes import at_once
from sim.model import SchoolsModel, higher, post16
from sim.model.leaving import leave_school
from sim.nation import Leavers, by_grade
from sim.world import labour
from sim.world.adults import Adults
from sim.year import assessment, spells

__all__: list[str] = []

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
GAIN = 0.1
BETTER = 0.3


def _index(model: SchoolsModel) -> Floats:
    """Unemployment and adults not employed of each area above the mean, whatever is believed."""
    return labour.slack(model.world, (1.0, 1.0)).astype(np.float64)


def _foreseen(model: SchoolsModel) -> list[Adults]:
    """Return those from 23 to 30, their spells told anew."""
    blocks, fixed = by_grade(model.after, model.year), model.terms
    told = [blocks[grade] for grade in ADULT]
    for people in told:
        spells.foresee(people, model.nation.work.slack, fixed.values.spells, fixed.on, fixed.key)
        spells.lose_work(people, model.year)
    return told


def _out(model: SchoolsModel) -> tuple[Bools, Floats, Floats]:
    """Who of 23 to 30 is without work, and their areas' index and their attainment."""
    blocks = _foreseen(model)
    area = np.concatenate([people.area for people in blocks])
    return (
        np.concatenate([people.without_work for people in blocks]),
        _index(model)[area],
        np.concatenate([people.score for people in blocks]).astype(np.float64),
    )


def _slope(index: Floats, what: Bools) -> float:
    return float(np.polyfit(index, what.astype(np.float64), 1)[0])


@at_once("share")
def out_of_work(model: SchoolsModel) -> float:
    """Without work for a spell, of people from 23 to 30."""
    return float(_out(model)[0].mean())


@at_once("share")
def out_of_work_again(model: SchoolsModel) -> float:
    """Of these, without work the year before as well."""
    blocks, found = _foreseen(model)[:-1], []
    for year in (model.year, model.year + 1):
        for people in blocks:
            spells.lose_work(people, year)
        found.append(np.concatenate([people.without_work for people in blocks]))
    return float(found[0][found[1]].mean())


@at_once("share per probit")
def out_of_work_by_slack(model: SchoolsModel) -> float:
    """How the share without work rises with unemployment around home."""
    out, index, _ = _out(model)
    return _slope(index, out)


@at_once("share per probit")
def slack_by_attainment(model: SchoolsModel) -> float:
    """The same, the lower half at 16 less the upper half."""
    out, index, score = _out(model)
    low = score < np.median(score)
    return _slope(index[low], out[low]) - _slope(index[~low], out[~low])


@at_once("share per probit")
def no_route_by_slack(model: SchoolsModel) -> float:
    """How the share in no route after Year 11 rises with unemployment around home."""
    post16.choose_routes(model.nation, model.year)
    young = by_grade(model.after, model.year)[FIRST_ADULT_GRADE]
    return _slope(_index(model)[young.area], young.route == ROUTE_NONE)


@at_once("SD")
def gain_after_16(model: SchoolsModel) -> float:
    """What 0.1 SD that money has added to everybody's attainment in Year 11 counts for later."""
    fixed = model.terms
    pupils = model.world.cohorts[model.year - STARTING_AGE - LAST_GRADE]
    scale = assessment.scale(fixed.values.assessment, fixed.on, LAST_GRADE)
    pupils.attain += np.float32(GAIN)
    pupils.added += np.float32(GAIN)
    marks = assessment.marks(pupils, model.year, fixed.key, scale)
    leavers = Leavers(marks, np.zeros(pupils.rows, np.int8))
    grown = leave_school(model.world, model.after, pupils, leavers, fixed)
    here = model.world.enrolled(pupils)
    return float(grown.score.mean() - marks[here].mean()) + GAIN / float(scale.spread)


@at_once("share")
def high_tariff_of_better(model: SchoolsModel) -> float:
    """Enter at high tariff by 19 when everybody has done 0.3 SD better at 16."""
    post16.choose_routes(model.nation, model.year)
    young = by_grade(model.after, model.year)[LEVELS_GRADE]
    young.score += np.float32(BETTER)
    higher.enter_higher(model.nation, model.year)
    return float((young.entered == ENTRY_HIGH_TARIFF).mean())
