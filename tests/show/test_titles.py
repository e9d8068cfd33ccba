"""Flip the data and see the title flip."""

from __future__ import annotations

import re
from math import nan

import pandas as pd
import pytest

from sim.record.variables import FULL_EXPOSURE
from sim.show.clear import LESS
from sim.show.figures import (
    gains_by_affluence,
    jobs_by_affluence,
    level_beside_gap,
    missed,
    money_beside_attainment,
    money_went,
    of_100_pupils,
    opportunity_beside_outcome,
    over_time,
    posts_follow_or_not,
    stay_or_go,
    worse_off,
)
from sim.show.headlines import JOB_HEADS
from sim.show.minima import MINIMUM, MINIMUM_INDEX, MINIMUM_JOB
from sim.show.style import looks
from sim.show.words import MINUS
from sim.tabulate import describe
from tests.show import samples

MINE = "disadvantaged pupils' results"
COUNTS = ("worse", "worse_low", "worse_high", "better", "better_low", "better_high")


def only(values: dict[str, float], draws: int = 8, place: int = 1) -> pd.DataFrame:
    rows = samples.by_place({name: (value,) for name, value in values.items()}, draws)
    return rows.assign(place=place)


def test_minimum_is_the_one_the_measure_declares() -> None:
    assert describe("attainment8").minimum == MINIMUM


def test_gains_flip_with_the_data() -> None:
    values = {"flat": 0.8, "gap_triggered": -0.7}
    title = gains_by_affluence.title(only(values))
    assert title == (
        "Flat lifts disadvantaged pupils' results in the most affluent fifth (+0.80); Gap "
        f"triggered lowers them in the most affluent ({MINUS}0.70)"
    )
    flipped = gains_by_affluence.title(only({name: -v for name, v in values.items()}))
    assert flipped.startswith("Gap triggered lifts disadvantaged pupils' results")
    assert f"Flat lowers them in the most affluent ({MINUS}0.80)" in flipped


def test_a_harm_in_the_poorest_fifth_is_not_hidden_behind_the_most_affluent() -> None:
    rows = pd.concat([only({"flat": 0.1}), only({"flat": -0.86}, place=5)])
    assert gains_by_affluence.title(rows) == (
        f"Flat lowers disadvantaged pupils' results in the least affluent fifth ({MINUS}0.86 "
        "points); no fifth gains enough to matter"
    )
    rows.loc[rows["place"] == 1, "verdict"] = "cannot tell"
    assert gains_by_affluence.title(rows).endswith("no fifth clearly gains enough to matter")
    rows.loc[rows["place"] == 1, "verdict"] = "higher, less than matters"
    assert gains_by_affluence.title(rows).endswith("no fifth gains enough to matter")


def test_the_clearest_is_told_not_the_largest() -> None:
    rows = pd.concat([only({"flat": 1.5}), only({"pupil_need": 1.0}, place=3)])
    wide = rows["scenario"] == "flat"
    rows.loc[wide, ["low", "high"]] = [0.1, 2.9]
    assert gains_by_affluence.title(rows).startswith("Pupil need lifts")


@pytest.mark.parametrize(
    ("value", "verdict", "words"),
    [
        (0.1, "practically the same", "Practically the same for disadvantaged pupils"),
        (0.5, "cannot tell", "No policy clearly changes anything"),
        (-0.3, "lower, less than matters", "Flat lowers disadvantaged pupils' results"),
    ],
)
def test_gains_are_not_claimed_where_the_verdict_forbids(
    value: float, verdict: str, words: str
) -> None:
    title = gains_by_affluence.title(only({"flat": value}).assign(verdict=verdict))
    assert title.startswith(words)
    assert title.endswith("but by less than matters") == ("matters" in verdict)


def test_few_draws_say_run_longer_however_large_the_difference() -> None:
    title = gains_by_affluence.title(only({"flat": 3.0}, draws=7))
    assert title.startswith("Run longer")
    rows = samples.parts()
    assert level_beside_gap.title(rows.assign(verdict="run longer")).startswith("Run longer")
    assert over_time.title(samples.path().assign(verdict="run longer")).startswith("Run longer")
    assert worse_off.title(samples.winners().assign(draws=2)).startswith("Run longer")
    assert "run longer" in money_beside_attainment.title(
        samples.regions().assign(verdict="run longer")
    )


