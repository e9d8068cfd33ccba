"""Find and read scenario files: one policy each, levers only."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.config.asked_for import instead_of
from sim.config.formula import FACTORS, WRITTEN
from sim.config.grammar import is_path, written
from sim.config.models import Policy, Settings
from sim.config.renamed import new_name
from sim.config.roots import scenario_root
from sim.config.scan import Source, read_file
from sim.errors import did_you_mean

__all__ = ["Scenario", "Shelf", "shelf"]

_KEYS = ("title", "question", "claims", "policy", "label")
_WORDS = ("title", "question", "label")
_LEVERS = tuple(Policy.model_fields)
_FROM_FILE = ("scenario", "title", "label")
_LONGEST_LABEL = 40
_ENDINGS = (".yaml", ".yml")
_EMPTY_GROUPS = (("targeting", "trigger", None),)
_CLAIM = re.compile(r"^C[1-5]$")


@dataclass(frozen=True)
class Scenario:
    """What a scenario file says: its levers as plain nested data, not yet checked for type."""

    name: str
    source: Source
    title: str
    label: str
    question: str
    claims: tuple[str, ...]
    policy: dict[str, Any]
    ours: bool

    @property
    def path(self) -> Path:
        """The file it was read from."""
        return self.source.path


@dataclass(frozen=True)
class Shelf:
    """Every scenario file at hand, by name, and what is wrong with the user's folder.

    ``refused`` gives, by name, what is wrong with a file that cannot be used whatever it says: a
    name that hides another, or that cannot be typed. Such a file troubles no other.
    """

    files: Mapping[str, Path]
    own: frozenset[str]
    problems: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)

    def read(self, name: str) -> tuple[Scenario | None, list[str]]:
        """Return a scenario and the problems of its file; None if it cannot be used."""
        name = unicodedata.normalize("NFC", name)
        if is_path(name):
            return self._read_path(Path(os.path.expanduser(name)))
        if name in self.refused:
            return None, [self.refused[name]]
        if name not in self.files:
            if told := new_name(name):
                return None, [told]
            hint = did_you_mean(name, self.files.keys() - self.refused.keys())
            return None, [f"scenario {name!r} is not known. {hint} See: sim list scenarios."]
        return _read(name, self.files[name], name in self.own)

    def _read_path(self, path: Path) -> tuple[Scenario | None, list[str]]:
        """Read a scenario, or a formula that is to be run as one, from where it lies."""
        name = unicodedata.normalize("NFC", path.stem)
        if not os.path.isfile(path):
            return None, [f"scenario: there is no file {str(path)!r}. Give the path of one."]
        if problem := _name_problem(name):
            return None, [f"{str(path)!a}: {problem} Rename the file."]
        ours = {one.casefold() for one in self.own}
        if name.casefold() in ours and path.resolve() != self.files[name.casefold()].resolve():
            return None, [f"{path}: a scenario named {name!r} is one of ours. Rename your file."]
        return _read(name, path, name in self.own)


def _read(name: str, path: Path, is_ours: bool) -> tuple[Scenario | None, list[str]]:
    """Return the scenario that a file holds; a formula is one whose policy is to pay by it."""
    source = read_file(path)
    if not source.problems and source.content.keys() & {*FACTORS, "solve", "base"}:
        return _of_formula(name, source)
    problems = source.problems or list(_content_problems(source))
    return (None, problems) if problems else (_scenario(name, source, is_ours), [])


def _of_formula(name: str, source: Source) -> tuple[Scenario | None, list[str]]:
    """Return the policy that pays by a file of rates; the rates are read where it is composed."""
    plain = name.replace("_", " ").replace("-", " ")
    told = {"title": plain[:1].upper() + plain[1:]} | {
        key: source.content[key] for key in _WORDS if key in source.content
    }
    words = Source(source.path, told, source.lines)
    if problems := list(_content_problems(words)):
        return None, problems
    pays = {"funding": {"rule": WRITTEN, "rates": f"./{source.path.name}"}}
    return replace(_scenario(name, words, False), policy=pays), []


def shelf(user_folder: str | Path = "scenarios") -> Shelf:
    """Return our scenarios and those of a user's folder (an absent default folder is empty).

    A user's file named like one of ours is a problem: a result could not say which it ran.
    """
    root = scenario_root()
    ours, _ = _files(root)
    folder = Path(os.path.expanduser(user_folder))
    is_folder = os.path.isdir(folder)
    if is_folder and folder.resolve() == root.resolve():
        return Shelf(ours, frozenset(ours))
    problems = []
    if not is_folder and (str(user_folder) != "scenarios" or os.path.lexists(folder)):
        problems.append(
            f"machine.scenarios: {str(user_folder)!r} is not a folder. "
            f"Give the folder of your own scenario files with --scenarios DIR."
        )
    try:
        theirs, refused = _files(folder)
    except OSError as error:
        problems.append(f"machine.scenarios: {folder}: cannot be listed ({error.strerror}).")
        theirs, refused = {}, {}
    hiding = _clashes(ours, theirs, folder)
    problems += [hiding[name] for name in hiding if name in ours]
    return Shelf({**theirs, **ours}, frozenset(ours), tuple(problems), {**refused, **hiding})


def _files(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Return the scenario files of a folder by name, and by name those that cannot be used.

    What editors and file sharing leave behind is passed over: hidden files, links to nothing,
    folders. Names are composed (NFC), as people type them.
    """
    files: dict[str, Path] = {}
    refused: dict[str, str] = {}
    if not os.path.isdir(folder):
        return files, refused
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _ENDINGS or path.name.startswith("."):
            continue
        if not os.path.isfile(path):
            continue
        name = unicodedata.normalize("NFC", path.stem)
        twin = next((known for known in files if known.casefold() == name.casefold()), None)
        if problem := _name_problem(name):
            refused[name] = f"{str(path)!a}: {problem} Rename the file."
        elif twin is not None:
            refused[name] = refused[twin] = (
                f"{path}: {files[twin].name} beside it has the same name, but for its ending or "
                f"capitals. Rename one of them."
            )
        files.setdefault(name, path)
    return files, refused


