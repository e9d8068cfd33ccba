"""What employers do at once, read off a model at the start of policy year 1.

Schemes, the market and promotion act on everybody of working age in one go, so that a world of a
few areas has enough people to see what a belief does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.codes import (
    JOB_LOWER,
    JOB_MIDDLE,
    JOB_PROFESSIONAL,
    LAST_ADULT_GRADE,
    LEVEL3_NONE,
    LEVEL3_TECHNICAL,
    NOWHERE,
    OCCUPATION_PROFESSIONAL,
    OCCUPATION_WORKING,
    OFFER_MADE,
    OFFER_NONE,
    REGION_LONDON,
    SCHEME_GRADE,
)
from sim.config.models import Hiring, Policy
from sim.evidence.probes import at_once
from sim.markets.jobs import Liking, Own, Scene, appeal, commutes
from sim.model import SchoolsModel, work
from sim.nation import by_grade
from sim.world.adults import Adults
from sim.year import funnel, progression, recruitment

__all__: list[str] = []

Bools = NDArray[np.bool_]

ADULT = range(SCHEME_GRADE, LAST_ADULT_GRADE + 1)
LADDER = 12


def _scene(model: SchoolsModel, beliefs: Own) -> Scene[Own]:
    fixed = model.terms
    return Scene(beliefs, fixed.on, fixed.key, model.year)


def _everybody(model: SchoolsModel) -> Adults:
    """Return all people from 23 to 30 as one block of the cohort of 23."""
    blocks = [by_grade(model.after, model.year)[grade] for grade in ADULT]
    out = Adults(sum(block.rows for block in blocks), blocks[0].birth_year)
    for name in out.columns:
        out.set(name, np.concatenate([block.get(name) for block in blocks]))
    return out


def _gap(values: NDArray[Any], one: Bools, other: Bools) -> float:
    return float(values[one].mean() - values[other].mean())


# ---- Schemes -----------------------------------------------------------------------------------


def _schemes(model: SchoolsModel, contextual: float = 0.0) -> tuple[Adults, funnel.Cells]:
    """Run graduate schemes on everybody."""
    adults, scene = _everybody(model), _scene(model, model.terms.values.funnel)
    posts = float(model.after.employers.posts[model.after.employers.at(JOB_PROFESSIONAL)].sum())
    cohorts = model.nation.work.demand.by_age[:, 0].sum()
    places = len(ADULT) * funnel.scheme_places(posts, cohorts, scene.beliefs)
    chosen = funnel.Selection(places, contextual, 0.0, ("working",))
    return adults, funnel.funnel(adults, model.nation.work.places.weight, chosen, scene)


@at_once("share")
def scheme_applicants(model: SchoolsModel) -> float:
    """Graduates who apply to a scheme."""
    adults, _ = _schemes(model)
    return float((adults.offer[adults.degree > 0] >= OFFER_NONE).mean())


@at_once("share")
def scheme_invited(model: SchoolsModel) -> float:
    """Applicants who come through the sift."""
    _, cells = _schemes(model)
    return float(cells.sifted.sum() / cells.applied.sum())


@at_once("share")
def scheme_offers(model: SchoolsModel) -> float:
    """Applicants who get an offer."""
    _, cells = _schemes(model)
    return float(cells.offered.sum() / cells.applied.sum())


@at_once("SD")
def scheme_score_gap(model: SchoolsModel) -> float:
    """Attainment at 16 of those with an offer less that of other applicants."""
    adults, _ = _schemes(model)
    got = adults.offer == OFFER_MADE
    return _gap(adults.score, got, (adults.offer >= OFFER_NONE) & ~got)


@at_once("ratio")
def scheme_raw_ratio(model: SchoolsModel) -> float:
    """Offers an applicant of low origin gets for one of any other."""
    return funnel.raw_ratio(_schemes(model)[1])


@at_once("ratio")
def scheme_like_ratio(model: SchoolsModel) -> float:
    """The same among applicants alike in attainment, class and tariff."""
    return funnel.like_for_like(_schemes(model)[1])


@at_once("ratio")
def contextual_ratio(model: SchoolsModel) -> float:
    """The same when every scheme reads results in the light of background."""
    return funnel.like_for_like(_schemes(model, contextual=1.0)[1])


@at_once("share")
def scheme_top_quarter(model: SchoolsModel) -> float:
    """Applicants in the highest quarter of attainment."""
    _, cells = _schemes(model)
    by_quarter = cells.applied.sum(0).reshape(4, -1).sum(1)
    return float(by_quarter[-1] / by_quarter.sum())


@at_once("share")
def contextual_adopted(model: SchoolsModel) -> float:
    """Employers that read results in the light of background a year after all are asked to."""
    policy = Policy(hiring=Hiring(contextual_adoption=1))
    pace = model.terms.values.recruitment.adoption_pace
    model.nation.agents.employers.do("adopt", policy, pace)
    return float(model.after.employers.scheme_shares()[0])


# ---- Posts -------------------------------------------------------------------------------------


@at_once("posts a person")
def london_posts(model: SchoolsModel) -> float:
    """Professional posts open in London per young person raised there."""
    demand = model.nation.work.demand
    return float(demand.per_leaver[demand.layout.region == REGION_LONDON, 0].mean())


@at_once("ratio")
def posts_response(model: SchoolsModel) -> float:
    """Professional posts when a tenth more people qualify, over those of today."""
    employers, blocks = model.after.employers, list(by_grade(model.after, model.year).values())
    employers.remember()
    found = []
    for more in (1.1, 1.0):
        employers.supply = more * employers.supply_base
        scene = _scene(model, model.terms.values.recruitment)
        recruitment.open_posts(
            employers, blocks, model.nation.work.places, model.nation.work.demand, scene
        )
        found.append(float(employers.posts[employers.at(JOB_PROFESSIONAL)].sum()))
    return found[0] / found[1]


@at_once("share")
def seeking(model: SchoolsModel) -> float:
    """People in lower and middle posts who look for a better one."""
    adults = _everybody(model)
    seekers = recruitment.seek(
        adults, model.nation.work.places, _scene(model, model.terms.values.recruitment)
    )
    held = (adults.job > 0) & (adults.job < JOB_PROFESSIONAL)
    return float((seekers.before > 0).sum() / held.sum())


@at_once("taste")
def home_pull(model: SchoolsModel) -> float:
    """Attachment of those who look for a post to their home region."""
    adults = _everybody(model)
    return float(
        recruitment.seek(
            adults, model.nation.work.places, _scene(model, model.terms.values.recruitment)
        ).people.pull.mean()
    )


@at_once("SD")
def scheme_lead(model: SchoolsModel) -> float:
    """Score for a professional post of those with an offer from a scheme less others'."""
    adults = _everybody(model)
    rows = np.arange(adults.rows)
    score, _ = recruitment.score(
        adults, rows, ADULT[0], _scene(model, model.terms.values.recruitment)
    )
    got = adults.offer == OFFER_MADE
    return _gap(score, got, ~got)


