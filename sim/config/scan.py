"""Read YAML as plain data and refuse what could do more than state values.

Interpolations (``${oc.env:HOME}``) would otherwise be resolved silently and ``_target_`` names
code to be run, so both are looked for in the raw file, before any library sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import yaml

__all__ = ["read_yaml", "unsafe"]

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPECIAL = re.compile(r"^_[a-z]+_$")


_BOOL, _FLOAT = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float"


class _Loader(_Base):  # type: ignore[misc]
    """Safe YAML 1.2 as people expect it.

    1e9 is a number, ``on`` and ``no`` are words and not truth values, and a key written twice is
    an error.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key.value!r} is written twice", key.start_mark
            )
        seen.add(key.value)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    _FLOAT,
    re.compile(r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+$"),
    list("-+.0123456789"),
)


def read_yaml(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the mapping written in a file, and what is wrong with the file.

    A file with problems gives an empty mapping: nothing in it is used.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        reason = " ".join(str(error).split())
        return {}, [f"{path}: cannot be read as YAML ({reason}). Correct the file."]
    if content is None:
        content = {}
    if not isinstance(content, dict):
        return {}, [f"{path}: holds {type(content).__name__}, not keys with values. Correct it."]
    problems = [f"{path}: {problem}" for problem in unsafe(content)]
    return ({}, problems) if problems else (content, [])


def unsafe(content: Any, where: str = "") -> Iterator[str]:
    """Yield a message for every interpolation or special key in nested plain data."""
    if isinstance(content, dict):
        for key, entry in content.items():
            place = f"{where}.{key}" if where else str(key)
            if _SPECIAL.match(str(key)):
                yield f"{place}: {key} is not allowed; YAML states values and cannot run code"
            if "${" in str(key):
                yield f"{place}: ${{...}} is not allowed; write the key itself"
            yield from unsafe(entry, place)
    elif isinstance(content, list | tuple):
        for number, entry in enumerate(content):
            yield from unsafe(entry, f"{where}[{number}]")
    elif isinstance(content, str) and "${" in content:
        yield f"{where or 'value'}: {content!r} is not allowed; write the value itself"
