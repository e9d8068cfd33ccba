"""Who is worse off, and how far apart places are."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.metrics.attainment import MINIMUM_POINTS
from sim.registry import MEASURES
from sim.tabulate.frames import POOLED
from sim.tabulate.settings import labels_of, rows_of, setting_of

__all__ = [
    "attainment8_spread",
    "falls",
    "worse_off_share",
]

_KS4 = ("attainment8_sum", "ks4_n")


def falls(sums: xr.Dataset) -> xr.Dataset:
    """Pupils at 16 in each place and group whose mean fell by more than the minimum.

    Chance is averaged out first: replicates of one draw are one expected result.
    """
    expected = _over_luck(sums)
    now = expected["attainment8_sum"] / expected["ks4_n"]
    then = expected["attainment8_sum_baseline"] / expected["ks4_n_baseline"]
    fell = expected["ks4_n"].where(then - now > MINIMUM_POINTS, 0.0)
    return xr.Dataset({"worse_off": fell, "ks4_n": expected["ks4_n"]})


def _over_luck(sums: xr.Dataset) -> xr.Dataset:
    told = zip(
        sums["scenario"].values.tolist(),
        sums["draw"].values.tolist(),
        setting_of(sums),
        strict=True,
    )
    rows = rows_of(told)
    own = labels_of(sums)
    plain = sums.drop_vars(own)
    parts = [plain.isel(cell=same).mean("cell") for same in rows.values()]
    first = [same[0] for same in rows.values()]
    coords = {name: ("cell", sums[name].values[first]) for name in own}
    coords["replicate"] = ("cell", np.zeros(len(first), dtype=np.int64))
    coords[POOLED] = ("cell", np.array([len(same) for same in rows.values()], dtype=np.int64))
    return xr.concat(parts, "cell").assign_coords(coords)


@MEASURES.add(
    "worse_off_share",
    title="Pupils in groups that are worse off than under the baseline",
    unit="share",
    direction="down",
    shelf="attainment",
    age="ks4",
    needs=_KS4,
    paired=True,
    derive=falls,
)
def worse_off_share(sums: xr.Dataset) -> xr.DataArray:
    """Share of pupils whose group, in their place, falls by more than 0.42 Attainment 8 points.

    Cells are area x group (by ``school_affluence``: quarter of reference schools x group); the
    result of a cell is expected over luck (mean over replicates) against the same luck under the
    baseline, and each cell counts its pupils at 16.

    >>> from sim.tabulate.aggregate import by_group
    >>> worse_off_share(by_group({"worse_off": {"other": 30}, "ks4_n": {"other": 100, "deep_long":
    ...     20}})).sel(group="all").item()
    0.25
    """
    return sums["worse_off"] / sums["ks4_n"]


@MEASURES.add(
    "attainment8_spread",
    title="Spread of places in Attainment 8 (shrunk)",
    unit="points",
    direction="down",
    shelf="attainment",
    age="ks4",
    by=("england",),
    across=True,
    needs=(*_KS4, "ks4_n_q", "attainment8_sum_q", "attainment8_square_q"),
)
def attainment8_spread(sums: xr.Dataset) -> xr.DataArray:
    """Standard deviation over areas of mean Attainment 8, less what small numbers add.

    Areas count their pupils. The variance that sampling pupils would produce (variance inside
    school quarters over the number of pupils) is taken off, as in empirical Bayes.

    Two areas of 100 pupils at 44 and 48 points (variance 4), variance 100 inside: 4 - 1 = 3.

    >>> attainment8_spread(_two_areas()).round(4).item()
    1.7321
    """
    n = sums["ks4_n"]
    weight = n * sums["weight"]
    mean = sums["attainment8_sum"] / n.where(n > 0)
    centre = (mean * weight).sum("place") / weight.sum("place")
    raw = ((mean - centre) ** 2 * weight).sum("place") / weight.sum("place")
    noise = (_variance_inside(sums) * weight / n.where(n > 0)).sum("place") / weight.sum("place")
    shrunk: xr.DataArray = (raw - noise).clip(min=0.0) ** 0.5
    return shrunk


def _variance_inside(sums: xr.Dataset) -> xr.DataArray:
    """Pupil variance inside quarters of schools, nationally."""
    count = sums["ks4_n_q"]
    inside = sums["attainment8_square_q"] - sums["attainment8_sum_q"] ** 2 / count.where(count > 0)
    return inside.sum("quarter") / count.sum("quarter")


def _two_areas() -> xr.Dataset:
    """Two areas of 100 pupils each, as a worked example."""
    area, quarter = ("cell", "place", "group"), ("cell", "quarter", "group")
    return xr.Dataset(
        {
            "attainment8_sum": (area, np.array([[[4400.0], [4800.0]]])),
            "ks4_n": (area, np.full((1, 2, 1), 100.0)),
            "ks4_n_q": (quarter, np.array([[[200.0]]])),
            "attainment8_sum_q": (quarter, np.array([[[9200.0]]])),
            "attainment8_square_q": (quarter, np.array([[[9200.0**2 / 200 + 200 * 100]]])),
            "weight": ("place", np.ones(2)),
        },
        coords={"group": ["all"]},
    )
