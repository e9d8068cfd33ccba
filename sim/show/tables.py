"""From results to the rows each chart and table shows. Every number comes from a measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.show import later
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
from sim.show.reference import BASELINE, seen_from

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "BASELINE",
    "HEADLINES",
    "HEADLINE_MEASURES",
    "MINIMUM",
    "QUARTERS",
    "Headline",
    "counts",
    "every_measure",
    "gains_by_affluence",
    "gains_by_school",
    "gains_overall",
    "headline",
    "headline_variables",
    "heads",
    "level_beside_gap",
    "missed",
    "money_beside_attainment",
    "money_went",
    "named",
    "only_baseline",
    "over_time",
    "reason",
    "scenarios",
    "worse_off",
]

HEADLINE_MEASURES = (
    "attainment8", "ks4_gap_index", "professional_job_rate", "worse_off_share",
    "targeted_undercoverage", "pounds_per_pupil_reached",
)  # fmt: skip
"""What :func:`headline` tabulates."""

MINIMUM = 0.42
"""Smallest difference in Attainment 8 that matters: 0.02 SD (as the measure itself declares)."""

YEARS = "policy_years"
"""Column that says which policy years a number is of, taken together."""

QUARTERS = {
    1: "Quarter 1\nmost affluent",
    2: "Quarter 2",
    3: "Quarter 3",
    4: "Quarter 4\nleast affluent",
}


def scenarios(dataset: xr.Dataset) -> list[str]:
    """Return the scenarios compared with the baseline, in the order they were run."""
    values = dataset["scenario"].values.astype(str).ravel().tolist()
    return [name for name in dict.fromkeys(values) if name != BASELINE]


def counts(dataset: xr.Dataset) -> tuple[int, int]:
    """Return how many draws of beliefs and how many replicates of chance there are."""
    from sim.metrics import measure

    table = measure(dataset, "funding_per_pupil", groups="all")
    return int(table["draws"].min()), int(table["replicates"].min())


def reason(rows: pd.DataFrame) -> str:
    """Say why there is nothing to draw; empty when there is something."""
    counted = "worse" if "worse" in rows else "value"
    if len(rows) and rows[counted].notna().any():
        return ""
    note = str(rows.attrs.get("note", "")).split(";")[0]
    return note or str(rows.attrs.get("absent", "nothing to show in these results"))


def gains_by_affluence(dataset: xr.Dataset, group: str = "disadvantaged") -> pd.DataFrame:
    """Attainment 8 less baseline by affluence fifth: of the disadvantaged, the primary measure."""
    rows = _difference(dataset, "attainment8", "area_affluence", group=group)
    return with_areas(rows, dataset)


def gains_overall(dataset: xr.Dataset, group: str) -> pd.DataFrame:
    """Attainment 8 of a group less baseline, over all areas."""
    return _difference(dataset, "attainment8", "england", group=group)


def gains_by_school(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, by quarter of the reference school."""
    return _difference(dataset, "attainment8", "school_affluence")


def money_went(dataset: xr.Dataset) -> pd.DataFrame:
    """Share of targeted money by fifth (``value``) beside ``pupils``, those disadvantaged."""
    rows = _targeted(dataset, "targeted_share")
    rows["pupils"] = rows["place"].map(_disadvantaged_shares(dataset))
    return rows


def missed(dataset: xr.Dataset) -> pd.DataFrame:
    """Share of disadvantaged pupils reached by no targeted pound, by fifth."""
    return _targeted(dataset, "targeted_undercoverage")


def _targeted(dataset: xr.Dataset, name: str) -> pd.DataFrame:
    """Tabulate a measure of targeted money by fifth, for policies."""
    from sim.metrics import frame, measure

    rows = with_areas(named(frame(measure(dataset, name, "area_affluence"))), dataset)
    rows = rows[rows["scenario"] != BASELINE].reset_index(drop=True)
    rows.attrs["absent"] = "no policy in this comparison targets money"
    return rows


def level_beside_gap(dataset: xr.Dataset) -> pd.DataFrame:
    """Change in both groups' Attainment 8 and in the gap, over all areas; column ``part``."""
    import pandas as pd

    from sim.metrics import differences, frame

    found = differences(dataset, ["attainment8", "attainment8_gap"])
    level = named(frame(found["attainment8"]))
    level = level[level["group"] != "all"].rename(columns={"group": "part"})
    gap = named(frame(found["attainment8_gap"])).assign(part="gap")
    rows = pd.concat([level, gap], ignore_index=True)
    rows.attrs = dict(found["attainment8"].attrs)
    return rows


