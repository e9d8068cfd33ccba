"""``-v`` and ``--log FILE``: what long work does, line by line, with the time."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.cli.common import Parser
from sim.errors import BadRequest

__all__ = ["add_options", "followed"]

LINE = "%(asctime)s %(levelname)s %(message)s"
_LOGGER = logging.getLogger("sim")


def add_options(parser: Parser) -> None:
    """Add the options to a command."""
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="say on stderr when each cell begins and ends"
    )
    parser.add_argument("--log", metavar="FILE", help="add the same, and more, to a file")


@contextlib.contextmanager
def followed(given: argparse.Namespace) -> Iterator[None]:
    """Write the log of the package to where the options say, while the block runs.

    Raises:
        BadRequest: The file cannot be written.
    """
    handlers: list[logging.Handler] = []
    if given.verbose:
        handlers.append(_ToStderr(logging.INFO))
    if given.log is not None:
        handlers.append(_file(given.log))
    before = _LOGGER.level
    for handler in handlers:
        handler.setFormatter(logging.Formatter(LINE))
        _LOGGER.addHandler(handler)
        _LOGGER.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        _LOGGER.setLevel(before)
        for handler in handlers:
            _LOGGER.removeHandler(handler)
            handler.close()


def _file(name: str) -> logging.Handler:
    try:
        path = Path(name).expanduser()
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8")
    except (OSError, ValueError, RuntimeError) as error:
        told = getattr(error, "strerror", None) or error
        raise BadRequest(f"--log {name}: cannot be written ({told}). Name another file.") from None
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    return handler


class _ToStderr(logging.Handler):
    """Lines on whatever is standard error now: a live display may stand in for it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; what the progress shows anyhow is left to it, warnings to all."""
        if record.name == "sim.progress" or record.levelno >= logging.WARNING:
            return
        with contextlib.suppress(Exception):
            print(self.format(record), file=sys.stderr, flush=True)
