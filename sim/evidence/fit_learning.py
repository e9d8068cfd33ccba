"""Fit the levels of learning to national results, with heritage solved beside them.

What is held at evidence stays there (`HELD`): national results cannot tell it. Nine levers are
fitted by damped least squares to national and between-school figures (`TARGETS`), each held to
where it began by its own spread; after each step heritage terms are solved to national results by
heritage group and disadvantage, and the scale of marks is measured. No result of a place is looked
at: not London, no region, no fifth, no correlation over areas; how widely schools and areas are
spread is.

Slopes are read in ``tenth`` with heritage solved again, levels in ``england``: eight minutes on two
cores. What was read is kept in FILE, so the work may be stopped and goes on. The values are printed
as they stand in conf/beliefs/default; they are put there by hand.

Example:
    python -m sim.evidence.fit_learning --out outputs/fit_learning.pickle
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import pickle
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from sim.config import compose
from sim.config.beliefs import Group, Values
from sim.config.models import Settings
from sim.data import facts
from sim.evidence.fit_heritage import WEIGHT, Carry, HeritageTerms, average, moved, table
from sim.evidence.heritage import Shown, shown, told
from sim.evidence.probes import changed, in_year_0
from sim.evidence.results import attainment
from sim.model import SchoolsModel
from sim.model.results import publish_results
from sim.study.cells import code_digest

__all__ = ["HELD", "LEVERS", "TARGETS", "Lever", "Reading", "main", "misses", "next_levers"]

Floats = NDArray[np.float64]
Given = dict[str, float | tuple[float, ...]]

HELD: dict[str, float] = {
    "learning.income_secondary": 0.05, "learning.education_secondary": 0.17,
    "learning.mass": 0.2, "learning.mass_scale": 9.5, "learning.mass_others": 0.65,
    "learning.early_support": 0.6, "learning.fade_density": 0.2, "people.parents_poor": 0.6,
}  # fmt: skip
"""What evidence alone says; the records in `conf/beliefs` name it.

Left to itself a fit sends what home adds after 11 to its lower ends, because the solved gaps of
disadvantaged children at 16 can do the same: that is no evidence, so it is held and swept.
"""


class Lever(NamedTuple):
    """Where a lever begins, and how far it may be thought to lie from there (one SD)."""

    start: float
    spread: float


LEVERS: dict[str, Lever] = {
    "learning.income_early": Lever(0.438, 0.03),
    "learning.income_primary": Lever(0.2195, 0.03),
    "learning.carry_secondary": Lever(0.6783, 0.025),
    "learning.noise_primary": Lever(0.7486, 0.03),
    "learning.noise_secondary": Lever(0.5322, 0.03),
    "learning.value_added_secondary": Lever(0.2164, 0.03),
    "learning.peers_secondary": Lever(0.05, 0.02),
    "people.parents_area": Lever(0.2339, 0.05),
    "assessment.attainment8_sd": Lever(22.5084, 0.5),
}
"""Values of the fit before results by heritage and disadvantage were looked at; peers: evidence."""

SCALE: Given = {
    "assessment.mark_mean": (0.0, 0.2, 0.15), "assessment.mark_sd": (1.1, 1.1, 1.1),
}  # fmt: skip
"""Scale of marks on which the first world is lived; each pass then takes the one it shows.

