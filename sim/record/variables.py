"""What a cell holds: every variable, with its dimensions, type, unit and meaning.

A *cell* is one run: a scenario, a draw of beliefs, a replicate of chance, a world. It holds
**sums and counts only**; ratios, gaps and indices are made later, by measures, after adding up.

Weights: variables over ``area`` are sums over the simulated pupils of that area, *unweighted*;
the coordinate ``weight`` says how many areas like it the area stands for, and whoever adds areas
up multiplies by it. Variables over ``quarter`` (names ending in ``_q``), the histograms and the
year-0 standard deviations are national, so the recorder has *already* multiplied by the weight.

Where: results count children in the area they grew up in; money, teachers and ``pupils`` count
where the school stands (`STANDS`). `AT_SCHOOL` names the sums by the area of the school.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.codes import GROUPS, PHASES, QUARTER_COUNT, STAGES
from sim.record import flag_variables, money_variables
from sim.record.adult_variables import AFTER_16, BY_AREA, LABELS, NATIONAL

__all__ = [
    "AT_HOME",
    "AT_SCHOOL",
    "BINS",
    "COORDINATES",
    "DISADVANTAGED",
    "FULL_EXPOSURE",
    "GROUPS",
    "HISTOGRAM_RANGE",
    "MONEY_LAG",
    "PHASES",
    "QUARTERS",
    "SCHEMA",
    "SCHOOL_YEARS",
    "STAGES",
    "STANDS",
    "VARIABLES",
    "Variable",
    "bin_edges",
    "exposure",
]

SCHEMA = 3
"""Version of the file layout. This one and the one before are read; newer ones are refused."""

DISADVANTAGED = GROUPS[1:]
QUARTERS = len(PHASES) * QUARTER_COUNT
"""Rows: phase * `QUARTER_COUNT` + quarter of the reference school by year-0 ever-6 share."""

BINS = 60
HISTOGRAM_RANGE = {"early": (-4.0, 4.0), "ks2": (-4.0, 4.0), "ks4": (0.0, 90.0)}
"""Fixed ranges of the national histograms: SD at 5 and 11, Attainment 8 points at 16."""

MONEY_LAG = 2
"""Years from a pound to its effect on learning: the central value of the belief ``money.lag``."""

SCHOOL_YEARS = {"none": 1, "early": 1, "ks2": 7, "ks4": 12} | dict.fromkeys(AFTER_16, 12)
"""School years in which the policy's money acts on a child who has it from Reception on."""

FULL_EXPOSURE = {"none": 1} | {
    age: years + AFTER_16.get(age, 0) + MONEY_LAG
    for age, years in SCHOOL_YEARS.items()
    if age != "none"
}
"""First policy year in which the policy's money has acted in every school year so far of the cohort
of an age: 14 at 16, 23 at 25, 28 at 30. Money of policy year 1 acts in policy year 3."""


@dataclass(frozen=True)
class Variable:
    """One variable of a cell.

    ``optional`` ones may be missing; ``flag`` ones, and coordinates of nothing but flags, lie
    outside the content digest (who was pointed at, or what follows from all the rest, not what
    happened to them).
    """

    name: str
    dims: tuple[str, ...]
    dtype: str
    unit: str
    meaning: str
    optional: bool = False
    flag: bool = False


_YAG = ("year", "area", "group")
_YQG = ("year", "quarter", "group")

_COUNTS = {
    "pupils": "pupils on roll, Reception to Y11",
    "early_n": "children assessed at 5",
    "early_pass": "children with a good level of development at 5",
    "ks2_n": "pupils assessed at 11",
    "ks2_pass": "pupils at the expected standard in reading, writing and maths at 11",
    "ks4_n": "pupils assessed at 16",
    "english_maths_pass": "pupils with grade 4 or better in English and maths at 16",
    "good_school_n": "pupils on roll with a school in reach that is good in that year",
    "targeted_reached": "pupils on roll in a school that received targeted money",
}
_RESULTS = ("early_", "ks2_", "ks4_", "attainment8_", "progress8_", "english_maths_")
"""How the names of results begin: of children at 5, 11 and 16."""
AT_HOME = ("good_school_n", "home_pupils", "own_area_n")
"""Counts of everybody on a roll where they live, in the order of their columns."""

