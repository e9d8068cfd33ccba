r"""The labour market of teachers: what keeps them, who looks for a post, and who comes where.

Closed: who leaves a school moves to another or leaves teaching; posts are filled by those who
move, those who return and those who enter, all of one queue (`sim.markets.staff`) that ends at the
region and at the phase. Leaving falls with pay against pay outside, with development, and rises
where another post is easy to find:

.. math:: L_s = L^0_s \, W_s^{-\epsilon} (1 - k d_s) (O_s / O)^{\kappa} / c,

with :math:`L^0` what `sim.year.teachers` has of hardship and luck, :math:`W` pay here over pay
outside, :math:`d` the share of full development that is bought, :math:`O` open posts about and
:math:`c` the mean of all that in year 0, so that published leaving stays what it is.

How hard a school is to staff stands in what is measured of its recruits. So the queue is let in
twice, once with what schools offer and once as if all offered alike, and what differs is added to
vacancies, novices and quality of recruits. Where no offer moves anybody nothing is added.

References:
    Falch (2010, 2017) and Sims and Benhenda (2022) on pay; Britton and Propper (2016) on pay
    outside; Boyd, Lankford, Loeb and Wyckoff (2005) on distance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.arrays import Float64s, Reals
from sim.codes import AREA_COST_UNIT, PENCE, PHASES
from sim.config.school_levers import Schools as Granted
from sim.config.values import TeachersBeliefs
from sim.markets.staff import Filled, Ground, fill
from sim.world.tables import Areas, Schools

__all__ = [
    "Arrivals",
    "Market",
    "Usual",
    "bought",
    "by_class",
    "carried",
    "offer",
    "posts",
    "supplement",
    "unaided",
]

CLASSES = 5
"""Classes of quality of equal size, the best first; in each the experienced come first."""


class Usual(NamedTuple):
    """What offers do in year 0; frozen.

    Attributes:
        leaving: What they multiply leaving by, mean of the nation.
        pay: Log of what is added to pay, likewise.
        level: What fewer leavers do for a year's learning, SD: published leaving is that of
            schools that pay as they do, so that it is in no difference from the mean.
    """

    leaving: float = 1.0
    pay: float = 0.0
    level: float = 0.0


class Arrivals(NamedTuple):
    """What offers change at each school: more than there would be if all offered alike."""

    vacancy: Float64s
    """Posts left open, share of posts."""
    novices: Float64s
    """Novices among recruits, share."""
    quality: Float64s
    """Quality of recruits, teacher SD."""


def posts(schools: Schools, teachers: TeachersBeliefs) -> Float64s:
    """Return the teachers' posts of each school, by its phase's pupils a teacher."""
    return np.asarray(schools.paid_pupils / np.asarray(teachers.pupils_a_teacher)[schools.phase])


def offer(schools: Schools, kept: Float64s, trained: Float64s, teachers: TeachersBeliefs) -> None:
    """Set what a school's own margin offers its teachers.

    Args:
        schools: Writes ``pay_more`` and ``trained``.
        kept: Pence spent on keeping teachers, fixed costs taken off.
        trained: Development bought over a full dose, 0 to 1.
        teachers: Beliefs.
    """
    wages = PENCE * posts(schools, teachers) * _pay(schools, teachers) * teachers.pay_cost
    schools.pay_more = np.divide(kept, wages, out=np.zeros(len(schools)), where=wages > 0)
    schools.trained = trained


def _pay(schools: Schools, teachers: TeachersBeliefs) -> Float64s:
    """Return mean pay of a teacher at each school, GBP a year."""
    return np.asarray(teachers.pay_gbp * schools.area_cost / AREA_COST_UNIT)


def supplement(schools: Schools, asked: Granted, teachers: TeachersBeliefs) -> Float64s:
    """Return what policy adds to the pay of a teacher of each school, as a share of it."""
    paid = schools.listed | asked.retention_pay_everywhere
    return np.asarray(asked.retention_pay_gbp * paid / _pay(schools, teachers))


def bought(schools: Schools, asked: Granted, teachers: TeachersBeliefs) -> dict[str, Reals]:
    """Return what supplements to pay cost at each school, GBP, employer's costs included."""
    there = posts(schools, teachers) * (1 - schools.vacancy)
    each = supplement(schools, asked, teachers) * _pay(schools, teachers) * teachers.pay_cost
    return {"schools.retention_pay_gbp": np.asarray(there * each)}


