"""Every position of a table of beliefs has a word; words of codes stand in their order."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim import codes
from sim.cli import main
from sim.config import compose, config_root
from sim.config.belief_parts import read_set
from sim.config.beliefs import Belief
from sim.config.values import named
from sim.data.facts import BROAD_GROUPS, HERITAGE_GROUPS
from sim.errors import BadRequest
from sim.show.belief_rows import belief_rows
from sim.tabulate.doubt import beliefs_by_draw
from sim.world.programmes import PROGRAMMES

BELIEFS = compose("baseline").beliefs
TABLES = {
    f"{group}.{name}": record
    for group, named in BELIEFS.records.items()
    for name, record in named.items()
    if isinstance(record.value, tuple)
}
ORDERS = (
    codes.PHASES, codes.STAGES, codes.OCCUPATIONS, codes.ROUTES, PROGRAMMES, HERITAGE_GROUPS,
    tuple(name.lower() for name in BROAD_GROUPS),
    tuple(name.lower().replace(" ", "_") for name in codes.REGIONS),
)  # fmt: skip
RECORD = dict(TABLES["recruitment.professional"])


def test_every_table_names_its_positions_and_no_number_does() -> None:
    assert len(TABLES) > 60
    assert [name for name, record in TABLES.items() if not record.entries] == []
    numbers = [r for named in BELIEFS.records.values() for r in named.values()]
    assert all(r.entries is None for r in numbers if not isinstance(r.value, tuple))


def test_words_that_are_labels_of_codes_stand_in_the_order_of_the_codes() -> None:
    follow = 0
    for name, record in TABLES.items():
        for order in ORDERS:
            if set(record.entries or ()) == set(order):
                assert record.entries == order, name
                follow += 1
    assert follow > 35


def test_tables_of_as_many_numbers_as_there_are_heritages_name_them() -> None:
    many = [r.entries for r in TABLES.values() if len(r.entries or ()) == codes.HERITAGE_COUNT]
    assert set(many) == {HERITAGE_GROUPS} and len(many) == 10


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entries": ["degree", "attainment"]}, "one word for each of 6 numbers"),
        ({"entries": ["degree"] * 6}, "no word twice"),
        ({"entries": ["Degree", "b", "c", "d", "e", "f"]}, "pattern"),
        ({"entries": "degree"}, "tuple"),
        ({"entries": ["degree", "b", "c", "d", "e", "count"]}, "'count' means something else"),
        ({"entries": ["degree", "b", "c", "d", "e", "class"]}, "'class' means something else"),
        ({"value": 1.0, "low": 0.0, "high": 2.0}, "value is one number"),
    ],
)
def test_words_that_do_not_fit_their_table_are_refused(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Belief.model_validate({**RECORD, **changes})


def test_a_table_has_each_number_under_the_word_of_its_position_too() -> None:
    costs = compose("baseline", ["beliefs.admissions.distance=[4,3]"]).beliefs.values
    distance = pickle.loads(pickle.dumps(costs)).admissions.distance
    assert (distance.primary, distance.secondary) == distance == (4, 3)
    with pytest.raises(AttributeError, match=r"no entry 'secondry' .* Did you mean 'secondary'"):
        _ = distance.secondry


def test_numpy_takes_a_table_without_a_search_for_the_names_it_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sim.config.values.did_you_mean", lambda name, _: asked.append(name) or "")
    assert np.asarray(named(["primary", "secondary"], [5, 2])).tolist() == [5, 2]
    assert asked == []


def test_the_words_of_a_table_are_not_to_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in ("[secondary,primary]", "[a,b]", "null", "primary"):
        with pytest.raises(BadRequest, match=r"stay as they are, in this order: primary, second"):
            compose("baseline", [f"beliefs.admissions.distance.entries={words}"])
    with pytest.raises(BadRequest, match=r"positions stay as they are\."):
        compose("baseline", ["beliefs.money.use_sd.entries=[a]"])
    Path("mine.yaml").write_text("base: default\nadmissions: {distance: {entries: [a, b]}}\n")
    with pytest.raises(BadRequest, match=r"mine.yaml, line 2: .* stay as they are"):
        compose("baseline", ["beliefs=mine.yaml"])


def test_a_whole_set_of_ones_own_takes_the_words_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    records = read_set(config_root() / "beliefs" / "default.yaml").content
    del records["admissions"]["distance"]["entries"]
    Path("mine.yaml").write_text(yaml.safe_dump(records))
    assert compose("baseline", ["beliefs=mine.yaml"]).beliefs == BELIEFS
    records["admissions"]["distance"]["entries"] = ["secondary", "primary"]
    Path("mine.yaml").write_text(yaml.safe_dump(records))
    with pytest.raises(BadRequest, match=r"mine.yaml: admissions.distance.entries: .* stay as"):
        compose("baseline", ["beliefs=mine.yaml"])


def test_a_list_of_another_length_is_refused_with_the_words_in_their_order() -> None:
    with pytest.raises(BadRequest, match=r"list of 2, in this order: primary, secondary\."):
        compose("baseline", ["beliefs.admissions.distance=[1,2,3]"])
    with pytest.raises(BadRequest, match=r"list of 2 numbers in brackets, in this order: primary"):
        compose("baseline", ["beliefs.admissions.distance=1"])


def test_a_belief_is_listed_with_the_words_of_its_positions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "funnel.selection_luck"]) == 0
    sift, interview = BELIEFS.values.funnel.selection_luck
    assert f"value: sift {sift}, interview {interview}" in capsys.readouterr().out


def test_tables_of_a_report_name_positions_by_their_words() -> None:
    draws = beliefs_by_draw(BELIEFS, 1, [0])
    response = {name for name, record in TABLES.items() if record.kind == "response"}
    named = [column for column in draws.columns if column.endswith("]")]
    assert {column.partition("[")[0] for column in named} == response
    assert not any(column.endswith("[1]") for column in named)
    row = belief_rows([{"name": "a.b", "value": [0.5, 2.0], "entries": ["at_home", "away"]}])[0]
    assert row["value"] == "at home 0.5, away 2"
