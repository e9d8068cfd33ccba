"""Sets of beliefs of one's own, and values outside a record's range."""

from pathlib import Path

import pytest

from sim.config import compose, digest
from sim.config.composing import files_behind
from sim.config.marks import marks
from sim.errors import BadRequest
from sim.show.belief_rows import belief_rows
from sim.study.cells import at

KEY = "beliefs.money.return_per_thousand"
FAR = 0.03  # its range ends at 0.025


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "mine.yaml") -> None:
    """Write a set of beliefs beside the scenarios."""
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text)


def value(*words: str) -> float:
    """Return what money is believed to do under some words."""
    found = compose("baseline", words).beliefs.values.money.return_per_thousand
    assert isinstance(found, float)
    return found


def test_a_file_of_ones_own_gives_only_what_differs() -> None:
    write("base: default\nmoney:\n  return_per_thousand: 0.012\n")
    for word in ("beliefs=./mine.yaml", "beliefs=mine.yaml", f"beliefs='{Path.cwd()}/mine.yaml'"):
        assert value(word) == 0.012
    mine, default = compose("flat", ["beliefs=mine.yaml"]), compose("flat")
    assert len(mine.beliefs) == len(default.beliefs)
    assert digest(mine) == digest(compose("flat", [f"{KEY}=0.012"])) != digest(default)


def test_a_file_may_stand_on_another_beside_it() -> None:
    write("base: default\nmoney: {return_per_thousand: {value: 0.012, source: me}}", "sets/a.yaml")
    write("base: ./a.yaml\nmoney: {use_sd: {strength: low}}", "sets/b.yml")
    assert value("beliefs=sets/b.yml") == 0.012
    names = {path.name for path in files_behind(["beliefs=sets/b.yml"])}
    assert {"a.yaml", "b.yml", "default.yaml", "baseline.yaml"} <= names


def test_a_changed_file_is_read_again() -> None:
    write("base: default\nmoney: {return_per_thousand: 0.012}")
    assert value("beliefs=mine.yaml") == 0.012
    write("base: default\nmoney: {return_per_thousand: 0.0125}")
    assert value("beliefs=mine.yaml") == 0.0125


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base: default\nmoney:\n  retrun: 1", r"mine\.yaml, line 3: money\.retrun: not a belief"),
        ("base: default\n\nmony: {a: 1}", r"mine\.yaml, line 3: mony: not a group of its base"),
        ("base: default\nmoney:\n  return_per_thousand: 0012", r"mine\.yaml, line 3\): '0012'"),
        ("base: default\nmoney:\n  return_per_thousand: ???", r"line 3: .*is missing"),
        ("base: default\nmoney:\n  return_per_thousand: [0.01]", r"line 3: .* is a list"),
        (f"base: default\nmoney:\n  return_per_thousand: {FAR}", r"line 3\).* outside its range"),
        ("base: defualt", "Did you mean 'default'"),
        ("base: ./mine.yaml", "round in a circle"),
        ("base: ./none.yaml", r"no file .*none\.yaml"),
        ("money: {}", "lacks .* Begin the file with 'base: default'"),
        ("- 1", "not keys with values"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(text: str, said: str) -> None:
    write(text)
    with pytest.raises(BadRequest, match=said):
        compose("baseline", ["beliefs=mine.yaml"])


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(BadRequest, match=r"no file '.*gone\.yaml'"):
        compose("baseline", ["beliefs=./gone.yaml"])


@pytest.mark.parametrize("words", [[f"{KEY}={FAR}"], ["beliefs=mine.yaml"]])
def test_a_value_outside_its_range_is_allowed_only_by_name_and_is_marked(words: list[str]) -> None:
    write(f"base: default\nmoney: {{return_per_thousand: {FAR}}}")
    with pytest.raises(BadRequest, match=r"outside its range 0\.004 to 0\.025; .*--outside-range"):
        compose("baseline", words)
    settings = compose("baseline", [*words, "machine.outside_range=true"])
    assert settings.beliefs.outside == ("money.return_per_thousand",)
    assert compose("baseline", ["machine.outside_range=true"]).beliefs.outside == ()


def test_a_value_outside_its_range_is_the_same_in_every_draw() -> None:
    beliefs = compose("baseline", [f"{KEY}={FAR}", "machine.outside_range=true"]).beliefs
    for draw in range(1, 6):
        drawn = beliefs.drawn(draw, seed=1)
        assert drawn.values.money.return_per_thousand == FAR
        assert drawn.outside == beliefs.outside
        assert drawn.values.money.use_sd != beliefs.values.money.use_sd


def test_a_value_given_by_itself_holds_in_every_draw_and_all_others_vary() -> None:
    given, central = (compose("baseline", words).beliefs for words in ([f"{KEY}=0.012"], []))
    for draw in range(9):
        mine, other = (beliefs.drawn(draw, seed=1).values for beliefs in (given, central))
        assert mine.money.return_per_thousand == 0.012
        assert mine.money.use_sd == other.money.use_sd, "drawn as without it"
    assert central.drawn(1, 1).values.money.return_per_thousand != 0.01


def test_a_value_given_with_a_range_or_in_a_file_is_the_centre_of_what_is_drawn() -> None:
    ends = (f"{KEY}.low=0.010", f"{KEY}.high=0.014")
    write("base: default\nmoney: {return_per_thousand: 0.012}")
    write("base: default\nmoney: {return_per_thousand: {value: 0.012, held: true}}", "held.yaml")
    ranged, in_file, held = (
        compose("baseline", words).beliefs
        for words in ((f"{KEY}=0.012", *ends), ("beliefs=mine.yaml",), ("beliefs=held.yaml",))
    )
    drawn = [b.drawn(3, seed=1).values.money.return_per_thousand for b in (ranged, in_file, held)]
    assert 0.010 <= drawn[0] <= 0.014 and len({0.012, *drawn[:2]}) == 3
    assert drawn[2] == 0.012
    own = belief_rows([{"name": KEY, **compose("flat", [f"{KEY}=0.012"]).beliefs.records["money"]
                        ["return_per_thousand"].model_dump()}])  # fmt: skip
    assert own[0]["range"] == "held in every draw"


def test_what_is_held_changes_no_central_cell() -> None:
    for draw in (0, 1):
        held, other = (
            at(compose("flat", words), draw, 0)
            for words in ([f"{KEY}=0.01"], [])  # its own value
        )
        assert (digest(held) == digest(other)) == (draw == 0)


def test_to_allow_it_changes_no_result_and_no_other_law() -> None:
    assert digest(compose("flat", ["machine.outside_range=true"])) == digest(compose("flat"))
    for wrong in ("inf", "[0.01]", "'x'"):
        with pytest.raises(BadRequest):
            compose("flat", [f"{KEY}={wrong}", "machine.outside_range=true"])
    with pytest.raises(BadRequest, match="is above high"):
        compose("flat", [f"{KEY}.low=1", "machine.outside_range=true"])


def test_marks_are_sentences() -> None:
    assert marks({}) == marks({"outside_range": []}) == ()
    assert marks({"outside_range": ["a.b", "c.d"]}) == marks({"outside_range": "a.b, c.d"})
    assert marks({"outside_range": "a.b"}) == ("Belief set outside its own range: a.b.",)
