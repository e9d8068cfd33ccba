"""Which beliefs decide what policy does: each moved to both ends of its range, under common luck.

A belief is a *response* if moving it over its range moves a difference between policies by more
than a tenth of the smallest difference that matters; all others shape the baseline only, and are
*level* beliefs. `benchmarks/doubt.py` measures it and keeps ``sim/tables/doubt.csv``; a test holds
``kind:`` in the belief files to that table.

References:
    Morris (1991), Technometrics 33, 161-174 (one factor at a time); Saltelli et al. (2008), *Global
    Sensitivity Analysis*, 1.2.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.config import Beliefs, compose_all
from sim.config.models import Settings
from sim.errors import WorkFailed
from sim.metrics.description import describe
from sim.metrics.primary import declared_values
from sim.metrics.tables import BASELINE, paired_difference
from sim.metrics.verdicts import DECLARED
from sim.results import Asked, Store, open_results
from sim.results.schema import FULL_EXPOSURE
from sim.study.batch import run_groups
from sim.study.cells import at, digest

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "AFTER_SCHOOL",
    "POLICIES",
    "SHARE",
    "TABLE",
    "Change",
    "largest_change",
    "measure_doubt",
    "movable",
    "moved",
    "read_table",
    "write_table",
    "years_for",
]

POLICIES = ("baseline", "pupil_need", "flat")
SHARE = 0.1
"""Share of the smallest difference that matters, beyond which a belief is a response."""

AFTER_SCHOOL = frozenset(
    {"post16", "higher", "recruitment", "funnel", "progression", "offers", "parents"}
)
"""Groups of beliefs that act after 16: they need a run in which somebody is 25."""

TABLE = Path(__file__).resolve().parents[1] / "tables" / "doubt.csv"
End = Literal["low", "high"]
ENDS: tuple[End, ...] = ("low", "high")
Differences = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True)
class Change:
    """The largest change in a difference between policies that a belief makes.

    ``change`` is in the unit of the measure, ``share`` its size over the smallest that matters.
    """

    belief: str
    share: float
    change: float
    measure: str
    place: str
    policy: str
    end: str

    @property
    def kind(self) -> Literal["response", "level"]:
        """What the rule says that the belief is."""
        return "response" if self.share > SHARE else "level"


def movable(beliefs: Beliefs) -> list[str]:
    """Return ``group.name`` of every belief whose range is more than one value."""
    return [
        f"{group}.{name}"
        for group, named in beliefs.records.items()
        for name, belief in named.items()
        if any(low < high for _, low, high in belief.numbers())
    ]


def moved(beliefs: Beliefs, belief: str, end: End) -> Beliefs:
    """Return the beliefs with one, or all entries of one, at the low or high end of its range."""
    group, name = belief.split(".")
    record = beliefs.records[group][name]
    there = record.model_copy(update={"value": getattr(record, end)})
    named = {**beliefs.records[group], name: there}
    return Beliefs.model_construct(records={**beliefs.records, group: named})


def years_for(belief: str) -> int:
    """Return the policy years that show what a belief does: until somebody is 16, or 25.

    >>> years_for("money.return_per_thousand"), years_for("recruitment.professional")
    (14, 23)
    """
    after = belief.split(".")[0] in AFTER_SCHOOL
    return FULL_EXPOSURE["age25" if after else "ks4"]


def measure_doubt(
    names: Sequence[str] | None, overrides: Iterable[str], *, years: int | None = None
) -> Iterable[Change | str]:
    """Move each belief to both ends and say what changes most; cells that are there do not run.

    Args:
        names: ``group.name`` of beliefs; None for every one that can be moved.
        overrides: ``key=value``, such as ``world=tenth`` and ``machine.outputs=FOLDER``.
        years: policy years, in place of those of :func:`years_for`.

    Yields:
        A change for each belief, or where a run failed a sentence that says of which belief.
    """
    words = list(overrides)
    plain = compose_all(list(POLICIES), words)
    central: dict[int, Differences] = {}
    for belief in movable(plain[0].beliefs) if names is None else names:
        span = years or years_for(belief)
        every = [one.model_copy(update={"years": span}) for one in plain]
        try:
            if span not in central:
                central[span] = _differences(every)
            ends = {end: _differences(_with(every, belief, end)) for end in ENDS}
        except WorkFailed as error:
            yield f"{belief}: a run failed. {' '.join(str(error).split())}"
            continue
        yield largest_change(belief, central[span], ends)


def largest_change(belief: str, central: Differences, ends: Mapping[End, Differences]) -> Change:
    """Return the largest change from the central differences, measured by what matters.

    Differences are keyed by measure, place and policy. Where there is none, nothing changed.
    """
    found = [Change(belief, 0.0, 0.0, "", "", "", "")]
    for end, differences in ends.items():
        for (measure, place, policy), value in differences.items():
            change = value - central[measure, place, policy]
            if change == change:  # there is a number
                share = abs(change) / describe(measure).minimum
                found.append(Change(belief, share, change, measure, place, policy, end))
    return max(found, key=lambda one: one.share)


def _with(every: Sequence[Settings], belief: str, end: End) -> list[Settings]:
    return [one.model_copy(update={"beliefs": moved(one.beliefs, belief, end)}) for one in every]


def _differences(every: Sequence[Settings]) -> dict[tuple[str, str, str], float]:
    """Run what is missing of one central cell a policy; return its declared differences."""
    cells = [at(one, 0, 0) for one in every]
    store = Store(Path(every[0].machine.outputs) / "cells")
    run_groups([cells], store, budget=1e12, watch=lambda *_: None)
    results = open_results([Asked(digest(cell), cell.scenario) for cell in cells], store=store.root)
    return differences_of(results)


def differences_of(results: xr.Dataset) -> dict[tuple[str, str, str], float]:
    """Return the declared differences from the baseline, by measure, place and policy."""
    told: dict[tuple[str, str, str], float] = {}
    for one in DECLARED:
        found = declared_values(results, one)
        if found is not None:
            less = paired_difference(found, BASELINE)
            for policy, value in zip(less["scenario"].values, less.values, strict=True):
                told[one.measure, one.place, str(policy)] = float(value)
    return told


def write_table(changes: Iterable[Change], path: Path = TABLE) -> None:
    """Write a table of changes, those that move differences most first."""
    ranked = sorted(changes, key=lambda one: (-one.share, one.belief))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f.name for f in fields(Change)])
        for one in ranked:
            writer.writerow(
                f"{value:.4g}" if isinstance(value, float) else value
                for value in asdict(one).values()
            )


def read_table(path: Path = TABLE) -> dict[str, Change]:
    """Return the changes in a table by belief; none where there is no table yet."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Change(**{**row, "share": float(row["share"]), "change": float(row["change"])})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]
    return {one.belief: one for one in rows}
