"""Read sets of beliefs from ``conf/beliefs/``, variants included, and change single beliefs.

They do not pass through Hydra: composing a hundred records there takes 150 ms, reading them here
7 ms once. Hydra only carries the name of the set.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.config.beliefs import Belief, Beliefs
from sim.config.overrides import BeliefChange
from sim.config.problems import explain
from sim.config.scan import read_yaml
from sim.errors import did_you_mean

__all__ = ["change", "load"]


def load(root: Path, name: str) -> tuple[Beliefs | None, list[str]]:
    """Return a set of beliefs, or None and what is wrong with its file.

    A file may begin with ``base: OTHER`` and then give only what differs: a bare number for a
    value, or some fields of a record.
    """
    folder = root / "beliefs"
    stamps = tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in folder.glob("*.yaml"))
    beliefs, problems = _load(folder, name, tuple(sorted(stamps)))
    return beliefs, list(problems)


@lru_cache(maxsize=8)
def _load(folder: Path, name: str, stamps: object) -> tuple[Beliefs | None, tuple[str, ...]]:
    records, problems = _read(folder, name, ())
    if problems:
        return None, tuple(problems)
    try:
        return Beliefs.model_validate({"records": records}), ()
    except ValidationError as error:
        path = folder / f"{name}.yaml"
        return None, tuple(explain(error, Beliefs, lambda _: str(path)))


def _read(folder: Path, name: str, seen: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    path = folder / f"{name}.yaml"
    if name in seen:
        return {}, [f"{path}: base goes round in a circle ({' -> '.join((*seen, name))})."]
    if not path.exists():
        known = [other.stem for other in folder.glob("*.yaml")]
        return {}, [f"beliefs: {name!r} is not known. {did_you_mean(name, known)}"]
    content, problems = read_yaml(path)
    base = content.pop("base", None)
    if problems or base is None:
        return content, problems
    records, problems = _read(folder, str(base), (*seen, name))
    return records, problems + _overlay(records, content, path)


def _overlay(records: dict[str, Any], content: dict[str, Any], path: Path) -> list[str]:
    """Lay a variant's values over its base, in place; return what has no place there."""
    problems = []
    for group, named in content.items():
        if group not in records or not isinstance(named, dict):
            problems.append(f"{path}: {group}: not a group of its base. {_near(group, records)}")
            continue
        for name, given in named.items():
            if name not in records[group]:
                hint = _near(name, records[group])
                problems.append(f"{path}: {group}.{name}: not a belief of its base. {hint}")
            else:
                fields = given if isinstance(given, dict) else {"value": given}
                old = records[group][name]
                found = [_shape_problem(part, old.get(part), new) for part, new in fields.items()]
                problems += [f"{path}: {group}.{name}: {told}" for told in found if told]
                records[group][name] = {**old, **fields}
    return problems


def change(beliefs: Beliefs, changes: Sequence[BeliefChange]) -> tuple[Beliefs, list[str]]:
    """Return the beliefs with single fields changed, each record checked again, and problems."""
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
        try:
            record = Belief.model_validate({**dict(beliefs.records[group][name]), **changed})
            records[group] = {**records[group], name: record}
        except ValidationError as error:
            found = explain(error, Belief, lambda _: "command line")
            problems += [_at(f"beliefs.{group}.{name}", text) for text in found]
    return Beliefs.model_construct(records=records), problems


def _at(place: str, text: str) -> str:
    """Put the belief's own name in front of a message about one of its fields."""
    head, _, rest = text.partition("(command line): ")
    part = head.strip()
    return f"{place}{'.' + part if part not in ('', 'value') else ''} (command line): {rest}"


def _unknown(beliefs: Beliefs, one: BeliefChange) -> str | None:
    place = f"beliefs.{one.group}.{one.name}"
    if one.group not in beliefs.records:
        return f"{place}: no such group of beliefs. {_near(one.group, beliefs.records)}"
    if one.name not in beliefs.records[one.group]:
        return f"{place}: no such belief. {_near(one.name, beliefs.records[one.group])}"
    if one.part not in Belief.model_fields:
        return f"{place}.{one.part}: no such field. {_near(one.part, Belief.model_fields)}"
    if isinstance(one.value, float) and not math.isfinite(one.value):
        return f"{place}: {one.value} is not a finite number. Give one inside its range."
    old = getattr(beliefs.records[one.group][one.name], one.part)
    told = _shape_problem(one.part, old, one.value)
    return f"{place} (command line): {told}" if told else None


def _shape_problem(part: str, old: object, new: object) -> str | None:
    """Refuse a list where a number is meant, a number where a table is, or another length."""
    if part not in ("value", "low", "high") or old is None:
        return None
    is_table, given_table = isinstance(old, list | tuple), isinstance(new, list | tuple)
    if not is_table and given_table:
        return f"{new!r} is a list. Give one number, such as {old:g}."
    if is_table and not given_table:
        return f"{new!r} is one value. Give a list of {_size(old)} numbers in brackets."
    if is_table and _size(old) != _size(new):
        return f"{_size(new)} numbers. Give a list of {_size(old)}, in the order of its meaning."
    return None


def _size(table: object) -> int:
    return len(table) if isinstance(table, list | tuple) else 1


def _near(name: object, known: Any) -> str:
    return did_you_mean(str(name), [str(other) for other in known])
