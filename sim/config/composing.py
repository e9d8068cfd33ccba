"""Compose settings: files, then a scenario's levers, then overrides; pydantic checks the whole.

Overrides are in Hydra's grammar, but nothing of Hydra's own state is used or changed: a program
that uses Hydra itself, or several threads, may compose at any time. Every problem of a request is
collected, so that one message names them all.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.config.belief_files import change, files_of, load
from sim.config.beliefs import Beliefs
from sim.config.formula import WRITTEN
from sim.config.grammar import is_path
from sim.config.models import Settings
from sim.config.names import area_codes, known_areas, rule_problem
from sim.config.overrides import RATES, Request, parse
from sim.config.problems import explain, refuse
from sim.config.rates_files import GUARDS, Asked, read_formula
from sim.config.roots import config_root, place_problem
from sim.config.scan import Source, read_file
from sim.config.scenarios import Scenario, shelf
from sim.config.variants import display, levers_of, told

__all__ = ["compose", "compose_all", "compose_beliefs", "files_behind"]


def compose(scenario: str, overrides: Sequence[str] = ()) -> Settings:
    """Return the settings of one scenario with ``key=value`` overrides in Hydra's grammar.

    Raise `BadRequest` with every problem found: unknown names (with a suggestion), wrong types
    or ranges, files that hold more than values. Nothing is written.
    """
    return compose_all([scenario], overrides)[0]


def compose_all(scenarios: Sequence[str], overrides: Sequence[str] = ()) -> tuple[Settings, ...]:
    """Return the settings of several scenarios under the same overrides, as `compose` does."""
    root = config_root()
    request = parse(overrides, root)
    manual = _manual(root, request)
    problems = request.problems + _repeated(scenarios)
    problems += [problem for source in manual.values() for problem in source.problems]
    files = shelf(request.scenario_folder)
    problems += files.problems
    beliefs, found = _beliefs(root, request)
    problems += found
    done = []
    for name in dict.fromkeys(scenarios):
        scenario, unread = files.read(name if name in files.refused else levers_of(name)[0])
        problems += unread
        own, found = _own_levers(name, root, request)
        problems += found if name not in files.refused else []
        settings, found = _settings(_Pieces(manual, request, scenario, own), beliefs)
        problems += found
        done.append(settings if not unread else None)  # without its file it is the baseline
    refuse(problems + _alike([settings for settings in done if settings is not None]))
    return tuple(settings for settings in done if settings is not None)


def compose_beliefs(overrides: Sequence[str] = ()) -> Beliefs:
    """Return the set of beliefs that overrides choose and change; raise `BadRequest` as above."""
    root = config_root()
    request = parse(overrides, root)
    beliefs, problems = _beliefs(root, request)
    refuse(request.problems + problems)
    return beliefs if beliefs is not None else Beliefs(records={})


def files_behind(overrides: Sequence[str] = ()) -> list[Path]:
    """Return every file that settings under these overrides may hang on, scenarios included."""
    root = config_root()
    request = parse(overrides, root)
    own = request.choices.get("beliefs", "")
    beliefs = files_of(root, own) if is_path(own) else []
    return sorted({*root.rglob("*.yaml"), *shelf(request.scenario_folder).files.values(), *beliefs})


def _repeated(scenarios: Sequence[str]) -> list[str]:
    if not scenarios:
        return ["no scenario is named. Give at least one; see: sim list scenarios."]
    return [
        f"scenario {name!r} is named {count} times. Name it once."
        for name, count in Counter(scenarios).items()
        if count > 1
    ]


def _manual(root: Path, request: Request) -> dict[str, Source]:
    """Read ``config.yaml`` (under the empty name) and the file chosen for each group."""
    manual = read_file(root / "config.yaml")
    chosen = {
        str(group): str(name)
        for entry in manual.content.get("defaults") or ()
        if isinstance(entry, dict)
        for group, name in entry.items()
    }
    chosen.update((k, v) for k, v in request.choices.items() if k != "beliefs")
    files = {group: read_file(root / group / f"{name}.yaml") for group, name in chosen.items()}
    return {"": manual, **files}


def _beliefs(root: Path, request: Request) -> tuple[Beliefs | None, list[str]]:
    """Read the set of beliefs asked for, or the one the manual names."""
    manual = read_file(root / "config.yaml").content
    name = request.choices.get("beliefs", str(manual.get("beliefs", "default")))
    allowed = request.values.get("machine.outside_range") is True
    beliefs, problems = load(root, name, outside_range=allowed)
    if beliefs is None or not request.beliefs:
        return beliefs, problems
    return change(beliefs, request.beliefs, outside_range=allowed)


def _own_levers(name: str, root: Path, request: Request) -> tuple[Request, list[str]]:
    """Read the levers that a scenario's name sets behind an ``@``."""
    _, words = levers_of(name)
    own = parse(words, root)
    told = [one.replace("years=12", "policy.targeting.envelope_gbp=3e9") for one in own.problems]
    problems = [f"{name}: {problem}" for problem in told]
    if "@" in name and not words[0]:
        problems = [f"{name}: no lever behind the @. Write for example {name}policy.KEY=VALUE."]
    wrong = {problem.partition(":")[0] for problem in own.problems}
    for key in sorted({*own.paths, *own.choices} - wrong):
        if not key.startswith("policy."):
            problems.append(
                f"{name}: {key}: only levers (policy....) can differ between scenarios. Give "
                f"{key}=... beside them, for all."
            )
        elif any(_related(key, other) for other in request.paths):
            problems.append(f"{name}: {key} is also given for all scenarios. Give it in one place.")
    return own, problems


