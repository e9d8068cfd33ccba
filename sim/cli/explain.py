"""``sim explain``: one school's or one area's pounds, clause by clause."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import api
from sim.cli.common import Parser, print_json, setting_words, split, wrap
from sim.cli.progress import Progress
from sim.cli.workings import Row, csv_of, rows_of, table_of
from sim.errors import BadRequest, did_you_mean
from sim.tabulate.clauses import in_words

if TYPE_CHECKING:
    from sim.config.models import Settings

__all__ = ["main"]

_KINDS = ("school", "area")
_PICTURES = (".png", ".svg")
_LONGEST_NAME = 16  # characters of a policy's name at the head of a column
_WIDE = 140  # characters of a line where no terminal says otherwise
_LEAST_WORDS = 12  # characters below which plain words are left out
_COUNTED = "on roll the year before"
_NUMBER = re.compile(r"[0-9]{1,12}")


def main(words: list[str]) -> int:
    """Print where every penny of a school or an area comes from; return the exit status."""
    parser = Parser(
        "explain",
        "Where every penny of one school or one area comes from, clause by clause, and count x\n"
        "rate x area cost = pounds. Under a policy also what changed against the baseline, or\n"
        "against the first of two policies; sim list clauses says what each pays for.\n"
        "A school is given by its number in the world, from 1 (sim list schools world=tiny), an\n"
        "area by name or code, in any case (sim list areas).",
        "sim explain area Blackpool gap_triggered world=tiny\n  sim explain school 7 world=tiny\n"
        "  sim explain school 7 flat need_weighted world=tiny years=1 --csv school_7.csv "
        "--picture school_7.png",
    )
    parser.add_argument("kind", metavar="school|area", type=str.casefold)
    parser.add_argument("which", metavar="WHICH", help="number of the school; name of the area")
    parser.add_argument("words", nargs="*", metavar="[[BESIDE] SCENARIO] [key=value ...]")
    parser.add_argument("--year", type=int, metavar="N", help="policy year (the last)")
    parser.add_argument("--csv", metavar="FILE", help="write all lines and their workings there")
    parser.add_argument(
        "--picture", metavar="FILE", help="draw the pounds step by step there (.png or .svg)"
    )
    parser.add_scenarios_folder()
    given = parser.parse_intermixed_args(words)
    if given.kind not in _KINDS:
        raise BadRequest(f"sim explain {given.kind}: not there. {did_you_mean(given.kind, _KINDS)}")
    names, settings = split(given.words)
    if len(names) > 2:
        raise BadRequest(
            f"sim explain takes a scenario, or two to stand side by side, not {len(names)}: "
            f"{', '.join(names)}."
        )
    beside, scenario = ("baseline", "baseline", *names)[-2:]
    asked = setting_words(settings, given.scenarios)
    _refuse_files(given.csv, given.picture)
    from sim.study.pounds import settled

    for name in (beside, scenario):  # what cannot be is refused before anything is said
        settings_of, _ = settled(name, asked, given.year)
    heading = _heading(given, scenario, asked)
    with Progress(quiet=given.json) as progress:
        progress.say(f"simulating the years of {scenario}{_and_beside(scenario, beside)}")
        lines = _explain(given, scenario, asked, beside)
    sides, pupils = _sides(lines, scenario, beside)
    written = _written(given, csv_of(sides, pupils), lines, (heading, scenario, beside))
    if given.json:
        print_json(lines)
    else:
        print(f"{heading}\n")
        _print_pounds(lines, _year(settings_of, given.year), beside)
        _print_workings(sides)
        if written:
            print(f"\nWritten to {' and '.join(written)}.")
    for note in getattr(lines, "notes", ()):
        told = wrap(f"Note: {note}.")
        print(f"\n{told}", file=sys.stderr if given.json else sys.stdout)
    return 0


def _refuse_files(table: str | None, picture: str | None) -> None:
    """Refuse files that could not be written, before anything is simulated."""
    asked = (("--csv", table, "a table", (".csv",)), ("--picture", picture, "a picture", _PICTURES))
    for option, name, what, endings in asked:
        if name is None:
            continue
        path = Path(name)
        if path.suffix not in endings:
            raise BadRequest(
                f"{option} {name}: {what} is written there. Give a file that ends in "
                f"{' or '.join(endings)}."
            )
        if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
            raise BadRequest(
                f"{option} {name}: cannot be written. Give a file in a folder that is there."
            )


def _written(
    given: argparse.Namespace,
    table: str,
    lines: list[dict[str, Any]],
    told: tuple[str, str, str],
) -> list[str]:
    """Write the files that were asked for, and return their names."""
    if given.csv is not None:
        Path(given.csv).write_text(table, encoding="utf-8")
    if given.picture is not None:
        from sim.show.waterfall_of_grant import draw

        heading, scenario, beside = told
        sides = {scenario: {str(line["clause"]): int(line["pence"]) for line in lines}}
        if any("baseline_pence" in line for line in lines):
            sides = {
                beside: {str(line["clause"]): int(line["baseline_pence"]) for line in lines},
                **sides,
            }
        whose, _, how = heading.partition(" under ")
        whose = whose.partition(" (")[0]
        picture = draw(
            sides,
            whose[:1].upper() + whose[1:],
            f"Under {how.replace(chr(10), '. ')}",
            Path(given.picture).suffix[1:],
        )
        Path(given.picture).write_bytes(picture)
    return [name for name in (given.csv, given.picture) if name is not None]


def _sides(
    lines: list[dict[str, Any]], scenario: str, beside: str
) -> tuple[dict[str, list[Row]], dict[str, int | None]]:
    """Return the worked out rows of one policy or two by name, and the pupils of each."""
    pupils, old = (getattr(lines, name, None) for name in ("pupils", "baseline_pupils"))
    if not any("baseline_pence" in line for line in lines):
        return {scenario: rows_of(lines)}, {scenario: pupils}
    sides = {beside: rows_of(lines, "baseline_"), scenario: rows_of(lines)}
    return sides, {beside: old, scenario: pupils}


def _print_workings(sides: dict[str, list[Row]]) -> None:
    """Print count x rate x area cost = pounds; rates are what was paid, after one was solved."""
    if not any(row.count is not None for rows in sides.values() for row in rows):
        return
    print("\nCount x rate x area cost = GBP; rates as paid, each product rounded to a penny.")
    table = table_of(sides)
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    if len(sides) == 1:
        print_columns(table, words=False)
    elif sum(widths) + 2 * len(widths) - 2 <= shutil.get_terminal_size((_WIDE, 24)).columns:
        a, b = sides
        print(f"A: {a}. B: {b}.")
        print_columns(table, words=False)
    else:
        for name, rows in sides.items():
            print(f"\n{name}")
            print_columns(table_of({name: rows}), words=False)


def _explain(
    given: argparse.Namespace, scenario: str, settings: list[str], beside: str
) -> list[dict[str, Any]]:
    more = {} if beside == "baseline" else {"against": beside}
    if given.kind == "area":
        return api.explain_area(given.which, scenario, *settings, year=given.year, **more)
    return api.explain_school(int(given.which), scenario, *settings, year=given.year, **more)


def _heading(given: argparse.Namespace, scenario: str, asked: list[str]) -> str:
    """Say whose pounds these are, in which world and year."""
    from sim.config import compose
    from sim.data.base_year import DEFAULT
    from sim.study import roster

    settings = compose(scenario, asked)
    if given.kind == "area":
        row = roster.row_of_area(settings, given.which)
        whose = f"area {roster.areas(settings)[row]['name']}"
    elif not _NUMBER.fullmatch(given.which):
        raise BadRequest(
            f"school {given.which!r} is not a number. Schools are numbered from 1 in every world: "
            f"give one such as 7. See: sim list schools."
        )
    else:
        row = roster.row_of_school(settings, int(given.which))
        whose = f"school {int(given.which)} ({roster.title_of_school(settings, row)})"
        whose += ", a stand-in for one at a place like this,"
    year = _year(settings, given.year)
    base = "" if settings.base_year == DEFAULT else f", base year {settings.base_year}"
    return (
        f"{whose} under {scenario}, world={settings.world.name}, policy year {year}{base}\n"
        f"One synthetic England (replicate {settings.replicate}), {_beliefs(settings.draw)}: a "
        "single run, without an interval."
    )


def _beliefs(draw: int) -> str:
    return f"draw {draw} of beliefs" if draw else "central beliefs"


def _year(settings: Settings, asked: int | None) -> int:
    return settings.years if asked is None else asked


def _and_beside(scenario: str, beside: str) -> str:
    named = "the baseline" if beside == "baseline" else beside
    return "" if scenario == beside else f", then those of {named} under the same luck"


def _print_pounds(lines: list[dict[str, Any]], year: int, beside: str) -> None:
    """Print clauses with what they mean; those that are nought are left out."""
    pupils, old = (getattr(lines, name, None) for name in ("pupils", "baseline_pupils"))
    whole = sum(int(line["pence"]) for line in lines)
    if not any("baseline_pence" in line for line in lines):
        rows = [_row(line, _pounds(line["pence"])) for line in lines if line["pence"]]
        if pupils:
            each = _pounds(round(whole / pupils))
            rows += [["pupils", _COUNTED, f"{pupils:,}"], ["a pupil", "total", each]]
        print_columns([*rows, ["total", "", _pounds(whole)]])
        if pupils:
            print(f"\n{_pupils_in_words(year)}")
        return
    named = beside if len(beside) <= _LONGEST_NAME else "beside"
    head = ["clause", "what it is", named, "policy", "difference", "share"]
    rows = [
        _row(line, *_three(line["baseline_pence"], line["pence"]), _share(line["pence"], whole))
        for line in lines
        if line["pence"] or line["baseline_pence"]
    ]
    before = sum(int(line["baseline_pence"]) for line in lines)
    rows.append(["total", "GBP", *_three(before, whole), _share(whole, whole)])
    if pupils and old:
        rows.append(
            [
                "pupils",
                _COUNTED,
                f"{old:,}",
                f"{pupils:,}",
                f"{pupils - old:+,}" if pupils != old else "0",
            ]
        )
        rows.append(["a pupil", "GBP", *_three(before / old, whole / pupils)])
    print_columns([head, *rows])
    print("\nIn whole pounds (--json: pence). share: of the total under the policy.")
    if pupils:
        print(_pupils_in_words(year))


def _pupils_in_words(year: int) -> str:
    """Say which pupils are counted, and why they are not those that lists of areas show."""
    from sim.model import YEAR_ZERO

    paid, before = (_school_year(YEAR_ZERO + one) for one in (year, year - 1))
    return wrap(
        f"Pupils: simulated, in the census of {before} that pays for {paid} (year {year}); "
        f"sim list areas: of {_school_year(YEAR_ZERO)}."
    )


def _school_year(end: int) -> str:
    """Write the school year that ends in a calendar year.

    >>> _school_year(2024)
    '2023-24'
    """
    return f"{end - 1}-{end % 100:02d}"


def _row(line: dict[str, Any], *cells: str) -> list[str]:

    return [str(line["clause"]), in_words(str(line["clause"])), *cells]


def _pounds(pence: int) -> str:
    pounds, rest = divmod(abs(int(pence)), 100)
    return f"{'-' if pence < 0 else ''}GBP {pounds:,}.{rest:02d}"


def _three(old: float, new: float) -> tuple[str, str, str]:
    """Write pence of two years, and their difference, in whole pounds."""
    more = (new - old) / 100
    return f"{old / 100:,.0f}", f"{new / 100:,.0f}", f"{more:+,.0f}" if round(more) else "0"


def _share(pence: int, whole: int) -> str:
    return f"{100 * pence / whole:.1f} %" if whole else ""


def print_columns(rows: list[list[str]], *, words: bool = True) -> None:
    """Print words to the left and numbers to the right; words give way on a narrow terminal.

    ``words``: the second column holds words that may be cut or left out.
    """
    many = max(map(len, rows))
    table = [row + [""] * (many - len(row)) for row in rows]
    first, *widths = (max(len(row[n]) for row in table) for n in range(many) if n != 1)
    second = max(len(row[1]) for row in table)
    room = shutil.get_terminal_size((100, 24)).columns - first - sum(w + 2 for w in widths) - 2
    if words:
        second = min(second, max(room, 0))
        second = second if second >= _LEAST_WORDS else 0
    for name, told, *cells in table:
        shown = f"  {_cut(told, second):<{second}}" if second else ""
        numbers = "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        print(f"{name:<{first}}{shown}{numbers}".rstrip())


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."
