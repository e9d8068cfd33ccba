"""What can be refused is refused before the first run; what cannot is told as failed work."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config import compose, compose_all
from sim.errors import BadRequest, WorkFailed
from sim.results import Store
from sim.study import cells as cell_module
from sim.study.cells import prepare, run_group
from sim.study.feasible import afford

TINY = ("world=tiny", "years=1", "draws=0", "replicates=1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("policy.funding.need_weight=1.5",), "need_weight=1.5 has no meaning under rule 'nff'"),
        (("policy.funding.cap=0.03",), "cap=0.03 has no meaning under closure 'balance'"),
        (("policy.funding.rule=income_depth",), "no numbers of its own; give policy.funding.depth"),
        (("policy.funding.depth.place=2",), "place has no meaning under rule 'nff'"),
    ],
)
def test_levers_without_a_meaning_are_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadRequest, match=said) as refused:
        prepare(compose("baseline", (*TINY, *words)))
    assert "Scenario baseline" in str(refused.value)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("policy.targeting.dose_gbp=20000",), {"pupil_need"}),
        (("policy.funding.floor=0.0",), {"baseline"}),
        (("policy.funding.cap=0.03", "policy.funding.closure=scale_gains"),
         {"baseline", "pupil_need", "area_list_eia"}),
    ],
)  # fmt: skip
def test_what_the_pot_cannot_pay_is_refused_with_every_scenario(
    words: tuple[str, ...], names: set[str]
) -> None:
    every = ["baseline", "pupil_need", "area_list_eia"]
    with pytest.raises(BadRequest) as refused:
        afford(compose_all(every, (*TINY, *words)))
    told = str(refused.value)
    assert all(f"Scenario {name}, year 1: " in told for name in names)


def test_what_can_be_paid_is_let_through_and_usual_policies_cost_nothing_to_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    afford([compose("pupil_need", (*TINY, "policy.targeting.dose_gbp=5000"))])
    monkeypatch.setattr("sim.study.feasible.SchoolsModel", None)
    afford(
        compose_all(
            ["baseline", "flat", "area_list_eia", "pupil_need", "gap_triggered", "gap_progress"],
            TINY,
        )
    )


def test_a_refusal_in_the_middle_of_a_run_is_failed_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BadRequest("the pot of year 9 cannot pay")

    monkeypatch.setattr(cell_module, "simulate", refuse)
    with pytest.raises(WorkFailed, match=r"baseline, draw 0, .*year 9 cannot pay. Cells that were"):
        list(run_group([compose("baseline", TINY)], Store(tmp_path)))
