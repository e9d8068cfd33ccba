"""Read sets of beliefs from ``conf/beliefs/``, variants included, and change single beliefs.

They do not pass through Hydra: composing a hundred records there takes 150 ms, reading them here
7 ms once. Hydra only carries the name of the set. A set may lie in several files
(`sim.config.belief_parts`).
"""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.config.belief_parts import Parted, files_in, read_set
from sim.config.beliefs import Belief, Beliefs, allowing
from sim.config.grammar import is_path
from sim.config.overrides import BeliefChange
from sim.config.problems import explain
from sim.config.renamed import BELIEFS, new_belief
from sim.config.scan import Source
from sim.errors import did_you_mean

__all__ = ["change", "files_of", "load"]

_AROUND = {"value", "low", "high", "distribution"}
"""Fields of a record that say what its draws are."""


def load(root: Path, name: str, *, outside_range: bool = False) -> tuple[Beliefs | None, list[str]]:
    """Return a set of beliefs, or None and what is wrong with its file.

    A file may begin with ``base: OTHER`` and then give only what differs: a bare number for a
    value, or some fields of a record.

    Args:
        root: Folder of the configuration.
        name: A set of ``conf/beliefs/``, or a path (``./mine.yaml``) to one of one's own.
        outside_range: Let values lie outside the range of their record.
    """
    path = _path(root / "beliefs", name)
    folders = dict.fromkeys((root / "beliefs", path.parent))
    stamps = tuple(
        sorted(
            (str(one), one.stat().st_mtime_ns, one.stat().st_size)
            for folder in folders
            for one in files_in(folder)
            if one.is_file()
        )
    )
    beliefs, problems = _load(root / "beliefs", name, path.resolve(), stamps, outside_range)
    return beliefs, list(problems)


def files_of(root: Path, name: str) -> list[Path]:
    """Return the files that a set of beliefs is read from, its own first."""
    return [path for source in _chain(root / "beliefs", name)[0] for path in source.paths]


def _path(folder: Path, name: str, beside: Path | None = None) -> Path:
    """Return the file of a set; a relative path is from the working folder, or its variant's."""
    if not is_path(name):
        return folder / f"{name}.yaml"
    return (beside or Path()) / os.path.expanduser(name)


@lru_cache(maxsize=8)
def _load(
    folder: Path, name: str, path: Path, stamps: object, outside_range: bool
) -> tuple[Beliefs | None, tuple[str, ...]]:
    sources, problems = _chain(folder, name)
    if problems:
        return None, tuple(problems)
    records: dict[str, Any] = copy.deepcopy(sources[-1].content)
    for source in reversed(sources[:-1]):
        problems += _overlay(records, source)
    if is_path(name) and not problems:
        default = read_set(folder / "default.yaml").content
        problems += _lacking(records, default, path) or _with_words(records, default, path)
    if problems:
        return None, tuple(problems)
    try:
        return Beliefs.model_validate({"records": records}, context=allowing(outside_range)), ()
    except ValidationError as error:
        return None, tuple(explain(error, Beliefs, lambda dotted: _place(sources, dotted)))


def _chain(folder: Path, name: str) -> tuple[list[Parted], list[str]]:
    """Read a file and the files under it (``base:``), itself first; stop at what is wrong."""
    sources: list[Parted] = []
    path = _path(folder, name)
    while True:
        if any(source.path.resolve() == path.resolve() for source in sources):
            names = " -> ".join([*(source.path.stem for source in sources), path.stem])
            return sources, [f"{sources[0].path}: base goes round in a circle ({names})."]
        if not os.path.isfile(path):
            return sources, [_not_there(folder, name, path)]
        source = read_set(path)
        base = source.content.pop("base", None)
        sources.append(source)
        if source.problems or base is None:
            return sources, source.problems
        name = str(base)
        path = _path(folder, name, path.parent)


def _not_there(folder: Path, name: str, path: Path) -> str:
    if is_path(name):
        return f"beliefs: there is no file {str(path)!r}. Give the path of a file of beliefs."
    known = [other.stem for other in folder.glob("*.yaml")]
    return f"beliefs: {name!r} is not known. {did_you_mean(name, known)}"


def _place(sources: Sequence[Source], dotted: str) -> str:
    """Return file and line of what sets a value: the uppermost file that says it."""
    record = ".".join(dotted.split(".")[:2])
    for source in sources:
        is_bare = not any(line.startswith(f"{record}.") for line in source.lines)
        if dotted in source.lines or (record in source.lines and is_bare):
            return source.place(dotted)
    return sources[-1].place(dotted)


def _lacking(records: dict[str, Any], default: dict[str, Any], path: Path) -> list[str]:
    """Name the beliefs of the default set that a file of one's own has not."""
    gone = [
        f"{g}.{n}" for g, named in default.items() for n in named if n not in records.get(g, {})
    ]
    if not gone:
        return []
    given = (f"{group}.{name}" for group, named in records.items() for name in named)
    if old := [now for one in given if one in BELIEFS and (now := new_belief(one))]:
        return [f"{path}: {now}" for now in old]
    return [
        f"{path}: lacks {len(gone)} beliefs ({', '.join(gone[:3])}{', ...' if gone[3:] else ''}). "
        f"Begin the file with 'base: default' and give only what differs."
    ]


def _with_words(records: dict[str, Any], default: dict[str, Any], path: Path) -> list[str]:
    """Give tables without words for their positions those of the default; refuse other words."""
    problems = []
    for group, named in default.items():
        for name, record in named.items():
            words, mine = record.get("entries"), records[group][name]
            if words and isinstance(mine, dict) and mine.setdefault("entries", words) != words:
                told = _shape_problem("entries", None, None, words)
                problems.append(f"{path}: {group}.{name}.entries: {told}")
    return problems


