"""Rows of the record after sixteen: who went where, got what, and what it pays, by home and group.

Pure functions over blocks of `Adults` (their columns and ``birth_year``); no block is changed.
People count where their family lived when they left school. Counts are whole numbers and pay is
rounded to whole pounds before it is added up, so neither order nor threads can change a sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Bools, Float32s, Float64s, Int8s, Int32s, Int64s
from sim.codes import (
    DEGREE_GOOD,
    DEGREE_LOWER,
    ENTRY_HIGH_TARIFF,
    GROUP_COUNT,
    JOB_COUNT,
    JOB_LEVEL_COUNT,
    JOB_MIDDLE,
    JOB_PROFESSIONAL,
    LAST_GRADE,
    LEVEL3_ACADEMIC,
    LEVEL3_TECHNICAL,
    OCCUPATION_COUNT,
    OFFER_MADE,
    OFFER_SIFTED,
    QUARTER_COUNT,
    REGION_COUNT,
    ROUTE_APPRENTICESHIP,
    ROUTE_COUNT,
    ROUTE_NONE,
    ROUTE_TECHNICAL,
    STARTING_AGE,
)
from sim.crew import ALONE, Crew, Job
from sim.data.income_tax import income_tax
from sim.kernel import kernel
from sim.record.adult_variables import (
    AFTER_16,
    BAND_CUTS,
    BANDS,
    BY_AREA,
    CAREER_AGES,
    OFFER_CELLS,
    OFFER_CUTS,
    OFFER_STEPS,
    PAY_BANDS,
    PAY_CUTS,
    PROMOTIONS,
    QUALIFICATIONS,
)
from sim.record.book import Book, Homes, table_of
from sim.world.adults import Adults

__all__ = ["Homes", "adult_rows"]

Counts = Int64s


class Career(NamedTuple):
    """What of a cohort tells how careers went."""

    area: Int32s
    occupation: Int8s
    job: Int8s
    region: Int8s
    grade_of_job: Int8s
    pay: Float32s


def adult_rows(
    blocks: Sequence[Adults],
    year: int,
    homes: Homes,
    reach: NDArray[np.bool_],
    vacant: Counts | None = None,
    crew: Crew = ALONE,
) -> Mapping[str, ArrayLike]:
    """Return one year's sums of everybody after sixteen, as `sim.results` declares them.

    Args:
        blocks: Cohorts after school, in any order; a missing age gives noughts.
        year: School year (the calendar year in which it ends).
        homes: Where homes lie.
        reach: (people, 4): whether a school sixth form, a sixth-form college, further education
            and an apprenticeship are in reach of each person of the block of year group 12.
        vacant: (9 regions, lower/middle/professional): posts, in people, that the year's market
            left open; not recorded if not given.
        crew: Threads; every cohort writes to rows of its own.
    """
    known = {block.birth_year: block for block in blocks}
    row = _noughts(homes)

    def stage(age: str, block: Adults) -> None:
        book = Book(block, homes, row)
        if age == "post16":
            _after_year_11(book, block, np.asarray(reach, np.bool_))
        else:
            _STAGES[age](book, block)

    jobs: list[Job] = [
        partial(stage, age, known[birth])
        for age, years in AFTER_16.items()
        if (birth := year - STARTING_AGE - LAST_GRADE - years) in known
    ]
    posts = {birth: np.zeros_like(row["jobs_held"]) for birth in known}
    jobs += [
        partial(_career, row, block, homes, year - birth, posts[birth])
        for birth, block in known.items()
    ]
    crew.run(jobs)
    row["jobs_held"] = row["jobs_held"] + sum(posts.values())
    if vacant is not None:
        row["vacant"] = np.asarray(vacant, np.int64)
    return row


def _noughts(homes: Homes) -> dict[str, NDArray[Any]]:
    """Return every variable of an empty year."""
    areas = homes.weight.size
    sizes = {"route": ROUTE_COUNT, "band": BANDS, "pay_band": PAY_BANDS}
    row: dict[str, Any] = {}
    for name, (more, *_) in BY_AREA.items():
        tail = tuple(sizes[d] for d in more)
        row[name] = np.zeros((areas, GROUP_COUNT, *tail), np.int64)
        row[f"{name}_q"] = np.zeros((2 * QUARTER_COUNT, GROUP_COUNT, *tail), np.int64)
    for name in ("n", "level2_n", "level3_n", "he_n", "high_tariff_n"):
        row[f"fsm15_{name}"] = np.zeros((areas, 2), np.int64)
    ages = len(CAREER_AGES)
    shapes = {
        "destinations": (2, ROUTE_COUNT),
        "destinations_sustained": (2, ROUTE_COUNT),
        "deprivation_entrants": (5,),
        "deprivation_completed": (5,),
        "deprivation_good": (5,),
        "offers": (OCCUPATION_COUNT, OFFER_CELLS, len(OFFER_STEPS)),
        "career_n": (ages, OCCUPATION_COUNT, JOB_COUNT, PROMOTIONS),
        "career_pay_sum": (ages, OCCUPATION_COUNT, JOB_COUNT),
        "qualified_n": (GROUP_COUNT, len(QUALIFICATIONS), BANDS),
        "qualified_pay_sum": (GROUP_COUNT, len(QUALIFICATIONS), BANDS),
    }
    jobs = (REGION_COUNT, JOB_LEVEL_COUNT)
    shapes |= dict.fromkeys(("jobs25_n", "jobs25_home_n", "jobs_held"), jobs)
    return row | {name: np.zeros(shape, np.int64) for name, shape in shapes.items()}


def _after_year_11(book: Book, people: Adults, reach: Bools) -> None:
    """Options in reach, routes chosen and kept up, in the year after Year 11."""
    everybody, route = np.ones(book.key.size, np.bool_), _route(people)
    sixth, college, further, work = reach.T.view(np.uint8)
    options = sixth + college + further + work
    choice = ((sixth | college) & (further | work)).astype(np.bool_)
    taught = people.sustained & (route <= ROUTE_APPRENTICESHIP)
    book.add("post16_n", everybody)
    book.add("sustained_n", people.sustained)
    book.add("options_sum", options)
    book.add("options_square", options * options)
    book.add("choice_n", choice)
    book.add("taken_n", choice & taught)
    book.add("routes", everybody, route, ROUTE_COUNT)
    key, shape = people.ever6 * np.int32(ROUTE_COUNT) + route, (2, ROUTE_COUNT)
    book.table("destinations", everybody, key, shape)
    book.table("destinations_sustained", people.sustained, key, shape)


def _route(people: Adults) -> NDArray[np.int8]:
    """Return each person's route; who has none yet counts as on none."""
    return np.where(people.route < 0, ROUTE_NONE, people.route).astype(np.int8)


