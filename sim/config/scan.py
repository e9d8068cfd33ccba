"""Read YAML as plain data and refuse what could do more than state values.

Interpolations (``${oc.env:HOME}``) would otherwise be resolved silently and ``_target_`` names
code to be run, so both are looked for in the raw file, before any library sees it. Values are read
by the grammar of the command line (`sim.config.grammar`), not by YAML's: ``0500`` is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from sim.config.grammar import TooLong, plain_value

__all__ = ["Source", "content_of", "read_file", "read_yaml", "unsafe"]

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPECIAL = re.compile(r"^_[a-z]+_$")
_TEMPLATE = re.compile(r"\{\{.*\}\}|\{%.*%\}|<<.+>>|<%.*%>", re.DOTALL)
_PLAIN, _YAML = "!plain", "tag:yaml.org,2002:"
_LARGEST = 1_000_000  # bytes of a file
_MOST = 50_000  # values of a file, aliases counted as often as they are used
_DEEPEST = 50


@dataclass
class Source:
    """What a file says: plain data, the line of every key by its dotted path, and what is wrong.

    A file with problems has no content: nothing in it is used.
    """

    path: Path
    content: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def place(self, dotted: str) -> str:
        """Return file and line of a key, or of the nearest key that holds it."""
        dotted = dotted.replace("[", ".").replace("]", "")
        while dotted and dotted not in self.lines:
            dotted = dotted.rpartition(".")[0]
        return f"{self.path}, line {self.lines[dotted]}" if dotted else str(self.path)


class _Refused(Exception):
    """Something a file may not hold, at a line (counted from nought)."""

    def __init__(self, node: yaml.Node, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1


class _Loader(_Base):  # type: ignore[misc]
    """Marks words without quotes, and decides nothing about what they mean."""

    yaml_implicit_resolvers: ClassVar[dict[str | None, list[tuple[str, re.Pattern[str]]]]] = {
        None: [(_PLAIN, re.compile(""))]
    }


def read_yaml(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the mapping written in a file, and what is wrong with the file."""
    source = read_file(path)
    return source.content, source.problems


def read_file(path: Path) -> Source:
    """Return what is written in a file, with its lines and its problems."""
    source = Source(path)
    try:
        node = _composed(path)
        content = {} if node is None else _Reading(source.lines).value(node, "", 0)
    except _Refused as error:
        source.problems = [f"{path}, line {error.line}: {error}. Correct the file."]
        return source
    except (yaml.YAMLError, UnicodeDecodeError, OSError, RecursionError, ValueError) as error:
        told = f"{path}: cannot be read as YAML ({_reason(error)}). {_gap(path, error)}"
        source.problems = [f"{told}Correct the file."]
        return source
    if content is None:
        content = {}
    if isinstance(content, dict):
        source.problems = [
            f"{source.place(problem.partition(': ')[0])}: {problem}" for problem in unsafe(content)
        ]
        source.content = {} if source.problems else content
    else:
        kind = type(content).__name__
        source.problems = [f"{path}: holds {kind}, not keys with values. Correct it."]
    return source


def content_of(path: Path) -> bytes:
    """Return what is in a file, to know it again; nothing for one that cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "brackets are nested too deep"
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"line {mark.line + 1}: {getattr(error, 'problem', error)}"
    return " ".join(str(getattr(error, "strerror", None) or error).split())


def _gap(path: Path, error: Exception) -> str:
    """Name what was left to fill in, if the line that cannot be read holds such a thing."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return ""
    lines = content_of(path).decode("utf-8", "replace").splitlines()
    near = " ".join(lines[max(0, mark.line - 1) : mark.line + 1])
    found = re.search(r"\?{3}|\{\{.*?\}\}|\{%.*?%\}", near)
    return f"{found[0]!r} stands for a value that is missing; write the value. " if found else ""


def _composed(path: Path) -> yaml.Node | None:
    """Return the file as a tree of nodes; look at its depth before anything recurses into it."""
    with path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise ValueError(f"more than {_LARGEST:,} bytes")
    text = raw.decode("utf-8-sig")
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


class _Reading:
    """Turns nodes into plain data and notes the line of each key."""

    def __init__(self, lines: dict[str, int]) -> None:
        self.lines, self.count = lines, 0

    def value(self, node: yaml.Node, path: str, depth: int) -> Any:
        """Return the value of a node; ``path`` is its dotted place in the file."""
        self.count += 1
        if self.count > _MOST or depth > _DEEPEST:
            raise _Refused(node, f"more than {_MOST:,} values, or aliases within aliases")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == _YAML + "seq":
            for number, entry in enumerate(node.value):
                self.lines[f"{path}.{number}"] = entry.start_mark.line + 1
            return [
                self.value(entry, f"{path}.{number}", depth + 1)
                for number, entry in enumerate(node.value)
            ]
        if isinstance(node, yaml.MappingNode) and node.tag == _YAML + "map":
            return self._mapping(node, path, depth)
        raise _Refused(node, f"cannot be read as YAML: the tag {node.tag!r} is not allowed")

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag == _YAML + "str":
            return node.value
        if node.tag != _PLAIN:
            raise _Refused(node, f"cannot be read as YAML: the tag {node.tag!r} is not allowed")
        if node.value in ("", "~"):
            return None
        try:
            return plain_value(node.value)
        except TooLong as error:
            raise _Refused(node, str(error)) from None

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, entry in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused(key, f"{_kind(key)} cannot be a key; write a word before the colon")
            name = key.value
            if name in own:
                raise _Refused(key, f"the key {name!r} is written twice")
            if name == "<<" and key.tag == _PLAIN:
                for one in _all_of(self.value(entry, path, depth + 1), entry):
                    merged = {**one, **merged}
                continue
            place = f"{path}.{name}" if path else name
            self.lines[place] = key.start_mark.line + 1
            own[name] = self.value(entry, place, depth + 1)
        return {**merged, **own}


def _kind(key: yaml.Node) -> str:
    """Say what stands where a key should; two braces are nearly always a template."""
    if isinstance(key, yaml.MappingNode):
        return "a set of keys ('{{ ... }}' is a template that was not filled in)"
    return "a list"


def _all_of(given: Any, node: yaml.Node) -> list[dict[str, Any]]:
    """Return the sets of keys that ``<<`` lays under a mapping."""
    every = given if isinstance(given, list) else [given]
    if not all(isinstance(one, dict) for one in every):
        raise _Refused(node, "<< takes keys from elsewhere (<<: *name) and nothing else")
    return every


def unsafe(content: object, where: str = "") -> Iterator[str]:
    """Yield a message for all that is no value: interpolations, templates, gaps, special keys."""
    if isinstance(content, dict):
        for key, entry in content.items():
            place = f"{where}.{key}" if where else str(key)
            if _SPECIAL.match(str(key)):
                yield f"{place}: {key} is not allowed; YAML states values and cannot run code"
            if "${" in str(key) or _TEMPLATE.search(str(key)):
                yield f"{place}: ${{...}} is not allowed; write the key itself"
            yield from unsafe(entry, place)
    elif isinstance(content, list | tuple):
        for number, entry in enumerate(content):
            yield from unsafe(entry, f"{where}[{number}]")
    elif isinstance(content, str):
        if "${" in content or _TEMPLATE.search(content):
            yield f"{where or 'value'}: {content!r} is not allowed; write the value itself"
        elif content.strip() == "???":
            yield f"{where or 'value'}: '???' stands for a value that is missing; write the value"
