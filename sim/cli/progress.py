"""Progress of long work: a table that refines on a terminal, plain lines elsewhere.

Everything here goes to stderr, so that the output of a command can be kept in a file. Showing is a
courtesy: whatever goes wrong in it is noted in the log, the display is turned off, and the work
goes on.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Progress", "progress_line"]

_SECONDS_BETWEEN_LINES = 10.0
Read = Callable[[], "xr.Dataset"] | None
"""What reads the results so far, where they are worth a look."""
_LOG = logging.getLogger("sim")
_WORDS = logging.getLogger("sim.progress")
"""What the library says of long work that is not cells, such as compiling."""


class Progress:
    """Shows how far work is; use it as a context manager and hand on `watch`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._off = quiet
        self._live: Any = None
        self._table: Any = None
        self._line = ""
        self._started = time.monotonic()
        self._last = self._started - _SECONDS_BETWEEN_LINES
        self._hears = _Hears(self)
        self._level = logging.NOTSET

    def __enter__(self) -> Progress:
        self._courtesy(self._begin)
        _WORDS.addHandler(self._hears)
        self._level, level = _WORDS.level, logging.DEBUG if self._live else logging.INFO
        if not self._off:
            _WORDS.setLevel(level)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _WORDS.removeHandler(self._hears)
        _WORDS.setLevel(self._level)
        self._courtesy(self._end)

    def watch(self, done: int, planned: int, left: float | None, results: Read) -> None:
        """Note that ``done`` of ``planned`` cells are there and ``left`` seconds remain.

        ``results`` reads the cells so far when they are worth another table, else it is None.
        """
        self._courtesy(lambda: self._show(done, planned, left, results))

    def say(self, words: str) -> None:
        """Show what is being done when it is not cells."""
        self._courtesy(lambda: self._tell(words))

    def _courtesy(self, show: Callable[[], None]) -> None:
        """Show something; if that fails, show nothing any more and let the work go on."""
        if self._off:
            return
        try:
            show()
        except Exception as error:
            self._off = True
            _LOG.debug("progress is not shown any more: %s: %s", type(error).__name__, error)
            self._leave()

    def _leave(self) -> None:
        """Give a terminal back as it was, as far as it lets us."""
        live, self._live = self._live, None
        try:
            if live is not None:
                live.stop()
        except Exception as error:
            _LOG.debug("the terminal was not given back: %s: %s", type(error).__name__, error)

    def _begin(self) -> None:
        if sys.stderr is None:
            self._off = True
            return
        if not sys.stderr.isatty():
            return
        from rich.live import Live

        from sim.show.terminal import console_of

        console = console_of(sys.stderr)
        # A terminal that cannot move its cursor (TERM=dumb) gets lines, as a pipe does.
        if console.is_terminal and not console.is_dumb_terminal:
            self._live = Live(console=console, transient=True, auto_refresh=False)
            self._live.start()

    def _end(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _show(self, done: int, planned: int, left: float | None, results: Read) -> None:
        line = progress_line(done, planned, left)
        if left is None and done < planned:
            line += f", {time.monotonic() - self._started:.0f} s so far"
        if self._live is None:
            self._print_line(line, done == planned)
            return
        from rich.console import Group

        console = self._live.console
        cells = None if results is None else results()
        if cells is not None:
            from sim.show.terminal import comparison_table

            self._table = comparison_table(
                cells, width=console.width, lines=console.height - 1, encoding=console.encoding
            )
        shown = Group(line) if self._table is None else Group(self._table, line)
        if len(console.render_lines(shown)) > console.height:
            shown = Group(line)  # of a table that does not fit, the end would be cut off
        self._live.update(shown, refresh=True)

    def _tell(self, words: str) -> None:
        if self._live is None:
            print(words, file=sys.stderr, flush=True)
        else:
            self._live.update(words, refresh=True)

    def _print_line(self, line: str, last: bool) -> None:
        now = time.monotonic()
        if line == self._line:
            return
        if last or now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last, self._line = now, line
            print(line, file=sys.stderr, flush=True)


class _Hears(logging.Handler):
    """Passes on what the library says of its progress."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.DEBUG)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record."""
        self._progress.say(record.getMessage())


def progress_line(done: int, planned: int, left: float | None) -> str:
    """Say how far work is in one line.

    >>> progress_line(12, 50, 75.0)
    '12 of 50 cells, about 1 min 15 s left'
    >>> progress_line(2, 50, None)
    '2 of 50 cells, estimating the time left'
    """
    if done >= planned:
        return f"{done} of {planned} cells"
    if left is None:
        return f"{done} of {planned} cells, estimating the time left"
    minutes, seconds = divmod(round(left), 60)
    duration = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{done} of {planned} cells, about {duration} left"
