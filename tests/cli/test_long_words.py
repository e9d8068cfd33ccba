"""Names of any length, a home in quotes, a closed folder: told in words, wherever given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sim.errors import BadRequest
from sim.results import open_results

LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ("check", LONG),
        ("check", f"{LONG}.nc"),
        ("compare", "--from", LONG),
        ("compare", "--from", f"{LONG}/record.json"),
        ("run", "baseline", f"beliefs=./{LONG}.yaml"),
        ("run", LONG),
        ("run", "baseline", f"{LONG}=1"),
        ("run", "baseline", f"beliefs={LONG}"),
        ("run", "baseline", f"world={LONG}"),
        ("explain", "area", LONG, "world=tiny"),
        ("list", LONG),
        ("sweep", f"{LONG}.yaml"),
        ("sweep", "--table", f"{LONG}.csv", "world=tiny"),
        ("run", "baseline", "--log", LONG, "world=tiny"),
    ],
    ids=lambda words: " ".join(words)[:20],
)
def test_a_name_longer_than_any_file_has_is_a_wrong_request(sim: Any, words: list[str]) -> None:
    done = sim(*words)
    assert done.status == 2
    assert "error in the program" not in done.err


def test_results_under_such_a_name_are_not_there() -> None:
    with pytest.raises(BadRequest, match="there are no results here"):
        open_results(LONG)


def test_a_folder_that_may_not_be_listed_is_told_as_that(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    may = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: mode != os.R_OK | os.X_OK and may(path, mode)
    )
    done = sim("check", "closed")
    assert done.status == 2
    assert "closed: cannot be read: no permission to list it" in done.err


def test_a_home_in_quotes_is_a_home(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    assert f"{tmp_path}/mine: holds no cells" in sim("check", "~/mine").err
    (tmp_path / "record.json").write_text("[]")
    assert "is not a record" in sim("compare", "--from", "~/record.json").err
    with pytest.raises(BadRequest, match=str(tmp_path)):
        open_results("~/nowhere")


def test_a_dry_run_refuses_what_cannot_be_paid_for(
    sim: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study import feasible

    def dear(_: object) -> None:
        raise BadRequest("costs more than there is")

    monkeypatch.setattr(feasible, "is_whole", lambda _: True)
    monkeypatch.setattr(feasible, "afford", dear)
    words = ("world=tiny", "years=1", "draws=0", "replicates=1", "--dry-run")
    for command in (("compare", "flat"), ("sweep", "mine", "scenarios=baseline,flat")):
        done = sim(*command, *words)
        assert (done.status, "costs more" in done.err) == (2, True), done.err
