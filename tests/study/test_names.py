"""A name belongs to a request, never to a cell: two names may show one cell of the store."""

import json
from pathlib import Path

import pytest

from sim import api
from sim.config import compose_all
from sim.results import Asked, Store, open_results, open_rows, write_index
from sim.study import batch, cells
from sim.study.cells import digest, run_group
from sim.study.design import Design, Row, from_words, lasting
from sim.study.sweep import begin, open_study
from sim.tabulate import measure
from tests.example import example_cell

FIRST, SECOND = "first_name", "second_name"
SMALL = ("world=tiny", "years=1", "draws=0", "replicates=1")
ASKED = f"scenarios=baseline,{FIRST},{SECOND}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of work with two scenarios of the same levers, in which one of them was run."""
    place = tmp_path_factory.mktemp("names")
    (place / "scenarios").mkdir()
    for name in (FIRST, SECOND):
        text = f"title: The {name}\npolicy:\n  targeting:\n    arm: pupil_need\n"
        (place / "scenarios" / f"{name}.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        group = batch.groups_of(compose_all(["baseline", FIRST], SMALL))[0]
        list(run_group(group, Store("outputs/cells")))
    return place


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in that folder, where no cell may be run any more: all are there."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(cells, "simulate", None)


def test_a_run_goes_by_the_name_it_was_asked_for() -> None:
    for name in (FIRST, SECOND):
        found = api.run(name, *SMALL)
        assert found.attrs["scenario"] == name
        assert found.attrs["title"] == f"The {name}"


@pytest.mark.parametrize("others", [[FIRST], [SECOND], [FIRST, SECOND], [SECOND, FIRST]])
def test_a_comparison_has_a_row_for_each_name_asked_for(others: list[str]) -> None:
    names = ["baseline", *others]
    results = api.compare(names, *SMALL)
    assert results["scenario"].values.tolist() == names
    assert bool(results["present"].all())
    pupils = results["pupils"]
    assert (pupils.sel(scenario=names[-1]) == pupils.sel(scenario=names[1])).all()
    table = measure(results, "funding_per_pupil")
    assert table["scenario"].values.tolist() == names


def test_the_study_of_a_report_reads_back_under_the_names_asked_for(folder: Path) -> None:
    asked = [Asked(digest(s), s.scenario) for s in compose_all(["baseline", SECOND], SMALL)]
    write_index("outputs/studies/mine", asked, "outputs/cells")
    assert open_results("outputs/studies/mine")["scenario"].values.tolist() == ["baseline", SECOND]
    rows = open_rows("outputs/studies/mine", "school")
    assert set(rows["scenario"].values.tolist()) == {"baseline", SECOND}


def test_a_sweep_has_a_row_for_each_name_and_counts_rows(folder: Path) -> None:
    design = from_words([ASKED, *SMALL], ())
    for _ in range(2):  # the second time from what was kept
        study = open_study(Path("outputs"), "s", design)
        assert begin(study, retry=False) == []
        status = study.ledger.status(study.record)
        assert (status.cells, status.done, status.missing) == (3, 3, 0)
        found = api.open_results("outputs/studies/s")
        assert found["scenario"].values.tolist() == ["baseline", FIRST, SECOND]


def test_values_that_mean_the_same_are_one_row_of_each_name(folder: Path) -> None:
    keys = [(("policy.targeting.envelope_gbp", text),) for text in ("1e9", "1000000000")]
    design = Design(tuple(Row(s, 0, 0, k) for s in (FIRST, SECOND) for k in keys), lasting(SMALL))
    for _ in range(2):
        study = open_study(Path("outputs"), "t", design)
        assert begin(study, retry=False) == []
        found = open_results("outputs/studies/t")
        assert found["scenario"].values.tolist() == [FIRST, SECOND]


def test_a_cell_that_several_rows_share_is_run_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    words = [*SMALL, "seed=2", "machine.outputs=other"]

    def simulate(cell, past=None):  # type: ignore[no-untyped-def]
        ran.append(digest(cell))
        return example_cell(cell.scenario, areas=2)

    monkeypatch.setattr(cells, "simulate", simulate)
    monkeypatch.setattr(cells.SchoolsModel, "live_past", lambda _: Past())
    study = open_study(Path("other"), "s", from_words([ASKED, *words], ()))
    assert len(study.todo()) == 2
    assert study.ledger.status(study.record).missing == 3
    group = batch.groups_of(compose_all(["baseline", FIRST, SECOND], words))[0]
    assert len(list(run_group(group, study.ledger.store))) == len(ran) == len(set(ran)) == 2
    assert study.ledger.status(study.record).done == 3


class Past:
    """A past that is its own copy."""

    def copy(self) -> "Past":
        return self


def test_an_index_without_names_is_read_with_the_names_of_its_cells(tmp_path: Path) -> None:
    store = Store(tmp_path / "cells")
    names = [f"{n:032x}" for n in range(2)]
    for name, scenario in zip(names, ("baseline", "flat"), strict=True):
        store.put(name, {}, example_cell(scenario, areas=2))
    path = write_index(tmp_path / "studies" / "old", names, store.root)
    assert "scenarios" not in json.loads(path.read_text())
    assert open_results(path.parent)["scenario"].values.tolist() == ["baseline", "flat"]


def test_keys_belong_to_rows_too(tmp_path: Path) -> None:
    store, name = Store(tmp_path / "cells"), "0" * 32
    store.put(name, {}, example_cell("flat", areas=2))
    rows = [Asked(name, "flat", {"k": "1"}), Asked(name, "other", {"k": "null"})]
    study = write_index(tmp_path / "studies" / "s", rows, store.root).parent
    found = open_results(study)
    assert found["k"].values.tolist() == ["1", "null"]
    assert open_results(study, where={"k": None})["scenario"].item() == "other"
    assert open_results(study, where={"k": [1, None]}).sizes["cell"] == 2