def unaided(
    schools: Schools, areas: Areas, log_pay: Float64s, usual: Usual, teachers: TeachersBeliefs
) -> Float64s:
    """Return what leaving by hardship is multiplied by at a school that offers nothing itself.

    Args:
        schools: Reads areas and their cost.
        areas: Reads regions.
        log_pay: (9,) log of pay outside teaching by region, over the mean.
        usual: What was measured in year 0.
        teachers: Beliefs.
    """
    against = teachers.outside_part * _against(schools, areas, log_pay)
    return np.asarray(np.exp(-teachers.pay_leaving * against) / usual.leaving)


def _against(schools: Schools, areas: Areas, log_pay: Float64s) -> Float64s:
    """Return log of what staff cost at each school over pay outside in its region."""
    return np.asarray(
        np.log(schools.area_cost / AREA_COST_UNIT) - log_pay[areas.region[schools.area]]
    )


def carried(
    schools: Schools,
    eased: Float64s,
    leaving: Reals,
    factor: Reals,
    teachers: TeachersBeliefs,
) -> Float64s:
    """Return how much less leaving a school's own spending on pay and development makes.

    It is the leaving of `Market.stay` without that spending less the leaving with it: as much as
    pay keeps, or as it is believed to keep where that is more, and of those who would leave all
    the same a share by development.

    Args:
        schools: With ``pay_more`` and ``trained`` of its own margin.
        eased: Leaving that spending on pay is believed to avoid, share a year.
        leaving: Share that would leave, were nothing spent.
        factor: By what that is more than hardship alone has it (`unaided`).
        teachers: Beliefs.

    Returns:
        Share of teachers a year; where elasticities are 0, ``eased`` bit for bit.
    """
    paid = np.exp(-teachers.pay_leaving * np.log1p(schools.pay_more.astype(float)))
    kept = np.maximum(leaving * (1 - paid), factor * eased)
    developed = teachers.cpd_keeps * schools.trained.astype(float)
    return np.asarray(kept + (leaving - kept) * developed)


