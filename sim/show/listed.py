"""What a list of areas does for the areas on it, and for all others; and the world area by area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.show.few import mark_few
from sim.show.measured import named, scenarios
from sim.show.sums import targeting_of
from sim.show.words import interval, join, label, records, signed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

__all__ = [
    "GROUPS",
    "LISTED",
    "MOST_AREAS",
    "OTHERS",
    "SYNTHETIC",
    "AreaList",
    "area_lists",
    "gains_by_area",
    "list_lines",
    "listed_areas",
]

LISTED, OTHERS = "listed", "all others"
MOST_AREAS = 30
"""Areas up to which a world is told area by area."""
NAMED = 4  # areas that a sentence names
GROUPS = {"disadvantaged": "disadvantaged pupils", "other": "other pupils"}
SYNTHETIC = (
    "The ground of a named area is real, its schools and children are stand-ins: this is what such "
    "an area would see, not a forecast for its schools."
)


@dataclass(frozen=True)
class AreaList:
    """A list of areas: policies that pay it, names and a mask of its areas here, whose own it is.

    ``own``: named area by area, not one of the package's two lists.
    """

    policies: tuple[str, ...]
    areas: tuple[str, ...]
    inside: NDArray[np.bool_]
    own: bool

    @property
    def told(self) -> str:
        """Name the areas, or count them where they are many."""
        if len(self.areas) <= NAMED:
            return f"the listed {'area' if len(self.areas) == 1 else 'areas'} ({join(self.areas)})"
        return f"the {len(self.areas)} listed areas"


def area_lists(cells: xr.Dataset) -> list[AreaList]:
    """Return every list of areas that a policy of this comparison pays, as it is in this world.

    An area that a list covers in part (an Opportunity Area need not follow the border of an
    authority) is on it.
    """
    aims, found = targeting_of(cells.attrs), dict[tuple[str, ...], AreaList]()
    for name in scenarios(cells):
        one = aims.get(name, {})
        if not _pays_a_list(one) or not one.get("funded", True):
            continue
        inside = _inside(cells, one["areas"])
        areas = tuple(cells["area_name"].values[inside].astype(str).tolist())
        if areas:
            policies = (*(found[areas].policies if areas in found else ()), name)
            found[areas] = AreaList(policies, areas, inside, not isinstance(one["areas"], str))
    return list(found.values())


def _pays_a_list(one: Mapping[str, Any]) -> bool:
    mix = one.get("mix")
    return one.get("arm") == "area_list" or (isinstance(mix, Mapping) and mix.get("area", 0) > 0)


def _inside(cells: xr.Dataset, named: Any) -> NDArray[np.bool_]:
    if named == "opportunity_areas":
        return np.asarray(cells["listed_oa"].values > 0)
    if named == "education_investment_areas":
        return np.asarray(cells["listed_eia"].values > 0)
    wanted = [named] if isinstance(named, str) else list(named)
    codes, names = (cells[c].values.astype(str) for c in ("area", "area_name"))
    return np.asarray(np.isin(codes, wanted) | np.isin(names, wanted))


def listed_areas(cells: xr.Dataset) -> pd.DataFrame:
    """Attainment 8 less baseline, in the areas of each list and in all others, under every policy.

    Columns ``list`` (policies whose list it is), ``scenario``, ``place`` (listed, all others),
    ``areas_here``, ``group``, and those of a difference. Pupils of all areas of a place are added
    up. Empty where no policy has a list.
    """
    import pandas as pd

    from sim.tabulate import difference, frame

    parts = []
    for one in area_lists(cells):
        place = np.where(one.inside, LISTED, OTHERS)
        split = cells.assign_coords(area_type=("area", place))
        rows = named(frame(difference(split, "attainment8", "area_type", list(GROUPS))))
        many = {LISTED: int(one.inside.sum()), OTHERS: int((~one.inside).sum())}
        names = {LISTED: one.told, OTHERS: f"all other areas ({many[OTHERS]})"}
        rows = rows.assign(
            list=", ".join(one.policies),
            areas_here=rows["place"].map(many),
            place_name=rows["place"].map(names),
        )
        parts.append(rows.sort_values("place", key=lambda p: p != LISTED, kind="stable"))
    if not parts:
        return pd.DataFrame({"scenario": [], "place": [], "value": []})
    whole = pd.concat(parts, ignore_index=True)
    first = ["list", "scenario", "place", "place_name", "areas_here", "group"]
    return whole[[*first, *(c for c in whole.columns if c not in first)]]


def list_lines(cells: xr.Dataset, rows: pd.DataFrame | None = None) -> list[tuple[str, str]]:
    """Say in two lines a policy what its list does in the areas on it, and in all others.

    Args:
        cells: The comparison.
        rows: What :func:`listed_areas` gave for it, if already at hand.
    """
    rows = listed_areas(cells) if rows is None else rows
    lines: list[tuple[str, str]] = []
    for one in area_lists(cells):
        for name in one.policies:
            mine = rows[(rows["list"] == ", ".join(one.policies)) & (rows["scenario"] == name)]
            mine = mine[mine["value"].notna()]
            for place in (LISTED, OTHERS):
                here = records(mine[mine["place"] == place])
                if here:
                    where = str(here[0]["place_name"])
                    lines.append((f"{label(name)}, in {where}", _line(here, first=not lines)))
    if lines:
        heading, line = lines[-1]
        lines[-1] = (heading, f"{line} {SYNTHETIC}")
    return lines


def _line(rows: list[dict[str, Any]], first: bool) -> str:
    """Tell both groups of pupils of a place, each with its interval and verdict."""
    what = " points of Attainment 8" if first else ""
    level = "90 % interval " if first else ""
    told = [
        f"{GROUPS[str(row['group'])]} {signed(float(row['value']), 2)}{what if not i else ''} "
        f"({level if not i else ''}{interval(row['low'], row['high'], 2)}), {row['verdict']}"
        for i, row in enumerate(rows)
    ]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def gains_by_area(cells: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, area by area, with the ``fifth`` of each.

    Empty in worlds of more than :data:`MOST_AREAS` areas, which have a map.
    """
    import pandas as pd

    from sim.tabulate import difference, frame

    if cells.sizes["area"] > MOST_AREAS:
        return pd.DataFrame({"scenario": [], "place": [], "value": []})
    fifth = dict(zip(cells["area"].values.astype(str), cells["affluence"].values, strict=True))
    rows = named(frame(difference(cells, "attainment8", "area", "disadvantaged")))
    rows = mark_few(rows, cells, "attainment8")
    return rows.assign(fifth=rows["place"].astype(str).map(fifth).astype("int64"))
