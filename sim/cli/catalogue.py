"""Records of everything that has a name: scenarios, rules, metrics, beliefs, worlds, claims.

Each record holds at least ``name`` and ``title`` and is plain data, ready for JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from sim.cli.levers import levers_of
from sim.cli.rates_listed import rates
from sim.config import compose, config_root
from sim.config.names import area_code, became, known_areas
from sim.config.problems import refuse
from sim.config.renamed import new_belief, new_name
from sim.data.base_year import DEFAULT, base_year
from sim.data.base_year import base_years as known_base_years
from sim.errors import BadRequest, did_you_mean
from sim.registry import MEASURES, RULES
from sim.tabulate.clauses import CLAUSES, PAYS_FOR

if TYPE_CHECKING:
    from sim.config.overrides import Request
    from sim.registry import Registry

__all__ = [
    "TOPICS",
    "areas",
    "base_years",
    "beliefs",
    "claims",
    "clauses",
    "counts",
    "find",
    "metrics",
    "rules",
    "scenarios",
    "schools",
    "studies",
    "worlds",
]

Record = dict[str, Any]


def scenarios(settings: Sequence[str] = ()) -> list[Record]:
    """Return every scenario file at hand: ours, and the user's folder if there is one.

    A file that cannot be used is a record with a ``problem`` and takes no other with it.
    """
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
    """Return every funding rule, plug-ins included; one that is left out has a ``fault``."""
    return [*RULES.describe(), *_faulty(RULES)]


def clauses(settings: Sequence[str] = ()) -> list[Record]:
    """Return every line that a grant of ours can have, as `sim explain` names them."""
    return [
        {"name": name, "title": words, "pays_for": PAYS_FOR[name]}
        for name, words in CLAUSES.items()
    ]


def metrics(settings: Sequence[str] = ()) -> list[Record]:
    """Return every measure, and those of the public list that are absent with the reason.

    A plug-in that is left out has a ``fault``.
    """
    from sim.tabulate import ABSENT, catalogue

    records = [{**record, "absent": ABSENT.get(record["name"])} for record in catalogue()]
    return [*records, *_faulty(MEASURES)]


def _faulty(registry: Registry[Any]) -> list[Record]:
    sound = registry.names()
    return [
        {
            "name": f"{f.name} of {f.owner.name}" if f.name in sound else f.name,
            "title": f"of {f.owner}",
            "fault": f.problem,
        }
        for f in registry.faults()
    ]


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
    return [
        {"name": path.stem, "title": _opening_comment(path), "use": f"world={path.stem}"}
        for path in sorted((config_root() / "world").glob("*.yaml"))
    ]


def base_years(settings: Sequence[str] = ()) -> list[Record]:
    """Return every financial year that can be the base year, with what it sets."""
    return [
        {
            "name": year,
            "title": "formula, pupil premium, prices and tax of "
            f"{year}{', the usual one' if year == DEFAULT else ''}",
            "use": f"base_year={year}",
            **base_year(year).in_pounds(),
            "carried": list(base_year(year).carried),
        }
        for year in known_base_years()
    ]


def areas(settings: Sequence[str] = ()) -> list[Record]:
    """Return every area of the world (``world=``; all of England if none is given)."""
    from sim.study import roster

    world = () if any(word.startswith("world") for word in settings) else ("world=england",)
    return roster.areas(compose("baseline", [*world, *settings]))


def schools(settings: Sequence[str] = ()) -> list[Record]:
    """Return every school of the world by number, or those of one area (``area=NAME``)."""
    from sim.study import roster

    named = [word for word in settings if word.startswith("area=")]
    if len(named) > 1:
        raise BadRequest(f"sim list schools takes one area, not {len(named)}: {', '.join(named)}.")
    rest = [word for word in settings if word not in named]
    area = named[0].removeprefix("area=") if named else None
    return roster.schools(compose("baseline", rest), area)


def claims(settings: Sequence[str] = ()) -> list[Record]:
    """Return every part of the five claims with the scenarios, measures and tests it has today.

    ``missing`` gives what the claim still waits for, each with a reason.
    """
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


def studies(settings: Sequence[str] = ()) -> list[Record]:
    """Return the studies that come with the package, and those kept in the folder of outputs."""
    from sim.study.known import studies as known

    where = [word for word in settings if word.startswith("machine.outputs=")]
    return known(Path(compose("baseline", where).machine.outputs))


TOPICS: Mapping[str, Callable[[Sequence[str]], list[Record]]] = MappingProxyType(
    {
        "scenarios": scenarios,
        "rules": rules,
        "rates": rates,
        "clauses": clauses,
        "metrics": metrics,
        "beliefs": beliefs,
        "worlds": worlds,
        "base_years": base_years,
        "areas": areas,
        "schools": schools,
        "studies": studies,
        "claims": claims,
    }
)
"""What ``sim list`` can list: each function takes key=value words and returns records."""

_TITLES = {
    "scenarios": "policies to try, one file each",
    "clauses": "lines of a school's grant, as sim explain names them",
    "rules": "ways of sharing out the pot",
    "rates": "formulae written in pounds, to start one of your own from",
    "metrics": "what is measured, with unit and direction",
    "beliefs": "what we think is true of the world, with range and source",
    "worlds": "how much of England is simulated",
    "base_years": "whose formula, pupil premium, prices and tax hold",
    "areas": "local authorities, with schools, pupils and FSM (world=tiny for those of a world)",
    "schools": "schools of a world by number (world=tiny, area=NAME)",
    "studies": "designs for sim sweep, and what was run here",
    "claims": "the claims under test, with what tests them",
}


def counts() -> list[Record]:
    """Return one record a topic: how many there are (absent ones left out) and what they are."""
    return [
        {
            "name": topic,
            "title": _TITLES[topic],
            "count": sum(map(_is_there, lister(()))) if topic != "schools" else _schools_there(),
        }
        for topic, lister in TOPICS.items()
    ]


def _is_there(record: Record) -> bool:
    return not any(record.get(key) for key in ("absent", "problem", "fault"))


def _schools_there() -> int:
    """Count the schools of England without building them."""
    return sum(int(record["schools"]) for record in areas())


def find(name: str, settings: Sequence[str] = ()) -> list[Record]:
    """Return every record with a name, in whatever topic and case.

    The last part of a belief's name is enough, and the code of an area; the name of a group of
    beliefs stands for all of them.
    """
    found, known, wanted = [], set(), normalize("NFC", name).casefold()
    place = _area(name)
    for topic, lister in TOPICS.items():
        if topic == "schools":
            continue  # they have numbers, which only mean something in a world
        for record in lister(settings):
            names = _names(topic, record)
            known |= names
            if wanted in {one.casefold() for one in names} or record.get("code", "") == place:
                more = _policy_in_full(record, settings) if topic == "scenarios" else {}
                found.append({"what": _ONE.get(topic, topic.removesuffix("s")), **record, **more})
    found = found or [reading for reading in _readings() if reading["name"] == wanted]
    found = found or [
        {"what": "belief", **belief}
        for belief in TOPICS["beliefs"](settings)
        if belief["name"].startswith(f"{wanted}.")
    ]
    if not found and (told := new_name(name) or new_belief(wanted)):
        raise BadRequest(told)
    if not found and (told := became(name, known_areas())):
        raise BadRequest(f"{name!r} is not an area. {told}")
    if not found:
        raise BadRequest(
            f"{name!r} is not the name of anything. {_hint(name, known)} "
            f"See: sim list {'|'.join(TOPICS)}."
        )
    return found


def _policy_in_full(record: Record, settings: Sequence[str]) -> Record:
    """Return the words of a scenario's claims, and every lever that acts under it.

    Nothing more where the file cannot be used: that is told elsewhere.
    """
    from sim.config.scan import read_yaml

    if record.get("problem"):
        return {}
    words = [word for word in settings if word.startswith("machine.scenarios=")]
    claims, _ = read_yaml(config_root() / "claims.yaml")
    try:
        levers = [lever._asdict() for lever in levers_of(record["name"], words)]
    except BadRequest as error:
        return {"problem": str(error)}
    return {"claims_in_words": {c: claims[c]["title"] for c in record["claims"]}, "levers": levers}


_ONE = {"studies": "study", "rates": "formula"}


def _area(name: str) -> str | None:
    """Return the code of the area that a name, code or number may stand for."""
    try:
        return area_code(name)
    except BadRequest:
        return None


def _names(topic: str, record: Record) -> set[str]:
    """Return everything that a record can be asked for by."""
    full = str(record["name"])
    if topic == "beliefs":
        return {full, full.rpartition(".")[2]}
    if topic == "areas":
        return {full, str(record["code"])}
    return {full, full.partition(".")[0]} if topic == "claims" else {full}


def _readings() -> list[Record]:
    """Return what beliefs are said to move beside measures, with how it is looked at."""
    from sim.evidence.probes import catalogue

    seen = {"stage": "at once, on the process where a belief acts", "run": "at the end of a run"}
    return [
        {"what": "reading", **record, "looked at": seen[how]}
        for how in seen
        for record in catalogue(how)
    ]


def _hint(name: str, known: set[str]) -> str:
    hint = did_you_mean(name, known)
    if not hint.startswith("Did"):
        hint = did_you_mean(name.title(), known)  # names of places
    return hint if hint.startswith("Did") else "Nothing has a name like it."


def _request(settings: Sequence[str]) -> Request:
    from sim.config.overrides import parse

    request = parse(settings, config_root())
    refuse(request.problems)
    return request


def _status(entry: Record, waiting: Record) -> str:
    """Say in a word how far a part of a claim is: a claim without a test never has tests."""
    if not entry.get("scenarios") or not entry.get("measures"):
        return "not yet"
    if not entry.get("tests"):
        return "can be run"
    return "has tests, in part" if waiting else "has tests"


def _opening_comment(path: Path) -> str:
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)
