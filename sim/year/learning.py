r"""Learning: how latent attainment grows in a year, written as the stage equations to 5, 11 and 16.

For a child in a stage of n years that carries a share C of attainment from its start to its end,

.. math:: t_{k+1} = \rho t_k + \kappa (home + progress\ of\ group + place + peers + school)
          + flow + \sigma z,  \qquad \rho = C^{1/n}, \quad \kappa = (1-\rho)/(1-\rho^n)

so that a constant push adds exactly its stage effect by the end of the stage. What money,
programmes and teachers do is a flow in SD a year and enters as it is. Gains that schools and early
support made before 11 are kept in a column of their own, because a part of them is lost on entry
to secondary school; where kinds fade unlike, each counts there as it fades
(`sim.world.schooling`).

References:
    Carry-over, fading and the size of each term: see the records in `conf/beliefs`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Float32s, Int8s, Int32s, UInt16s, UInt32s
from sim.codes import FIRST_SECONDARY, FIXED_POINT, LAST_GRADE, YEAR_LEARNING
from sim.config.models import Switches
from sim.config.values import LearningBeliefs, Values
from sim.kernel import kernel
from sim.rng import Key, Luck, Purpose, draw, luck, normal
from sim.world.attendance import absence_terms, add_absence
from sim.world.children import add_own, noise_left, own_terms
from sim.world.home import Home, given_at_home, home_terms
from sim.world.pupils import Pupils, Rolls
from sim.world.schooling import SchoolTerms, Taught, fading

__all__ = ["Ground", "Stage", "endow", "fade", "grow", "keep_added", "stage"]

_F = np.float32
_YEAR = np.uint32(int(Purpose.YEAR))
_ZERO = np.uint32(0)
PRIMARY_YEARS = FIRST_SECONDARY - 1
SECONDARY_YEARS = LAST_GRADE - FIRST_SECONDARY + 1


class Child(NamedTuple):
    """What learning reads and writes of children."""

    small: Int32s
    heritage: Int8s
    come: Int8s
    income: Float32s
    parents: Float32s
    registered: UInt16s
    attain: Float32s
    made: Float32s
    added: Float32s


class Early(NamedTuple):
    """Coefficients of attainment on entry to Reception; ``ever6`` makes a child disadvantaged.

    ``others`` is the part of early support that children who are not disadvantaged get, ``fades``
    how much of it counts as fading at 11.
    """

    noise: np.float32
    others: np.float32
    fades: np.float32
    ever6: np.uint16


class Ground(NamedTuple):
    """By small area: early support for a disadvantaged child, and what is not explained, SD."""

    support: Float32s
    residual: Float32s


class Lesson(NamedTuple):
    """What the children of one school have in common this year; `SchoolTerms` of that school."""

    grade: np.int8
    ever6: np.uint16
    mean: np.float32
    peers: np.float32
    lasting: np.float32
    further: np.float32
    flow: np.float32
    flow_dis: np.float32


class Stage(NamedTuple):
    """Coefficients of a stage's yearly equation, float32 for the kernel."""

    carry: np.float32
    carry_dis: np.float32
    share: np.float32
    share_dis: np.float32
    peers: np.float32
    setting: np.float32
    noise: np.float32
    noise_dis: np.float32


def _yearly(total: float, years: int) -> tuple[float, float]:
    """Turn a stage's carry-over into the yearly one and the yearly share of a stage effect."""
    carry = total ** (1 / years)
    return carry, (1 - carry) / (1 - total)


def _noise(carry: float, years: int) -> float:
    """Yearly standard deviation that adds up to 1 over a stage."""
    return float(1 / np.sqrt(sum(carry ** (2 * k) for k in range(years))))


def stage(values: Values, on: Switches, grade: int) -> Stage:
    """Return the coefficients for the year in a year group (1 to 11).

    Args:
        values: Beliefs.
        on: Switches; ``background``, ``peers`` and ``setting`` act here.
        grade: Year group.
    """
    learning = values.learning
    primary = grade < FIRST_SECONDARY
    years = PRIMARY_YEARS if primary else SECONDARY_YEARS
    total = learning.carry_primary if primary else learning.carry_secondary
    slope = 1.0 if primary else learning.carry_disadvantaged
    spread = 1.0 if primary else learning.noise_disadvantaged
    noise = learning.noise_primary if primary else learning.noise_secondary
    carry, share = _yearly(total, years)
    carry_dis, share_dis = _yearly(total * slope, years) if on.background else (carry, share)
    spread = spread if on.background else 1.0
    apart = noise_left(noise * spread, values, on, grade, slope if on.background else 1.0)
    noise = noise_left(noise, values, on, grade, 1.0)
    peers = learning.peers_primary if primary else learning.peers_secondary
    setting = learning.setting if not primary and on.setting and on.background else 0.0
    return Stage(
        carry=_F(carry),
        carry_dis=_F(carry_dis),
        share=_F(share),
        share_dis=_F(share_dis),
        peers=_F(peers if on.peers else 0.0),
        setting=_F(setting),
        noise=_F(noise * _noise(carry, years)),
        noise_dis=_F(apart * _noise(carry_dis, years)),
    )