def money_beside_attainment(dataset: xr.Dataset) -> pd.DataFrame:
    """Change in disadvantaged pupils' school money and Attainment 8, by region."""
    from sim.metrics import differences, frame
    from sim.show.scope import regions_of

    names = ["funding_per_pupil", "attainment8"]
    found = differences(dataset, names, "region", "disadvantaged")
    money = named(frame(found["funding_per_pupil"]))
    money = money.rename(columns={"value": "pounds", "low": "pounds_low", "high": "pounds_high"})
    keep = ["scenario", "place", "pounds", "pounds_low", "pounds_high"]
    rows = named(frame(found["attainment8"])).merge(money[keep], on=["scenario", "place"])
    rows["place"] = rows["place"].map(regions_of(dataset))
    rows = rows.drop(columns="place_name", errors="ignore")  # the same once more
    rows.attrs = dict(found["attainment8"].attrs)
    return rows


def worse_off(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares of pupils ``worse`` and ``better`` off, by group (column ``who``)."""
    rows = heads(dataset, "england", ["disadvantaged", "other"]).rename(columns={"group": "who"})
    return rows.drop(columns=["place", "place_name"], errors="ignore")


def heads(dataset: xr.Dataset, by: str, groups: Sequence[str]) -> pd.DataFrame:
    """Shares of pupils ``worse`` and ``better`` off, each with its interval (``worse_low``, ...).

    Chance is averaged out before groups are judged, so there is no interval of chance alone.
    """
    from sim.metrics import frame, measure

    # A fall in the mirror is a rise: the one rule for "worse off" also tells who is better off.
    mirror = dataset.assign(attainment8_sum=-dataset["attainment8_sum"])
    told = {}
    for name, data in (("worse", dataset), ("better", mirror)):
        rows = named(frame(measure(data, "worse_off_share", by, list(groups))))
        ends = {"value": name, "low": f"{name}_low", "high": f"{name}_high"}
        told[name] = rows.rename(columns=ends)
    keys = ["scenario", "place", "group"]
    first = [*keys, "place_name", "worse", "worse_low", "worse_high"]
    second = told["better"][[*keys, "better", "better_low", "better_high"]]
    rows = told["worse"][[*first, "draws", "replicates"]].merge(second, on=keys)
    counted = ["draws", "replicates"]
    rows = rows[[c for c in rows.columns if c not in counted] + counted]
    rows.attrs = dict(told["worse"].attrs)
    return rows


def over_time(dataset: xr.Dataset) -> pd.DataFrame:
    """Disadvantaged Attainment 8 less baseline, over all areas, in every policy year."""
    years = [int(y) for y in dataset["year"].values if y > 0]
    return _difference(dataset, "attainment8", "england", years)


def headline_variables() -> tuple[str, ...]:
    """Return the variables that :func:`headline` reads; of the rest it needs none."""
    from sim.metrics import variables_for

    return tuple(sorted({*variables_for(HEADLINE_MEASURES), "targeted_sum"}))


def headline(dataset: xr.Dataset) -> pd.DataFrame:
    """Return the main table in long form: one row a scenario and key of :data:`HEADLINES`.

    Columns ``scenario``, ``key``, ``value``, ``low``, ``high``, ``chance_low``,
    ``chance_high``, ``verdict``, ``note``, ``policy_years``. The baseline comes first,
    with its levels; a key that does not apply to a scenario has no row. Results that name another
    policy to compare with (attribute ``against``) have that one in the baseline's place; the rows'
    attribute says so.
    """
    import pandas as pd

    from sim.results.reading import as_cells

    whole = as_cells(dataset)
    cells, names = seen_from(whole)
    back = {"scenario": names}
    parts = [rows.replace(back) for rows in (*_levels(cells), *_changes(cells))]
    paid = doses(whole)  # what a policy pays does not hang on another
    parts.append(paid.assign(key="dose"))
    columns = ["value", "low", "high", "chance_low", "chance_high", "verdict", "note", YEARS]
    tidy = [p.reindex(columns=["scenario", "key", *columns]) for p in parts if len(p)]
    rows = pd.concat(tidy, ignore_index=True)
    rows = rows.assign(**{c: rows[c].fillna("") for c in ("verdict", "note", YEARS)})
    rows.attrs = {
        "against": names.get(BASELINE, BASELINE), "untargeted": untargeted(whole, paid),
    }  # fmt: skip
    return rows


def every_measure(dataset: xr.Dataset, by: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Differences from the baseline in every measure these results can give.

    Returns:
        The rows, and for each measure that failed what it failed of.
    """
    import pandas as pd

    from sim.metrics import frame

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
    from sim.metrics import available, describe, differences

    problems: dict[str, str] = {}
    known = [describe(name) for name in available()]
    names = [d.name for d in known if by in d.by and all(n in dataset for n in d.needs)]
    return differences(dataset, names, by, problems=problems), problems


def _changes(dataset: xr.Dataset) -> list[pd.DataFrame]:
    """Return differences from the baseline, then what exists for policies only."""
    from sim.metrics import differences, frame, measure

    fifths = gains_by_affluence(dataset)
    ends = _ends(fifths)
    england = differences(dataset, ["attainment8", "ks4_gap_index"], groups="disadvantaged")
    lost = missed(dataset)
    worse = named(frame(measure(dataset, "worse_off_share", groups="all")))
    return [
        *ends,
        _keyed(named(frame(england["attainment8"])), "national"),
        _keyed(named(frame(england["ks4_gap_index"])), "gap_index"),
        *_ends(later.job_gains(dataset), "job_"),
        *_contrasts(declared_rows(dataset)),
        _keyed(lost[(lost["place"] == 1) & lost["value"].notna()], "missed"),
        _keyed(worse, "worse_off"),
    ]


def _levels(dataset: xr.Dataset) -> list[pd.DataFrame]:
    """Return where the baseline stands."""
    from sim.metrics import frame, measure

    base = only_baseline(dataset)
    fifths = named(frame(measure(base, "attainment8", "area_affluence", "disadvantaged")))
    england = named(frame(measure(base, "attainment8", groups="disadvantaged")))
    index = named(frame(measure(base, "ks4_gap_index")))
    return [
        *_ends(fifths),
        _keyed(england, "national"),
        _keyed(index, "gap_index"),
        *_ends(later.job_levels(base), "job_"),
        *_contrasts(declared_levels(base)),
    ]


def only_baseline(dataset: xr.Dataset) -> xr.Dataset:
    """Return the cells of the baseline."""
    from sim.results.reading import as_cells

    cells = as_cells(dataset)
    return cells.isel(cell=(cells["scenario"].values.astype(str) == BASELINE))


def _ends(fifths: pd.DataFrame, kind: str = "") -> list[pd.DataFrame]:
    """Return the most and the least affluent fifth; a world without one has no row for it."""
    return [
        _keyed(fifths[fifths["place"] == 1], f"{kind}affluent"),
        _keyed(fifths[fifths["place"] == 5], f"{kind}poorest"),
    ]


def _contrasts(declared: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the most less the least affluent fifth; a world without both has no row for it."""
    return [declared[declared["key"] == key] for key in (CONTRAST, JOB_CONTRAST)]


def _keyed(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    told = {name: str(rows.attrs.get(name, "")) for name in ("note", "years")}
    return rows.assign(key=key, note=told["note"], **{YEARS: told["years"]})


def _difference(
    dataset: xr.Dataset, name: str, by: str, years: Sequence[int] | None = None,
    group: str = "disadvantaged",
) -> pd.DataFrame:  # fmt: skip
    """Tabulate a difference, for disadvantaged pupils unless told otherwise."""
    from sim.metrics import difference, frame

    return named(frame(difference(dataset, name, by, group, years)))


def named(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what no chart shows, and keep intervals of shares between 0 and 1.

    Differences of shares have a verdict and may be negative; their intervals stay as they are.
    """
    kept = rows.drop(columns=["p", "error"], errors="ignore")
    kept.attrs = dict(rows.attrs)
    if rows.attrs.get("unit") == "share" and "verdict" not in rows:
        ends = [c for c in kept.columns if c.endswith(("low", "high"))]
        kept[ends] = kept[ends].clip(0.0, 1.0)
    return kept


def _disadvantaged_shares(dataset: xr.Dataset) -> dict[int, float]:
    """Share of all disadvantaged pupils who live in each fifth, baseline, last year."""
    from sim.results.schema import DISADVANTAGED

    base = only_baseline(dataset).isel(year=-1)
    pupils = base["pupils"].sel(group=list(DISADVANTAGED)).sum("group").mean("cell")
    weighted = (pupils * base["weight"]).groupby("affluence").sum()
    shares = weighted / weighted.sum()
    return {
        int(a): float(v) for a, v in zip(shares["affluence"].values, shares.values, strict=True)
    }
