"""Files that travel inside the page: one that is sent on alone still has pictures and tables.

Each is a link to a data: address with the name of the file. What would make the page larger than
a mailbox takes is a plain link to the file beside it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["LARGEST", "Link", "links"]

LARGEST = 4_500_000  # characters that all files inside a page may take together
TYPES = {
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".csv": "text/csv;charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Link:
    """A link to a file: where it leads, what it is saved as, and whether the file is inside."""

    href: str
    name: str
    inside: bool


def links(files: Mapping[str, bytes], first: Sequence[str] = ()) -> dict[str, Link]:
    """Return a link for each file, by its path in the report.

    Args:
        files: what is in them, by path.
        first: paths that are put inside before all others; then the smaller ones come first.
    """
    room = LARGEST
    found: dict[str, Link] = {}
    order = sorted(files, key=lambda path: (path not in first, len(files[path]), path))
    for path in order:
        kind = TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
        cost = 4 * len(files[path]) // 3 + 100
        inside = cost <= room
        room -= cost if inside else 0
        text = base64.b64encode(files[path]).decode() if inside else ""
        href = f"data:{kind};base64,{text}" if inside else path
        found[path] = Link(href, PurePosixPath(path).name, inside)
    return found
