"""Writes sim/config/values.pyi, the types of all beliefs, from the records in conf/beliefs.

``python docs/make_values.py`` writes the file, ``make values`` and ``make format`` do the same; a
test says when the file is no longer what the records say.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["class_of", "records", "text"]

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "conf" / "beliefs" / "default"
STUB = ROOT / "sim" / "config" / "values.pyi"
HEAD = """\
# Written by `make values` from conf/beliefs/default/: change the records, not this file.

Number = float | tuple[float, ...]

class Group:
    def __init__(self, name: str, content: dict[str, Number]) -> None: ...
"""
VALUES = """
class Values:
    def __init__(self, groups: dict[str, Group]) -> None: ...
"""


def class_of(group: str) -> str:
    """Return the name of the class of a group of beliefs.

    >>> class_of("post16")
    'Post16Beliefs'
    """
    return f"{group.title().replace('_', '')}Beliefs"


def records() -> Mapping[str, Mapping[str, Any]]:
    """Return all groups of records, in the order of their files."""
    order = yaml.safe_load(RECORDS.with_suffix(".yaml").read_text(encoding="utf-8"))["files"]
    found: dict[str, Mapping[str, Any]] = {}
    for name in order:
        found |= yaml.safe_load((RECORDS / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def text() -> str:
    """Return the stub: a class a group, with a number or a table of numbers for each belief."""
    parts = [HEAD]
    for group, named in records().items():
        parts.append(f"\nclass {class_of(group)}(Group):\n")
        for name, record in named.items():
            kind = "tuple[float, ...]" if isinstance(record["value"], list) else "float"
            parts.append(f"    {name}: {kind}\n")
    parts.append(VALUES)
    parts += [f"    {group}: {class_of(group)}\n" for group in records()]
    return "".join(parts)


if __name__ == "__main__":
    STUB.write_text(text(), encoding="utf-8")
