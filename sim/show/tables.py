"""The main table, and tables of every measure. Every number comes from a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.shapes import as_cells
from sim.show.dose import doses, untargeted
from sim.show.fifths import with_areas
from sim.show.headlines import (
    CONTRAST,
    HEADLINES,
    JOB_CONTRAST,
    Headline,
    declared_levels,
    declared_rows,
)
from sim.show.measured import gains_by_fifth, job_gains, job_levels, named, only_baseline, targeted
from sim.show.reference import BASELINE, seen_from

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "HEADLINES",
    "HEADLINE_MEASURES",
    "Headline",
    "every_measure",
    "headline",
    "headline_variables",
]

HEADLINE_MEASURES = (
    "attainment8",
    "ks4_gap_index",
    "professional_job_rate",
    "worse_off_share",
    "targeted_undercoverage",
    "pounds_per_pupil_reached",
)
"""What :func:`headline` tabulates."""

YEARS = "policy_years"
"""Column that says which policy years a number is of, taken together."""


def headline_variables() -> tuple[str, ...]:
    """Return the variables that :func:`headline` reads; of the rest it needs none."""
    from sim.tabulate import variables_for

    return tuple(sorted({*variables_for(HEADLINE_MEASURES), "targeted_sum"}))


def headline(dataset: xr.Dataset) -> pd.DataFrame:
    """Return the main table in long form: one row a scenario and key of :data:`HEADLINES`.

    Columns ``scenario``, ``key``, ``unit``, ``value``, ``low``, ``high``, ``chance_low``,
    ``chance_high``, ``verdict``, ``note``, ``policy_years``; shares are between 0 and 1. The
    baseline comes first, with its levels; a key that does not apply to a scenario has no row.
    Results that name another policy to compare with (attribute ``against``) have that one in the
    place of the baseline; the rows' attribute says so.
    """
    import pandas as pd

    whole = as_cells(dataset)
    cells, names = seen_from(whole)
    back = {"scenario": names}
    parts = [rows.replace(back) for rows in (*_levels(cells), *_changes(cells))]
    paid = doses(whole)  # what a policy pays does not hang on another
    parts.append(paid.assign(key="dose", **{YEARS: str(paid.attrs.get("years", ""))}))
    columns = ["value", "low", "high", "chance_low", "chance_high", "verdict", "note", YEARS]
    tidy = [p.reindex(columns=["scenario", "key", *columns]) for p in parts if len(p)]
    rows = pd.concat(tidy, ignore_index=True)
    rows = rows.assign(**{c: rows[c].fillna("") for c in ("verdict", "note", YEARS)})
    rows.insert(2, "unit", rows["key"].map({one.key: one.in_file for one in HEADLINES}))
    rows.attrs = {
        "against": names.get(BASELINE, BASELINE),
        "untargeted": untargeted(whole, paid),
    }
    return rows


def every_measure(dataset: xr.Dataset, by: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Differences from the baseline in every measure these results can give.

    Returns:
        The rows, and for each measure that failed what it failed of.
    """
    import pandas as pd

    from sim.tabulate import frame

    found, failed = _all_differences(dataset, by)
    parts = []
    for name, table in found.items():
        rows = named(frame(table))
        rows = with_areas(rows, dataset) if by == "area_affluence" else rows
        parts.append(
            rows.assign(
                measure=name,
                unit=table.attrs["unit"],
                minimum=table.attrs["minimum"],
                **{YEARS: table.attrs["years"]},
            )
        )
    first = ["scenario", "measure", "unit", "place", "group", "part"]
    if not parts:
        return pd.DataFrame(columns=[*first, "value"]), failed
    whole = pd.concat(parts, ignore_index=True).dropna(subset=["value"])
    return whole[first + [c for c in whole.columns if c not in first]], failed


def _all_differences(dataset: xr.Dataset, by: str) -> tuple[dict[str, xr.Dataset], dict[str, str]]:
    """Tabulate every measure; those that fail are named, and the rest taken without them."""
    from sim.tabulate import available, describe, differences

    problems: dict[str, str] = {}
    known = [describe(name) for name in available()]
    names = [d.name for d in known if by in d.by and all(n in dataset for n in d.needs)]
    return differences(dataset, names, by, problems=problems), problems


def _changes(dataset: xr.Dataset) -> list[pd.DataFrame]:
    """Return differences from the baseline, then what exists for policies only."""
    from sim.tabulate import differences, frame, measure

    fifths = gains_by_fifth(dataset)
    ends = _ends(fifths)
    england = differences(dataset, ["attainment8", "ks4_gap_index"], groups="disadvantaged")
    lost = targeted(dataset, "targeted_undercoverage")
    worse = named(frame(measure(dataset, "worse_off_share", groups="all")))
    return [
        *ends,
        _keyed(named(frame(england["attainment8"])), "all_areas"),
        _keyed(named(frame(england["ks4_gap_index"])), "gap_index"),
        *_ends(job_gains(dataset), "job_"),
        *_contrasts(declared_rows(dataset)),
        _keyed(lost[(lost["place"] == 1) & lost["value"].notna()], "missed"),
        _keyed(worse, "worse_off"),
    ]


def _levels(dataset: xr.Dataset) -> list[pd.DataFrame]:
    """Return where the baseline stands."""
    from sim.tabulate import frame, measure

    base = only_baseline(dataset)
    fifths = named(frame(measure(base, "attainment8", "area_affluence", "disadvantaged")))
    england = named(frame(measure(base, "attainment8", groups="disadvantaged")))
    index = named(frame(measure(base, "ks4_gap_index")))
    return [
        *_ends(fifths),
        _keyed(england, "all_areas"),
        _keyed(index, "gap_index"),
        *_ends(job_levels(base), "job_"),
        *_contrasts(declared_levels(base)),
    ]


def _ends(fifths: pd.DataFrame, kind: str = "") -> list[pd.DataFrame]:
    """Return the most and the least affluent fifth; a world without one has no row for it."""
    return [
        _keyed(fifths[fifths["place"] == 1], f"{kind}most_affluent"),
        _keyed(fifths[fifths["place"] == 5], f"{kind}least_affluent"),
    ]


def _contrasts(declared: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the most less the least affluent fifth; a world without both has no row for it."""
    return [declared[declared["key"] == key] for key in (CONTRAST, JOB_CONTRAST)]


def _keyed(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    told = {name: str(rows.attrs.get(name, "")) for name in ("note", "years")}
    return rows.assign(key=key, note=told["note"], **{YEARS: told["years"]})
