"""What a sweep runs, cell by cell: axes on the command line, a study file, or a table.

A design is a list of *rows*: scenario, draw, replicate and the keys that differ, each by its own
text in Hydra's grammar. Scenarios are composed once for each combination of keys that are not
beliefs; beliefs are changed in Python, since composing takes forty times longer. Every row becomes
a checked cell before the first one runs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sim.config import Settings, compose, compose_all, config_root
from sim.config.belief_files import change
from sim.config.overrides import BeliefChange, parse
from sim.config.problems import refuse
from sim.config.scenarios import shelf
from sim.errors import BadRequest
from sim.study.axes import axis_problem, lasting, scenario_names, swept
from sim.study.cells import at, prepare
from sim.study.counting import counted

__all__ = [
    "AXES",
    "Design",
    "Row",
    "cells",
    "from_words",
    "how_many",
    "is_of_machine",
    "pairs_of",
    "parted",
]

AXES = ("scenario", "draw", "replicate")
_BELIEF = "beliefs."
_GIVEN = " (command line)"
_PLAIN_NUMBER = re.compile(r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[-+]?[0-9]+)?$")


def is_of_machine(word: str) -> bool:
    """Whether a word says where and how hard to work: it decides no result.

    >>> is_of_machine("machine.threads=4"), is_of_machine("world=tiny")
    (True, False)
    """
    return word.lstrip("+~").startswith(("machine.", "machine="))


@dataclass(frozen=True)
class Row:
    """One cell by its labels; ``keys`` holds what differs between cells, as text.

    ``line`` is where a table has it, for messages; 0 elsewhere.
    """

    scenario: str
    draw: int
    replicate: int
    keys: tuple[tuple[str, str], ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Design:
    """Rows, and what is the same in all of them (``fixed``, as key=value words).

    ``source`` names the content of the study file it was made from, if it was; ``table`` and
    ``lines`` say where a table or a study file has what, for messages.
    """

    rows: tuple[Row, ...]
    fixed: tuple[str, ...] = ()
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    table: str = field(default="", compare=False)
    lines: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def settings(self) -> frozenset[str]:
        """What is the same in all cells and decides results: not the machine."""
        return frozenset(word for word in self.fixed if not is_of_machine(word))

    def on_machine(self, words: Sequence[str]) -> Design:
        """Return the same design with the words about the machine in the place of its own."""
        mine = tuple(word for word in words if is_of_machine(word))
        return replace(self, fixed=(*_free(self.fixed, mine), *mine)) if mine else self

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios in the order of their first row."""
        return tuple(dict.fromkeys(row.scenario for row in self.rows))


# ---- the command line --------------------------------------------------------------------------


def from_words(words: Sequence[str], default: Sequence[str]) -> Design:
    """Return the design of key=value words: several values of a key are an axis.

    Args:
        words: Overrides; ``scenarios=a,b`` names scenarios, ``draws`` and ``replicates`` say how
            many cells each point has, any other key may be swept (``a,b``, ``range()``,
            ``choice()``).
        default: Scenarios if none is named.

    Raises:
        BadRequest: A word that cannot be read, or an axis that makes no sense.
    """
    fixed, axes = parted(words)
    names = axes.pop("scenarios", None)
    scenarios = tuple(default) if names is None else names
    refuse([problem for key in axes if (problem := axis_problem(key)) is not None])
    pairs = pairs_of(*how_many(fixed))
    points = [tuple(zip(axes, point, strict=True)) for point in itertools.product(*axes.values())]
    rows = [
        Row(scenario, *pair, keys) for keys in points for pair in pairs for scenario in scenarios
    ]
    return Design(tuple(rows), lasting(fixed), axes)