def test_money_title_flips_with_the_share() -> None:
    rows = samples.shares()
    title = money_went.title(rows)
    assert "with 12% of disadvantaged pupils: Area list EIA 4%, Gap triggered 18%" in title
    flipped = rows.assign(place=6 - rows["place"])
    assert "Gap triggered 19%, Area list EIA 37%" in money_went.title(flipped)


def test_missed_title_flips_with_the_places() -> None:
    rows = samples.undercoverage()
    title = missed.title(rows)
    assert title.startswith("Area list EIA misses 87%")
    assert title.endswith("51% in the least affluent")
    flipped = missed.title(rows.assign(place=6 - rows["place"]))
    assert flipped.startswith("Gap triggered misses 68%")
    assert "hardly any" in missed.title(rows.assign(value=0.0))


@pytest.mark.parametrize(
    ("disadvantaged", "other", "words"),
    [
        (0.8, 0.0, "narrows the gap because disadvantaged pupils' results rise"),
        (0.0, -0.8, "narrows the gap because others' results fall"),
        (-0.6, -1.6, "narrows the gap because others' results fall"),
        (
            0.6,
            -0.2,
            f"narrows the gap mostly because {MINE} rise (75%), partly because others' fall",
        ),
        (0.15, -0.45, "narrows the gap mostly because others' results fall (75%)"),
        (-0.8, 0.0, "widens the gap because disadvantaged pupils' results fall"),
        (
            -0.8,
            0.2,
            f"widens the gap mostly because {MINE} fall (80%), partly because others' rise",
        ),
        (
            -0.3,
            0.5,
            f"widens the gap mostly because others' results rise (62%), partly because {MINE} fall",
        ),
        (0.0, 0.8, "widens the gap because others' results rise"),
        (0.1, 0.41, "widens the gap over all areas, but by less than matters"),
        (0.35, 0.0, "narrows the gap over all areas, but by less than matters"),
    ],
)
def test_a_gap_that_closes_by_others_falling_is_named_so(
    disadvantaged: float, other: float, words: str
) -> None:
    title = level_beside_gap.title(samples.parts({"flat": (disadvantaged, other)}))
    assert title == f"Flat {words}"


def test_a_gap_may_move_though_neither_group_clearly_does() -> None:
    rows = samples.parts({"flat": (0.3, -0.3)})
    rows.loc[rows["part"] != "gap", "verdict"] = "cannot tell"
    assert level_beside_gap.title(rows) == "Flat narrows the gap though neither group clearly moves"


def test_a_gap_that_stays_is_not_said_to_move() -> None:
    assert "practically the same" in level_beside_gap.title(samples.parts({"flat": (0.0, 0.1)}))
    unclear = samples.parts({"flat": (0.0, 0.35)}).assign(verdict="cannot tell")
    assert "No policy clearly changes the gap" in level_beside_gap.title(unclear)


def test_region_title_follows_the_pounds() -> None:
    rows = samples.regions()
    title = money_beside_attainment.title(rows)
    assert f"Flat: {MINUS}£610 a pupil in London, where attainment falls" in title
    assert "+£290 a pupil in South West, where attainment rises" in title
    against = money_beside_attainment.title(
        rows.assign(**{c: -rows[c] for c in ("pounds", "pounds_low", "pounds_high")})
    )
    assert f"{MINUS}£290 a pupil in South West, where attainment rises" in against
    long = rows.assign(place=rows["place"] + " (as simulated by 2 areas)")
    told = money_beside_attainment.title(long)
    assert told.startswith("Flat moves most money between regions; attainment follows in ")
    assert told.endswith("goes the other way in none")


def test_a_title_that_counts_regions_says_which_it_counts() -> None:
    """Nine of nine pairs of marks lay on one side, and the title said five."""
    rows = samples.regions()
    rows = rows.assign(place=rows["place"] + " (as simulated by 2 areas)")
    mine = rows[rows["scenario"] == "flat"]
    sure = (mine["low"] > 0) | (mine["high"] < 0)
    along = (mine["value"] > 0) == (mine["pounds"] > 0)
    assert f"follows in {(sure & along).sum()} of 9" in money_beside_attainment.title(rows)
    caption = money_beside_attainment.draw(rows, looks(samples.SCENARIOS)).caption
    assert "Counted for Flat: attainment follows where its thin line leaves out 0" in caption
    assert "money per pupil on roll of the schools that disadvantaged pupils attend" in caption


