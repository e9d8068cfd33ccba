"""Writes sim/config/values.pyi, the types of all beliefs, from the records in conf/beliefs.

``python docs/make_values.py`` writes the file, ``make values`` and ``make format`` do the same; a
test says when the file is no longer what the records say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.config.belief_parts import read_set

__all__ = ["class_of", "records", "table_of", "tables", "text"]

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "conf" / "beliefs" / "default"
STUB = ROOT / "sim" / "config" / "values.pyi"
HEAD = """\
# Written by `make values` from conf/beliefs/default/: change the records, not this file.

from collections.abc import Sequence

Number = float | tuple[float, ...]

class Table(tuple[float, ...]):
    words: tuple[str, ...]

def named(words: Sequence[str], numbers: Sequence[float]) -> Table: ...

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


def table_of(words: Sequence[str]) -> str:
    """Return the name of the class of tables with these positions.

    >>> table_of(["primary", "secondary"])
    'PrimaryToSecondary'
    """
    first, last = (word.title().replace("_", "") for word in (words[0], words[-1]))
    return f"{first}To{last}"


def tables() -> Mapping[str, Sequence[str]]:
    """Return the positions of each class of tables; two classes of one name are refused."""
    found: dict[str, Sequence[str]] = {}
    for named in records().values():
        for name, record in named.items():
            if words := record.get("entries"):
                same = found.setdefault(table_of(words), words)
                if same != words:
                    raise ValueError(f"{name}: {words} and {same} begin and end alike")
    return found


def _type(record: Mapping[str, Any]) -> str:
    if words := record.get("entries"):
        return table_of(words)
    return "tuple[float, ...]" if isinstance(record["value"], list) else "float"


def records() -> Mapping[str, Mapping[str, Any]]:
    """Return all groups of records, in the order of their files."""
    return read_set(RECORDS.with_suffix(".yaml")).content


def text() -> str:
    """Return the stub: a class a group, with a number or a table for each belief."""
    parts = [HEAD]
    for table, words in tables().items():
        parts.append(f"\nclass {table}(Table):\n")
        parts += [f"    {word}: float\n" for word in words]
    for group, named in records().items():
        parts.append(f"\nclass {class_of(group)}(Group):\n")
        for name, record in named.items():
            parts.append(f"    {name}: {_type(record)}\n")
    parts.append(VALUES)
    parts += [f"    {group}: {class_of(group)}\n" for group in records()]
    return "".join(parts)


if __name__ == "__main__":
    STUB.write_text(text(), encoding="utf-8")
