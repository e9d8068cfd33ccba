"""Fit the level beliefs of learning to national results: ``refit.py [--steps N] [--out FILE]``.

Critical mass and early support are held at what evidence alone says (`HELD`). The levers are fitted
by damped least squares to national calibration targets (`TARGETS`), group terms to national results
by heritage group (`sim.data.facts.group_results`), and the scale of marks to what is measured. No
result of a place is looked at: not London, no region, no fifth, no correlation over areas; how
widely schools and areas are spread is.

The distance to the targets is read in ``england``, slopes in ``tenth``. What was read is kept in
FILE, so the script may be stopped and goes on; ``--beliefs NAME`` only measures the scale of marks
of another set. Values are printed as YAML at the end; they are put into `conf/beliefs` by hand.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sim.config import compose
from sim.config.beliefs import Group, Values
from sim.data import facts
from sim.evidence.probes import changed
from sim.evidence.results import Results, attainment
from sim.evidence.structure import structure
from sim.model import SchoolsModel
from sim.model.results import publish_results
from sim.study.cells import code_digest

HELD = {
    "learning.mass": 0.2, "learning.mass_scale": 9.5, "learning.mass_others": 0.65,
    "learning.early_support": 0.6,
}  # fmt: skip
"""Middles of what evidence alone allows; the records in `conf/beliefs` name it."""

LEVERS = {
    "learning.income_early": 0.03, "learning.income_primary": 0.03,
    "learning.income_secondary": 0.03, "learning.education_secondary": 0.03,
    "learning.carry_secondary": 0.02, "learning.noise_primary": 0.03,
    "learning.noise_secondary": 0.03, "learning.value_added_secondary": 0.02,
    "people.parents_area": 0.05, "people.transitory_keep": 0.03,
    "assessment.attainment8_sd": 0.3,
}  # fmt: skip
"""What is fitted, and the step by which its slopes are taken."""

TARGETS = (
    "fsm_rate_unprotected", "ever6_rate_primary", "ever6_rate_secondary", "gap_index_ks2",
    "gap_index_ks4", "good_level_fsm", "good_level_other", "attainment8_mean", "attainment8_sd",
    "attainment8_gap", "progress8_gap", "attainment8_school_sd", "school_share_raw",
    "school_share_value_added", "attainment8_area_sd", "ever6_attainment8_schools",
    "ks2_ks4_correlation", "ks2_expected_disadvantaged", "ks2_expected_other",
)  # fmt: skip
GROUP_TERMS = (
    "heritage_early", "heritage_primary", "heritage_secondary", "heritage_flatter",
)  # fmt: skip
MARKS = ("mark_mean", "mark_sd")
STAY = 0.25  # how strongly levers are held to where they began, in half ranges


def settings_of(world: str, values: dict[str, Any], beliefs: str, replicate: int) -> Any:
    """Settings of the baseline with some beliefs changed."""
    words = [f"world={world}", f"beliefs={beliefs}", "machine.threads=1"]
    settings = compose("baseline", words).model_copy(update={"replicate": replicate})
    for name, value in values.items():
        group, _, belief = name.partition(".")
        settings = changed(
            settings, group, belief, tuple(value) if belief_is_table(value) else value
        )
    return settings


def belief_is_table(value: Any) -> bool:
    """Whether a value is a table of numbers."""
    return isinstance(value, list | tuple)


def rescale(model: SchoolsModel) -> dict[str, list[float]]:
    """Measure the scale of marks in year 0, and put its results on that scale."""
    found: dict[str, list[float]] = {name: [] for name in MARKS}
    shifts = []
    old = model.terms.values.assessment
    for stage, sitting in enumerate(model.nation.made.sittings):
        sat = Results.of(model, sitting)
        middle = float(np.average(sat.score, weights=sat.weight))
        spread = float(np.sqrt(np.average((sat.score - middle) ** 2, weights=sat.weight)))
        found["mark_mean"].append(old.mark_mean[stage] + old.mark_sd[stage] * middle)
        found["mark_sd"].append(old.mark_sd[stage] * spread)
        shifts.append((middle, spread))
    now = {n: getattr(old, n) for n in dir(old)} | {n: tuple(v) for n, v in found.items()}
    groups = {n: getattr(model.terms.values, n) for n in dir(model.terms.values)}
    values = Values(groups | {"assessment": Group("assessment", now)})
    model.nation.terms = dataclasses.replace(model.terms, values=values)
    for sitting in model.nation.made.sittings:
        for name, (middle, spread) in zip(("early", "ks2"), shifts[:2], strict=True):
            sitting.pupils.set(name, (sitting.pupils.get(name) - middle) / spread)
    last = model.nation.made.sittings[2]
    marks = ((last.score - shifts[2][0]) / shifts[2][1]).astype(np.float32)
    by_cohort = {s.pupils.birth_year: s.group for s in model.nation.made.sittings}
    model.nation.made.marks_at_16, model.nation.made.groups = marks, by_cohort
    publish_results(model.nation, model.year)
    return found


def group_misses(model: SchoolsModel) -> dict[str, list[float]]:
    """Levels of heritage groups at 5, 11 and 16 and their FSM gaps, less those published.

    Levels are standard scores less those of White British pupils; a gap is relative to theirs.
    """
    told: dict[tuple[str, str], list[float]] = {}
    for row in facts.group_results():
        told.setdefault((row.measure, row.who), []).append(row.value)
    z = {key: ndtri(np.array(v)) for key, v in told.items() if key[0] in ("early", "ks2", "ks4")}
    sat = [Results.of(model, sitting) for sitting in model.nation.made.sittings]

    def mean(results: Results, who: Any) -> Any:
        weight = results.weight * who
        number = np.bincount(results.heritage, weight, minlength=11)
        return np.bincount(results.heritage, weight * results.score, minlength=11) / number, number

    all_of = [mean(s, np.ones(s.score.size))[0] for s in sat]
    poor, rest = [mean(s, s.fsm) for s in sat], [mean(s, ~s.fsm) for s in sat]
    share = poor[1][1] / (poor[1][1] + rest[1][1])
    wanted = [
        z["early", "all"], share * z["ks2", "fsm"] + (1 - share) * z["ks2", "not_fsm"],
        z["ks4", "all"] + np.array(told["ks4_shift", "all"]),
    ]  # fmt: skip
    levels = [(m - m[0]) - (w - w[0]) for m, w in zip(all_of, wanted, strict=True)]
    gaps = [rest[k][0] - poor[k][0] for k in (1, 2)]
    told_gaps = [z[n, "not_fsm"] - z[n, "fsm"] for n in ("ks2", "ks4")]
    flat = np.mean([g / g[0] - t / t[0] for g, t in zip(gaps, told_gaps, strict=True)], axis=0)
    return {str(k): level.tolist() for k, level in enumerate(levels)} | {"flat": flat.tolist()}


def read(world: str, values: dict[str, Any], beliefs: str, replicate: int) -> dict[str, Any]:
    """Live the past and read year 0 on its own scale of marks."""
    found: dict[str, Any] = {}

    def watch(model: SchoolsModel) -> None:
        if model.policy_year == 0:
            found["marks"] = rescale(model)
            found["groups"] = group_misses(model)
            found["readings"] = {**structure(model), **attainment(model)}

    model = SchoolsModel(settings_of(world, values, beliefs, replicate))
    model.watch = watch
    model.live_past()
    return found


def _apart(task: tuple[Any, ...]) -> dict[str, Any]:
    """Return what `read` returns, read in a process of its own."""
    command = [sys.executable, __file__, "--task", json.dumps(task)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


class Kept:
    """Readings in a file: what was read is not read again by the same code."""

    def __init__(self, path: Path, workers: int = 1):
        self.path, self.workers = path, workers
        self.found = json.loads(path.read_text()) if path.is_file() else {}

    def read(self, tasks: list[tuple[str, dict[str, Any], str, int]]) -> list[dict[str, Any]]:
        """Return what `read` returns for each task, from the file where it is there."""
        keys = [self._key(task) for task in tasks]
        missing = {k: t for k, t in zip(keys, tasks, strict=True) if k not in self.found}
        with ThreadPoolExecutor(self.workers) as pool:
            jobs = {pool.submit(_apart, task): key for key, task in missing.items()}
            for job in as_completed(jobs):
                self.found[jobs[job]] = job.result()
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.write_text(json.dumps(self.found))
        return [self.found[key] for key in keys]

    @staticmethod
    def _key(task: tuple[str, dict[str, Any], str, int]) -> str:
        told = json.dumps([code_digest(), *task], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    def england(self, values: dict[str, Any], beliefs: str, replicates: int) -> dict[str, Any]:
        """Means over replicates in England."""
        every = self.read([("england", values, beliefs, r) for r in range(replicates)])
        return {
            part: {
                name: np.mean([one[part][name] for one in every], axis=0).tolist()
                for name in every[0][part]
            }
            for part in every[0]
        }


def misses(readings: dict[str, float]) -> Any:
    """Distance of each target, in half tolerances."""
    told = {t.name: t for t in facts.targets()}
    return np.array(
        [
            2 * (readings[n] - told[n].value) / (told[n].tolerance[1] - told[n].tolerance[0])
            for n in TARGETS
        ]
    )


def slopes(kept: Kept, values: dict[str, Any], beliefs: str) -> Any:
    """Change of every miss with each lever, read in the small world under one luck."""
    tasks = [
        ("tenth", values | {name: values[name] + way * step}, beliefs, 0)
        for name, step in LEVERS.items()
        for way in (-1, 1)
    ]
    found = [misses(one["readings"]) for one in kept.read(tasks)]
    steps = np.array(list(LEVERS.values()))
    return (np.array(found[1::2]) - np.array(found[::2])).T / (2 * steps)


def next_levers(
    values: dict[str, Any], start: dict[str, float], found: Any, slope: Any
) -> dict[str, float]:
    """Take one damped step, inside the ranges of the records."""
    names = list(LEVERS)
    ranges = np.array([bounds(n) for n in names])
    half = (ranges[:, 1] - ranges[:, 0]) / 2
    now = np.array([values[n] for n in names])
    home = (now - np.array([start[n] for n in names])) / half
    rows = np.vstack([slope * half, STAY * np.eye(len(names))])
    step = np.linalg.lstsq(rows, -np.concatenate([misses(found), STAY * home]), rcond=None)[0]
    moved = np.clip(now + np.clip(step, -0.5, 0.5) * half, ranges[:, 0], ranges[:, 1])
    return {name: round(float(value), 4) for name, value in zip(names, moved, strict=True)}


def bounds(name: str) -> tuple[float, float]:
    """Range of a lever's record; a fixed one may move a tenth."""
    group, _, belief = name.partition(".")
    record = compose("baseline", ["world=tenth"]).beliefs.records[group][belief]
    return float(record.low), float(record.high)