Written here, so that what comes out does not hang on what was put into the beliefs last time.
"""

TARGETS = (
    "gap_index_ks2", "gap_index_ks4", "good_level_fsm", "good_level_other", "attainment8_mean",
    "attainment8_sd", "attainment8_gap", "progress8_gap", "attainment8_school_sd",
    "school_share_raw", "school_share_value_added", "attainment8_area_sd",
    "ever6_attainment8_schools", "ks2_ks4_correlation", "ks2_expected_disadvantaged",
    "ks2_expected_other",
)  # fmt: skip
TERMS = tuple(field.name for field in dataclasses.fields(HeritageTerms))
HALF = 0.5  # of a lever's spread, by which its slope is taken
FAR = 2.0  # spreads that a lever moves in one step at most


@dataclasses.dataclass(frozen=True)
class Reading:
    """Year 0 of a world: results by heritage group, and readings on their own scale of marks."""

    shown: Shown
    readings: dict[str, float]


class Task(NamedTuple):
    """What is lived: a world, its replicate, and the beliefs that differ from the set."""

    world: str
    replicate: int
    values: tuple[tuple[str, float | tuple[float, ...]], ...]


# ---- One reading -------------------------------------------------------------------------------


def read(task: Task) -> Reading:
    """Live the past of a world and read year 0 on its own scale of marks."""

    def look(model: SchoolsModel) -> Reading:
        seen = shown(model)
        rescale(model, seen)
        return Reading(seen, attainment(model))

    return in_year_0(settings_of(task), look)


def settings_of(task: Task) -> Settings:
    """Return the settings of the baseline under some beliefs."""
    settings = compose("baseline", [f"world={task.world}", "machine.threads=1"])
    settings = settings.model_copy(update={"replicate": task.replicate})
    for name, value in task.values:
        group, _, belief = name.partition(".")
        settings = changed(settings, group, belief, value)
    return settings


def rescale(model: SchoolsModel, seen: Shown) -> None:
    """Put the results of the year a model is in on the scale of marks that it shows."""
    old = model.terms.values.assessment
    middles = (seen.middle - np.array(old.mark_mean)) / np.array(old.mark_sd)
    spreads = seen.spread / np.array(old.mark_sd)
    marks = {"mark_mean": tuple(seen.middle), "mark_sd": tuple(seen.spread)}
    now = {name: getattr(old, name) for name in dir(old)} | marks
    groups = {name: getattr(model.terms.values, name) for name in dir(model.terms.values)}
    values = Values(groups | {"assessment": Group("assessment", now)})
    model.nation.terms = dataclasses.replace(model.terms, values=values)
    made = model.nation.made
    for sitting in made.sittings:
        for stage, name in enumerate(("early", "ks2")):
            sitting.pupils.set(name, (sitting.pupils.get(name) - middles[stage]) / spreads[stage])
    score = made.sittings[2].score
    made.marks_at_16 = ((score - middles[2]) / spreads[2]).astype(np.float32)
    made.groups = {s.pupils.birth_year: s.group for s in made.sittings}
    publish_results(model.nation, model.year)


def _apart(task: Task) -> Reading:
    """Return what `read` returns, read in a process of its own, so that memory is given back."""
    # From its module, not as __main__: what is pickled is then found on both sides.
    command = [sys.executable, "-c", "from sim.evidence import fit_learning as f; f.answer()"]
    asked = pickle.dumps(tuple(task))
    told = subprocess.run(command, check=True, input=asked, stdout=subprocess.PIPE).stdout
    found: Reading = pickle.loads(told)
    return found


def answer() -> None:
    """Read a task from standard input and write what `read` returns for it."""
    sys.stdout.buffer.write(pickle.dumps(read(Task(*pickle.load(sys.stdin.buffer)))))


class Kept:
    """Readings in a file: what was read is not read again by the same code."""

    def __init__(self, path: Path, workers: int):
        self.path, self.workers = path, workers
        self.found: dict[str, Reading] = {}
        if path.is_file():
            self.found = pickle.loads(path.read_bytes())

    def read(self, tasks: Sequence[Task]) -> list[Reading]:
        """Return what `read` returns for each task, from the file where it is there."""
        keys = [self._key(task) for task in tasks]
        missing = {k: t for k, t in zip(keys, tasks, strict=True) if k not in self.found}
        with ThreadPoolExecutor(self.workers) as pool:
            jobs = {pool.submit(_apart, task): key for key, task in missing.items()}
            for job in as_completed(jobs):
                self.found[jobs[job]] = job.result()
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.write_bytes(pickle.dumps(self.found))
        return [self.found[key] for key in keys]

    @staticmethod
    def _key(task: Task) -> str:
        return hashlib.sha256(f"{code_digest()} {task!r}".encode()).hexdigest()[:24]


# ---- The fit -----------------------------------------------------------------------------------


class Fit:
    """Levers and heritage terms of a world, and what they show."""

    def __init__(self, kept: Kept, world: str, replicates: int):
        self.kept, self.world, self.replicates = kept, world, replicates

    def read(self, several: Sequence[Given]) -> list[Reading]:
        """Return the mean over replicates of each set of values."""
        tasks = [
            Task(self.world, replicate, tuple(sorted(values.items())))
            for values in several
            for replicate in range(self.replicates)
        ]
        every = self.kept.read(tasks)
        n = self.replicates
        return [mean(every[k * n : (k + 1) * n]) for k in range(len(several))]

    def solve(self, several: Sequence[Given], passes: int) -> tuple[list[Given], list[Reading]]:
        """Solve heritage terms beside other values; each set goes its own way."""
        now, found = list(several), self.read(several)
        for _ in range(passes):
            now = [next_terms(v, f.shown) for v, f in zip(now, found, strict=True)]
            found = self.read(now)
        return now, found


def mean(several: Sequence[Reading]) -> Reading:
    """Return the mean of replicates."""
    readings = {
        name: float(np.mean([one.readings[name] for one in several]))
        for name in several[0].readings
    }
    return Reading(average([one.shown for one in several]), readings)


def next_terms(values: Given, seen: Shown) -> Given:
    """Return values with heritage terms moved by one pass, on the scale of marks shown."""
    terms = HeritageTerms(**{n: np.array(values[f"learning.{n}"], float) for n in TERMS})
    before_11, after_11, one_sd = (
        number(values, name)
        for name in (
            "learning.carry_primary",
            "learning.carry_secondary",
            "assessment.attainment8_sd",
        )
    )
    after = moved(terms, seen, told(), Carry(before_11, after_11), WEIGHT, one_sd)
    out = dict(values)
    for name in TERMS:
        out[f"learning.{name}"] = tuple(round(float(v), 4) for v in getattr(after, name))
    for name, scale in (("mark_mean", seen.middle), ("mark_sd", seen.spread)):
        out[f"assessment.{name}"] = tuple(round(float(v), 4) for v in scale)
    return out


def misses(readings: Mapping[str, float]) -> Floats:
    """Return the distance of each target; 2 is the end of its tolerance."""
    known = {target.name: target for target in facts.targets()}
    return np.array(
        [
            4 * (readings[name] - target.value) / (target.tolerance[1] - target.tolerance[0])
            for name in TARGETS
            for target in [known[name]]
        ]
    )


def slopes(fit: Fit, values: Given) -> Floats:
    """Change of every miss with each lever, heritage solved again, under one luck."""
    (begun,), _ = fit.solve([values], passes=4)
    several = [
        begun | {name: number(begun, name) + way * HALF * lever.spread}
        for name, lever in LEVERS.items()
        for way in (-1, 1)
    ]
    _, found = fit.solve(several, passes=2)
    missed = np.array([misses(one.readings) for one in found])
    steps = 2 * HALF * np.array([lever.spread for lever in LEVERS.values()])
    return np.asarray((missed[1::2] - missed[::2]).T / steps)


def number(values: Given, name: str) -> float:
    """Return a value that is one number."""
    return float(np.asarray(values[name]))


def next_levers(values: Given, missed: Floats, slope: Floats) -> dict[str, float]:
    """Take one damped step, inside the ranges of the records.

    Args:
        values: Where levers stand.
        missed: Distance of each target there, as of `misses`.
        slope: Change of each distance with each lever (targets, levers).
    """
    names = list(LEVERS)
    spread = np.array([LEVERS[n].spread for n in names])
    now = np.array([number(values, n) for n in names])
    home = np.array([LEVERS[n].start for n in names])
    low, high = np.array([bounds(n) for n in names]).T
    rows = np.vstack([slope, np.diag(1 / spread)])
    wanted = np.concatenate([-missed, (home - now) / spread])
    edge = 1e-9
    step = lsq_linear(rows, wanted, bounds=(low - now - edge, high - now + edge)).x
    after = now + np.clip(step, -FAR * spread, FAR * spread)
    return {n: round(float(v), 4) for n, v in zip(names, after, strict=True)}


def bounds(name: str) -> tuple[float, float]:
    """Range of a lever's record."""
    group, _, belief = name.partition(".")
    record = compose("baseline", ["world=tenth"]).beliefs.records[group][belief]
    return float(np.asarray(record.low)), float(np.asarray(record.high))


