"""Who gets which job where: a market that clears exactly, in one pass.

All labour markets rank people alike, by score, so deferred acceptance is a queue: the best comes
first and takes the market liked best among those that still have room; then the next. Nobody holds
two jobs and no job has two holders. A person who stands for ``weight`` people takes that many posts
or none, so posts left over where people wait are fewer than the largest weight. The result depends
on scores and ids, never on the order of rows.

A market's appeal is what is better of two: to move house, which takes off distance; or to go there
every day, which keeps the attachment to home and takes off the daily way. To it comes a lasting
taste drawn once a life: part of it for the region, part for the market within it. An offer far
less liked than home is refused: rather the next level of job at home. Where every region is one
market nobody goes to another region every day.

References:
    McFadden (1974), *Conditional logit analysis*, and (1978), *Modelling the choice of residential
    location*, for tastes and their nests; Gale and Shapley (1962) and Abdulkadiroglu and Sonmez
    (1998), *Random serial dictatorship*, for queues as matchings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s, Float64s, Int64s
from sim.codes import JOB_PARTY_MARKETS, JOB_PARTY_TASTES, NOWHERE, REGION_COUNT
from sim.config.models import Switches
from sim.config.values import Group
from sim.kernel import kernel
from sim.rng import Key, Luck, Purpose, luck, philox

__all__ = [
    "REGIONS_ALONE",
    "Assignment",
    "Demand",
    "Layout",
    "Liking",
    "People",
    "Places",
    "Scene",
    "appeal",
    "assign",
    "best",
    "commutes",
    "queue",
    "serve",
]

_F = np.float32
Own = TypeVar("Own", bound=Group)
_U = np.uint64
_STEPS = 1024
_TASTE_PARTY = _U(JOB_PARTY_TASTES)
_MARKET_PARTY = _U(JOB_PARTY_MARKETS)
_A_DRAW = 12  # tastes of one draw: three to each of its four words
_PURPOSE = _U(int(Purpose.JOB))
_TEN_BITS = _U(_STEPS - 1)
_NEVER = _F(-np.inf)
# Quantiles of the Gumbel distribution at the middles of 1,024 equally likely steps: one table
# look-up instead of two logarithms, nine times a person.
_TASTES = np.asarray(-np.log(-np.log((np.arange(_STEPS) + 0.5) / _STEPS)), np.float32)


class Scene(NamedTuple, Generic[Own]):
    """What a process after school is run under."""

    beliefs: Own
    """Beliefs of the process's own group."""
    on: Switches
    """Switches."""
    key: Key
    year: int
    """School year, by the calendar year it ends in."""


class People(NamedTuple):
    """Those who look for a job, one entry a person."""

    ids: NDArray[np.uint32]
    home: NDArray[np.int8]
    """Labour market of the home."""
    pull: NDArray[np.float32]
    """Attachment to home, in units of taste."""
    weight: NDArray[np.int64]
    """How many people, hence posts, this one stands for."""

    def at(self, rows: NDArray[np.intp]) -> People:
        """Return some of them."""
        return People._make(part[rows] for part in self)

    @classmethod
    def together(cls, several: Sequence[People]) -> People:
        """Return the people of several pools, one pool after the other."""
        return cls._make(np.concatenate(parts) for parts in zip(*several, strict=True))


class Layout(NamedTuple):
    """Which labour markets there are, and how they hang together."""

    region: NDArray[np.int64]
    """(markets,) region each lies in, 0 to 8."""
    daily: NDArray[np.float32]
    """(markets, markets) what the daily way to a job takes off its appeal for who stays at home;
    taste units. Empty: every region is one market, and nobody goes to another one every day."""
    shared: float
    """What the taste for its region counts for in that for a market."""
    own: float
    """What a taste of the market's own counts for beside it."""


REGIONS_ALONE = Layout(np.arange(REGION_COUNT), np.empty((0, 0), np.float32), 1.0, 0.0)
"""Every region is one labour market, and no job of another one is near enough for every day."""


class Liking(NamedTuple):
    """What a market is liked for, the same for everybody."""

    distance: NDArray[np.float32]
    """(markets, markets) what moving house takes off the appeal, by distance; taste units."""
    reserve: float
    """A market whose appeal is further below home's than this is refused."""
    layout: Layout = REGIONS_ALONE
    """The markets: nine regions if not given."""


class Places(NamedTuple):
    """What recruitment needs to know of each area."""

    weight: Int64s
    """People that one of the area stands for."""
    market: NDArray[np.int8]
    """Labour market of homes: the region, 0 to 8, or the ITL2 region."""


