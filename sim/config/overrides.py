"""Sort key=value requests: groups, single values and beliefs, each checked by name.

The grammar is Hydra's own. Names are checked here because Hydra stops at the first unknown one
and suggests nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.errors import HydraException
from pydantic import BaseModel

from sim.config.asked_for import instead_of
from sim.config.grammar import is_path, readable
from sim.config.models import Settings
from sim.config.renamed import new_belief
from sim.config.scan import unsafe
from sim.errors import did_you_mean

if TYPE_CHECKING:
    from hydra.core.override_parser.overrides_parser import OverridesParser

__all__ = ["RATES", "BeliefChange", "Request", "parse", "setting_paths"]

_NOT_SETTABLE = ("scenario", "title", "label")
_BELIEF_SET = "beliefs"
RATES = "policy.funding.rates"
"""Key of a written formula; what stands below it is known to `sim.config.rates_files`."""
_LONGEST = 80  # characters of a word that a message repeats


@dataclass(frozen=True)
class BeliefChange:
    """One belief to change: ``part`` is a field of its record, usually ``value``."""

    group: str
    name: str
    part: str
    value: Any


@dataclass
class Request:
    """What the overrides of one command ask for; ``words`` is what was given."""

    words: list[str] = field(default_factory=list)
    sets: list[tuple[str, Any]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    choices: dict[str, str] = field(default_factory=dict)
    beliefs: list[BeliefChange] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def scenario_folder(self) -> str:
        """Where the user keeps scenarios; a value that is not text is reported with the types."""
        folder = self.values.get("machine.scenarios")
        return folder if isinstance(folder, str) else "scenarios"


def parse(overrides: Sequence[str], root: Path) -> Request:
    """Return the sorted overrides; what cannot be used is left out and named in ``problems``."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parser = OverridesParser.create()
    request = Request(words=list(overrides))
    for text in overrides:
        problem = _add(request, text, parser, root)
        if problem is not None:
            request.problems.append(problem)
    return request


def setting_paths(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[str]:
    """Yield the dotted path of every setting, those of groups of settings included."""
    for name, info in model.model_fields.items():
        path = prefix + name
        yield path
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from setting_paths(info.annotation, path + ".")


def _add(request: Request, text: str, parser: OverridesParser, root: Path) -> str | None:
    """Sort one override into the request; return what is wrong with it, if anything."""
    if text.startswith("~"):
        return (
            f"{text}: nothing can be taken away. Write {text[1:].partition('=')[0]}=VALUE instead."
        )
    if "=" not in text:
        return f"{text!r}: not key=value. Write for example years=12."
    for problem in unsafe(text):
        return f"{_short(text)}: {problem.partition(': ')[2]}."
    try:
        override = parser.parse_override(readable(text))
        value = None if override.is_sweep_override() else override.value()
    except (HydraException, ValueError, RecursionError) as error:
        return _unreadable(text, error)
    if override.package is not None:
        return f"{text}: '@' has no meaning here. Write {override.key_or_group}=VALUE."
    if override.is_sweep_override():
        return f"{text}: several values at once. Give one value here; sweeps are: sim sweep."
    key = str(override.key_or_group)
    for problem in unsafe(value):
        return f"{text}: {problem.partition(': ')[2]}."
    if not _is_plain(value):
        return f"{text}: a list cannot be extended. Write the whole list, such as {key}=[a,b]."
    return _place(request, key, value, root)


def _is_plain(value: object) -> bool:
    """Say whether a value is one that could stand in a file too."""
    if isinstance(value, Mapping):
        return all(_is_plain(entry) for entry in value.values())
    if isinstance(value, list):
        return all(_is_plain(entry) for entry in value)
    return value is None or isinstance(value, bool | int | float | str)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _unreadable(text: str, error: Exception) -> str:
    """Say why the grammar stops, and how such a value is written."""
    key, _, value = text.partition("=")
    if not isinstance(error, HydraException):
        return f"{_short(text)}: too many digits or brackets. Write a shorter value."
    quoted = value.replace('"', "'").strip("'") or "VALUE"
    return (
        f"{_short(text)}: cannot be read. Write {key}=VALUE, and put a value that holds commas, "
        f"brackets or quotes in quotes, such as '{key}=\"{_short(quoted)}\"' "
        f"({_reason(error)})."
    )


def _reason(error: Exception) -> str:
    """Return the grammar's own words, on one line and without its advice."""
    lines = [line for line in str(error).splitlines() if line and not line.startswith("See ")]
    return _short(lines[0].rstrip(".") if lines else "it is not in Hydra's grammar")


def _place(request: Request, key: str, value: object, root: Path) -> str | None:
    request.paths.add(key)
    if key == _BELIEF_SET or _is_group(root, key):
        return _choose(request, key, value, root)
    if key.startswith(_BELIEF_SET + "."):
        return _change_belief(request, key, value)
    problem = None if key.startswith(f"{RATES}.") else _unknown_key(key)
    if problem is not None:
        return problem
    request.values[key] = value
    request.sets.append((key, value))
    return None


def _choose(request: Request, key: str, value: object, root: Path) -> str | None:
    """Note the choice of a file in a folder of conf/."""
    options = sorted(path.stem for path in (root / key).glob("*.yaml"))
    if key == _BELIEF_SET and isinstance(value, str) and is_path(value):
        request.choices[key] = value  # whether there is such a file is told when it is read
        return None
    if value not in options:
        return f"{key}: {value!r} is not known. {did_you_mean(str(value), options)}"
    request.choices[key] = value
    return None


def _change_belief(request: Request, key: str, value: object) -> str | None:
    parts = key.split(".")[1:]
    if len(parts) not in (2, 3):
        usual = "not one belief. Write beliefs.GROUP.NAME=VALUE; see: sim list beliefs."
        return f"{key}: {new_belief('.'.join(parts)) or usual}"
    group, name = parts[:2]
    if len(parts) == 3:
        changes: Mapping[Any, Any] = {parts[2]: value}
    else:
        changes = value if isinstance(value, Mapping) else {"value": value}
    request.beliefs += [BeliefChange(group, name, str(part), v) for part, v in changes.items()]
    return None


def _unknown_key(key: str) -> str | None:
    """Return a message if no setting has this dotted path, naming its nearest relatives."""
    known = [path for path in setting_paths() if path not in _NOT_SETTABLE]
    if key in known:
        return None
    if key in _NOT_SETTABLE:
        return f"{key}: comes from the scenario file and cannot be set."
    if told := instead_of(key):
        return f"{key}: no such key: {told}."
    parent, _, last = key.rpartition(".")
    while parent and parent not in known:
        parent, _, last = parent.rpartition(".")
    prefix = parent + "." if parent else ""
    siblings = _children(known, prefix)
    if not siblings:
        return f"{key}: {parent} is a single value. Write {parent}=VALUE."
    elsewhere = [path for path in known if path.rpartition(".")[2] == last]
    if elsewhere:
        return f"{key}: no such key. Did you mean {' or '.join(map(repr, elsewhere))}?"
    return f"{key}: no such key{f' in {parent}' if parent else ''}. {did_you_mean(last, siblings)}"


def _children(known: Iterable[str], prefix: str) -> list[str]:
    rests = (path[len(prefix) :] for path in known if path.startswith(prefix))
    return [rest for rest in rests if rest and "." not in rest]


def _is_group(root: Path, key: str) -> bool:
    """Say whether a key chooses a file of the folder of its name; rates belong to a policy."""
    plain = "." not in key and "/" not in key and key not in ("", "rates")
    return plain and os.path.isdir(root / key)
