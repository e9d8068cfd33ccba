"""Characters for terminals that lack them: the nearest plain ones."""

from __future__ import annotations

import unicodedata

__all__ = ["plain", "plain_text"]

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


def plain(character: str) -> str:
    """Return the nearest there is to a character in ASCII.

    >>> plain("é"), plain("中")
    ('e', '?')
    """
    if character in _PLAIN:
        return _PLAIN[character]
    text = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return text or "?"


def plain_text(text: str, encoding: str) -> str:
    """Return a text with what an encoding lacks in plain characters, so that its width is known.

    >>> plain_text("£ a pupil, £33", "ascii"), plain_text("£33", "latin-1")
    ('GBP a pupil, GBP 33', '£33')
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fitting(sign, encoding) for sign in text).replace("GBP  ", "GBP ")
    except LookupError:  # a stream of somebody's own, that may write anything
        pass
    return text


def _fitting(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return plain(character)
    return character
