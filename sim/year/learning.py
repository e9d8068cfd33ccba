r"""Learning: how latent attainment grows in a year, written as the stage equations to 5, 11 and 16.

For a child in a stage of n years that carries a share C of attainment from its start to its end,

.. math:: t_{k+1} = \rho t_k + \kappa (home + progress\ of\ group + place + peers + school)
          + flow + \sigma z,  \qquad \rho = C^{1/n}, \quad \kappa = (1-\rho)/(1-\rho^n)

so that a constant push adds exactly its stage effect by the end of the stage. What money,
programmes and teachers do is a flow in SD a year and enters as it is. Gains that schools and early
support made before 11 are kept in a column of their own, because a part of them is lost on entry
to secondary school.

References:
    Carry-over, fading and the size of each term: see the records in `conf/beliefs`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Int8s, Int32s, Int64s, UInt16s, UInt32s
from sim.codes import FIRST_SECONDARY, FIXED_POINT, LAST_GRADE, PRIMARY, YEAR_LEARNING
from sim.config.models import Switches
from sim.config.values import LearningBeliefs, Values
from sim.kernel import kernel
from sim.pupils import Pupils
from sim.rng import Key, Purpose, draw, lock, normal, when
from sim.world.tables import Areas, Schools

__all__ = ["Stage", "endow", "fade", "grow", "primary_mass", "school_terms", "stage"]

_F = np.float32
_YEAR = np.uint32(int(Purpose.YEAR))
_ZERO = np.uint32(0)
PRIMARY_YEARS = FIRST_SECONDARY - 1
SECONDARY_YEARS = LAST_GRADE - FIRST_SECONDARY + 1


class Stage(NamedTuple):
    """Coefficients of a stage's yearly equation, float32 for the kernel."""

    carry: np.float32
    carry_dis: np.float32
    share: np.float32
    share_dis: np.float32
    income: np.float32
    education: np.float32
    peers: np.float32
    setting: np.float32
    noise: np.float32
    noise_dis: np.float32
    income_mean: np.float32
    income_scale: np.float32


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
    learning, people = values.learning, values.people
    primary = grade < FIRST_SECONDARY
    years = PRIMARY_YEARS if primary else SECONDARY_YEARS
    total = learning.carry_primary if primary else learning.carry_secondary
    slope = 1.0 if primary else learning.carry_disadvantaged
    spread = 1.0 if primary else learning.noise_disadvantaged
    noise = learning.noise_primary if primary else learning.noise_secondary
    carry, share = _yearly(total, years)
    carry_dis, share_dis = _yearly(total * slope, years) if on.background else (carry, share)
    spread = spread if on.background else 1.0
    home = 1.0 if on.background else 0.0
    peers = learning.peers_primary if primary else learning.peers_secondary
    setting = learning.setting if not primary and on.setting and on.background else 0.0
    return Stage(
        _F(carry), _F(carry_dis), _F(share), _F(share_dis),
        _F(home * (learning.income_primary if primary else learning.income_secondary)),
        _F(home * (learning.education_primary if primary else learning.education_secondary)),
        _F(peers if on.peers else 0.0), _F(setting),
        _F(noise * _noise(carry, years)),
        _F(noise * spread * _noise(carry_dis, years)),
        _F(people.income_mean), _F(1 / people.income_sd),
    )  # fmt: skip


def heritage_terms(values: Values, on: Switches, grade: int) -> tuple[NDArray[np.float32], ...]:
    """Return the share of the income slope that counts and the progress of each heritage group."""
    learning = values.learning
    if grade == 0:
        made = learning.heritage_early
    elif grade < FIRST_SECONDARY:
        made = learning.heritage_primary
    else:
        made = learning.heritage_secondary
    keep = 1.0 if on.background else 0.0
    slope = 1 - np.asarray(learning.heritage_flatter)
    return slope.astype(np.float32), (keep * np.asarray(made)).astype(_F)


def endow(
    pupils: Pupils, values: Values, on: Switches, support: NDArray[np.float32],
    residual: NDArray[np.float32], ever6: int,
) -> None:  # fmt: skip
    """Give each child its attainment on entry to Reception; ``attain`` holds a bare draw.

    Args:
        pupils: The cohort.
        values: Beliefs.
        on: Switches; ``background`` and ``early_support`` act here.
        support: Early support by small area, SD for a disadvantaged child; others get a part.
        residual: Unexplained difference by small area, SD.
        ever6: Bits of registration that make a child disadvantaged.
    """
    slope, level = heritage_terms(values, on, 0)
    learning, people = values.learning, values.people
    home = 1.0 if on.background else 0.0
    _endow(
        pupils.small, pupils.heritage, pupils.come, pupils.income, pupils.parents,
        pupils.registered, support if on.early_support else np.zeros_like(support), residual,
        slope, level,
        _F(home * learning.income_early), _F(home * learning.education_early),
        _F(learning.noise_early), _F(people.income_mean), _F(1 / people.income_sd),
        np.uint16(ever6), _F(learning.support_others), pupils.attain, pupils.made,
    )  # fmt: skip


