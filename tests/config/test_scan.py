"""Raw YAML is looked at before any library resolves or runs what it says."""

from pathlib import Path

import pytest

from sim.config.scan import read_yaml, unsafe


def written(folder: Path, text: str) -> Path:
    """Write a YAML file and return its path."""
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "a: {_target_: os.system}",
        "a: [{_target_: os.system}]",
        "_target_: os.system",
        "a: {_partial_: true}",
        "a: ${oc.env:HOME}",
        "a: before ${oc.env:HOME} after",
        "a: [1, {b: '${other.key}'}]",
        "${oc.env:HOME}: 1",
    ],
)
def test_a_file_that_does_more_than_state_values_is_not_used(tmp_path: Path, text: str) -> None:
    content, problems = read_yaml(written(tmp_path, text))
    assert content == {}
    assert problems
    assert "file.yaml" in problems[0]
    assert "not allowed" in problems[0]


def test_the_secret_itself_is_never_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACEMATTERS_SECRET", "hush")
    _, problems = read_yaml(written(tmp_path, "a: ${oc.env:PLACEMATTERS_SECRET}"))
    assert "hush" not in problems[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "cannot be read as YAML"),
        ("a: 1\na: 2", "the key 'a' is written twice"),
        ("- 1\n- 2", "holds list, not keys with values"),
        ("!!python/object/apply:os.system ['true']", "cannot be read as YAML"),
    ],
)
def test_a_file_that_is_not_plain_keys_and_values_is_named(
    tmp_path: Path, text: str, said: str
) -> None:
    content, problems = read_yaml(written(tmp_path, text))
    assert content == {}
    assert said in problems[0]


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    assert "cannot be read" in read_yaml(tmp_path / "none.yaml")[1][0]
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: café".encode("latin-1"))
    assert "cannot be read" in read_yaml(path)[1][0]


def test_numbers_and_words_are_what_people_expect(tmp_path: Path) -> None:
    text = "a: 1e9\nb: 1.5E-3\non: no\nc: true\nd: -.5e+1\ne: null\nf: E06000009"
    content, problems = read_yaml(written(tmp_path, text))
    assert problems == []
    assert content == {
        "a": 1e9,
        "b": 1.5e-3,
        "on": "no",
        "c": True,
        "d": -5.0,
        "e": None,
        "f": "E06000009",
    }


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, "# only a comment\n")) == ({}, [])


def test_plain_values_are_safe() -> None:
    assert list(unsafe({"a": [1, None, "x $ y {z}", {"_private": 2}]})) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: {{ arm }}", 2, "template that was not filled in"),
        ("a: 1\n[1, 2]: 3", 2, "a list cannot be a key"),
        ("a: 1\nb: '{{ arm }}'", 2, "write the value itself"),
        ("a: 1\nb:\n- {% if x %}", 3, "cannot be read as YAML"),
        ("a: 1\nb: <<envelope>>", 2, "write the value itself"),
        ("a: 1\nb:\n  c: ???", 3, "stands for a value that is missing"),
        ("a: 1\nb: {c: ???}", 2, "'???' stands for a value that is missing"),
        ("a: 1\nb: [???, 2]", 2, "'???' stands for a value that is missing"),
        ("a: 1\nb: [{{ c }}", 3, "'{{ c }}' stands for a value that is missing"),
        ("a: 1\nb: !!int '0500'", 2, "the tag"),
        ("a: 1\nb: !!timestamp 2025-01-01", 2, "the tag"),
        ("a: 1\nb: " + "9" * 5000, 2, "too many for a number"),
        ("a: &a [*a]", 1, "aliases within aliases"),
        ("a: " + "[" * 60 + "]" * 60, None, "nested too deep"),
        ("a: " + "[" * 200_000, None, "nest"),
        ("a: " + "{b: " * 200_000, None, "nest"),
        ("# " + "x" * 1_000_001, None, "more than 1,000,000 bytes"),
    ],
    ids=lambda given: str(given)[:20],
)
def test_what_stands_in_a_file_by_mistake_is_named_with_its_line(
    tmp_path: Path, text: str, line: int | None, said: str
) -> None:
    content, problems = read_yaml(written(tmp_path, text))
    assert content == {}
    assert said in problems[0]
    assert line is None or f"line {line}" in problems[0]
    assert len(problems[0]) < 400


def test_aliases_within_aliases_are_refused_at_once(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    content, problems = read_yaml(written(tmp_path, bomb))
    assert content == {}
    assert "aliases within aliases" in problems[0]


def test_keys_taken_from_elsewhere_are_laid_under_ones_own(tmp_path: Path) -> None:
    text = "base: &base {a: 1, b: 2}\nmine: {<<: *base, b: 3}\nlist: [*base]"
    assert read_yaml(written(tmp_path, text))[0] == {
        "base": {"a": 1, "b": 2},
        "mine": {"a": 1, "b": 3},
        "list": [{"a": 1, "b": 2}],
    }


def test_windows_line_ends_and_a_byte_order_mark_change_no_line_number(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes("\ufeffa: 1\r\nb: ???\r\n".encode())
    assert "line 2" in read_yaml(path)[1][0]