def _at_19(book: Book, people: Adults) -> None:
    """Levels 2 and 3, and entry to higher education."""
    everybody, level3, entered = np.ones(book.key.size, np.bool_), people.level3 > 0, people.entered
    technical = (people.route == ROUTE_TECHNICAL) | (people.route == ROUTE_APPRENTICESHIP)
    told = {
        "n": everybody,
        "level2_n": people.level2,
        "level3_n": level3,
        "he_n": entered > 0,
        "high_tariff_n": entered == ENTRY_HIGH_TARIFF,
    }
    for name, chosen in told.items():
        if name != "n":
            book.add(name, chosen)
        book.either(f"fsm15_{name}", chosen, people.fsm15)
    book.add("age19_n", everybody)
    book.add("level3_technical_n", people.level3 == LEVEL3_TECHNICAL)
    book.add("technical_n", technical)
    book.add("technical_done_n", technical & (people.level3 == LEVEL3_TECHNICAL))
    book.add("he_home_n", (entered > 0) & people.at_home)
    band = _bands(people.score, BAND_CUTS)
    for name, chosen in (("age19", everybody), ("level3", level3), ("he", entered > 0)):
        book.add(f"{name}_band", chosen, band, BANDS)


def _at_22(book: Book, people: Adults) -> None:
    """First degrees by deprivation of the small area of the home."""
    entered, good = people.entered > 0, people.degree == DEGREE_GOOD
    completed = entered & ((people.degree == DEGREE_LOWER) | good)
    for name, chosen in (("entrants", entered), ("completed", completed), ("good", good)):
        book.table(f"deprivation_{name}", chosen, people.fifth - 1, (5,))


def _at_23(book: Book, people: Adults) -> None:
    """Graduate schemes, step by step, in cells of like applicants."""
    applied = people.offer >= 0
    book.add("age23_n", np.ones(book.key.size, np.bool_))
    book.add("scheme_applied_n", applied)
    book.add("scheme_offer_n", people.offer == OFFER_MADE)
    quarter = _bands(people.score, OFFER_CUTS)
    cell = 8 * (people.degree == DEGREE_GOOD) + 4 * (people.entered == ENTRY_HIGH_TARIFF) + quarter
    key = people.occupation * np.int32(OFFER_CELLS) + cell
    steps = (applied, people.offer >= OFFER_SIFTED, people.offer == OFFER_MADE)
    tables = [table_of(chosen, key, book, (OCCUPATION_COUNT, OFFER_CELLS)) for chosen in steps]
    book.row["offers"] = np.stack(tables, axis=-1)


def _at_24(book: Book, people: Adults) -> None:
    """Degrees: of entrants without leaving, and of anybody."""
    entered, good = people.entered > 0, people.degree == DEGREE_GOOD
    book.add("age24_n", np.ones(book.key.size, np.bool_))
    book.add("entrants_n", entered)
    book.add("completed_n", entered & ((people.degree == DEGREE_LOWER) | good))
    book.add("good_degree_n", entered & good)
    book.add("degree_n", people.degree > 0)