class Demand(NamedTuple):
    """How many posts there are for how many people; columns professional, middle, lower."""

    per_leaver: Float64s
    """(markets, 3) posts per person raised in the labour market, at 25 to 29."""
    by_age: Float64s
    """(12, 3) posts at ages 19 to 30, relative to those at 25 to 29."""
    distance: Float64s
    """(markets, markets) hundreds of kilometres between labour markets."""
    layout: Layout = REGIONS_ALONE
    """The markets: nine regions if not given."""


class Assignment(NamedTuple):
    """What came of one clearing."""

    market: NDArray[np.int8]
    """(people,) labour market of the job, or -1."""
    forced: NDArray[np.bool_]
    """(people,) works away though home is liked better, because home had no post left."""
    left: NDArray[np.int64]
    """(markets,) posts nobody took."""
    cutoff: NDArray[np.float32]
    """(markets,) lowest score that got a post; minus infinity where none was given."""


def queue(score: NDArray[np.float32], ids: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return the rows from the highest score down, equal scores by id.

    >>> queue(np.float32([1, 3, 1]), np.uint32([8, 9, 7])).tolist()
    [1, 2, 0]
    """
    bits = (np.asarray(score, np.float32) + _F(0.0)).view(np.uint32)  # minus zero becomes zero
    rising = np.where(bits >> np.uint32(31), ~bits, bits | np.uint32(0x80000000))
    return np.argsort((~rising).astype(np.uint64) << _U(32) | ids)


def assign(
    people: People,
    score: NDArray[np.float32],
    posts: NDArray[np.int64],
    liking: Liking,
    key: Key,
    line: NDArray[np.intp] | None = None,
) -> Assignment:
    """Give posts of one level to people, the highest score first.

    Args:
        people: Who looks for a job.
        score: (people,) what every market ranks them by.
        posts: (markets,) vacancies.
        liking: What is liked and what is refused.
        key: Luck: tastes are drawn once for a whole life.
        line: Rows of those who stand in the `queue`, in its order; everybody if not given.
    """
    line = queue(score, people.ids) if line is None else line
    found = serve(people.at(line), score[line], posts, liking, key)
    market, forced = np.full(score.size, NOWHERE, np.int8), np.zeros(score.size, np.bool_)
    market[line], forced[line] = found.market, found.forced
    return found._replace(market=market, forced=forced)


def serve(
    people: People,
    score: NDArray[np.float32],
    posts: NDArray[np.int64],
    liking: Liking,
    key: Key,
) -> Assignment:
    """Do as `assign` for people who already stand in the order of `queue`.

    Walking through memory in order is five times faster than jumping about in it.
    """
    found = Assignment(
        market=np.full(score.size, NOWHERE, np.int8),
        forced=np.zeros(score.size, np.bool_),
        left=posts.astype(np.int64),
        cutoff=np.full(posts.size, -np.inf, np.float32),
    )
    if score.size:
        _serve(people, score, liking, luck(key), found)
    return found


def appeal(people: People, liking: Liking, key: Key) -> NDArray[np.float32]:
    """Return (people, markets) how much each is liked; minus infinity where it is refused."""
    out = np.empty((people.ids.size, liking.layout.region.size), np.float32)
    _appeal_all(people, liking, luck(key), out)
    return out


def commutes(people: People, market: NDArray[np.int8], liking: Liking) -> NDArray[np.bool_]:
    """Return who goes from home to a job every day rather than move house for it.

    Args:
        people: Who has found a job.
        market: (people,) where the job is.
        liking: What moving, and the daily way, take off the appeal.
    """
    local = people.home == market
    if not liking.layout.daily.size:
        return np.asarray(local)
    at = people.home, market
    return np.asarray(local | (people.pull - liking.layout.daily[at] > -liking.distance[at]))


@kernel
def _regions(one: np.uint32, luck: Luck, out: Float32s) -> None:
    """Write one person's lasting tastes for the nine regions.

    Written out field by field: a loop over fields is three times slower.
    """
    a, b, c, _ = philox(_U(one), _U(0), _PURPOSE, _TASTE_PARTY, _U(luck.k0), _U(luck.k1))
    out[0] = _TASTES[a & _TEN_BITS]
    out[1] = _TASTES[(a >> _U(10)) & _TEN_BITS]
    out[2] = _TASTES[(a >> _U(20)) & _TEN_BITS]
    out[3] = _TASTES[b & _TEN_BITS]
    out[4] = _TASTES[(b >> _U(10)) & _TEN_BITS]
    out[5] = _TASTES[(b >> _U(20)) & _TEN_BITS]
    out[6] = _TASTES[c & _TEN_BITS]
    out[7] = _TASTES[(c >> _U(10)) & _TEN_BITS]
    out[8] = _TASTES[(c >> _U(20)) & _TEN_BITS]


@kernel
def _markets(one: np.uint32, layout: Layout, luck: Luck, of: Float32s, out: Float32s) -> None:
    """Write one person's lasting tastes for all markets, from those for their regions."""
    many = layout.region.size
    shared, own = _F(layout.shared), _F(layout.own)
    for low in range(0, many, _A_DRAW):
        party = _MARKET_PARTY + _U(low // _A_DRAW)
        words = philox(_U(one), _U(0), _PURPOSE, party, _U(luck.k0), _U(luck.k1))
        m = low
        for word in words:
            for shift in (_U(0), _U(10), _U(20)):
                if m < many:
                    taste = own * _TASTES[(word >> shift) & _TEN_BITS]
                    out[m] = shared * of[layout.region[m]] + taste
                m += 1


@kernel
def _like(
    one: np.uint32,
    home: np.int64,
    pull: np.float32,
    liking: Liking,
    luck: Luck,
    of: Float32s,
    out: Float32s,
) -> None:
    """Write how much one person likes each market, minus infinity where a job is refused.

    Tastes for regions go to ``of`` on the way. Where regions are the markets, loops are of known
    length and nobody's daily way is looked at: a third faster.
    """
    layout = liking.layout
    if layout.daily.size == 0:
        _regions(one, luck, out)
        for r in range(REGION_COUNT):
            out[r] -= liking.distance[home, r]
        out[home] += pull
        least = out[home] - _F(liking.reserve)
        for r in range(REGION_COUNT):
            out[r] = out[r] if out[r] >= least else _NEVER
        return
    _regions(one, luck, of)
    _markets(one, layout, luck, of, out)
    at_home = out[home] + pull
    floor = at_home - _F(liking.reserve)
    apart, daily = liking.distance[home], layout.daily[home]
    for m in range(out.size):
        less = max(-apart[m], pull - daily[m])
        liked = out[m] + less
        out[m] = liked if liked >= floor else _NEVER
    out[home] = at_home


@kernel
def _liked_best(liked: Float32s, left: Int64s, weight: np.int64) -> int:
    """Return the market liked best among those with room; -1 if none that is not refused."""
    best = -1
    most = _NEVER
    if left.size == REGION_COUNT:
        for r in range(REGION_COUNT):
            open_to = liked[r] if left[r] >= weight else _NEVER
            better = open_to > most
            best = r if better else best
            most = open_to if better else most
        return best
    for m in range(left.size):
        open_to = liked[m] if left[m] >= weight else _NEVER
        better = open_to > most
        best = m if better else best
        most = open_to if better else most
    return best


@kernel
def _serve(people: People, score: Float32s, liking: Liking, luck: Luck, found: Assignment) -> None:
    left = found.left
    of, liked = np.empty(REGION_COUNT, np.float32), np.empty(left.size, np.float32)
    least = people.weight.min()
    rooms = 0  # markets with room for the lightest
    for m in range(left.size):
        rooms += left[m] >= least
    for i in range(score.size):
        if rooms == 0:
            break
        h = np.int64(people.home[i])
        w = people.weight[i]
        _like(people.ids[i], h, people.pull[i], liking, luck, of, liked)
        best = _liked_best(liked, left, w)
        if best < 0:
            continue
        found.market[i] = best
        found.forced[i] = best != h and liked[h] > liked[best]
        found.cutoff[best] = score[i]
        rooms -= left[best] >= least
        left[best] -= w
        rooms += left[best] >= least


@kernel
def _appeal_all(people: People, liking: Liking, luck: Luck, out: Float32s) -> None:
    of = np.empty(REGION_COUNT, np.float32)
    for i in range(people.ids.size):
        _like(people.ids[i], np.int64(people.home[i]), people.pull[i], liking, luck, of, out[i])


def best(
    score: NDArray[np.float32], ids: NDArray[np.uint32], weight: NDArray[np.int64], places: int
) -> NDArray[np.bool_]:
    """Return who is among the best for a number of places, people counted by weight.

    Places left over where people wait are fewer than the largest weight.

    >>> best(np.float32([2, 3, 1]), np.uint32([1, 2, 3]), np.int64([2, 2, 2]), 5).tolist()
    [True, True, False]
    """
    order = queue(score, ids)
    taken = np.zeros(score.size, np.bool_)
    taken[order] = np.cumsum(weight[order]) <= places
    return taken
