"""What a cell holds of people after sixteen: names, dimensions, units, meanings, fixed bands.

Plain constants: `sim.record.variables` makes variables of them, `sim.record.tally_adults` fills
them, measures read them. A year names a cohort here too: what is counted at 25 in policy year 23
are the people who were 16 in policy year 14.
"""

from __future__ import annotations

from sim.codes import JOBS, OCCUPATIONS, REGIONS, ROUTES
from sim.config.models import DECLARED_LEVERS

__all__ = [
    "AFTER_16",
    "AGES",
    "BANDS",
    "BAND_CUTS",
    "BY_AREA",
    "CAREER_AGES",
    "COSTED",
    "DISADVANTAGE",
    "JOBS",
    "LABELS",
    "LEVELS",
    "NATIONAL",
    "OCCUPATIONS",
    "OFFER_CELLS",
    "OFFER_CUTS",
    "OFFER_STEPS",
    "PAY_BANDS",
    "PAY_CUTS",
    "PROMOTIONS",
    "QUALIFICATIONS",
    "REGIONS",
    "ROUTES",
]

AFTER_16 = {"post16": 1, "age19": 3, "age22": 6, "age23": 7, "age24": 8, "age25": 9, "age30": 14}
"""Years between the end of school (Year 11, at 16) and the year in which a measure is read."""

AGES = {name: 16 + years for name, years in AFTER_16.items()}
"""Age at the end of the school year in which a measure is read."""

LEVELS = JOBS[1:]
QUALIFICATIONS = ("below_level2", "level2", "level3_technical", "level3_academic", "degree")
DISADVANTAGE = ("other", "disadvantaged")
COSTED = {lever.books: lever.payer for lever in DECLARED_LEVERS.values() if lever.payer}
"""Costs of levers, line by line, and who pays: new money, never what the formula gives schools."""

BAND_CUTS = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
"""Edges of the bands of attainment at 16, in standard scores of year 0: half an SD wide."""
BANDS = len(BAND_CUTS) + 1

OFFER_CUTS = (0.25, 0.75, 1.25)
"""Edges of attainment in the like-for-like cells of offers: about quarters of applicants."""
OFFER_CELLS = 2 * 2 * (len(OFFER_CUTS) + 1)
OFFER_STEPS = ("applied", "sifted", "offered")

PAY_CUTS = (1.0, 14_000.0, 17_000.0, 20_000.0, 23_000.0, 26_000.0, 29_000.0, 33_000.0, 38_000.0,
            45_000.0, 55_000.0)  # fmt: skip
"""Edges of the bands of pay, GBP a year in prices of the base year; the first band is no pay."""
PAY_BANDS = len(PAY_CUTS) + 1

CAREER_AGES = tuple(range(24, 31))
PROMOTIONS = 5
"""Columns of promotions in the career table: 0, 1, 2, 3, and 4 or more."""

LABELS: dict[str, tuple[tuple[str, ...] | range, str, str, str]] = {
    "route": (ROUTES, "str", "name", "route after Year 11"),
    "band": (range(BANDS), "int32", "0..7", "band of attainment at 16, 0 lowest; see BAND_CUTS"),
    "pay_band": (range(PAY_BANDS), "int32", "0..11", "band of pay, 0 none; see PAY_CUTS"),
    "occupation": (OCCUPATIONS, "str", "name", "occupation of the parents"),
    "cell_of_offers": (range(OFFER_CELLS), "int32", "0..15", "class x tariff x attainment"),
    "step": (OFFER_STEPS, "str", "name", "step of the graduate schemes' funnel"),
    "career_age": (range(24, 31), "int32", "years", "age at the end of the school year"),
    "job": (JOBS, "str", "name", "level of job"),
    "promotions": (range(PROMOTIONS), "int32", "0..4", "promotions so far, 4 = 4 or more"),
    "work_region": (REGIONS, "str", "name", "region of work"),
    "level": (LEVELS, "str", "name", "level of job, none left out"),
    "qualification": (QUALIFICATIONS, "str", "name", "highest qualification at 25"),
    "disadvantage": (DISADVANTAGE, "str", "name", "eligibility of a published table"),
    "lever": (tuple(COSTED), "str", "name", "lever that costs new money"),
    "deprivation": (range(1, 6), "int32", "1..5", "fifth of small areas, 1 most deprived"),
}
"""Labels of the dimensions that only people after sixteen need: values, type, unit, meaning."""

