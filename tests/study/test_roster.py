"""Schools and areas of a world by number and name, and refusals before a year is lived."""

from typing import Any

import pytest

import sim.api
from sim.config import compose
from sim.errors import BadRequest
from sim.model import SchoolsModel
from sim.study import pounds, roster

TINY = compose("baseline", ["world=tiny", "years=1"])


@pytest.fixture(scope="module")
def schools() -> list[dict[str, object]]:
    return roster.schools(TINY)


def test_schools_are_numbered_from_1_in_the_order_of_the_world(
    schools: list[dict[str, object]],
) -> None:
    assert [school["name"] for school in schools] == [str(n + 1) for n in range(len(schools))]
    for row in (0, 6, 150, 200, len(schools) - 1):
        assert roster.row_of_school(TINY, row + 1) == row
        assert roster.title_of_school(TINY, row) == schools[row]["title"]


def test_the_numbers_are_those_of_the_rows_of_a_run(schools: list[dict[str, object]]) -> None:
    model = SchoolsModel(TINY)
    try:
        assert [school["school"] for school in schools] == model.world.schools.id.tolist()
        assert [school["phase"] == "secondary" for school in schools] == (
            model.world.schools.phase == 1
        ).tolist()
    finally:
        model.close()


def test_one_area_has_its_schools_only(schools: list[dict[str, object]]) -> None:
    mine = [school for school in schools if school["area"] == "Hackney"]
    assert mine == roster.schools(TINY, "hackney")
    hackney = next(area for area in roster.areas(TINY) if area["name"] == "Hackney")
    assert len(mine) == hackney["schools"]
    assert all(0 < float(str(school["fsm"])) < 1 for school in mine)


@pytest.mark.parametrize("world", ["tiny", "tenth", "england"])
def test_every_world_has_areas_and_numbers_from_1(world: str) -> None:
    settings = compose("baseline", [f"world={world}"])
    areas = roster.areas(settings)
    count = sum(area["schools"] for area in areas)
    assert roster.row_of_school(settings, 1) == 0
    assert roster.row_of_school(settings, count) == count - 1
    for number in (0, count + 1, 10**11):
        with pytest.raises(BadRequest, match=rf"No school {number} in world={world}.*1 to"):
            roster.row_of_school(settings, number)


@pytest.mark.parametrize(
    ("name", "row"), [("blackpool", 0), ("e06000009", 0), ("HEREFORDSHIRE", 1), ("E09000012", 3)]
)
def test_an_area_is_found_in_any_case_by_name_or_code(name: str, row: int) -> None:
    assert roster.row_of_area(TINY, name) == row


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sim.api.explain_school(99_999, "baseline", "world=tiny"), "numbered 1 to 274"),
        (lambda: sim.api.explain_area("Leeds", "flat", "world=tiny"), "Leeds is not in world=tiny"),
        (lambda: sim.api.explain_area("Blackpol", "flat", "world=tiny"), "Did you mean 'Blackp"),
        (lambda: sim.api.explain_area("Hackney", "flat", "world=tiny", year=99), "Year 99 is not"),
    ],
)
def test_what_is_not_there_is_refused_before_a_year_is_lived(
    monkeypatch: pytest.MonkeyPatch, call: object, said: str
) -> None:
    monkeypatch.setattr(pounds, "SchoolsModel", None)
    with pytest.raises(BadRequest, match=said):
        call()  # type: ignore[operator]


def test_the_example_of_the_help_adds_up_to_the_grant() -> None:
    lines = sim.api.explain_school(7, "baseline", "world=tiny", "years=1")
    assert {line["clause"] for line in lines} >= {"basic", "lump", "premium"}
    area = sim.api.explain_area("e06000009", "baseline", "world=tiny", "years=1")
    mine, whole = (sum(line["pence"] for line in found) for found in (lines, area))
    assert 0 < 10 * mine < whole


def test_explaining_pounds_marks_a_dose_that_no_study_has_seen() -> None:
    where = ("world=tiny", "years=1", "policy.targeting.areas=[Blackpool]")
    for dose, marked in ((1_000, False), (6_000, True)):
        words = (*where, f"policy.targeting.dose_gbp={dose}")
        found: Any = sim.api.explain_area("Blackpool", "area_list_eia", *words)
        assert any("outside the evidence" in note for note in found.notes) == marked
        assert sum(line["pence"] for line in found) > 0
