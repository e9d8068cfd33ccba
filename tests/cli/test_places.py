"""Schools and areas by name and number, names in any case, and plug-ins that are left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.plug_ins import install, measure, read_anew, rule


def test_schools_of_an_area_are_listed_by_the_numbers_that_explain_takes(sim: Any) -> None:
    records = json.loads(sim("list", "schools", "world=tiny", "area=hackney", "--json").out)
    assert len(records) == 70
    assert all(record["name"] and record["title"] for record in records)
    done = sim("list", "schools", "world=tiny", "area=Hackney")
    assert done.out.startswith("number ")
    assert f"\n{records[0]['name']} " in done.out
    assert "free school meals" in done.out


def test_areas_are_those_of_england_or_of_a_world(sim: Any) -> None:
    assert len(json.loads(sim("list", "areas", "--json").out)) == 151
    tiny = json.loads(sim("list", "areas", "world=tiny", "--json").out)
    assert {record["name"] for record in tiny} >= {"Blackpool", "Hackney"}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Baseline", "scenario"), ("FLAT", "rule"), ("Attainment8_Gap", "metric"),
        ("TINY", "world"), ("c3", "claim"), ("blackpool", "area"), ("e06000009", "area"),
        ("Need_Weight", "belief"), ("bristol", "area"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_case(sim: Any, name: str, what: str) -> None:
    done = sim("list", name, "--json")
    assert done.status == 0, done.err
    assert what in {record["what"] for record in json.loads(done.out)}


def test_a_topic_is_found_in_any_case(sim: Any) -> None:
    assert sim("list", "Worlds").out == sim("list", "worlds").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "schools", "world=tiny", "area=Leeds"), "Leeds is not in world=tiny"),
        (("list", "schools", "world=tiny", "area=Blackpol"), "Did you mean 'Blackpool'"),
        (("list", "schools", "area=Leeds", "area=Hackney"), "takes one area, not 2"),
        (
            ("list", "cumbria"),
            "divided in 2023; name those of its parts you mean: Cumberland; West",
        ),
        (("list", "schools", "area=Poole"), "part of Bournemouth, Christchurch and Poole in 2019"),
        (("explain", "area", "928"), "It is Northamptonshire, which was divided in 2021"),
        (("list", "blackpol"), "Did you mean 'Blackpool'"),
        (("explain", "school", "²"), "'²' is not a number. Schools are numbered from 1"),
        (("explain", "school", "7.5"), "'7.5' is not a number"),
        (("explain", "school", "-1"), "'-1' is not a number"),
        (("explain", "school", "9" * 5000), "is not a number"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(sim: Any, words: Any, said: str) -> None:
    done = sim(*words)
    assert done.status == 2
    assert said in done.err


def test_the_heading_says_which_school_where_and_when(sim: Any, api: Any) -> None:
    api.answer = [{"clause": "basic", "pence": 1}]
    done = sim("explain", "school", "7", "flat", "world=tiny", "--year", "3")
    assert done.out.splitlines()[0] == (
        "school 7 (primary school in Blackpool), a stand-in for one at a place like this, under "
        "flat, world=tiny, policy year 3"
    )
    done = sim("explain", "area", "e06000019", "world=tiny", "years=2")
    assert done.out.startswith("area Herefordshire, County of under baseline, world=tiny, policy y")
    done = sim("explain", "school", "7", "world=tiny", "years=2", "base_year=2025-26")
    assert done.out.splitlines()[0].endswith("policy year 2, base year 2025-26")


def test_a_faulty_plug_in_is_named_and_the_others_are_listed(
    sim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = measure("guest") | rule("guest")
    bad["guest/measures.py"] = bad["guest/measures.py"].replace('age="ks4"', 'age="ks9"')
    bad["guest/rules.py"] = bad["guest/rules.py"].replace("lower_floor", "whatever")
    install(tmp_path, "guest", bad)
    read_anew(monkeypatch, tmp_path)
    for topic, name, others in (("metrics", "stranger", "attainment8"), ("rules", "halved", "nff")):
        done = sim("list", topic)
        assert done.status == 0
        assert f"\n{others} " in done.out
        assert f"sim: left out: {topic[:-1].replace('metric', 'measure')} '{name}':" in done.err
        assert "package 'guest'" in done.err
        records = {
            record["name"]: record for record in json.loads(sim("list", topic, "--json").out)
        }
        assert "guest" in records[name]["fault"]
        assert "guest" in sim("list", name).err
        assert sim("list", name).status == 2
    assert sim("list").status == 0
