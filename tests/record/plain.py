"""Bands and bins of the record, written plainly: `sim.record` fills them faster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.record.adult_variables import BAND_CUTS, OFFER_CUTS, PAY_CUTS
from sim.record.variables import BINS, HISTOGRAM_RANGE


def band_of(score: NDArray[np.floating]) -> NDArray[np.int32]:
    """Band of attainment at 16 of each standard score.

    >>> band_of(np.array([-2.0, -1.5, 0.1, 9.0])).tolist()
    [0, 1, 4, 7]
    """
    return np.searchsorted(BAND_CUTS, score, side="right").astype(np.int32)


def pay_band_of(pay: NDArray[np.floating]) -> NDArray[np.int32]:
    """Band of each pay, GBP a year.

    >>> pay_band_of(np.array([0.0, 13_000.0, 60_000.0])).tolist()
    [0, 1, 11]
    """
    return np.searchsorted(PAY_CUTS, pay, side="right").astype(np.int32)


def offer_cell(
    good: NDArray[np.bool_], high_tariff: NDArray[np.bool_], score: NDArray[np.floating]
) -> NDArray[np.int32]:
    """Cell of like applicants: class of degree, tariff of university, attainment at 16.

    >>> offer_cell(np.array([False, True]), np.array([False, True]), np.array([0.0, 2.0])).tolist()
    [0, 15]
    """
    quarter = np.searchsorted(OFFER_CUTS, score, side="right")
    return (8 * good.astype(np.int32) + 4 * high_tariff + quarter).astype(np.int32)


def bin_of(stage: str, results: NDArray[np.floating]) -> NDArray[np.int32]:
    """Bin of each result (same shape as ``results``); what lies beyond goes to the end bins.

    >>> bin_of("ks4", np.array([-1.0, 0.0, 1.5, 89.9, 90.0])).tolist()
    [0, 0, 1, 59, 59]
    """
    low, high = HISTOGRAM_RANGE[stage]
    place = np.floor((np.asarray(results, dtype=np.float64) - low) * (BINS / (high - low)))
    return np.clip(place, 0, BINS - 1).astype(np.int32)
