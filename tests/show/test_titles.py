"""Flip the data and see the title flip."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.metrics import describe
from sim.show import titles
from sim.show.tables import MINIMUM
from sim.show.words import MINUS, label
from tests.show import samples

WHERE = "in the most affluent fifth"


def first(values: dict[str, float], draws: int = 8) -> pd.DataFrame:
    return samples.by_place({name: (value,) for name, value in values.items()}, draws)


def test_minimum_is_the_one_the_measure_declares() -> None:
    assert describe("attainment8").minimum == MINIMUM


def test_gains_flip_with_the_data() -> None:
    values = {"flat": 0.8, "gap_triggered": -0.7}
    up = titles.gains(first(values), WHERE, MINIMUM)
    assert "gain under Flat (+0.80 Attainment 8 points)" in up
    assert f"lose under Gap triggered ({MINUS}0.70 Attainment 8 points)" in up
    down = titles.gains(first({name: -v for name, v in values.items()}), WHERE, MINIMUM)
    assert "gain under Gap triggered (+0.70 Attainment 8 points)" in down
    assert f"lose under Flat ({MINUS}0.80 Attainment 8 points)" in down


@pytest.mark.parametrize(
    ("value", "half", "words"),
    [
        (0.1, 0.25, "Practically the same"),
        (0.5, 0.6, "No clear difference"),
        (0.3, 0.2, "No clear difference"),
    ],
)
def test_gains_are_not_claimed_where_the_interval_forbids(
    value: float, half: float, words: str
) -> None:
    rows = pd.DataFrame([{"scenario": "flat", "place": 1, **samples.difference(value, half)}])
    title = titles.gains(rows, WHERE, MINIMUM)
    assert title.startswith(words)
    assert "gain under" not in title


def test_few_draws_say_run_longer_however_large_the_difference() -> None:
    title = titles.gains(first({"flat": 3.0}, draws=7), WHERE, MINIMUM)
    assert title.startswith("Run longer")
    rows = samples.parts()
    assert titles.level_beside_gap(rows.assign(verdict="run longer")).startswith("Run longer")
    assert titles.over_time(samples.path().assign(verdict="run longer")).startswith("Run longer")
    assert titles.worse_off(samples.winners().assign(draws=2)).startswith("Run longer")
    assert "run longer" in titles.money_beside_attainment(
        samples.regions().assign(verdict="run longer")
    )


def test_money_title_flips_with_the_share() -> None:
    rows = samples.shares()
    assert "4% (less) under Area list EIA" in titles.money_went(rows)
    wide = rows.assign(low=0.0, high=1.0)
    assert "4% (in step) under Area list EIA" in titles.money_went(wide)
    flipped = rows.assign(place=6 - rows["place"])
    assert "37% (more) under Area list EIA" in titles.money_went(flipped)


def test_missed_title_flips_with_the_places() -> None:
    rows = samples.undercoverage()
    title = titles.missed(rows)
    assert title.startswith("Area list EIA misses 87%")
    assert ", more than in the least affluent (51%)" in title
    assert "hardly anyone is missed under Pupil need" in title
    flipped = titles.missed(rows.assign(place=6 - rows["place"]))
    assert flipped.startswith("Gap triggered misses 68%")
    only = rows[rows["scenario"] == "area_list_eia"]
    assert ", fewer than in" in titles.missed(only.assign(place=6 - only["place"]))


@pytest.mark.parametrize(
    ("disadvantaged", "other", "words"),
    [
        (0.8, 0.0, "narrows the gap by lifting disadvantaged pupils"),
        (0.0, -0.8, "narrows the gap only because others fall"),
        (-0.6, -1.6, "narrows the gap only because others fall"),
        (0.8, -0.8, "narrows the gap by lifting disadvantaged pupils and because others fall"),
        (-0.8, 0.0, "widens the gap because disadvantaged pupils fall"),
        (0.0, 0.8, "widens the gap because others rise"),
        (0.3, -0.3, "narrows the gap though neither group clearly moves"),
    ],
)
def test_a_gap_that_closes_by_others_falling_is_named_so(
    disadvantaged: float, other: float, words: str
) -> None:
    title = titles.level_beside_gap(samples.parts({"flat": (disadvantaged, other)}))
    assert title == f"Flat {words}"


def test_a_gap_that_stays_is_not_said_to_move() -> None:
    assert "practically the same" in titles.level_beside_gap(samples.parts({"flat": (0.0, 0.1)}))
    assert "No clear difference" in titles.level_beside_gap(samples.parts({"flat": (0.0, 0.35)}))


def test_region_title_follows_the_pounds() -> None:
    rows = samples.regions()
    title = titles.money_beside_attainment(rows)
    assert f"{MINUS}£610 a pupil in London, +£290 in South West" in title
    assert "in all of them the way of the pounds" in title
    against = titles.money_beside_attainment(
        rows.assign(**{c: -rows[c] for c in ("pounds", "pounds_low", "pounds_high")})
    )
    assert f"{MINUS}£290 a pupil in South West, +£610 in London" in against
    assert "in none of them the way of the pounds" in against


def test_winners_and_losers_flip() -> None:
    rows = samples.winners()
    rows = rows[rows["who"] == "disadvantaged"]
    assert "under Flat 42% lose, 31% gain" in titles.worse_off(rows)
    flipped = rows.rename(columns={"worse": "better", "better": "worse"})
    assert "under Gap triggered 46% lose, 0% gain" in titles.worse_off(flipped)
    none = rows.assign(worse=0.0)
    assert titles.worse_off(none) == "Hardly any disadvantaged pupils lose under any policy"


def test_path_title_names_the_first_lasting_year() -> None:
    title = titles.over_time(samples.path())
    assert "Gap triggered +0.80 points (lasting from year 7)" in title
    assert "Pupil need" not in title
    quiet = samples.path().assign(verdict="practically the same")
    assert "no policy makes a clear difference" in titles.over_time(quiet)


def test_long_lists_are_counted_not_spilled() -> None:
    many = {f"plan_{letter}": 1.0 for letter in "abcdefg"}
    title = titles.gains(first(many), WHERE, MINIMUM)
    assert "4 others" in title
    assert sum(label(name) in title for name in many) == 3