def _alike(every: Sequence[Settings]) -> list[str]:
    """Refuse policies of one name, and names that a table or chart would show alike."""
    if twice := _repeated([settings.scenario for settings in every]) if every else []:
        return [f"{told} Give one of their files another name." for told in twice]
    shown = Counter(settings.label or display(settings.scenario) for settings in every)
    return [
        f"scenario {settings.scenario!r}: several would be shown as {name!r}. Leave one out, or "
        f"set another label."
        for settings in every
        if shown[name := settings.label or display(settings.scenario)] > 1
        and (settings.label or "@" in settings.scenario)
    ]


@dataclass(frozen=True)
class _Pieces:
    """What the settings of one scenario are put together from."""

    manual: Mapping[str, Source]
    request: Request
    scenario: Scenario | None
    own: Request


def _settings(pieces: _Pieces, beliefs: Beliefs | None) -> tuple[Settings | None, list[str]]:
    tree = _tree(pieces)
    tree["beliefs"] = beliefs if beliefs is not None else Beliefs(records={})
    if pieces.scenario is not None:
        tree.update(_names(pieces.scenario, pieces.own.words))
    problems = _outside_names(tree, pieces) + _written_formula(tree, pieces)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        return None, problems + explain(error, Settings, lambda path: _source(path, pieces))
    return settings, problems


def _names(scenario: Scenario, levers: list[str]) -> dict[str, str]:
    """Return name, title and label of a scenario, with its own levers if it has any."""
    if not levers:
        return {"scenario": scenario.name, "title": scenario.title, "label": scenario.label}
    differs = f" ({told(levers)})"
    return {
        "scenario": f"{scenario.name}@{','.join(levers)}",
        "title": scenario.title + differs,
        "label": scenario.label + differs if scenario.label else "",
    }


def _tree(pieces: _Pieces) -> dict[str, Any]:
    """Lay the groups' files, the scenario's levers and the overrides over the manual."""
    tree = copy.deepcopy(pieces.manual[""].content)
    tree.pop("defaults", None)
    for group, source in pieces.manual.items():
        if group:
            _lay(tree, {group: copy.deepcopy(source.content)})
    if pieces.scenario is not None:
        _lay(tree, {"policy": copy.deepcopy(pieces.scenario.policy)})
    for key, value in (*_in_order(pieces.own.sets), *_in_order(pieces.request.sets)):
        if key.startswith(f"{RATES}."):
            _make_room(tree)
        *above, last = key.split(".")
        nested = {last: copy.deepcopy(value)}
        for part in reversed(above):
            nested = {part: nested}
        _lay(tree, nested)
    return tree


