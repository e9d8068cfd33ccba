"""After Year 11: which route is taken, and which level is reached by 19.

A route is chosen by random utility over what can be reached; Level 2 and Level 3 follow from
attainment, route, background and a lasting trait that higher education sees again. Equations and
values were found by hand on targets 24, 25 and 38.

References:
    McFadden (1974), *Conditional logit analysis of qualitative choice behavior*.
    Dickerson and McIntosh (2013), *The impact of distance to nearest education institution on the
    post-compulsory education participation decision*.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Float32s, Int8s, Int32s, Reals, UInt32s, row_of
from sim.codes import (
    LEVEL3_ACADEMIC,
    LEVEL3_NONE,
    LEVEL3_TECHNICAL,
    LEVELS_SECOND,
    LEVELS_THIRD,
    LEVELS_TRAIT,
    LEVELS_WAY,
    OCCUPATION_WORKING,
    ROUTE_APPRENTICESHIP,
    ROUTE_COUNT,
    ROUTE_NONE,
    ROUTE_SCHOOL,
    ROUTE_TASTE,
    ROUTE_TECHNICAL,
)
from sim.config.models import Post16, Switches
from sim.config.values import Values
from sim.kernel import kernel
from sim.rng import BLOCK, Key, Luck, Purpose, draw_block, log32, luck, normal, uniform
from sim.world.adults import Adults
from sim.world.offers import Offers, travel_minutes

__all__ = [
    "Levels",
    "Utility",
    "bought",
    "choose_routes",
    "finish_levels",
    "levels",
    "utility",
]

_F = np.float32
_ZERO = np.uint32(0)
_ROUTE = np.uint32(int(Purpose.ROUTE))
_LEVELS = np.uint32(int(Purpose.LEVELS))


class Choosing(NamedTuple):
    """Who chooses a route, and which."""

    id: UInt32s
    small: Int32s
    area: Int32s
    heritage: Int8s
    occupation: Int8s
    girl: Bools
    ever6: Bools
    score: Float32s
    route: Int8s


class Utility(NamedTuple):
    """Utility of each route: what depends on place, and coefficients of what is the child's own.

    Attributes:
        place: Constant, places in reach and prospects, shape (small areas, 6).
        travel: What travelling takes off, shape (small areas, 6).
        older: What older neighbours add, shape (areas, 12): others, then ever-6.
        slope: Per SD of attainment, shape (areas, 6).
        ever6: For ever-6 pupils.
        migration: By heritage and route, shape (11, 6).
        attached: How much heavier travel weighs for children of working-class parents.
        sex: For boys and for girls, shape (2, 6).
    """

    place: Float32s
    travel: Float32s
    older: Float32s
    slope: Float32s
    ever6: Float32s
    migration: Float32s
    attached: np.float32
    sex: Float32s


def utility(
    offers: Offers, values: Values, on: Switches, policy: Post16, slack: Float32s | None = None
) -> Utility:
    """Read beliefs, switches and policy into the utility of routes.

    Args:
        offers: What can be reached, and older neighbours.
        values: All beliefs (`beliefs.values`): groups ``post16`` and ``offers``.
        on: Switches.
        policy: The post-16 levers.
        slack: How much harder work is to find around each area (`sim.world.labour.slack`), for
            whom it counts the more the lower they stand at 16; nowhere if not given.
    """
    post16, places = values.post16, offers.places
    place = np.tile(row_of(post16.route), (len(places), 1))
    if on.offer:
        supply = np.asarray(post16.places, _F)
        place[:, :ROUTE_APPRENTICESHIP] += supply[:ROUTE_APPRENTICESHIP] * places.log_places
        place[:, ROUTE_APPRENTICESHIP] += supply[ROUTE_APPRENTICESHIP] * places.log_apprenticeships
    more = _F(np.log1p(policy.technical_offer))
    place[:, ROUTE_TECHNICAL] += _F(post16.technical_pull) * more
    place[:, ROUTE_APPRENTICESHIP] += _F(post16.places[ROUTE_APPRENTICESHIP]) * more
    prospects = offers.neighbours.prospects[places.area]
    place[:, :ROUTE_TECHNICAL] += (post16.expectations * prospects)[:, None]
    slope = np.tile(row_of(post16.route_score), (len(offers.neighbours), 1))
    if slack is not None:
        harder = np.outer(slack, row_of(post16.route_slack)).astype(_F)
        place += harder[places.area]
        slope -= _F(values.spells.weaker) * harder
    minutes = travel_minutes(places, values.offers, on)
    away = np.asarray(minutes - row_of(values.offers.mean_minutes), _F)
    relief = 1 - post16.transport_relief * bool(policy.transport)
    travel = np.zeros_like(place)
    travel[:, :ROUTE_APPRENTICESHIP] = post16.travel / 10 * (away + (relief - 1) * minutes)
    seen = post16.neighbours if on.neighbours else 0.0
    older = offers.neighbours.routes.copy()
    if not on.after_school_background:
        older[:, ROUTE_COUNT:] = older[:, :ROUTE_COUNT]
    background = _F(on.after_school_background)
    bonus = background * row_of(post16.route_ever6)
    bonus[ROUTE_NONE] -= _F(post16.premium_stay * policy.premium_to_19_gbp / 1000)
    attached = bool(on.attachment and on.after_school_background)
    return Utility(
        place=place,
        travel=travel,
        older=np.asarray(seen * older, _F),
        slope=slope,
        ever6=bonus,
        migration=np.outer(row_of(post16.heritage), row_of(post16.route_migration)).astype(_F),
        attached=_F(post16.attached_travel * attached),
        sex=_by_sex(values) if on.sex else np.zeros((2, ROUTE_COUNT), _F),
    )


def _by_sex(values: Values) -> Float32s:
    """Return what boys and girls feel of routes beside their results, about a mean of nought."""
    found = np.zeros((2, ROUTE_COUNT))
    girls = values.people.girls
    found[:, ROUTE_APPRENTICESHIP] = values.post16.apprenticeship_girls * np.array(
        [-girls, 1 - girls]
    )
    return found.astype(_F)


def choose_routes(
    adults: Adults,
    offers: Offers,
    values: Values,
    on: Switches,
    key: Key,
    policy: Post16,
    slack: Float32s | None = None,
) -> None:
    """Let a cohort choose its route in the autumn after Year 11; writes route and sustained.

    Who is in no route for six months counts as not sustained, as in the destination measure.

    Args:
        adults: The cohort.
        offers: What can be reached, and older neighbours.
        values: All beliefs.
        on: Switches; ``post16`` off sends everybody to a technical college.
        key: Luck.
        policy: The post-16 levers.
        slack: As for `utility`.
    """
    if not on.post16:
        adults.route, adults.sustained = ROUTE_TECHNICAL, True
        return
    _choose(adults.view(Choosing), utility(offers, values, on, policy, slack), luck(key))
    adults.sustained = adults.route != ROUTE_NONE


@kernel
def _choose(people: Choosing, u: Utility, luck: Luck) -> None:
    words = np.empty((4, BLOCK), np.uint32)
    taste = np.empty((ROUTE_COUNT, BLOCK), np.float32)
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        for r in range(ROUTE_COUNT):
            draw_block(part, luck.when, _ROUTE, np.uint32(r), luck.k0, luck.k1, words)
            for j in range(part.size):
                taste[r, j] = -log32(-log32(uniform(words[ROUTE_TASTE, j])))
        for j in range(part.size):
            i = low + j
            home, area, poor = people.small[i], people.area[i], people.ever6[i]
            working = people.occupation[i] == OCCUPATION_WORKING
            felt = _F(1.0) + (u.attached if working else _F(0.0))
            seen = ROUTE_COUNT if poor else 0
            sex = 1 if people.girl[i] else 0
            best = _F(-np.inf)
            for r in range(ROUTE_COUNT):
                v = u.place[home, r] - felt * u.travel[home, r]
                v += u.older[area, seen + r] + u.slope[area, r] * people.score[i]
                v += u.migration[people.heritage[i], r] + (u.ever6[r] if poor else _F(0.0))
                v += u.sex[sex, r] + taste[r, j]
                if v > best:
                    best = v
                    people.route[i] = r


class Learning(NamedTuple):
    """Who may reach Level 2 and Level 3, and who did."""

    id: UInt32s
    heritage: Int8s
    fsm15: Bools
    ever6: Bools
    score: Float32s
    route: Int8s
    trait: Float32s
    level2: Bools
    level3: Int8s


class Levels(NamedTuple):
    """Coefficients of Level 2 and Level 3 by 19, probit units.

    Attributes:
        level3: Constant, slope of attainment, residual of FSM at 15.
        route: Shift of each route.
        migration: By FSM (0, 1) and heritage, shape (2, 11).
        level2: Constant, slope of attainment, residual of FSM at 15.
        academic: Constant of an academic Level 3, by route; then the slope of attainment.
        shared: Loading of the trait, and of the rest.
        premium: What extra money to 19 adds for ever-6 pupils.
    """

    level3: Float32s
    route: Float32s
    migration: Float32s
    level2: Float32s
    academic: Float32s
    shared: Float32s
    premium: np.float32


def levels(values: Values, on: Switches, policy: Post16) -> Levels:
    """Read beliefs (group ``post16``), switches and policy into the coefficients of levels."""
    post16 = values.post16
    background = np.array([1, 1, float(on.after_school_background)], _F)
    route = row_of(post16.level3_route)
    better = _F(post16.technical_quality * policy.technical_offer)
    route[[ROUTE_TECHNICAL, ROUTE_APPRENTICESHIP]] += better
    by_fsm = row_of(post16.level3_migration)
    if not on.after_school_background:
        by_fsm[1] = by_fsm[0]
    shared = np.sqrt(np.array([post16.trait, 1 - post16.trait]))
    return Levels(
        level3=row_of(post16.level3) * background,
        route=route,
        migration=np.outer(by_fsm, row_of(post16.heritage)).astype(_F),
        level2=row_of(post16.level2) * background,
        academic=row_of(post16.academic),
        shared=shared.astype(_F),
        premium=_F(post16.premium_level3 * policy.premium_to_19_gbp / 1000),
    )


def finish_levels(adults: Adults, values: Values, on: Switches, key: Key, policy: Post16) -> None:
    """Let a cohort reach Level 2 and Level 3 by 19, or not; writes trait, level2 and level3.

    Args:
        adults: The cohort, with its routes.
        values: All beliefs.
        on: Switches; ``post16`` off leaves attainment alone to decide.
        key: Luck.
        policy: The post-16 levers.
    """
    found = levels(values, on, policy)
    if not on.post16:
        found = found._replace(route=np.zeros_like(found.route))
    _finish(adults.view(Learning), found, luck(key))


@kernel
def _finish(people: Learning, of: Levels, luck: Luck) -> None:
    fsm15, ever6 = people.fsm15, people.ever6  # flags taken out of a loop save a tenth
    words = np.empty((4, BLOCK), np.uint32)
    normals = np.empty((4, BLOCK), np.float32)  # in loops of their own, which become wide
    for low in range(0, people.id.size, BLOCK):
        part = people.id[low : low + BLOCK]
        draw_block(part, luck.when, _LEVELS, _ZERO, luck.k0, luck.k1, words)
        for w in range(4):
            for j in range(part.size):
                normals[w, j] = normal(words[w, j])
        for j in range(part.size):
            i = low + j
            score, route = people.score[i], people.route[i]
            f = 1 if fsm15[i] else 0
            poor = _F(f)
            trait = normals[LEVELS_TRAIT, j]
            people.trait[i] = trait
            common = of.shared[0] * trait + of.migration[f, people.heritage[i]]
            if ever6[i]:
                common += of.premium
            third = of.level3[0] + of.level3[1] * score + of.level3[2] * poor + common
            third += of.route[route] + of.shared[1] * normals[LEVELS_THIRD, j]
            second = of.level2[0] + of.level2[1] * score + of.level2[2] * poor + common
            second += of.shared[1] * normals[LEVELS_SECOND, j]
            people.level3[i] = LEVEL3_NONE
            if third > _F(0.0):
                way = of.academic[route] + of.academic[ROUTE_COUNT] * score
                academic = way + normals[LEVELS_WAY, j] > _F(0.0)
                people.level3[i] = LEVEL3_ACADEMIC if academic else LEVEL3_TECHNICAL
            people.level2[i] = people.level3[i] > 0 or second > _F(0.0)


def bought(adults: Adults, policy: Post16) -> dict[str, Reals]:
    """Return what each post-16 lever buys for each person in a year between 16 and 18.

    In units of the lever's price: so much of everybody's technical route as the offer is larger,
    travel for everybody in education or an apprenticeship, pounds for the ever-6 among them.

    Args:
        adults: A cohort in year group 12 or 13, with its routes.
        policy: The post-16 levers.
    """
    staying = (adults.route >= ROUTE_SCHOOL) & (adults.route <= ROUTE_APPRENTICESHIP)
    technical = (adults.route == ROUTE_TECHNICAL) | (adults.route == ROUTE_APPRENTICESHIP)
    return {
        "post16.technical_offer": policy.technical_offer * technical,
        "post16.transport": float(policy.transport) * staying,
        "post16.premium_to_19_gbp": policy.premium_to_19_gbp * (adults.ever6 & staying),
    }
