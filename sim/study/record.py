"""The record of a comparison: all that its results depend on, read back to run it again.

It holds no host, no user and no path. ``content`` has the content digest of every cell and of
``results.nc``, so that a replay can say whether it found the same.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.cache import PACKAGE
from sim.config import Machine, Settings
from sim.config.beliefs import Belief, allowing
from sim.config.composing import compose_beliefs
from sim.config.identity import identity
from sim.config.marks import LIST, OUTSIDE, PLACES, PLACES_NOTE
from sim.config.renamed import BELIEFS, new_belief
from sim.data import facts
from sim.data.base_year import DEFAULT, base_year
from sim.errors import BadRequest
from sim.results import Asked, Store, results_content
from sim.study.asked_places import find_places, place_names, places_note
from sim.study.cells import at, code_digest, digest, with_rules
from sim.study.ends import at_end
from sim.study.lists import list_note
from sim.study.request import Groups, Request, label_of, response_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["command_of", "content_of", "differences", "make_record", "read_record"]

_PACKAGES = ("mesa", "numpy", "numba", "xarray", "hydra-core")
_PARTS: Mapping[str, type] = {
    "scenarios": dict,
    "settings": dict,
    "beliefs": dict,
    "draws": int,
    "replicates": int,
    "ends": list,
    "command": list,
    "content": dict,
    "code_digest": str,
}
_WANTED = "Name the record.json of a report, such as outputs/reports/first/record.json."


def command_of(scenarios: Sequence[str], overrides: Sequence[str], *options: str) -> list[str]:
    """Return the words of a comparison, without what is of one machine: folders, threads.

    >>> command_of(["baseline"], ["world=tiny", "machine.threads=2", "beliefs=/home/me/b.yaml"])
    ['sim', 'compare', 'baseline', 'world=tiny', 'beliefs=b.yaml']
    """
    kept = [word for word in overrides if not word.lstrip("+~").startswith("machine")]
    marked = ["--outside-range"] if "machine.outside_range=true" in overrides else []
    return ["sim", "compare", *scenarios, *map(_bare, kept), *marked, *options]


def _bare(word: str) -> str:
    """Leave out the folders of a path; what it holds is told by the record itself."""
    key, equals, value = word.partition("=")
    is_path = value.strip("'\"").endswith((".yaml", ".yml"))
    return f"{key}{equals}{PurePath(value.strip(chr(34) + chr(39))).name}" if is_path else word


def make_record(request: Request, done: Sequence[Asked], planned: int) -> dict[str, Any]:
    """Say everything a result depends on; content digests are added by `content_of`."""
    first = request.every[0]
    code = with_rules(code_digest(), [s.policy.funding.rule for s in request.every])
    record: dict[str, Any] = {
        "title": "Who would gain if the same schools money were shared out another way?",
        "command": list(request.command),
        "version": version("placematters"),
        "commit": _commit(),
        "python": platform.python_version(),
        "date": _today(),
        "world": first.world.name,
        "years": first.years,
        "past": first.past,
        "seed": first.seed,
        "draws": first.draws,
        "replicates": first.replicates,
        "cells": len(done),
        "planned": planned,
        "scenarios": {s.scenario: _told(s) for s in request.every},
        "settings": {s.scenario: identity(s) for s in request.every},
        "beliefs": {
            group: {key: _written(belief) for key, belief in named.items()}
            for group, named in first.beliefs.records.items()
        },
        "ends": sorted(request.ends),
        "data_digest": facts.data_digest(),
        "code_digest": code,
        "versions": {package: version(package) for package in _PACKAGES},
        "invariants": "checked after every year" if first.invariants else "not checked",
    }
    return record | _marks(request, len(done), planned)


def _told(scenario: Settings) -> dict[str, Any]:
    """Return what a scenario is called and what it does, as plain data."""
    label = {"label": scenario.label} if scenario.label else {}
    policy = scenario.policy.model_dump(mode="json")
    return {"title": scenario.title, **label, "policy": policy}


def _marks(request: Request, done: int, planned: int) -> dict[str, Any]:
    """Return what sets a comparison apart: base year, beliefs outside, lists, a budget."""
    first = request.every[0]
    marks: dict[str, Any] = {}
    if first.base_year != DEFAULT:
        marks["base_year"] = first.base_year
        marks["base_year_carried"] = list(base_year(first.base_year).carried)
    if request.against != "baseline":
        marks["against"] = request.against
    if request.places:
        marks[PLACES] = place_names(request.places)
        marks[PLACES_NOTE] = places_note(request.places, first.world)
    if outside := first.beliefs.outside:
        marks[OUTSIDE] = list(outside)
    if notes := {s.scenario: note for s in request.every if (note := list_note(s))}:
        marks[LIST] = notes
    if done < planned:
        marks["budget"] = (
            f"The budget of time allowed {done} of the {planned} cells that the tables are made "
            "of; those run last were left out: "
            "further replicates, then draws beyond the eight that a verdict needs."
        )
    return marks


def _written(belief: Belief) -> dict[str, Any]:
    """Return a record of a belief as plain data; that it is held is told where it is."""
    return belief.model_dump(mode="json", exclude=None if belief.held else {"held"})


def _today() -> str:
    """Return the date in UTC, or the one that SOURCE_DATE_EPOCH names, as builds may ask."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.now(UTC)
    return now.date().isoformat()