def beginning() -> Given:
    """Return the values at which the fit begins; heritage begins with nothing."""
    own = compose("baseline", ["world=tenth"]).beliefs.values
    out: Given = {name: lever.start for name, lever in LEVERS.items()}
    out |= HELD | SCALE | {"learning.carry_primary": float(own.learning.carry_primary)}
    for name in TERMS:
        out[f"learning.{name}"] = (0.0,) * len(getattr(own.learning, name))
    return out


# ---- What is printed ---------------------------------------------------------------------------


def report(before: Reading, after: Reading) -> str:
    """Return every reading that has a target, fitted ones marked."""
    lines = ["reading, published, before, after; * fitted"]
    for target in facts.targets():
        if target.name in after.readings:
            mark = "*" if target.name in TARGETS else target.kind[0]
            (low, high), now = target.tolerance, after.readings[target.name]
            lines.append(
                f"{target.number:>3} {mark} {target.name:48} {target.value:8.3f} "
                f"{before.readings[target.name]:8.3f} {now:8.3f}"
                f"{'' if low <= now <= high else '  outside'}"
            )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, and print what came out before and after, the values, and how long it took."""
    parser = argparse.ArgumentParser(
        prog="python -m sim.evidence.fit_learning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--steps", type=int, default=2, help="of the levers, default 2")
    parser.add_argument("--replicates", type=int, default=2, help="draws of luck, default 2")
    parser.add_argument("--workers", type=int, default=2, help="processes, default 2")
    parser.add_argument("--world", default="england", help="where levels are read")
    parser.add_argument("--out", type=Path, default=Path("outputs/fit_learning.pickle"))
    given = parser.parse_args(arguments)
    begun, kept = time.perf_counter(), Kept(given.out, given.workers)
    small, whole = Fit(kept, "tenth", 1), Fit(kept, given.world, given.replicates)
    (values,), (found,) = whole.solve([beginning()], passes=2)
    before, slope = found, slopes(small, values)
    for step in range(given.steps):
        missed = misses(found.readings)
        print(f"step {step}: sum of squares {np.sum(missed**2):.2f}", flush=True)
        levers = next_levers(values, missed, slope)
        print(levers, flush=True)
        (values,), (found,) = whole.solve([{**values, **levers}], passes=2)
    (values,), (found,) = whole.solve([values], passes=1)
    print(f"end: sum of squares {np.sum(misses(found.readings) ** 2):.2f}\n")
    print(f"{report(before, found)}\n\n{table(found.shown, told())}\n")
    for name, value in values.items():
        print(f"{name}: {list(value) if isinstance(value, tuple) else value}")
    print(f"\n{time.perf_counter() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
