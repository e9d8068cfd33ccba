"""What commands share: parsers with an example, key=value words, printing."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from sim.cli.columns import print_table
from sim.cli.plain import speaks_unicode
from sim.errors import BadRequest, did_you_mean

__all__ = [
    "Parser",
    "folder_of",
    "print_json",
    "print_table",
    "refuse_name",
    "setting_words",
    "split",
    "wrap",
]

_LEAST_HELP = 20  # characters of a line of help, however narrow the terminal is
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


class Parser(argparse.ArgumentParser):
    """A parser whose errors are ours, and whose help ends with an example."""

    def __init__(self, command: str, about: str, example: str) -> None:
        wide = max(shutil.get_terminal_size().columns - 2, _LEAST_HELP)
        super().__init__(
            prog=f"sim {command}",
            description=textwrap.fill(" ".join(about.split()), wide, break_on_hyphens=False),
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.add_argument("--json", action="store_true", help="print machine-readable output")
        self.add_argument("--debug", action="store_true", help="show the traceback of an error")

    def error(self, message: str) -> NoReturn:
        """Raise `BadRequest` in place of leaving the program."""
        raise BadRequest(f"{self.prog}: {message}.{self._near(message)} See: {self.prog} --help.")

    def _near(self, message: str) -> str:
        """Return the option that an unknown one is like."""
        _, _, unknown = message.partition("unrecognized arguments: ")
        for word in unknown.split():
            hint = did_you_mean(word.partition("=")[0], self._option_string_actions)
            if word.startswith("-") and hint.startswith("Did"):
                return f" {hint}"
        return ""

    def add_scenarios_folder(self) -> None:
        """Add the option that names a folder of the user's own scenarios."""
        self.add_argument(
            "--scenarios", metavar="DIR", help="folder of your own scenario files (./scenarios)"
        )

    def add_outside_range(self) -> None:
        """Add the option that lets beliefs lie outside their own range."""
        self.add_argument(
            "--outside-range",
            action="store_true",
            help="let beliefs be set outside their own range; every output says so",
        )


def folder_of(outputs: str, kind: str, name: str, option: str = "study") -> Path:
    """Return the folder of a named report or study, or raise `BadRequest` if it cannot be one.

    ``option`` is what the name was given as, for the message.
    """
    from sim.config.roots import folder_problem

    refuse_name(name, option)
    folder = Path(outputs) / kind / name
    problem = folder_problem(str(folder))
    if problem is not None:
        raise BadRequest(f"{option} {name}: {problem}")
    return folder


def refuse_name(name: str, option: str = "study") -> None:
    """Refuse a name that cannot be a folder's, whatever the file system."""
    from sim.config.roots import LONGEST_NAME

    if len(name) > LONGEST_NAME:
        raise BadRequest(
            f"{option} {name[:20]}...: a name of {len(name)} letters is too long for a folder. "
            f"Give one of {LONGEST_NAME} at most."
        )
    if not _NAME.match(name):
        raise BadRequest(
            f"{option} {name!r} cannot be the name of a folder. "
            f"Use letters, digits, dots, hyphens and underscores, such as first."
        )


def split(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Part names from key=value words, in their order.

    >>> split(["baseline", "world=tiny", "flat@policy.funding.floor=-0.01"])
    (['baseline', 'flat@policy.funding.floor=-0.01'], ['world=tiny'])
    """
    from sim.config.variants import is_variant

    words = list(words)
    settings = [
        word for word in words if word.startswith("~") or ("=" in word and not is_variant(word))
    ]
    return [word for word in words if word not in settings], settings


def setting_words(
    settings: Sequence[str], folder: str | None, outside_range: bool = False
) -> list[str]:
    """Return key=value words with what ``--scenarios`` and ``--outside-range`` say among them."""
    from sim.config.grammar import written

    more = [] if folder is None else [f"machine.scenarios={written(folder)}"]
    return [*settings, *more, *(["machine.outside_range=true"] if outside_range else [])]


def print_json(content: object) -> None:
    """Print plain data as JSON, one document."""
    escape = not speaks_unicode(sys.stdout)
    json.dump(content, sys.stdout, indent=2, ensure_ascii=escape, allow_nan=False)
    print()


def wrap(text: str, indent: int = 0) -> str:
    """Return text wrapped at the terminal's width."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    return textwrap.fill(text, width, initial_indent=" " * indent, subsequent_indent=" " * indent)
