"""Authorities are found under every name and code that files of other people give them."""

import re

import pytest

from sim.config import compose
from sim.config.authorities import GONE, NUMBERS, OTHER_CODES, OTHER_NAMES, plain
from sim.config.names import area_code, area_codes, known_areas
from sim.config.old_areas import DIVIDED, OLD, PART, SAME, Old, old_keys
from sim.errors import BadRequest

KNOWN = known_areas()


@pytest.mark.parametrize("code", KNOWN)
def test_every_area_is_found_by_its_codes_its_number_and_each_spelling_of_its_name(
    code: str,
) -> None:
    name = KNOWN[code]
    bare = re.sub(r", (City|County) of$", "", name)
    number = next(number for number, ons in NUMBERS.items() if ons == code)
    spellings = {
        name, name.upper(), name.lower(), bare, name.replace(" and ", " & "), number,
        name.replace("-", " "), name.replace(" upon ", "-upon-"), name.replace(".", ""), code,
        code.lower(), f"{bare} Council", f"{bare} Borough Council", f"{bare} City Council",
        f"City of {bare}", f"London Borough of {bare}", f"{bare}, City of", f" {name} ",
        f"Metropolitan Borough of {bare}", f"{bare} (Pre LGR 2019)",
    }  # fmt: skip
    assert {area_code(spelling) for spelling in spellings} == {code}


def test_every_other_name_leads_to_an_area_there_is_and_hides_none() -> None:
    assert set(OTHER_CODES.values()) | set(OTHER_NAMES.values()) <= set(KNOWN)
    assert len({plain(name) for name in KNOWN.values()}) == len(KNOWN)
    mine = {plain(name): code for code, name in KNOWN.items()}
    assert all(mine.get(name, code) == code for name, code in OTHER_NAMES.items())
    assert not set(GONE) & (set(mine) | set(OTHER_CODES) | set(OTHER_NAMES) | set(NUMBERS))
    assert len(NUMBERS) == len(set(NUMBERS.values())) == 153


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("St Helens", "St. Helens"), ("Telford & Wrekin", "Telford and Wrekin"),
        ("BCP", "Bournemouth, Christchurch and Poole"), ("dorset", "Dorset"),
        ("838", "Dorset"), ("839", "Bournemouth, Christchurch and Poole"),
        ("Bournemouth & Poole", "Bournemouth, Christchurch and Poole"),
        ("Hull", "Kingston upon Hull, City of"), ("E08000038", "Barnsley"),
        ("E08000039", "Sheffield"), ("E08000016", "Barnsley"), ("E08000019", "Sheffield"),
        ("E10000002", "Buckinghamshire"), ("E08000020", "Gateshead"),
        ("Durham", "County Durham"), ("Nottingham City", "Nottingham"),
    ],
)  # fmt: skip
def test_names_and_codes_of_other_years_lead_to_the_area_of_today(given: str, name: str) -> None:
    assert KNOWN[area_code(given)] == name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Northamptonshire", "divided in 2021; name .* North Northamptonshire; West North"),
        ("909", "Cumbria, which was divided in 2023; name .* Cumberland; Westmorland and Furness"),
        (
            "e10000009",
            "Dorset with Christchurch, which was divided in 2019; name .* Dorset; Bournemouth, Ch",
        ),
        ("POOLE", "became part of Bournemouth, Christchurch and Poole in 2019; name that"),
        ("Bournemouth (Pre LG)", "became part of Bournemouth, Christchurch and Poole in 2019"),
        ("837", "It is Bournemouth, which became part of Bournemouth, Christchurch and Poole"),
        ("Cumbria County Council", "divided in 2023"),
        ("County of Avon", "divided in 1996"),
        ("City of London", "City of London is not simulated"),
        ("420", "Isles of Scilly is not simulated"),
        ("London", "London is a region; name its authorities"),
        ("Blackpol", "Did you mean 'Blackpool'"),
        ("Richmond", "Did you mean 'Richmond upon Thames'"),
        ("bath", "Did you mean 'Bath and North East Somerset'"),
        ("Hereford", "Did you mean 'Herefordshire, County of'"),
        ("Windsor", "Did you mean 'Windsor and Maidenhead'"),
        ("999", "Give names or codes"),
    ],
)
def test_what_is_no_one_area_is_refused_with_what_comes_near(given: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        area_code(given)


@pytest.mark.parametrize(
    "word",
    [
        "[Telford & Wrekin,Hull]", "[Kingston upon Hull, City of, Telford and Wrekin]",
        "[894,810]", "['Telford & Wrekin', \"Kingston upon Hull, City of\"]",
    ],
)  # fmt: skip
def test_a_list_on_the_command_line_needs_no_quotes(word: str) -> None:
    areas = compose("area_list_eia", [f"policy.targeting.areas={word}"]).policy.targeting.areas
    assert areas == ("E06000010", "E06000020")


def test_two_names_of_one_area_are_one() -> None:
    assert area_codes(["Hull", "810", "Leeds"], KNOWN) == (["E06000010", "E08000035"], [])


@pytest.mark.parametrize("old", OLD, ids=lambda old: f"{old.name}_{old.code or old.year}")
def test_an_authority_of_earlier_years_is_the_same_or_refused_with_what_it_became(old: Old) -> None:
    """Every row of the table: its codes, its number, and its name where nothing else has it."""
    assert old.source.startswith("The ") and " Order " in old.source
    assert set(old.became) <= set(KNOWN) and 1995 < old.year < 2026
    assert not set(old_keys(old)) & (set(KNOWN) | set(NUMBERS)), "a code of today"
    if old.how == SAME:
        assert [area_code(key) for key in (*old_keys(old), old.name)] == [old.became[0]] * (
            len(old_keys(old)) + 1
        )
        return
    assert (old.how, len(old.became) > 1) in ((DIVIDED, True), (PART, False))
    for key in (*old_keys(old), old.name, old.name.upper(), f"{old.name} (Pre LGR)"):
        with pytest.raises(BadRequest, match=str(old.year)) as refused:
            area_code(key)
        assert all(KNOWN[code] in str(refused.value) for code in old.became), key


def test_no_code_number_or_name_of_earlier_years_stands_for_two() -> None:
    keys = [key for old in OLD for key in old_keys(old)]
    assert len(keys) == len(set(keys))
    gone = [plain(old.name) for old in OLD if old.how != SAME]
    assert len(gone) == len(set(gone))


def test_a_number_that_is_no_area_is_told_once_and_as_such() -> None:
    with pytest.raises(BadRequest, match="'12' is not an area") as refused:
        compose("area_list_eia", ["policy.targeting.areas=[12]"])
    assert "things are wrong" not in str(refused.value)
