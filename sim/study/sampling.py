"""Points of a sampled study: which, and where in the range of each belief they lie.

Both designs spread points evenly over every axis and are *nested*: twice the points keep those that
were there, so a study grows and nothing runs again. ``sobol`` (scrambled) spreads them evenly over
pairs and more of axes, too, and is the better choice; ``latin_hypercube`` takes any number of
points. A growing hypercube is doubled as Sallaberry and others show: the new points take the slices
that are free, in that order of many tried that spreads all points best.

References:
    Sobol (1967), *On the distribution of points in a cube*; Owen (1998), *Scrambling Sobol' and
    Niederreiter-Xing points*; McKay, Beckman and Conover (1979), *A comparison of three methods for
    selecting values of input variables*; Sallaberry, Helton and Hora (2008), *Extension of Latin
    hypercube samples with correlated variables*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config import Beliefs
from sim.config.beliefs import Belief
from sim.config.renamed import new_belief
from sim.errors import did_you_mean
from sim.study.axes import text_of

__all__ = ["OWN_RANGE", "Fault", "belief_key", "expanded", "placed", "sample"]

OWN_RANGE = "range"
TRIES = 64
"""Orders of the free slices that are tried at each doubling of a hypercube."""
LARGEST_TRIED = 1024
"""Beyond so many points the order matters little, and judging it takes long."""

_BELIEF = "beliefs."
_GROUP = re.compile(r"^beliefs(?:\.(\w+))?(?:\[(\w+)=(\w+)\])?$")
_CHOSEN_BY = {"kind": ("response", "level"), "strength": ("high", "medium", "low")}


class Fault(ValueError):
    """What is wrong with a key of a sampled study; whoever knows the line tells it."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key


# ---- points in a cube --------------------------------------------------------------------------


def sample(design: str, points: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return (points, dimensions) numbers between 0 and 1; more points begin with the same ones.

    Args:
        design: ``sobol`` (points is a power of two) or ``latin_hypercube`` (points may grow to
            twice as many, and again).
        points: How many.
        dimensions: Of the cube.
        seed: Of the scrambling, or of the order of slices.
    """
    from scipy.stats import qmc

    if design == "sobol":
        return np.asarray(qmc.Sobol(dimensions, rng=seed).random(points))
    odd = points & -points
    found = qmc.LatinHypercube(dimensions, optimization="random-cd", rng=seed).random(points // odd)
    for doubling in range(odd.bit_length() - 1):
        found = _doubled(np.asarray(found), np.random.default_rng([seed, doubling]))
    return np.asarray(found)


def _doubled(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Add as many points as there are: each axis, cut into twice the slices, has one in each."""
    from scipy.stats import qmc

    many, dimensions = points.shape
    slices = np.floor(points * 2 * many).astype(int)
    free = np.stack(
        [np.setdiff1d(np.arange(2 * many), slices[:, axis]) for axis in range(dimensions)], axis=1
    )
    best, least = points, np.inf
    for _ in range(TRIES if 2 * many <= LARGEST_TRIED else 1):
        new = (rng.permuted(free, axis=0) + rng.random((many, dimensions))) / (2 * many)
        both = np.concatenate([points, new])
        spread = qmc.discrepancy(both) if 2 * many <= LARGEST_TRIED else 0.0
        if spread < least:
            best, least = both, spread
    return best


# ---- from the cube to beliefs ------------------------------------------------------------------


def belief_key(word: str) -> str:
    """Return the key that a word of ``--vary`` stands for.

    >>> [belief_key(word) for word in ("money", "kind=response", "money.use_sd", "beliefs.money")]
    ['beliefs.money', 'beliefs[kind=response]', 'beliefs.money.use_sd', 'beliefs.money']
    """
    if word == "beliefs" or word.startswith((_BELIEF, "beliefs[")):
        return word
    return f"beliefs[{word}]" if "=" in word and "[" not in word else f"{_BELIEF}{word}"


def expanded(over: Mapping[str, Any], beliefs: Beliefs) -> dict[str, Any]:
    """Return one entry a belief for keys that name many.

    ``beliefs``, ``beliefs.money``, ``beliefs[kind=response]`` and ``beliefs.money[kind=level]``
    stand for all their beliefs that are not fixed. A belief that is named by itself as well keeps
    what is said of it there.

    Raises:
        Fault: A key that names no belief.
    """
    found: dict[str, Any] = {}
    for key, given in over.items():
        many = _GROUP.match(key)
        if many is None:
            if key.startswith("beliefs["):
                raise Fault(key, "cannot be read. Write for example beliefs[kind=response].")
            found[key] = given
            continue
        if given != OWN_RANGE:
            raise Fault(key, f"names many beliefs. Write {key}: {OWN_RANGE}.")
        names = list(_chosen(key, many, beliefs))
        if not names:
            raise Fault(key, "every belief there is fixed, so there is nothing to vary.")
        found |= {name: OWN_RANGE for name in names if name not in over and name not in found}
    return found


def _chosen(key: str, many: re.Match[str], beliefs: Beliefs) -> Iterator[str]:
    group, part, wanted = many.groups()
    if group is not None and group not in beliefs.records:
        near = f"no such group of beliefs. {did_you_mean(group, beliefs.records)}"
        raise Fault(key, new_belief(group) or near)
    if part is not None and part not in _CHOSEN_BY:
        raise Fault(key, f"beliefs are not chosen by {part!r}. {did_you_mean(part, _CHOSEN_BY)}")
    if part is not None and wanted not in _CHOSEN_BY[part]:
        raise Fault(key, f"no such {part}. {did_you_mean(wanted, _CHOSEN_BY[part])}")
    for name, records in beliefs.records.items():
        for belief, record in records.items():
            meant = group in (None, name) and (part is None or getattr(record, part) == wanted)
            if meant and _varies(record):
                yield f"{_BELIEF}{name}.{belief}"


def _varies(record: Belief) -> bool:
    return record.distribution != "fixed" and record.low != record.high


def placed(key: str, given: object, u: float, beliefs: Beliefs) -> str:
    """Return, as text, the value at ``u`` of a belief's own distribution, or between two ends.

    Raises:
        Fault: What is said of the key cannot be sampled.
    """
    if given == OWN_RANGE:
        record = _record(key, beliefs)
        # A quantile of 0 or 1 is an end of the range, which some distributions never reach.
        value = record.at_quantile(min(max(float(u), 1e-9), 1 - 1e-9)).value
        return text_of(list(value) if isinstance(value, tuple) else value)
    if isinstance(given, list) and len(given) == 2 and all(_is_number(end) for end in given):
        low, high = given
        if low < high:
            return text_of(float(low + float(u) * (high - low)))
        raise Fault(key, f"{given!r} is no range. Write the lower end first: [{high}, {low}].")
    raise Fault(key, f"{given!r} cannot be sampled. Write {OWN_RANGE!r}, or [LOW, HIGH].")


def _record(key: str, beliefs: Beliefs) -> Belief:
    group, _, name = key.removeprefix(_BELIEF).partition(".")
    if not key.startswith(_BELIEF):
        raise Fault(key, "not a belief, so it has no range of its own. Write [LOW, HIGH].")
    records = beliefs.records.get(group)
    if records is None or name not in records:
        near = "no such group of beliefs" if records is None else "no such belief"
        known = did_you_mean(*((group, beliefs.records) if records is None else (name, records)))
        raise Fault(key, new_belief(f"{group}.{name}") or f"{near}. {known}")
    if not _varies(records[name]):
        raise Fault(key, "is fixed, so there is nothing to vary. Write [LOW, HIGH], or leave it.")
    return records[name]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
