"""Every position of a table of beliefs has a word; words of codes stand in their order."""

from __future__ import annotations

import pytest

from sim import codes
from sim.cli import main
from sim.config import compose
from sim.config.beliefs import Belief
from sim.errors import BadRequest
from sim.facts import BROAD_GROUPS, HERITAGE_GROUPS
from sim.metrics.doubt import beliefs_by_draw
from sim.show.belief_rows import belief_rows
from sim.year.plans import PROGRAMMES

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
    assert set(many) == {HERITAGE_GROUPS} and len(many) == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entries": ["degree", "attainment"]}, "one word for each of 6 numbers"),
        ({"entries": ["degree"] * 6}, "no word twice"),
        ({"entries": ["Degree", "b", "c", "d", "e", "f"]}, "pattern"),
        ({"entries": "degree"}, "tuple"),
        ({"value": 1.0, "low": 0.0, "high": 2.0}, "value is one number"),
    ],
)
def test_words_that_do_not_fit_their_table_are_refused(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Belief.model_validate({**RECORD, **changes})


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
