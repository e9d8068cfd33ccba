"""Writes the levers after sixteen into conf/config.yaml, from the fields that declare them.

``python docs/make_manual.py`` writes them, ``make values`` and ``make format`` do the same; a test
says when the manual no longer holds what the fields say.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from sim.config.models import LEVERS_AFTER_16, Policy

__all__ = ["text"]

MANUAL = Path(__file__).resolve().parents[1] / "conf" / "config.yaml"
BEGIN = (
    "  # Levers after 16, written by `make values` from sim/config/models.py: change them there.\n"
)
END = "\n# ---- Mechanisms"
AT, WIDTH = 31, 100


def text() -> str:
    """Return the whole manual with its levers after sixteen as their fields declare them."""
    now = MANUAL.read_text(encoding="utf-8")
    return now[: now.index(BEGIN)] + BEGIN + "".join(_levers()) + now[now.index(END) :]


def _levers() -> Iterator[str]:
    """Yield the lines of each group and lever."""
    at = ""
    for key, lever in LEVERS_AFTER_16.items():
        group, _, name = key.partition(".")
        if group != at:
            at = group
            yield f"  {group}:\n"
        start = f"    {name}: {_written(getattr(getattr(Policy(), group), name))}".ljust(AT - 1)
        words = textwrap.wrap(lever.manual, WIDTH - AT - 2)
        yield f"{start} # {words[0]}\n"
        yield from (f"{'' * AT}# {more}\n".rjust(AT + len(more) + 3) for more in words[1:])


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
