"""Compose settings: Hydra puts the pieces together, pydantic checks them, once a scenario.

Every problem of a request is collected, so that one message names them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf
from pydantic import ValidationError

from sim.config.belief_files import change, load
from sim.config.beliefs import Beliefs
from sim.config.models import Settings
from sim.config.names import area_codes, known_areas, rule_problem
from sim.config.overrides import Request, parse
from sim.config.problems import explain, refuse
from sim.config.roots import config_root, folder_problem
from sim.config.scan import read_yaml
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
    problems = request.problems + _repeated(scenarios) + _files_problems(root, request)
    files = shelf(request.scenario_folder)
    problems += files.problems
    beliefs, found = _beliefs(root, request)
    problems += found
    done = []
    for name in dict.fromkeys(scenarios):
        scenario, found = files.read(name)
        problems += found
        settings, found = _settings(root, request, scenario, beliefs)
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


def _files_problems(root: Path, request: Request) -> list[str]:
    """Look at the raw text of every file Hydra is about to read."""
    manual, problems = read_yaml(root / "config.yaml")
    defaults = {
        k: v
        for entry in manual.get("defaults", ())
        if isinstance(entry, dict)
        for k, v in entry.items()
    }
    for group, chosen in {**defaults, **request.choices}.items():
        if group != "beliefs":
            problems += read_yaml(root / group / f"{chosen}.yaml")[1]
    return problems


def _beliefs(root: Path, request: Request) -> tuple[Beliefs | None, list[str]]:
    """Read the set of beliefs asked for, or the one the manual names."""
    manual, _ = read_yaml(root / "config.yaml")
    name = request.choices.get("beliefs", str(manual.get("beliefs", "default")))
    beliefs, problems = load(root, name)
    if beliefs is None:
        return None, problems
    return change(beliefs, request.beliefs) if request.beliefs else (beliefs, [])


def _settings(
    root: Path, request: Request, scenario: Scenario | None, beliefs: Beliefs | None
) -> tuple[Settings | None, list[str]]:
    tree = _tree(root, request, scenario)
    tree["beliefs"] = beliefs if beliefs is not None else Beliefs(records={})
    if scenario is not None:
        tree["scenario"], tree["title"] = scenario.name, scenario.title
    problems = _outside_names(tree)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        return None, problems + explain(error, Settings, lambda p: _source(p, request, scenario))
    return settings, problems


def _tree(root: Path, request: Request, scenario: Scenario | None) -> dict[str, Any]:
    """Let Hydra compose the files, then the scenario's levers, then the overrides."""
    policy = scenario.policy if scenario is not None else {}
    ConfigStore.instance().store(
        group="scenario", name="chosen", node={"policy": policy}, package="_global_"
    )
    with initialize_config_dir(str(root), job_name="sim", version_base="1.3"):
        composed = hydra_compose("config", overrides=["+scenario=chosen", *request.hydra])
    tree = OmegaConf.to_container(composed, resolve=False)
    assert isinstance(tree, dict)
    return {str(key): value for key, value in tree.items()}


def _outside_names(tree: dict[str, Any]) -> list[str]:
    """Check names of rules and areas; turn area names into codes, in place."""
    policy = tree.get("policy")
    funding = policy.get("funding") if isinstance(policy, dict) else None
    targeting = policy.get("targeting") if isinstance(policy, dict) else None
    problems = []
    if isinstance(funding, dict) and (found := rule_problem(funding.get("rule"))):
        problems.append(found)
    areas = targeting.get("areas") if isinstance(targeting, dict) else None
    if isinstance(areas, list) and all(isinstance(area, str) for area in areas):
        codes, unknown = area_codes(areas, known_areas())
        problems += unknown
        if codes:
            targeting["areas"] = codes  # type: ignore[index]
    outputs = tree["machine"].get("outputs") if isinstance(tree["machine"], dict) else None
    if isinstance(outputs, str) and (found := folder_problem(outputs)):
        problems.append(f"machine.outputs: {found}")
    return problems


def _source(path: str, request: Request, scenario: Scenario | None) -> str:
    """Say where the value at a dotted path was set."""
    if any(_related(path, key) for key in request.paths):
        return "command line"
    if scenario is not None and any(_related(path, key) for key in _flat(scenario.policy)):
        return str(scenario.path)
    return "conf"


def _related(path: str, key: str) -> bool:
    return path == key or path.startswith(key + ".") or key.startswith(path + ".")


def _flat(levers: dict[str, Any], prefix: str = "policy") -> list[str]:
    paths = []
    for key, value in levers.items():
        path = f"{prefix}.{key}"
        paths += _flat(value, path) if isinstance(value, dict) and value else [path]
    return paths
