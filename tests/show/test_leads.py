"""The page opens with the clearest gain and loss, in points and pupils, then what is open."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pandas as pd
import pytest

from sim.show import leads
from sim.show.finding import DIFFERENCES, INTERVAL, Finding, whole
from sim.show.terminal import print_comparison
from tests.example import example_dataset
from tests.show import samples

NOBODY = {"worse": 0.0, "worse_low": 0.0, "worse_high": 0.0, "better": 0.0, "better_low": 0.0,
          "better_high": 0.0}  # fmt: skip


def row(place: int, value: float, half: float, verdict: str, group: str = "disadvantaged",
        scenario: str = "flat") -> dict[str, object]:  # fmt: skip
    return {"scenario": scenario, "group": group, "place": place, "value": value,
            "low": value - half, "high": value + half, "verdict": verdict}  # fmt: skip


def heads(worse: float = 0.0, better: float = 0.0, draws: int = 8) -> pd.DataFrame:
    told = {"scenario": "flat", "who": "disadvantaged", "draws": draws, **NOBODY,
            "worse": worse, "worse_low": worse * 0.8, "worse_high": worse * 1.2,
            "better": better, "better_low": better * 0.8, "better_high": better * 1.2}  # fmt: skip
    return pd.DataFrame([told])


def told(*rows: dict[str, object], counted: pd.DataFrame | None = None,
         jobs: Sequence[dict[str, object]] = (), missed: pd.DataFrame | None = None,
         ) -> dict[str, str]:  # fmt: skip
    found = leads.findings_of(
        [pd.DataFrame(rows)], [pd.DataFrame(jobs)], heads() if counted is None else counted, missed
    )
    return dict(leads.lead(found))


def test_a_loss_of_the_poorest_leads_though_the_most_affluent_fifth_is_unclear() -> None:
    lines = told(row(1, 0.1, 0.3, "cannot tell"), row(5, -0.86, 0.24, "lower"),
                 counted=heads(worse=0.42))  # fmt: skip
    assert lines["Who loses"] == (
        "Disadvantaged pupils in the least affluent fifth lose 0.86 points of Attainment 8 under "
        "Flat (90\u00a0%\u00a0interval 0.62 to 1.10). Of 100 disadvantaged pupils, 42 are in "
        "groups that lose under Flat (34 to 50)."
    )
    assert lines["Who gains"] == "Nobody clearly gains under any policy."
    assert lines["What cannot be told"] == (
        "Whether disadvantaged pupils gain or lose in the most affluent fifth under Flat."
    )


def test_a_declared_outcome_leads_and_what_is_clearer_still_comes_right_after() -> None:
    """A job in the second fifth was clearer than Attainment 8 of the most affluent, and led."""
    mine = row(1, 0.47, 0.31, "higher", scenario="gap_triggered")
    job = row(2, 33.0, 21.0, "higher", scenario="gap_triggered")
    line = told(mine, jobs=[job])["Who gains"]
    assert line.startswith(
        "Disadvantaged pupils in the most affluent fifth gain 0.47 points of Attainment 8 under "
        "Gap triggered (90\u00a0%\u00a0interval 0.16 to 0.78). Clearer still: of 10,000 "
        "disadvantaged pupils in the second most affluent fifth (fifth 2), 33 more have a "
        "professional job at 25 under Gap triggered (12 to 54)."
    )
    wide = told(mine, jobs=[{**job, "low": 1.0, "high": 65.0}])["Who gains"]
    assert "professional job" not in wide, "less clear, and not declared"


def test_of_declared_outcomes_the_largest_leads_among_those_whose_interval_leaves_out_0() -> None:
    small, large = row(5, 0.5, 0.1, "higher"), row(0, 0.9, 0.5, "higher", scenario="pupil_need")
    unclear = row(1, 3.0, 3.5, "cannot tell", scenario="gap_triggered")
    line = told(small, large, unclear)["Who gains"]
    assert line.index("0.90 points") < line.index("Clearer still") < line.index("0.50 points")
    assert "3.00" not in line


def test_other_pupils_are_told_where_they_are_clearer_still() -> None:
    mine, other = row(5, -0.9, 0.5, "lower"), row(3, -0.9, 0.1, "lower", "other", "pupil_need")
    line = told(mine, other)["Who loses"]
    assert line.index("Disadvantaged pupils") < line.index("other pupils in the middle fifth")
    line = told(mine, {**other, "low": -1.7, "high": -0.1})["Who loses"]
    assert "other pupils" not in line


def test_what_is_certain_but_small_is_said_to_be_small_and_comes_last() -> None:
    small = row(1, 0.2, 0.01, "higher, less than matters")
    assert ", less than matters." in told(small)["Who gains"]
    line = told(small, row(4, 0.6, 0.5, "higher"))["Who gains"]
    assert "second least affluent fifth" in line
    assert "less than matters" not in line


def test_the_fifths_against_each_other_are_told_and_are_nobodys_gain() -> None:
    lines = told(
        row(-1, 0.47, 0.28, "higher", scenario="gap_triggered"),
        row(-1, -0.28, 0.2, "lower, less than matters", scenario="gap_progress"),
    )
    assert lines["Most or least affluent areas"] == (
        "Gap triggered does 0.47 points more for disadvantaged pupils in the most affluent fifth "
        "than for those in the least (90\u00a0%\u00a0interval 0.19 to 0.75); Gap progress does "
        "0.28 points less (0.08 to 0.48), less than matters."
    )
    assert lines["Who gains"] == "Nobody clearly gains under any policy."
    open_ = told(row(-1, 0.4, 0.9, "cannot tell"))["Most or least affluent areas"]
    assert open_.startswith("No policy clearly does more")


def test_an_average_that_hardly_moves_is_no_denial_of_the_gains_above() -> None:
    line = told(
        row(1, 0.6, 0.1, "higher", scenario="gap_triggered"),
        row(0, 0.2, 0.1, "higher, less than matters", scenario="gap_triggered"),
        row(0, 0.1, 0.2, "practically the same", scenario="pupil_need"),
        row(0, -0.6, 0.1, "lower"),
        row(0, 0.4, 0.5, "cannot tell", scenario="gap_progress"),
    )["Over all areas"]
    assert line == (
        "Disadvantaged pupils lose 0.60 points under Flat (0.50 to 0.70). They gain 0.20 points "
        "under Gap triggered (0.10 to 0.30), less than matters. The average is practically the "
        "same under Pupil need. Whether the average moves under Gap progress cannot be told. "
        "Between places, though, results shift by more than 0.42 points under Gap triggered."
    )
    alone = told(row(1, 0.6, 0.1, "higher"), row(0, 0.1, 0.2, "practically the same"))
    assert alone["Over all areas"] == (
        "The average of disadvantaged pupils is practically the same under Flat. Between places, "
        "though, results shift by more than 0.42 points under Flat."
    )


def test_an_average_that_surely_moves_by_little_is_told_as_its_verdict_says() -> None:
    """Flat "may or may not matter" and Gap triggered "leaves ... within" had the same verdict."""
    line = told(
        row(0, -0.32, 0.3, "lower, less than matters"),
        row(0, 0.2, 0.1, "higher, less than matters", scenario="gap_triggered"),
    )["Over all areas"]
    assert line == (
        "Disadvantaged pupils gain 0.20 points under Gap triggered (0.10 to 0.30), less than "
        "matters; they lose 0.32 under Flat (0.02 to 0.62), less than matters."
    )


def test_who_goes_without_is_told_at_both_ends() -> None:
    missed = pd.DataFrame(
        [{"scenario": name, "place": place, "value": v, "low": v, "high": v}
         for name, both in (("area_list_eia", (0.87, 0.49)), ("gap_triggered", (0.09, 0.6)))
         for place, v in zip((1, 5), both, strict=True)]
    )  # fmt: skip
    same = row(5, 0.0, 0.07, "practically the same", scenario="gap_triggered")
    line = told(same, missed=missed)["Who goes without"]
    assert line == (
        "Targeted money passes by 87 of 100 disadvantaged pupils in the most affluent fifth under "
        "Area list EIA and 60 of 100 in the least affluent fifth under Gap triggered. Results of "
        "disadvantaged pupils are practically the same in the least affluent fifth under Gap "
        "triggered."
    )
    twice = pd.concat([missed, missed[:2].assign(scenario="mine")], ignore_index=True)
    line = told(same, missed=twice)["Who goes without"]
    assert "in the most affluent fifth under Area list EIA and Mine" in line, "as many"
    nobody = told(same, missed=missed.assign(value=0.0))["Who goes without"]
    assert nobody.startswith("Targeted money passes by hardly anybody.")
    assert "Who goes without" not in told(same), "no policy targets money"


@pytest.mark.parametrize("value", [0.0002, 0.0033, 0.02, 0.3, 0.999])
def test_heads_are_whole_and_at_least_one_appears(value: float) -> None:
    one = Finding("heads", "flat", "other", 0, 100 * value, 80 * value, 120 * value, "higher")
    job = Finding("jobs", "flat", "other", 2, 1e4 * value, 8e3 * value, 12e3 * value, "higher")
    for text in (one.told(), job.told()):
        assert not re.search(r"\d\.\d", text), text
        assert int(re.findall(r", (\d[\d,]*) ", text)[0].replace(",", "")) >= 1, text


def test_no_head_at_all_and_less_than_one_are_said_in_words() -> None:
    assert whole(0.0) == "none"
    assert whole(0.2) == "fewer than 1"
    text = leads.of_policy(leads.findings_of([], [], heads(worse=0.001)), "flat")
    assert "none are in groups that gain and fewer than 1 in groups that lose" in text


def test_what_brackets_hold_is_said_once() -> None:
    text = " ".join(told(row(5, -0.9, 0.2, "lower"), row(1, 0.9, 0.2, "higher")).values())
    assert text.count("interval") == 1


def test_an_interval_that_holds_no_change_shows_it() -> None:
    line = told(row(5, -0.9, 1.2, "run longer"), counted=heads(draws=2))["Run longer"]
    assert "(90\u00a0%\u00a0interval \N{MINUS SIGN}0.30 to 2.10)" in line


def test_few_draws_settle_nothing() -> None:
    lines = told(row(5, -0.9, 0.2, "run longer"), counted=heads(worse=0.4, draws=2))
    assert list(lines) == ["Run longer"]
    assert "lose 0.90 points" in lines["Run longer"]


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    return leads.findings(example_dataset(draws=8, years=24))


@pytest.mark.parametrize("scenario", samples.SCENARIOS)
def test_each_policy_is_told_by_the_same_rule(found: list[Finding], scenario: str) -> None:
    text = leads.of_policy(found, scenario)
    assert "Of 100 disadvantaged pupils" in text
    assert "Of 100 other pupils" in text


def test_neither_what_leads_nor_what_is_clearest_is_left_out(found: list[Finding]) -> None:
    assert {one.place for one in found if one.kind == "points"} == {-1, 0, 1, 2, 3, 4, 5}
    lines = dict(leads.lead(found))
    for heading, sign in (("Who gains", 1), ("Who loses", -1)):
        told = lines[heading].replace(INTERVAL, "")
        for rule in ("rank", "clear"):
            best = max(
                (one for one in found if one.sign == sign and one.kind in DIFFERENCES),
                key=lambda one: getattr(one, rule),
            )
            assert best.told()[1:].replace(INTERVAL, "") in told


def test_a_comparison_on_a_screen_ends_in_words() -> None:
    stream = io.StringIO()
    print_comparison(example_dataset(["baseline", "flat"], draws=8, years=15, areas=10), stream)
    lines = stream.getvalue().split("\n")
    assert any(line.startswith("Who gains: ") for line in lines)
    assert any(line.startswith("Who loses: ") for line in lines)


def test_a_count_that_may_be_none_says_so_and_shows_its_interval() -> None:
    mine = [
        Finding("heads", "flat", "disadvantaged", 0, 17.0, 3.0, 30.0, "higher"),
        Finding("heads", "flat", "disadvantaged", 0, -43.0, -95.0, 0.0, "cannot tell"),
    ]
    text = leads.of_policy(mine, "flat").replace("\u00a0", " ")
    assert "17 (90 % interval 3 to 30) are in groups that gain" in text
    assert "43 (0 to 95; not told from none) in groups that lose" in text