def next_groups(values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Move group terms against what groups miss; White British pupils are where they are."""
    spread, missed = found["marks"]["mark_sd"], found["groups"]
    at = [np.array(missed[str(k)]) * spread[k] for k in range(3)]
    carry = values["learning.carry_primary"], values["learning.carry_secondary"]
    change = {
        "heritage_early": -at[0], "heritage_primary": -(at[1] - carry[0] * at[0]),
        "heritage_secondary": -(at[2] - carry[1] * at[1]),
        "heritage_flatter": np.array(missed["flat"]),
    }  # fmt: skip
    out = {}
    for name, by in change.items():
        table = np.array(values[f"learning.{name}"]) + by
        table[0] = 0
        out[f"learning.{name}"] = [round(float(v), 3) for v in np.clip(table, -1, 1.2)]
    return out


def beginning(beliefs: str) -> dict[str, Any]:
    """Values at which the fit begins: the set's own, and what is held at evidence."""
    own = compose("baseline", ["world=tenth", f"beliefs={beliefs}"]).beliefs.values
    names = [
        *LEVERS,
        *(f"learning.{n}" for n in GROUP_TERMS),
        *(f"assessment.{n}" for n in MARKS),
    ]
    names += ["learning.carry_primary"]
    out: dict[str, Any] = {}
    for name in names:
        group, _, belief = name.partition(".")
        value = getattr(getattr(own, group), belief)
        out[name] = list(value) if belief_is_table(value) else float(value)
    return out


def with_marks(values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Values with the scale of marks as measured."""
    marks = {f"assessment.{n}": [round(v, 4) for v in found["marks"][n]] for n in MARKS}
    return values | marks


def show(title: str, before: dict[str, float], after: dict[str, float]) -> None:
    """Print every reading that has a target, fitted ones marked."""
    print(f"\n{title}: reading, published, before, after; * fitted")
    for target in facts.targets():
        if target.name in after:
            mark = "*" if target.name in TARGETS else target.kind[0]
            low, high = target.tolerance
            inside = "" if low <= after[target.name] <= high else "  outside"
            print(
                f"{target.number:>3} {mark} {target.name:48} {target.value:8.3f} "
                f"{before[target.name]:8.3f} {after[target.name]:8.3f}{inside}"
            )


def main() -> int:
    """Fit, print what came out before and after, and the values as YAML."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--replicates", type=int, default=2)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("outputs/refit.json"))
    parser.add_argument("--beliefs", metavar="NAME", help="measure the marks of this set only")
    given = parser.parse_args()
    if given.task:
        print(json.dumps(read(*json.loads(given.task))))
        return 0
    kept = Kept(given.out, given.workers)
    if given.beliefs:
        found = kept.england({}, given.beliefs, given.replicates)
        print(json.dumps(with_marks({}, found), indent=1))
        return 0
    own = beginning("default")
    england = partial(kept.england, beliefs="default", replicates=given.replicates)
    before = england({})
    start = {name: own[name] for name in LEVERS}
    values = own | HELD
    found = england(values)
    slope = slopes(kept, with_marks(values, found), "default")
    for step in range(given.steps):
        print(
            f"step {step}: sum of squares {np.sum(misses(found['readings']) ** 2):.2f}", flush=True
        )
        levers = next_levers(values, start, found["readings"], slope)
        values = with_marks(values | next_groups(values, found) | levers, found)
        found = england(values)
        print({n: values[n] for n in LEVERS}, flush=True)
    values = with_marks(values, found)
    print(f"end: sum of squares {np.sum(misses(found['readings']) ** 2):.2f}")
    show("england", before["readings"], found["readings"])
    print(
        "largest miss of a group:",
        {n: round(float(np.abs(v).max()), 3) for n, v in found["groups"].items()},
    )
    for name, value in values.items():
        print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
