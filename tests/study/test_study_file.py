"""A study file is a design; what is wrong with it is told with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.config import compose
from sim.errors import BadRequest
from sim.study.design import Design, cells
from sim.study.study_file import (
    Sampling,
    from_beliefs,
    known_studies,
    read_study,
    study_path,
)

MONEY = "beliefs.money.return_per_thousand"
TINY = ("world=tiny", "years=2", "draws=0")


def ours(name: str, *words: str) -> Design:
    path = study_path(name)
    assert path is not None
    return read_study(path, words)


def written(folder: Path, *lines: str) -> Path:
    """A study of two scenarios in a tiny world: four lines, then those given."""
    path = folder / "mine.yaml"
    head = ["title: Mine", "scenarios:", "  - baseline", "  - flat",
            "settings: {world: tiny, years: 2}"]  # fmt: skip
    path.write_text("\n".join([*head, *lines]) + "\n")
    return path


def keys_of(design: Design) -> list[dict[str, str]]:
    return [dict(keys) for keys in dict.fromkeys(row.keys for row in design.rows)]


@pytest.mark.parametrize("name", known_studies())
def test_every_study_file_is_sound(name: str) -> None:
    found = ours(name, "years=2")
    assert len(cells(found)) == len(found.rows) > 1


@pytest.mark.parametrize("vary", ["sobol", "latin_hypercube"])
def test_sampled_points_have_one_in_each_slice_of_a_belief(tmp_path: Path, vary: str) -> None:
    lines = (
        f"vary: {vary}",
        "points: 16",
        f"over: {{{MONEY}: range, beliefs.money.use_sd: range}}",
    )
    points = keys_of(read_study(written(tmp_path, *lines), []))
    values = np.sort([float(keys[MONEY]) for keys in points])
    belief = compose("baseline", ["world=tiny"]).beliefs.records["money"]["return_per_thousand"]
    edges = [belief.at_quantile(max(n / 16, 1e-9)).value for n in range(16)]
    assert (np.searchsorted(edges, values, side="right") == np.arange(1, 17)).all()


@pytest.mark.parametrize(("vary", "points"), [("sobol", 8), ("latin_hypercube", 12)])
def test_a_study_of_twice_the_points_keeps_those_there_are(
    tmp_path: Path, vary: str, points: int
) -> None:
    def rows(many: int) -> Design:
        line = f"over: {{{MONEY}: range, policy.targeting.mix: [0, 0.5]}}"
        return read_study(written(tmp_path, f"vary: {vary}", f"points: {many}", line), [])

    few, more = rows(points), rows(2 * points)
    assert set(few.rows) < set(more.rows)
    assert len(more.rows) == 2 * len(few.rows) == 2 * points * 2


def test_a_group_of_beliefs_and_a_kind_are_varied_at_once(tmp_path: Path) -> None:
    beliefs = compose("baseline").beliefs.records
    lines = "vary: sobol", "points: 2", "over:"
    found = keys_of(read_study(written(tmp_path, *lines, "  beliefs.money: range"), []))[0]
    assert set(found) == {
        f"beliefs.money.{name}" for name, one in beliefs["money"].items()
        if one.distribution != "fixed"
    }  # fmt: skip
    path = written(tmp_path, *lines, "  beliefs[kind=response]: range", f"  {MONEY}: [0.01, 0.011]")
    design = read_study(path, [])
    found = keys_of(design)[0]
    assert set(found) == {
        f"beliefs.{group}.{name}" for group, named in beliefs.items()
        for name, one in named.items() if one.kind == "response" and one.distribution != "fixed"
    }  # fmt: skip
    assert 0.01 < float(found[MONEY]) < 0.011
    assert len(cells(design)) == 4


def test_values_mean_what_they_mean_on_the_command_line(tmp_path: Path) -> None:
    lines = [
        "over:",
        "  policy.funding.floor: [null, -0.01]",
        "  switches.peers: [true, false]",
        "  policy.targeting.envelope_gbp: [1e9, 500_000_000]",
        "  policy.targeting.areas: [[Blackpool, 'Bristol, City of'], opportunity_areas]",
    ]
    design = read_study(written(tmp_path, *lines), ["world=england"])
    assert dict(design.axes) == {
        "policy.funding.floor": ("null", "-0.01"),
        "switches.peers": ("true", "false"),
        "policy.targeting.envelope_gbp": ("1000000000.0", "500000000"),
        "policy.targeting.areas": ("[Blackpool,'Bristol, City of']", "opportunity_areas"),
    }
    made = cells(design)
    assert {cell.policy.funding.floor for cell in made} == {None, -0.01}
    assert {cell.policy.targeting.envelope_gbp for cell in made} == {1e9, 5e8}
    assert {len(cell.policy.targeting.areas) for cell in made} == {2, len("opportunity_areas")}


def test_the_command_line_goes_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "replicates: 2", "over: {seed: [1, 2], years: [1, 2]}")
    found = read_study(path, ["seed=3,4,5", "scenarios=flat", "replicates=1", "past=6,7"])
    assert found.scenarios == ("flat",)
    assert len(found.rows) == 3 * 2 * 2
    assert dict(found.axes)["seed"] == ("3", "4", "5")
    found = read_study(path, ["seed=7", "draws=1"])
    assert {cell.seed for cell in cells(found)} == {7}
    assert len(found.rows) == 2 * 2 * 3
    assert len(ours("money_in_doubt", "scenarios=baseline,flat").rows) == 2 * 16 * 2
    assert "seed" not in dict(found.axes)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["vary: latin_hypercube", "points: 4"], "line 6: vary: latin_hypercube samples"),
        (["over: {}", "vary: sobol", "points: 4"], "line 7: vary: sobol samples"),
        (["vary: sobol", "over: {beliefs.money: range}"], "line 6: .*needs points"),
        (["vary: sobol", "points: 12", "over: {beliefs.money: range}"], "line 7: .*8 or 16"),
        (["over:", "  years: []"], "line 7: years: no value at all"),
        (["over:", "  seed: [1, 2]", "  years: [2, 2]"], "line 8: years: a value is given twice"),
        (["over: {policy.funding.floor: [0, -0.0]}"], "line 6: .*given twice"),
        (["points: 4", "over: {seed: [1, 2]}"], "line 6: points has no meaning with vary"),
        (["over:", f"  {MONEY}: range"], "line 7: .*Write vary: sobol"),
        (["ovr: {seed: [1, 2]}"], "ovr .*line 6.: no such key. Did you mean 'over'"),
        (["over: [1, 2]"], "line 6.: .1, 2. is not a set of keys"),
        (["vary: lhs"], "line 6.: 'lhs' is not one of product"),
        (["replicates: many"], "replicates .*line 6.: 'many' is not allowed"),
        (["over:", "  draws: [1, 2]"], "line 7: draws cannot be an axis"),
        (["over:", "  machine.threads: [1, 2]"], "line 7: machine.threads cannot be an axis"),
        (["over:", "  scenarios: [baseline]"], "line 7: scenarios cannot be an axis"),
        (["over:", "  sed: [1, 2]"], "line 7: sed: no such key. Did you mean 'seed'"),
        (["over:", "  seed: [1,", "   many]"], "seed .*line 7.: 'many' is not allowed"),
        (["over:", f"  {MONEY}: [0.01, 9]"], "line 7.: .*outside its range"),
        (["vary: sobol", "points: 2", "over:", "  seed: range"], "line 9: seed: not a belief"),
        (["vary: sobol", "points: 2", "over:", "  beliefs.mony: range"], "line 9: .*'money'"),
        (["vary: sobol", "points: 2", "over:", "  beliefs[kind=respons]: range"],
         "line 9: .*'response'"),
        (["vary: sobol", "points: 2", "over:", f"  {MONEY}: [0.02, 0.01]"], "lower end first"),
        (["vary: sobol", "points: 2", "over:", f"  {MONEY}: [0.01]"], "line 9: .*LOW, HIGH"),
    ],
)  # fmt: skip
def test_a_study_file_that_is_wrong_says_where(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(BadRequest, match=said) as refused:
        cells(read_study(written(tmp_path, *lines), []))
    assert "mine.yaml" in str(refused.value) and "command line" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- flat", "- flatt", "line 4: scenario 'flatt' is not known. Did you mean 'flat'"),
        ("- flat", "- baseline", "line 4: scenario 'baseline' is named twice"),
        ("- flat", "- 7", "line 4: scenario '7' is not known"),
        ("years: 2", "years: many", "years .*line 5.: 'many' is not allowed"),
        ("years: 2", "yers: 2", "line 5: yers: no such key. Did you mean 'years'"),
        ("years: 2", "draws: 2", "line 5: draws does not stand under settings"),
    ],
)
def test_names_and_settings_of_a_file_say_where(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(BadRequest, match=said):
        cells(read_study(path, []))


def test_headings_without_content_and_one_name_mean_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\nscenarios: flat\nover:\nsettings:\n")
    assert [row.scenario for row in read_study(path, []).rows] == ["flat"]
    for wrong in ("[]", "true", "[flat, [a]]", "{a: 1}"):
        path.write_text(f"title: T\nscenarios: {wrong}\n")
        with pytest.raises(BadRequest, match=r"line 2\): .* is not a list of scenarios"):
            read_study(path, [])


def test_what_is_wrong_on_the_command_line_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"years \(command line\)"):
        cells(read_study(written(tmp_path), ["years=many"]))
    with pytest.raises(BadRequest, match=r"^scenario 'flatt' is not known"):
        cells(read_study(written(tmp_path), ["scenarios=flatt"]))


def test_beliefs_are_varied_from_the_command_line(tmp_path: Path) -> None:
    words = ("world=tiny", "years=1", "scenarios=baseline,flat")
    found = from_beliefs(words, ["baseline"], Sampling(("kind=response",)))
    assert len(found.rows) == 2 * 16
    assert all(row.draw == row.replicate == 0 for row in found.rows)
    beliefs = compose("baseline").beliefs.records
    assert {key.split(".")[1] for key in found.axes} <= set(beliefs)
    few = from_beliefs(words, ["baseline"], Sampling(("money", "plans.habit_sd"), 8))
    more = from_beliefs(
        (*words, "seed=1,2"), ["baseline"], Sampling(("money", "plans.habit_sd"), 8)
    )
    assert {*few.axes, "seed"} == set(more.axes) and len(more.rows) == 2 * len(few.rows)
    one = from_beliefs(words, ["baseline"], Sampling(("money.use_sd",), 6, "latin_hypercube"))
    assert len(keys_of(one)) == 6


def test_a_study_file_takes_more_points_and_more_beliefs(tmp_path: Path) -> None:
    path = study_path("money_in_doubt")
    assert path is not None
    few, more = read_study(path, []), read_study(path, [], Sampling(points=32))
    assert set(few.rows) < set(more.rows) and len(more.rows) == 2 * len(few.rows)
    assert few.settings == more.settings
    wider = read_study(path, [], Sampling(("recruitment",)))
    assert set(few.axes) < set(wider.axes)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Sampling(("mony",)), "--vary: beliefs.mony: no such group of beliefs. Did you .*'money'"),
        (Sampling(("money.use_s",)), "no such belief. Did you mean 'use_sd'"),
        (Sampling(("kind=respons",)), "no such kind. Did you mean 'response'"),
        (Sampling(("sort=response",)), "not chosen by 'sort'"),
        (Sampling(("money",), 12), "--points: sobol with 12 points"),
        (Sampling(points=8), "nothing is varied"),
    ],
)
def test_what_cannot_be_varied_is_refused(asked: Sampling, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        from_beliefs(TINY, ["baseline"], asked)


def test_points_of_a_file_that_multiplies_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "over: {seed: [1, 2]}")
    with pytest.raises(BadRequest, match=r"mine\.yaml: runs every value with every other"):
        read_study(path, [], Sampling(("money",)))


def test_a_file_of_ones_own_is_a_study_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nscenarios: [baseline, flat]\nover: {seed: [1, 2]}\n")
    assert study_path(str(path)) == path
    found = read_study(path, TINY)
    assert [(row.scenario, row.keys) for row in found.rows] == [
        (scenario, (("seed", seed),)) for seed in "12" for scenario in ("baseline", "flat")
    ]
    path.write_text(path.read_text().replace("[1, 2]", "[1, 3]"))
    assert read_study(path, TINY).source != found.source


def test_a_name_that_is_no_file_is_none() -> None:
    assert study_path("mine") is None


def test_a_home_in_quotes_is_a_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert study_path("~/mine.yaml") == tmp_path / "mine.yaml"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "over: {3: [1]}",
            r"line 6: over: '3' is not the key of a setting, such as seed.* in brackets",
        ),
        ("over: {1.5: [1]}", r"line 6: over: '1.5' is not the key"),
        (
            "over: {years: range(1,4)}",
            r"line 6: over: '4\)' is not the key .* in brackets or quotes",
        ),
        ("over: {years: 1, 2}", r"line 6: over: '2' is not the key"),
        (
            "over: {years: 1..4}",
            r"line 6: years: '1\.\.4' is no value and no list of them\. Name values under over",
        ),
        ("over: {years: 1-4}", r"line 6: years: '1-4' is no value"),
        ("over: {years: 1 to 4}", r"line 6: years: '1 to 4' is no value"),
        ("over: {years: 'range 1 4'}", r"line 6: years: 'range 1 4' is no value"),
        ("over: {years: 'range(1,4,0)'}", r"line 6: years=range\(1,4,0\): no such range"),
        ("over: {seed: [1..3, 7]}", r"line 6: seed: '1\.\.3' is no value and no list"),
        ("over: {'policy funding': [1]}", r"over: 'policy funding' is not the key"),
    ],
)
def test_what_is_no_key_and_no_list_is_told_once_and_in_words(
    tmp_path: Path, line: str, said: str
) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        cells(read_study(written(tmp_path, line), []))
    assert "cannot be read" not in str(caught.value)


@pytest.mark.parametrize("value", ["1..3", "'range(1,3)'", "2-4"])
def test_a_setting_that_is_to_differ_belongs_under_over(tmp_path: Path, value: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: T\nscenarios: flat\nsettings: {{years: {value}}}\n")
    with pytest.raises(BadRequest, match=r"mine\.yaml, line 3: years: .* under over"):
        read_study(path, [])


def test_values_are_named_as_on_the_command_line(tmp_path: Path) -> None:
    found = read_study(written(tmp_path, "over:", "  seed: range(1,4)", "  past: choice(6,7)"), [])
    assert dict(found.axes) == {"seed": ("1", "2", "3"), "past": ("6", "7")}


def test_what_a_rule_has_no_use_for_is_told_with_the_line_of_the_file(tmp_path: Path) -> None:
    line = "over: {policy.funding.need_weight: [1.5]}"
    with pytest.raises(BadRequest, match=r"mine\.yaml, line 6: Scenario baseline: policy"):
        cells(read_study(written(tmp_path, line), []))
