"""Records of everything that has a name: scenarios, rules, metrics, beliefs, worlds, claims.

Each record holds at least ``name`` and ``title`` and is plain data, ready for JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.errors import BadRequest, did_you_mean

if TYPE_CHECKING:
    from sim.config.overrides import Request

__all__ = [
    "TOPICS",
    "beliefs",
    "claims",
    "counts",
    "find",
    "metrics",
    "rules",
    "scenarios",
    "worlds",
]

Record = dict[str, Any]


def scenarios(settings: Sequence[str] = ()) -> list[Record]:
    """Return every scenario file at hand: ours, and the user's folder if there is one.

    A file that cannot be used is a record with a ``problem`` and takes no other with it.
    """
    from sim.config.problems import refuse
    from sim.config.scenarios import shelf

    files = shelf(_request(settings).scenario_folder)
    refuse([problem for problem in files.problems if problem not in files.refused.values()])
    records: list[Record] = []
    for name in sorted({*files.files, *files.refused}):
        scenario, found = files.read(name)
        if scenario is None:
            records.append({"name": name, "title": "", "problem": "\n".join(found)})
            continue
        records.append(
            {
                "name": name,
                "title": scenario.title,
                "question": scenario.question,
                "claims": list(scenario.claims),
                "sets": scenario.policy,
                "file": str(scenario.path),
                "ours": scenario.ours,
            }
        )
    return records


def rules(settings: Sequence[str] = ()) -> list[Record]:
    """Return every funding rule, plug-ins included."""
    from sim.registry import RULES

    return RULES.describe()


def metrics(settings: Sequence[str] = ()) -> list[Record]:
    """Return every measure, and those of the public list that are absent with the reason."""
    from sim.metrics import ABSENT, catalogue

    return [{**record, "absent": ABSENT.get(record["name"])} for record in catalogue()]


def beliefs(settings: Sequence[str] = ()) -> list[Record]:
    """Return every belief of the chosen set (``beliefs=SET``, or changed one by one)."""
    from sim.config.composing import compose_beliefs

    return [
        {"name": f"{group}.{name}", "title": belief.meaning, **belief.model_dump(mode="json")}
        for group, named in compose_beliefs(settings).records.items()
        for name, belief in named.items()
    ]


def worlds(settings: Sequence[str] = ()) -> list[Record]:
    """Return every world: how much of England is simulated."""
    from sim.config import config_root

    return [
        {"name": path.stem, "title": _opening_comment(path), "use": f"world={path.stem}"}
        for path in sorted((config_root() / "world").glob("*.yaml"))
    ]


def claims(settings: Sequence[str] = ()) -> list[Record]:
    """Return every part of the five claims with the scenarios, measures and tests it has today.

    ``missing`` gives what the claim still waits for, each with a reason.
    """
    from sim.config import config_root
    from sim.config.scan import read_yaml

    content, _ = read_yaml(config_root() / "claims.yaml")
    records = []
    for claim, told in content.items():
        for part, entry in told["parts"].items():
            waiting = entry.get("missing") or {}
            records.append(
                {
                    "name": f"{claim}.{part}",
                    "title": entry["title"],
                    "claim": told["title"],
                    "fails_if": entry["fails_if"],
                    "scenarios": entry.get("scenarios") or [],
                    "measures": entry.get("measures") or [],
                    "tests": entry.get("tests") or [],
                    "missing": waiting,
                    "status": _status(entry, waiting),
                }
            )
    return records


TOPICS: Mapping[str, Callable[[Sequence[str]], list[Record]]] = MappingProxyType(
    {
        "scenarios": scenarios,
        "rules": rules,
        "metrics": metrics,
        "beliefs": beliefs,
        "worlds": worlds,
        "claims": claims,
    }
)
"""What ``sim list`` can list: each function takes key=value words and returns records."""

_TITLES = {
    "scenarios": "policies to try, one file each, levers only",
    "rules": "ways of sharing out the pot",
    "metrics": "what is measured, on three shelves",
    "beliefs": "what we think is true of the world, with range and source",
    "worlds": "how much of England is simulated",
    "claims": "the claims under test, with what tests them",
}


def counts() -> list[Record]:
    """Return one record a topic: how many there are (absent ones left out) and what they are."""
    return [
        {
            "name": topic,
            "title": _TITLES[topic],
            "count": sum(
                not (record.get("absent") or record.get("problem")) for record in lister(())
            ),
        }
        for topic, lister in TOPICS.items()
    ]


def find(name: str, settings: Sequence[str] = ()) -> list[Record]:
    """Return every record with a name, in whatever topic; the last part of a name is enough."""
    found, known = [], set()
    for topic, lister in TOPICS.items():
        for record in lister(settings):
            full = str(record["name"])
            names = {full, full.rpartition(".")[2]} if topic == "beliefs" else {full}
            known |= names
            if name in names or (topic == "claims" and full.partition(".")[0] == name):
                found.append({"what": topic.removesuffix("s"), **record})
    found = found or [reading for reading in _readings() if reading["name"] == name]
    if not found:
        raise BadRequest(
            f"{name!r} is not the name of anything. {_hint(name, known)} "
            f"See: sim list {'|'.join(TOPICS)}."
        )
    return found


def _readings() -> list[Record]:
    """Return what beliefs are said to move beside measures, with how it is looked at."""
    from sim.study.probes import catalogue

    seen = {"stage": "at once, on the process where a belief acts", "run": "at the end of a run"}
    return [
        {"what": "reading", **record, "looked at": seen[how]}
        for how in seen
        for record in catalogue(how)
    ]


def _hint(name: str, known: set[str]) -> str:
    hint = did_you_mean(name, known)
    return hint if hint.startswith("Did") else "Nothing has a name like it."


def _request(settings: Sequence[str]) -> Request:
    from sim.config import config_root
    from sim.config.overrides import parse
    from sim.config.problems import refuse

    request = parse(settings, config_root())
    refuse(request.problems)
    return request


def _status(entry: Record, waiting: Record) -> str:
    """Say in a word how far a part of a claim is: a claim without a test is never ``tested``."""
    if not entry.get("scenarios") or not entry.get("measures"):
        return "not yet"
    if not entry.get("tests"):
        return "can be run"
    return "tested in part" if waiting else "tested"


def _opening_comment(path: Path) -> str:
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)
