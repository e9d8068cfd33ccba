"""The columns of the main table, and the numbers declared beforehand as rows for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.show.words import join, label, years_told
from sim.tabulate.verdicts import ALL_AREAS, FIFTH_1_LESS_5

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = [
    "CONTRAST",
    "GROUP",
    "HEADLINES",
    "JOB_CONTRAST",
    "JOB_HEADS",
    "JOB_KEYS",
    "Headline",
    "declared_levels",
    "declared_rows",
    "notes_on_columns",
    "untargeted",
    "years_in",
]

JOB_HEADS = 10_000
"""Professional jobs are told as whole people of so many: most differences are below 1 of 100."""
GROUP = "the pupils of one area who are alike in disadvantage (none, or one of four kinds)"
"""What a group that gains or loses is, wherever one is told of."""
COUNTED = (
    "A count asks whether a group passes that limit, not by how far, and so can be surer than a "
    "mean, whose interval is wide where the gain is much larger in some draws."
)
"""Why nearly all pupils may be in groups that gain where the mean of all is called open."""
REACHED = (
    "Reached are the disadvantaged pupils of schools that get some of the targeted money, missed "
    "are those of schools that get none. £ a pupil reached is what is paid for them, before what "
    "the same school gives up for it; net pounds for all pupils are in the chart “Which pounds "
    "come and which go”."
)
CONTRAST, JOB_CONTRAST = "most_less_least", "job_most_less_least"
JOB_KEYS = "job_"  # what the keys of professional jobs begin with
KEYS = {
    ("attainment8", FIFTH_1_LESS_5): CONTRAST,
    ("attainment8", ALL_AREAS): "all_areas",
    ("professional_job_rate", FIFTH_1_LESS_5): JOB_CONTRAST,
    ("professional_job_rate", ALL_AREAS): "job_all_areas",
}


@dataclass(frozen=True)
class Headline:
    """One column of the main table.

    ``short`` heads it on a screen, ``long`` on the page, in the same words; ``meaning`` says what a
    name leaves open, for the codebook. Values are shown times ``scale``; the
    file holds all columns, page and screen some.
    """

    key: str
    short: str
    long: str
    unit: str
    digits: int
    is_change: bool
    scale: float = 1.0
    on_screen: bool = True
    on_page: bool = True
    meaning: str = ""

    @property
    def heading(self) -> str:
        """What heads it on the page: its name, with the unit where the name has none."""
        return self.long if self.long.startswith(self.unit) else f"{self.long} ({self.unit})"

    @property
    def in_file(self) -> str:
        """Unit of the value in the file, which is not scaled: shares are between 0 and 1."""
        return self.unit if self.scale == 1 else "share"

    @property
    def in_full(self) -> str:
        """Its name and what that means, for a list of names."""
        return f"{self.long}: {self.meaning}" if self.meaning else self.long


def _jobs(key: str, whose: str, on_page: bool = True) -> Headline:
    """Return a column of professional jobs, told in whole people; too wide for a screen."""
    return Headline(
        key,
        f"Professional\njob at 25,\n{whose}",
        f"Professional job at 25, {whose}",
        f"of {JOB_HEADS:,}",
        0,
        is_change=True,
        scale=float(JOB_HEADS),
        on_screen=False,
        on_page=on_page,
    )


HEADLINES = (
    Headline(
        "most_affluent",
        "A8, most\naffluent\nfifth\n(points)",
        "Attainment 8, most affluent fifth",
        "points",
        2,
        True,
    ),
    Headline(
        "least_affluent",
        "A8, least\naffluent\nfifth\n(points)",
        "Attainment 8, least affluent fifth",
        "points",
        2,
        True,
    ),
    Headline(
        CONTRAST,
        "A8, most\nminus least\naffluent\n(points)",
        "Attainment 8, most minus least affluent fifth",
        "points",
        2,
        True,
    ),
    Headline(
        "all_areas",
        "A8, all\nareas\n\n(points)",
        "Attainment 8, all areas",
        "points",
        2,
        True,
    ),
    Headline(
        "gap_index",
        "KS4 gap\nindex\n\n(index)",
        "KS4 gap index",
        "index points",
        2,
        True,
        on_screen=False,
        on_page=False,
    ),
    _jobs("job_most_affluent", "most affluent fifth"),
    _jobs("job_least_affluent", "least affluent fifth"),
    _jobs(JOB_CONTRAST, "most minus least affluent fifth", on_page=False),
    Headline(
        "missed",
        "Missed,\naffluent\nfifth\n(%)",
        "Missed, affluent fifth",
        "%",
        0,
        False,
        scale=100,
        meaning="disadvantaged pupils of schools that get none of the targeted money",
    ),
    Headline(
        "dose",
        "£ a pupil\nreached\na year\n(£)",
        "£ a pupil reached a year",
        "£",
        0,
        False,
        on_screen=False,
        meaning="for each disadvantaged pupil whose school gets some of the targeted money, before "
        "what the school gives up for it; under a policy that targets none, the mean rise for all "
        "pupils whose money rises",
    ),
    Headline(
        "worse_off",
        "Of all\npupils,\nworse\noff (%)",
        "Of all pupils, worse off",
        "%",
        0,
        False,
        scale=100,
        meaning="those in groups whose Attainment 8 falls by as much as matters",
    ),
)
"""Attainment 8 and jobs are those of disadvantaged pupils; the gap and those worse off concern
all pupils."""


def notes_on_columns(rows: pd.DataFrame, *, lacking_jobs: bool) -> list[str]:
    """Say of whom the last columns of the main table speak, and which one is not there.

    Args:
        rows: Those of :func:`sim.show.tables.headline`.
        lacking_jobs: Whether the columns of professional jobs were left out.
    """
    from sim.metrics.attainment import MINIMUM_POINTS

    paid = _years_of(rows, "dose")
    told = [f"{REACHED} All three are of {paid}." if paid else REACHED]
    if names := rows.attrs.get("untargeted"):
        told.append(untargeted(names))
    told.append(
        "Worse off is a share of all pupils: those in groups whose Attainment 8 falls by more than "
        f"{MINIMUM_POINTS:g} points. A group is {GROUP}. {COUNTED}"
    )
    if lacking_jobs:
        told.append(
            "Professional jobs are left out: nobody is 25 yet who lived all school years under a "
            "policy (years=23 or more)."
        )
    return told


WHOSE = {"Attainment 8": "all_areas", "jobs": "job_most_affluent"}


def years_in(rows: pd.DataFrame, whose: Mapping[str, str] = WHOSE) -> str:
    """Say of which years the main table tells numbers; empty where they are not reached.

    ``whose``: what they are called, and a key of each.

    They are the last policy years in which all pupils of 16 (people of 25) had lived their whole
    school life under the policy, at most five.
    """
    told = []
    for what, key in whose.items():
        if years := _years_of(rows, key):
            told.append(f"{what} of {years}{' together' if 'years' in years else ''}")
    return f", {', '.join(told)}" if told else ""


def _years_of(rows: pd.DataFrame, key: str) -> str:
    """Name the policy years that a key is of; empty where it is not reached."""
    if "policy_years" not in rows:
        return ""
    mine = rows.loc[(rows["key"] == key) & rows["value"].notna(), "policy_years"]
    return years_told(str(mine.iloc[0])) if len(mine) else ""


def untargeted(names: Sequence[str]) -> str:
    """Say whose pounds a pupil are counted for policies that target no money.

    >>> untargeted(["flat"])
    'Flat targets no money: its £ a pupil is the mean rise for all pupils whose money rises.'
    """
    verb, whose = ("targets", "its") if len(names) == 1 else ("target", "their")
    return (
        f"{join(map(label, names))} {verb} no money: {whose} £ a pupil is the mean rise for all "
        "pupils whose money rises."
    )


def declared_rows(dataset: xr.Dataset) -> pd.DataFrame:
    """Return the declared numbers of every policy less the baseline, with a ``key`` each.

    Keys: ``most_less_least`` and ``all_areas`` of Attainment 8, and the same after ``job_`` of
    professional jobs (shares). What these results do not hold has no rows.
    """
    from sim.tabulate import declared

    return _with_keys(declared(dataset))


def declared_levels(base: xr.Dataset) -> pd.DataFrame:
    """Return where the declared numbers stand in the cells of one scenario."""
    import pandas as pd

    from sim.tabulate import describe
    from sim.tabulate.frames import frame, tabulate
    from sim.tabulate.primary import declared_held

    parts = [
        frame(tabulate(found, describe(one.measure))).assign(
            measure=one.measure,
            place=one.place,
            note=found.attrs["note"],
            policy_years=found.attrs["years"],
        )
        for one, found in declared_held(base)
    ]
    return _with_keys(pd.concat(parts, ignore_index=True) if parts else pd.DataFrame())


def _with_keys(rows: pd.DataFrame) -> pd.DataFrame:
    if not {"measure", "place"} <= set(rows.columns):
        return rows.assign(key=[], value=[])
    names = zip(rows["measure"], rows["place"], strict=True)
    return rows.assign(key=[KEYS[pair] for pair in names])
