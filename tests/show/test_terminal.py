"""One screen, plain in a pipe, nothing without unit and interval."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest
import xarray as xr

import sim
from sim.show.tables import HEADLINES, headline
from sim.show.terminal import COLUMNS, LINES, comparison_table, console_of, print_comparison
from sim.tabulate.verdicts import WORDS
from tests.example import SCENARIOS, example_dataset


def printed(*args: object, **kwargs: object) -> str:
    stream = io.StringIO()
    print_comparison(example_dataset(*args, **kwargs), stream)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.fixture(scope="module")
def text() -> str:
    return printed()


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return headline(example_dataset())


def parts(text: str) -> tuple[list[str], list[str], list[str]]:
    """Lines of the table, of the answers after it, and of the notes on both."""
    lines = text.rstrip("\n").split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith(("Who gains", "Run longer:")))
    last = next(i for i, line in enumerate(lines) if line.startswith(("Flat targets", "Areas of")))
    return lines[:first], lines[first:last], lines[last:]


def test_fits_a_screen_and_is_plain(text: str) -> None:
    table, words, notes = parts(text)
    lines = [*table, *words, *notes]
    assert len(table) <= LINES
    assert len(words) <= LINES * 3 / 4
    assert len(lines) <= LINES * 7 / 4
    assert max(map(len, lines)) <= COLUMNS
    assert "\x1b" not in text
    assert "…" not in text


def test_shows_every_scenario_with_interval_and_verdict(text: str) -> None:
    for name in ("Flat", "Area list EIA", "Pupil need", "Gap triggered", "Baseline"):
        assert name in text
    assert "(points)" in text
    told = " ".join(text.split())
    assert "Professional job at 25, most minus least affluent fifth: " in told
    assert "Differences from the baseline, A8 of policy years 20 to 24 together;" in told
    assert "higher" in text
    assert "8 draws, 2 replicates" in text
    assert "90 % interval" in told


def test_the_verdict_is_that_of_a_declared_number_and_stands_beside_it(rows: pd.DataFrame) -> None:
    table = comparison_table(example_dataset(), rows=rows)
    heads = [str(column.header).replace("\n", " ") for column in table.columns]
    at = heads.index("Verdict, A8, most minus least affluent")
    assert heads[at - 1] == "A8, most minus least affluent (points)"
    declared = sim.declared(example_dataset()).query(
        "measure == 'attainment8' and place == 'fifth 1 less fifth 5'"
    )
    assert dict(zip(declared["scenario"], declared["verdict"], strict=True)) == dict(
        rows.query("key == 'most_less_least' and verdict != ''")[["scenario", "verdict"]].values
    )
    narrow = comparison_table(example_dataset(), rows=rows, width=80)
    assert [str(column.header).replace("\n", " ") for column in narrow.columns][at] == heads[at]


def test_without_one_of_the_fifths_the_verdict_is_that_of_all_areas(rows: pd.DataFrame) -> None:
    table = comparison_table(example_dataset(), rows=rows[rows["key"] != "most_less_least"])
    heads = [str(column.header).split() for column in table.columns]
    assert ["Verdict,", "A8,", "all", "areas"] in heads


@pytest.mark.slow
def test_many_policies_are_counted_in_the_caption() -> None:
    names = [*SCENARIOS, *(f"plan_{i}" for i in range(6))]
    text = printed(names, draws=2, years=15)
    assert len(parts(text)[0]) <= LINES
    assert "more in the report" in text


def test_few_draws_say_run_longer() -> None:
    assert "run longer" in printed(draws=3, years=15)


def test_first_cells_alone_show_values_without_interval() -> None:
    text = printed(draws=0, replicates=1, years=15)
    assert "no interval" in text
    assert "run longer" in text


def test_short_runs_say_not_reached() -> None:
    assert "reached" in printed(["baseline", "flat"], draws=2, years=5)


def test_a_run_too_short_for_results_does_not_say_that_nobody_gains() -> None:
    told = printed(years=4)
    assert "Run more years: " in told and "Nobody clearly" not in told


def test_a_table_at_hand_is_used_as_it_is() -> None:
    dataset = example_dataset(draws=2, years=15)
    rows = headline(dataset)
    table = comparison_table(dataset, rows=rows[rows["scenario"] == "flat"])
    assert table.row_count == 1
    assert len(table.columns) == sum(column.on_screen for column in HEADLINES) + 2


def test_headline_rows_hold_both_intervals(rows: pd.DataFrame) -> None:
    assert set(rows["key"]) == {column.key for column in HEADLINES}
    national = rows[(rows["key"] == "all_areas") & (rows["scenario"] == "flat")].iloc[0]
    assert national["low"] < national["value"] < national["high"]
    assert pd.notna(national["chance_low"])
    assert national["verdict"] in WORDS
    flat = rows[rows["scenario"] == "flat"]
    assert "missed" not in set(flat["key"]), "no targeted money, nobody to miss"


def test_pounds_for_each_pupil_reached_stand_below_the_name_of_a_policy(
    text: str, rows: pd.DataFrame
) -> None:
    assert "£ a pupil" in text
    dose = rows.query("key == 'dose'").set_index("scenario")["value"]
    assert set(dose.index) == set(SCENARIOS) - {"baseline"}
    for value in dose:
        assert f"\n£{value:,.0f} " in text
    assert "outside the evidence" not in text


def test_a_dose_outside_the_evidence_is_marked_and_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    dataset = example_dataset(["baseline", "pupil_need", "flat"], draws=2)
    row = dataset["scenario"].values.tolist().index("pupil_need")
    pounds = dataset["targeted_sum"].values.copy()
    pounds[row] *= 200
    dataset["targeted_sum"] = (dataset["targeted_sum"].dims, pounds)
    stream = io.StringIO()
    print_comparison(dataset, stream)
    told = stream.getvalue()
    assert " *" in told
    sentence = " ".join(told.split())
    assert "* Pupil need: GBP " in sentence
    assert "outside the evidence: it ends at about GBP 3,000 a pupil a year" in sentence
    assert "Jackson and Mackevicius (2024)" in sentence
    assert "* Flat" not in sentence


def test_one_area_alone_outside_the_evidence_is_named() -> None:
    dataset = example_dataset(["baseline", "pupil_need"], draws=2)
    pounds = dataset["targeted_sum"].values.copy()
    pounds[..., 2, :] *= 3
    dataset["targeted_sum"] = (dataset["targeted_sum"].dims, pounds)
    note = headline(dataset).query("key == 'dose'")["note"].item()
    assert "a pupil reached in Example 3 is outside the evidence" in note


def test_another_policy_may_take_the_place_of_the_baseline() -> None:
    """The table is that of paired differences from it, and says so; the baseline is one of them."""
    from sim.results.shapes import as_cells
    from sim.tabulate import difference, measure

    cells = as_cells(example_dataset(["baseline", "flat", "pupil_need"], draws=8, areas=10))
    told = cells.assign_attrs(against="pupil_need")
    rows = headline(told)
    assert list(dict.fromkeys(rows["scenario"])) == ["pupil_need", "baseline", "flat"]
    paid = rows[rows["key"] == "dose"].reset_index(drop=True)
    plain = headline(cells)
    pd.testing.assert_frame_equal(
        paid, plain[plain["key"] == "dose"].reset_index(drop=True), check_flags=False
    )
    at = rows[rows["key"] == "most_affluent"].set_index("scenario")["value"]
    asked = {"by": "area_affluence", "groups": "disadvantaged"}
    less = difference(cells, "attainment8", against="pupil_need", **asked)  # type: ignore[arg-type]
    for name in ("baseline", "flat"):
        assert at[name] == pytest.approx(less["value"].sel(scenario=name, place=1).item())
    level = measure(cells, "attainment8", **asked)  # type: ignore[arg-type]
    assert at["pupil_need"] == pytest.approx(
        level["value"].sel(scenario="pupil_need", place=1).item()
    )
    stream = io.StringIO()
    print_comparison(told, stream)
    text = stream.getvalue()
    assert "policy minus Pupil need" in text
    assert "Differences from Pupil need" in text
    assert "(level)" in text and "Baseline" in text
    assert "baseline, compared" not in text


LONG = "a_plan_with_" + "a_very_long_name_" * 14 + "and_an_end"


@pytest.fixture(scope="module")
def long_rows() -> tuple[xr.Dataset, pd.DataFrame]:
    """Results of two policies with names of 250 letters, alike but for the last, and of a third."""
    names = ["baseline", LONG[:249] + "x", LONG[:249] + "y", "pupil_need"]
    dataset = example_dataset(names, draws=2)
    return dataset, headline(dataset)


def laid_out(dataset: xr.Dataset, rows: pd.DataFrame, encoding: str, **room: int) -> list[str]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = console_of(stream)
    console.width = room.get("width", COLUMNS)
    console.print(comparison_table(dataset, rows=rows, encoding=encoding, **room))
    stream.flush()
    return stream.buffer.getvalue().decode(encoding).splitlines()  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", [{}, {"width": 80}, {"width": 38}])
def test_a_very_long_name_keeps_its_row(
    long_rows: tuple[xr.Dataset, pd.DataFrame], room: dict[str, int]
) -> None:
    dataset, rows = long_rows
    lines = laid_out(dataset, rows[rows["scenario"] != "pupil_need"], "utf-8", **room)
    text = " ".join(" ".join(lines).split())
    assert "more in the report" not in text or "more measure" in text
    assert text.count("A plan with") >= 2
    assert max(map(len, lines)) <= room.get("width", COLUMNS)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_row_is_no_wider_where_a_terminal_lacks_a_character(
    long_rows: tuple[xr.Dataset, pd.DataFrame], encoding: str
) -> None:
    """``GBP`` in place of the pound sign moves no number below another heading."""
    rows = [laid_out(*long_rows, name, lines=40) for name in (encoding, "utf-8")]
    if encoding == "ascii":
        assert any(line.startswith("GBP a pupil ") for line in rows[0])
    dose = [at for at, line in enumerate(rows[1]) if line.startswith("£") and "," in line]
    assert dose
    for at in dose:
        mine, other = (re.sub(r"^\S+ ?\d\S* ", "", text[at].replace("|", " ")) for text in rows)
        assert len(rows[0][at]) == len(rows[1][at])
        assert len(mine.lstrip()) == len(other.lstrip())
