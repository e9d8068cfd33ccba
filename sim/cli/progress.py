"""Progress of long work: a table that refines on a terminal, plain lines elsewhere.

Everything here goes to stderr, so that the output of a command can be kept in a file.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

__all__ = ["Progress"]

_SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Shows how far work is; use it as a context manager and hand on `watch`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty() and not quiet
        self._live: Any = None
        self._table: Any = None
        self._line = ""
        self._last = time.monotonic() - _SECONDS_BETWEEN_LINES

    def __enter__(self) -> Progress:
        if self._terminal:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def watch(self, done: int, planned: int, left: float | None, results: Any) -> None:
        """Note that ``done`` of ``planned`` cells are there and ``left`` seconds remain.

        ``results`` reads the cells so far when they are worth another table, else it is None.
        """
        if self._quiet:
            return
        line = progress_line(done, planned, left)
        if self._live is None:
            self._print_line(line, done == planned)
            return
        from rich.console import Group

        cells = None if results is None else results()
        if cells is not None:
            from sim.show.terminal import comparison_table

            self._table = comparison_table(cells)
        shown = Group(line) if self._table is None else Group(self._table, line)
        self._live.update(shown, refresh=True)

    def _print_line(self, line: str, last: bool) -> None:
        now = time.monotonic()
        if line == self._line:
            return
        if last or now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last, self._line = now, line
            print(line, file=sys.stderr, flush=True)


def progress_line(done: int, planned: int, left: float | None) -> str:
    """Say how far work is in one line.

    >>> progress_line(12, 50, 75.0)
    '12 of 50 cells, about 1 min 15 s left'
    """
    if done >= planned or left is None:
        return f"{done} of {planned} cells"
    minutes, seconds = divmod(round(left), 60)
    duration = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{done} of {planned} cells, about {duration} left"
