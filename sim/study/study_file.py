"""A design in a file of ``conf/study/``: scenarios x settings x beliefs, full or sampled.

Keys of the file: ``title``; ``scenarios``; ``settings`` (the same for all cells); ``draws`` and
``replicates`` as on the command line; ``over`` (what differs); ``vary``: ``product`` (every value
with every other), ``sobol`` or ``latin_hypercube`` (``points`` of them, by ``seed``; see
`sim.study.sampling`). What the command line says besides goes over what the file says.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sim.config import config_root
from sim.config.composing import compose_beliefs
from sim.config.problems import explain, refuse
from sim.config.scan import Source, read_file
from sim.errors import BadRequest
from sim.study.axes import axis_problem, lasting, swept, text_of, twice
from sim.study.design import Design, Row, how_many, pairs_of, parted
from sim.study.sampling import OWN_RANGE, Fault, belief_key, expanded, placed, sample

__all__ = [
    "Sampling",
    "StudyFile",
    "from_beliefs",
    "known_studies",
    "read_study",
    "source_of",
    "study_path",
]

Columns = dict[str, tuple[str, ...]]
"""The values of each key, as texts."""

_KEY = re.compile(r"[A-Za-z_][\w./\[\]=-]*")
_CALL = re.compile(r"(range|choice)\(.*\)")
_SPAN = re.compile(r"range\b.*|-?[0-9][0-9_.e]*\s*(\.\.+|[-:]|to|\N{EN DASH})\s*-?[0-9][0-9_.e]*")
_AT_TOP = ("scenarios", "draws", "replicates")
_OF_BELIEFS = ("beliefs", "machine.outside_range=")


@dataclass(frozen=True)
class Sampling:
    """What the command line says of sampling: beliefs by name, group or kind, and how many."""

    vary: tuple[str, ...] = ()
    points: int | None = None
    sampling: Literal["latin_hypercube", "sobol"] | None = None


NOTHING = Sampling()
FEW_POINTS = 16
"""Points of a study whose command line names beliefs and no number."""


def _keys(given: object) -> Any:
    """Accept keys with values; a heading with nothing under it holds none."""
    if given is not None and not isinstance(given, dict):
        raise ValueError(f"{given!r} is not a set of keys with values, such as seed: [1, 2]")
    return given or {}


def _names(given: object) -> Any:
    """Accept a list of names, or one; a name of digits is text, as on the command line."""
    names = given if isinstance(given, list) else [given]
    whole = [str(name) if type(name) is int else name for name in names]
    if not whole or not all(isinstance(name, str) and name for name in whole):
        raise ValueError(f"{given!r} is not a list of scenarios, such as [baseline, flat]")
    return whole


Keys = Annotated[dict[str, Any], BeforeValidator(_keys)]
Names = Annotated[list[str], BeforeValidator(_names)]


class StudyFile(BaseModel):
    """What a study file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str = Field(min_length=1)
    scenarios: Names
    settings: Keys = {}
    draws: int = Field(default=0, ge=0, le=10_000)
    replicates: int = Field(default=1, ge=1, le=10_000)
    vary: Literal["product", "latin_hypercube", "sobol"] = "product"
    points: int = Field(default=1, ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0, lt=2**32)
    over: Keys = {}


def known_studies(root: Path | None = None) -> list[str]:
    """Return the names of the study files there are."""
    folder = (config_root() if root is None else root) / "study"
    return sorted(path.stem for path in folder.glob("*.yaml"))


def study_path(name: str) -> Path | None:
    """Return the file that a name stands for: one of ours, or one's own by its path."""
    if name.endswith((".yaml", ".yml")):
        return Path(os.path.expanduser(name))
    return config_root() / "study" / f"{name}.yaml" if name in known_studies() else None


