"""A wish to end is heeded wherever the program stands when it comes."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, time, weakref
from sim.cli import heed_wishes_to_end

class Held:
    pass

held = Held()
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
heed_wishes_to_end()
lost = weakref.ref(held, lambda _: os.kill(os.getpid(), signal.{name}))
try:
    del held  # what the callback raises is lost, as in one that an import makes
    print("went on")
    time.sleep(20)
except KeyboardInterrupt as wish:
    print(type(wish).__name__)
"""


@pytest.mark.parametrize(("name", "wish"), [("SIGTERM", "_Ended"), ("SIGINT", "KeyboardInterrupt")])
def test_a_wish_that_a_callback_loses_is_made_again(name: str, wish: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(name=name)],
        capture_output=True, text=True, timeout=15, check=True,
    )  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["went on", wish], done.stderr
    assert "Traceback" not in done.stderr
