"""Which beliefs decide what policy does: all of them moved at once, to the ends of their ranges.

A belief is a *response* if moving it over its range moves a difference between policies by more
than a tenth of the smallest difference that matters; all others shape the baseline only, and are
*level* beliefs. `benchmarks/doubt.py` measures it and keeps ``sim/evidence/doubt.csv``; a test
holds ``kind:`` in the belief files to that table. Beside each change stands what luck alone
would make of it: where that is more than a tenth, a belief that does little may be counted as a
response. Doubt is then overstated, which is the better mistake.

Beliefs are tried in blocks. In a block of many, of which few are expected to decide, a row of
the design is a world in which each of them stands at its low or its high end, with luck of its
own. Each is high in half of the rows, and so is each other one among these: what it moves is a mean
over luck and over the ranges of the others, and from the many that move nothing it is judged what
luck does.

Three kinds are responses without a trial: what a lever after 16 acts on, does or costs (with every
lever pulled at once, luck was 1.5 times what matters, too much to sort them by); how returns fall
with the dose, which at the default sum does little by construction and at a larger one decides; and
a belief that has not been measured yet. A belief of a mechanism that is off by default
(``moves_switch``) moves nothing, and is a level belief until it is on.

References:
    Plackett and Burman (1946), Biometrika 33, 305-325 (the design); Paley (1933), J. Math. Phys.
    12, 311-320 (its rows); Lenth (1989), Technometrics 31, 469-473 (luck, from the effects).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.config import Beliefs, compose
from sim.config.models import Settings
from sim.errors import WorkFailed
from sim.record.variables import FULL_EXPOSURE
from sim.results import Asked, Store, open_results
from sim.study.batch import Watch, run_groups
from sim.study.cells import at, digest
from sim.tabulate.description import describe, variables_for
from sim.tabulate.primary import declared_values
from sim.tabulate.tables import BASELINE, paired_difference
from sim.tabulate.verdicts import ALL_AREAS, DECLARED, Declared

__all__ = [
    "BLOCKS",
    "NUMBERS",
    "SHARE",
    "TABLE",
    "Block",
    "Change",
    "Number",
    "changes",
    "design",
    "effects",
    "luck",
    "measure_doubt",
    "movable",
    "moved",
    "read_table",
    "untried",
    "write_table",
]

SHARE = 0.1
"""Share of the smallest difference that matters, beyond which a belief is a response."""

BY_LUCK = 0.1
"""In so many trials of a belief that does nothing, luck makes one of its numbers pass."""

NUMBERS = (*DECLARED, Declared("outcome_index_at_30", ALL_AREAS, "disadvantaged"))
"""What is looked at: the declared numbers, and what came of it all by 30."""

_UNTRIED = (
    "post16.technical_",
    "post16.transport_",
    "post16.premium_",
    "offers.transport_reach",
    "higher.support_",
    "higher.entry_route",
    "funnel.uplift",
    "funnel.contextual_",
    "funnel.blind_",
    "funnel.credentials",
    "recruitment.adoption_pace",
    "recruitment.origin",
    "recruitment.vacancy_response",
    "progression.reform_",
    "progression.clock",
    "progression.conditional_gap",
    "money.saturation",
)

_PRICES = ("_cost", "_cost_gbp")

_SIGNS = 1  # seed of the signs of the columns
_FEWEST = 60  # columns of a design, so that luck can be judged from those without a belief

TABLE = Path(__file__).with_name("doubt.csv")
Floats = NDArray[np.float64]
End = Literal["low", "high"]


class Number(NamedTuple):
    """A difference between a policy and the baseline."""

    measure: str
    place: str
    policy: str


@dataclass(frozen=True)
class Change:
    """What moving a belief from its low to its high end changes most, by what matters.

    ``change`` is in the unit of the measure; ``share`` is its size over the smallest difference
    that matters, and ``luck`` what luck alone passes in one trial of ten, by the same.
    """

    belief: str
    share: float
    luck: float
    change: float
    measure: str
    place: str
    policy: str

    @property
    def kind(self) -> Literal["response", "level"]:
        """What the rule says that the belief is."""
        return "response" if self.share > SHARE else "level"


@dataclass(frozen=True)
class Block:
    """Beliefs that are moved at once, and what shows it.

    ``groups``: of beliefs; none: those of no other block. ``policies``: beside the baseline.
    ``years``: policy years.
    """

    name: str
    groups: tuple[str, ...]
    policies: tuple[str, ...]
    years: int

    def settings(self, overrides: Sequence[str]) -> list[Settings]:
        """Return the settings of the baseline, which has no lever, and of each policy."""
        told = [*overrides, f"years={self.years}", "invariants=false"]
        return [compose(name, told) for name in (BASELINE, *self.policies)]

    def beliefs(self, every: Beliefs) -> list[str]:
        """Return ``group.name`` of the beliefs of this block."""
        other = {group for block in BLOCKS for group in block.groups}
        groups = self.groups or set(every.records) - other
        return [n for n in movable(every) if n.split(".")[0] in groups and not untried(n)]


BLOCKS = (
    Block(
        "school",
        (),
        ("gap_triggered", "pupil_need"),
        FULL_EXPOSURE["ks4"],
    ),
    Block(
        "after 16",
        ("offers", "parents", "post16", "higher", "spells", "funnel", "recruitment", "progression"),
        ("pupil_need",),
        FULL_EXPOSURE["age30"],
    ),
    Block(
        "money",
        ("money", "plans"),
        ("gap_triggered", "pupil_need"),
        FULL_EXPOSURE["ks4"],
    ),
)


def untried(belief: str) -> bool:
    """Say whether a belief is a response without a trial, since it bears on levers or doses.

    >>> untried("progression.reform_cost"), untried("plans.dose")
    (True, False)
    """
    return belief.startswith(_UNTRIED) or belief.endswith(_PRICES)


def movable(beliefs: Beliefs) -> list[str]:
    """Return ``group.name`` of every belief whose range is more than one value."""
    return [
        f"{group}.{name}"
        for group, named in beliefs.records.items()
        for name, belief in named.items()
        if any(low < high for _, low, high in belief.numbers())
    ]


def moved(beliefs: Beliefs, ends: dict[str, End]) -> Beliefs:
    """Return the beliefs with some, and all entries of each, at an end of their range."""
    records = {group: dict(named) for group, named in beliefs.records.items()}
    for belief, end in ends.items():
        group, name = belief.split(".")
        record = records[group][name]
        records[group][name] = record.model_copy(update={"value": getattr(record, end)})
    return Beliefs.model_construct(records=records)


def design(columns: int) -> NDArray[np.int8]:
    """Return a Plackett-Burman design: (rows, at least so many columns), each -1 or +1.

    Columns are orthogonal and each holds as many -1 as +1. Paley's construction, from the squares
    modulo a prime that is one less than the number of rows. The sign of each column is drawn, so
    that no row has all beliefs high, which no England could be.

    >>> design(5).shape
    (8, 7)
    """
    prime = next(q for q in range(max(columns, 3), 2 * columns + 20) if q % 4 == 3 and _prime(q))
    squares = {i * i % prime for i in range(1, prime)}
    residue = [0] + [1 if i in squares else -1 for i in range(1, prime)]
    shift = np.subtract.outer(np.arange(prime), np.arange(prime)) % prime
    core = np.asarray(residue, np.int8)[shift] - np.eye(prime, dtype=np.int8)
    turned = np.random.default_rng(_SIGNS).choice(np.array([-1, 1], np.int8), prime)
    return np.asarray(np.vstack([np.ones(prime, np.int8), core]) * turned, np.int8)


def _prime(number: int) -> bool:
    return all(number % i for i in range(2, int(number**0.5) + 1))


def effects(signs: NDArray[np.int8], values: Floats) -> Floats:
    """Return the mean of values where each column is high, less that where it is low."""
    return np.asarray(signs.astype(float).T @ values / (len(values) / 2))


def luck(found: Floats, numbers: int = 1) -> float:
    """Return what the effect of a column that does nothing passes by luck, in one trial of ten.

    Lenth's margin: luck is seen in the effects themselves, of which most are nothing else.

    Args:
        found: Effects of all columns of a design, those without a belief too.
        numbers: So many numbers are looked at of each belief, and the largest counts.
    """
    from scipy import stats

    size = np.abs(found)
    small = size[size < 2.5 * 1.5 * np.median(size)]
    error = 1.5 * np.median(small) if small.size else 0.0
    passes = 1 - (1 - BY_LUCK) ** (1 / numbers)
    return float(stats.t.ppf(1 - passes / 2, found.size / 3) * error)


def measure_doubt(block: Block, overrides: Sequence[str], watch: Watch) -> list[Change]:
    """Run the design of a block and return what each of its beliefs changes.

    Args:
        block: Beliefs, and what shows what they do.
        overrides: ``key=value``, such as ``world=tenth`` and ``machine.outputs=FOLDER``.
        watch: Told the cells done, the number of all and the seconds left.

    Raises:
        WorkFailed: a cell failed, or gave no number; finished ones are kept, and not run again.
    """
    every = block.settings(overrides)
    beliefs = block.beliefs(every[0].beliefs)
    signs = design(max(len(beliefs), _FEWEST))
    rows = [_row(every, beliefs, row, number) for number, row in enumerate(signs)]
    store = Store(Path(every[0].machine.outputs) / "cells")
    run_groups(rows, store, budget=1e12, watch=watch)
    return changes(beliefs, signs, [_differences(row, store) for row in rows])


def _row(
    every: Sequence[Settings], beliefs: Sequence[str], row: NDArray[np.int8], number: int
) -> list[Settings]:
    """Return the cells of a row: each policy with the beliefs at its ends, and luck of its own."""
    ends: dict[str, End] = {
        name: "high" if sign > 0 else "low" for name, sign in zip(beliefs, row, strict=False)
    }
    there = moved(every[0].beliefs, ends)
    return [at(one.model_copy(update={"beliefs": there}), 0, number) for one in every]


def changes(
    beliefs: Sequence[str], signs: NDArray[np.int8], told: Sequence[dict[Number, float]]
) -> list[Change]:
    """Return what each belief changes most, from the differences of each row of the design.

    Raises:
        WorkFailed: a row lacks a number.
    """
    found: dict[Number, Floats] = {}
    by_luck: dict[Number, float] = {}
    numbers = sum(not all(np.isnan(row[one]) for row in told) for one in told[0])
    for number in told[0]:
        values = np.array([row[number] for row in told])
        if np.isnan(values).all():
            continue  # nobody is as old as that yet
        if np.isnan(values).any():
            row = int(np.flatnonzero(np.isnan(values))[0])
            raise WorkFailed(f"Row {row} of the design has no {number.measure}, {number.place}.")
        minimum = describe(number.measure).minimum
        found[number] = effects(signs, values) / minimum
        by_luck[number] = luck(found[number], numbers)
    result = []
    for column, belief in enumerate(beliefs):
        best = max(found, key=lambda one: abs(found[one][column]) - by_luck[one])
        share = float(found[best][column])
        change = share * describe(best.measure).minimum
        result.append(Change(belief, abs(share), by_luck[best], change, *best))
    return result


def _differences(cells: Sequence[Settings], store: Store) -> dict[Number, float]:
    """Return what policies differ by from the baseline, of the numbers that are looked at."""
    asked = [Asked(digest(cell), cell.scenario) for cell in cells]
    needs = variables_for([one.measure for one in NUMBERS])
    results = open_results(asked, needs, store=store.root)
    told: dict[Number, float] = {}
    for one in NUMBERS:
        found = declared_values(results, one)
        if found is not None:
            less = paired_difference(found, BASELINE)
            for policy, value in zip(less["scenario"].values, less.values, strict=True):
                told[Number(one.measure, one.place, str(policy))] = float(value)
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
        return {row["belief"]: _change(row) for row in csv.DictReader(file)}


def _change(row: dict[str, str]) -> Change:
    share, by_luck, change = (float(row[name]) for name in ("share", "luck", "change"))
    where = Number(row["measure"], row["place"], row["policy"])
    return Change(row["belief"], share, by_luck, change, *where)