# ---- The market --------------------------------------------------------------------------------


def _hired(model: SchoolsModel) -> Adults:
    """Let everybody from 19 on look for a first post at once; return those from 23 to 30."""
    blocks = by_grade(model.after, model.year)
    for block in blocks.values():
        block.job, block.market, block.region, block.grade_of_job = 0, NOWHERE, NOWHERE, 0
        block.moved, block.left_to_get_on = False, False
    model.after.employers.supply = model.after.employers.supply_base
    work.recruit(model.nation, model.year)
    return _everybody(model)


def _professional(adults: Adults) -> Bools:
    return np.asarray(adults.job == JOB_PROFESSIONAL)


@at_once("share")
def professional_degree_gap(model: SchoolsModel) -> float:
    """In professional posts, graduates less others."""
    adults = _hired(model)
    return _gap(_professional(adults), adults.degree > 0, adults.degree == 0)


@at_once("share")
def professional_origin_gap(model: SchoolsModel) -> float:
    """In professional posts, children of professional less those of working-class parents."""
    adults = _hired(model)
    return _gap(
        _professional(adults),
        adults.occupation == OCCUPATION_PROFESSIONAL,
        adults.occupation == OCCUPATION_WORKING,
    )


@at_once("share")
def professional_age_gap(model: SchoolsModel) -> float:
    """In professional posts when all look for one at once, oldest less youngest."""
    _hired(model)
    blocks = by_grade(model.after, model.year)
    old, young = (_professional(blocks[grade]).mean() for grade in (ADULT[-1], ADULT[0]))
    return float(old - young)


@at_once("share")
def middle_technical_gap(model: SchoolsModel) -> float:
    """In middle rather than lower posts, holders of a technical Level 3 less those of none."""
    adults = _hired(model)
    rest = (adults.job == JOB_LOWER) | (adults.job == JOB_MIDDLE)
    middle = adults.job == JOB_MIDDLE
    return _gap(
        middle, rest & (adults.level3 == LEVEL3_TECHNICAL), rest & (adults.level3 == LEVEL3_NONE)
    )


