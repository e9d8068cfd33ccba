"""Parents' occupation: professional, intermediate or working, given free meals at 15.

No table in the open data gives occupation jointly with free school meals: the shares are beliefs.
Within a status the better educated parents have the higher occupations, and regions differ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import rng
from sim.arrays import Bools, Float32s, Float64s, UInt32s
from sim.codes import PARENTS_RANK
from sim.config.values import ParentsBeliefs
from sim.rng import Key, Purpose

__all__ = ["occupation"]


def occupation(
    ids: UInt32s, education: Float32s, fsm15: Bools, local: Float64s,
    values: ParentsBeliefs, key: Key,
) -> NDArray[np.int8]:  # fmt: skip
    """Return parents' occupation: 0 professional, 1 intermediate, 2 working.

    Args:
        ids: Children.
        education: Parents' education, SD.
        fsm15: Registered for FSM at 15.
        local: Share of the region's workers in professional jobs, 0 to 1.
        values: Beliefs about parents (`beliefs.values.parents`).
        key: Luck.
    """
    poor = fsm15.astype(np.int64)
    mean, spread = np.asarray(values.education_mean), np.asarray(values.education_sd)
    relative = (education - mean[poor]) / spread[poor]
    luck = rng.normals(rng.words(key, ids, Purpose.PARENTS)[PARENTS_RANK])
    load = values.education
    rank = load * relative + np.sqrt(1 - load * load) * luck
    rank += values.tilt * (local - values.local_mean) / values.local_sd
    cuts = np.stack([_cuts(values.other), _cuts(values.fsm)])[poor]
    return np.asarray((rank < cuts[:, 0]).astype(np.int8) + (rank < cuts[:, 1]), np.int8)


def _cuts(shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return ranks above which parents are professional, and at least intermediate."""
    return np.asarray(ndtri(1 - np.cumsum(shares)[:2]), np.float64)
