"""A comparison is also lived where posts do not follow those who qualify, and where they do."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from sim import api
from sim.config import compose_all
from sim.config.models import Settings
from sim.study.cells import at
from sim.study.ends import BELIEF, ENDS, at_end, groups_at_ends

NAMES = ("baseline", "flat")
LONG = ("world=tiny", "years=23", "replicates=2")


def values_of(settings: Settings) -> dict[tuple[str, str], Any]:
    records = settings.beliefs.records
    return {(group, name): one.value for group, named in records.items()
            for name, one in named.items()}  # fmt: skip


def test_both_ends_differ_from_the_comparison_in_one_belief_alone() -> None:
    central = values_of(compose_all(NAMES, LONG)[0])
    found = groups_at_ends(NAMES, LONG)
    assert tuple(found) == ENDS
    for end, groups in found.items():
        assert [[cell.scenario for cell in group] for group in groups] == [list(NAMES)] * 2
        assert [{(cell.draw, cell.replicate) for cell in group} for group in groups] == [
            {(0, 0)},
            {(0, 1)},
        ]
        for cell in (cell for group in groups for cell in group):
            changed = {k: v for k, v in values_of(cell).items() if v != central[k]}
            assert changed == {("recruitment", "vacancy_response"): end}


def test_no_ends_where_the_request_sets_the_belief_or_nobody_gets_to_25() -> None:
    assert not groups_at_ends(NAMES, ("world=tiny", "years=20"))
    assert not groups_at_ends(NAMES, (*LONG, f"{BELIEF}=0.3"))


@pytest.mark.slow
def test_a_report_holds_both_ends_and_the_results_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    results = api.compare(NAMES, "world=tiny", "years=23", "draws=0", "replicates=1", name="one")
    assert results.sizes["draw"] == results.sizes["replicate"] == 1
    place = tmp_path / "outputs" / "reports" / "one"
    assert (place / "figures" / "posts_follow_or_not.svg").is_file()
    with (place / "tables" / "posts_follow_or_not.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["end"], row["group"]) for row in rows} == {
        (end, group) for end in ("0", "1") for group in ("disadvantaged", "all")
    }
    again = api.compare(
        NAMES, "world=tiny", "years=23", "draws=0", "replicates=1", name="two", ends=False
    )
    assert again.identical(results)
    assert not (tmp_path / "outputs/reports/two/figures/posts_follow_or_not.svg").exists()


def test_settings_moved_to_an_end_are_those_that_a_request_moves_there() -> None:
    names, words = ["baseline", "flat"], ["world=tiny", "years=28", "replicates=2"]
    asked = groups_at_ends(names, words)
    every = compose_all(names, words)
    for end in ENDS:
        moved = [[at(at_end(one, end), 0, number) for one in every] for number in range(2)]
        assert moved == asked[end]