_SEEN = {
    "post16_n": "people in the year after Year 11 (17 at its end)",
    "sustained_n": "of them, kept up education, training or work for six months",
    "options_sum": "post-16 options in reach (school sixth form, sixth-form college, FE, "
    "apprenticeship), added up over people",
    "options_square": "squares of the number of post-16 options in reach, added up over people",
    "choice_n": "people with both an academic and a technical or work-based option in reach",
    "taken_n": "of those with a choice in reach, kept up a place in education or training",
    "age19_n": "people who are 19 at the end of the year",
    "level2_n": "of them, Level 2 by 19",
    "level3_n": "of them, Level 3 by 19, academic or technical",
    "level3_technical_n": "of them, technical Level 3 by 19",
    "technical_n": "of them, chose further education or an apprenticeship at 16",
    "technical_done_n": "of those, technical Level 3 by 19",
    "he_n": "entered higher education by 19",
    "high_tariff_n": "entered a high-tariff university by 19",
    "he_home_n": "entered higher education by 19 and live at home",
    "age23_n": "people who are 23 at the end of the year",
    "scheme_applied_n": "of them, graduates who applied to a graduate scheme",
    "scheme_offer_n": "of those, got an offer",
    "age24_n": "people who are 24 at the end of the year",
    "entrants_n": "of them, had entered higher education by 19",
    "completed_n": "of those, first degree, taken without leaving",
    "good_degree_n": "of those, first or upper second class",
    "degree_n": "degree by 24, later ones included",
    "age25_n": "people who are 25 at the end of the year",
    "professional_n": "of them, in a professional job",
    "skilled_n": "of them, in a professional or middle (skilled) job",
    "home_skilled_n": "of those, in their home region",
    "moved_n": "at 25, work outside their home region",
    "left_n": "at 25, left their home region for a job that was not to be had there",
    "promoted_n": "at 25 in a professional or middle job, promoted at least once",
    "earners25_n": "at 25, with pay",
    "age30_n": "people who are 30 at the end of the year",
    "professional30_n": "of them, in a professional job",
    "skilled30_n": "of them, in a professional or middle (skilled) job",
    "promoted30_n": "of those, promoted at least once",
    "earners30_n": "at 30, with pay",
}
_MONEY = {
    "pay25_sum": "pay at 25",
    "pay30_sum": "pay at 30",
    "tax25_sum": "income tax and employee's National Insurance at 25, rates of the base year",
    "tax30_sum": "income tax and employee's National Insurance at 30, rates of the base year",
}
_SPLIT = {
    "routes": ("route", "people by route in the year after Year 11"),
    "took_route": ("route", "at 25, by the route after Year 11 that they kept up"),
    "rewarded_route": ("route", "of those, in a professional or middle (skilled) job"),
    "age19_band": ("band", "people who are 19, by attainment at 16"),
    "level3_band": ("band", "of them, Level 3 by 19"),
    "he_band": ("band", "of them, in higher education by 19"),
    "age25_band": ("band", "people who are 25, by attainment at 16"),
    "professional_band": ("band", "of them, in a professional job"),
    "pay25_band": ("pay_band", "people who are 25, by pay"),
    "pay30_band": ("pay_band", "people who are 30, by pay"),
}

BY_AREA: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    **{n: ((), "int32", "people", text) for n, text in _SEEN.items()},
    **{n: ((), "float64", "GBP", f"sum over people of: {text}") for n, text in _MONEY.items()},
    **{n: ((dim,), "int32", "people", text) for n, (dim, text) in _SPLIT.items()},
}
"""Sums by year, area of the home and group: further dimensions, type, unit, meaning.

People count where their family lived when they left school, wherever they work now.
"""

_AT_15 = ("year", "area", "disadvantage")
_ORIGIN = ("year", "career_age", "occupation", "job")

NATIONAL: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    **{
        f"fsm15_{n}": (_AT_15, "int32", "people", f"by free school meals at 15: {text}")
        for n, text in (
            ("n", "people who are 19"),
            ("level2_n", "of them, Level 2 by 19"),
            ("level3_n", "of them, Level 3 by 19"),
            ("he_n", "of them, in higher education by 19"),
            ("high_tariff_n", "of them, in a high-tariff university by 19"),
        )
    },
    "destinations": (
        ("year", "disadvantage", "route"), "int32", "people",
        "by ever-6 free school meals: people by route in the year after Year 11",
    ),
    "destinations_sustained": (
        ("year", "disadvantage", "route"), "int32", "people", "of them, kept it up",
    ),
    "deprivation_entrants": (
        ("year", "deprivation"), "int32", "people", "at 22, had entered higher education by 19",
    ),
    "deprivation_completed": (
        ("year", "deprivation"), "int32", "people", "of them, first degree by 22",
    ),
    "deprivation_good": (
        ("year", "deprivation"), "int32", "people", "of those, first or upper second class",
    ),
    "offers": (
        ("year", "occupation", "cell_of_offers", "step"), "int32", "people",
        "at 23, applicants to graduate schemes by step reached; cells of like applicants",
    ),
    "career_n": (
        (*_ORIGIN, "promotions"), "int32", "people", "people by job and promotions so far",
    ),
    "career_pay_sum": (_ORIGIN, "float64", "GBP", "their pay, added up"),
    "qualified_n": (
        ("year", "group", "qualification", "band"), "int32", "people",
        "people with pay at 25, by highest qualification and attainment at 16",
    ),
    "qualified_pay_sum": (
        ("year", "group", "qualification", "band"), "float64", "GBP", "their pay, added up",
    ),
    "jobs25_n": (
        ("year", "work_region", "level"), "int32", "people", "people of 25 in work, by region",
    ),
    "jobs25_home_n": (
        ("year", "work_region", "level"), "int32", "people", "of them, raised in that region",
    ),
    "jobs_held": (
        ("year", "work_region", "level"), "int32", "people", "people of 17 to 30 in work",
    ),
    "vacant": (
        ("year", "work_region", "level"), "int32", "posts", "posts the year's market left open",
    ),
    "lever_cost": (
        ("year", "lever"), "float64", "GBP", "what levers cost in the year in new money, by lever",
    ),
}  # fmt: skip
"""Tables beside the sums by group. ``fsm15_...`` are by area and unweighted like every sum by
area; the rest are national and already weighted."""
