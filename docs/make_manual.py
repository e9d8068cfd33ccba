"""Writes declared levers and switches into conf/config.yaml, as their fields declare them.

``python docs/make_manual.py`` writes them, ``make values`` and ``make format`` do the same; a test
says when the manual no longer holds what the fields say.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from sim.config.models import DECLARED_LEVERS, Policy
from sim.config.switches import Switches

__all__ = ["text"]

MANUAL = Path(__file__).resolve().parents[1] / "conf" / "config.yaml"
LEVERS = (
    "  # Levers paid with new money, written by `make values` from sim/config: change them there.\n"
)
AFTER_LEVERS = "\n# ---- Mechanisms"
SWITCHES = "switches:  # written by `make values` from sim/config/switches.py: change them there\n"
WIDTH = 100


def text() -> str:
    """Return the whole manual with these levers and switches as their fields declare them."""
    now = MANUAL.read_text(encoding="utf-8")
    middle = now[now.index(AFTER_LEVERS) : now.index(SWITCHES)]
    return "".join([now[: now.index(LEVERS)], LEVERS, *_levers(), middle, SWITCHES, *_switches()])


def _levers() -> Iterator[str]:
    """Yield the lines of each group and lever."""
    at = ""
    for key, lever in DECLARED_LEVERS.items():
        group, _, name = key.partition(".")
        if group != at:
            at = group
            yield f"  {group}:\n"
        default = getattr(getattr(Policy(), group), name)
        yield from _lines(f"    {name}: {_written(default)}", lever.manual, 31)


def _switches() -> Iterator[str]:
    """Yield the lines of each switch."""
    for name, field in Switches.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra["heading"]:
            yield f"  # {extra['heading']}\n"
        yield from _lines(f"  {name}: {_written(field.default)}", f"off: {field.description}", 24)


def _lines(key: str, words: str, column: int) -> Iterator[str]:
    """Yield a key with its comment from a column on; where the key is longer, two spaces after."""
    start = f"{key.ljust(column - 2)}  # " if len(key) > column - 2 else f"{key.ljust(column)}# "
    first, *more = textwrap.wrap(
        start + words, WIDTH - 1, subsequent_indent=" " * column + "# ", drop_whitespace=True
    )
    yield f"{first}\n"
    yield from (f"{one}\n" for one in more)


def _written(value: object) -> str:
    """Return a default as YAML writes it.

    >>> _written(False), _written(0.1), _written(("working",))
    ('false', '0.1', '[working]')
    """
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    MANUAL.write_text(text(), encoding="utf-8")