def _at_25(book: Book, people: Adults) -> None:
    """Jobs, leaving to get on, promotion and pay."""
    everybody = np.ones(book.key.size, np.bool_)
    skilled, top = people.job >= JOB_MIDDLE, people.job == JOB_PROFESSIONAL
    book.add("age25_n", everybody)
    book.add("professional_n", top)
    book.add("skilled_n", skilled)
    book.add("home_skilled_n", skilled & ~people.moved)
    book.add("moved_n", people.moved)
    book.add("left_n", people.left_to_get_on)
    book.add("promoted_n", skilled & (people.grade_of_job > 0))
    _paid(book, people, "25")
    route = _route(people)
    kept = people.sustained & (route <= ROUTE_APPRENTICESHIP)
    book.add("took_route", kept, route, ROUTE_COUNT)
    book.add("rewarded_route", kept & skilled, route, ROUTE_COUNT)
    band = _bands(people.score, BAND_CUTS)
    book.add("age25_band", everybody, band, BANDS)
    book.add("professional_band", top, band, BANDS)
    _qualified(book, people, band)
    at_work = (people.job > 0) & (people.region >= 0)
    level = np.maximum(people.job, 1) - 1
    key, shape = (
        np.maximum(people.region, 0) * np.int32(JOB_LEVEL_COUNT) + level,
        (REGION_COUNT, JOB_LEVEL_COUNT),
    )
    book.table("jobs25_n", at_work, key, shape)
    book.table(
        "jobs25_home_n", at_work & (people.region == book.homes.region[people.area]), key, shape
    )


def _qualified(book: Book, people: Adults, band: NDArray[np.int32]) -> None:
    """Pay at 25 by highest qualification and attainment at 16."""
    highest = people.level2.astype(np.int32)
    highest[people.level3 == LEVEL3_TECHNICAL] = QUALIFICATIONS.index("level3_technical")
    highest[people.level3 == LEVEL3_ACADEMIC] = QUALIFICATIONS.index("level3_academic")
    highest[people.degree > 0] = QUALIFICATIONS.index("degree")
    size = len(QUALIFICATIONS)
    key, shape = (
        (people.group * np.int32(size) + highest) * BANDS + band,
        (GROUP_COUNT, size, BANDS),
    )
    book.table("qualified_n", people.pay > 0, key, shape)
    book.table("qualified_pay_sum", np.rint(people.pay), key, shape)


def _paid(book: Book, people: Adults, age: str) -> None:
    """Pay, the tax on it, and its bands."""
    book.add(f"earners{age}_n", people.pay > 0)
    book.add(f"pay{age}_sum", np.rint(people.pay))
    book.add(f"tax{age}_sum", np.rint(income_tax(people.pay, book.homes.tax)))
    everybody = np.ones(book.key.size, np.bool_)
    book.add(f"pay{age}_band", everybody, _bands(people.pay, PAY_CUTS), PAY_BANDS)


def _at_30(book: Book, people: Adults) -> None:
    """Jobs, promotion and pay again."""
    skilled = people.job >= JOB_MIDDLE
    book.add("age30_n", np.ones(book.key.size, np.bool_))
    book.add("professional30_n", people.job == JOB_PROFESSIONAL)
    book.add("skilled30_n", skilled)
    book.add("promoted30_n", skilled & (people.grade_of_job > 0))
    _paid(book, people, "30")


def _career(row: dict[str, Any], people: Adults, homes: Homes, age: int, posts: Counts) -> None:
    """Jobs, promotions and pay by parents' occupation at each age; posts held, at any age."""
    career = np.zeros((OCCUPATION_COUNT, JOB_COUNT, PROMOTIONS), np.int64)
    pay = np.zeros((OCCUPATION_COUNT, JOB_COUNT), np.int64)
    _careers(people.view(Career), homes.weight, posts, career, pay)
    if age in CAREER_AGES:
        at = CAREER_AGES.index(age)
        row["career_n"][at], row["career_pay_sum"][at] = career, pay


@kernel
def _careers(people: Career, weight: Int64s, held: Int64s, career: Int64s, paid: Int64s) -> None:
    for i in range(people.job.size):
        w, o, j = weight[people.area[i]], people.occupation[i], people.job[i]
        if j > 0 and people.region[i] >= 0:
            held[people.region[i], j - 1] += w
        grade = people.grade_of_job[i]
        career[o, j, min(max(grade, 0), career.shape[2] - 1)] += w
        paid[o, j] += w * np.int64(np.rint(np.float64(people.pay[i])))


@kernel
def _place(values: Float32s, cuts: Float64s, out: Int32s) -> None:
    """Count the cuts at or below each value: few of them, so one after another is fastest."""
    for i in range(values.size):
        v = np.float64(values[i])
        n = 0
        for c in cuts:
            n += v >= c
        out[i] = n


def _bands(values: Float32s, cuts: tuple[float, ...]) -> NDArray[np.int32]:
    """Return the band of each value: how many of the cuts it reaches."""
    out = np.empty(values.size, np.int32)
    _place(values, np.array(cuts), out)
    return out


_STAGES: dict[str, Any] = {
    "age19": _at_19,
    "age22": _at_22,
    "age23": _at_23,
    "age24": _at_24,
    "age25": _at_25,
    "age30": _at_30,
}
