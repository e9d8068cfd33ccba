"""What a sweep runs, cell by cell: axes on the command line, a study file, or a table.

A design is a list of *rows*: scenario, draw, replicate and the keys that differ, each by its own
text in Hydra's grammar. Scenarios are composed once for each combination of keys that are not
beliefs; beliefs are changed in Python, since composing takes forty times longer. Every row becomes
a checked cell before the first one runs.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.config import Settings, compose_all, config_root
from sim.config.belief_files import change
from sim.config.overrides import parse
from sim.config.problems import refuse
from sim.errors import BadRequest
from sim.study.cells import at, prepare

__all__ = ["AXES", "Design", "Row", "cells", "from_table", "from_words", "lasting", "pairs_of"]

AXES = ("scenario", "draw", "replicate")
_BELIEF = "beliefs."
_GLOB = "glob("


@dataclass(frozen=True)
class Row:
    """One cell by its labels; ``keys`` holds what differs between cells, as text."""

    scenario: str
    draw: int
    replicate: int
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Design:
    """Rows, and what is the same in all of them (``fixed``, as key=value words).

    ``source`` names the content of the study file it was made from, if it was.
    """

    rows: tuple[Row, ...]
    fixed: tuple[str, ...] = ()
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""

    @property
    def settings(self) -> frozenset[str]:
        """What is the same in all cells and decides results: not the machine."""
        return frozenset(word for word in self.fixed if not word.startswith("machine"))

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
    fixed: list[str] = []
    axes: dict[str, tuple[str, ...]] = {}
    for word in words:
        key, values = _swept(word)
        if key in axes:
            raise BadRequest(f"sweep: {key} is given twice. Give it once, all values together.")
        if key == "scenarios" or len(values) > 1:
            axes[key] = values
        else:
            fixed.append(word)
    scenarios = axes.pop("scenarios", tuple(default))
    for key in ("draw", "draws", "replicate", "replicates", *_machine(axes)):
        if key in axes:
            raise BadRequest(f"sweep: {key} cannot be an axis. {_INSTEAD.get(key, _ONE_MACHINE)}")
    first = compose_all(scenarios[:1], fixed)[0]
    pairs = pairs_of(first.draws, first.replicates)
    points = [tuple(zip(axes, point, strict=True)) for point in itertools.product(*axes.values())]
    rows = [
        Row(scenario, *pair, keys) for keys in points for pair in pairs for scenario in scenarios
    ]
    return Design(tuple(rows), lasting(fixed), axes)


def lasting(words: Iterable[str]) -> tuple[str, ...]:
    """Leave out how many cells there are: rows say it, and a study may grow."""
    return tuple(w for w in words if w.partition("=")[0] not in ("draws", "replicates"))


_INSTEAD = {
    "draw": "draws=8 runs draws 1 to 8.",
    "replicate": "replicates=10 runs ten replicates of draw 0.",
    "draws": "Give the largest number: draws 1 to that many are run.",
    "replicates": "Give the largest number: that many are run.",
}
_ONE_MACHINE = "Where and how hard to work is one thing for a whole sweep."


def _machine(axes: Iterable[str]) -> list[str]:
    return [key for key in axes if key == "machine" or key.startswith("machine.")]


def pairs_of(draws: int, replicates: int) -> list[tuple[int, int]]:
    """Return (draw, replicate) in balanced order: draw 0, draws 1 to n, more luck of draw 0."""
    return [
        (0, 0), *((draw, 0) for draw in range(1, draws + 1)),
        *((0, number) for number in range(1, replicates)),
    ]  # fmt: skip


def _swept(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a word's key and its values as texts; one value if it is not swept."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import Transformer
    from hydra.errors import HydraException

    key = word.partition("=")[0]
    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException:
        return key, (word.partition("=")[2],)  # what is wrong with it is told when it is composed
    if not override.is_sweep_override():
        value = word.partition("=")[2]
        return key, (value,)
    if not (override.is_choice_sweep() or override.is_range_sweep()) or _GLOB in word:
        raise BadRequest(
            f"{word}: only a list (a,b), range() and choice() name values. Write {key}=a,b."
        )
    found = override.sweep_iterator(transformer=Transformer.encode)
    values = tuple(str(v).lower() if isinstance(v, bool) else str(v) for v in found)
    if not values:
        raise BadRequest(f"{word}: no value at all. Give at least one.")
    if len(set(values)) < len(values):
        raise BadRequest(f"{word}: a value is given twice. Name each once.")
    return str(override.key_or_group), values


# ---- a table -----------------------------------------------------------------------------------


def from_table(path: Path, words: Sequence[str]) -> Design:
    """Return the design of a CSV file: one row a cell, columns are keys.

    ``scenario`` is needed; ``draw`` and ``replicate`` are 0 where the column is missing. An empty
    field leaves its key as it is.

    Raises:
        BadRequest: The file cannot be read, or rows are the same.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [name.strip() for name in reader.fieldnames or ()]
            told = [[(value or "").strip() for value in line.values()] for line in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRequest(f"{path}: cannot be read as a table ({error}). Give a CSV file.") from None
    problems = _columns_problems(path, columns, told)
    refuse(problems)
    rows = [_row(path, n + 2, dict(zip(columns, line, strict=True))) for n, line in enumerate(told)]
    seen: dict[Row, int] = {}
    for line, row in enumerate(rows, 2):
        if row in seen:
            problems.append(f"{path}: lines {seen[row]} and {line} are the same cell. Keep one.")
        seen.setdefault(row, line)
    refuse(problems)
    axes = {
        name: tuple(dict.fromkeys(dict(row.keys).get(name, "") for row in rows))
        for name in columns
        if name not in AXES
    }
    return Design(tuple(rows), tuple(words), axes)


def _columns_problems(path: Path, columns: list[str], told: list[list[str]]) -> list[str]:
    problems = []
    if "scenario" not in columns:
        problems.append(f"{path}: no column 'scenario'. Add one: every row names its scenario.")
    if len(set(columns)) < len(columns):
        problems.append(f"{path}: two columns have the same name. Name each key once.")
    if not told:
        problems.append(f"{path}: holds no row. Write one for each cell.")
    for line, row in enumerate(told, 2):
        if len(row) != len(columns):
            problems.append(f"{path}: line {line} has {len(row)} fields, not {len(columns)}.")
    return problems


def _row(path: Path, line: int, told: dict[str, str]) -> Row:
    numbers = {}
    for name in ("draw", "replicate"):
        text = told.get(name) or "0"
        if not text.isdecimal():
            raise BadRequest(f"{path}: line {line}: {name} is {text!r}. Give a whole number.")
        numbers[name] = int(text)
    keys = tuple((k, v) for k, v in told.items() if k not in AXES and v)
    return Row(told["scenario"], numbers["draw"], numbers["replicate"], keys)


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
    for row in rows:
        at_point = (row.scenario, row.keys)
        if at_point not in points:
            base = plain[row.scenario, _words(row, beliefs=False)]
            points[at_point] = _believing(base, _words(row, beliefs=True), problems)
        made.append(at(points[at_point], row.draw, row.replicate))
    refuse(problems)
    return made


def _words(row: Row, *, beliefs: bool) -> tuple[str, ...]:
    return tuple(f"{k}={v}" for k, v in row.keys if k.startswith(_BELIEF) == beliefs)


def _compose_plain(
    design: Design, rows: Sequence[Row], plain: dict[tuple[str, tuple[str, ...]], Settings],
    problems: list[str],
) -> None:  # fmt: skip
    """Compose each scenario under each combination of keys that are not beliefs."""
    wanted: dict[tuple[str, ...], dict[str, None]] = {}
    for row in rows:
        wanted.setdefault(_words(row, beliefs=False), {})[row.scenario] = None
    for words, scenarios in wanted.items():
        try:
            composed = compose_all(list(scenarios), [*_free(design.fixed, words), *words])
            for scenario, settings in zip(scenarios, composed, strict=True):
                prepare(settings)
                plain[scenario, words] = settings
        except BadRequest as error:
            problems += _lines(error)


def _free(fixed: Iterable[str], words: Iterable[str]) -> Iterator[str]:
    """Leave out what a row sets anew."""
    keys = {word.partition("=")[0] for word in words}
    return (word for word in fixed if word.partition("=")[0] not in keys)


def _lines(error: BadRequest) -> list[str]:
    """Return the problems inside a message that lists several."""
    text = str(error)
    head, *rest = text.split("\n  - ")
    return rest if rest else [head]


def _believing(settings: Settings, words: tuple[str, ...], problems: list[str]) -> Settings:
    """Return the settings with single beliefs changed."""
    if not words:
        return settings
    request = parse(words, config_root())
    beliefs, found = change(settings.beliefs, request.beliefs)
    problems += request.problems + found
    return settings.model_copy(update={"beliefs": beliefs})