def test_a_title_that_counts_regions_says_how_many_of_them_do_not_matter() -> None:
    rows = samples.regions()
    rows = rows.assign(place=rows["place"] + " (as simulated by 2 areas)")
    sure = rows["verdict"].isin(["higher", "lower"])
    small = rows.assign(
        verdict=rows["verdict"].where(~sure, rows["verdict"] + ", less than matters")
    )
    whole = money_beside_attainment.title(
        rows.assign(verdict=rows["verdict"].str.split(",").str[0])
    )
    assert "less than matters" not in whole
    told = money_beside_attainment.title(small)
    flat = small[small["scenario"] == "flat"]["verdict"].str.endswith("less than matters").sum()
    assert flat and f"({flat} by less than matters)" in told
    assert len(told.split()) <= 20


def test_winners_and_losers_flip() -> None:
    rows = samples.winners()
    rows = rows[rows["who"] == "disadvantaged"]
    told = "42 (37 to 47) lose under Flat; 46 (41 to 51) gain under Gap triggered"
    assert told in worse_off.title(rows)
    other = dict(zip(COUNTS, COUNTS[3:] + COUNTS[:3], strict=True))
    flipped = rows.rename(columns=other)
    told = "46 (41 to 51) lose under Gap triggered; 42 (37 to 47) gain under Flat"
    assert told in worse_off.title(flipped)


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ((0, 0, 0, 0.16, 0, 0.73), "none certainly lose or gain; up to 73 may gain"),
        ((0, 0, 0, 0.16, 0.1, 0.73), "16 (10 to 73) gain under Flat"),
        ((0.95, 0, 1, 0, 0, 0), "none certainly lose or gain; up to 100 may lose"),
        ((0.5, 0.5, 0.5, 0, 0, 0), "Of 100 disadvantaged pupils, 50 lose under Flat"),
        ((0, 0, 0, 0, 0, 0.001), "Hardly any disadvantaged pupils are in groups that lose or gain"),
    ],
)
def test_no_count_is_told_whose_interval_reaches_nobody(
    counts: tuple[float, ...], title: str
) -> None:
    told = dict(zip(COUNTS, counts, strict=True))
    rows = pd.DataFrame([{"scenario": "flat", "who": "disadvantaged", "draws": 8, **told}])
    assert title in worse_off.title(rows)
    there = of_100_pupils.title(rows.assign(place=1))
    assert ("(0 to" not in there) and ("95" not in there) and ("16 gain" not in there)


def test_path_title_names_the_first_lasting_year() -> None:
    title = over_time.title(samples.path())
    assert "Gap triggered +0.80 points (since year 4)" in title
    assert "Pupil need" not in title
    quiet = samples.path().assign(verdict="practically the same")
    assert "no policy makes a difference" in over_time.title(quiet)


def test_both_shelves_are_told_apart_and_flip() -> None:
    rows = samples.shelves()
    mine = rows[rows["group"] == "disadvantaged"]
    flipped = mine.assign(shelf=mine["shelf"].map({"opportunity": "outcome",
                                                   "outcome": "opportunity"}))  # fmt: skip
    for name, words, again in (
        ("flat", "Flat lowers opportunity, no clear change in outcomes",
         "Flat lowers outcomes, no clear change in opportunity"),
        ("area_list_eia", "Area list EIA raises opportunity, outcomes stay practically the same",
         "Area list EIA raises outcomes, opportunity stays practically the same"),
        ("pupil_need", "Pupil need raises both opportunity and outcomes",
         "Pupil need raises both opportunity and outcomes"),
    ):  # fmt: skip
        for told, expected in ((mine, words), (flipped, again)):
            own = told[told["scenario"] == name]
            assert opportunity_beside_outcome.title(own) == expected


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (("higher", "lower"), "Flat raises opportunity but lowers outcomes"),
        (("lower", "lower"), "Flat lowers both opportunity and outcomes"),
        (
            ("cannot tell", "practically the same"),
            "No policy clearly changes opportunity or outcomes",
        ),
        (
            ("higher", "lower, less than matters"),
            "Flat raises opportunity, outcomes fall by less than matters",
        ),
        (
            ("higher, less than matters", "cannot tell"),
            "No policy clearly moves opportunity or outcomes by as much as matters",
        ),
        (("run longer", "run longer"), "Run longer to tell whether better chances become"),
    ],
)
def test_no_shelf_moves_without_its_verdict(words: tuple[str, str], title: str) -> None:
    rows = samples.shelves({"flat": words})
    mine = rows[rows["group"] == "disadvantaged"]
    assert opportunity_beside_outcome.title(mine).startswith(title)


