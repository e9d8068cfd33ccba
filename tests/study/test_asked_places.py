"""Areas that a comparison is asked for: by any name, in their world or refused before any run."""

from __future__ import annotations

import pytest

from sim.config.models import WorldSettings
from sim.errors import BadRequest
from sim.study.asked_places import find_places, places_note, places_word, read_places

TINY, TENTH, ENGLAND = (WorldSettings(name=name) for name in ("tiny", "tenth", "england"))
LONDON = WorldSettings(name="region", region="London")


@pytest.mark.parametrize(
    "given",
    [
        "Luton,Bexley", "luton, BEXLEY", "[Luton,Bexley]", "['luton',\"Bexley\"]",
        "E06000032,e09000004", "821,303", ["Luton", "Bexley"], ["London Borough of Bexley"],
        "Luton,Bexley,luton",
    ],
)  # fmt: skip
def test_a_place_is_found_under_every_name_and_once(given: str | list[str]) -> None:
    found = find_places(given, TENTH)
    assert found == (("E06000032", "E09000004") if len(given) > 1 else ("E09000004",))


def test_names_with_commas_and_signs_are_put_together_again() -> None:
    words = "Bristol, City of,telford & wrekin,Bournemouth, Christchurch & Poole"
    codes = find_places(words, ENGLAND)
    assert codes == ("E06000023", "E06000020", "E06000058")
    assert find_places(places_word(codes).removeprefix("places="), ENGLAND) == codes


@pytest.mark.parametrize(
    ("given", "world", "said"),
    [
        ("Cornwall", TINY, "Cornwall is not in world=tiny, which holds Blackpool; Hereford"),
        ("Hackney,Cornwall,Leeds", TINY, "Cornwall; Leeds are not in world=tiny"),
        ("Leeds", LONDON, 'Leeds is not in world=region world.region="London", which holds Barki'),
        ("Hackney", TENTH, "take world=england, which holds all"),
        ("", TINY, "places: no area is named. Write for example places=Cornwall,Hackney"),
        ("[]", TINY, "no area is named"), ([""], TINY, "no area is named"),
        ("Hacknei", TINY, "Did you mean 'Hackney'"),
        ("Cumbria", ENGLAND, "divided in 2023; name those of its parts you mean: Cumberland; W"),
        ("Poole", ENGLAND, "became part of Bournemouth, Christchurch and Poole in 2019"),
        ("London", ENGLAND, "London is a region; name its authorities"),
    ],
)  # fmt: skip
def test_a_place_that_is_not_there_is_refused_with_those_that_are(
    given: str | list[str], world: WorldSettings, said: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        find_places(given, world)
    assert said in str(refused.value)


def test_every_wrong_place_is_told_at_once() -> None:
    with pytest.raises(BadRequest) as refused:
        find_places("Hacknei,Cumbria", ENGLAND)
    assert "Hackney" in str(refused.value) and "Cumberland" in str(refused.value)


def test_every_world_warns_and_tenth_says_for_how_many_a_place_stands() -> None:
    assert "at places like these, not the places' own schools" in places_note((), TINY)
    assert "stands for" not in places_note(("E09000012",), TINY)
    note = places_note(("E06000032", "E09000004"), TENTH)
    assert "an area stands for others like it in all England (Luton for 10; Bexley for 7)" in note


def test_a_list_is_read_with_or_without_brackets_and_quotes() -> None:
    assert read_places(" [ 'Bristol, City of' , Hull ] ") == ["Bristol, City of", "Hull"]