def _commit() -> str | None:
    """Return the commit of a checkout, with a plus sign where files differ from it."""
    if not (PACKAGE.parent / ".git").exists():
        return None
    try:
        head, changed = (
            _git(*words)
            for words in (
                ("rev-parse", "HEAD"),
                ("status", "--porcelain", "--untracked-files=no"),
            )
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}+" if changed else head


def _git(*words: str) -> str:
    command = ["git", "-C", str(PACKAGE.parent), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout.strip()


def content_of(
    results: xr.Dataset, groups: Iterable[list[Settings]], store: Store
) -> dict[str, Any]:
    """Return content digests: of ``results.nc`` and, by scenario and luck, of every cell there.

    Args:
        results: what the report holds.
        groups: the cells of the comparison, those at the ends of a belief among them.
        store: where they are.
    """
    there, cells = store.digests(), []
    for cell in (cell for group in groups for cell in group):
        name = digest(cell)
        if name in there:
            cells.append(
                {
                    "scenario": cell.scenario,
                    "draw": cell.draw,
                    "replicate": cell.replicate,
                    "vacancy_response": response_of(cell),
                    "digest": name,
                    "content_digest": store.get(name, ()).attrs["content_digest"],
                }
            )
    return {"results.nc": results_content(results), "cells": cells}


# ---- run it again --------------------------------------------------------------------------------


def read_record(path: Path, machine: Machine) -> tuple[dict[str, Any], Request]:
    """Return a record and the request in it, under the machine of today.

    Levers, settings and beliefs are those of the record, whatever scenario files say now.

    Raises:
        BadRequest: The file is no record, or of a release that held less.
    """
    path = path / "record.json" if os.path.isdir(path) else path
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadRequest(f"{path}: cannot be read ({error.strerror}). Name record.json.") from None
    except (ValueError, RecursionError) as error:
        raise BadRequest(
            f"{path}: is cut short or is not JSON ({_line(error)}). {_WANTED}"
        ) from None
    if problem := _no_record(told):
        raise BadRequest(f"{path}: {problem} {_WANTED}")
    try:
        other = _other_beliefs(told["beliefs"])
        every = tuple(_settings(told, name, machine) for name in _in_order(told))
        changed = [s.scenario for s in every if identity(s) != told["settings"][s.scenario]]
        ends = tuple(float(end) for end in told["ends"])
        command = tuple(map(str, told["command"]))
        asked = [str(one["code"]) for one in told.get(PLACES, ())]
        _by_label(told), told["code_digest"]
    except (LookupError, TypeError, AttributeError, ValidationError, ValueError) as error:
        what = f"{type(error).__name__}: {_line(error)}"
        raise BadRequest(
            f"{path}: is not a record of a comparison that can be run again ({what}). Records of "
            f"this release can; of another one, install that release."
        ) from None
    if other:
        raise BadRequest(f"{path}: {other} Install the release it was made with.")
    if changed or not every:
        raise BadRequest(
            f"{path}: its settings and beliefs do not agree with each other "
            f"({', '.join(changed) or 'no scenario'}): it was changed by hand. Take it whole."
        )
    against = str(told.get("against", "baseline"))
    places = find_places(asked, every[0].world) if asked else ()
    at_ends = {end: _at_end(every, end) for end in ends}
    return told, Request(every, at_ends, command, against, places, frozenset(_by_label(told)))


def _in_order(told: Mapping[str, Any]) -> list[str]:
    """Return the scenarios of a record in the order of its cells: its keys are sorted."""
    asked = [str(cell["scenario"]) for cell in told["content"]["cells"]]
    return [
        name for name in dict.fromkeys([*asked, *told["scenarios"]]) if name in told["scenarios"]
    ]


def _no_record(told: object) -> str:
    """Say why what a file holds is not the record of a report at all; nothing if it may be one."""
    if not isinstance(told, dict):
        kind = {list: "a list", str: "text", type(None): "nothing"}.get(type(told), "one value")
        return f"is not a record: it holds {kind}, and a record holds keys with values."
    if lacking := [key for key in _PARTS if key not in told]:
        return f"is not a record of a comparison by this release: it lacks {', '.join(lacking)}."
    wrong = [key for key, kind in _PARTS.items() if not isinstance(told[key], kind)]
    return f"is not a record: its {wrong[0]} is of another kind." if wrong else ""


def _other_beliefs(told: Mapping[str, Any]) -> str:
    """Say which beliefs of a record are not those of this release; nothing if all are."""
    ours = {
        f"{group}.{name}": belief.entries or ()
        for group, named in compose_beliefs().records.items()
        for name, belief in named.items()
    }
    given = {
        f"{group}.{name}": tuple(record.get("entries") or ())
        for group, named in told.items()
        for name, record in named.items()
    }
    if old := sorted(given.keys() & BELIEFS):
        return f"it is of another release: {(new_belief(old[0]) or '').partition(' Write')[0]}"
    for name in sorted(ours.keys() | given):
        if name not in given:
            return f"it is of another release: it lacks the belief {name}."
        if name not in ours:
            return f"it is of another release: it has a belief {name}, and this one has none."
        if given[name] != ours[name]:
            return f"it is of another release: the entries of {name} are not those of this one."
    return ""


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _settings(told: Mapping[str, Any], name: str, machine: Machine) -> Settings:
    plain = {
        **told["settings"][name],
        "scenario": name,
        "title": told["scenarios"][name]["title"],
        "label": told["scenarios"][name].get("label", ""),
        "draws": told["draws"],
        "replicates": told["replicates"],
        "beliefs": {"records": told["beliefs"]},
    }
    allowed = allowing(bool(told.get(OUTSIDE)))
    settings = Settings.model_validate_json(json.dumps(plain), context=allowed)
    return settings.model_copy(update={"machine": machine})


def _at_end(every: Sequence[Settings], end: float) -> Groups:

    moved = [at_end(one, end) for one in every]
    return [[at(one, 0, number) for one in moved] for number in range(every[0].replicates)]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what of the content of two records is not the same, and what may be why; empty if none.

    Args:
        old: The record that was run again.
        new: The record of that run.
    """
    before, now = _by_label(old), _by_label(new)
    other = [label for label in before if label in now and before[label] != now[label]]
    lacking = [label for label in before if label not in now]
    told = []
    if other:
        told.append(f"{len(other)} of {len(before)} cells hold something else, first {other[0]}")
    if lacking:
        told.append(f"{len(lacking)} of {len(before)} cells were not run, first {lacking[0]}")
    if not told:
        same = old["content"]["results.nc"] == new["content"]["results.nc"]
        if same:
            return ()
        told.append("every cell is the same, but results.nc is not: other cells lie in it")
    keys = ("version", "commit", "python", "code_digest", "data_digest", "versions")
    moved = [
        f"{k.replace('_', ' of ') if 'digest' in k else k} {_short(old.get(k))}, now "
        f"{_short(new.get(k))}"
        for k in keys
        if old.get(k) != new.get(k)
    ]
    return (*told, *moved)


def _by_label(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        label_of(c["scenario"], c["draw"], c["replicate"], c["vacancy_response"]): c[
            "content_digest"
        ]
        for c in record["content"]["cells"]
    }


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key} {own}" for key, own in value.items())
    text = str(value)
    return text[:12] if len(text) >= 40 else text