def endow(pupils: Pupils, values: Values, on: Switches, ground: Ground, ever6: int) -> None:
    """Give each child its attainment on entry to Reception; ``attain`` holds a bare draw.

    Args:
        pupils: The cohort.
        values: Beliefs.
        on: Switches; ``background``, ``heritage_gaps`` and ``early_support`` act here.
        ground: Early support and unexplained difference by small area.
        ever6: Bits of registration that make a child disadvantaged.
    """
    learning = values.learning
    early = Early(
        noise=_F(noise_left(learning.noise_early, values, on, 0, 1.0)),
        others=_F(learning.support_others),
        fades=_F(fading(learning, on).density),
        ever6=np.uint16(ever6),
    )
    if not on.early_support:
        ground = ground._replace(support=np.zeros_like(ground.support))
    _endow(pupils.view(Child), early, home_terms(values, on, 0), ground)
    add_own(pupils, own_terms(values, on, 0), pupils.attain)


@kernel
def _endow(child: Child, early: Early, home: Home, ground: Ground) -> None:
    for i in range(child.small.size):
        g = child.heritage[i]
        y = (child.income[i] - home.mean) * home.scale
        poor = (child.registered[i] & early.ever6) != 0
        further = home.gap[g] if poor else _F(0.0)
        place = ground.residual[child.small[i]]
        support = ground.support[child.small[i]] * (_F(1.0) if poor else early.others)
        if child.come[i] > 0:  # neither support nor place has met those who come later
            support = place = _F(0.0)
        child.made[i] = early.fades * support
        given = home.income * y * home.slope[g] + home.education * child.parents[i]
        brought = given + (home.progress[g] + further) + support + place
        child.attain[i] = brought + early.noise * child.attain[i]


def grow(
    pupils: Pupils,
    year: int,
    key: Key,
    values: Values,
    on: Switches,
    ever6: int,
    at_school: Taught,
    effort: float = 0.0,
) -> None:
    """Let every child of a cohort learn for a year.

    Args:
        pupils: The cohort, sorted by school.
        year: School year.
        key: Luck.
        values: Beliefs.
        on: Switches.
        ever6: Bits of registration that make a child disadvantaged.
        at_school: What schools add, from `sim.world.schooling`.
        effort: How far schools work on attendance, 0 to 1.
    """
    grade = pupils.grade(year)
    child, rolls, bits = pupils.view(Child), pupils.rolls, np.uint16(ever6)
    if grade == 0:
        _reception(child, rolls, at_school, bits)
        return
    fresh = np.empty(pupils.rows, np.float32)
    _draw(pupils.id, luck(key, year), fresh)
    given = given_at_home(pupils, home_terms(values, on, grade), ever6)
    add_own(pupils, own_terms(values, on, grade), given)
    if on.background and (on.attendance or effort):
        add_absence(pupils, absence_terms(values, on, grade, effort), ever6, given)
    _grow(child, rolls, stage(values, on, grade), at_school, given, fresh, np.int8(grade), bits)


@kernel
def _draw(ids: UInt32s, luck: Luck, out: Float32s) -> None:
    for i in range(ids.size):
        out[i] = normal(draw(ids[i], luck.when, _YEAR, _ZERO, luck.k0, luck.k1)[YEAR_LEARNING])


@kernel
def _reception(child: Child, rolls: Rolls, at_school: Taught, ever6: np.uint16) -> None:
    """In Reception only what the school's money adds is new; the rest came with the child."""
    terms, account = at_school.terms, at_school.account
    for s in range(rolls.start.size - 2):
        row = rolls.first + s
        # Looked up once a school: handed on child by child, tables cost more than the sum.
        flow, further = terms.flow[row], terms.flow_dis[row]
        counts, counts_further = account.flow[row], account.flow_dis[row]
        for i in range(rolls.start[s], rolls.start[s + 1]):
            if child.come[i] > 0:
                continue
            if child.registered[i] & ever6:
                child.attain[i] += flow + further
                child.made[i] += counts + counts_further
            else:
                child.attain[i] += flow
                child.made[i] += counts


@kernel
def _grow(
    child: Child,
    rolls: Rolls,
    stage: Stage,
    at_school: Taught,
    given: Float32s,
    fresh: Float32s,
    grade: np.int8,
    ever6: np.uint16,
) -> None:
    """Update school by school; those on no roll, who come last, learn without a school.

    So do those who have yet to come, when a past is lived with the school they will go to.
    """
    last = rolls.start.size - 2
    for s in range(last + 1):
        a, b = rolls.start[s], rolls.start[s + 1]
        if a == b:
            continue
        row, here = rolls.first + s, s < last
        mean = _mean(child.attain[a:b])
        peers = stage.peers * mean if here else _F(0.0)
        lesson = _lesson(at_school.terms, row, here, grade, ever6, mean, peers)
        come, bits = child.come[a:b], child.registered[a:b]
        _learn(stage, lesson, come, bits, given[a:b], fresh[a:b], child.attain[a:b])
        if grade < np.int8(FIRST_SECONDARY):
            lesson = _lesson(at_school.account, row, here, grade, ever6, mean, peers)
            _keep(stage, lesson, come, bits, child.made[a:b])