def source_of(path: Path) -> str:
    """Name the content of a study file, to know it again.

    Raises:
        BadRequest: It cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise BadRequest(
            f"{path}: cannot be read ({error.strerror}). Studies that come with the package: "
            f"{', '.join(known_studies())}."
        ) from None


def read_study(path: Path, words: Sequence[str], asked: Sampling = NOTHING) -> Design:
    """Return the design of a study file, with what the command line says on top of it.

    A word of the command line takes the place of the same key of the file, be it a setting, an
    axis or the scenarios; an axis that the file has not is crossed with what it has.

    Raises:
        BadRequest: No such file, or it says what no study can say, with its line.
    """
    source = source_of(path)
    file = read_file(path)
    refuse(file.problems)
    return replace(_designed(_checked(file), words, file, asked), source=source)


def from_beliefs(words: Sequence[str], default: Sequence[str], asked: Sampling) -> Design:
    """Return the design of a study without a file, that varies the beliefs asked for.

    Draws are 0 and replicates 1 unless words say otherwise: the points are the doubt.

    Raises:
        BadRequest: Beliefs that are not there, or words that make no sense.
    """
    told = StudyFile(title="--vary", scenarios=list(default))
    return _designed(told, words, Source(Path("--vary")), asked)


def _designed(told: StudyFile, words: Sequence[str], file: Source, asked: Sampling) -> Design:
    told = _with(told, file, asked)
    fixed, axes = parted(words)
    given = {*axes, *(word.partition("=")[0] for word in fixed)}
    scenarios = axes.pop("scenarios", tuple(told.scenarios))
    refuse([problem for key in axes if (problem := axis_problem(key)) is not None])
    own = {"draws": told.draws, "replicates": told.replicates, **told.settings}
    # A setting that differs as well is what it is where nothing else is said: in no cell.
    own = {key: value for key, value in own.items() if key not in told.over}
    fixed = [*(f"{k}={text_of(v)}" for k, v in own.items() if k not in given), *fixed]
    over = {key: value for key, value in told.over.items() if key not in given}
    columns, combined = _points(told, over, fixed, file)
    columns |= axes
    points = [
        (*point, *zip(axes, more, strict=True))
        for point in combined
        for more in itertools.product(*axes.values())
    ]
    pairs = pairs_of(*how_many(fixed))
    rows = tuple(
        Row(scenario, *pair, keys) for keys in points for pair in pairs for scenario in scenarios
    )
    return Design(rows, lasting(fixed), columns, lines=_places(told, file, given))


def _with(told: StudyFile, file: Source, asked: Sampling) -> StudyFile:
    """Return a study with what the command line says of sampling."""
    if asked == NOTHING:
        return told
    keys = dict.fromkeys(map(belief_key, asked.vary), OWN_RANGE)
    if told.vary == "product" and told.over:
        raise BadRequest(
            f"{file.path}: runs every value with every other (vary: product), and --vary and "
            f"--points sample. Take one of the two: write vary: sobol in the file."
        )
    if not keys and not told.over:
        raise BadRequest("--points and --sampling: nothing is varied. Add --vary, such as money.")
    changed: dict[str, Any] = {"over": {**told.over, **keys}}
    changed["vary"] = asked.sampling or ("sobol" if told.vary == "product" else told.vary)
    if asked.points is not None or told.vary == "product":
        changed["points"] = asked.points or FEW_POINTS
    told = told.model_copy(update=changed)
    found = list(_without_points(told, Source(Path("--points"))))
    refuse(found)
    return told


def _checked(file: Source) -> StudyFile:
    """Return what a file says, or raise every problem with its line."""
    try:
        told = StudyFile.model_validate(file.content)
    except ValidationError as error:
        refuse(explain(error, StudyFile, file.place))
        raise  # never reached: an error has a problem
    refuse([*_named_twice(told, file), *_misplaced(told, file), *_without_points(told, file)])
    return told


def _at(file: Source, key: str, inner: str | int) -> str:
    """Return the place of ``inner`` under ``key``; it may hold dots and brackets of its own."""
    line = file.lines.get(f"{key}.{inner}")
    return f"{file.path}, line {line}" if line else file.place(key)


def _named_twice(told: StudyFile, file: Source) -> Iterator[str]:
    for number, name in enumerate(told.scenarios):
        if name in told.scenarios[:number]:
            where = _at(file, "scenarios", number)
            yield f"{where}: scenario {name!r} is named twice. Name it once."


def _misplaced(told: StudyFile, file: Source) -> Iterator[str]:
    for heading, keys in (("settings", told.settings), ("over", told.over)):
        for key in keys:
            if not _KEY.fullmatch(key):
                yield f"{_at(file, heading, key)}: {heading}: {_no_key(key)}"
    for key, given in told.settings.items():
        if problem := _span_problem(given):
            yield f"{_at(file, 'settings', key)}: {key}: {problem}"
        if key in _AT_TOP:
            yield (
                f"{_at(file, 'settings', key)}: {key} does not stand under settings. Write it "
                f"at the left edge of the file, as its own key."
            )
    for key in told.over:
        problem = axis_problem(key)
        if problem is not None:
            yield f"{_at(file, 'over', key)}: {problem}"


def _span_problem(given: object) -> str | None:
    """Say that what reads as from one number to another is no value of a setting."""
    if not isinstance(given, str) or not _SPAN.fullmatch(given.strip()) or given == OWN_RANGE:
        return None
    return (
        f"{given!r} is no value and no list of them. Name values under over, such as [1, 2, 3], or "
        f"write range(1,4) there, which ends before 4. To sample between two ends: vary: sobol, "
        f"points: 16 and [LOW, HIGH]."
    )


def _no_key(key: str) -> str:
    """Say why what stands before a colon is no key, or was not meant as one."""
    if re.fullmatch(r"[^\[({]*[\])]|-?[0-9.]+", key):
        more = " Values that belong together stand in brackets or quotes: [1, 2], 'range(1,3)'."
    else:
        more = ""
    return f"{key!r} is not the key of a setting, such as seed.{more}"


def _without_points(told: StudyFile, file: Source) -> Iterator[str]:
    """Name keys that have no meaning together."""
    if told.vary == "product":
        for key in ("points", "seed"):
            if key in told.model_fields_set:
                yield (
                    f"{file.place(key)}: {key} has no meaning with vary: product, which runs every "
                    f"value with every other. Leave it out, or write vary: sobol."
                )
    elif not told.over:
        yield (
            f"{file.place('vary')}: vary: {told.vary} samples what stands under over, and nothing "
            f"does. Write for example over: {{beliefs.money: range}}, or leave vary out."
        )
    elif "points" not in told.model_fields_set:
        yield f"{file.place('vary')}: vary: {told.vary} needs points, such as points: 16."
    elif told.vary == "sobol" and told.points & (told.points - 1):
        less, more = 1 << (told.points.bit_length() - 1), 1 << told.points.bit_length()
        yield (
            f"{file.place('points')}: sobol with {told.points} points is not balanced. Give a "
            f"power of two, such as {less} or {more}."
        )


Points = list[tuple[tuple[str, str], ...]]


def _points(
    told: StudyFile, over: Mapping[str, Any], fixed: Sequence[str], file: Source
) -> tuple[Columns, Points]:
    """Return the values of each axis and the combinations that are run."""
    problems: list[str] = []
    columns: Columns = {}
    if told.vary == "product":
        for key, given in over.items():
            columns[key] = tuple(_listed(key, given, file, problems))
        refuse(problems)
        combined = list(itertools.product(*columns.values()))
    elif not over:
        combined = [()]  # the command line fixes all of them
    else:
        beliefs = compose_beliefs([word for word in fixed if word.startswith(_OF_BELIEFS)])
        try:
            over = expanded(over, beliefs)
            drawn = sample(told.vary, told.points, len(over), told.seed)
            for number, (key, given) in enumerate(over.items()):
                columns[key] = tuple(placed(key, given, u, beliefs) for u in drawn[:, number])
        except Fault as fault:
            raise BadRequest(f"{_at(file, 'over', fault.key)}: {fault}") from None
        combined = list(zip(*columns.values(), strict=True))
    points = [tuple(zip(columns, values, strict=True)) for values in combined]
    return {key: tuple(dict.fromkeys(column)) for key, column in columns.items()}, points


def _listed(key: str, given: object, file: Source, problems: list[str]) -> list[str]:
    """Return the values of a key as texts; what is no list is one value."""
    where = _at(file, "over", key)
    if given == "range":
        problems.append(
            f"{where}: {key}: a range is sampled, which vary: product does not do. Write vary: "
            f"sobol and points, or name the values, such as [1, 2]."
        )
    elif isinstance(given, str) and _CALL.fullmatch(given.strip()):
        try:  # as on the command line
            return list((swept(f"{key}={given.strip()}") or (key, ()))[1] or [text_of(given)])
        except BadRequest as error:
            problems.append(f"{where}: {error}")
    every = given if isinstance(given, list) else [given]
    problems += [f"{where}: {key}: {told}" for one in every if (told := _span_problem(one))]
    values = [text_of(value) for value in every]
    if not values:
        problems.append(f"{where}: {key}: no value at all. Give at least one.")
    if twice(values):
        problems.append(f"{where}: {key}: a value is given twice. Name each once.")
    return values


def _places(told: StudyFile, file: Source, given: set[str]) -> dict[str, str]:
    """Return where the file has each key and scenario that the command line leaves to it."""
    places = {key: _at(file, "settings", key) for key in told.settings}
    places |= {key: _at(file, "over", key) for key in told.over}
    places |= {key: file.place(key) for key in ("draws", "replicates")}
    for number, name in enumerate(told.scenarios):
        if "scenarios" not in given:
            places[f"scenario {name}"] = _at(file, "scenarios", number)
    return {key: place for key, place in places.items() if key not in given}
