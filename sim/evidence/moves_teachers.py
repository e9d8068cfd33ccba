"""What offers do in the market of teachers, read off a model at the start of policy year 1.

The market is off unless asked for: a reading needs its switch, and may change the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.evidence.probes import at_once
from sim.markets.staff import Filled
from sim.model import SchoolsModel
from sim.model.allocation import pay_schools
from sim.model.plans import make_plans
from sim.model.teachers import market_of, staff_schools
from sim.year import staffing, teachers

__all__: list[str] = []

Floats = NDArray[np.float64]
POUNDS = 2000
NEARER = 20
"""Kilometres of the few areas of the world of the tests are divided by this: all are in reach."""


def _usual(model: SchoolsModel) -> Floats:
    return teachers.usual_leaving(
        model.world.schools, model.world.areas, model.terms.values.teachers
    )


def _market(model: SchoolsModel, pounds: float = 0.0) -> staffing.Market:
    """Let schools plan, and meet the market under a supplement for every teacher."""
    pay_schools(model.nation, model.year)
    make_plans(model.nation, model.year)
    market = market_of(model.nation)
    known, schools = model.terms.values.teachers, model.world.schools
    asked = model.nation.policy.schools.model_copy(
        update={"retention_pay_gbp": pounds, "retention_pay_everywhere": True}
    )
    market.supplement = staffing.supplement(schools, asked, known)
    market.look()
    return market


def _in_one_place(model: SchoolsModel) -> staffing.Market:
    """Put all areas near one another into one region, and let the queue in."""
    model.world.areas.region = 0
    for at in ("x", "y"):
        model.world.schools.get(at)[...] /= NEARER
    market = _market(model)
    leaving, known = _usual(model), model.terms.values.teachers
    market.arrive(leaving, np.full(leaving.size, known.vacancy), np.zeros(leaving.size))
    return market


def _met(model: SchoolsModel, values: Floats) -> float:
    return float(np.average(values, weights=model.world.schools.pupils))


def _halves(values: Floats, by: Floats) -> float:
    """Return the mean where something is above its median less that elsewhere."""
    above = by > np.median(by)
    return float(values[above].mean() - values[~above].mean())


@at_once("share of pay")
def pay_more(model: SchoolsModel) -> float:
    """What schools' own margins add to teachers' pay."""
    _market(model)
    return _met(model, model.world.schools.pay_more.astype(float))


@at_once("share")
def leavers_kept_by_pay(model: SchoolsModel) -> float:
    """Share fewer who leave under GBP 2,000 a year on top of the pay of every teacher."""
    less, more = (_met(model, _market(model, at).stay(_usual(model))) for at in (0, POUNDS))
    return 1 - more / less


@at_once("share")
def leavers_kept_by_development(model: SchoolsModel) -> float:
    """Share fewer who leave with a full dose of teachers' development."""
    market, found = _market(model), []
    for dose in (0, 1):
        model.world.schools.trained = dose
        found.append(_met(model, market.stay(_usual(model))))
    return 1 - found[1] / found[0]


@at_once("log ratio")
def turnover_outside_gap(model: SchoolsModel) -> float:
    """What pay does to leaving where pay outside is high for what staff cost, less elsewhere."""
    market = _market(model)
    outside = market.added - market.pay
    against = market.log_pay[model.world.areas.region[model.world.schools.area]] - np.log(
        model.world.schools.area_cost.astype(float)
    )
    return model.terms.values.teachers.pay_leaving * _halves(outside, against)


@at_once("log ratio")
def turnover_ease_slope(model: SchoolsModel) -> float:
    """Leaving as the market has it where many posts come open about, less elsewhere."""
    market = _market(model)
    return _halves(np.log(market.stay(_usual(model))), market.ease())


@at_once("share")
def recruits_moving(model: SchoolsModel) -> float:
    """Of those who look for a post, how many come from another school."""
    market, usual = _market(model), _usual(model)
    many = market.weight * market.posts * usual
    (experienced, _), _ = market.waiting(many, many, np.ones(usual.size))
    return float(experienced.sum() / many.sum())


@at_once("share of posts")
def drawn_spread(model: SchoolsModel) -> float:
    """Spread over schools of recruits more or fewer than if all offered alike."""
    _market(model)
    staff_schools(model.nation, model.year)
    return float(model.world.schools.drawn.std())


@at_once("share of posts")
def vacancies_under_pay(model: SchoolsModel) -> float:
    """What GBP 2,000 more for every teacher, and offers of schools, do to posts left open."""
    market, usual = _market(model, POUNDS), _usual(model)
    known = model.terms.values.teachers
    novices = np.full(usual.size, known.novice_recruits)
    return _met(model, market.arrive(usual, np.full(usual.size, known.vacancy), novices).vacancy)


def _quality(market: staffing.Market, one: Filled) -> Floats:
    """Return the mean quality of those who came to each school, teacher SD."""
    came = np.maximum(one.came.sum(axis=1), np.finfo(float).tiny)
    return np.asarray(market.brought(one)[1] / came)


@at_once("teacher SD per unit of ever-6")
def queue_sorting(model: SchoolsModel) -> float:
    """How the queue alone sorts recruits by the ever-6 share of schools."""
    market, schools = _in_one_place(model), model.world.schools
    share = schools.ever6 / np.maximum(schools.pupils, 1)
    return float(np.polyfit(share, _quality(market, market.alike), 1)[0])


@at_once("teacher SD")
def queue_quality_spread(model: SchoolsModel) -> float:
    """Spread over schools of the quality of recruits that the queue alone makes."""
    market = _in_one_place(model)
    return float(_quality(market, market.alike).std())


@at_once("share of posts")
def queue_isolation(model: SchoolsModel) -> float:
    """Posts that the queue alone leaves open, the more isolated half of areas less the others."""
    market = _in_one_place(model)
    far = model.world.areas.log_isolation[model.world.schools.area].astype(float)
    return _halves(market.alike.left / np.maximum(market.weight * market.posts, 1), far)


@at_once("share")
def recruits_from_elsewhere(model: SchoolsModel) -> float:
    """Teachers who first look at a post in another area than they are in."""
    market, usual = _in_one_place(model), _usual(model)
    many, ground = market.weight * market.posts * usual, market.ground
    (experienced, novices), _ = market.waiting(many, many, np.zeros(usual.size))
    there = np.bincount(ground.place, many * market.liked()[0], minlength=len(ground.near))
    reach = np.maximum(ground.near @ there, np.finfo(float).tiny)
    return 1 - float(np.average(there / reach, weights=experienced + novices))
