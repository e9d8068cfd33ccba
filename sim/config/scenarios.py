"""Find and read scenario files: one policy each, levers only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.roots import scenario_root
from sim.config.scan import read_yaml
from sim.errors import did_you_mean

__all__ = ["Scenario", "Shelf", "shelf"]

_KEYS = ("title", "question", "claims", "policy")
_LEVERS = ("funding", "targeting", "post16", "higher", "hiring", "progression")
_CLAIM = re.compile(r"^C[1-5]$")


@dataclass(frozen=True)
class Scenario:
    """What a scenario file says: its levers as plain nested data, not yet checked for type."""

    name: str
    path: Path
    title: str
    question: str
    claims: tuple[str, ...]
    policy: dict[str, Any]
    ours: bool


@dataclass(frozen=True)
class Shelf:
    """Every scenario file at hand, by name, and what is wrong with the user's folder."""

    files: Mapping[str, Path]
    own: frozenset[str]
    problems: tuple[str, ...] = ()

    def read(self, name: str) -> tuple[Scenario | None, list[str]]:
        """Return a scenario and the problems of its file; None if it cannot be used."""
        if name not in self.files:
            hint = did_you_mean(name, self.files)
            return None, [f"scenario {name!r} is not known. {hint} See: sim list scenarios."]
        path = self.files[name]
        content, problems = read_yaml(path)
        if not problems:
            problems = [f"{path}: {problem}" for problem in _content_problems(content)]
        if problems:
            return None, problems
        return _scenario(name, path, content, name in self.own), []


def shelf(user_folder: str | Path = "scenarios") -> Shelf:
    """Return our scenarios and those of a user's folder (an absent default folder is empty).

    A user's file named like one of ours is a problem: a result could not say which it ran.
    """
    root = scenario_root()
    ours = _files(root)
    folder = Path(user_folder).expanduser()
    if folder.is_dir() and folder.resolve() == root.resolve():
        return Shelf(ours, frozenset(ours))
    theirs, problems = _files(folder), _clashes(ours, folder)
    if not folder.is_dir() and (str(user_folder) != "scenarios" or folder.exists()):
        problems.append(
            f"machine.scenarios: {str(user_folder)!r} is not a folder. "
            f"Give the folder of your own scenario files with --scenarios DIR."
        )
    return Shelf({**theirs, **ours}, frozenset(ours), tuple(problems))


def _files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _clashes(ours: Mapping[str, Path], folder: Path) -> list[str]:
    """Name the files of a user's folder that hide one of ours.

    A checkout of this project used with an installed copy holds the same files: no clash.
    """
    checkout = _is_checkout(folder.parent)
    return [
        f"{path}: a scenario named {name!r} is one of ours. Rename your file."
        for name, path in _files(folder).items()
        if name in ours and not (checkout and path.read_bytes() == ours[name].read_bytes())
    ]


def _is_checkout(folder: Path) -> bool:
    project = folder / "pyproject.toml"
    return project.is_file() and 'name = "placematters"' in project.read_text(encoding="utf-8")


def _content_problems(content: Mapping[str, Any]) -> list[str]:
    problems = []
    for key in content:
        if key not in _KEYS:
            problems.append(
                f"{key}: a scenario may hold {', '.join(_KEYS)} and nothing else, so that it "
                f"changes policy and not the world. Take {key} out and give it as {key}=... "
                f"on the command line if you need it."
            )
    if not isinstance(content.get("title"), str) or not content["title"].strip():
        problems.append("title: missing. Give the policy a title in plain words.")
    if not isinstance(content.get("question", ""), str):
        problems.append("question: is not text. Say in one sentence what the scenario asks.")
    claims = content.get("claims") or []
    if not isinstance(claims, list) or not all(_CLAIM.match(str(claim)) for claim in claims):
        problems.append(f"claims: {claims!r} is not a list of claims C1 to C5, such as [C3].")
    return problems + _policy_problems(content.get("policy") or {})


def _policy_problems(policy: object) -> list[str]:
    if not isinstance(policy, dict):
        return [f"policy: {policy!r} is not a set of levers ({', '.join(_LEVERS)})."]
    return [
        f"policy.{lever}: not a lever. {did_you_mean(str(lever), _LEVERS)}"
        for lever in policy
        if lever not in _LEVERS
    ] + [
        f"policy.{lever}: {policy[lever]!r} is not a set of keys with values."
        for lever in _LEVERS
        if lever in policy and not isinstance(policy[lever], dict)
    ]


def _scenario(name: str, path: Path, content: Mapping[str, Any], ours: bool) -> Scenario:
    return Scenario(
        name=name,
        path=path,
        title=" ".join(content["title"].split()),
        question=" ".join(content.get("question", "").split()),
        claims=tuple(content.get("claims") or ()),
        policy=content.get("policy") or {},
        ours=ours,
    )
