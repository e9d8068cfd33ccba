"""Quantiles of the distributions a belief may have, all held to [low, high].

Each function maps a probability (0..1) to a value, given the central value and the range:
rising in the probability, never outside the range. Pure Python, so a draw needs no library.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from types import MappingProxyType

__all__ = ["DISTRIBUTIONS", "Quantile", "keyed_uniform"]

Quantile = Callable[[float, float, float, float], float]
"""(probability, value, low, high) -> drawn value."""

_RANGE_SD = 2.0  # low and high are read as two standard deviations either side of the value
_GRID = 2048  # cells over which the beta density is summed; error under 1e-5 of the range


def keyed_uniform(seed: int, draw: int, group: str, name: str) -> float:
    """Return a number between 0 and 1 (both excluded) that hangs on its arguments alone."""
    key = f"belief/{seed}/{draw}/{group}/{name}".encode()
    word = int.from_bytes(hashlib.sha256(key).digest()[:8], "big") >> 12
    return (word + 0.5) / 2**52


def _normal(probability: float, value: float, low: float, high: float) -> float:
    """Two half-normals that meet at the value, which is the median; cut at the range."""
    unit = NormalDist()
    tail = unit.cdf(-_RANGE_SD)
    score = unit.inv_cdf(tail + probability * (1 - 2 * tail)) / _RANGE_SD
    return _within(value + score * ((high - value) if score > 0 else (value - low)), low, high)


def _lognormal(probability: float, value: float, low: float, high: float) -> float:
    """As `_normal`, in logarithms."""
    logs = (math.log(value), math.log(low), math.log(high))
    return _within(math.exp(_normal(probability, *logs)), low, high)


def _triangular(probability: float, value: float, low: float, high: float) -> float:
    """Triangle over the range with its peak at the value."""
    width = high - low
    if width == 0:
        return value
    peak = (value - low) / width
    if probability < peak:
        return _within(low + width * math.sqrt(probability * peak), low, high)
    return _within(high - width * math.sqrt((1 - probability) * (1 - peak)), low, high)


def _uniform(probability: float, value: float, low: float, high: float) -> float:
    """Flat over the range; the value plays no part."""
    return _within(low + probability * (high - low), low, high)


def _beta(probability: float, value: float, low: float, high: float) -> float:
    """Beta over the range with its mode at the value and the weight 4 of the PERT method."""
    width = high - low
    if width == 0:
        return value
    mode = (value - low) / width
    a, b = 4 * mode, 4 * (1 - mode)
    density = [
        ((cell + 0.5) / _GRID) ** a * (1 - (cell + 0.5) / _GRID) ** b for cell in range(_GRID)
    ]
    target = probability * math.fsum(density)
    below = 0.0
    for cell, weight in enumerate(density):
        if below + weight >= target:
            return _within(low + width * (cell + (target - below) / weight) / _GRID, low, high)
        below += weight
    return high


def _fixed(probability: float, value: float, low: float, high: float) -> float:
    """Never drawn."""
    return value


def _within(drawn: float, low: float, high: float) -> float:
    return min(max(drawn, low), high)


DISTRIBUTIONS: Mapping[str, Quantile] = MappingProxyType(
    {
        "normal": _normal,
        "lognormal": _lognormal,
        "triangular": _triangular,
        "uniform": _uniform,
        "beta": _beta,
        "fixed": _fixed,
    }
)
