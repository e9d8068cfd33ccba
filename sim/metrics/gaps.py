"""Gaps at 16 between disadvantaged pupils and others. A gap is always shown beside levels."""

from __future__ import annotations

import xarray as xr

from sim.metrics.attainment import attainment8
from sim.record.variables import STAGES
from sim.registry import MEASURES
from sim.tabulate.aggregate import contrast

__all__ = ["attainment8_gap", "attainment8_gap_national", "ks4_gap_index"]


@MEASURES.add(
    "attainment8_gap",
    title="Attainment 8 gap (others minus disadvantaged)",
    unit="points",
    direction="down",
    shelf="attainment",
    age="ks4",
    needs=("attainment8_sum", "ks4_n"),
    minimum=0.42,
)
def attainment8_gap(sums: xr.Dataset) -> xr.DataArray:
    """Mean Attainment 8 of others minus that of disadvantaged pupils of the same place.

    It falls when others fall, too: read it beside the levels.

    >>> from sim.tabulate.aggregate import by_group
    >>> attainment8_gap(by_group({"attainment8_sum": {"other": 5000, "deep_long": 3460},
    ...     "ks4_n": {"other": 100, "deep_long": 100}})).round(6).item()
    15.4
    """
    return contrast(attainment8(sums), "other", "disadvantaged")


@MEASURES.add(
    "attainment8_gap_national",
    title="Attainment 8 gap to all others (others of all areas, year 0, minus disadvantaged)",
    unit="points",
    direction="down",
    shelf="attainment",
    age="ks4",
    needs=("attainment8_sum", "ks4_n"),
    minimum=0.42,
    reference=True,
)
def attainment8_gap_national(sums: xr.Dataset) -> xr.DataArray:
    """Attainment 8 of others nationally in year 0 minus that of a place's disadvantaged pupils.

    The yardstick does not move with the policy and does not depend on who else lives there.

    >>> from sim.tabulate.aggregate import by_group
    >>> attainment8_gap_national(by_group({"attainment8_sum": {"deep_long": 3500},
    ...     "ks4_n": {"deep_long": 100}}, {"reference_attainment8_sum": 5000.0,
    ...     "reference_ks4_n": 100.0})).item()
    15.0
    """
    yardstick = sums["reference_attainment8_sum"] / sums["reference_ks4_n"]
    gap: xr.DataArray = yardstick - attainment8(sums).sel(group="disadvantaged", drop=True)
    return gap


@MEASURES.add(
    "ks4_gap_index",
    title="Key stage 4 disadvantage gap index",
    unit="index",
    direction="down",
    shelf="attainment",
    age="ks4",
    needs=("hist",),
    by=("england",),
    minimum=0.1,
)
def ks4_gap_index(sums: xr.Dataset) -> xr.DataArray:
    """Twenty times the difference in mean fractional rank, others minus disadvantaged.

    Ranks are national, from the histogram of Attainment 8; pupils in one bin share its middle
    rank. Index / 20 + 0.5 is the chance that a random other pupil outranks a random
    disadvantaged one. The smallest difference that matters, 0.02 SD, is about 0.1 here.

    All ten others above all ten disadvantaged pupils: ranks 0.75 and 0.25.

    >>> import numpy as np
    >>> from sim.tabulate.aggregate import Places, add_up
    >>> hist = np.zeros((1, 3, 5, 60)); hist[0, 2, 0, 40] = 10; hist[0, 2, 4, 20] = 10
    >>> made = xr.Dataset({"hist": (("cell", "stage", "group", "bin"), hist)})
    >>> place = Places(np.array(["All areas"]), np.array(["All areas"]), np.ones((1, 1)))
    >>> ks4_gap_index(add_up(made, place)).item()
    10.0
    """
    counts = sums["hist"].isel(stage=STAGES.index("ks4"))
    everyone = counts.sel(group="all")
    rank = (everyone.cumsum("bin") - everyone / 2) / everyone.sum("bin")
    mean = (counts * rank).sum("bin") / counts.sum("bin")
    gap = 20 * contrast(mean, "other", "disadvantaged")
    return gap.drop_vars("group", errors="ignore").expand_dims(place=sums["place"])
