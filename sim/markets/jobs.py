"""Who gets which job where: a market that clears exactly, in one pass.

All regions rank people alike, by score, so deferred acceptance is a queue: the best comes first
and takes the region liked best among those that still have room; then the next. Nobody holds two
jobs and no job has two holders. A person who stands for ``weight`` people takes that many posts or
none, so posts left over where people wait are fewer than the largest weight. The result depends
on scores and ids, never on the order of rows.

A region's appeal = attachment to home - distance + a lasting taste drawn once a life. An offer
far less liked than home is refused: rather the next level of job at home.

References:
    McFadden (1974), *Conditional logit analysis*, for tastes; Gale and Shapley (1962) and
    Abdulkadiroglu and Sonmez (1998), *Random serial dictatorship*, for queues as matchings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Float32s
from sim.codes import JOB_PARTY_TASTES, NOWHERE, REGION_COUNT
from sim.config.models import Switches
from sim.config.values import Group
from sim.kernel import kernel
from sim.rng import Key, Luck, Purpose, luck, philox

__all__ = [
    "Assignment",
    "Liking",
    "People",
    "Scene",
    "appeal",
    "assign",
    "best",
    "queue",
    "serve",
]

_F = np.float32
Own = TypeVar("Own", bound=Group)
_U = np.uint64
_STEPS = 1024
_TASTE_PARTY = _U(JOB_PARTY_TASTES)
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
    """Home region."""
    pull: NDArray[np.float32]
    """Attachment to the home region, in units of taste."""
    weight: NDArray[np.int64]
    """How many people, hence posts, this one stands for."""

    def at(self, rows: NDArray[np.intp]) -> People:
        """Return some of them."""
        return People._make(part[rows] for part in self)

    @classmethod
    def together(cls, several: Sequence[People]) -> People:
        """Return the people of several pools, one pool after the other."""
        return cls._make(np.concatenate(parts) for parts in zip(*several, strict=True))


class Liking(NamedTuple):
    """What a region is liked for, the same for everybody."""

    distance: NDArray[np.float32]
    """(9, 9) what distance takes off the appeal, from home to region; taste units."""
    reserve: float
    """A region whose appeal is further below home's than this is refused."""


class Assignment(NamedTuple):
    """What came of one clearing."""

    region: NDArray[np.int8]
    """(people,) region of the job, or -1."""
    forced: NDArray[np.bool_]
    """(people,) works away though home is liked better, because home had no post left."""
    left: NDArray[np.int64]
    """(9,) posts nobody took."""
    cutoff: NDArray[np.float32]
    """(9,) lowest score that got a post; minus infinity where none was given."""


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
        score: (people,) what every region ranks them by.
        posts: (9,) vacancies by region.
        liking: What is liked and what is refused.
        key: Luck: tastes are drawn once for a whole life.
        line: Rows of those who stand in the `queue`, in its order; everybody if not given.
    """
    line = queue(score, people.ids) if line is None else line
    found = serve(people.at(line), score[line], posts, liking, key)
    region, forced = np.full(score.size, NOWHERE, np.int8), np.zeros(score.size, np.bool_)
    region[line], forced[line] = found.region, found.forced
    return found._replace(region=region, forced=forced)


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
        region=np.full(score.size, NOWHERE, np.int8),
        forced=np.zeros(score.size, np.bool_),
        left=posts.astype(np.int64),
        cutoff=np.full(REGION_COUNT, -np.inf, np.float32),
    )
    if score.size:
        _serve(people, score, liking, luck(key), found)
    return found


def appeal(people: People, liking: Liking, key: Key) -> NDArray[np.float32]:
    """Return (people, 9) how much each region is liked; minus infinity where it is refused."""
    out = np.empty((people.ids.size, REGION_COUNT), np.float32)
    _appeal_all(people, liking, luck(key), out)
    return out


@kernel
def _like(
    one: np.uint32,
    home: np.int64,
    pull: np.float32,
    liking: Liking,
    luck: Luck,
    out: Float32s,
) -> None:
    """Write how much one person likes each region, minus infinity where a job is refused.

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
    for r in range(REGION_COUNT):
        out[r] -= liking.distance[home, r]
    out[home] += pull
    floor = out[home] - _F(liking.reserve)
    for r in range(REGION_COUNT):
        out[r] = out[r] if out[r] >= floor else _NEVER


@kernel
def _serve(people: People, score: Float32s, liking: Liking, luck: Luck, found: Assignment) -> None:
    left = found.left
    liked = np.empty(REGION_COUNT, np.float32)
    least = people.weight.min()
    rooms = 0  # regions with room for the lightest
    for r in range(REGION_COUNT):
        rooms += left[r] >= least
    for i in range(score.size):
        if rooms == 0:
            break
        h = np.int64(people.home[i])
        w = people.weight[i]
        _like(people.ids[i], h, people.pull[i], liking, luck, liked)
        best = -1
        most = _NEVER
        for r in range(REGION_COUNT):
            open_to = liked[r] if left[r] >= w else _NEVER
            better = open_to > most
            best = r if better else best
            most = open_to if better else most
        if best < 0:
            continue
        found.region[i] = best
        found.forced[i] = best != h and liked[h] > most
        found.cutoff[best] = score[i]
        rooms -= left[best] >= least
        left[best] -= w
        rooms += left[best] >= least


@kernel
def _appeal_all(people: People, liking: Liking, luck: Luck, out: Float32s) -> None:
    for i in range(people.ids.size):
        _like(people.ids[i], np.int64(people.home[i]), people.pull[i], liking, luck, out[i])


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
