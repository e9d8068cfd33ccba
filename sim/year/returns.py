"""Returns: what a school's money does.

The return of a pound over the whole portfolio is one belief (`money.return_per_thousand`); beliefs
about programmes only say how returns compare within it. That return is the *average* over a
school's margin. Returns saturate in the pounds a pupil has over the cost of standard staffing
(`saturated`), so the next pound does less than the average one. A pound acts once: what is spent on
keeping teachers acts through teachers leaving less often, the rest as a flow into learning some
years later. Where teachers hear of money their market says what such spending does (`carried` in
`sim.year.staffing`), and what that is beyond the belief is taken out of the flow of whoever spends.

References:
    Jackson and Mackevicius (2024), *What impacts can we expect from school spending policy?*
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

from sim.codes import AREA_COST_UNIT, PENCE
from sim.config.models import Switches
from sim.config.values import MoneyBeliefs, PlansBeliefs, TeachersBeliefs, Values
from sim.world.programmes import CPD, RETENTION, TUTORING, meant_for, standard_cost
from sim.world.tables import Schools

__all__ = [
    "Portfolio",
    "by_mechanism",
    "effective_pence",
    "feel",
    "feel_later",
    "for_reached",
    "for_teachers",
    "harm",
    "money_flows",
    "portfolio",
    "saturated",
]

THOUSAND_POUNDS = 100_000
Pence = NDArray[Any]
Floats = NDArray[np.float64]


def effective_pence(margin: Pence, spend: Pence, fixed: Pence, plans: PlansBeliefs) -> Floats:
    """Return the margin in pence of average return: relative returns, fixed costs taken off."""
    useful = np.maximum(spend - fixed, 0)
    return np.asarray(margin - spend.sum(axis=1) + useful @ np.asarray(plans.relative_return))


class Portfolio(NamedTuple):
    """What is measured in year 0 of what money does, and frozen.

    ``scale`` makes the mean return of all margins the believed one: afterwards a better or worse
    use of money shows. ``ever6`` is the share of disadvantaged pupils in the nation's schools, to
    which concentration is relative.
    """

    scale: float = 1.0
    ever6: float = 0.0


class _Split(NamedTuple):
    """Pence of a margin by whom they are for.

    ``general`` act for all; ``kept`` are earmarked for disadvantaged pupils out of the margin;
    ``beyond`` are earmarked although the margin does not hold them, so all others lose them.
    """

    general: Floats
    kept: Floats
    beyond: Floats


class _Factors(NamedTuple):
    """What saturation and concentration do to an average return, one number a school.

    For a pupil with general money only, for a disadvantaged one with what is earmarked on top, and
    for the school as a whole.
    """

    others: Floats
    disadvantaged: Floats
    school: Floats


class _Worth(NamedTuple):
    """What margins are split into, and what they do.

    ``ratio``: effective pounds a pound of margin; ``a_pound``: SD a year of one a pupil;
    ``disadvantaged``: what it does for a disadvantaged pupil, times that.
    """

    split: _Split
    factors: _Factors
    ratio: Floats
    a_pound: float
    disadvantaged: Floats


def saturated(ratio: Floats, theta: float) -> Floats:
    """Return the average return of money at so many pounds over the standard, 1 at the standard.

    The factor is ``1 + theta ln(ratio)``. With a margin m and pounds P a pupil the next pound then
    returns ``1 + theta (ln(ratio) + m / P)`` of the first. Where that has fallen to nothing, more
    money does neither good nor harm: the average falls as pounds rise, and never below 0.

    Args:
        ratio: Pounds a pupil over the cost of standard staffing a pupil, above 0.
        theta: Belief, 0 (a pound always does the same) or less.

    >>> saturated(np.array([1.0, np.e]), -0.25).tolist()
    [1.0, 0.75]
    """
    if theta >= 0:
        return np.asarray(1 + theta * np.log(ratio))
    # The next pound does nothing where ln x + 1 - 1/x = -1/theta.
    inverse = float(np.real(lambertw(np.exp(1 + 1 / theta))))
    peak = 1 / inverse if inverse > 0 else np.inf
    factor = np.asarray(1 + theta * np.log(np.minimum(ratio, peak)))
    beyond = ratio > peak
    factor[beyond] *= (peak - 1) / (ratio[beyond] - 1)
    return factor


def _split(schools: Schools, plans: PlansBeliefs) -> _Split:
    """Split each margin by whom it is for.

    Premium and targeted money reach disadvantaged pupils first, as far as schools let them. A
    school short of margin pools a part of what it cannot keep out of its margin; the rest it keeps
    for them all the same, and what it has for all falls by as much: money acts once.
    """
    reach = plans.premium_reach * (schools.premium + schools.targeted)
    most = np.maximum(schools.margin, 0)
    wanted = np.where(meant_for(schools) > 0, np.maximum(reach, schools.spend[:, TUTORING]), 0)
    kept = np.rint(np.minimum(wanted, most))
    beyond = np.rint((1 - plans.pooled) * np.maximum(wanted - most, 0))
    return _Split(schools.margin - kept, kept, beyond)


def _shares(schools: Schools) -> Floats:
    """Return the share of disadvantaged pupils in each school."""
    return _share_of(schools.ever6, schools)


def _share_of(pupils: NDArray[np.int64], schools: Schools) -> Floats:
    return np.asarray(np.clip(pupils / np.maximum(schools.paid_pupils, 1), 0, 1))


def _factors(schools: Schools, split: _Split, ever6: float, values: Values) -> _Factors:
    """Return how saturation and concentration change average returns."""
    plans, money = values.plans, values.money
    standard = np.maximum(standard_cost(schools, plans), 1)
    # What is for disadvantaged pupils alone counts in full for each of them.
    everybody = split.general - split.beyond
    share = _share_of(meant_for(schools), schools)
    theirs = (split.kept + split.beyond) / np.where(share > 0, share, 1)
    crowd = np.maximum(1 + money.concentration * (_shares(schools) - ever6), 0)

    def of(pence: Floats) -> Floats:
        # Below half of standard staffing nothing is known of what a pound would do.
        return np.asarray(
            crowd * saturated(np.maximum(1 + pence / standard, 0.5), money.saturation)
        )

    return _Factors(of(everybody), of(everybody + theirs), of(schools.margin))


def _useful(schools: Schools, fixed: Pence, programme: int) -> Floats:
    """Return what is spent on a programme beyond its fixed cost, pence."""
    return np.asarray(np.maximum(schools.spend[:, programme] - fixed[:, programme], 0), float)


def for_teachers(schools: Schools, fixed: Pence, plans: PlansBeliefs) -> tuple[Floats, Floats]:
    """Return pence that keep teachers, and development bought over its full dose, 0 to 1."""
    full = PENCE * plans.dose[CPD] * schools.paid_pupils * schools.area_cost / AREA_COST_UNIT
    taught = _useful(schools, fixed, CPD)
    share = np.divide(taught, full, out=np.zeros(len(schools)), where=full > 0)
    return _useful(schools, fixed, RETENTION), np.clip(share, 0, 1)


def _returns(schools: Schools, fixed: Pence, plans: PlansBeliefs) -> tuple[Floats, Floats]:
    """Return, per pound of margin, its effective pounds, with and without spending on retention."""
    margin = schools.margin
    whole = effective_pence(margin, schools.spend, fixed, plans)
    keeping = _useful(schools, fixed, RETENTION) * plans.relative_return[RETENTION]
    safe = np.where(margin == 0, 1, margin)
    return whole / safe, (whole - keeping) / safe


def portfolio(
    schools: Schools,
    fixed: Pence,
    weight: NDArray[np.int64],
    values: Values,
) -> Portfolio:
    """Return the factor that makes the mean return of all margins the believed one.

    Measured in the baseline's year 0 and frozen, with saturation and concentration counted.
    """
    plans, money = values.plans, values.money
    pupils = np.sum(weight * schools.paid_pupils)
    ever6 = float(np.sum(weight * schools.ever6) / max(pupils, 1))
    split = _split(schools, plans)
    factors, share = _factors(schools, split, ever6, values), _shares(schools)
    dis = money.disadvantaged_multiplier * factors.disadvantaged
    mean = factors.others + (dis - factors.others) * share
    whole, flowing = _returns(schools, fixed, plans)
    # Teachers who stay help all pupils of a school alike, whoever the money was meant for.
    staying = (whole - flowing) * schools.margin * _mean_factor(schools, factors, money)
    gained = flowing * (split.general * mean + split.kept * dis)
    gained = gained + split.beyond * (dis - mean)
    spent = float(np.sum(weight * schools.margin.astype(float)))
    total = float(np.sum(weight * (gained + staying)))
    return Portfolio(spent / total if spent > 0 and total > 0 else 1.0, ever6)


def _mean_factor(schools: Schools, factors: _Factors, money: MoneyBeliefs) -> Floats:
    """Return what a pound spent on the whole school does for its mean, others = 1."""
    more = (money.disadvantaged_multiplier - 1) * _shares(schools)
    return np.asarray(factors.school * (1 + more))


def money_flows(
    schools: Schools,
    fixed: Pence,
    year_zero: Portfolio,
    use: NDArray[np.float32],
    values: Values,
    on: Switches,
) -> tuple[Floats, Floats, Floats]:
    """Return what this year's money will add to learning.

    Args:
        schools: With margin, spend, premium and targeted money set.
        fixed: Fixed costs of programmes, pence.
        year_zero: From `portfolio`.
        use: How well each school uses money, mean 1.
        values: Beliefs.
        on: Switches; ``money`` acts here.

    Returns:
        SD a year for every pupil, further SD a year for disadvantaged pupils, and teachers'
        leaving avoided (share a year); float64, one number a school. Where programmes follow
        another register, what is spent on whom they reach is `for_reached`, and no part of these.
    """
    plans, money, teachers = values.plans, values.money, values.teachers
    if not on.money:
        return np.zeros(len(schools)), np.zeros(len(schools)), np.zeros(len(schools))
    worth = _worth(schools, fixed, year_zero, values)
    split, factors, ratio, a_pound, dis = worth
    cost = schools.area_cost / AREA_COST_UNIT
    pupils = np.maximum(schools.paid_pupils, 1)
    moved = a_pound * use * split.beyond
    general = a_pound * ratio * use * split.general / (pupils * cost) - moved / (pupils * cost)
    useful = _useful(schools, fixed, RETENTION)
    gain = a_pound * plans.relative_return[RETENTION] * useful / (pupils * cost)
    gain = gain * _mean_factor(schools, factors, money)
    further = general * (dis - factors.others)
    if not schools.has("flow_reached"):
        further = further + _earmarked(schools, worth, use)
    return general * factors.others, further, gain / harm(teachers)


def _worth(schools: Schools, fixed: Pence, year_zero: Portfolio, values: Values) -> _Worth:
    """Work out what margins are split into, and what a pound of each part does."""
    split = _split(schools, values.plans)
    factors = _factors(schools, split, year_zero.ever6, values)
    return _Worth(
        split,
        factors,
        ratio=_returns(schools, fixed, values.plans)[1],
        a_pound=values.money.return_per_thousand * year_zero.scale / THOUSAND_POUNDS,
        disadvantaged=values.money.disadvantaged_multiplier * factors.disadvantaged,
    )


def _earmarked(schools: Schools, worth: _Worth, use: NDArray[np.float32]) -> Floats:
    """Return what money kept for disadvantaged pupils does for one of those it is spent on."""
    split, _, ratio, a_pound, dis = worth
    cost, poor = schools.area_cost / AREA_COST_UNIT, np.maximum(meant_for(schools), 1)
    moved = a_pound * use * split.beyond
    each = a_pound * ratio * use * split.kept / (poor * cost) + moved / (poor * cost)
    return np.asarray(each * dis)


def for_reached(
    schools: Schools,
    fixed: Pence,
    year_zero: Portfolio,
    use: NDArray[np.float32],
    values: Values,
    on: Switches,
) -> Floats:
    """Return what this year's money will do for those whom programmes reach, SD a year.

    Asked where they are others than disadvantaged pupils; arguments as those of `money_flows`.
    """
    if not on.money:
        return np.zeros(len(schools))
    return _earmarked(schools, _worth(schools, fixed, year_zero, values), use)


def by_mechanism(schools: Schools, weight: NDArray[np.int64]) -> tuple[float, float]:
    """Return what margins add to a year's learning through who stays, and else, SD x pupils.

    Area cost counts, so that over thousands of pounds both together are the return of a pound.
    Known where teachers hear of money; elsewhere nothing is told apart.
    """
    cost = weight * schools.area_cost / AREA_COST_UNIT
    staff = schools.carried * schools.paid_pupils
    flow = schools.flow_all[:, -1] * schools.paid_pupils + schools.flow_dis[:, -1] * schools.ever6
    if schools.has("flow_reached"):
        flow = flow + schools.flow_reached[:, -1] * schools.reached
    return float(np.sum(cost * staff)), float(np.sum(cost * flow))


def harm(teachers: TeachersBeliefs) -> float:
    """Return what a teacher's leaving costs a year's learning once it goes on, SD per share.

    The loss itself, novices (a recruit counts as one for two years), and posts left vacant.
    """
    return float(
        teachers.turnover_harm
        + 2 * teachers.novice_penalty * teachers.novice_recruits
        + teachers.vacancy_harm * teachers.vacancy_leaving
    )


def feel(schools: Schools, phase_money: tuple[Floats, Floats, Floats], lag: int) -> None:
    """Put this year's flows at the end of their delay, so that they act ``lag`` years from now."""
    for name, fresh in zip(("flow_all", "flow_dis"), phase_money[:2], strict=True):
        feel_later(schools, name, fresh, lag)
    schools.eased = phase_money[2]


def feel_later(schools: Schools, name: str, fresh: Floats, lag: int) -> None:
    """Put what this year's money will do at the end of its delay in one column."""
    ring = schools.get(name)
    ring[:, :-1] = ring[:, 1:]
    ring[:, -1] = 0
    ring[:, lag:] = np.asarray(fresh, np.float32)[:, None]
