"""Run commands in this process, in an empty folder, without ever starting a simulation."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from sim.cli import main


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def sim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Return a function that runs ``sim WORDS`` and gives back status and output."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        capsys.readouterr()
        status = main(list(words))
        said = capsys.readouterr()
        return Done(status, said.out, said.err)

    return run


class Api(ModuleType):
    """Stands where `sim.api` does: checks settings as it does, and notes what it was asked."""

    def __init__(self) -> None:
        super().__init__("sim.api")
        self.asked: list[tuple[Any, ...]] = []
        self.answer: Any = None

    def _note(self, scenarios: Sequence[str], settings: Sequence[str], *rest: Any) -> Any:
        from sim.config import compose_all

        compose_all(scenarios, settings)
        self.asked.append((list(scenarios), list(settings), *rest))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def run(self, scenario: str, *settings: str) -> Any:
        return self._note([scenario], settings)

    def compare(self, scenarios: Sequence[str], *settings: str, **options: Any) -> Any:
        return self._note(scenarios, settings, options)

    def validate(self, *settings: str, years_after: int) -> Any:
        return self._note(["baseline"], settings, years_after)

    def explain_school(self, school: int, scenario: str, *settings: str, year: int | None) -> Any:
        return self._note([scenario], settings, school, year)

    def explain_area(self, area: str, scenario: str, *settings: str, year: int | None) -> Any:
        return self._note([scenario], settings, area, year)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """Put a stand-in where commands look for `sim.api`."""
    from sim.cli import compare, explain, run, validate

    stand_in = Api()
    for command in (compare, explain, run, validate):
        monkeypatch.setattr(command, "api", stand_in)
    return stand_in
