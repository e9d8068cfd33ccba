"""Writes docs/api.md from the docstrings of the public names.

``python docs/make_api.py`` writes the page, ``make docs`` does the same; a test says when the page
is no longer what the docstrings say.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sim
from sim import errors

__all__ = ["page"]

PAGE = Path(__file__).with_name("api.md")
WIDTH = 88
HEAD = """\
# The Python interface

These are all the public names. Everything else may change without notice. The page is made from
the docstrings by `make docs`; do not edit it. Its examples are run, in this order, by a test.

Scenarios are given by name, settings as `key=value` words, exactly as on the command line; every
key is explained in [`conf/config.yaml`](../conf/config.yaml). Results are
[xarray](https://docs.xarray.dev) datasets. Money is in pounds of 2024-25, attainment in points of
Attainment 8 or in standard deviations (SD), shares from 0 to 1; each table and each variable says
its unit.
"""
SECTION = re.compile(r"^(Args|Returns|Raises|Example|Examples):$", re.MULTILINE)
TITLES = {"Args": "Arguments", "Raises": "Errors", "Examples": "Example"}
# Names of types that stand for others in the sources.
ALIASES = {
    "Table": "xr.Dataset",
    "Watch": "Callable[[int, int, float | None, Any], None]",
    "Years": "int | Sequence[int] | str | None",
    "xr": "xarray",
}
FIRST = (
    "run",
    "compare",
    "open_results",
    "measure",
    "difference",
    "declared",
    "pairwise",
    "ranking",
)
ERRORS = ("SimError", "BadRequest", "WorkFailed", "InvariantBroken")


def page() -> str:
    """Return the text of the page."""
    public = [name for name in sim.__all__ if not name.startswith("__")]
    names = sorted(public, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    parts = [HEAD, *(_function(name, getattr(sim, name)) for name in names)]
    return "\n".join([*parts, _version(), _errors()])


def _function(name: str, function: Callable[..., Any]) -> str:
    """Return a heading, the signature and the docstring of a function."""
    text = inspect.getdoc(function) or ""
    first, *rest = SECTION.split(text)
    parts = [f"## `sim.{name}`", f"```python\n{_signature(name, function)}\n```", _prose(first)]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        shown = _code(body) if title.startswith("Example") else _items(title, body)
        parts.append(f"**{TITLES.get(title, title)}**\n\n{shown}")
    return "\n\n".join(parts) + "\n"


def _signature(name: str, function: Callable[..., Any]) -> str:
    """Write a signature on one line, or on one line an argument where that is too long."""
    signature = inspect.signature(function)
    arguments, keyword_only = [], False
    for one in signature.parameters.values():
        if one.kind is one.KEYWORD_ONLY and not keyword_only:
            arguments.append("*")
        keyword_only = one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        arguments.append(_argument(one))
    returns = _type(signature.return_annotation)
    plain = f"sim.{name}({', '.join(arguments)}) -> {returns}"
    if len(plain) <= WIDTH:
        return plain
    return "\n    ".join([f"sim.{name}(", *(f"{one}," for one in arguments)]) + f"\n) -> {returns}"


def _argument(one: inspect.Parameter) -> str:
    star = "*" if one.kind is one.VAR_POSITIONAL else ""
    default = "" if one.default is one.empty else f" = {one.default!r}"
    return f"{star}{one.name}: {_type(one.annotation)}{default}"


def _type(annotation: str) -> str:
    """Return an annotation with our own short names of types written out."""
    for alias, meaning in ALIASES.items():
        annotation = re.sub(rf"\b{alias}\b", meaning, annotation)
    return annotation


def _prose(text: str) -> str:
    """Turn reStructuredText's marks into Markdown's; names of ours link to their heading."""
    text = re.sub(r":func:`(\w+)`", r"`sim.\1`", text)
    return re.sub(r"``(.+?)``", r"`\1`", text).strip()


def _items(title: str, body: str) -> str:
    """Write a section as a list; what is returned is a text."""
    body = inspect.cleandoc(body)
    if title == "Returns":
        return _prose(body)
    entries = re.split(r"^(?=\S)", body, flags=re.MULTILINE)[1:]
    lines = []
    for entry in entries:
        name, _, meaning = entry.partition(":")
        lines.append(f"- `{name}`: {_prose(inspect.cleandoc(meaning))}".replace("\n", "\n  "))
    return "\n".join(lines)


def _code(body: str) -> str:
    """Return a block of code, without the marks that introduce it."""
    code = inspect.cleandoc(body.replace("::\n", "\n", 1))
    return f"```python\n{code}\n```"


def _version() -> str:
    return "## `sim.__version__`\n\nThe version of the installed package, as text.\n"


def _errors() -> str:
    """List what may be raised, with the docstrings of the classes."""
    lines = [f"- `sim.errors.{name}`: {inspect.getdoc(getattr(errors, name))}" for name in ERRORS]
    told = (
        "Whatever is raised on purpose is a `sim.errors.SimError`; its text says what is wrong,\n"
        "where, and what to do."
    )
    return f"## Errors\n\n{told}\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
