"""A table is a design; what is wrong with it is told with its line and its column."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import BadRequest
from sim.study.design import Row, cells
from sim.study.table import from_table

MONEY = "beliefs.money.return_per_thousand"
TINY = ("world=tiny", "years=2", "draws=0")


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


WANTED = (
    Row("baseline", 0, 0, ((MONEY, "0.008"),)),
    Row("flat", 0, 1, ((MONEY, "0.012"), ("seed", "7"))),
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",", ","),
        (",", ";"),
        (",", "\t"),
        ("\n", "\r\n"),
        ("\n", "\r"),
        ("\n", "\n\n,,,\n"),
        ("\n", ",,\n"),
        ("0,0.008", "0.0,0.008"),
        ("flat", '"flat"'),
        ("scenario", "\ufeffscenario"),
        ("scenario", "sep=,\nscenario"),
        (",seed", " , seed "),
    ],
)
def test_a_table_is_one_row_a_cell_however_it_was_saved(tmp_path: Path, old: str, new: str) -> None:
    text = f"scenario,replicate,{MONEY},seed\nbaseline,0,0.008,\nflat,1,0.012,7\n"
    found = from_table(table(tmp_path, text.replace(old, new)), TINY)
    assert found.rows == WANTED
    first, second = cells(found)
    assert (first.seed, second.seed) == (1, 7)
    assert second.beliefs.values.money.return_per_thousand == 0.012


def test_whole_numbers_may_have_a_point_and_noughts_as_pandas_writes_them(tmp_path: Path) -> None:
    text = f"scenario,seed,years,{MONEY}\nbaseline,7.0,2.00,0.010\nflat,,3.0,\n"
    found = from_table(table(tmp_path, text), ("world=tiny", "draws=0"))
    assert [dict(row.keys) for row in found.rows] == [
        {"seed": "7", "years": "2", MONEY: "0.010"},
        {"years": "3"},
    ]
    assert [cell.years for cell in cells(found)] == [2, 3]
    with pytest.raises(BadRequest, match="lines 2 and 3 are the same cell"):
        from_table(table(tmp_path, "scenario,seed\nflat,1\nflat,1.0\n"), TINY)


def test_what_a_rule_has_no_use_for_is_told_with_its_line(tmp_path: Path) -> None:
    text = "scenario,policy.funding.need_weight\nneed_weighted,1.5\nbaseline,1.5\n"
    with pytest.raises(BadRequest, match=r"table\.csv line 3, column policy\.funding\.need_weight"):
        cells(from_table(table(tmp_path, text), TINY))


HEAD = f"scenario,{MONEY},seed\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("replicate\n0\n", "no column 'scenario'"),
        ("Scenario,seed\nflat,1\n", "no column 'scenario' .Scenario, seed."),
        ("scenario,seed;years\nflat,1;2\n", "column 'seed;years'|'seed;years'|seed;years"),
        ("a;scenario,seed\n", "holds commas and semicolons"),
        ("scenario,replicate\nflat,0\nflat,0\n", "lines 2 and 3 are the same cell"),
        ("scenario,replicate\nflat,0\n,\nflat,0.0\n", "lines 2 and 4 are the same cell"),
        ("scenario,seed,seed\nflat,1,2\n", "two columns have the same name, 'seed'"),
        (",scenario\n0,flat\n", "column 1 has no name"),
        ("scenario\n", "holds no row"),
        ("", "is empty"),
        ("scenario,replicate\nflat,one\n", "line 2, column replicate: 'one'"),
        ("scenario,draw\nflat,1.5\n", "line 2, column draw: '1.5'"),
        ("scenario,draw\nflat,65536\n", "line 2, column draw: '65536'.*below 65,536"),
        (f"scenario,replicate\nflat,{'9' * 5000}\n", "line 2, column replicate: '9{40}'"),
        ("scenario,sed\nflat,1\n", "line 2, column sed: sed: no such key. Did you mean 'seed'"),
        ("scenario\nflat\nflatt\n", "line 3, column scenario: .*Did you mean 'flat'"),
        ("scenario,seed\nflat,1\n,2\n", "line 3, column scenario: is empty"),
        (f"{HEAD}flat,0.01,1\nflat,9,2\n", f"{MONEY} .*line 3, column {MONEY}.: .*outside"),
        (f"{HEAD}flat,0.01,1\nflat,0.01,many\n", "seed .*line 3, column seed.: 'many'"),
        ("scenario,policy.targeting.envelope_gbp\nflat,500,000,000\n",
         "line 2: 4 fields where the first line names 2.*separators of thousands"),
        (f"scenario;{MONEY}\nflat;0,01\n", f"line 2, column {MONEY}: '0,01' is several values"),
        (f"scenario,replicate,{MONEY}\nflat,0\n", "line 2: 2 fields where"),
        ("scenario,machine.threads\nflat,1\n", "'machine.threads' cannot be a column. Where"),
        ("scenario,machine.outputs\nflat,a\n", "'machine.outputs' cannot be a column"),
        ("scenario,draws\nflat,1\n", "'draws' cannot be a column.*in a column 'draw'"),
        ("scenario,replicates\nflat,1\n", "'replicates' cannot be a column"),
        ('scenario,seed\nflat,"1\n', "line 2: cannot be read as a row.*not closed"),
        ("scenario\nflat\n".encode("utf-16"), "written in UTF-16"),
        (b"scenario\nfl\xe4t\n", "line 2: is not written in UTF-8"),
        (b"PK\x03\x04..", "a workbook or an archive"),
        (b"scenario\x00\n", "is not text"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_says_where(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said) as refused:
        cells(from_table(table(tmp_path, text), TINY))
    assert "table.csv" in str(refused.value) and "command line" not in str(refused.value)


def test_thousands_of_faults_of_one_kind_are_not_all_listed(tmp_path: Path) -> None:
    text = "scenario,draw\n" + "".join(f"flat,x{n}\n" for n in range(3000))
    with pytest.raises(BadRequest, match=r"\.\.\. and 2980 more like these"):
        from_table(table(tmp_path, text), TINY)


@pytest.mark.parametrize("word", ["seed=1,2", "scenarios=baseline,flat", "seed=range(1,3)"])
def test_axes_beside_a_table_are_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(BadRequest, match="the table says what differs"):
        from_table(table(tmp_path, "scenario\nflat\n"), (*TINY, word))


def test_what_is_wrong_on_the_command_line_is_not_blamed_on_a_line(tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as refused:
        cells(from_table(table(tmp_path, "scenario\nflat\n"), ("world=tiny", "years=many")))
    assert "years (command line)" in str(refused.value) and "csv" not in str(refused.value)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be read as a table"):
        from_table(tmp_path / "none.csv", TINY)
