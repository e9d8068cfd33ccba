"""Any terminal can show what we print."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from sim.cli import common
from sim.cli.plain import make_safe
from sim.show.plain import plain_text
from tests.processes import environment

TEXT = "\N{MINUS SIGN}0.5 1\N{EN DASH}2 \N{POUND SIGN}3 \N{RIGHTWARDS ARROW} caf\u00e9 \udce9"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "utf-8"])
def test_no_character_is_an_error(encoding: str) -> None:
    under = io.BytesIO()
    stream = io.TextIOWrapper(under, encoding=encoding, newline="")
    make_safe(stream)
    print(TEXT, file=stream, flush=True)
    told = under.getvalue().decode(encoding)
    assert told.endswith("?\n")
    if encoding == "ascii":
        assert told == "-0.5 1-2 GBP 3 -> cafe ?\n"


@pytest.mark.parametrize("text", ["its \N{POUND SIGN} a pupil", "its \N{POUND SIGN}33"])
def test_a_pound_in_words_has_one_space_after_it(text: str) -> None:
    under = io.BytesIO()
    stream = io.TextIOWrapper(under, encoding="ascii", newline="")
    make_safe(stream)
    print(text, file=stream, end="", flush=True)
    assert under.getvalue().decode() == plain_text(text, "ascii")
    assert "  " not in under.getvalue().decode()


def test_json_keeps_every_character_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    under = io.BytesIO()
    stream = io.TextIOWrapper(under, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    common.print_json({"title": "\N{MINUS SIGN}\u00e9"})
    stream.flush()
    assert json.loads(under.getvalue()) == {"title": "\N{MINUS SIGN}\u00e9"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_command_on_such_a_terminal_ends_well(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim", "list", "scenarios", "minus\N{MINUS SIGN}\u00e9"],
        capture_output=True, env=environment(PYTHONIOENCODING=encoding),
    )  # fmt: skip
    assert b"UnicodeEncodeError" not in done.stderr
    assert done.returncode == 2
