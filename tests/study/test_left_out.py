"""A policy that only a later year, or some draws, cannot pay for is left out, and named."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from sim.api import comparing
from sim.config import compose, compose_all
from sim.errors import BadRequest, CannotPay
from sim.results import Store
from sim.study import batch
from sim.study.feasible import as_failure
from sim.study.request import Request

WORDS = ["world=tiny", "years=1", "draws=0", "replicates=1"]
NAMES = ["baseline", "flat", "need_weighted"]


def asked(names: list[str], **more: Any) -> Request:
    return Request(compose_all(names, WORDS), **more)


def refusing(*dear: str) -> Any:
    """Stands where cells are run: policies that are too dear fail, one after the other."""

    def run(groups: list[list[Any]], *_: Any, **__: Any) -> list[str]:
        for cell in (cell for group in groups for cell in group):
            if cell.scenario in dear:
                raise CannotPay(f"Scenario {cell.scenario}: GBP 5 too dear.", cell.scenario)
        return ["whole"]

    return run


def test_the_comparison_goes_on_without_it_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(batch, "run_groups", refusing("flat"))
    request, sets, whole, left_out = comparing._lived(asked(NAMES), Store(tmp_path), 1.0, None)
    assert [one.scenario for one in request.every] == ["baseline", "need_weighted"]
    assert {one.scenario for group in sets for one in group} == {"baseline", "need_weighted"}
    assert whole == ["whole"] and left_out == ("Scenario flat: GBP 5 too dear.",)
    assert "left out. Scenario flat: GBP 5 too dear. The comparison goes on" in caplog.text


@pytest.mark.parametrize(
    ("names", "against", "dear"),
    [
        (["baseline", "flat"], "baseline", ["flat"]),
        (NAMES, "baseline", ["flat", "need_weighted"]),
        (NAMES, "flat", ["flat"]),
        (NAMES, "baseline", ["baseline"]),
    ],
)
def test_where_nothing_to_compare_is_left_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], against: str, dear: list[str]
) -> None:
    monkeypatch.setattr(batch, "run_groups", refusing(*dear))
    with pytest.raises(CannotPay, match="too dear"):
        comparing._lived(asked(names, against=against), Store(tmp_path), 1.0, None)


def test_cells_at_the_ends_of_a_belief_are_left_out_too() -> None:
    every = compose_all(NAMES, WORDS)
    smaller = Request(every, {0.0: [list(every)]}).without("flat")
    assert smaller is not None
    assert [cell.scenario for cell in smaller.ends[0.0][0]] == ["baseline", "need_weighted"]


def test_who_cannot_be_paid_is_known_after_a_worker_has_said_so() -> None:
    error = as_failure(compose("flat", WORDS), BadRequest("year 3, primary schools: too dear"))
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, CannotPay) and again.scenario == "flat"
    assert str(again) == str(error) and "Scenario flat, draw 0, replicate 0: year 3" in str(again)
    other = ValueError("a slip")
    assert as_failure(compose("flat", WORDS), other) is other
