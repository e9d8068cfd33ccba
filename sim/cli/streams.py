"""Outputs that were closed, or cannot be written: no error of ours, and never a traceback.

What is said on stderr is said if it can be; nothing hangs on it. A result that cannot be written
to stdout is work that failed, unless its reader (head, say) has left because it has enough.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import IO, Any, TextIO

__all__ = ["closing_problem", "open_streams"]

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))

_OPENED: list[IO[Any]] = []  # kept, for a stream that nobody holds is closed


class _Output(io.FileIO):
    """An output that remembers that it could not be written; one may lose what it cannot write."""

    problem: OSError | None = None
    lossy = False

    def write(self, data: object) -> int:
        """Write bytes, and return how many were taken."""
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            self.problem = error
            if self.lossy:
                return memoryview(data).nbytes  # type: ignore[arg-type]
            raise


def open_streams() -> None:
    """Put something in the place of streams that were closed before the program started.

    Otherwise the next file to be opened would become standard output, and receive what is printed.
    """
    for number, (name, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - it stays open
            setattr(sys, name, stream)
            _OPENED.append(stream)
            if stream.fileno() == number:
                os.set_inheritable(number, True)  # whoever we start has one as well
    sys.stdout = _watched(sys.stdout, 1)
    sys.stderr = _watched(sys.stderr, 2, lossy=True)


def closing_problem() -> str | None:
    """Write out what stdout still holds; say why it cannot be, if so, and write no more to it.

    A reader that has left is no problem.
    """
    problem: OSError | None = getattr(_raw(sys.stdout), "problem", None)
    try:
        sys.stdout.flush()
    except OSError as error:
        problem = error
    if problem is not None:
        _divert()
    if problem is None or isinstance(problem, BrokenPipeError):
        return None
    return f"the output cannot be written: {problem.strerror or problem}."


def _watched(stream: TextIO, number: int, *, lossy: bool = False) -> TextIO:
    """Return the same stream over an output that is looked after."""
    if not isinstance(stream, io.TextIOWrapper) or stream.fileno() != number:
        return stream  # somebody has put his own there
    raw = _Output(number, "w", closefd=False)
    raw.lossy = lossy
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _raw(stream: TextIO) -> object:
    return getattr(getattr(stream, "buffer", None), "raw", None)


def _divert() -> None:
    """Send to nowhere whatever is still to be written, at the end of Python as well."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
