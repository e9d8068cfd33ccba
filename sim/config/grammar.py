"""One grammar for values, in files and on the command line: Hydra's own.

A number means the same wherever it is written. What Hydra's grammar does not call a number, a
truth value or null is text: ``0500`` (octal elsewhere), ``0x1F``, ``1:30``, ``.inf``, ``yes``,
``2025-11-29``. Two spellings are YAML's alone: an empty value and ``~``, both null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["TooLong", "is_path", "pieces", "plain_value", "readable", "written"]

_INT = r"(?:0|[1-9](?:_?[0-9])*)"
_DIGITS = r"[0-9](?:_?[0-9])*"
_POINT = rf"(?:{_INT}\.{_DIGITS}|{_INT}\.|\.{_DIGITS})"
_WHOLE = re.compile(rf"[-+]?{_INT}")
_REAL = re.compile(
    rf"[-+]?(?:(?:{_POINT}|{_INT})[eE][-+]?{_DIGITS}|{_POINT}|[Ii][Nn][Ff]|[Nn][Aa][Nn])"
)
_CALL = re.compile(r"\w+\s*\(.*\)$")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
_LONGEST = 400  # digits; the largest number there is has 309
_OPEN, _CLOSE, _QUOTES = "[{(", "]})", "'\""


class TooLong(ValueError):
    """A number with more digits than any number has that a computer can hold."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:12]}... has {len(text)} characters, too many for a number")


def plain_value(text: str) -> bool | int | float | str | None:
    """Return what a word without quotes means.

    Raises:
        TooLong: It is a number of thousands of digits.

    >>> [plain_value(text) for text in ("1e9", "0500", "1_000", "TRUE", "yes", "5.", "~")]
    [1000000000.0, '0500', 1000, True, 'yes', 5.0, '~']
    """
    word = text.lower() if len(text) <= len("false") else ""
    if word in _WORDS:
        return _WORDS[word]
    is_whole = _WHOLE.fullmatch(text) is not None
    if not is_whole and _REAL.fullmatch(text) is None:
        return text
    if len(text) > _LONGEST:
        raise TooLong(text)
    return int(text) if is_whole else float(text)


_PLAIN = r"[A-Za-z_/][\w./-]*|[0-9]{4}-[0-9]{2}"  # a word, a path, a financial year


def written(value: object) -> str:
    r"""Write a value so that the command line reads it back as the same.

    >>> written([True, None, 1e9, "a, b", "it's", "0.5", "2025-26"])
    "[true,null,1000000000.0,'a, b','it\\'s','0.5',2025-26]"
    """
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list | tuple):
        return f"[{','.join(written(entry) for entry in value)}]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{written(entry)}" for key, entry in value.items()) + "}"
    if not isinstance(value, str):
        return repr(value)
    is_plain = re.fullmatch(_PLAIN, value, re.ASCII) and plain_value(value) == value
    return value if is_plain else _quoted(value)


def _quoted(text: str) -> str:
    """Put text in single quotes; backslashes count only before a quote."""
    escaped = re.sub(r"(\\*)('|$)", lambda m: m[1] * 2 + ("\\'" if m[2] else ""), text)
    return f"'{escaped}'"


def is_path(name: str) -> bool:
    """Say whether a set of beliefs, a formula or a scenario is named by the path of its file.

    >>> is_path("default"), is_path("./mine.yaml"), is_path("mine.yml")
    (False, True, True)
    """
    return "/" in name or name.endswith((".yaml", ".yml"))


def readable(word: str) -> str:
    """Return a ``key=value`` word in Hydra's grammar, with quotes where only they are missing.

    ``machine.outputs=~/é`` and ``[Barking & Dagenham]`` mean what they say; Hydra knows no ``~``,
    ``&`` or ``é`` outside quotes. A word that stays unreadable is returned as it is.

    >>> readable("policy.targeting.areas=[Blackpool,Barking & Dagenham]")
    "policy.targeting.areas=[Blackpool,'Barking & Dagenham']"
    """
    key, equals, value = word.partition("=")
    if not equals or _is_readable(word):
        return word
    found = _mended(value.strip())
    return word if found is None else f"{key}={found}"


def _mended(value: str) -> str | None:
    """Put in quotes what cannot be read, piece by piece; None if that is not enough."""
    if value.startswith("[") and value.endswith("]"):
        inside = _mended(value[1:-1])
        return None if inside is None else f"[{inside}]"
    parts = list(pieces(value))
    if len(parts) > 1:
        mended = [_mended(part) for part in parts]
        return None if None in mended else ",".join(part for part in mended if part is not None)
    if _is_readable(f"key={value}"):
        return value
    is_structured = any(sign in value for sign in "[]{},'\"") or _CALL.match(value)
    return None if is_structured else _quoted(value)


def _is_readable(word: str) -> bool:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        OverridesParser.create().parse_override(word)
    except (HydraException, ValueError, RecursionError):
        return False
    return True


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text between commas that stand outside brackets and quotes.

    >>> list(pieces("a, [b,c], 'd,e'"))
    ['a', '[b,c]', "'d,e'"]
    """
    depth, quote, start = 0, "", 0
    for place, sign in enumerate(text):
        if quote:
            if sign == quote and not text[start:place].endswith("\\"):
                quote = ""
        elif sign in _QUOTES and not text[start:place].strip("[{( "):
            quote = sign
        elif sign in _OPEN or sign in _CLOSE:
            depth += 1 if sign in _OPEN else -1
        elif sign == "," and depth <= 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()
