"""Characters for terminals that lack them: plain ones, never an error."""

from __future__ import annotations

import codecs
from typing import TextIO

from sim.show.plain import plain

__all__ = ["make_safe", "speaks_unicode"]

_NAME = "sim.show.plain"


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
    text = "".join(map(plain, error.object[error.start : error.end]))
    spaced = error.object[error.end : error.end + 1] == " "  # "£ a pupil" has its space already
    return text.removesuffix(" ") if spaced else text, error.end