@kernel
def _endow(
    small: Int32s, heritage: Int8s, come: Int8s, income: Float32s, parents: Float32s,
    registered: UInt16s, support: Float32s, residual: Float32s, slope: Float32s, level: Float32s,
    h: np.float32, e: np.float32, noise: np.float32, mean: np.float32, scale: np.float32,
    ever6: np.uint16, others: np.float32, attain: Float32s, made: Float32s,
) -> None:  # fmt: skip
    for i in range(small.size):
        g = heritage[i]
        y = (income[i] - mean) * scale
        poor = _F(1.0) if registered[i] & ever6 else others
        place = residual[small[i]]
        made[i] = support[small[i]] * poor
        if come[i] > 0:  # neither support nor place has met those who come later
            made[i] = place = _F(0.0)
        attain[i] = (
            h * y * slope[g] + e * parents[i] + level[g] + made[i] + place
            + noise * attain[i]
        )  # fmt: skip


def primary_mass(ever6: NDArray[np.int64], learning: LearningBeliefs) -> NDArray[np.float64]:
    """Return the benefit of critical mass, 0 to 1, by disadvantaged pupils in a year group."""
    cohort = ever6 / FIRST_SECONDARY
    return np.asarray(1 - np.exp(-cohort / learning.mass_scale))