@kernel
def _lesson(
    terms: SchoolTerms,
    row: int,
    here: bool,
    grade: np.int8,
    ever6: np.uint16,
    mean: np.float32,
    peers: np.float32,
) -> Lesson:
    """Return a lesson with what a school adds: nothing where there is none."""
    none = _F(0.0)
    return Lesson(
        grade,
        ever6,
        mean,
        peers,
        terms.lasting[row] if here else none,
        terms.further[row] if here else none,
        terms.flow[row] if here else none,
        terms.flow_dis[row] if here else none,
    )


@kernel
def _mean(level: Float32s) -> np.float32:
    """Mean through fixed point (2^-20), so that the order of children cannot change it."""
    total = np.int64(0)
    for i in range(level.size):
        total += np.int64(level[i] * _F(FIXED_POINT))
    return _F(np.float64(total) / (FIXED_POINT * level.size))


@kernel
def _learn(
    stage: Stage,
    lesson: Lesson,
    come: Int8s,
    bits: UInt16s,
    given: Float32s,
    fresh: Float32s,
    level: Float32s,
) -> None:
    """Let the children of one school learn for a year."""
    for i in range(level.size):
        here = _F(1.0) if come[i] <= lesson.grade else _F(0.0)
        poor = _F(1.0) if bits[i] & lesson.ever6 else _F(0.0)
        push = here * (lesson.lasting + poor * lesson.further)
        below = max(lesson.mean - level[i], _F(0.0))
        carry = stage.carry + poor * (stage.carry_dis - stage.carry)
        share = stage.share + poor * (stage.share_dis - stage.share)
        noise = stage.noise + poor * (stage.noise_dis - stage.noise)
        extra = here * (lesson.flow + poor * lesson.flow_dis)
        around = given[i] + push + here * lesson.peers - stage.setting * poor * below
        level[i] = carry * level[i] + share * around + extra + noise * fresh[i]


@kernel
def _keep(stage: Stage, lesson: Lesson, come: Int8s, bits: UInt16s, kept: Float32s) -> None:
    """Carry on what schools have made of the children of one primary."""
    for i in range(kept.size):
        here = _F(1.0) if come[i] <= lesson.grade else _F(0.0)
        poor = _F(1.0) if bits[i] & lesson.ever6 else _F(0.0)
        carry = stage.carry + poor * (stage.carry_dis - stage.carry)
        share = stage.share + poor * (stage.share_dis - stage.share)
        push = here * (lesson.lasting + poor * lesson.further)
        kept[i] = carry * kept[i] + share * push + here * (lesson.flow + poor * lesson.flow_dis)


def keep_added(
    pupils: Pupils, year: int, values: Values, on: Switches, ever6: int, more: SchoolTerms
) -> None:
    """Carry on what money has added to each child since year 0, beside attainment itself.

    Args:
        pupils: The cohort, sorted by school.
        year: School year, after year 0.
        values: Beliefs.
        on: Switches.
        ever6: Bits of registration that make a child disadvantaged.
        more: What schools do this year beyond year 0 (`sim.world.schooling.beyond_year_0`).
    """
    grade = pupils.grade(year)
    # Reception is no part of a stage: what it adds is added to what is there.
    how = stage(values, on, max(grade, 1))
    if grade == 0:
        how = how._replace(carry=_F(1.0), carry_dis=_F(1.0))
    _add(pupils.view(Child), pupils.rolls, how, more, np.int8(grade), np.uint16(ever6))


@kernel
def _add(
    child: Child, rolls: Rolls, stage: Stage, more: SchoolTerms, grade: np.int8, ever6: np.uint16
) -> None:
    last, none = rolls.start.size - 2, _F(0.0)
    for s in range(last + 1):
        a, b = rolls.start[s], rolls.start[s + 1]
        if a < b:
            lesson = _lesson(more, rolls.first + s, s < last, grade, ever6, none, none)
            _keep(stage, lesson, child.come[a:b], child.registered[a:b], child.added[a:b])


def fade(pupils: Pupils, learning: LearningBeliefs, on: Switches) -> None:
    """Take away, on entry to Year 7, the part of gains made before 11 that does not last."""
    if on.fade:
        lost = fading(learning, on)
        pupils.attain -= _F(lost.lost) * pupils.made
        if on.causal_gains:
            pupils.added *= _F(1 - lost.lost * lost.programmes)
