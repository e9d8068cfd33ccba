"""Rows of the charts on what comes after school. Every number comes from a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.fifths import with_areas
from sim.show.headlines import JOB_HEADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr

__all__ = [
    "ISOLATION",
    "MINIMUM_INDEX",
    "MINIMUM_JOB",
    "STAGES",
    "holds",
    "in_heads",
    "job_gains",
    "job_levels",
    "jobs_by_affluence",
    "opportunity_beside_outcome",
    "posts_follow_or_not",
    "stay_or_go",
    "where_the_pipeline_leaks",
]

MINIMUM_JOB = 30.0
"""Smallest difference in professional jobs that matters, people of 10,000 (0.3 of 100)."""
MINIMUM_INDEX = 0.02
"""Smallest difference of an index that matters, in the unit of its parts."""

STAGES = {
    "early_pass_rate": "Good development\nat 5",
    "ks2_pass_rate": "Expected standard\nat 11",
    "english_maths_rate": "English and maths\nat 16",
    "level3_rate": "Level 3\nat 19",
    "he_rate": "Higher education\nby 19",
    "degree_rate": "Degree\nby 24",
    "professional_job_rate": "Professional job\nat 25",
}
"""Stages of the pipeline, in order: measure and name."""

ISOLATION = {
    1: "Fifth 1\nleast isolated",
    2: "Fifth 2",
    3: "Fifth 3",
    4: "Fifth 4",
    5: "Fifth 5\nmost isolated",
}
BEFORE_POLICY = 0
NUMBERS = ("value", "central", "low", "high", "chance_low", "chance_high", "mean_low", "mean_high")
BOTH = ("disadvantaged", "other")
NO_ENDS = (
    "runs at both ends were not made: they need 21 policy years, time, and a vacancy response "
    "that the request leaves alone"
)


def holds(dataset: xr.Dataset) -> bool:
    """Whether these results hold what comes after sixteen."""
    return "professional_n" in dataset


def job_gains(dataset: xr.Dataset) -> pd.DataFrame:
    """Professional job at 25 of disadvantaged pupils less baseline, by affluence fifth.

    The second primary measure; shares between -1 and 1.
    """
    from sim.metrics import difference, frame

    if not holds(dataset):
        return _nothing()
    table = difference(dataset, "professional_job_rate", "area_affluence", "disadvantaged")
    return with_areas(_named(frame(table)), dataset)


def jobs_by_affluence(dataset: xr.Dataset) -> pd.DataFrame:
    """Return the same in people of 10,000, as the chart shows it."""
    return in_heads(job_gains(dataset))


def in_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of shares in people of :data:`JOB_HEADS`."""
    ends = [c for c in rows.columns if c in NUMBERS]
    told = rows.assign(**{column: JOB_HEADS * rows[column] for column in ends})
    told.attrs = {**rows.attrs, "unit": f"people of {JOB_HEADS:,}"}
    return told


def job_levels(base: xr.Dataset) -> pd.DataFrame:
    """The same for the baseline alone: where it stands."""
    from sim.metrics import frame, measure

    if not holds(base):
        return _nothing()
    return _named(frame(measure(base, "professional_job_rate", "area_affluence", "disadvantaged")))


def opportunity_beside_outcome(dataset: xr.Dataset) -> pd.DataFrame:
    """Change in both indices, of both groups, over all areas; ``shelf``, ``group``, ``parts``."""
    import pandas as pd

    from sim.metrics import differences, frame

    if not holds(dataset):
        return _nothing()
    # Outcomes come last in life: while they are not reached, opportunity alone is not shown.
    names = {"outcome_index": "outcome", "opportunity_index": "opportunity"}
    parts = []
    for name, table in differences(dataset, list(names), groups=BOTH).items():
        rows = _named(frame(table)).assign(shelf=names[name], parts=table.attrs.get("parts", ""))
        if rows["value"].isna().all():
            return rows
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def posts_follow_or_not(ends: Mapping[float, xr.Dataset]) -> pd.DataFrame:
    """Professional jobs at 25 less baseline, of 10,000 people, at both ends of the response.

    Columns ``end`` (0: posts do not follow those who qualify; 1: in full) and ``group``
    (disadvantaged, all).
    """
    import pandas as pd

    from sim.metrics import difference, frame

    if not ends:
        rows = _nothing()
        rows.attrs["absent"] = NO_ENDS
        return rows
    parts = []
    for end, dataset in sorted(ends.items()):
        table = difference(dataset, "professional_job_rate", groups=["disadvantaged", "all"])
        parts.append(_named(frame(table)).assign(end=end))
    return in_heads(pd.concat(parts, ignore_index=True))


def where_the_pipeline_leaks(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares of both groups at each stage by affluence fifth, baseline, before any policy.

    Columns ``stage`` (of :data:`STAGES`), ``place``, ``group``, and in rows of disadvantaged
    pupils ``ratio``: how many get there for one of the others.
    """
    import pandas as pd

    if not holds(dataset):
        return _nothing()
    parts = [_levels(dataset, name, "area_affluence").assign(stage=name) for name in STAGES]
    rows = pd.concat(parts, ignore_index=True)
    keys = ["stage", "place"]
    others = rows[rows["group"] == "other"].set_index(keys)["value"]
    mine = rows["group"] == "disadvantaged"
    wanted = rows[mine].set_index(keys)
    rows.loc[mine, "ratio"] = (wanted["value"] / others.reindex(wanted.index)).to_numpy()
    return with_areas(rows, dataset)


def stay_or_go(dataset: xr.Dataset) -> pd.DataFrame:
    """Shares who got on at home and who left to get on, by isolation fifth, before any policy.

    Columns ``place`` (1 = least isolated), ``group``, ``part`` (home or left).
    """
    import pandas as pd

    if not holds(dataset):
        return _nothing()
    names = {"got_on_at_home_share": "home", "left_to_get_on_share": "left"}
    parts = [_levels(dataset, n, "area_isolation").assign(part=p) for n, p in names.items()]
    return pd.concat(parts, ignore_index=True)


def _levels(dataset: xr.Dataset, name: str, by: str) -> pd.DataFrame:
    """Tabulate a measure of the baseline in the year before policy, for both groups."""
    from sim.metrics import frame, measure
    from sim.show.tables import only_baseline

    base = only_baseline(dataset)
    return _named(frame(measure(base, name, by, list(BOTH), years=BEFORE_POLICY)))


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    from sim.show.tables import named

    return named(rows)


def _nothing() -> pd.DataFrame:
    import pandas as pd

    rows = pd.DataFrame({"scenario": [], "place": [], "value": []})
    rows.attrs["absent"] = "these results hold nothing after 16"
    return rows