def test_who_leaves_flips_with_the_places_and_the_groups() -> None:
    rows = samples.leavers()
    title = stay_or_go.title(rows)
    assert title == (
        "Aged 25, 20.0 of 100 disadvantaged people from the most isolated fifth left to get on, "
        "4.0 from the least"
    )
    flipped = rows.assign(place=6 - rows["place"])
    again = stay_or_go.title(flipped)
    assert again.startswith("Aged 25, 4.0 of 100") and again.endswith("20.0 from the least")


def test_both_ends_of_the_response_are_told_and_flip() -> None:
    rows = samples.both_ends({0.0: (0.4, 0.0), 1.0: (0.5, 0.3)})
    everybody = rows[rows["group"] == "all"]
    title = posts_follow_or_not.title(everybody)
    assert MINIMUM_JOB <= 30
    assert title == (
        "Everybody's jobs in 10,000: practically the same where posts stay; +30 where they follow"
    )
    flipped = everybody.assign(end=1 - everybody["end"])
    again = posts_follow_or_not.title(flipped)
    assert again.endswith("+30 where posts stay; practically the same where they follow")
    wide = everybody.assign(value=[-50.0, 50.0] * 4, chance_low=[-60.0, 40.0] * 4,
                            chance_high=[-40.0, 60.0] * 4)  # fmt: skip
    told = posts_follow_or_not.title(posts_follow_or_not.by_chance(wide))
    assert f"{MINUS}50 to +50 where posts stay" in told
    small = everybody.assign(value=2.0, chance_low=1.0, chance_high=3.0)
    assert LESS in posts_follow_or_not.title(posts_follow_or_not.by_chance(small))


@pytest.mark.parametrize(
    ("half", "says"),
    [(45.0, "cannot be told"), (8.0, "practically the same")],
)
def test_jobs_whose_intervals_hold_zero_are_not_told_as_a_change(half: float, says: str) -> None:
    """A change of +1 in 10,000 with an interval from -2 to 4 was told as one."""
    rows = samples.both_ends()
    noise = rows.assign(value=[-3.0, 1.0] * 8, chance_low=[-3.0 - half, 1.0 - half] * 8,
                        chance_high=[half - 3.0, half + 1.0] * 8)  # fmt: skip
    title = posts_follow_or_not.title(posts_follow_or_not.by_chance(noise))
    assert says in title and not re.search(r"[0-9]", title.replace("10,000", ""))
    some = posts_follow_or_not.by_chance(noise.assign(
        value=[40.0, *noise["value"][1:]], chance_low=[30.0, *noise["chance_low"][1:]],
        chance_high=[50.0, *noise["chance_high"][1:]],
        group=["all", *noise["group"][1:]],
    ))  # fmt: skip
    assert "+40 under 1 of 5 where posts stay;" in posts_follow_or_not.title(some)


def test_the_years_that_both_ends_take_are_those_that_they_take() -> None:
    """It said 21 to somebody who had run 21, and nothing came."""
    assert f"need {FULL_EXPOSURE['age25']} policy years" in posts_follow_or_not.rows({}).attrs[
        "absent"
    ]  # fmt: skip


def test_one_replicate_tells_nothing_of_everybodys_jobs() -> None:
    rows = samples.both_ends().assign(verdict="run longer", chance_low=nan, chance_high=nan)
    assert posts_follow_or_not.title(posts_follow_or_not.by_chance(rows)).startswith("Run longer")


def test_jobs_are_told_as_jobs() -> None:
    title = jobs_by_affluence.title(samples.jobs().assign(verdict="higher"))
    assert "raises professional jobs" in title
    assert " of 10,000)" in title
    assert not re.search(r"\d\.\d", title), "whole people"
    assert "Attainment" not in title


def test_minimum_of_jobs_and_indices_are_those_the_measures_declare() -> None:
    assert JOB_HEADS * describe("professional_job_rate").minimum == pytest.approx(MINIMUM_JOB)
    for name in ("opportunity_index", "outcome_index"):
        assert describe(name).minimum == MINIMUM_INDEX
