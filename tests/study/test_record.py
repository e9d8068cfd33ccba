"""A record holds all that a comparison depends on; run again, it says whether it found the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim import api
from sim.config import compose_all
from sim.errors import BadRequest
from sim.results import Store
from sim.study import batch, cells
from sim.study.cells import digest, run_group
from sim.study.record import command_of, differences, make_record, read_record
from sim.study.request import Request

WORDS = ("world=tiny", "years=1", "draws=0", "replicates=1", "beliefs.money.use_sd=0.45")
SCENARIO = "title: Mine\npolicy:\n  targeting:\n    arm: pupil_need\n"
Told = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of work in which the cells of a comparison are there."""
    place = tmp_path_factory.mktemp("record")
    (place / "scenarios").mkdir()
    (place / "scenarios" / "mine.yaml").write_text(SCENARIO)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        (group,) = batch.groups_of(compose_all(["baseline", "mine"], WORDS))
        list(run_group(group, Store("outputs/cells")))
    return place


@pytest.fixture
def record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The record of that comparison, in a report of which nothing else is written."""

    def write(dataset: object, place: Path, *, record: Told, **_: object) -> None:
        place.mkdir(parents=True, exist_ok=True)
        (place / "record.json").write_text(json.dumps(record))

    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.setattr(cells, "simulate", None)  # all cells are there
    monkeypatch.setattr("sim.show.report.write_report", write)
    (folder / "scenarios" / "mine.yaml").write_text(SCENARIO)
    api.compare(["baseline", "mine"], *WORDS, "machine.threads=1", name="a")
    return read("a")


def read(name: str) -> Told:
    found: Told = json.loads(Path(f"outputs/reports/{name}/record.json").read_text())
    return found


def test_a_record_says_how_when_and_with_what(record: Told, folder: Path) -> None:
    assert record["command"] == ["sim", "compare", "baseline", "mine", *WORDS, "--name", "a"]
    assert record["date"] == "1970-01-02"
    assert record["version"] and record["python"].count(".") == 2
    assert "commit" in record
    content = record["content"]
    assert len(content["results.nc"]) == 64
    store = Store("outputs/cells")
    for cell in content["cells"]:
        assert store.get(cell["digest"]).attrs["content_digest"] == cell["content_digest"]
    assert [cell["scenario"] for cell in content["cells"]] == ["baseline", "mine"]
    text = json.dumps(record)
    assert str(folder) not in text and str(Path.home()) not in text


def test_a_record_names_its_base_year_where_it_is_not_the_usual_one(record: Told) -> None:
    assert "base_year" not in record and "base_year" not in record["settings"]["baseline"]
    every = compose_all(["baseline", "mine"], [*WORDS, "base_year=2025-26"])
    told = make_record(Request(every), [], 0)
    assert told["base_year"] == told["settings"]["mine"]["base_year"] == "2025-26"
    assert any("what GBP 1,000 does" in one for one in told["base_year_carried"])


@pytest.mark.parametrize("change", ["none", "gone", "levers", "title"])
def test_a_replay_takes_the_levers_of_the_record_and_finds_the_same(
    record: Told, change: str
) -> None:
    path = Path("scenarios/mine.yaml")
    if change == "gone":
        path.unlink()
    elif change != "none":
        old, new = {"levers": ("pupil_need", "none"), "title": ("Mine", "Other")}[change]
        path.write_text(SCENARIO.replace(old, new))
    for source in ("outputs/reports/a", "outputs/reports/a/record.json"):
        results, other = api.replay(source, "machine.threads=1")
        assert other == ()
        assert results["scenario"].values.tolist() == ["baseline", "mine"]
    assert read("a-again") == record


def test_a_report_cut_short_is_run_again_as_it_is_and_is_the_same(record: Told) -> None:
    """Of four cells two are there, as a budget leaves them; no other can be run here."""
    told = "The budget of time allowed 2 of the 4 cells"
    more = {**record, "replicates": 2, "planned": 4, "budget": told}
    Path("cut.json").write_text(json.dumps(more))
    _, other = api.replay("cut.json", "machine.threads=1", name="cut")
    assert other == ()
    again = read("cut")
    assert (again["cells"], again["planned"]) == (2, 4) and again["content"] == record["content"]
    assert again["budget"].startswith(told)


def test_a_replay_takes_scenarios_in_the_order_in_which_they_were_asked_for(record: Told) -> None:
    """Its keys are sorted on disk; baseline, flat, area_list_eia came back by the alphabet."""
    api.compare(["mine", "baseline"], *WORDS, "machine.threads=1", name="b")
    Path("sorted.json").write_text(json.dumps(read("b"), sort_keys=True))
    again, other = api.replay("sorted.json", "machine.threads=1", name="b-again")
    assert other == () and again["scenario"].values.tolist() == ["mine", "baseline"]
    assert read("b-again") == read("b")


def test_places_belong_to_the_request_and_never_to_a_cell(record: Told) -> None:
    """No cell can be run here: those that are there answer; a replay asks for the places too."""
    whole = api.compare(["mine"], *WORDS, "machine.threads=1", name="b", places="hackney")
    found = read("b")
    assert found["content"]["cells"] == record["content"]["cells"]
    assert found["settings"] == record["settings"]
    assert found["places"] == [{"code": "E09000012", "name": "Hackney"}]
    assert "not the places' own schools" in found["places_note"]
    assert "places" not in record and "places_note" not in record
    assert found["command"][-3:] == ["places=[Hackney]", "--name", "b"]
    assert json.loads(whole.attrs["places"]) == ["E09000012"]
    again, other = api.replay("outputs/reports/b", "machine.threads=1")
    assert other == () and again.attrs["places"] == whole.attrs["places"]
    assert read("b-again") == found
    assert "places" not in api.compare(["mine"], *WORDS, "machine.threads=1").attrs


def test_a_record_whose_places_were_changed_by_hand_is_refused(record: Told) -> None:
    for place, said in (
        ({"code": "E06000052"}, "Cornwall is not in world=tiny"),
        ({"code": "nowhere"}, "not an area"),
        ("Hackney", "not a record of a"),
    ):
        Path("changed.json").write_text(json.dumps({**record, "places": [place]}))
        with pytest.raises(BadRequest, match=said):
            api.replay("changed.json")


def test_what_is_not_the_same_is_said_with_what_may_be_why(record: Told) -> None:
    path = Path("outputs/reports/a/record.json")
    record["content"]["cells"][1]["content_digest"] = "0" * 64
    record["code_digest"], record["python"] = "1" * 64, "3.10.1"
    path.write_text(json.dumps(record))
    _, other = api.replay(path)
    assert other[0].startswith("1 of 2 cells hold something else, first mine, draw 0")
    assert any(line.startswith("code of digest 111111111111, now ") or "111111111111" in line
               for line in other)  # fmt: skip
    assert any(line.startswith("python 3.10.1, now 3.") for line in other)


def test_a_cell_that_was_not_run_and_other_results_are_no_sameness(record: Told) -> None:
    other = {**record, "content": {**record["content"], "results.nc": "0"}}
    assert "results.nc is not" in differences(other, record)[0]
    less = {**record, "content": {**record["content"], "cells": record["content"]["cells"][:1]}}
    assert "1 of 2 cells were not run" in differences(record, less)[0]
    assert differences(record, record) == ()


@pytest.mark.parametrize("what", ["settings", "scenarios", "beliefs", "content", "ends", "command",
                                  "code_digest", "draws"])  # fmt: skip
def test_a_record_without_what_it_takes_is_refused(record: Told, what: str) -> None:
    path = Path("damaged.json")
    path.write_text(json.dumps({k: v for k, v in record.items() if k != what}))
    with pytest.raises(BadRequest, match=r"damaged.json: is not a record of a comparison"):
        api.replay(path)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "3", '"text"', "{}", "[" * 200_000])
def test_a_file_that_is_no_record_is_refused(record: Told, body: str) -> None:
    Path("other.json").write_text(body)
    with pytest.raises(BadRequest, match=r"other.json: is (cut short|not a record)"):
        api.replay("other.json")
    with pytest.raises(BadRequest, match=r"nowhere.json: cannot be read"):
        api.replay("nowhere.json")


def test_a_record_changed_by_hand_is_refused(record: Told) -> None:
    record["beliefs"]["money"]["use_sd"]["value"] = 0.5
    Path("changed.json").write_text(json.dumps(record))
    with pytest.raises(BadRequest, match="changed by hand"):
        api.replay("changed.json")


def test_a_record_whose_beliefs_are_of_another_release_is_refused(record: Told) -> None:
    beliefs = record["beliefs"]
    pull = beliefs["admissions"].pop("pull")
    own = {**beliefs["admissions"], "pull": pull}
    unnamed = {**own, "distance": {**own["distance"], "entries": None}}
    for other, said in (
        ({"admissions": beliefs["admissions"]}, "it lacks the belief admissions.pull"),
        ({"admissions": {**own, "push": pull}}, "it has a belief admissions.push, and"),
        ({"admissions": unnamed}, "the entries of admissions.distance are not"),
        ({"choice": {"pull": pull}}, "'choice.pull' is called 'admissions.pull' now."),
    ):
        Path("old.json").write_text(json.dumps({**record, "beliefs": {**beliefs, **other}}))
        with pytest.raises(BadRequest, match=f"old.json: it is of another release: .*{said}"):
            api.replay("old.json")


def test_only_the_machine_may_be_named_beside_a_record(record: Told) -> None:
    for word in ("years=3", "world=tiny", "policy.funding.rule=flat", "machine=other"):
        with pytest.raises(BadRequest, match="run again as it is"):
            api.replay("outputs/reports/a", word)


def test_the_baseline_alone_is_no_comparison(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for names in ([], ["baseline"]):
        with pytest.raises(BadRequest, match=r"baseline alone is no comparison\. Name"):
            api.compare(names, "world=tiny", "years=1", name="a")
    assert list(tmp_path.iterdir()) == []


def test_values_outside_a_range_and_doses_are_read_back(tmp_path: Path) -> None:
    words = [*WORDS[:4], "beliefs.money.use_sd=0.95", "machine.outside_range=true"]
    names = ["baseline", "pupil_need@policy.targeting.envelope_gbp=3e8"]
    request = Request(compose_all(names, words), {}, tuple(command_of(names, words)))
    assert request.command[-1] == "--outside-range"
    told = make_record(request, [], 2) | {"content": {"results.nc": "", "cells": []}}
    (tmp_path / "record.json").write_text(json.dumps(told))
    _, again = read_record(tmp_path, request.every[0].machine)
    assert [digest(one) for one in again.every] == [digest(one) for one in request.every]
    assert again == request


def test_a_command_is_told_without_folders() -> None:
    told = command_of(["flat"], ["machine.outputs=/x", "beliefs='/home/me/b.yaml'", "a=1/2"])
    assert told == ["sim", "compare", "flat", "beliefs=b.yaml", "a=1/2"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[]", "it holds a list, and a record holds keys with values"),
        ("null", "it holds nothing"),
        ("3", "it holds one value"),
        ('"text"', "it holds text"),
        ('{"scenarios": []}', "it lacks settings, beliefs, draws"),
        ("{}", "it lacks scenarios, settings"),
        ("ARRAYS", "its scenarios is of another kind"),
    ],
)
def test_what_a_file_holds_instead_of_a_record_is_told_in_words(
    record: Told, body: str, said: str
) -> None:
    told = json.dumps({**record, "scenarios": []}) if body == "ARRAYS" else body
    Path("other.json").write_text(told)
    with pytest.raises(BadRequest, match=said) as caught:
        api.replay("other.json")
    assert "Error" not in str(caught.value)
    assert "Name the record.json of a report" in str(caught.value)
