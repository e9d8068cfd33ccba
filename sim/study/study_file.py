"""A design in a file of ``conf/study/``: scenarios x settings x beliefs, full or sampled.

Keys of the file: ``title``; ``scenarios``; ``settings`` (the same for all cells); ``draws`` and
``replicates`` as on the command line; ``over`` (what differs); ``vary``: ``product`` (every value
with every other), ``latin_hypercube`` or ``sobol`` (``points`` of them, by ``seed``).

References:
    McKay, Beckman and Conover (1979), *A comparison of three methods for selecting values of input
    variables*; Sobol (1967), *On the distribution of points in a cube*.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.config import Beliefs, compose_all, config_root
from sim.config.composing import compose_beliefs
from sim.config.problems import explain, refuse
from sim.config.scan import read_yaml
from sim.errors import BadRequest
from sim.study.design import Design, Row, lasting, pairs_of

__all__ = ["StudyFile", "known_studies", "read_study", "source_of", "study_path"]

_BELIEF = "beliefs."
OWN_RANGE = "range"


class StudyFile(BaseModel):
    """What a study file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    scenarios: list[str] = Field(min_length=1)
    settings: dict[str, Any] = {}
    draws: int = Field(default=0, ge=0)
    replicates: int = Field(default=1, ge=1)
    vary: Literal["product", "latin_hypercube", "sobol"] = "product"
    points: int = Field(default=1, ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0)
    over: dict[str, Any] = {}


def known_studies(root: Path | None = None) -> list[str]:
    """Return the names of the study files there are."""
    folder = (config_root() if root is None else root) / "study"
    return sorted(path.stem for path in folder.glob("*.yaml"))


def study_path(name: str) -> Path | None:
    """Return the file that a name stands for: one of ours, or one's own by its path."""
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    return config_root() / "study" / f"{name}.yaml" if name in known_studies() else None


def source_of(path: Path) -> str:
    """Name the content of a study file, to know it again.

    Raises:
        BadRequest: It cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise BadRequest(
            f"{path}: cannot be read ({error.strerror}). Studies that come with the package: "
            f"{', '.join(known_studies())}."
        ) from None


def read_study(path: Path, words: Sequence[str]) -> Design:
    """Return the design of a study file, with key=value words on top of its settings.

    Raises:
        BadRequest: No such file, or it says what no study can say.
    """
    source = source_of(path)
    content, problems = read_yaml(path)
    refuse(problems)
    try:
        told = StudyFile.model_validate(content)
    except ValidationError as error:
        raise BadRequest("; ".join(explain(error, StudyFile, lambda _: str(path)))) from None
    fixed = [f"{key}={_text(value)}" for key, value in told.settings.items()]
    given = {word.partition("=")[0] for word in words}
    fixed = [word for word in fixed if word.partition("=")[0] not in given]
    fixed += [*words, f"draws={told.draws}", f"replicates={told.replicates}"]
    axes, points = _points(path, told, fixed)
    first = compose_all(told.scenarios[:1], fixed)[0]
    rows = tuple(
        Row(scenario, *pair, keys)
        for keys in points
        for pair in pairs_of(first.draws, first.replicates)
        for scenario in told.scenarios
    )
    return Design(rows, lasting(fixed), axes, source)


Points = list[tuple[tuple[str, str], ...]]


def _points(
    path: Path, told: StudyFile, fixed: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], Points]:
    """Return the values of each axis and the combinations that are run."""
    names = list(told.over)
    if told.vary == "product":
        lists = [v if isinstance(v, list) else [v] for v in told.over.values()]
        columns = [[_text(v) for v in values] for values in lists]
        combined = list(itertools.product(*columns))
    else:
        beliefs = compose_beliefs([word for word in fixed if word.startswith("beliefs")])
        sample = _sample(told, len(names))
        columns = [
            [_placed(path, key, given, u, beliefs) for u in sample[:, n]]
            for n, (key, given) in enumerate(told.over.items())
        ]
        combined = list(zip(*columns, strict=True))
    points = [tuple(zip(names, values, strict=True)) for values in combined]
    axes = {key: tuple(dict.fromkeys(c)) for key, c in zip(names, columns, strict=True)}
    return axes, points


def _sample(told: StudyFile, dimensions: int) -> Any:
    """Return (points, dimensions) numbers between 0 and 1."""
    from scipy.stats import qmc

    if told.vary == "sobol":
        if told.points & (told.points - 1):
            raise BadRequest(
                f"study: sobol with {told.points} points is not balanced. Give a power of two, "
                f"such as {1 << told.points.bit_length()}."
            )
        return qmc.Sobol(dimensions, rng=told.seed).random(told.points)
    return qmc.LatinHypercube(dimensions, rng=told.seed).random(told.points)


def _placed(path: Path, key: str, given: Any, u: float, beliefs: Beliefs) -> str:
    """Return the value at ``u`` of a belief's own distribution, or between two ends."""
    if given == OWN_RANGE:
        group, _, name = key.removeprefix(_BELIEF).partition(".")
        record = beliefs.records.get(group, {}).get(name) if key.startswith(_BELIEF) else None
        if record is None:
            raise BadRequest(f"{path}: over.{key}: not a belief, so it has no range of its own.")
        # A quantile of 0 or 1 is an end of the range, which some distributions never reach.
        value = record.at_quantile(min(max(float(u), 1e-9), 1 - 1e-9)).value
        return _text(list(value) if isinstance(value, tuple) else value)
    if isinstance(given, list) and len(given) == 2 and all(_is_number(end) for end in given):
        return _text(given[0] + float(u) * (given[1] - given[0]))
    raise BadRequest(
        f"{path}: over.{key}: {given!r} cannot be sampled. Write 'range', or [LOW, HIGH]."
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    """Write a value in Hydra's grammar."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(_text(entry) for entry in value)}]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{k}:{_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str) and any(c in value for c in " ,:[]{}'\""):
        return "'" + value.replace("'", "\\'") + "'"
    return repr(value) if isinstance(value, float) else str(value)
