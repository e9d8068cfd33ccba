"""The page opens with the clearest gain and loss, in points and pupils, then what is open."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from sim.show import leads
from sim.show.terminal import print_comparison
from tests.example import example_dataset
from tests.show import samples

NOBODY = {"worse": 0.0, "low": 0.0, "high": 0.0, "better": 0.0, "better_low": 0.0,
          "better_high": 0.0}  # fmt: skip


def row(place: int, value: float, half: float, verdict: str, group: str = "disadvantaged",
        scenario: str = "flat") -> dict[str, object]:  # fmt: skip
    return {"scenario": scenario, "group": group, "place": place, "value": value,
            "low": value - half, "high": value + half, "verdict": verdict}  # fmt: skip


def heads(worse: float = 0.0, better: float = 0.0, draws: int = 8) -> pd.DataFrame:
    told = {"scenario": "flat", "who": "disadvantaged", "draws": draws, **NOBODY,
            "worse": worse, "low": worse * 0.8, "high": worse * 1.2,
            "better": better, "better_low": better * 0.8, "better_high": better * 1.2}  # fmt: skip
    return pd.DataFrame([told])


def told(*rows: dict[str, object], counted: pd.DataFrame | None = None) -> dict[str, str]:
    found = leads.findings_of(
        [pd.DataFrame(rows)], pd.DataFrame(), heads() if counted is None else counted
    )
    return dict(leads.lead(found))


def test_a_loss_of_the_poorest_leads_though_the_most_affluent_fifth_is_unclear() -> None:
    lines = told(row(1, 0.1, 0.3, "cannot tell"), row(5, -0.86, 0.24, "lower"),
                 counted=heads(worse=0.42))  # fmt: skip
    assert lines["Who loses most clearly"] == (
        "Disadvantaged pupils in the least affluent fifth of areas lose 0.86 points of Attainment "
        "8 under Flat (90\u00a0%\u00a0interval 0.62 to 1.10). Of 100 disadvantaged pupils, 42 are "
        "in groups that lose under Flat (90\u00a0%\u00a0interval 34 to 50)."
    )
    assert lines["Who gains most clearly"] == "Nobody clearly gains under any policy."
    assert lines["What cannot be told"] == (
        "Whether disadvantaged pupils gain or lose in the most affluent fifth of areas under Flat."
    )


def test_other_pupils_are_told_where_they_are_clearer_still() -> None:
    mine, other = row(5, -0.9, 0.5, "lower"), row(3, -0.9, 0.1, "lower", "other", "pupil_need")
    line = told(mine, other)["Who loses most clearly"]
    assert line.index("Disadvantaged pupils") < line.index("Other pupils in the middle fifth")
    line = told(mine, {**other, "low": -1.7, "high": -0.1})["Who loses most clearly"]
    assert "Other pupils" not in line


def test_what_is_certain_but_small_is_said_to_be_small_and_comes_last() -> None:
    small = row(1, 0.2, 0.01, "higher, less than matters")
    assert ", too little to matter." in told(small)["Who gains most clearly"]
    line = told(small, row(4, 0.6, 0.5, "higher"))["Who gains most clearly"]
    assert "second least affluent fifth" in line
    assert "too little" not in line


def test_an_interval_that_holds_no_change_shows_it() -> None:
    line = told(row(5, -0.9, 1.2, "run longer"), counted=heads(draws=2))["Run longer"]
    assert "(90\u00a0%\u00a0interval \N{MINUS SIGN}0.30 to 2.10)" in line


def test_few_draws_settle_nothing() -> None:
    lines = told(row(5, -0.9, 0.2, "run longer"), counted=heads(worse=0.4, draws=2))
    assert list(lines) == ["Run longer"]
    assert "lose 0.90 points" in lines["Run longer"]


@pytest.mark.parametrize("scenario", samples.SCENARIOS)
def test_each_policy_is_told_by_the_same_rule(scenario: str) -> None:
    found = leads.findings(example_dataset(draws=8, years=15))
    text = leads.of_policy(found, scenario)
    assert "Of 100 disadvantaged pupils" in text
    assert "Of 100 other pupils" in text


def test_no_finding_is_clearer_than_the_one_told() -> None:
    found = leads.findings(example_dataset(draws=8, years=15))
    lines = dict(leads.lead(found))
    for heading, sign in (("Who gains most clearly", 1), ("Who loses most clearly", -1)):
        best = max((one for one in found if one.sign == sign), key=lambda one: one.rank)
        assert best.told()[1:] in lines[heading]


def test_a_comparison_on_a_screen_ends_in_words() -> None:
    stream = io.StringIO()
    print_comparison(example_dataset(draws=8, years=15), stream)
    lines = stream.getvalue().split("\n")
    assert any(line.startswith("Who gains most clearly: ") for line in lines)
    assert any(line.startswith("Who loses most clearly: ") for line in lines)
