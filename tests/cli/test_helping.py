"""Ways to ask for help, options that are nearly right, and tables on a narrow terminal."""

from typing import Any

import pytest

from sim.cli import COMMANDS
from sim.cli.columns import print_table


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_the_commands(
    sim: Any, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = sim("help", command)
    assert done.status == 0
    with pytest.raises(SystemExit):
        sim(command, "--help")
    assert done.out == capsys.readouterr().out
    assert done.out.startswith(f"usage: sim {command}")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("wide", [60, 80, 120])
def test_help_fits_the_terminal(
    sim: Any, monkeypatch: pytest.MonkeyPatch, command: str, wide: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    said = sim("help", command).out
    said, _, examples = said.partition("\nexample:\n")
    assert examples
    assert max(map(len, said.splitlines())) <= wide


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("help", "compar"), "Did you mean 'compare'"),
        (("compare", "help"), "write sim help compare"),
        (("list", "help"), "write sim help list"),
        (("--jsn", "list"), "option '--jsn' is not known. Did you mean '--json'?"),
        (("--verson",), "Did you mean '--version'"),
        (("compare", "flat", "--nmae", "x"), "Did you mean '--name'"),
        (("compare", "flat", "--bugdet=3"), "Did you mean '--budget'"),
        (("sweep", "mine", "--dryrun"), "Did you mean '--dry-run'"),
        (("run", "flat", "--jsno"), "Did you mean '--json'"),
    ],
)
def test_what_is_nearly_right_is_refused_with_what_is_meant(
    sim: Any, words: Any, said: str
) -> None:
    done = sim(*words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err


COLUMNS = {
    "three": ("name", "kind", "title"),
    "eight": ("name", "code", "region", "stands_for", "schools", "pupils", "fsm", "fifth"),
}
WORDS = "Yorkshire and The Humber, and all that lies beside it"


@pytest.mark.parametrize("columns", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("wide", [40, 60, 80, 120])
def test_no_line_of_a_table_is_wider_than_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: Any, wide: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    row = {column: WORDS[: 24 + len(column)] for column in columns} | {"name": "Bournemouth"}
    print_table([row, {**row, "name": "another"}], columns)
    lines = capsys.readouterr().out.splitlines()
    if wide >= 20 + 10 * (len(columns) - 2):
        assert max(map(len, lines)) <= wide
    starts = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert starts == ["name", "Bournemouth", "another"]


TOPICS = ["scenarios", "rules", "rates", "clauses", "metrics", "beliefs", "worlds", "base_years",
          "areas", "claims"]  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("wide", [60, 80, 97])
def test_every_list_fits_on_a_narrow_terminal(
    sim: Any, monkeypatch: pytest.MonkeyPatch, topic: str, wide: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    assert max(map(len, sim("list", topic).out.splitlines())) <= wide


def test_words_of_a_long_first_column_are_wrapped_and_numbers_stay_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    row = {"measure": WORDS, "all": "1,234.56", "poor": "not reached", "other": "not reached",
           "unit": "GBP a year per need-weighted pupil, 2024-25 prices"}  # fmt: skip
    print_table([row], list(row))
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("not reached") == 2
    assert all(word in out for word in WORDS.split())
