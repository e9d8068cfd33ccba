"""Every belief moves what it says it moves: generated from the records, none left out.

Each belief is set low and high under the same luck; the difference is taken anew for several draws
of luck, and its sign must stand out from their scatter. Where four draws do not tell, more are
taken, each time with a stricter look than chance would pass one time in a hundred.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import cache

import pytest

from sim.config import compose
from sim.config.belief_files import load
from sim.config.beliefs import Belief, Beliefs
from sim.config.models import Settings
from sim.config.roots import config_root
from sim.errors import BadRequest
from sim.evidence.probes import Bench, catalogue, changed, known, reach, read_run

YEARS = 4
LOOKS = {4: 5.84, 8: 3.50, 16: 2.95}
"""Replicates, and Student's t that chance passes once in 200 times with one degree less."""

Read = Callable[[Settings], dict[str, float]]


def records() -> dict[str, Belief]:
    beliefs, problems = load(config_root(), "default")
    assert beliefs is not None, problems
    return {
        f"{group}.{name}": record
        for group, named in beliefs.records.items()
        for name, record in named.items()
    }


RECORDS = records()
STAGE = [name for name, record in RECORDS.items() if record.moves_how == "stage"]
RUN = [name for name, record in RECORDS.items() if record.moves_how == "run"]


@cache
def tiny(scenario: str, switch: str | None = None) -> Settings:
    """Settings of a tiny world, with the switch on that a belief says it needs."""
    on = [f"switches.{switch}=true"] if switch else []
    return compose(scenario, ["world=tiny", f"years={YEARS}", "machine.threads=1", *on])


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(tiny("baseline"))


def difference(name: str, settings: Settings, read: Read, replicate: int) -> dict[str, float]:
    """High less low for every reading under one draw of luck, times the promised sign."""
    group, _, belief = name.partition(".")
    record = RECORDS[name]
    luck = settings.model_copy(update={"replicate": replicate})
    less, more = (read(changed(luck, group, belief, value)) for value in reach(record))
    sign = {"+": 1, "-": -1}
    return {m: sign[s] * (more[m] - less[m]) for m, s in record.moves.items()}


def stands_out(values: list[float], limit: float) -> bool:
    mean, scatter = statistics.fmean(values), statistics.stdev(values)
    return mean > 0 and mean > limit * scatter / math.sqrt(len(values))


def check(name: str, settings: Settings, read: Read) -> None:
    found: list[dict[str, float]] = []
    for replicates, limit in LOOKS.items():
        more = range(len(found), replicates)
        found += [difference(name, settings, read, replicate) for replicate in more]
        unclear = [m for m in RECORDS[name].moves if not stands_out([f[m] for f in found], limit)]
        if not unclear:
            return
    pytest.fail(f"{name} does not move {unclear} as it says: {[f[unclear[0]] for f in found]}")


@pytest.mark.parametrize("name", STAGE)
def test_a_belief_moves_at_once_what_it_says(name: str, bench: Bench) -> None:
    wanted, settings = RECORDS[name].moves, tiny("baseline", RECORDS[name].moves_switch)
    check(name, settings, lambda s: {reading: bench.read(reading, s) for reading in wanted})


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN)
def test_a_belief_moves_a_run_as_it_says(name: str) -> None:
    record = RECORDS[name]
    settings = tiny(record.moves_scenario or "baseline", record.moves_switch)
    check(name, settings, lambda s: read_run(s, record.moves))


@pytest.mark.parametrize("how", ["stage", "run"])
def test_every_name_in_moves_is_a_reading_and_every_stage_reading_is_used(how: str) -> None:
    named = {m for r in RECORDS.values() if r.moves_how == how for m in r.moves}
    assert named <= known(how), named - known(how)
    if how == "stage":
        assert known(how) <= named, known(how) - named


def test_a_name_means_one_thing_with_one_unit() -> None:
    units: dict[str, set[str]] = {}
    for record in [*catalogue("stage"), *catalogue("run")]:
        assert record["title"] and record["unit"], record["name"]
        units.setdefault(record["name"], set()).add(record["unit"])
    assert [name for name, found in units.items() if len(found) > 1] == []


@pytest.mark.parametrize("name", RECORDS)
def test_a_scenario_is_named_only_for_runs_and_exists(name: str) -> None:
    record = RECORDS[name]
    if record.moves_scenario is not None:
        assert record.moves_how == "run"
        tiny(record.moves_scenario)


def test_a_switch_is_named_only_where_it_is_off_by_default() -> None:
    off = {name for name, on in tiny("baseline").switches.model_dump().items() if not on}
    assert {r.moves_switch for r in RECORDS.values() if r.moves_switch} <= off


def test_a_belief_without_a_range_is_tried_a_tenth_either_side() -> None:
    fixed = RECORDS["assessment.attainment8_top"]
    assert reach(fixed) == (81.0, 99.0)
    nought = fixed.model_copy(update={"value": (0.0, 2.0), "low": (0.0, 1.0), "high": (0.0, 3.0)})
    assert reach(nought) == ((-0.1, 1.0), (0.1, 3.0))


def test_setting_one_belief_leaves_the_others_alone() -> None:
    settings = tiny("baseline")
    other = changed(settings, "learning", "fade", 9.0)
    values = other.beliefs.values
    assert values.learning.fade == 9.0
    assert settings.beliefs.values.learning.fade != 9.0
    back = changed(other, "learning", "fade", settings.beliefs.values.learning.fade)
    assert isinstance(back.beliefs, Beliefs)
    assert back == settings


def test_the_bench_gives_the_same_number_twice_and_luck_changes_it(bench: Bench) -> None:
    settings = tiny("baseline")
    first = bench.read("attainment8", settings)
    assert bench.read("attainment8", settings) == first
    assert bench.read("attainment8", settings.model_copy(update={"replicate": 1})) != first


def test_an_unknown_reading_is_refused_with_a_suggestion(bench: Bench) -> None:
    with pytest.raises(BadRequest, match="Did you mean 'attainment8'"):
        bench.read("atainment8", tiny("baseline"))
    with pytest.raises(BadRequest, match="Did you mean 'nearest_primary'"):
        read_run(tiny("baseline"), ["nearest_primry"])
