"""Find and read a formula that is written down: ``policy.funding.rates``.

It names a file of ``conf/rates/`` or the path of one of one's own, or holds the rates itself. A
file may begin with ``base: OTHER`` and then give only what differs; without ``base`` it pays what
it states and nothing else. Single rates are laid over it (``policy.funding.rates.fsm6=2500``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from sim.codes import PHASES
from sim.config.formula import FACTORS, LINES, NOBODY, PARTS, Formula
from sim.config.grammar import is_path
from sim.config.models import Funding
from sim.config.rates_words import amount_problem, key_problem, parts_of
from sim.config.scan import read_file
from sim.data.base_year import base_year, base_years
from sim.errors import did_you_mean

__all__ = ["GUARDS", "WORDS", "Asked", "Read", "default_name", "files_of", "read_formula"]

GUARDS = ("floor", "cap", "closure", "transition")
"""Keys of a file that are levers of their own too; there ``policy.funding`` beats the file."""

WORDS = ("title", "question", "label")
"""What a file may say of itself; a formula that is run as a policy is called so."""

_OPTIONS = ("solve", "area_cost", *GUARDS)
_CLOSURES = get_args(Funding.model_fields["closure"].annotation)
_PUBLISHED = "published"
_CENTS = 100
_LEAST, _MOST = -1.0, 0.05
_LONGEST = 20  # years of a transition
_RATIO = "a yearly change as a share, such as -0.015"
Where = Callable[[str], str]


@dataclass
class Read:
    """A formula, the guards it states, and what is wrong with it (then there is no formula)."""

    formula: Formula | None = None
    guards: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass
class _Draft:
    """What has been stated so far: pence by factor and part, options, and where each stands."""

    name: str = ""
    pence: dict[str, dict[str, int]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def say(self, key: str, problem: str) -> None:
        """Note what is wrong with a key."""
        place = self.places.get(key) or self.places.get("", "policy.funding.rates")
        self.problems.append(f"{place}: {problem}")


def default_name(year: str) -> str:
    """Return the name of the published formula of a base year.

    >>> default_name("2024-25")
    'nff_2024_25'
    """
    return f"nff_{year.replace('-', '_')}"


@dataclass(frozen=True)
class Asked:
    """What ``policy.funding`` says of a formula.

    Attributes:
        rates: A name, a path, rates by factor (with ``base`` or without), or None for the
            published formula of the base year.
        year: The base year.
        guards: Floor, cap and closure as far as they are given there; they beat the file.
        where: Says where the value at a dotted path under ``policy.funding`` was set.
        beside: Folder from which a relative path is meant.
    """

    rates: object
    year: str
    guards: Mapping[str, Any]
    where: Where
    beside: Path


def read_formula(root: Path, asked: Asked) -> Read:
    """Return the formula that ``policy.funding.rates`` asks for; ``root``: the configuration."""
    draft, given, year = _Draft(), asked.rates, asked.year

    def where(path: str) -> str:
        return asked.where(f"rates.{path}" if path else "rates")

    if given is None or isinstance(given, str):
        _lay_file(draft, root / "rates", given, year, (asked.beside, where(""), ()))
    elif isinstance(given, Mapping):
        if "base" in given:
            said = (asked.beside, where("base"), ())
            _lay_file(draft, root / "rates", given["base"], year, said)
        if not draft.problems:
            own = {key: told for key, told in given.items() if key != "base"}
            draft.places |= {key: f"policy.funding.rates.{key} ({where(key)})" for key in own}
            _lay(draft, own, lambda path: f"policy.funding.rates.{path} ({where(path)})")
    else:
        draft.problems.append(
            f"policy.funding.rates ({where('')}): {given!r} is no formula. Name a file of "
            f"conf/rates ({', '.join(_known(root / 'rates'))}) or give a path such as ./mine.yaml."
        )
    draft.options |= asked.guards
    draft.places |= {key: f"policy.funding.{key} ({asked.where(key)})" for key in asked.guards}
    return _whole(draft, year)


def files_of(root: Path, given: object, beside: Path) -> list[Path]:
    """Return the files of one's own that a formula is read from, its own first."""
    files: list[Path] = []
    while True:
        given = given.get("base") if isinstance(given, Mapping) else given
        if not isinstance(given, str) or not is_path(given):
            return files
        path = beside / os.path.expanduser(given)
        if path in files or not os.path.isfile(path):
            return files
        files.append(path)
        beside, given = path.parent, read_file(path).content


