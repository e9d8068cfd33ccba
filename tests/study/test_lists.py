"""A list that a world cannot carry is refused; one that is partly outside says so."""

from __future__ import annotations

import logging
import re

import pytest

from sim.config import compose
from sim.config.marks import LIST
from sim.errors import BadRequest
from sim.study.cells import prepare
from sim.study.doses import expected_dose
from sim.study.lists import carried, list_note, tell_lists

SOUTH_WEST = ("world=region", "world.region=South West")


def own(*areas: str) -> str:
    return f"policy.targeting.areas=[{','.join(areas)}]"


REFUSED = [
    ("area_list_oa", ("world=tenth",), "holds 2 (Doncaster, East Sussex) of its 12 areas,",
     "Take world=england,"),
    ("area_list_oa_dose", ("world=tenth",), "of its 12 areas", "Take world=england,"),
    ("area_list_oa", ("world=tiny",), "holds 1 (Blackpool) of its 12 areas", "Take world=england,"),
    ("area_list_eia", ("world=tiny",), "holds 1 (Blackpool) of its 55 areas", "Take world=tenth,"),
    ("area_list_eia", SOUTH_WEST, "in fifth 2 of areas by affluence, where England has 8%",
     "Take world=tenth,"),
    ("area_list_eia", ("world=region", "world.region=London"), "no area of its list lies in",
     "Take world=tenth,"),
    ("area_list_eia", ("world=tiny", own("Blackpool", "Kent")), "holds 1 (Blackpool) of its 2",
     "Take world=england,"),
    ("area_list_eia", ("world=tenth", own("Blackpool", "Oldham")), "no area of its list lies in",
     'Take world=region world.region="North West",'),
    ("area_list_eia", ("world=tenth", own("Kent", "Leeds", "Doncaster")), "holds 1 (Doncaster)",
     "Take world=england,"),
    ("mix_need_gap", ("world=tiny", "policy.targeting.arm=area_list"), "of its 55 areas",
     "Take world=tenth,"),
]  # fmt: skip
CARRIED = [
    ("area_list_oa", ("world=england",)),
    ("area_list_eia", ("world=england",)),
    ("area_list_eia", ("world=tenth",)),
    ("area_list_eia", ("world=tiny", own("Blackpool"))),
    ("area_list_eia", ("world=tiny", own("Blackpool", "Hackney"))),
    ("area_list_eia", ("world=england", own("Kent"))),
    ("area_list_eia", ("world=region", "world.region=North West", own("Blackpool", "Oldham"))),
    ("area_list_eia", ("world=tenth", own("Doncaster"))),
    ("pupil_need", ("world=tiny",)),
    ("gap_triggered", SOUTH_WEST),
]


@pytest.mark.parametrize(("scenario", "words", "said", "offer"), REFUSED)
def test_a_list_the_world_cannot_carry_is_refused_with_one_that_can(
    scenario: str, words: tuple[str, ...], said: str, offer: str
) -> None:
    settings = compose(scenario, words)
    with pytest.raises(BadRequest) as refused:
        prepare(settings)
    assert said in str(refused.value) and offer in str(refused.value)
    assert len(str(refused.value)) < 450
    taken = offer.removeprefix("Take ").rstrip(",").split(" ", 1)
    kept = [word for word in words if not word.startswith("world")]
    prepare(compose(scenario, [*kept, *(word.replace('"', "") for word in taken)]))


@pytest.mark.parametrize(("scenario", "words"), CARRIED)
def test_a_list_the_world_can_carry_is_let_through(scenario: str, words: tuple[str, ...]) -> None:
    settings = compose(scenario, words)
    prepare(settings)
    assert carried([settings]) == ([settings.scenario], [])


def test_a_list_partly_outside_says_which_areas_and_where_their_share_goes() -> None:
    note = list_note(compose("area_list_eia", ["world=tenth"]))
    assert note.startswith(
        "8 of the list's 55 areas are in world=tenth. They stand for 72 areas like them and have "
        "40% of the disadvantaged pupils there, and all the money of the list; the whole list has "
        "40% of England's. So a pupil reached gets about as much as in England. Outside, so "
        "that their share goes to the rest: Hartlep"
    )
    assert note.endswith("43 more.")
    partly = compose("area_list_eia", ["world=tenth", own("Doncaster", "Luton", "Kent", "Medway")])
    assert list_note(partly).partition(" In ")[0].endswith("share goes to the rest: Kent.")
    assert "count so often: " in list_note(partly) and "Doncaster 7" in list_note(partly)
    for scenario, words in (("area_list_oa", ["world=england"]), ("flat", ["world=tenth"])):
        assert list_note(compose(scenario, words)) == ""


def test_a_list_of_ones_own_names_all_its_areas_outside() -> None:
    inside, outside = (
        ("Blackpool", "Oldham", "Rochdale"),
        ("Kent", "Leeds", "Hull", "Devon", "Bury"),
    )
    words = ["world=region", "world.region=North West", own(*inside, *outside, "Hackney")]
    note = list_note(compose("area_list_eia", words))
    assert note.startswith("4 of the list's 9 areas are in ")  # Bury is in the North West
    assert note.endswith(
        "goes to the rest: Kingston upon Hull, City of, Leeds, Hackney, Devon, Kent."
    )


def test_a_list_refused_names_those_outside() -> None:
    with pytest.raises(BadRequest, match=r"holds 1 \(Hackney\) of its 2 areas, without Kent\. "):
        prepare(compose("area_list_eia", ["world=tiny", own("hackney", "KENT")]))


def test_a_dose_told_beside_englands_is_the_ratio_of_the_doses_to_expect() -> None:
    mine = own("Blackpool", "Oldham", "Rochdale", "Hackney")
    here = compose("area_list_eia", ["world=region", "world.region=North West", mine])
    prepare(here)
    doses = [
        expected_dose(one) for one in (here, compose("area_list_eia", ["world=england", mine]))
    ]
    assert doses[0] is not None and doses[1] is not None
    told = re.search(r"gets ([\d.]+) times as much as in England", list_note(here))
    assert told is not None
    assert float(told[1]) == pytest.approx(doses[0].pounds / doses[1].pounds, rel=0.15)


def test_it_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    one = compose("area_list_eia", ["world=tenth"])
    with caplog.at_level(logging.WARNING, "sim"):
        tell_lists([one, one, compose("flat")])
    assert [line.message for line in caplog.records] == [f"area_list_eia: {list_note(one)}"]


def test_what_a_world_can_carry_of_several_is_told_apart() -> None:
    every = [compose(name, ["world=tiny"]) for name in ("baseline", "area_list_eia", "flat")]
    names, problems = carried(every)
    assert names == ["baseline", "flat"]
    assert len(problems) == 1 and problems[0].startswith("Scenario area_list_eia: world=tiny")


def test_a_record_and_its_report_say_it() -> None:
    from sim.show.text import how_sure
    from sim.study.record import make_record
    from sim.study.request import Request

    every = (compose("baseline", ["world=tenth"]), compose("area_list_eia", ["world=tenth"]))
    record = make_record(Request(every, {}, ("sim",)), (), 0)
    assert record[LIST] == {"area_list_eia": list_note(every[1])}
    lines = how_sure(8, 4, record)
    assert any("8 of the list's 55 areas are in world=tenth" in line for line in lines)