_SUMS = {
    "early_sum": ("SD", "observed score at 5, year-0 pupil SD units"),
    "ks2_sum": ("SD", "observed score at 11, year-0 pupil SD units"),
    "ks2_progress_sum": ("SD", "score at 11 less the year-0 expectation given the score at 5"),
    "attainment8_sum": ("points", "Attainment 8"),
    "progress8_sum": ("grades", "(Attainment 8 less year-0 expectation given KS2) / 10"),
    "pounds_sum": ("GBP", "pounds per pupil of the pupil's school, premium and targeted included"),
    "cost_adjusted_sum": ("GBP", "the same without sparsity, divided by area cost"),
    "need_adjusted_sum": (
        "GBP",
        "cost-adjusted pounds of the pupil's school per need-weighted pupil of that school",
    ),
    "need_weight_sum": ("pupils", "need weights (other 1, disadvantaged the belief, 1.5)"),
    "targeted_sum": ("GBP", "targeted money where it lands: spread evenly over the school's roll"),
    "turnover_sum": ("share", "share of teachers who left the pupil's school in the year"),
    "novice_sum": ("share", "share of teachers in their first two years in the pupil's school"),
    "quality_sum": ("SD", "expected quality of the pupil's teachers, teacher SD units"),
}

_OPTIONAL_COUNTS = {
    "ks2_progress_n": "pupils assessed at 11 who were in England at 5, so that progress is known",
    "progress8_n": "pupils assessed at 16 who were in England at 11, so that progress is known",
    "home_pupils": "pupils on roll anywhere, by the area they live in",
    "own_area_n": "pupils on roll at a school of the area they live in",
}

_OPTIONAL_SUMS = {
    "poached_sum": (
        "share",
        "posts of the pupil's school that it would have filled if all schools offered alike",
    ),
    "absence_sum": ("%", "sessions missed in the year"),
    "persistent_sum": ("share", "a tenth of sessions or more missed in the year"),
    "needs_spill_sum": (
        "GBP",
        "what special needs take from the margin of the pupil's school, a pupil of it",
    ),
    "targeted_unit_sum": ("GBP", "targeted money by the pupil whose count attracted it"),
}

# Twins by quarter of the reference school that every cell must hold; the others are welcome.
_REQUIRED_TWINS = ("ks2_n", "ks2_sum", "ks4_n", "attainment8_sum")


def _by_area() -> Iterable[Variable]:
    for name, meaning in _COUNTS.items():
        yield Variable(name, _YAG, "int32", "pupils", meaning)
    for name, (unit, meaning) in _SUMS.items():
        yield Variable(name, _YAG, "float64", unit, f"sum over pupils of: {meaning}")
    for name, meaning in _OPTIONAL_COUNTS.items():
        yield Variable(name, _YAG, "int32", "pupils", meaning, optional=True)
    for name, (unit, meaning) in _OPTIONAL_SUMS.items():
        text = f"sum over pupils of: {meaning}"
        yield Variable(name, _YAG, "float64", unit, text, optional=True)
    text = "pupils on roll in a school the trigger points at, funded or not"
    yield Variable("flagged_n", _YAG, "int32", "pupils", text, optional=True, flag=True)


def _at_school(by_area: Iterable[Variable]) -> Iterable[Variable]:
    """Results once more, by the area of the school: what is published of areas is of schools."""
    for v in by_area:
        if v.name.startswith(_RESULTS):
            text = f"{v.meaning}; by the area of the school"
            yield Variable(f"{v.name}_s", v.dims, v.dtype, v.unit, text, optional=True)


def _after_school() -> Iterable[Variable]:
    """People after sixteen; optional, so that runs without them can still be read."""
    for name, (more, dtype, unit, meaning) in BY_AREA.items():
        yield Variable(name, (*_YAG, *more), dtype, unit, meaning, optional=True)


def _after_school_tables() -> Iterable[Variable]:
    for name, (dims, dtype, unit, meaning) in NATIONAL.items():
        yield Variable(name, dims, dtype, unit, meaning, optional=True)


