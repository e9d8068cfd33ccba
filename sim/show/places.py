"""Rows of the charts of where pounds and pupils are moved. Every number comes from a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.fifths import with_areas
from sim.show.scope import EVERYWHERE, PART
from sim.show.sums import bare
from sim.show.tables import BASELINE, heads, named, reason
from sim.show.words import label, times

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "flagged_gaps",
    "map_of_gains",
    "of_100_pupils",
    "waterfall_of_pounds",
    "what_comes_back",
]

PAID = {"gap_triggered": "level_own_school", "gap_progress": "progress_national"}
"""Scenarios that pay for the flags of a declared trigger; others are read on the first one's."""


def map_of_gains(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, authority by authority; ``column``, ``row``.

    Only in worlds that hold each authority of England or of a region once.
    """
    from sim.metrics import difference, frame
    from sim.show.hexagons import hexagons

    where = hexagons()
    world = str(dataset.attrs.get("world") or "")
    codes = [str(code) for code in dataset["area"].values]
    if world not in (EVERYWHERE, PART) or not set(codes) <= set(where):
        rows = _nothing()
        rows.attrs["absent"] = (
            f"a map needs a world with all authorities of England or of a region; this one has "
            f"{times(len(codes), 'area')} (take world=england or world=region)"
        )
        return rows
    rows = named(frame(difference(dataset, "attainment8", "area", "disadvantaged")))
    rows["column"] = [where[str(code)][0] for code in rows["place"]]
    rows["row"] = [where[str(code)][1] for code in rows["place"]]
    return rows


def of_100_pupils(dataset: xr.Dataset) -> pd.DataFrame:
    """Of disadvantaged pupils, those in groups ``worse`` and ``better`` off, by affluence fifth."""
    return with_areas(heads(dataset, "area_affluence", ["disadvantaged"]), dataset)


def waterfall_of_pounds(dataset: xr.Dataset) -> pd.DataFrame:
    """What makes up the change in money per pupil, in the most and the least affluent fifth here.

    Columns ``part``: ``total`` (with intervals), ``targeted``, and ``formula``, which is the rest:
    what rule, protection and the slice taken to pay for targets change together.
    """
    import pandas as pd

    from sim.metrics import differences, frame

    names = ("funding_per_pupil", "targeted_per_pupil")
    found = differences(dataset, names, "area_affluence", "all")
    total, aimed = (named(frame(found[name])) for name in names)
    keys = ["scenario", "place"]
    rest = total.merge(aimed[[*keys, "value"]], on=keys, suffixes=("", "_aimed"))
    rest["value"] -= rest.pop("value_aimed")
    known = [str(column) for column in rest.columns]
    ends = [c for c in known if c.endswith(("low", "high")) or c in ("central", "verdict")]
    rest[ends] = float("nan")
    parts = {"formula": rest, "targeted": aimed, "total": total}
    rows = pd.concat([t.assign(part=part) for part, t in parts.items()], ignore_index=True)
    ends_here = (int(total["place"].min()), int(total["place"].max()))
    rows = rows[rows["place"].isin(ends_here)].reset_index(drop=True)
    rows.attrs = dict(total.attrs)
    return with_areas(rows, dataset)


def flagged_gaps(dataset: xr.Dataset) -> pd.DataFrame:
    """Change of the gap in flagged schools: ``by_itself``, ``caused`` and ``naive``, by fifth.

    By itself is what the same schools do under the baseline; the naive change of a policy is that
    and what it causes. Each policy is read on the schools of its own trigger.
    """
    import pandas as pd

    from sim.metrics import frame, measure

    wanted = {"flagged_results_n", "flagged_results_sum"}
    here = set(dataset["scenario"].values.astype(str).ravel().tolist())
    if not wanted <= set(map(str, dataset.data_vars)) or not _paid_first(here):
        rows = _nothing()
        rows.attrs["absent"] = "no policy in this comparison pays schools flagged for a gap"
        return rows
    naive = named(frame(measure(dataset, "flagged_gap_naive", "area_affluence")))
    caused = named(frame(measure(dataset, "flagged_gap_caused", "area_affluence")))
    alone = naive[naive["scenario"] == BASELINE]
    parts = []
    for name, trigger in _paid_first(here):
        for part, told in (("by_itself", alone), ("caused", caused), ("naive", naive)):
            mine = told[told["part"] == trigger]
            if part != "by_itself":
                mine = mine[mine["scenario"] == name]
            parts.append(mine.assign(scenario=name, part=part))
    rows = pd.concat(parts, ignore_index=True)
    # Of years before and after a flag, whichever years the run has.
    rows.attrs = {**naive.attrs, "years": ""}
    return with_areas(rows, dataset)


def _paid_first(here: set[str]) -> list[tuple[str, str]]:
    """Return the policies that pay for declared flags, and the trigger of each, in that order."""
    return [
        (name, trigger)
        for paid, trigger in PAID.items()
        for name in sorted(here)
        if name == paid or bare(name) == label(paid)
    ]


def what_comes_back(dataset: xr.Dataset) -> pd.DataFrame:
    """Pounds back for a public pound, two ways: ``way`` (ours, published) and ``part``."""
    import pandas as pd

    from sim.metrics import frame, measure

    wanted = {"ours": "exchequer_return", "published": "exchequer_return_published"}
    parts = []
    for way, name in wanted.items():
        if name == "exchequer_return" and "tax30_sum" not in dataset:
            continue
        rows = named(frame(measure(dataset, name)))
        if not reason(rows):
            parts.append(rows.assign(way=way))
    if not parts:
        return rows
    whole = pd.concat(parts, ignore_index=True)
    whole.attrs = dict(parts[-1].attrs)
    return whole[whole["value"].notna()].reset_index(drop=True)


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"scenario": [], "place": [], "value": []})
