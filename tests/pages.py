"""The fenced blocks of a page, for tests that follow it line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT

__all__ = ["Block", "blocks", "numbers"]

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"# ([\w./]+\.\w+)\n")


@dataclass(frozen=True)
class Block:
    """One block; ``path`` is the file its first line says it should be saved as."""

    language: str
    text: str

    @property
    def path(self) -> Path | None:
        found = _PATH.match(self.text)
        return None if found is None or self.language == "sh" else Path(found.group(1))


def blocks(page: str, *languages: str) -> list[Block]:
    """Blocks of a page of the project in their order, all or those of some languages."""
    text = (ROOT / page).read_text(encoding="utf-8")
    every = [Block(language, body) for language, body in _FENCED.findall(text)]
    return [block for block in every if not languages or block.language in languages]


def numbers(text: str) -> list[str]:
    """Numbers with decimals in a text, as printed, without their sign."""
    return re.findall(r"\d+\.\d+", text)
