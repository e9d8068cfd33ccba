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

from sim.config.belief_files import change, load
from sim.config.beliefs import Beliefs
from sim.config.models import Settings
from sim.config.names import area_codes, known_areas, rule_problem
from sim.config.overrides import Request, parse
from sim.config.problems import explain, refuse
from sim.config.roots import config_root, place_problem
from sim.config.scan import Source, read_file
from sim.config.scenarios import Scenario, shelf

__all__ = ["compose", "compose_all", "compose_beliefs"]


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
        scenario, found = files.read(name)
        problems += found
        settings, found = _settings(_Pieces(manual, request, scenario), beliefs)
        problems += found
        done.append(settings)
    refuse(problems)
    return tuple(settings for settings in done if settings is not None)


def compose_beliefs(overrides: Sequence[str] = ()) -> Beliefs:
    """Return the set of beliefs that overrides choose and change; raise `BadRequest` as above."""
    root = config_root()
    request = parse(overrides, root)
    beliefs, problems = _beliefs(root, request)
    refuse(request.problems + problems)
    return beliefs if beliefs is not None else Beliefs(records={})


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
    beliefs, problems = load(root, name)
    if beliefs is None:
        return None, problems
    return change(beliefs, request.beliefs) if request.beliefs else (beliefs, [])


@dataclass(frozen=True)
class _Pieces:
    """What the settings of one scenario are put together from."""

    manual: Mapping[str, Source]
    request: Request
    scenario: Scenario | None


def _settings(pieces: _Pieces, beliefs: Beliefs | None) -> tuple[Settings | None, list[str]]:
    tree = _tree(pieces)
    tree["beliefs"] = beliefs if beliefs is not None else Beliefs(records={})
    if pieces.scenario is not None:
        tree["scenario"], tree["title"] = pieces.scenario.name, pieces.scenario.title
    problems = _outside_names(tree, pieces)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        return None, problems + explain(error, Settings, lambda path: _source(path, pieces))
    return settings, problems


def _tree(pieces: _Pieces) -> dict[str, Any]:
    """Lay the groups' files, the scenario's levers and the overrides over the manual."""
    tree = copy.deepcopy(pieces.manual[""].content)
    tree.pop("defaults", None)
    for group, source in pieces.manual.items():
        if group:
            _lay(tree, {group: copy.deepcopy(source.content)})
    if pieces.scenario is not None:
        _lay(tree, {"policy": copy.deepcopy(pieces.scenario.policy)})
    for key, value in pieces.request.sets:
        *above, last = key.split(".")
        nested = {last: copy.deepcopy(value)}
        for part in reversed(above):
            nested = {part: nested}
        _lay(tree, nested)
    return tree


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
        if codes:
            targeting["areas"] = codes  # type: ignore[index]
    outputs = tree["machine"].get("outputs") if isinstance(tree["machine"], dict) else None
    if isinstance(outputs, str) and (found := place_problem(outputs)):
        problems.append(f"machine.outputs: {found}")
    return problems


def _source(path: str, pieces: _Pieces) -> str:
    """Say where the value at a dotted path was set."""
    if any(_related(path, key) for key in pieces.request.paths):
        return "command line"
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