def _overlay(records: dict[str, Any], source: Source) -> list[str]:
    """Lay a variant's values over its base, in place; return what has no place there."""
    problems = []
    for group, named in source.content.items():
        if group not in records or not isinstance(named, dict):
            problems += _no_group(records, group, source)
            continue
        for name, given in named.items():
            place = f"{source.place(f'{group}.{name}')}: {group}.{name}"
            if name not in records[group]:
                near = f"not a belief of its base. {_near(name, records[group])}"
                problems.append(f"{place}: {new_belief(f'{group}.{name}') or near}")
                continue
            fields = given if isinstance(given, dict) else {"value": given}
            if "source" in fields and "strength" not in fields:
                # How good the evidence of the base is says nothing of another source.
                fields = {**fields, "strength": "not stated"}
            old = records[group][name]
            words = old.get("entries")
            found = [_shape_problem(k, old.get(k), new, words) for k, new in fields.items()]
            problems += [f"{place}: {told}" for told in found if told]
            records[group][name] = {**old, **fields}
    return problems


def _no_group(records: dict[str, Any], group: str, source: Source) -> list[str]:
    """Say what became of a group, belief by belief where they have new names."""
    given = source.content[group]
    told = {
        name: now
        for name in (given if isinstance(given, dict) else ())
        if group not in records and (now := new_belief(f"{group}.{name}"))
    }
    if told:
        return [f"{source.place(f'{group}.{name}')}: {now}" for name, now in told.items()]
    near = new_belief(group) if group not in records else None
    near = near or f"not a group of its base. {_near(group, records)}"
    return [f"{source.place(group)}: {group}: {near}"]


def change(
    beliefs: Beliefs, changes: Sequence[BeliefChange], *, outside_range: bool = False
) -> tuple[Beliefs, list[str]]:
    """Return the beliefs with single fields changed, each record checked again, and problems.

    A value given by itself is held in every draw, as whoever asks what follows from it expects;
    given with a range or a distribution, it is the centre of what is drawn.
    """
    records = dict(beliefs.records)
    fields: dict[tuple[str, str], dict[str, Any]] = {}
    problems = []
    for one in changes:
        problem = _unknown(beliefs, one)
        if problem is None:
            fields.setdefault((one.group, one.name), {})[one.part] = one.value
        else:
            problems.append(problem)
    for (group, name), changed in fields.items():
        old = beliefs.records[group][name]
        try:
            told = {**dict(old), "held": _is_held(old, changed), **changed}
            record = Belief.model_validate(told, context=allowing(outside_range))
            records[group] = {**records[group], name: record}
        except ValidationError as error:
            found = explain(error, Belief, lambda _: "command line")
            problems += [_at(f"beliefs.{group}.{name}", text) for text in found]
    return Beliefs.model_construct(records=records), problems


def _is_held(old: Belief, changed: dict[str, Any]) -> bool | None:
    """Say whether draws leave a belief once these fields of it are changed."""
    around = changed.keys() & _AROUND
    if around - {"value"}:
        return False
    return True if around and old.held is None else old.held


def _at(place: str, text: str) -> str:
    """Put the belief's own name in front of a message about one of its fields."""
    head, _, rest = text.partition("(command line): ")
    part = head.strip()
    return f"{place}{'.' + part if part not in ('', 'value') else ''} (command line): {rest}"


def _unknown(beliefs: Beliefs, one: BeliefChange) -> str | None:
    place = f"beliefs.{one.group}.{one.name}"
    if one.group not in beliefs.records:
        near = f"no such group of beliefs. {_near(one.group, beliefs.records)}"
        return f"{place}: {new_belief(f'{one.group}.{one.name}') or near}"
    if one.name not in beliefs.records[one.group]:
        near = f"no such belief. {_near(one.name, beliefs.records[one.group])}"
        return f"{place}: {new_belief(f'{one.group}.{one.name}') or near}"
    if one.part not in Belief.model_fields:
        return f"{place}.{one.part}: no such field. {_near(one.part, Belief.model_fields)}"
    if isinstance(one.value, float) and not math.isfinite(one.value):
        return f"{place}: {one.value} is not a finite number. Give one inside its range."
    record = beliefs.records[one.group][one.name]
    told = _shape_problem(one.part, getattr(record, one.part), one.value, record.entries)
    return f"{place} (command line): {told}" if told else None


def _shape_problem(
    part: str, old: object, new: object, entries: Sequence[str] | None
) -> str | None:
    """Refuse a list where a number is meant, a number where a table is, or another length."""
    if part == "entries" and list(entries or ()) != new:
        return f"the words of a table's positions stay as they are{_order(entries)}."
    if part not in ("value", "low", "high") or old is None:
        return None
    is_table, given_table = isinstance(old, list | tuple), isinstance(new, list | tuple)
    if not is_table and given_table:
        return f"{new!r} is a list. Give one number, such as {old:g}."
    if is_table and not given_table:
        many = f"{_size(old)} numbers in brackets{_order(entries)}"
        return f"{new!r} is one value. Give a list of {many}."
    if is_table and _size(old) != _size(new):
        return f"{_size(new)} numbers. Give a list of {_size(old)}{_order(entries)}."
    return None


def _order(entries: Sequence[str] | None) -> str:
    return f", in this order: {', '.join(entries)}" if entries else ""


def _size(table: object) -> int:
    return len(table) if isinstance(table, list | tuple) else 1


def _near(name: object, known: Iterable[str]) -> str:
    return did_you_mean(str(name), [str(other) for other in known])
