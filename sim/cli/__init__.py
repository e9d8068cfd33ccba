"""The command line: ``sim COMMAND ...``, one small file a command.

Exit status 0: done. 1: the work failed (whole results are kept). 2: the request was wrong and
nothing was written. 130: stopped by the user, 143: by a scheduler; whole results kept.
"""

from __future__ import annotations

import gc
import importlib
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, TextIO

from sim.cli.plain import make_safe
from sim.cli.streams import closing_problem, open_streams
from sim.errors import BadRequest, SimError, did_you_mean

__all__ = ["COMMANDS", "main"]


@dataclass(frozen=True)
class Command:
    """Where a command lives and what it does, known without importing it."""

    module: str
    summary: str


COMMANDS = {
    "compare": Command("sim.cli.compare", "run policies side by side: table, charts, report"),
    "sweep": Command("sim.cli.sweep", "many cells over scenarios, settings and beliefs"),
    "run": Command("sim.cli.run", "run one policy once and keep its result"),
    "list": Command("sim.cli.list_", "what there is: scenarios, rules, metrics, beliefs ..."),
    "validate": Command("sim.cli.validate", "how the baseline meets published figures"),
    "explain": Command("sim.cli.explain", "a school's or an area's pounds, clause by clause"),
    "design": Command("sim.cli.design", "rates that meet an aim best under the same budget"),
    "check": Command("sim.cli.check", "is this machine fit to run; is a result what it says"),
}
"""Every command of this release, the main one first."""

_LATER = ("calibrate", "sensitivity", "decide", "report", "explore")
_GLOBAL = ("--json", "--debug")
_SELDOM = 100_000  # objects made between two searches for circular garbage


def main(words: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit status."""
    if words is None:
        # A process of its own: imports make no circular garbage worth half a dozen searches for it.
        gc.set_threshold(_SELDOM)
        heed_wishes_to_end()
        open_streams()
        make_safe(sys.stdout)
        make_safe(sys.stderr)
        if not sys.warnoptions:  # what libraries tell programmers is nothing to users
            warnings.filterwarnings("ignore", module=r"(hydra|omegaconf)\.")
    given = list(sys.argv[1:] if words is None else words)
    debug = "--debug" in given
    return _guarded(lambda: _dispatch(given), debug=debug)


class _Ended(KeyboardInterrupt):
    """The process was asked to end, as schedulers do: it ends as it does on Ctrl-C."""


def heed_wishes_to_end() -> None:
    """End in good order on SIGTERM as on Ctrl-C, wherever the program stands when it comes."""
    signal.signal(signal.SIGTERM, _end)
    sys.unraisablehook = _wish_again


def _end(number: int, frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
    raise _Ended


def _wish_again(lost: sys.UnraisableHookArgs) -> None:
    """Repeat a wish to end that was lost: callbacks and finalisers cannot pass an error on.

    A moment later, because what is raised here would be lost as well.
    """
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    wished = lost.exc_value
    if isinstance(wished, _Ended):
        signal.signal(signal.SIGTERM, _end)

    def repeat(number: int, frame: object) -> NoReturn:
        raise _Ended if isinstance(wished, _Ended) else KeyboardInterrupt

    signal.signal(signal.SIGALRM, repeat)
    signal.setitimer(signal.ITIMER_REAL, 0.05)


def _dispatch(given: list[str]) -> int:
    options = []
    while given and given[0] in _GLOBAL:
        options.append(given.pop(0))
    if given[:1] == ["help"] and given[1:2] not in ([], ["help"]):
        with suppress(SystemExit):  # as git has it
            importlib.import_module(_command(given[1]).module).main(["--help"])
        return 0
    if not given or given[0] in ("-h", "--help", "help"):
        print(_help())
        return 0
    if given[0] == "--version":
        import sim

        print(f"sim {sim.__version__}")
        return 0
    name = given.pop(0)
    command = _command(name)
    if given[:1] == ["help"]:
        raise BadRequest(f"sim {name} help: for its help write sim help {name}.")
    _log_to(sys.stderr)
    run: Callable[[list[str]], int] = importlib.import_module(command.module).main
    return run([*options, *given])


def _command(name: str) -> Command:
    if name in COMMANDS:
        return COMMANDS[name]
    if name.startswith("-"):
        hint = did_you_mean(name, (*_GLOBAL, "--help", "--version"))
        raise BadRequest(f"option {name!r} is not known. {hint} A command comes first: sim --help.")
    if name in _LATER:
        raise BadRequest(f"sim {name}: not in this release yet. There is: {', '.join(COMMANDS)}.")
    raise BadRequest(f"{name!r} is not a command. {did_you_mean(name, COMMANDS)} See: sim --help.")


def _help() -> str:
    lines = [f"  {name:<10}{command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: sim COMMAND [...] [--json] [--debug]",
            "",
            "What would another way of sharing the same schools money do to children, and where?",
            "",
            *lines,
            "",
            "Example: sim compare baseline flat world=tiny years=15",
            "Each command has --help with an example (or: sim help compare). Settings are",
            "key=value: conf/config.yaml explains every one.",
        ]
    )


def _guarded(work: Callable[[], int], *, debug: bool) -> int:
    """Turn whatever goes wrong into a few lines on stderr and an exit status."""
    try:
        status = work()
    except SimError as error:
        status = _report(f"sim: {error}", error.exit_status, debug)
    except KeyboardInterrupt as error:
        code = 128 + (signal.SIGTERM if isinstance(error, _Ended) else signal.SIGINT)
        text = "sim: stopped. Whole results are kept; run it again to go on."
        status = _report(text, code, debug)
    except BrokenPipeError:
        status = 0  # the reader of a pipe (head, say) has enough
    except SystemExit:  # argparse has printed the help
        problem = closing_problem()
        if problem is None:
            raise
        return _report(f"sim: {problem}", 1, debug)
    except Exception as error:
        status = _unforeseen(error, debug)
    problem = closing_problem()
    if problem is None:
        return status
    return _report(f"sim: {problem} Whole results are kept.", status or 1, debug)


def _unforeseen(error: Exception, debug: bool) -> int:
    problem = closing_problem() if isinstance(error, OSError) else None
    if problem is not None:
        return _report(f"sim: {problem} Whole results are kept.", 1, debug)
    told = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    text = f"sim: an error in the program itself: {told}\nRun it again with --debug to see where."
    return _report(text, 1, debug)


def _report(text: str, status: int, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    print(text, file=sys.stderr)
    return status


def _log_to(stream: TextIO) -> None:
    """Show the library's warnings; only a program may decide where a log goes."""
    import logging

    logger = logging.getLogger("sim")
    if not logger.handlers:
        handler = logging.StreamHandler(stream)
        handler.setLevel(logging.WARNING)  # more is said where -v or --log ask for it
        handler.setFormatter(logging.Formatter("sim: %(message)s"))
        logger.addHandler(handler)
