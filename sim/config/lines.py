"""Where in a YAML file each value is written, so that a message can name the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Lines"]

Place = tuple[str | int, ...]
"""Keys and numbers of entries on the way to a value: ``("over", "seed", 1)``."""


class Lines:
    """The lines of a YAML file, by what is written there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: Mapping[Place, int] = {}
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
            self._lines = dict(_walk(node, (), 0)) if node is not None else {}
        except (yaml.YAMLError, UnicodeDecodeError, OSError, RecursionError):
            pass  # the file is not used: whoever reads it says why

    def at(self, *place: str | int) -> str:
        """Return ``FILE line 3``: where the value is written, or the nearest thing around it."""
        for size in range(len(place), 0, -1):
            if place[:size] in self._lines:
                return f"{self.path} line {self._lines[place[:size]]}"
        return str(self.path)


def _walk(node: Any, place: Place, depth: int) -> Iterator[tuple[Place, int]]:
    if depth > 20:
        return  # nothing this package reads lies deeper; aliases may go round in circles
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _walk(value, inner, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*place, number), value.start_mark.line + 1
            yield from _walk(value, (*place, number), depth + 1)
