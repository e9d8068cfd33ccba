"""Rows of measures as charts, tables and sentences take them. Every number comes from a measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.results.shapes import as_cells
from sim.show.fifths import with_areas
from sim.show.headlines import JOB_HEADS
from sim.show.reference import BASELINE

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "AFTER_16",
    "BEFORE_POLICY",
    "BOTH",
    "counts",
    "difference_of",
    "gains_by_fifth",
    "gains_overall",
    "holds",
    "in_heads",
    "job_gains",
    "job_levels",
    "levels_before",
    "named",
    "nothing",
    "only_baseline",
    "reason",
    "scenarios",
    "targeted",
]

NUMBERS = ("value", "central", "low", "high", "chance_low", "chance_high", "mean_low", "mean_high")
BOTH = ("disadvantaged", "other")
BEFORE_POLICY = 0
AFTER_16 = "these results hold nothing after 16"


def scenarios(dataset: xr.Dataset) -> list[str]:
    """Return the scenarios compared with the baseline, in the order they were run."""
    values = dataset["scenario"].values.astype(str).ravel().tolist()
    return [name for name in dict.fromkeys(values) if name != BASELINE]


def counts(dataset: xr.Dataset) -> tuple[int, int]:
    """Return how many draws of beliefs and how many replicates of chance there are."""
    from sim.tabulate import measure

    table = measure(dataset, "funding_per_pupil", groups="all")
    return int(table["draws"].min()), int(table["replicates"].min())


def reason(rows: pd.DataFrame) -> str:
    """Say why there is nothing to draw; empty when there is something."""
    counted = "worse" if "worse" in rows else "value"
    if len(rows) and rows[counted].notna().any():
        return ""
    note = str(rows.attrs.get("note", "")).split(";")[0]
    return note or str(rows.attrs.get("absent", "nothing to show in these results"))


def gains_by_fifth(dataset: xr.Dataset, group: str = "disadvantaged") -> pd.DataFrame:
    """Attainment 8 less baseline by affluence fifth: of the disadvantaged, the primary measure."""
    rows = difference_of(dataset, "attainment8", "area_affluence", group=group)
    return with_areas(rows, dataset)


def gains_overall(dataset: xr.Dataset, group: str) -> pd.DataFrame:
    """Attainment 8 of a group less baseline, over all areas."""
    return difference_of(dataset, "attainment8", "england", group=group)


def job_gains(dataset: xr.Dataset) -> pd.DataFrame:
    """Professional job at 25 of disadvantaged pupils less baseline, by affluence fifth.

    The second primary measure; shares between -1 and 1.
    """
    from sim.tabulate import difference, frame

    if not holds(dataset):
        return nothing(AFTER_16)
    table = difference(dataset, "professional_job_rate", "area_affluence", "disadvantaged")
    return with_areas(named(frame(table)), dataset)


def job_levels(base: xr.Dataset) -> pd.DataFrame:
    """The same for the baseline alone: where it stands."""
    from sim.tabulate import frame, measure

    if not holds(base):
        return nothing(AFTER_16)
    return named(frame(measure(base, "professional_job_rate", "area_affluence", "disadvantaged")))


def in_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of shares in people of :data:`JOB_HEADS`."""
    ends = [c for c in rows.columns if c in NUMBERS]
    told = rows.assign(**{column: JOB_HEADS * rows[column] for column in ends})
    told.attrs = {**rows.attrs, "unit": f"people of {JOB_HEADS:,}"}
    return told


def targeted(dataset: xr.Dataset, name: str) -> pd.DataFrame:
    """Tabulate a measure of targeted money by fifth, for policies."""
    from sim.tabulate import frame, measure

    rows = with_areas(named(frame(measure(dataset, name, "area_affluence"))), dataset)
    rows = rows[rows["scenario"] != BASELINE].reset_index(drop=True)
    rows.attrs["absent"] = "no policy in this comparison targets money"
    return rows


def levels_before(dataset: xr.Dataset, name: str, by: str) -> pd.DataFrame:
    """Tabulate a measure of the baseline in the year before policy, for both groups."""
    from sim.tabulate import frame, measure

    base = only_baseline(dataset)
    return named(frame(measure(base, name, by, list(BOTH), years=BEFORE_POLICY)))


def only_baseline(dataset: xr.Dataset) -> xr.Dataset:
    """Return the cells of the baseline."""
    cells = as_cells(dataset)
    return cells.isel(cell=(cells["scenario"].values.astype(str) == BASELINE))


def difference_of(
    dataset: xr.Dataset,
    name: str,
    by: str,
    years: Sequence[int] | None = None,
    group: str = "disadvantaged",
) -> pd.DataFrame:
    """Tabulate a difference, for disadvantaged pupils unless told otherwise."""
    from sim.tabulate import difference, frame

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


def holds(dataset: xr.Dataset) -> bool:
    """Whether these results hold what comes after sixteen."""
    return "professional_n" in dataset


def nothing(why: str) -> pd.DataFrame:
    """Return no rows, and why."""
    import pandas as pd

    rows = pd.DataFrame({"scenario": [], "place": [], "value": []})
    rows.attrs["absent"] = why
    return rows
