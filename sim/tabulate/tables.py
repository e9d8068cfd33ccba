"""From many cells to one table: a measure, or a paired difference, with its intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.data.base_year import EACH, in_prices
from sim.errors import BadRequest, MeasureFailed, did_you_mean
from sim.results.shapes import as_cells
from sim.tabulate.aggregate import (
    GROUPS_SHOWN,
    Places,
    add_up,
    collect,
    national,
    places_of,
    prefixed,
    reference,
    refuse_parts,
)
from sim.tabulate.calling import derived, failed, figures, nothing_known
from sim.tabulate.description import Description, describe, grain, stored_name, whose
from sim.tabulate.frames import Table, difference_table, tabulate
from sim.tabulate.moved import moved
from sim.tabulate.settings import (
    base_year_of,
    labels_of,
    refuse_swept,
    setting_of,
    table_by_setting,
)
from sim.tabulate.verdicts import DECLARED
from sim.tabulate.windows import Window, Years, exposures, window

__all__ = [
    "BASELINE",
    "difference",
    "differences",
    "evaluate",
    "measure",
    "paired_difference",
]

BASELINE = "baseline"
DEFAULT_GROUPS = ("all", "disadvantaged", "other")
DOUBT = "draws move response beliefs only, until a calibrated ensemble ships"


def evaluate(
    results: xr.Dataset,
    name: str,
    by: str = "england",
    years: Years = None,
    against: str = BASELINE,
) -> xr.DataArray:
    """Compute a measure in every cell: dims cell, perhaps year, place, perhaps group and part.

    ``attrs`` hold the label, the unit and, where no cohort has lived the whole policy, a note;
    values are then NaN.
    """
    one = describe(name)
    if by not in one.by:
        grain(by)
        raise BadRequest(f"measure {name!r} exists by {', '.join(one.by)} only, not by {by}.")
    cells = as_cells(_narrowed(results, one, by))
    refuse_parts(cells)
    chosen = window(cells["year"].values, one.age, years)
    used = chosen if chosen.years else Window((int(cells["year"].values[-1]),), pooled=True)
    partner = _partners(cells, against) if one.paired else None
    found = _compute(cells, one, by, used, partner)
    if not chosen.years:
        found = found * np.nan
    elif nothing_known(one, found):
        raise failed(one, "gave no number anywhere; see that it divides by what is there")
    elif found.sizes["cell"]:
        found = _present(found)
    attrs = _attributes(one, by, chosen)
    return found.assign_attrs({**attrs, "unit": in_prices(one.unit, base_year_of(cells))})


def _narrowed(results: xr.Dataset, one: Description, by: str) -> xr.Dataset:
    """Keep what the measure reads: turning a grid into cells copies whatever is there."""
    wanted = {"present", *(stored_name(need, by) for need in one.needs)}
    return results.drop_vars([n for n in results.data_vars if n not in wanted])


def _compute(
    cells: xr.Dataset, one: Description, by: str, used: Window, partner: NDArray[np.int64] | None
) -> xr.DataArray:
    sums = collect(cells, one, by, used)
    places = places_of(cells, by)
    if partner is not None:
        mine = np.flatnonzero(partner >= 0)
        base = sums.isel(cell=partner[mine]).drop_vars(labels_of(sums))
        sums = sums.isel(cell=mine).assign({f"{n}_baseline": v for n, v in base.data_vars.items()})
    if one.derive is not None:
        sums = derived(one, sums)
    if one.across:
        return _across(cells, one, sums, places)
    added = add_up(sums, places)
    if one.reference:
        added = added.assign(prefixed(reference(cells, one, by), "reference"))
    if one.standard:
        everybody = reference(cells, one, by, "all")
        added = added.assign(prefixed(everybody, "standard"))
    if one.national:
        added = added.assign(prefixed(national(cells, sums, by), "national"))
    if one.moved:
        added = added.assign(moved(cells, one, by))
    if (year := base_year_of(cells)) != EACH:
        added = added.assign_attrs(base_year=year)
    added = added.assign_attrs(years=len(used.years) if used.pooled else 1)
    return _ordered(figures(one, added))


def _across(cells: xr.Dataset, one: Description, sums: xr.Dataset, england: Places) -> xr.DataArray:
    """Give a measure of the spread of places the areas one by one, with their weights."""
    added = add_up(sums, places_of(cells, "area"))
    weight = xr.DataArray(cells["weight"].values.astype(np.float64), dims="place")
    found = figures(one, added.assign(weight=weight))
    label = {"place": england.labels, "place_name": ("place", england.names)}
    return _ordered(found.expand_dims(place=england.labels).assign_coords(label))


def _ordered(found: xr.DataArray) -> xr.DataArray:
    dims = [d for d in ("cell", "year", "place", "group", "part") if d in found.dims]
    return found.transpose(*dims)


def _present(found: xr.DataArray) -> xr.DataArray:
    """Leave out places and groups with nobody in them: absent, not NaN."""
    for axis in ("place", "group"):
        if axis in found.dims:
            others = [d for d in found.dims if d != axis]
            known = found.notnull().any(others).values
            if known.any():
                found = found.isel({axis: np.flatnonzero(known)})
    return found


def _attributes(one: Description, by: str, chosen: Window) -> dict[str, Any]:
    lived = exposures(chosen.years, one.age)
    attrs: dict[str, Any] = {
        "measure": one.name,
        "label": one.title,
        "unit": one.unit,
        "direction": one.direction,
        "shelf": one.shelf,
        "age": one.age,
        "by": by,
        "counts": whose(one, by),
        "minimum": one.minimum,
        "years": ", ".join(map(str, chosen.years)),
        "doubt": DOUBT,
        "note": "; ".join(n for n in (chosen.note, one.partial) if n),
    }
    if len(lived) and one.age != "none" and (lived == lived[0]).all():
        attrs["exposure"] = int(lived[0])
    return attrs


def _partners(cells: xr.Dataset, against: str) -> NDArray[np.int64]:
    """Row of the cell with the same luck and setting under ``against``; -1 where none."""
    scenario = cells["scenario"].values.astype(str)
    if against not in scenario:
        raise BadRequest(
            f"these results hold no scenario {against!r} to compare with. "
            f"{did_you_mean(against, set(scenario.tolist()))}"
        )
    luck = (cells["draw"].values.tolist(), cells["replicate"].values.tolist(), setting_of(cells))
    pairs = list(zip(*luck, strict=True))
    rows = {pair: i for i, pair in enumerate(pairs) if scenario[i] == against}
    found = np.array(
        [-1 if scenario[i] == against else rows.get(pair, -1) for i, pair in enumerate(pairs)],
        dtype=np.int64,
    )
    if not (found >= 0).any():
        raise BadRequest(
            f"no cell shares its draw and replicate with {against!r}: nothing to compare."
        )
    return found


def measure(
    results: xr.Dataset,
    name: str,
    by: str = "england",
    groups: str | Sequence[str] | None = None,
    years: Years = None,
) -> Table:
    """Tabulate a measure with intervals, for every scenario.

    Args:
        results: from `sim.compare`, `sim.open_results`, or one run.
        name: a name of `sim.tabulate.available`.
        by: ``england``, ``region``, ``area`` (results count children in the area they grew up in;
            money, teachers and rolls count where the school stands; ``attrs["counts"]`` says
            which), ``school_area`` (all of it where the school stands, as published figures of
            authorities do), ``area_type``, ``area_affluence`` (fifths, 1 = most affluent) or
            ``school_affluence`` (quarters of the reference school, likewise).
        groups: ``all``, ``disadvantaged``, ``other``, or a depth and duration such as
            ``deep_long``. Default: the first three. Gaps have no group.
        years: default: headline, the last five fully exposed policy years pooled. One year,
            several, or ``"each"``: the table then has a dimension ``year`` with ``exposure``.

    Returns:
        A Dataset with ``value``; ``low``, ``high`` (90 %, doubt and chance together, over draws);
        ``chance_low``, ``chance_high`` (around ``value``, as wide as chance alone would be, from
        replicates of draw 0; never wider than ``low`` to ``high``); ``mean_low``, ``mean_high``
        (90 %, the mean over draws); ``central`` (draw 0);
        unit, label and notes as attributes. Results of a sweep over other settings: a table for
        each of them, along ``setting``.

    Raises:
        BadRequest: The measure, the places, groups or years are not known or not in the results.

    Example:
        money = sim.measure(results, "funding_per_pupil", by="region", years=1)
        print(money.attrs["unit"], money["value"].sel(scenario="flat", group="all").values)
    """

    def one_setting(cells: xr.Dataset) -> Table:
        return tabulate(_grouped(evaluate(cells, name, by, years), name, groups), describe(name))

    return table_by_setting(results, one_setting)


def difference(
    results: xr.Dataset,
    name: str,
    by: str = "england",
    groups: str | Sequence[str] | None = None,
    years: Years = None,
    against: str = BASELINE,
) -> Table:
    """Tabulate scenario minus ``against``, paired by draw and replicate, with verdict words.

    A number is judged by its own interval, whatever else the table holds: of many numbers about
    one in ten shows a direction by luck alone, so see `sim.declared` for those declared
    beforehand. Fewer than 8 draws of beliefs: the interval, and "run longer". In results of a
    sweep each setting is compared by itself.

    Args:
        results: As for :func:`measure`.
        name: As for :func:`measure`.
        by: As for :func:`measure`.
        groups: As for :func:`measure`.
        years: As for :func:`measure`.
        against: Name of the scenario that is taken away from each of the others.

    Returns:
        The columns of :func:`measure`, here of differences; ``verdict``, a few words; and
        ``declared``, whether the number is one of those declared beforehand (yes or no).

    Raises:
        BadRequest: As for :func:`measure`; or no cell has a partner to compare it with.

    Example:
        table = sim.difference(results, "funding_per_pupil", groups="disadvantaged", years=1)
        print(table["value"].sel(scenario="flat", place="All areas").values)
    """

    def one_setting(cells: xr.Dataset) -> Table:
        return differences(cells, [name], by, groups, years, against)[name]

    return table_by_setting(results, one_setting)


def differences(
    results: xr.Dataset,
    names: Sequence[str],
    by: str = "england",
    groups: str | Sequence[str] | None = None,
    years: Years = None,
    against: str = BASELINE,
    problems: dict[str, str] | None = None,
) -> dict[str, Table]:
    """Tabulate several differences (see :func:`difference`).

    With ``problems``, a measure that fails is left out, and why is noted there under its name;
    without, it ends the work with `MeasureFailed`.

    Raises BadRequest for results of a sweep over other settings: take one setting at a time.
    """
    refuse_swept(results)
    tables: dict[str, Table] = {}
    for name in names:
        try:
            tables[name] = _table_of_difference(results, name, by, groups, (years, against))
        except MeasureFailed as error:
            if problems is None:
                raise
            problems[name] = str(error)
    return tables


def _table_of_difference(
    results: xr.Dataset,
    name: str,
    by: str,
    groups: str | Sequence[str] | None,
    window_and_partner: tuple[Years, str],
) -> Table:
    one, (years, against) = describe(name), window_and_partner
    found = evaluate(results, name, by, years, against)
    if not one.paired:
        found = paired_difference(found, against)
    chosen = groups if "group" in found.dims else None
    table = difference_table(_grouped(found, name, chosen), one)
    return table.assign(declared=_declared(table, one, against, results["year"].values))


def paired_difference(found: xr.DataArray, against: str) -> xr.DataArray:
    """Return in every cell of another scenario its difference from the cell with its luck."""
    partner = _partners(found.to_dataset(name="value"), against)
    mine = np.flatnonzero(partner >= 0)
    own = found.isel(cell=mine)
    return own.copy(data=own.values - found.values[partner[mine]])


def _grouped(found: xr.DataArray, name: str, groups: str | Sequence[str] | None) -> xr.DataArray:
    if "group" not in found.dims:
        if groups is not None:
            raise BadRequest(f"measure {name!r} compares groups and takes no groups= of its own.")
        return found
    asked = [groups] if isinstance(groups, str) else list(groups or DEFAULT_GROUPS)
    for group in asked:
        if group not in GROUPS_SHOWN:
            hint = did_you_mean(group, GROUPS_SHOWN)
            raise BadRequest(f"group {group!r} is not known. {hint}")
    here = set(found["group"].values.tolist())
    return found.sel(group=[g for g in asked if g in here])


def _declared(
    table: Table, one: Description, against: str, recorded: NDArray[np.int_]
) -> xr.DataArray:
    """Say yes of every number declared beforehand: its headline years, against the baseline."""
    told = xr.full_like(table["value"], "no", dtype=object)
    headline = ", ".join(map(str, window(recorded, one.age).years))
    if against != BASELINE or "year" in told.dims or table.attrs["years"] != headline:
        return told
    for measure_, place, group in DECLARED:
        if measure_ == one.name and place in table["place"].values:
            here = (told["place"] == place) & (told["group"] == group)
            told = told.where(~here, "yes")
    return told
