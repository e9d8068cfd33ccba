"""Rows of charts for many policies, and names of policies that are hard to write."""

from __future__ import annotations

import pandas as pd

from tests.show import samples
from tests.show.samples import AFFLUENT, SCENARIOS, against, by_place, of_10_000

LONG = "option_{:02d}_a_rather_long_name_for_a_policy_option_with_detail"
ODD = (
    "costs_$5_or_$x^2$",
    "a<b>&amp;<script>",
    "100%_of_it",
    r"back\slash_\frac{1}{2}",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}_\u4e2d\u6587",
    "\N{GRINNING FACE}\ufe0f_face",
    "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}_\u202eabc",
    "under__score_",
    "#{x}~^_{y}",
    "W" * 70,
    "one two\nthree",
)
"""Names in characters that mean something to somebody else, and such as no font has."""


def long_names(count: int) -> list[str]:
    """Names of 55 characters that differ near their beginning only."""
    return [LONG.format(i) for i in range(count)]


def mixed_names(count: int) -> list[str]:
    """Names of both kinds by turns, then long ones."""
    both = [name for pair in zip(ODD, long_names(len(ODD)), strict=True) for name in pair]
    return [*both, *long_names(99)[len(ODD) :]][:count]


FEW = ("flagged_gaps", "where_the_pipeline_leaks", "stay_or_go")
"""Charts of the baseline alone, or of the two policies that pay for flags."""


def crowd(names: list[str]) -> dict[str, pd.DataFrame]:
    """Rows of every chart that shows policies, for as many policies as there are names."""
    own = dict(zip(names, (SCENARIOS * len(names))[: len(names)], strict=True))
    places = {n: tuple(v * (1 + 0.01 * i) for v in AFFLUENT[own[n]]) for i, n in enumerate(names)}
    jobs = {n: tuple(v / 2 for v in values) for n, values in places.items()}
    made = {
        "gains_by_affluence": by_place(places),
        "policies_against_each_other": against(names),
        "gains_by_school": by_place({n: values[:4] for n, values in places.items()}),
        "jobs_by_affluence": of_10_000(by_place(jobs)),
    }
    others = {n: rows() for n, rows in samples.CHARTS.items() if n not in (*made, *FEW)}
    return made | {name: _of_each(found, own) for name, found in others.items()}


def _of_each(found: pd.DataFrame, own: dict[str, str]) -> pd.DataFrame:
    """Give each policy the rows of the sample's policy that is its own, else of the first."""
    here = list(dict.fromkeys(found["scenario"]))
    parts = [
        found[found["scenario"] == (like if like in here else here[0])].assign(scenario=name)
        for name, like in own.items()
    ]
    return pd.concat(parts, ignore_index=True)
