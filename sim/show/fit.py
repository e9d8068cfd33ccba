"""Names of any length, in any characters, in the room a picture has.

Widths are measured, not counted: a capital W takes three times the room of an i. A name is first
wrapped; one that is still too long is shortened in its middle, and never so that it could be
taken for another.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.show.words import label

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

__all__ = ["FONT", "clean", "longest", "names_in", "shorten", "width", "wrap"]

FONT = "DejaVu Sans"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
UNKNOWN = "\N{WHITE SQUARE}"
_HEADS = (0.5, 0.7, 0.3, 0.85, 0.15, 1.0, 0.0)
"""Shares of what is kept that stand before the ellipsis, tried in this order."""


def width(text: str, size: float, weight: str = "normal") -> float:
    """Return how wide a line is, in points."""
    return sum(_advance(letter, weight) for letter in text) * size


def wrap(text: str, size: float, room: float, weight: str = "normal") -> list[str]:
    """Break text into lines of at most ``room`` points; a word that is longer is broken too."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size, weight) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and width(lines[-1] + letter, size, weight) > room:
                lines.append("")
            lines[-1] += letter
    return lines


def names_in(scenarios: Sequence[str], size: float, room: float, most: int = 2) -> dict[str, str]:
    """Return names as they stand in a chart: at most ``most`` lines of ``room`` points each.

    No two are alike, in whatever their middles had to be shortened.
    """
    whole = {name: clean(label(name)) for name in scenarios}
    for head in _HEADS:
        found = {name: _fitted(text, size, room, most, head) for name, text in whole.items()}
        if len(set(found.values())) == len(found):
            return found
    return {
        name: _fitted(f"{i + 1}. {text}", size, room, most, 0.5)
        for i, (name, text) in enumerate(whole.items())
    }


def shorten(text: str, size: float, room: float) -> str:
    """Return text on one line of ``room`` points, its middle left out if need be."""
    return _fitted(clean(text), size, room, 1, 0.5)


def longest(labels: Sequence[str], size: float) -> float:
    """Return the width of the widest line of all labels, in points."""
    return max((width(line, size) for text in labels for line in text.split("\n")), default=0.0)


def clean(text: str) -> str:
    r"""Return text without what the font of the charts cannot draw or what has no shape.

    >>> clean("a\u200bb\tc")
    'ab c'
    """
    known = _drawn()
    kept = []
    for letter in " ".join(text.split()):
        kind = unicodedata.category(letter)
        if kind in ("Cf", "Cc") or letter in "\ufe0e\ufe0f":
            continue
        kept.append(letter if ord(letter) in known else UNKNOWN)
    return "".join(kept) or UNKNOWN


def _fitted(text: str, size: float, room: float, most: int, head: float) -> str:
    lines = wrap(text, size, room)
    keep = len(text)
    while len(lines) > most and keep > 1:
        keep -= 1
        first = round(head * keep)
        last = keep - first
        short = f"{text[:first].rstrip()}{ELLIPSIS}{text[len(text) - last :].lstrip()}"
        lines = wrap(short, size, room)
    return "\n".join(lines)


@lru_cache(maxsize=4096)
def _advance(letter: str, weight: str) -> float:
    """Width of a letter in a font of size 1."""
    from matplotlib.textpath import text_to_path

    font = _font(weight).copy()
    font.set_size(100)
    pair = (
        text_to_path.get_text_width_height_descent(t, font, ismath=False)[0]
        for t in (f"{letter}x", "x")
    )
    both, alone = pair
    return float(both - alone) / 100


@lru_cache(maxsize=2)
def _font(weight: str) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FONT, weight=weight)


@lru_cache(maxsize=1)
def _drawn() -> frozenset[int]:
    """Characters the font has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(_font("normal"))).get_charmap())
