"""Add sums up by place, group and years; ratios are taken only afterwards, by the measures.

What a measure receives: a Dataset with dimensions ``cell``, perhaps ``year``, ``place`` and
``group``. Areas count ``weight`` times wherever several are added up. ``group`` holds the groups
people ask for (all, disadvantaged, other, and disadvantaged by depth and duration).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from sim.errors import BadRequest
from sim.record.variables import DISADVANTAGED, GROUPS
from sim.tabulate.description import Description, grain, stored_name
from sim.tabulate.verdicts import ALL_AREAS
from sim.tabulate.windows import Window

__all__ = [
    "GROUPS_SHOWN",
    "Places",
    "add_up",
    "by_group",
    "collect",
    "contrast",
    "national",
    "places_of",
    "prefixed",
    "reference",
    "refuse_parts",
]

GROUPS_SHOWN = ("all", "disadvantaged", "other", *DISADVANTAGED)
_MEMBERS: dict[str, tuple[str, ...]] = {
    "all": GROUPS,
    "disadvantaged": DISADVANTAGED,
    **{g: (g,) for g in GROUPS},
}
_MATRIX = np.array([[g in _MEMBERS[s] for g in GROUPS] for s in GROUPS_SHOWN], dtype=np.float64)


@dataclass(frozen=True)
class Places:
    """Where results are shown: labels, readable names, and the share of each unit in each place."""

    labels: NDArray[Any]
    names: NDArray[Any]
    member: NDArray[np.float64]


def places_of(results: xr.Dataset, by: str) -> Places:
    """Return the places of a breakdown; regions or fifths with no area in the world are absent."""
    if grain(by) == "quarter":
        index = np.arange(results.sizes.get("quarter", 8)) % 4 + 1
        return _grouped(index, np.ones(len(index)), "quarter of schools", _AFFLUENCE, last=4)
    weight = results["weight"].values.astype(np.float64)
    if by in ("area", "school_area"):
        one = np.eye(len(weight))
        return Places(results["area"].values.astype(str), results["area_name"].values, one)
    if by == "england":
        return Places(np.array([ALL_AREAS]), np.array([ALL_AREAS]), weight[None, :])
    column = by.removeprefix("area_") if by in _ENDS else by
    return _grouped(results[column].values, weight, "fifth of areas", _ENDS.get(by, _AFFLUENCE))


_AFFLUENCE = ("most affluent", "least affluent")
_ENDS = {"area_affluence": _AFFLUENCE, "area_isolation": ("least isolated", "most isolated")}


def _grouped(
    index: NDArray[Any],
    weight: NDArray[np.float64],
    kind: str,
    ends_are: tuple[str, str],
    last: int = 5,
) -> Places:
    """Group units by a label; of numbers the ends are named, if there is anybody in them."""
    labels = np.unique(index)
    member = (labels[:, None] == index[None, :]) * weight
    if labels.dtype.kind in "iu":
        ends = {1: f" ({ends_are[0]})", last: f" ({ends_are[1]})"}
        names = [f"{kind} {i}{ends.get(int(i), '')}" for i in labels]
        return Places(labels.astype(np.int64), np.array(names), member)
    return Places(labels.astype(str), labels.astype(str), member)


def collect(cells: xr.Dataset, one: Description, by: str, window: Window) -> xr.Dataset:
    """Take what a measure needs, for its years, along ``unit`` (areas, or quarters of schools)."""
    stored = {need: stored_name(need, by) for need in one.needs}
    absent = sorted(s for s in stored.values() if s not in cells)
    if absent:
        raise BadRequest(
            f"measure {one.name!r} by {by}: these results do not hold {', '.join(absent)}. "
            "Open them with this measure, or choose another breakdown."
        )
    axis = grain(by)
    at = np.searchsorted(cells["year"].values, window.years)
    data = {}
    for name, source in stored.items():
        # Plain variables: aligning labels that are all the same takes most of a measure's time.
        values = cells.variables[source]
        if "year" in values.dims:
            values = values.isel(year=at)
            values = values.sum("year") if window.pooled else values
        data[name] = (["unit" if dim == axis else dim for dim in values.dims], values.values)
    kept = {str(n): c for n, c in cells.coords.items() if c.dims == ("cell",)}
    years = {} if window.pooled else {"year": cells["year"].values[at]}
    return xr.Dataset(data, coords={**kept, **years})


def add_up(sums: xr.Dataset, places: Places) -> xr.Dataset:
    """Add units up to places and disjoint groups to the groups people ask for."""
    data = {str(n): _added(v, places.member) for n, v in sums.data_vars.items()}
    labels = {"place": places.labels, "place_name": ("place", places.names)}
    kept = {str(n): c for n, c in sums.coords.items()}
    return xr.Dataset(data, coords={**kept, **labels, "group": list(GROUPS_SHOWN)})


def _added(values: xr.DataArray, member: NDArray[np.float64]) -> tuple[tuple[Any, ...], Any]:
    dims, data = list(values.dims), values.values.astype(np.float64, copy=False)
    for axis, name, matrix in (("unit", "place", member), ("group", "group", _MATRIX)):
        if axis in dims:
            at = dims.index(axis)
            data = np.moveaxis(np.tensordot(data, matrix, axes=(at, 1)), -1, at)
            dims[at] = name
    return tuple(dims), data


def national(cells: xr.Dataset, sums: xr.Dataset, by: str) -> xr.Dataset:
    """Sums of the whole nation, whatever the breakdown; no ``place``."""
    everywhere = np.ones((1, sums.sizes.get("unit", 0)))
    if grain(by) == "area":
        everywhere = places_of(cells, "england").member
    split = [n for n, v in sums.data_vars.items() if {"unit", "group"} & set(v.dims)]
    added = add_up(sums[split], Places(np.array([0]), np.array([""]), everywhere))
    return added.isel(place=0).drop_vars(["place", "place_name"])


def refuse_parts(cells: xr.Dataset) -> None:
    """Refuse results from which years, areas or groups were cut so that no measure can be made."""
    lost = [dim for dim in ("year", "area", "group") if dim not in cells.dims]
    if lost:
        raise BadRequest(
            f"measure: these results have no {lost[0]} any more, since it was dropped or averaged. "
            f"Keep it when you select, as results.sel({lost[0]}=[...]) does."
        )
    held = cells["group"].values.astype(str).tolist()
    if held != list(GROUPS):
        raise BadRequest(
            f"measure: needs every group of pupils, these results hold {', '.join(held)}. Give it "
            f"whole results and name the groups: sim.measure(results, NAME, groups=...)."
        )


def reference(cells: xr.Dataset, one: Description, by: str, group: str = "other") -> xr.Dataset:
    """Sums of all others (or of ``group``) nationally in year 0: a yardstick no policy moves."""
    base = collect(cells, one, by, Window((0,), pooled=True))
    return national(cells, base, by).sel(group=group).drop_vars("group")


def prefixed(sums: xr.Dataset, prefix: str) -> dict[str, xr.DataArray]:
    """Variables under names such as ``national_pupils``."""
    return {f"{prefix}_{n}": v for n, v in sums.data_vars.items()}


def contrast(level: xr.DataArray, group: str, minus: str) -> xr.DataArray:
    """Level of one group less that of another."""
    gap: xr.DataArray = level.sel(group=group, drop=True) - level.sel(group=minus, drop=True)
    return gap


def by_group(
    sums: Mapping[str, Mapping[str, ArrayLike]],
    scalars: Mapping[str, object] | None = None,
    along: str = "band",
) -> xr.Dataset:
    """Sums of one place as a measure receives them, for worked examples.

    Groups not named hold 0; where they hold lists, these lie along one further dimension.

    >>> by_group({"ks4_n": {"other": 3, "deep_long": 1}}).ks4_n.sel(group="all").item()
    4.0
    """
    data = {
        name: _one_place([parts.get(g, 0.0) for g in GROUPS], along) for name, parts in sums.items()
    }
    place = Places(np.array([ALL_AREAS]), np.array([ALL_AREAS]), np.ones((1, 1)))
    return add_up(xr.Dataset(data), place).assign(scalars or {})


def _one_place(values: Sequence[Any], along: str) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Return the sums of one place by group; lists lie ``along`` a further dimension."""
    longest = max(np.size(v) for v in values)
    if not any(np.ndim(v) for v in values):
        return ("unit", "group"), np.array([values], dtype=np.float64)
    filled = [v if np.ndim(v) else np.full(longest, v) for v in values]
    return ("unit", "group", along), np.array([filled], dtype=np.float64)
