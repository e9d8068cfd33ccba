"""Flip the data and see the title flip."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.metrics import describe
from sim.show import titles
from sim.show.later import MINIMUM_INDEX, MINIMUM_JOB, STAGES
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
        (0.3, 0.2, "Disadvantaged pupils in the most affluent fifth move by less than the 0.42"),
        (-0.3, 0.2, "Disadvantaged pupils in the most affluent fifth move by less than the 0.42"),
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
        (0.3, -0.3, "narrows the gap by lifting disadvantaged pupils and because others fall"),
        (0.1, 0.41, "widens the gap by less than matters"),
        (0.0, 0.35, "widens the gap by less than matters"),
        (0.35, 0.0, "narrows the gap by less than matters"),
    ],
)
def test_a_gap_that_closes_by_others_falling_is_named_so(
    disadvantaged: float, other: float, words: str
) -> None:
    title = titles.level_beside_gap(samples.parts({"flat": (disadvantaged, other)}))
    assert title == f"Flat {words}"


def test_a_gap_that_stays_is_not_said_to_move() -> None:
    assert "practically the same" in titles.level_beside_gap(samples.parts({"flat": (0.0, 0.1)}))
    rows = samples.parts({"flat": (0.0, 0.1)}).assign(verdict="cannot tell")
    assert "No clear difference" in titles.level_beside_gap(rows)


def test_a_gap_may_move_though_neither_group_clearly_does() -> None:
    rows = samples.parts({"flat": (0.3, -0.3)})
    rows.loc[rows["part"] != "gap", "verdict"] = "cannot tell"
    assert (
        titles.level_beside_gap(rows) == "Flat narrows the gap though neither group clearly moves"
    )


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
    assert "Gap triggered +0.80 points (lasting from year 4)" in title
    assert "Pupil need" not in title
    quiet = samples.path().assign(verdict="practically the same")
    assert "no policy makes a clear difference" in titles.over_time(quiet)


def test_long_lists_are_counted_not_spilled() -> None:
    many = {f"plan_{letter}": 1.0 for letter in "abcdefg"}
    title = titles.gains(first(many), WHERE, MINIMUM)
    assert "4 others" in title
    assert sum(label(name) in title for name in many) == 3


def test_both_shelves_are_told_apart_and_flip() -> None:
    rows = samples.shelves()
    mine = rows[rows["group"] == "disadvantaged"]
    title = titles.opportunity_beside_outcome(mine)
    assert "Flat lowers opportunity, no clear change in outcomes" in title
    assert "Area list EIA raises opportunity, outcomes stay practically the same" in title
    assert "Pupil need raises both opportunity and outcomes" in title
    flipped = mine.assign(shelf=mine["shelf"].map({"opportunity": "outcome",
                                                   "outcome": "opportunity"}))  # fmt: skip
    again = titles.opportunity_beside_outcome(flipped)
    assert "Flat lowers outcomes, no clear change in opportunity" in again
    assert "Area list EIA raises outcomes, opportunity stays practically the same" in again


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (("higher", "lower"), "Flat raises opportunity while outcomes become lower"),
        (("lower", "lower"), "Flat lowers both opportunity and outcomes"),
        (("cannot tell", "practically the same"), "No clear difference in opportunity or in"),
        (
            ("higher", "lower, less than matters"),
            "Flat raises opportunity, outcomes lower by less than matters",
        ),
        (
            ("higher, less than matters", "cannot tell"),
            "No policy moves opportunity or outcomes by as much as matters",
        ),
        (("run longer", "run longer"), "Run longer to tell opportunity from outcome"),
    ],
)
def test_no_shelf_moves_without_its_verdict(words: tuple[str, str], title: str) -> None:
    rows = samples.shelves({"flat": words})
    mine = rows[rows["group"] == "disadvantaged"]
    assert titles.opportunity_beside_outcome(mine).startswith(title)


def test_the_leak_is_where_the_ratio_falls_most() -> None:
    def told(leaks: tuple[float, ...]) -> str:
        rows = samples.pipeline(leaks)
        return titles.leaks(rows[rows["group"] == "disadvantaged"], STAGES)

    title = told((0.75, 0.7, 0.65, 0.5, 0.49, 0.48, 0.47))
    assert title.startswith("47 disadvantaged pupils for 100 others get a professional job at 25")
    assert title.endswith("51 in the least; most are lost on the way to Level 3 at 19")
    early = told((0.9, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6))
    assert early.endswith("most are lost on the way to expected standard at 11")
    assert told((0.6, 0.6, 0.7, 0.7, 0.8, 0.8, 0.9)).endswith("at no stage on the way")


def test_ends_of_the_affluence_scale_may_leak_elsewhere() -> None:
    rows = samples.pipeline()
    mine = rows[rows["group"] == "disadvantaged"].copy()
    last = mine["place"] == 5
    mine.loc[last, "ratio"] = [0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.5]
    title = titles.leaks(mine, STAGES)
    assert "to Level 3 at 19 in the first, to professional job at 25 in the second" in title


def test_who_leaves_flips_with_the_places_and_the_groups() -> None:
    rows = samples.leavers()
    title = titles.stay_or_go(rows)
    assert "In the most isolated fifth 20% of disadvantaged pupils leave" in title
    assert "more than in the least isolated (4%) and fewer than of the others there (30%)" in title
    flipped = rows.assign(place=6 - rows["place"],
                          group=rows["group"].map({"other": "disadvantaged",
                                                   "disadvantaged": "other"}))  # fmt: skip
    again = titles.stay_or_go(flipped)
    assert "fewer than in the least isolated (30%) and more than of the others there (4%)" in again
    level = rows.assign(value=0.2)
    assert "about as many as in the least isolated" in titles.stay_or_go(level)


def test_both_ends_of_the_response_are_told_and_flip() -> None:
    rows = samples.both_ends({0.0: (0.4, 0.0), 1.0: (0.5, 0.3)})
    everybody = rows[rows["group"] == "all"]
    title = titles.posts_follow_or_not(everybody)
    assert "by 0.00 points where posts do not follow, by +0.30 where they do" in title
    flipped = everybody.assign(end=1 - everybody["end"])
    assert "by +0.30 points where posts do not follow, by 0.00" in titles.posts_follow_or_not(
        flipped
    )
    wide = everybody.assign(value=[-0.1, 0.1] * 4)
    assert f"by {MINUS}0.10 to +0.10 points" in titles.posts_follow_or_not(wide)


def test_jobs_are_told_in_percentage_points() -> None:
    rows = samples.jobs()
    first_fifth = rows[rows["place"] == 1].assign(verdict="higher")
    title = titles.gains(first_fifth, WHERE, MINIMUM_JOB, "percentage points")
    assert "percentage points)" in title
    assert "Attainment" not in title


def test_minimum_of_jobs_and_indices_are_those_the_measures_declare() -> None:
    assert 100 * describe("professional_job_rate").minimum == pytest.approx(MINIMUM_JOB)
    for name in ("opportunity_index", "outcome_index"):
        assert describe(name).minimum == MINIMUM_INDEX