def _known(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.yaml"))


def _lay_file(
    draft: _Draft, folder: Path, given: object, year: str, said: tuple[Path, str, tuple[Path, ...]]
) -> None:
    """Lay a file, and first those under it, over a draft.

    ``said``: the folder a path is from, where the name is written, the files that stand on it.
    """
    beside, where, above = said
    name = default_name(year) if given is None else given
    if not isinstance(name, str):
        draft.problems.append(f"{where}: base: {name!r} is not the name of a formula.")
        return
    path = beside / os.path.expanduser(name) if is_path(name) else folder / f"{name}.yaml"
    if not os.path.isfile(path):
        draft.problems.append(_not_there(folder, name, year, path, where))
        return
    if path.resolve() in [other.resolve() for other in above]:
        names = " -> ".join([*(other.stem for other in above), path.stem])
        draft.problems.append(f"{above[0]}: base goes round in a circle ({names}).")
        return
    source = read_file(path)
    draft.problems += source.problems
    content = {key: told for key, told in source.content.items() if key not in WORDS}
    if "base" in content and not draft.problems:
        place = source.place("base")
        _lay_file(draft, folder, content.pop("base"), year, (path.parent, place, (*above, path)))
    if not draft.problems:
        draft.name = path.stem
        draft.places |= {key: source.place(key) for key in content}
        draft.places[""] = str(path)
        _lay(draft, content, lambda key: f"{source.place(key)}: {key}")


def _not_there(folder: Path, name: str, year: str, path: Path, where: str) -> str:
    if is_path(name):
        return (
            f"policy.funding.rates ({where}): there is no file {str(path)!r}. Give the path of a "
            f"file of rates."
        )
    if name == default_name(year):
        return (
            f"policy.funding.rates: base year {year} has no file of rates ({name}). Name one with "
            f"policy.funding.rates; there are {', '.join(_known(folder))}."
        )
    return f"policy.funding.rates ({where}): {name!r} is not known. " + did_you_mean(
        name, _known(folder)
    )


def _lay(draft: _Draft, content: Mapping[str, Any], where: Where) -> None:
    """Lay what a file or a request states over a draft."""
    for key, told in content.items():
        if key in FACTORS:
            found, problems = parts_of(key, told, where)
            draft.problems += problems
            draft.pence[key] = {**draft.pence.get(key, {}), **found}
        elif key in _OPTIONS:
            draft.options[key] = told
        else:
            draft.problems.append(f"{where(key)}: {key_problem(key, (*FACTORS, *_OPTIONS))}")


def _whole(draft: _Draft, year: str) -> Read:
    """Return the formula that a draft makes, once its parts fit together."""
    is_read = not draft.problems
    for key in FACTORS if is_read else ():
        told = draft.pence.get(key, {})
        if lacking := [part for part in PARTS[key] if told and part not in told]:
            draft.say(key, f"{key}: lacks {', '.join(lacking)}. Give each; 0 pays nothing.")
    for phase in PHASES:
        rates = [draft.pence.get("idaci", {}).get(f"{phase}.{band}", 0) for band in "abcdef"]
        if rates != sorted(rates, reverse=True):
            draft.say(
                "idaci",
                f"idaci.{phase}: bands are out of order: a less deprived band is paid more "
                f"({', '.join(f'{pence / _CENTS:g}' for pence in rates)}). Band a is the most "
                f"deprived: write rates that never rise from a to f.",
            )
    area_cost = draft.options.get("area_cost", True)
    if not isinstance(area_cost, bool):
        draft.say("area_cost", f"area_cost: {area_cost!r} is not true or false.")
    guards = _guards(draft, year)
    solve = _solved(draft, draft.options.get("closure"), is_read)
    if draft.problems:
        return Read(problems=draft.problems)
    whole: dict[str, object] = {"name": draft.name, "solve": solve, "area_cost": area_cost}
    whole |= {key: _shaped(key, pence) for key, pence in draft.pence.items()}
    return Read(Formula.model_validate(whole), guards)


def _shaped(key: str, told: Mapping[str, int]) -> object:
    """Return pence by part as the tuple that a formula holds."""
    flat = tuple(told[part] for part in PARTS[key])
    return (flat[:6], flat[6:]) if key == "idaci" else flat


def _solved(draft: _Draft, closure: object, is_read: bool) -> str | None:
    """Return the line that gives way, or None; note what is wrong with it."""
    solve = draft.options.get("solve", "basic")
    if solve == NOBODY and "solve" in draft.options:
        if closure != "external":
            draft.say(
                "solve",
                "solve: none, so that no line gives way and the pot is missed. Name a line "
                f"({', '.join(LINES)}), or say that new money meets it: closure: external.",
            )
        return None
    if solve not in LINES:
        hint = did_you_mean(str(solve), LINES)
        draft.say("solve", f"solve: {solve!r} is not a line of the formula. {hint}")
    elif is_read and not any(draft.pence.get(solve, {}).values()):
        said = "no rate is given for" if "solve" in draft.options else "without solve it is"
        draft.say(
            "solve",
            f"solve: {said} {solve}, the line whose rates are scaled to meet the pot, and it pays "
            f"nothing. Give it a rate, or name a line that has one with solve.",
        )
    return solve if isinstance(solve, str) else None


def _guards(draft: _Draft, year: str) -> dict[str, Any]:
    """Return floor, cap and closure as far as they are stated; note what does not fit together."""
    told = {key: draft.options[key] for key in GUARDS if key in draft.options}
    before = len(draft.problems)
    floor = told.get("floor")
    if floor == _PUBLISHED:
        known = year in base_years()
        told["floor"] = floor = base_year(year).yearly_floor / 10**6 if known else 0.0
    elif floor == NOBODY:
        told["floor"] = floor = _LEAST
    closure = told.get("closure", "balance")
    if closure not in _CLOSURES:
        hint = did_you_mean(str(closure), _CLOSURES)
        draft.say("closure", f"closure: {closure!r} is not known. {hint}")
    for key, low, high in (("floor", _LEAST, _MOST), ("cap", 0.0, 1.0)):
        if key in told and (problem := amount_problem(told[key], low, high, _RATIO)):
            draft.say(key, f"{key}: {problem}")
    years = told.get("transition", 0)
    if type(years) is not int or not 0 <= years <= _LONGEST:
        draft.say(
            "transition", f"transition: {years!r} is not a whole number of years, 0 to {_LONGEST}."
        )
    if len(draft.problems) > before:
        return {}
    told = {key: float(one) if key in ("floor", "cap") else one for key, one in told.items()}
    cap = told.get("cap")
    if cap is not None and closure == "balance":
        draft.say(
            "cap",
            f"cap: {cap:g} has no closure that it belongs to. Say who pays: closure: lower_floor, "
            f"scale_gains or external; or leave the cap out.",
        )
    if cap is not None and floor is not None and cap < float(floor):
        draft.say("cap", f"cap: {cap:g} lies below the floor of {floor:g}. Give a cap above it.")
    if floor is not None and float(floor) > 0 and closure in ("balance", "scale_gains"):
        draft.say(
            "floor",
            f"floor: nobody can pay for a floor of {floor:g} from a constant pot. Give one below "
            f"0, such as -0.015, or name who pays: closure: external or lower_floor.",
        )
    return told
