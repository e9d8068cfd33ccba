"""Local labour markets: how much harder than elsewhere work is to find around each area.

From the published unemployment and employment of all adults. Only departures from England's mean
count, so that national rates are what they are without them; an area at the mean is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from sim.arrays import Float32s, Float64s
from sim.world.tables import World

__all__ = ["slack"]


def slack(world: World, place: Sequence[float]) -> Float32s:
    """Return how much likelier somebody of each area is to be without work, probit; 0 at the mean.

    Args:
        world: The areas and their published figures.
        place: What a probit more of unemployment, and of adults not employed, counts for.
    """
    facts = world.facts
    weight = facts.pupils_secondary.astype(np.float64)
    parts = (_above(facts.unemployment, weight), _above(1 - facts.employment_rate, weight))
    harder = np.asarray(place) @ np.stack(parts)
    return np.asarray(harder[world.areas.facts_row], np.float32)


def _above(share: Float64s, weight: Float64s) -> Float64s:
    """Return by how much a share of each area lies above England's mean, probit."""
    index = ndtri(share)
    return np.asarray(index - np.average(index, weights=weight))
