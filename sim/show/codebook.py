"""The codebook of a report: every column and every variable, with unit, meaning and codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.data.base_year import in_prices
from sim.results.attributes import CODES, meaning_of
from sim.show.tables import HEADLINES, Headline

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["COLUMNS", "codebook", "unit_of"]

_SAME = "as value"
COLUMNS: dict[str, tuple[str, str, str]] = {
    "scenario": ("name", "policy, by the name it was asked for", ""),
    "key": ("name", "which headline measure; see the rows of the file 'headline keys' below", ""),
    "measure": ("name", "which measure; see those of the file 'measures' below", ""),
    "unit": ("name", "unit of value and of its intervals", ""),
    "label": ("name", "policy as it is shown", ""),
    "value": (_SAME, "mean over draws, or over replicates of draw 0 where there are no draws", ""),
    "low": (_SAME, "lower end of the 90 % interval, doubt and chance together", ""),
    "high": (_SAME, "upper end of the 90 % interval, doubt and chance together", ""),
    "chance_low": (
        _SAME,
        "lower end of an interval around value as wide as chance alone would be, by "
        "replicates; never wider than low to high",
        "",
    ),
    "chance_high": (_SAME, "upper end of the same: as wide as chance alone would be", ""),
    "mean_low": (_SAME, "lower end of the 90 % interval of the mean over draws", ""),
    "mean_high": (_SAME, "upper end of the 90 % interval of the mean over draws", ""),
    "central": (_SAME, "the same under central beliefs (draw 0)", ""),
    "verdict": (
        "name",
        "what the interval says of the difference from the baseline; empty where the value "
        "is no difference, as a cost of a gain is",
        "higher; higher, less than matters; practically the same; lower, less than matters; lower; "
        "cannot tell; run longer = too few draws for a word; too few pupils = fewer than 30",
    ),
    "declared": (
        "name",
        "whether the number was declared beforehand as an answer of the study; of the "
        "others about one in ten shows a direction by luck alone",
        "yes; no",
    ),
    "draw": ("draw", "draw of beliefs; 0 is the central set", ""),
    "belief": ("name", "belief, by group and name; of a table, the entry in brackets", ""),
    "drawn": ("column unit", "value of the belief in that draw", ""),
    "rho": (
        "rank correlation",
        "of a belief's values with the policy's difference, over draws",
        "",
    ),
    "by_luck": (
        "rank correlation",
        "what the largest of all passes by luck alone in one study of ten",
        "",
    ),
    "beyond_luck": ("name", "whether the size of rho is above by_luck", "yes; no"),
    "less": ("name", "policy that is taken away from the one in scenario", ""),
    "probability_best": (
        "share",
        "draws of beliefs in which no choice is better, the baseline among them; ties are "
        "split; empty for a difference between fifths, of which no value is best",
        "",
    ),
    "regret": (
        "column unit",
        "mean over draws of the best choice's value less that of the policy",
        "",
    ),
    "ranked_draws": ("draws", "draws that probability_best and regret rest on", ""),
    "policy_years": (
        "policy years",
        "years that the number is of, taken together: the last fully exposed ones, at most five",
        "",
    ),
    "minimum": (_SAME, "smallest difference that matters", ""),
    "note": ("text", "why there is no number, where there is none", ""),
    "place": (
        "code",
        "where: all areas, a region, a fifth of areas or a quarter of schools; results count "
        "children in the area they grew up in, money and teachers count where the school stands",
        "",
    ),
    "place_name": ("name", "the place in words", ""),
    "group": (
        "name",
        "pupils spoken of",
        "all; disadvantaged = ever on free school meals in six years; other = all others",
    ),
    "who": ("name", "pupils spoken of", "disadvantaged; other"),
    "part": (
        "name",
        "part of the table that the row belongs to",
        "in flagged_gaps: by_itself = without the policy; caused = by the policy; naive = both, "
        "all that a before-after comparison sees",
    ),
    "clause": (
        "name",
        "line of the grant, in words as its part; total = all lines together",
        "in cost_of_gentleness also: transition = what a year on the way leaves schools beyond the "
        "new rule; held_back = what it keeps from others; minus = given up by schools that gain",
    ),
    "phase": ("name", "phase of the school", "primary; secondary"),
    "gbp": (
        "GBP a year",
        "national, of the central beliefs; in winners_and_losers the change a pupil from the "
        "baseline in the final year, times the school's pupils in year 0",
        "",
    ),
    "baseline_gbp": ("GBP a year", "the same clause under the baseline, national", ""),
    "difference_gbp": ("GBP a year", "gbp less baseline_gbp", ""),
    "gains_or_loses": (
        "name",
        "whether the school's money a pupil is a pound or more above or below the baseline's in "
        "the final year",
        "gain; lose",
    ),
    "school_size": (
        "code",
        "fifth of the schools of the phase by pupils in year 0",
        "1 = smallest; 5 = largest",
    ),
    "pupils_in_year_0": ("pupils", "pupils of those schools in year 0, national", ""),
    "draws": ("draws", "draws of beliefs the row rests on", ""),
    "replicates": ("replicates", "replicates (countries drawn anew) the row rests on", ""),
    "year": ("policy year", "0 is the year before the policy", ""),
    "exposure": ("school years", "school years that the cohort lived under the policy", ""),
    "share_of_pupils": ("share", "share of all disadvantaged pupils who are in the place", ""),
    "pounds": (
        "GBP",
        "change in the money per pupil on roll of the schools that the group attends",
        "",
    ),
    "pounds_low": ("GBP", "lower end of its 90 % interval", ""),
    "pounds_high": ("GBP", "upper end of its 90 % interval", ""),
    "worse": ("share", "pupils in groups that are worse off", ""),
    "worse_low": ("share", "lower end of its 90 % interval", ""),
    "worse_high": ("share", "upper end of its 90 % interval", ""),
    "better": ("share", "pupils in groups that are better off", ""),
    "better_low": ("share", "lower end of its 90 % interval", ""),
    "better_high": ("share", "upper end of its 90 % interval", ""),
    "way": (
        "name",
        "how a gain is valued",
        "ours = tax of those whom the policy moved; published = the department's value of a grade",
    ),
    "column": ("hexagons", "place on the map of hexagons, from the west", ""),
    "row": ("hexagons", "place on the map of hexagons, from the south", ""),
    "parts": ("text", "what the index is made of, and what no policy compared here moves", ""),
    "shelf": ("name", "index shown", "opportunity; outcome"),
    "end": (
        "share",
        "how far posts follow those who qualify",
        "0 = not at all; 1 = in full",
    ),
    "stage": ("name", "step on the way from school to work: a measure's name", ""),
    "ratio": ("ratio", "disadvantaged pupils' value over that of all others", ""),
    "world": ("name", "world that was simulated", "tiny = a test, not for use"),
    "years": ("years", "policy years that were simulated", ""),
    "version": ("name", "version of placematters that wrote the file", ""),
    "date": ("date", "day on which the file was written", ""),
    "base_year": ("financial year", "whose formula, prices and tax hold, if not 2024-25", ""),
    "areas": ("areas", "areas that were simulated", ""),
    "areas_here": ("areas", "areas that were simulated in the place of the row", ""),
    "area": ("ONS code", "the area of the row", ""),
    "pupils": ("pupils", "pupils (people) that the number rests on, in the run with fewest", ""),
    "stands_for": ("areas", "areas of England that the area of the row stands for", ""),
    "warning": ("text", "what has to be known of numbers of one place", ""),
    "list": ("name", "policies whose list of areas it is", ""),
    "fifth": ("code", "fifth of areas that the area is in", "1 = most affluent; 5 = least"),
    "region": ("name", "the region that was simulated, where it is one", ""),
    "code": ("digest", "of the code that made the results, its first characters", ""),
    "name": ("name", "belief, by its group and name", ""),
    "meaning": ("text", "what the belief says", ""),
    "range": ("by row", "lowest and highest value that is thought possible", ""),
    "kind": ("name", "what the belief shapes", "response = what a policy does, drawn; level"),
    "strength": ("name", "how good the evidence is", "high; medium; low; not stated"),
    "source": ("text", "where the value comes from", ""),
    "marked": ("text", "what has to be known of the results", ""),
}
"""By column of a table: unit, meaning, codes."""

UNITS = {
    "declared": "column unit",
    "policies_against_each_other": "column unit",
    "probability_best": "column unit",
    "headline": "column unit",
    "named_places": "column unit",
    "gains_at_places": "points of Attainment 8",
    "listed_areas": "points of Attainment 8",
    "gains_by_area": "points of Attainment 8",
    "measures_over_all_areas": "column unit",
    "measures_by_area_affluence": "column unit",
    "opportunity_beside_outcome": "points on the index",
    "stay_or_go": "share",
    "where_the_pipeline_leaks": "share",
}
Row = tuple[str, str, str, str, str, str]


def codebook(tables: Mapping[str, pd.DataFrame], results: xr.Dataset) -> pd.DataFrame:
    """Say of everything in a report's files what it is.

    Args:
        tables: by name, what the report tabulates.
        results: what it rests on.

    Returns:
        Columns ``file``, ``name``, ``dimensions``, ``unit``, ``meaning``, ``codes``.
    """
    import pandas as pd

    from sim.tabulate.settings import base_year_of

    rows: list[Row] = []
    for stem, table in tables.items():
        unit = unit_of(stem, table)
        rows += [_column(f"tables/{stem}.csv", str(name), unit) for name in table.columns]
    rows += [_headline(one) for one in HEADLINES]
    rows += _measures(tables, base_year_of(results))
    rows += [_variable(name, results) for name in sorted(map(str, results.variables))]
    columns = ["file", "name", "dimensions", "unit", "meaning", "codes"]
    return pd.DataFrame(rows, columns=columns)


def unit_of(stem: str, table: pd.DataFrame) -> str:
    """Return the unit of ``value`` in a table: ``column unit`` or ``by row`` where it has none."""
    return str(table.attrs.get("unit") or UNITS.get(stem) or "by row")


def _column(file: str, name: str, unit: str) -> Row:
    own, meaning, codes = COLUMNS.get(name, ("by row", name.replace("_", " "), ""))
    return file, name, "", unit if own == _SAME else own, meaning, codes


def _headline(one: Headline) -> Row:
    shown = "" if one.scale == 1 else f"; the page shows {one.scale:g} times as much, {one.unit}"
    return "headline keys", one.key, "", f"{one.in_file}{shown}", one.in_full, ""


def _measures(tables: Mapping[str, pd.DataFrame], year: str) -> list[Row]:
    """Say what each measure is that the tables name, in prices of a base year."""
    from sim.tabulate import describe, whose

    names = dict.fromkeys(
        str(name) for t in tables.values() if "measure" in t for name in t["measure"].unique()
    )
    found = []
    for name in names:
        one = describe(name)
        codes = f"better: {one.direction}; smallest difference that matters: {one.minimum:g}"
        codes += f"; by area it counts {whose(one)}" if whose(one) else ""
        unit = in_prices(one.unit, year)
        found.append(("measures", name, "", unit, one.title, codes))
    return found


def _variable(name: str, results: xr.Dataset) -> Row:

    unit, meaning = meaning_of(name)
    meaning = meaning.replace("in England", "at school here")  # a world need not be England
    codes = "; ".join(f"{code} = {text}" for code, text in CODES.get(name, {}).items())
    dims = ", ".join(map(str, results.variables[name].dims))
    return "results.nc", name, dims, unit, meaning, codes
