from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.show.words import interval, join, label, number, percent, pounds, signed, times, years_of


def test_minus_is_a_true_minus_and_nought_has_no_sign() -> None:
    assert signed(-0.5) == "\N{MINUS SIGN}0.5"
    assert signed(0.04) == signed(-0.04) == "0.0"
    assert signed(0.04, 2) == "+0.04"


def test_missing_numbers_are_said_not_shown_as_nan() -> None:
    assert number(math.nan) == percent(math.nan) == "n/a"
    assert interval(math.nan, 1.0) == "no interval"


@pytest.mark.parametrize(
    ("value", "text"), [(290, "+£290"), (-1114.4, "\N{MINUS SIGN}£1,114"), (0.2, "£0")]
)
def test_pounds_carry_sign_before_the_currency(value: float, text: str) -> None:
    assert pounds(value) == text


def test_lists_and_counts_read_as_sentences() -> None:
    assert join([]) == ""
    assert join(["one"]) == "one"
    assert join(["one", "two"]) == "one and two"
    assert times(1, "draw") == "1 draw"
    assert label("area_list_oa") == "Area list OA"


def test_years_of_a_number_are_told_unless_each_row_has_its_own() -> None:
    rows = pd.DataFrame({"value": [1.0]})
    rows.attrs["years"] = "14, 15"
    assert years_of(rows) == "Of policy years 14 and 15 together."
    assert years_of(rows.assign(year=14)) == ""
    assert years_of(pd.DataFrame({"value": [1.0]})) == ""
