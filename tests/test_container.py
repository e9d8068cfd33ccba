"""The recipe of the container image, read as text: no container can be built in these tests."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

from sim.config import compose
from tests.processes import ROOT

TEXT = (ROOT / "Containerfile").read_text()
LINES = [
    line for line in TEXT.replace("\\\n", " ").splitlines() if line and not line.startswith("#")
]


def given(word: str) -> list[str]:
    return [line.partition(" ")[2] for line in LINES if line.startswith(f"{word} ")]


def copied() -> set[str]:
    return {source for line in given("COPY") for source in line.split()[:-1]}


def test_what_is_copied_is_there_and_let_through() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    assert copied() == kept
    for source in copied():
        assert (ROOT / source).exists(), source


def test_what_building_the_package_needs_is_copied() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = told["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        "pyproject.toml", "constraints.txt", told["project"]["readme"],
        *told["project"]["license-files"], *wheel["packages"], *wheel["force-include"],
    }  # fmt: skip
    assert needed <= copied()


def test_the_base_is_a_python_we_support_by_name_only() -> None:
    (base,) = given("FROM")
    found = re.fullmatch(r"python:(3\.\d+)-slim", base)
    assert found and found[1] in ("3.11", "3.12", "3.13")
    assert not re.search(r"https?:|--index|--trusted", TEXT)


def test_it_is_installed_as_the_readme_says_and_does_not_run_as_root() -> None:
    (install,) = [line for line in given("RUN") if "pip install" in line]
    assert "-c constraints.txt ." in install
    assert "pip install -c constraints.txt" in (ROOT / "README.md").read_text()
    (user,) = given("USER")
    assert user != "root" and f"useradd --uid 1000 --create-home {user}" in install
    words = [line.split(" ")[0] for line in LINES]
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_it_runs_the_command_on_a_folder_for_outputs() -> None:
    (entry,), (command,), (volume,) = given("ENTRYPOINT"), given("CMD"), given("VOLUME")
    assert (json.loads(entry), json.loads(command)) == (["sim"], ["--help"])
    (work,) = given("WORKDIR")
    outputs = compose("baseline").machine.outputs
    assert Path(volume) == Path(work) / outputs
    for line in re.findall(r"podman run .* placematters", TEXT):
        assert f"-v ./outputs:{volume}" in line


def test_the_run_that_compiles_is_a_request_that_can_be_carried_out() -> None:
    (line,) = [line for line in given("RUN") if line.startswith("sim run ")]
    words = shlex.split(line.partition(" && ")[0])[2:]
    assert compose(words[0], words[1:]).scenario == words[0]
