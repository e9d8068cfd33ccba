"""Codes: what each number that stands for something means, once for the whole package.

Columns, kernels (`sim.kernel`), the record and the readings all take them from here, and a test
looks for copies. They are plain numbers, because those are frozen into kernels when these are
compiled. A code's first word says what it is a code of: `ROUTE_TECHNICAL` is a route after Year 11
and `LEVEL3_TECHNICAL` a kind of Level 3. Labels stand in the order of their codes.

>>> ROUTES[ROUTE_TECHNICAL], OCCUPATIONS[OCCUPATION_WORKING], REGIONS[REGION_LONDON]
('further_education', 'working', 'London')
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal, get_args

# ---- ages and year groups ----------------------------------------------------------------------

STARTING_AGE = 5
"""Age at the start of Reception: year group + this = age at the end of that school year."""
FIRST_SECONDARY = 7
LAST_GRADE = 11
"""The last year group of school; 0 is Reception."""
FIRST_PAID_MEAL = 3
"""The first year group whose meals are not free for all."""
FIRST_ADULT_GRADE = 12
"""The year after Year 11, in which a route is taken."""
LEVELS_GRADE = 14
"""The year in which people turn 19: levels by 19, entry to higher education, the first job."""
GRADUATION_GRADE = 17
"""The year in which first degrees end, at 22."""
SCHEME_GRADE = 18
"""The year of graduate schemes, at 23."""
LATER_DEGREE_GRADES = range(18, 25)
"""The years in which a degree can come later."""
GRADE_AT_25 = 20
LAST_ADULT_GRADE = 25
"""The last year in which people are followed, at 30."""
PHASES = ("primary", "secondary")
PRIMARY, SECONDARY = range(2)
STAGES = ("early", "ks2", "ks4")
STAGE_EARLY, STAGE_KS2, STAGE_KS4 = range(3)
"""Assessments: on entry to Reception at 5, at the end of primary school at 11, of school at 16."""
NEVER = 99
"""A year group or a number of years that never comes."""


def phase_of(grade: int) -> int:
    """Return the phase of a year group.

    >>> [PHASES[phase_of(grade)] for grade in (0, 6, 7)]
    ['primary', 'primary', 'secondary']
    """
    return PRIMARY if grade < FIRST_SECONDARY else SECONDARY


# ---- people ------------------------------------------------------------------------------------

FIRST_ID_YEAR = 1980
ID_BITS = 20
"""An id is (birth year - `FIRST_ID_YEAR`) << `ID_BITS`, and the number in the cohort."""

GROUPS = ("other", "shallow_short", "shallow_long", "deep_short", "deep_long")
"""Results groups: disjoint, by depth and duration of disadvantage; 0 is not disadvantaged."""
GROUP_COUNT = len(GROUPS)
QUARTER_COUNT = 4
"""Quarters of schools by year-0 ever-6 share, 0 the most affluent."""

BROAD_OF_HERITAGE = (0, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4)
"""The broad group of each heritage, in the order of the columns of the table of areas."""
HERITAGE_COUNT = len(BROAD_OF_HERITAGE)
MIGRANT_HERITAGES = (1, 2, 3, 4, 5, 6, 10)
"""Heritages of families most of whom came within two generations."""

NEEDS = ("none", "support", "plan")
NEED_NONE, NEED_SUPPORT, NEED_PLAN = range(3)
"""Special needs in a phase: none, SEN support, an education, health and care plan."""
NEED_BITS = 2
"""Bits of each phase's special need in a child's column, primary lowest."""

OCCUPATIONS = ("professional", "intermediate", "working")
"""Occupation of the parents; the last is the low-origin group of offers and progression."""
OCCUPATION_PROFESSIONAL, OCCUPATION_INTERMEDIATE, OCCUPATION_WORKING = range(3)
OCCUPATION_COUNT = len(OCCUPATIONS)

# ---- places ------------------------------------------------------------------------------------

Region = Literal[
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and The Humber",
]
REGIONS: tuple[str, ...] = get_args(Region)
"""The nine English regions in alphabetical order, as the Office for National Statistics does."""
REGION_COUNT = len(REGIONS)
REGION_LONDON = REGIONS.index("London")
NOWHERE = -1
"""Region of work of those without work."""

# ---- after sixteen -----------------------------------------------------------------------------

ROUTES = (
    "school_sixth_form",
    "sixth_form_college",
    "further_education",
    "apprenticeship",
    "work",
    "none",
)
(
    ROUTE_SCHOOL,
    ROUTE_COLLEGE,
    ROUTE_TECHNICAL,
    ROUTE_APPRENTICESHIP,
    ROUTE_WORK,
    ROUTE_NONE,
) = range(6)
ROUTE_COUNT = len(ROUTES)

LEVEL3_NONE, LEVEL3_ACADEMIC, LEVEL3_TECHNICAL = range(3)
"""Level 3 by 19."""
ENTRY_NONE, ENTRY_LOWER_TARIFF, ENTRY_HIGH_TARIFF = range(3)
"""Entry to higher education by 19."""
DEGREE_NONE, DEGREE_LOWER, DEGREE_GOOD, DEGREE_LATER = range(4)
"""First degrees by class (good: first or upper second), and those that came later."""
OFFER_NOT_APPLIED, OFFER_NONE, OFFER_SIFTED, OFFER_MADE = range(-1, 3)
"""How far an application to a graduate scheme came."""

JOBS = ("none", "lower", "middle", "professional")
JOB_NONE, JOB_LOWER, JOB_MIDDLE, JOB_PROFESSIONAL = range(4)
JOB_COUNT = len(JOBS)
JOB_LEVELS = (JOB_LOWER, JOB_MIDDLE, JOB_PROFESSIONAL)
"""Levels of job that employers offer, from the lowest up."""
JOB_LEVEL_COUNT = len(JOB_LEVELS)

# ---- units -------------------------------------------------------------------------------------

FIXED_POINT = 2**20
"""Numbers are added up as whole multiples of 1 / this, so that no order can change a sum."""
PENCE = 100
"""Of a pound: money is whole pence."""
AREA_COST_UNIT = 10_000
"""Area cost multipliers are whole parts of this."""
MILLION = 1_000_000
"""Shares of money are whole parts of this."""

# ---- luck --------------------------------------------------------------------------------------


class Purpose(IntEnum):
    """Why a number is drawn. Values are part of every result: never reuse or renumber one.

    A draw gives four words. What each is for is written beside the purpose; below, each has a name
    that begins with the purpose's.
    """

    SMALL_AREA = 1  # words: x, y of homes about their centre; slot 1: residual at 5
    WARD = 2  # drawn no longer
    SCHOOL_SITE = 3  # drawn no longer
    SCHOOL_EFFECT = 4  # words: value added; for disadvantaged pupils; use of money
    AREA_EFFECT = 5  # words: residual at 5, at 11, at 16; slot 1: value added by phase
    # Slot 2: shock of one year to those who are 11, to those who are 16
    BIRTH = 6  # words: home; heritage; income; parents' education (lowest bits: sex)
    BIRTH_MORE = 7  # words: registering (lowest bits: language); arriving; leaving; endowment.
    # Lowest bits of arriving and leaving together: Catholic or not
    YEAR = 8  # words: learning; income; marks; moving school
    TASTE_PRIMARY = 9  # other party: the school; words: taste, lottery
    TASTE_SECONDARY = 10  # other party: the school; words: taste, lottery
    ELEVEN_PLUS = 11  # words: mark of the day
    SCHOOL_YEAR = 12  # words: recruits' quality; leaving
    MOVE = 13  # words: turn in the queue for a school
    HABIT = 14  # slot: the programme; words: first belief in it
    PANEL = 15  # words: membership of the panel of children
    INCOME_PAST = 16  # drawn no longer
    ROUTE = 20  # other party: the route; words: taste for it
    LEVELS = 21  # words: shared trait; Level 2; Level 3; academic or technical
    HIGHER = 22  # words: entering; high tariff; home; dropping out; slot 1: where, without Level 3
    # Slot 2: size of a university, turn to back students
    CLASS = 23  # words: class of the degree; later degree (slot: the year group)
    FUNNEL = 24  # words: applying; sift; interview; kind of employer; slot 1: contacts
    JOB = 25  # words: score of the day; the same for middle jobs; searching again.
    # Other party 1: tastes for the nine regions, ten bits each; 2 to 4: for markets within them
    PAY = 26  # words: lasting pay
    PROMOTION = 27  # words: promotion this year
    PARENTS = 28  # words: parents' occupation
    OFFER_SITE = 29  # slot 2: words: drawn no longer, drawn no longer, apprenticeships
    LATE = 30  # words: no mark at 11
    NEEDS = 31  # words: special needs; month of birth
    SPELL = 32  # words: out of work all life; in years of 19 to 22; of 23 to 26; of 27 to 30
    ABSENCE = 33  # words: absence from school
    LOCAL_FORMULA = 34  # words: how far an authority mirrors the national formula


SMALL_AREA_X, SMALL_AREA_Y = range(2)
SMALL_AREA_SLOT_EARLY, SMALL_AREA_EARLY = 1, 0
SCHOOL_EFFECT_VALUE_ADDED, SCHOOL_EFFECT_DIFFERENTIAL, SCHOOL_EFFECT_MONEY_USE = range(3)
AREA_EFFECT_EARLY, AREA_EFFECT_KS2, AREA_EFFECT_KS4 = range(3)
AREA_EFFECT_SLOT_SCHOOLS = 1
AREA_EFFECT_PRIMARIES, AREA_EFFECT_SECONDARIES = range(2)
AREA_EFFECT_SLOT_COHORTS = 2
BIRTH_HOME, BIRTH_HERITAGE, BIRTH_INCOME, BIRTH_PARENTS = range(4)
BIRTH_MORE_CLAIM, BIRTH_MORE_COMING, BIRTH_MORE_GOING, BIRTH_MORE_ATTAIN = range(4)
BIRTH_MORE_LANGUAGE_BITS = 16
BIRTH_SEX_BITS, BIRTH_MORE_FAITH_BITS = 9, 8
YEAR_LEARNING, YEAR_INCOME, YEAR_MARK, YEAR_MOVING = range(4)
TASTE_LIKING, TASTE_LOTTERY = range(2)
ELEVEN_PLUS_MARK = 0
SCHOOL_YEAR_RECRUITS, SCHOOL_YEAR_LEAVING = range(2)
MOVE_TURN = 0
HABIT_VIEW = 0
PANEL_MEMBER = 0
ROUTE_TASTE = 0
LEVELS_TRAIT, LEVELS_SECOND, LEVELS_THIRD, LEVELS_WAY = range(4)
HIGHER_ENTRY, HIGHER_TARIFF, HIGHER_HOME, HIGHER_DROPPING_OUT = range(4)
HIGHER_SLOT_WHERE, HIGHER_SLOT_UNIVERSITIES = 1, 2
HIGHER_WHERE, HIGHER_WITHOUT_LEVEL3 = range(2)
HIGHER_SIZE, HIGHER_TURN = range(2)
CLASS_DEGREE, CLASS_LATER = range(2)
FUNNEL_APPLYING, FUNNEL_SIFT, FUNNEL_INTERVIEW, FUNNEL_EMPLOYER = range(4)
FUNNEL_SLOT_CONTACTS, FUNNEL_CONTACTS = 1, 0
JOB_SCORE, JOB_SCORE_BELOW, JOB_SEARCH = range(3)
JOB_PARTY_TASTES, JOB_PARTY_MARKETS = 1, 2
PAY_LASTING = 0
PROMOTION_STEP = 0
LATE_ARRIVAL = 0
NEEDS_LUCK, NEEDS_MONTH = range(2)
SPELL_LIFE, SPELL_YEARS = 0, 1
ABSENCE_LUCK = 0
LOCAL_FORMULA_MIRROR = 0
PARENTS_RANK = 0
OFFER_SITE_SLOT_COUNTS = 2
OFFER_SITE_APPRENTICESHIPS = 2

TIME_BITS = 16
"""A year and a slot share the second word of a counter, the year above."""
LUCK_BITS = 16
LUCKS = 1 << LUCK_BITS
"""Draws and replicates are numbered below this, so that each pair has luck of its own."""


MIXED, BOYS, GIRLS = range(3)
"""Whom a school takes."""


def fit(parts: Mapping[str, int], bits: int) -> None:
    """Refuse what does not fit its bits: cut off, it would meet the luck of something else."""
    for name, value in parts.items():
        if not 0 <= value < 1 << bits:
            raise ValueError(
                f"luck: {name} is {value}, and its place in the key holds whole numbers from 0 and "
                f"below {1 << bits:,}. Give a number in that range."
            )


def pack(draw: int, replicate: int) -> int:
    """Return the second word of a `Key`: one of its own for each draw and replicate.

    Raises:
        ValueError: One is not below `LUCKS`: it would meet the luck of another pair.

    >>> pack(0, 3), pack(2, 3)
    (3, 131075)
    """
    fit({"draw": draw, "replicate": replicate}, LUCK_BITS)
    return draw << LUCK_BITS | replicate