def parted(words: Sequence[str]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Part words with one value from axes, ``scenarios`` among them.

    Raises:
        BadRequest: A key that is given twice, or values that cannot be told.
    """
    fixed: list[str] = []
    axes: dict[str, tuple[str, ...]] = {}
    for word in words:
        key, _, text = word.partition("=")
        if key == "scenarios":
            found: tuple[str, tuple[str, ...]] | None = key, scenario_names(text, _shelf(words))
        else:
            found = swept(word)
        if key in axes:
            raise BadRequest(f"sweep: {key} is given twice. Give it once, all values together.")
        if found is None:
            fixed.append(word)
        else:
            axes[found[0]] = found[1]
    return fixed, axes


def _shelf(words: Sequence[str]) -> list[str]:
    """Return the names of all scenarios, those of the user's folder included."""
    folder = parse([w for w in words if w.startswith("machine.scenarios=")], config_root())
    return list(shelf(folder.scenario_folder).files)


def how_many(fixed: Sequence[str]) -> tuple[int, int]:
    """Return how many draws and replicates words ask for; the others are checked with the cells."""
    asked = [word for word in fixed if word.partition("=")[0] in ("draws", "replicates")]
    first = compose("baseline", asked)
    return first.draws, first.replicates


def pairs_of(draws: int, replicates: int) -> list[tuple[int, int]]:
    """Return (draw, replicate) in balanced order: draw 0, draws 1 to n, more luck of draw 0."""
    return [
        (0, 0),
        *((draw, 0) for draw in range(1, draws + 1)),
        *((0, number) for number in range(1, replicates)),
    ]


# ---- from rows to cells ------------------------------------------------------------------------


def cells(design: Design, rows: Sequence[Row] | None = None) -> list[Settings]:
    """Return the settings of rows (default: all), each checked, in their order.

    Raises:
        BadRequest: Every problem of every row at once; nothing has been run.
    """
    rows = design.rows if rows is None else rows
    plain: dict[tuple[str, tuple[str, ...]], Settings] = {}
    points: dict[tuple[str, tuple[tuple[str, str], ...]], Settings] = {}
    problems: list[str] = []
    _compose_plain(design, rows, plain, problems)
    refuse(problems)
    made = []
    for row in counted(rows, "checking cells", len(rows)):
        at_point = (row.scenario, row.keys)
        if at_point not in points:
            base, found = plain[row.scenario, _words(row, beliefs=False)], list[str]()
            points[at_point] = _believing(base, _words(row, beliefs=True), found)
            problems += [_located(problem, design, row) for problem in found]
        made.append(at(points[at_point], row.draw, row.replicate))
    refuse(problems)
    return made


def _located(problem: str, design: Design, row: Row) -> str:
    """Say where the fault of a row is written, if that is in a table or a study file."""
    told = problem.removeprefix(f"Scenario {row.scenario}: ")
    subject = re.split(r"[\s:=(]", told, maxsplit=1)[0]
    about = f"scenario {row.scenario!r}"
    if problem.lower().startswith((f"{about} ", f"{about}:".lower())):
        subject = "scenario"
    own = next((key for key, _ in row.keys if _related(key, subject)), None)
    if design.table and (own is not None or subject == "scenario"):
        where = f"{design.table} line {row.line}, column {own or 'scenario'}"
    else:
        key = f"scenario {row.scenario}" if subject == "scenario" else own
        where = design.lines.get(key or "", "") or next(
            (place for known, place in design.lines.items() if _related(known, subject)), ""
        )
    if not where:
        return problem
    if _GIVEN in problem:
        return problem.replace(_GIVEN, f" ({where})", 1)
    return f"{where}: {problem}"


def _related(key: str, subject: str) -> bool:
    """Say whether a message about ``subject`` may be about what was given as ``key``."""
    return key == subject or f"{key}.".startswith(f"{subject}.") or subject.startswith(f"{key}.")


def _words(row: Row, *, beliefs: bool) -> tuple[str, ...]:
    return tuple(f"{k}={v}" for k, v in row.keys if k.startswith(_BELIEF) == beliefs)


def _compose_plain(
    design: Design,
    rows: Sequence[Row],
    plain: dict[tuple[str, tuple[str, ...]], Settings],
    problems: list[str],
) -> None:
    """Compose each scenario under each combination of keys that are not beliefs."""
    wanted: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        wanted.setdefault(_words(row, beliefs=False), {}).setdefault(row.scenario, row)
    for words, firsts in counted(wanted.items(), "checking settings", len(wanted)):
        given = [*_free(design.fixed, words), *words]
        try:
            composed = compose_all(list(firsts), given)
        except BadRequest:  # one by one, to tell which of them cannot be
            composed = ()
        for number, (scenario, row) in enumerate(firsts.items()):
            try:
                settings = composed[number] if composed else compose(scenario, given)
                prepare(settings)
                plain[scenario, words] = settings
            except BadRequest as error:
                problems += [_located(problem, design, row) for problem in _lines(error)]


def _free(fixed: Iterable[str], words: Iterable[str]) -> Iterator[str]:
    """Leave out what is set anew."""
    keys = {_key(word) for word in words}
    return (word for word in fixed if _key(word) not in keys)


def _key(word: str) -> str:
    return word.partition("=")[0].lstrip("+")


def _lines(error: BadRequest) -> list[str]:
    """Return the problems inside a message that lists several."""
    text = str(error)
    head, *rest = text.split("\n  - ")
    return rest if rest else [head]


def _believing(settings: Settings, words: tuple[str, ...], problems: list[str]) -> Settings:
    """Return the settings with single beliefs changed."""
    if not words:
        return settings
    changes = [_number(word) for word in words]
    request = parse(
        [w for w, found in zip(words, changes, strict=True) if found is None], config_root()
    )
    every = [*(found for found in changes if found is not None), *request.beliefs]
    allowed = settings.machine.outside_range
    beliefs, found = change(settings.beliefs, every, outside_range=allowed)
    problems += request.problems + found
    return settings.model_copy(update={"beliefs": beliefs})


def _number(word: str) -> BeliefChange | None:
    """Read a word that sets a belief to a plain number; the grammar takes far longer."""
    key, _, text = word.partition("=")
    parts = key.split(".")
    if len(parts) != 3 or not _PLAIN_NUMBER.match(text):
        return None
    return BeliefChange(parts[1], parts[2], "value", float(text))