def school_terms(
    schools: Schools, areas: Areas, values: Values, on: Switches, phase: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return what each school of a phase adds in a year.

    Returns:
        Stage effects for all and further for disadvantaged pupils (SD over the stage), and flows
        for all and further for disadvantaged pupils (SD a year); float32, all schools.
    """
    learning = values.learning
    lasting = np.zeros(len(schools))
    further = np.zeros(len(schools))
    if on.value_added:
        lasting += schools.value_added
        further += schools.differential
    if phase == PRIMARY and on.critical_mass:
        mass = learning.mass * primary_mass(schools.ever6, learning)
        lasting += learning.mass_others * mass
        further += (1 - learning.mass_others) * mass
    residual = areas.ks2_residual if phase == PRIMARY else areas.ks4_residual
    lasting += residual[schools.area]
    return (
        lasting.astype(_F), further.astype(_F),
        (schools.flow_all[:, 0] + schools.teaching).astype(_F), schools.flow_dis[:, 0].astype(_F),
    )  # fmt: skip


def grow(
    pupils: Pupils, year: int, key: Key, values: Values, on: Switches, ever6: int,
    terms: tuple[NDArray[np.float32], ...], nobody: int,
) -> None:  # fmt: skip
    """Let every child of a cohort learn for a year.

    Args:
        pupils: The cohort, sorted by school.
        year: School year.
        key: Luck.
        values: Beliefs.
        on: Switches.
        ever6: Bits of registration that make a child disadvantaged.
        terms: What schools add, from `school_terms`.
        nobody: School row that means none.
    """
    grade = pupils.grade(year)
    lasting, further, flow, flow_dis = terms
    if grade == 0:
        _reception(pupils.start, pupils.first_school, pupils.come, pupils.registered,
                   np.uint16(ever6), flow, flow_dis, pupils.attain, pupils.made)  # fmt: skip
        return
    slope, progress = heritage_terms(values, on, grade)
    terms_now = stage(values, on, grade)
    fresh, home = np.empty(pupils.rows, np.float32), np.empty(pupils.rows, np.float32)
    _draw(pupils.id, when(year), *lock(key), fresh)
    _home(pupils.heritage, pupils.income, pupils.parents, terms_now, slope, progress, home)
    _grow(
        pupils.start, pupils.first_school, pupils.come, pupils.registered, np.uint16(ever6),
        terms_now, lasting, further, flow, flow_dis, home, fresh, np.int8(grade), pupils.attain,
        pupils.made,
    )  # fmt: skip


@kernel
def _draw(ids: UInt32s, year: np.uint32, k0: np.uint32, k1: np.uint32, out: Float32s) -> None:
    for i in range(ids.size):
        out[i] = normal(draw(ids[i], year, _YEAR, _ZERO, k0, k1)[YEAR_LEARNING])


@kernel
def _home(
    heritage: Int8s,
    income: Float32s,
    parents: Float32s,
    stage: Stage,
    slope: Float32s,
    progress: Float32s,
    out: Float32s,
) -> None:
    """Write what home and group give each child, before the school has its say."""
    for i in range(out.size):
        g = np.uint64(heritage[i])
        y = (income[i] - stage.income_mean) * stage.income_scale
        out[i] = stage.income * y * slope[g] + stage.education * parents[i] + progress[g]


@kernel
def _reception(
    start: Int64s, first: int, come: Int8s, registered: UInt16s, ever6: np.uint16, flow: Float32s,
    flow_dis: Float32s, attain: Float32s, made: Float32s,
) -> None:  # fmt: skip
    """In Reception only what the school's money adds is new; the rest came with the child."""
    for s in range(start.size - 2):
        for i in range(start[s], start[s + 1]):
            extra = flow[first + s]
            if registered[i] & ever6:
                extra += flow_dis[first + s]
            extra = extra if come[i] == 0 else _F(0.0)
            attain[i] += extra
            made[i] += extra


@kernel
def _grow(
    start: Int64s, first: int, come: Int8s, registered: UInt16s, ever6: np.uint16, stage: Stage,
    lasting: Float32s, further: Float32s, flow: Float32s, flow_dis: Float32s, home: Float32s,
    fresh: Float32s, grade: np.int8, attain: Float32s, made: Float32s,
) -> None:  # fmt: skip
    """Update school by school; those on no roll, who come last, learn without a school.

    So do those who have yet to come, when a past is lived with the school they will go to.
    """
    last = start.size - 2
    none = _F(0.0)
    for s in range(last + 1):
        a, b = start[s], start[s + 1]
        if a == b:
            continue
        row, here = first + s, s < last
        base = lasting[row] if here else none
        base_dis = further[row] if here else none
        add = flow[row] if here else none
        add_dis = flow_dis[row] if here else none
        mean = _mean(attain[a:b])
        peers = stage.peers * mean if here else none
        _learn(
            stage, come[a:b], grade, registered[a:b], ever6, home[a:b], fresh[a:b], mean, peers,
            base, base_dis, add, add_dis, attain[a:b],
        )  # fmt: skip
        if grade < np.int8(FIRST_SECONDARY):
            _keep(
                stage, come[a:b], grade, registered[a:b], ever6, base, base_dis, add, add_dis,
                made[a:b],
            )  # fmt: skip


@kernel
def _mean(level: Float32s) -> np.float32:
    """Mean through fixed point (2^-20), so that the order of children cannot change it."""
    total = np.int64(0)
    for i in range(level.size):
        total += np.int64(level[i] * _F(FIXED_POINT))
    return _F(np.float64(total) / (FIXED_POINT * level.size))


@kernel
def _learn(
    stage: Stage, come: Int8s, grade: np.int8, bits: UInt16s, ever6: np.uint16, home: Float32s,
    luck: Float32s, mean: np.float32, peers: np.float32, base: np.float32, base_dis: np.float32,
    add: np.float32, add_dis: np.float32, level: Float32s,
) -> None:  # fmt: skip
    """Let the children of one school learn for a year."""
    for i in range(level.size):
        here = _F(1.0) if come[i] <= grade else _F(0.0)
        poor = _F(1.0) if bits[i] & ever6 else _F(0.0)
        push = here * (base + poor * base_dis)
        below = max(mean - level[i], _F(0.0))
        carry = stage.carry + poor * (stage.carry_dis - stage.carry)
        share = stage.share + poor * (stage.share_dis - stage.share)
        noise = stage.noise + poor * (stage.noise_dis - stage.noise)
        extra = here * (add + poor * add_dis)
        around = home[i] + push + here * peers - stage.setting * poor * below
        level[i] = (
            carry * level[i] + share * around + extra + noise * luck[i]
        )  # fmt: skip


@kernel
def _keep(
    stage: Stage, come: Int8s, grade: np.int8, bits: UInt16s, ever6: np.uint16, base: np.float32,
    base_dis: np.float32, add: np.float32, add_dis: np.float32, kept: Float32s,
) -> None:  # fmt: skip
    """Carry on what schools have made of the children of one primary."""
    for i in range(kept.size):
        here = _F(1.0) if come[i] <= grade else _F(0.0)
        poor = _F(1.0) if bits[i] & ever6 else _F(0.0)
        carry = stage.carry + poor * (stage.carry_dis - stage.carry)
        share = stage.share + poor * (stage.share_dis - stage.share)
        push = here * (base + poor * base_dis)
        kept[i] = carry * kept[i] + share * push + here * (add + poor * add_dis)


def fade(pupils: Pupils, learning: LearningBeliefs, on: Switches) -> None:
    """Take away, on entry to Year 7, the part of gains made before 11 that does not last."""
    if on.fade:
        pupils.attain -= _F(learning.fade) * pupils.made