def _flag_cohorts() -> Iterable[Variable]:
    """Schools flagged first in year 1; optional, so that results without them can be read."""
    for name, (dims, dtype, unit, meaning) in flag_variables.TABLES.items():
        yield Variable(name, dims, dtype, unit, meaning, optional=True)


def _by_quarter(by_area: Iterable[Variable]) -> Iterable[Variable]:
    for v in by_area:
        if not v.flag:
            optional = v.name not in _REQUIRED_TWINS
            text = f"{v.meaning}; national, weighted, by quarter of the reference school"
            dims = tuple("quarter" if d == "area" else d for d in v.dims)
            yield Variable(f"{v.name}_q", dims, v.dtype, v.unit, text, optional=optional)
    for name, unit in (("ks2_square", "SD^2"), ("attainment8_square", "points^2")):
        text = "sum of squares, national, weighted, by quarter of the reference school"
        yield Variable(f"{name}_q", _YQG, "float64", unit, text)


def _national() -> Iterable[Variable]:
    text = "pupils by result, weighted; fixed bins, the end bins hold what lies beyond"
    yield Variable("hist", ("year", "stage", "group", "bin"), "int32", "pupils", text)
    sd = "standard deviation over pupils in year 0, a constant of the run"
    yield Variable("attainment8_sd", (), "float64", "points", f"Attainment 8: {sd}")
    yield Variable("need_adjusted_sd", (), "float64", "GBP", f"need-adjusted pounds: {sd}")
    yield Variable("quality_sd", (), "float64", "SD", f"expected teacher quality: {sd}")
    text = "share of the premium and of targeted money kept for disadvantaged pupils; a belief"
    yield Variable("premium_reach", (), "float64", "share", text, optional=True)
    text = "what whole pence times weights leave of the pot, below the largest weight"
    yield Variable("rounding", ("year", "phase"), "int64", "pence", text)
    yield Variable("pot", ("year", "phase"), "int64", "pence", "money shared out")
    text = "floor applied to pupil-led pounds per pupil, constant pounds"
    yield Variable("floor_used", ("year",), "float64", "share a year", text)
    for name, (dims, dtype, unit, text) in money_variables.TABLES.items():
        yield Variable(name, dims, dtype, unit, text, optional=True, flag=True)
    text = "schools on the floor, weighted share"
    yield Variable("on_floor", ("year",), "float64", "share", text, optional=True)


def _schools() -> Iterable[Variable]:
    one = ("school",)
    yield Variable("school_area", one, "int32", "row", "row of the school's area")
    yield Variable(
        "school_phase", one, "int8", "0, 1", "phase of the school: 0 primary, 1 secondary"
    )
    yield Variable(
        "school_quarter",
        one,
        "int8",
        "0..3",
        "quarter of the school by year-0 ever-6 share, 0 most affluent",
    )
    yield Variable("school_pupils", one, "int32", "pupils", "roll in the final year")
    yield Variable("school_ever6", one, "int32", "pupils", "ever-6 pupils in the final year")
    yield Variable("school_ks4_n", one, "int32", "pupils", "assessed at 16, final year")
    text = "roll in year 0, before any policy"
    yield Variable("school_pupils_0", one, "int32", "pupils", text, optional=True, flag=True)
    yield Variable("school_attainment8_sum", one, "float64", "points", "their Attainment 8")
    text = "final year's grant, clause by clause; adds up to the grant to the penny"
    yield Variable("school_pence", ("clause", "school"), "int64", "pence", text)


def _panel() -> Iterable[Variable]:
    one = ("child",)
    yield Variable("child_group", one, "int8", "row", "row of the child's group")
    yield Variable("child_area", one, "int32", "row", "row of the child's area")
    yield Variable("child_heritage", one, "int8", "0..10", "heritage group")
    none = "; NaN: was not in England yet"
    yield Variable("child_early", one, "float32", "SD", f"observed score at 5{none}")
    yield Variable("child_ks2", one, "float32", "SD", f"observed score at 11{none}")
    yield Variable("child_attainment8", one, "float32", "points", "Attainment 8")
    yield Variable("child_year", one, "int32", "year", "policy year of the results at 16")


