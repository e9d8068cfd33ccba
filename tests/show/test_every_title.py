"""Over many made-up results titles are short, plain, unlike each other and deny no verdict."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sim.show.clear import MOST_WORDS, direction
from sim.show.figures import FIGURES, level_beside_gap, over_time
from sim.show.figures.where_the_pipeline_leaks import STAGES
from sim.show.words import label
from tests.show import crowds, samples

WORDS = (
    "higher", "lower", "higher, less than matters", "lower, less than matters",
    "practically the same", "cannot tell",
)  # fmt: skip
FORBIDDEN = re.compile(
    r"probit|nought|in step|\barms?\b|way of the pounds|what is missing to|words are rationed|"
    r"doubt is not complete|names its payer",
    re.IGNORECASE,
)
UP, DOWN = ("lifts", "raises", "rise", "gain"), ("lowers", "fall", "lose")
NAMES = (
    list(samples.SCENARIOS),
    ["flat"],
    ["gap_triggered_own_area", "gap_progress_own_school", "area_list_eia", "pupil_need"],
    crowds.long_names(9),
)


def made_up(names: list[str], seed: int) -> dict[str, pd.DataFrame]:
    """Rows of every chart, with values, intervals and verdicts drawn at random but consistent."""
    rng = np.random.default_rng(seed)
    crowd = crowds.crowd(names)
    if seed % 5 == 0:
        return {name: rows.assign(verdict="run longer", draws=2) for name, rows in crowd.items()}
    for rows in crowd.values():
        if "verdict" not in rows:
            continue
        known = list(WORDS) if seed % 3 else list(WORDS[2:])
        rows["verdict"] = rng.choice(known, len(rows))
        size = np.where(rows["verdict"].isin(WORDS[:2]), 0.42, 0.01) + rng.random(len(rows))
        sign = rows["verdict"].map(direction).to_numpy()
        rows["value"] = size * np.where(sign == 0, rng.choice((-1, 1), len(rows)), sign)
        half = np.abs(rows["value"]) * np.where(sign == 0, 2.0, 0.2 + 0.7 * rng.random(len(rows)))
        rows["low"], rows["high"] = rows["value"] - half, rows["value"] + half
    return crowd


def all_titles(names: list[str], seed: int) -> dict[str, str]:
    rng = np.random.default_rng(seed)
    leaks = samples.pipeline(tuple(rng.random(len(STAGES))))
    leaks.loc[leaks["place"] == 5, "ratio"] = rng.random(int((leaks["place"] == 5).sum()))
    rows = made_up(names, seed) | {
        "where_the_pipeline_leaks": leaks, "stay_or_go": samples.leavers(),
        "flagged_gaps": samples.flagged(),
    }  # fmt: skip
    return {one.name: one.title(rows[one.name]) for one in FIGURES if len(rows[one.name])}


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0][:12])
@pytest.mark.parametrize("seed", range(12))
def test_titles_are_short_plain_and_differ(names: list[str], seed: int) -> None:
    told = all_titles(names, seed)
    for chart, title in told.items():
        assert len(title.split()) <= MOST_WORDS, (chart, title)
        assert not FORBIDDEN.search(title), (chart, title)
        assert title[0].isupper(), (chart, title)
        assert not title.endswith("."), (chart, title)
    assert len(set(told.values())) == len(told)


@pytest.mark.parametrize("seed", range(60))
def test_a_direction_in_a_title_is_that_of_a_verdict(seed: int) -> None:
    names = ["flat", "pupil_need", "gap_triggered"]
    rows = made_up(names, seed)
    title_of = {one.name: one.title for one in FIGURES}
    for chart in ("gains_by_affluence", "gains_by_school", "gains_at_places", "jobs_by_affluence"):
        _agrees(title_of[chart](rows[chart]), rows[chart])
    path = over_time.title(rows["over_time"])
    last = rows["over_time"][rows["over_time"]["year"] == rows["over_time"]["year"].max()]
    for row in last.to_dict("records"):
        if f"{label(row['scenario'])} +" in path:
            assert row["verdict"] == "higher"
        if f"{label(row['scenario'])} \N{MINUS SIGN}" in path:
            assert row["verdict"] == "lower"
    gap = rows["level_beside_gap"]
    for part in re.split("; ", level_beside_gap.title(gap)):
        for row in gap[gap["part"] == "gap"].to_dict("records"):
            if part.startswith(label(row["scenario"])):
                wanted = {1: "widens", -1: "narrows"}[direction(row["verdict"])]
                assert wanted in part, (part, row)


def _agrees(title: str, rows: pd.DataFrame) -> None:
    """Check that each policy named beside a verb has a verdict of that direction somewhere."""
    for name in rows["scenario"].unique():
        mine = {direction(word) for word in rows.loc[rows["scenario"] == name, "verdict"]}
        for verbs, sign in ((UP, 1), (DOWN, -1)):
            if any(f"{label(name)} {verb}" in title for verb in verbs):
                assert sign in mine, title
    if not any(direction(word) for word in rows["verdict"]):
        assert not any(f" {verb} " in title for verb in (*UP, *DOWN)), title
    if rows["verdict"].isin(WORDS[:2]).any():
        assert any(verb in title for verb in ("lifts", "raises", "lowers")), title
