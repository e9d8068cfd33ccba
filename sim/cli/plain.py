"""Characters for terminals that lack them: plain ones, never an error."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TextIO

__all__ = ["make_safe", "speaks_unicode"]

_NAME = "sim.plain"
_PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{POUND SIGN}": "GBP ",
    "\N{EURO SIGN}": "EUR ",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
}


def make_safe(stream: TextIO | None) -> None:
    """Let a stream write any text: what its encoding lacks is written in plain characters."""
    codecs.register_error(_NAME, _replace)
    if stream is not None and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors=_NAME)


def speaks_unicode(stream: TextIO) -> bool:
    """Whether a stream can write every character."""
    name = getattr(stream, "encoding", None) or "ascii"
    try:
        return codecs.lookup(name).name.startswith("utf")
    except LookupError:
        return False


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain, error.object[error.start : error.end])), error.end


def plain(character: str) -> str:
    """Return the nearest there is to a character in ASCII.

    >>> plain("é"), plain("中")
    ('e', '?')
    """
    if character in _PLAIN:
        return _PLAIN[character]
    text = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return text or "?"