def _in_order(sets: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Put the name of a formula before single rates of it, whichever was given first."""
    return sorted(sets, key=lambda one: one[0].startswith(f"{RATES}."))


def _make_room(tree: dict[str, Any]) -> None:
    """Turn the name of a formula into keys, so that single rates can be laid over it."""
    funding = tree.get("policy", {}).get("funding")
    if isinstance(funding, dict) and not isinstance(funding.get("rates"), dict):
        funding["rates"] = {"base": funding.get("rates")}


def _lay(tree: dict[str, Any], over: Mapping[Any, Any]) -> None:
    """Lay nested values over a tree, in place: keys are merged, all else is replaced."""
    for key, value in over.items():
        below = tree.get(str(key))
        if isinstance(value, Mapping) and isinstance(below, dict):
            _lay(below, value)
        else:
            tree[str(key)] = value


def _outside_names(tree: dict[str, Any], pieces: _Pieces) -> list[str]:
    """Check names of rules and areas; turn area names into codes, in place."""
    policy = tree.get("policy")
    funding = policy.get("funding") if isinstance(policy, dict) else None
    targeting = policy.get("targeting") if isinstance(policy, dict) else None
    problems = []
    if isinstance(funding, dict) and (found := rule_problem(funding.get("rule"))):
        problems.append(found)
    areas = targeting.get("areas") if isinstance(targeting, dict) else None
    if isinstance(areas, list) and all(type(area) in (str, int) for area in areas):
        codes, unknown = area_codes(areas, known_areas())
        origin = _source("policy.targeting.areas", pieces)
        problems += [f"policy.targeting.areas ({origin}): {problem}" for problem in unknown]
        if codes or unknown:  # numbers that are none are told once, as areas and not as types
            targeting["areas"] = codes or list(map(str, areas))  # type: ignore[index]
    outputs = tree["machine"].get("outputs") if isinstance(tree["machine"], dict) else None
    if isinstance(outputs, str) and (found := place_problem(outputs)):
        problems.append(f"machine.outputs: {found}")
    return problems


def _written_formula(tree: dict[str, Any], pieces: _Pieces) -> list[str]:
    """Put the formula itself in the place of its name, with its floor, cap and closure."""
    policy = tree.get("policy")
    funding = policy.get("funding") if isinstance(policy, dict) else None
    if not isinstance(funding, dict):
        return []
    if funding.get("rates") is None and funding.get("rule") != WRITTEN:
        return []
    own = _given(pieces)
    guards = {
        key: funding[key]
        for key in GUARDS
        if f"policy.funding.{key}" in own and isinstance(funding.get(key), int | float | str)
    }
    asked = Asked(
        funding.get("rates"),
        str(tree.get("base_year")),
        guards,
        lambda path: _source(f"policy.funding.{path}", pieces),
        _beside(pieces),
    )
    read = read_formula(config_root(), asked)
    funding["rates"] = read.formula
    if funding.get("rule") == WRITTEN:
        funding |= {key: told for key, told in read.guards.items() if key not in guards}
    return read.problems


def _given(pieces: _Pieces) -> set[str]:
    """Return the keys that a scenario, or a request, sets."""
    said = _flat(pieces.scenario.policy) if pieces.scenario is not None else []
    for key, value in (*pieces.own.sets, *pieces.request.sets):
        said += _flat(value, key) if isinstance(value, dict) and value else [key]
    return set(said)


def _beside(pieces: _Pieces) -> Path:
    """Return the folder from which a formula's path is meant: a scenario's, or where we are."""
    asked = {*pieces.own.paths, *pieces.request.paths}
    if pieces.scenario is None or RATES in asked or f"{RATES}.base" in asked:
        return Path()
    return pieces.scenario.path.parent


def _source(path: str, pieces: _Pieces) -> str:
    """Say where the value at a dotted path was set."""
    if any(_related(path, key) for key in pieces.request.paths):
        return "command line"
    if any(_related(path, key) for key in pieces.own.paths):
        return "behind the @"
    scenario = pieces.scenario
    if scenario is not None and any(_related(path, key) for key in _flat(scenario.policy)):
        return scenario.source.place(path)
    group, _, rest = path.partition(".")
    source = pieces.manual.get(group)
    return source.place(rest) if source is not None else pieces.manual[""].place(path)


def _related(path: str, key: str) -> bool:
    return path == key or path.startswith(key + ".") or key.startswith(path + ".")


def _flat(levers: dict[str, Any], prefix: str = "policy") -> list[str]:
    paths = []
    for key, value in levers.items():
        path = f"{prefix}.{key}"
        paths += _flat(value, path) if isinstance(value, dict) and value else [path]
    return paths