@at_once("share")
def work_away(model: SchoolsModel) -> float:
    """People in work too far from home to go there every day."""
    adults = _hired(model)
    return float(adults.moved[adults.job > 0].mean())


@at_once("km")
def work_km(model: SchoolsModel) -> float:
    """Distance from home of those who have moved for work."""
    adults = _hired(model)
    gone = adults.moved & (adults.job > 0)
    home = model.nation.work.places.market[adults.area[gone]]
    return float(100 * model.nation.work.demand.distance[home, adults.market[gone]].mean())


@at_once("share")
def work_daily_away(model: SchoolsModel) -> float:
    """People who go every day to another labour market, if homes and room are everywhere alike."""
    adults, terms, demand = _everybody(model), model.terms, model.nation.work.demand
    scene = _scene(model, terms.values.recruitment)
    people = recruitment.seek(adults, model.nation.work.places, scene).people
    markets = demand.layout.region.size
    people = people._replace(home=(np.arange(people.ids.size) % markets).astype(np.int8))
    apart = np.asarray(scene.beliefs.distance * demand.distance, np.float32)
    liking = Liking(apart, scene.beliefs.reserve[0], demand.layout)
    best = appeal(people, liking, terms.key).argmax(axis=1).astype(np.int8)
    return float(((best != people.home) & commutes(people, best, liking)).mean())


# ---- Steps and pay -----------------------------------------------------------------------------


def _risen(model: SchoolsModel, reform: float = 0.0) -> Adults:
    """Let everybody in work begin at the bottom of the ladder and live some years."""
    adults, employers = _everybody(model), model.after.employers.copy()
    adults.grade_of_job = 0
    employers.reform = reform
    scene = _scene(model, model.terms.values.progression)
    for year in range(LADDER):
        progression.promote(adults, employers, scene._replace(year=model.year + year))
    return adults


def _origin_delay(adults: Adults) -> float:
    climbing = adults.job >= JOB_MIDDLE
    low = adults.occupation == OCCUPATION_WORKING
    return _gap(adults.grade_of_job, climbing & ~low, climbing & low)


@at_once("steps")
def steps_taken(model: SchoolsModel) -> float:
    """Steps in twelve years in middle and professional posts."""
    adults = _risen(model)
    return float(adults.grade_of_job[adults.job >= JOB_MIDDLE].mean())


@at_once("steps")
def steps_origin_gap(model: SchoolsModel) -> float:
    """The same, others less low origin."""
    return _origin_delay(_risen(model))


@at_once("steps")
def steps_reformed_gap(model: SchoolsModel) -> float:
    """The same when all employers promote by open criteria."""
    return _origin_delay(_risen(model, reform=1.0))


def _paid(model: SchoolsModel) -> tuple[Adults, NDArray[np.float64], Bools]:
    """Everybody, the logarithm of their pay, and who is in work."""
    adults = _everybody(model)
    progression.pay(
        adults, model.nation.work.log_pay, _scene(model, model.terms.values.progression)
    )
    busy = adults.job > 0
    return adults, np.log(np.where(busy, adults.pay, 1).astype(float)), busy


@at_once("log GBP a year")
def log_pay(model: SchoolsModel) -> float:
    """Pay of people in work."""
    _, paid, busy = _paid(model)
    return float(paid[busy].mean())


@at_once("log")
def pay_degree_gap(model: SchoolsModel) -> float:
    """Pay of graduates over that of others, in professional posts."""
    adults, paid, _ = _paid(model)
    top = adults.job == JOB_PROFESSIONAL
    return _gap(paid, top & (adults.degree > 0), top & (adults.degree == 0))


@at_once("log")
def pay_london_gap(model: SchoolsModel) -> float:
    """Pay in London over that elsewhere."""
    adults, paid, busy = _paid(model)
    there = adults.region == REGION_LONDON
    return _gap(paid, busy & there, busy & ~there)


@at_once("log")
def pay_origin_gap(model: SchoolsModel) -> float:
    """Pay in professional posts, other origins over low origin."""
    adults, paid, _ = _paid(model)
    top, low = adults.job == JOB_PROFESSIONAL, adults.occupation == OCCUPATION_WORKING
    return _gap(paid, top & ~low, top & low)


@at_once("log")
def pay_women_gap(model: SchoolsModel) -> float:
    """Pay of women less that of men."""
    adults, paid, busy = _paid(model)
    return _gap(paid, busy & adults.girl, busy & ~adults.girl)


@at_once("log")
def pay_spread(model: SchoolsModel) -> float:
    """Spread of pay."""
    _, paid, busy = _paid(model)
    return float(paid[busy].std())