def _name_problem(name: str) -> str | None:
    """Say why a scenario of this name could not be told from other words of a command."""
    if not name.isprintable() or any(unicodedata.category(sign) == "Cs" for sign in name):
        return "its name holds signs that cannot be written."
    if found := next((sign for sign in "=@" if sign in name), None):
        return f"{found!r} in the name of a scenario would be read as part of key=value."
    if name != name.strip() or name[:1] in "-+~":
        return "the name of a scenario cannot begin or end like that (a space, -, + or ~)."
    return None


def _clashes(ours: Mapping[str, Path], theirs: Mapping[str, Path], folder: Path) -> dict[str, str]:
    """Name the files of a user's folder that hide one of ours, capitals or not.

    A checkout of this project used with an installed copy holds the same files: no clash.
    """
    checkout = _is_checkout(folder.parent)
    plain = {name.casefold(): name for name in ours}
    return {
        name: f"{path}: a scenario named {plain[name.casefold()]!r} is one of ours. "
        f"Rename your file."
        for name, path in theirs.items()
        if name.casefold() in plain and not (checkout and name in ours and _same(path, ours[name]))
    }


def _same(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def _is_checkout(folder: Path) -> bool:
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return 'name = "placematters"' in text


def _content_problems(source: Source) -> Iterator[str]:
    """Yield what is wrong with a file of plain data, each with its line."""
    content = source.content
    for key in content:
        if key not in _KEYS:
            yield f"{source.place(key)}: {_foreign(key)}"
    title, question = content.get("title"), content.get("question")
    if title is None or title == "" or (isinstance(title, str) and not title.strip()):
        yield f"{source.place('title')}: title: missing. Give the policy a title in plain words."
    label = content.get("label")
    if isinstance(label, str) and not 0 < len(" ".join(label.split())) <= _LONGEST_LABEL:
        yield (
            f"{source.place('label')}: label: {len(label)} characters. Give 1 to {_LONGEST_LABEL}, "
            f"to stand beside a bar of a chart."
        )
    for key, told in (("title", title), ("label", label), ("question", question)):
        if told is not None and not isinstance(told, str):
            yield (
                f"{source.place(key)}: {key}: {written(told)} is not text. Put it in quotes, "
                f'such as {key}: "{written(told)}".'
            )
    claims = content.get("claims") or []
    if not isinstance(claims, list) or not all(_CLAIM.match(str(claim)) for claim in claims):
        yield (
            f"{source.place('claims')}: claims: {claims!r} is not a list of claims C1 to C5, "
            f"such as [C3]."
        )
    yield from _policy_problems(source)


def _foreign(key: str) -> str:
    """Say why a key has no place in a scenario, and where it has one."""
    known = key in Settings.model_fields and key not in _FROM_FILE
    near = did_you_mean(key, _KEYS)
    if known:
        return (
            f"{key}: a scenario may hold {', '.join(_KEYS)} and nothing else, so that it changes "
            f"policy and not the world. Take {key} out and give it as {key}=... on the command "
            f"line if you need it."
        )
    return f"{key}: a scenario may hold {', '.join(_KEYS)} and nothing else. " + (
        near if near.startswith("Did") else f"Take {key} out, or make it a comment (# {key}: ...)."
    )


def _policy_problems(source: Source) -> Iterator[str]:
    policy = source.content.get("policy")
    if policy is None:
        return
    if not isinstance(policy, dict):
        yield (
            f"{source.place('policy')}: policy: {written(policy)} is not a set of levers "
            f"({', '.join(_LEVERS)})."
        )
        return
    for lever, told in policy.items():
        place = source.place(f"policy.{lever}")
        if lever not in _LEVERS:
            told = instead_of(lever) or did_you_mean(lever, _LEVERS)
            yield f"{place}: policy.{lever}: not a lever. {told}"
        elif told is not None and not isinstance(told, dict):
            yield f"{place}: policy.{lever}: {written(told)} is not a set of keys with values."


def _scenario(name: str, source: Source, ours: bool) -> Scenario:
    content = source.content
    return Scenario(
        name=name,
        source=source,
        title=" ".join(content["title"].split()),
        label=" ".join((content.get("label") or "").split()),
        question=" ".join((content.get("question") or "").split()),
        claims=tuple(content.get("claims") or ()),
        policy=_said(content.get("policy") or {}),
        ours=ours,
    )


def _said(levers: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out groups of keys with nothing under them: nothing is set."""
    return {
        key: {
            name: entry for name, entry in told.items() if (key, name, entry) not in _EMPTY_GROUPS
        }
        for key, told in levers.items()
        if told is not None
    }