@dataclass
class Market:
    """One year's market.

    Attributes:
        schools: Reads offers and last year's leaving and vacancies; writes ``drawn``.
        areas: Reads regions and weights.
        teachers: Beliefs.
        log_pay: (9,) log of pay outside teaching by region, over the mean.
        supplement: (schools,) what policy adds to pay, as a share.
        usual: What was measured in year 0, and measured anew until then.
        measuring: Whether this is year 0 or before.
        alike: Queue as if all schools offered alike, once it has been let in.
        ledger: Queue with what schools offer, likewise.
    """

    schools: Schools
    areas: Areas
    teachers: TeachersBeliefs
    log_pay: Float64s
    supplement: Float64s
    usual: Usual
    measuring: bool
    alike: Filled = field(init=False)
    ledger: Filled = field(init=False)

    def __post_init__(self) -> None:
        """Look at what schools offer."""
        self.look()

    def look(self) -> None:
        """Look anew at what schools and policy offer."""
        schools, teachers = self.schools, self.teachers
        self.weight = self.areas.weight[schools.area].astype(float)
        self.posts = posts(schools, teachers)
        self.ground = _ground(schools, self.areas, teachers.near_km)
        self.added = np.log1p(schools.pay_more.astype(float) + self.supplement)
        against = _against(schools, self.areas, self.log_pay)
        self.pay = self.added + teachers.outside_part * against

    def stay(self, leaving: Float64s) -> Float64s:
        """Return the share that leaves each school once what it offers counts.

        A school's own spending on pay keeps as many as pay does, or as it is believed to return
        where that is more (``eased``): a pound acts once.

        Args:
            leaving: By hardship and luck, less ``eased``.
        """
        teachers, schools = self.teachers, self.schools
        own = np.log1p(schools.pay_more.astype(float))
        paid = (leaving + schools.eased) * np.exp(-teachers.pay_leaving * own)
        log = np.log1p(-teachers.cpd_keeps * schools.trained.astype(float))
        log = log - teachers.pay_leaving * (self.pay - own) + teachers.ease * np.log(self.ease())
        found = np.minimum(paid, leaving) * np.exp(log)
        if self.measuring:
            many = self.weight * self.posts
            before, now = np.sum(many * leaving), np.sum(many * found)
            pay = float(np.average(self.added, weights=many)) if many.any() else 0.0
            factor = float(now / before) if before > 0 else 1.0
            self.usual = self.usual._replace(leaving=factor, pay=pay)
        return np.asarray(np.clip(found / self.usual.leaving, 0, 1))

    @property
    def level(self) -> float:
        """What who stays for offers of year 0 does for a year's learning, SD."""
        return self.usual.level

    def ease(self) -> Float64s:
        """Return posts that came open about each school last year, per post, over the mean."""
        schools, ground = self.schools, self.ground
        many = self.weight * self.posts
        came = many * np.clip(schools.leaving + schools.vacancy, 0, 1)
        about = [
            ground.near @ np.bincount(ground.place, each, minlength=len(ground.near))
            for each in (came, many)
        ]
        mean = came.sum() / max(many.sum(), 1)
        share = _mean(about[0], about[1])
        known = (share > 0) & (mean > 0)
        return np.where(known, share / (mean or 1.0), 1.0)[ground.place]

    def arrive(self, leaving: Float64s, vacancy: Float64s, novices: Float64s) -> Arrivals:
        """Let the queue in, with what schools offer and as if all offered alike.

        Args:
            leaving: (schools,) share that leaves.
            vacancy: Share of posts left open as published figures have it.
            novices: Share of recruits who are new to teaching.
        """
        many = self.weight * self.posts
        open_posts = many * leaving
        queues = self.waiting(open_posts, np.maximum(open_posts - many * vacancy, 0), novices)
        liked = self.liked()
        self.alike, self.ledger = alike, offered = tuple(
            fill(by_class(*queue), open_posts, one, self.ground)
            for queue, one in zip(queues, liked, strict=True)
        )
        safe = np.where(many > 0, many, 1)
        came = [one.came.sum(axis=1) for one in (alike, offered)]
        self.schools.drawn = (came[1] - came[0]) / safe
        each = [
            [_mean(part, of) for part in self.brought(one)]
            for of, one in zip(came, (alike, offered), strict=True)
        ]
        return Arrivals(
            (offered.left - alike.left) / safe,
            each[1][0] - each[0][0],
            each[1][1] - each[0][1],
        )

    def brought(self, one: Filled) -> tuple[Float64s, Float64s]:
        """Return how many of those who came are novices, and the quality of all, added up."""
        quality = self.teachers.seen * _quality()
        return one.came[:, 1::2].sum(axis=1), one.came @ np.repeat(quality, 2)

    def liked(self) -> tuple[Float64s, Float64s]:
        """Return what a post is liked for if all offered alike, and with what they offer."""
        schools, teachers = self.schools, self.teachers
        hard = teachers.hardship_pull * (schools.ever6 / np.maximum(schools.pupils, 1))
        far = teachers.isolation_pull * self.areas.log_isolation[schools.area]
        alike = -hard - far
        return np.exp(alike), np.exp(alike + teachers.pay_pull * self.pay)

    def waiting(
        self, open_posts: Float64s, filled: Float64s, novices: Float64s
    ) -> tuple[tuple[Float64s, Float64s], tuple[Float64s, Float64s]]:
        """Return who looks for a post in each place, experienced and novices: as ever, and now.

        Some of those who left look for another post; the rest of what is usually filled are
        entrants and returners. With *entry* above 0 more of these come where pay has risen.
        """
        place, size = self.ground.place, len(self.ground.near)

        def there(many: Float64s) -> Float64s:
            return np.bincount(place, many, minlength=size).astype(float)

        moving = self.teachers.movers * there(open_posts)
        fresh, usual = there(filled * novices), there(filled)
        back = np.maximum(usual - fresh - moving, 0)
        many = self.weight * self.posts
        here, more = there(many), there(many * (self.added - self.usual.pay))
        rise = np.exp(self.teachers.entry * _mean(more, here))
        return (moving + back, fresh), (moving + back * rise, fresh * rise)


def _mean(total: Float64s, of: Float64s) -> Float64s:
    """Return a mean, nothing where it is of nobody."""
    return np.divide(total, of, out=np.zeros(of.size), where=of > 0)


def by_class(experienced: Float64s, novices: Float64s) -> Float64s:
    """Return (places, classes x 2) teachers in the order of the queue."""
    both = np.stack([experienced, novices], axis=1) / CLASSES
    return np.tile(both, (1, CLASSES))


def _quality() -> Float64s:
    """Return the mean of each class of a standard normal, the best first."""
    cuts = ndtri(np.arange(CLASSES, -1, -1) / CLASSES)
    density = np.exp(-(cuts**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(np.diff(density) * CLASSES)


def _ground(schools: Schools, areas: Areas, near_km: float) -> Ground:
    """Return the places of the market: areas by phase; no one crosses a region or a phase."""
    count = len(areas)
    heads = np.maximum(np.bincount(schools.area, minlength=count), 1)
    spot = [
        np.bincount(schools.area, at.astype(float), minlength=count) / heads
        for at in (schools.x, schools.y)
    ]
    km = np.hypot(*(at[:, None] - at for at in spot))
    near = np.exp(-km / near_km) * (areas.region[:, None] == areas.region)
    place = schools.area + count * schools.phase.astype(np.int64)
    return Ground(place, np.kron(np.eye(len(PHASES)), near))