def _all() -> dict[str, Variable]:
    by_area = [*_by_area(), *_after_school()]
    tables = [*_national(), *_after_school_tables()]
    national = [*tables, *_flag_cohorts()]
    twins = [*_by_quarter(by_area), *_at_school(_by_area())]
    parts = [*by_area, *twins, *national, *_schools(), *_panel()]
    return {v.name: v for v in parts}


VARIABLES: dict[str, Variable] = _all()

STANDS = frozenset(
    v.name
    for v in (*_by_area(), *_flag_cohorts())
    if "area" in v.dims and not v.name.startswith((*_RESULTS, *AT_HOME))
)
"""Sums by area that count pupils where their school stands; all others count them at home."""

AT_SCHOOL: dict[str, str] = {
    **{name: name for name in (*sorted(STANDS), "own_area_n")},
    **{name[:-2]: name for name in VARIABLES if name.endswith("_s") and name[:-2] in VARIABLES},
    "home_pupils": "pupils",
}
"""By name of a sum by area: the name of the same by the area of the school, where there is one."""

COORDINATES: dict[str, Variable] = {
    v.name: v
    for v in (
        Variable("year", ("year",), "int32", "policy year", "0 is the year before policy"),
        Variable("area", ("area",), "str", "code", "ONS code"),
        Variable("area_name", ("area",), "str", "name", "local authority"),
        Variable("region", ("area",), "str", "name", "region"),
        Variable("area_type", ("area",), "str", "name", "kind of place"),
        Variable("affluence", ("area",), "int8", "1..5", "fifth by FSM, 1 most affluent, fixed"),
        Variable("isolation", ("area",), "int8", "1..5", "fifth by km to the third secondary"),
        Variable("listed_eia", ("area",), "int8", "0, 1", "Education Investment Area"),
        Variable("listed_oa", ("area",), "float64", "share", "pupils in an Opportunity Area"),
        Variable("weight", ("area",), "int32", "areas", "areas this one stands for"),
        Variable("group", ("group",), "str", "name", "disjoint groups, baseline status"),
        Variable("quarter", ("quarter",), "int32", "0..7", "phase * 4 + quarter, 0 affluent"),
        Variable("stage", ("stage",), "str", "name", "assessment"),
        Variable("bin", ("bin",), "int32", "0..59", "bin of the national histograms"),
        Variable("phase", ("phase",), "str", "name", "primary, secondary"),
        Variable("exposure", ("stage", "year"), "int32", "school years", "in which money acted"),
        Variable("clause", ("clause",), "str", "name", "line of the grant"),
        Variable("school", ("school",), "int64", "id", "school"),
        Variable("child", ("child",), "int64", "id", "child of the panel"),
        *(
            Variable(n, (n,), kind, unit, text)
            for n, (_, kind, unit, text) in (LABELS | flag_variables.LABELS).items()
        ),
        *(
            Variable(n, (n,), kind, unit, text, flag=True)
            for n, (_, kind, unit, text) in money_variables.LABELS.items()
        ),
    )
}


def exposure(stage: str, years: NDArray[np.int_] | Iterable[int]) -> NDArray[np.int32]:
    """School years in which the policy's money acted on the cohort assessed at ``stage``, by year.

    Money acts `MONEY_LAG` years after it is paid. After sixteen they are those that the cohort had
    lived when it left school.

    >>> exposure("ks2", [-1, 0, 1, 3, 9, 11]).tolist()
    [0, 0, 0, 1, 7, 7]
    >>> exposure("age25", [11, 12, 23, 24]).tolist()
    [0, 1, 12, 12]
    """
    lag = 0 if stage == "none" else MONEY_LAG
    policy_years = np.asarray(list(years), dtype=np.int32) - AFTER_16.get(stage, 0) - lag
    return np.clip(policy_years, 0, SCHOOL_YEARS[stage]).astype(np.int32)


def bin_edges(stage: str) -> NDArray[np.float64]:
    """Edges of the national histogram of a stage: float64[BINS + 1]."""
    low, high = HISTOGRAM_RANGE[stage]
    return np.linspace(low, high, BINS + 1)
