"""Recruitment: posts, schemes, and a market that clears over ages, levels and regions."""

import copy
import functools

import numpy as np
import pytest

from sim.codes import JOB_LEVELS, JOB_LOWER, JOB_MIDDLE, JOB_PROFESSIONAL, OFFER_MADE
from sim.config import compose
from sim.errors import BadRequest
from sim.markets.jobs import Scene
from sim.rng import Key
from sim.world.employers import Employers, row_of
from sim.year import funnel, recruitment
from tests.young_people import YEAR, cohort, demand, nine_areas

GRADES = range(14, 26)


composed = functools.cache(compose)


def scene(*overrides, year=YEAR):
    chosen = composed("baseline", overrides)
    return Scene(chosen.beliefs.values.recruitment, chosen.switches, Key(1, 0), year)


def of_schemes(*overrides):
    own = composed("baseline", overrides).beliefs.values.funnel
    return scene(*overrides)._replace(beliefs=own)


def young(size=1500):
    return [cohort(size, g, seed=g, first_id=1_000_000 * g) for g in GRADES]


def cleared(cohorts, *overrides, weight=1, base=None):
    """A whole market from nothing; returns the employers."""
    employers, places = Employers(), nine_areas(weight)
    if base is not None:
        employers.supply, employers.supply_base = base
    now = scene(*overrides)
    recruitment.open_posts(employers, cohorts, places, demand(), now)
    recruitment.recruit(cohorts, employers, places, demand(), now)
    return employers


def held(cohorts, level, weight=None):
    heavy = np.ones(9, np.int64) if weight is None else np.asarray(weight)
    return sum(int(heavy[c.area[c.job == level]].sum()) for c in cohorts)


def professional_by_origin(cohorts, grades):
    chosen = [c for g, c in zip(GRADES, cohorts, strict=True) if g in grades]
    occupation = np.concatenate([c.occupation for c in chosen])
    has = np.concatenate([c.job for c in chosen]) == JOB_PROFESSIONAL
    return np.array([100 * has[occupation == k].mean() for k in range(3)])


def test_everybody_has_one_job_or_none_and_every_post_one_holder_or_none():
    cohorts = young()
    employers = cleared(cohorts)
    for level in JOB_LEVELS:
        at = employers.at(level)
        region = np.concatenate([c.region[c.job == level] for c in cohorts])
        assert (np.bincount(region, minlength=9) == employers.filled[at]).all()
        assert (employers.filled[at] <= employers.posts[at]).all()
        assert (employers.filled_local[at] <= employers.filled[at]).all()
    for c in cohorts:
        assert ((c.job > 0) == (c.region >= 0)).all()
        assert (c.moved == ((c.job > 0) & (c.region != c.area))).all()
        assert not (c.left_to_get_on & ~c.moved).any()
        assert not c.job[(c.entered > 0) & (c.grade(YEAR) < 17)].any()


def test_professional_posts_are_all_filled_where_applicants_exceed_vacancies():
    weight = np.int64([3, 7, 1, 4, 9, 2, 5, 8, 6])
    cohorts = young()
    employers = cleared(cohorts, weight=weight)
    at = employers.at(JOB_PROFESSIONAL)
    unfilled = employers.vacancies[at] - employers.filled[at]
    assert (unfilled >= 0).all() and (unfilled < weight.max()).all()
    assert held(cohorts, JOB_PROFESSIONAL, weight) == employers.filled[at].sum()


def test_without_response_more_graduates_are_not_more_professional_jobs():
    few, many = young(), young()
    for c in many:
        more = (c.area == 3) & (c.degree == 0) & (c.level3 > 0) & (c.grade(YEAR) >= 17)
        c.degree[more] = 3
    before, after = (cleared(x, "beliefs.recruitment.vacancy_response=0") for x in (few, many))
    assert (before.posts == after.posts).all()
    assert held(few, JOB_PROFESSIONAL) == held(many, JOB_PROFESSIONAL)
    assert (
        after.supply[row_of(3, JOB_PROFESSIONAL)] > before.supply[row_of(3, JOB_PROFESSIONAL)]
    ).all()
    # What the North East gains others lose.
    there = [sum((c.job[c.area == 3] == JOB_PROFESSIONAL).sum() for c in x) for x in (few, many)]
    assert there[1] > there[0]


@pytest.mark.parametrize(("response", "factor"), [(0, 1), (0.5, 1.1**0.5), (1, 1.1)])
def test_posts_follow_last_years_supply_by_the_response(response, factor):
    plain = cleared(young(300))
    base = np.full(27, 0.44), np.full(27, 0.4)
    moved = cleared(young(300), f"beliefs.recruitment.vacancy_response={response}", base=base)
    for level, expected in ((JOB_PROFESSIONAL, factor), (JOB_MIDDLE, factor), (JOB_LOWER, 1)):
        at = plain.at(level)
        assert moved.posts[at] == pytest.approx(plain.posts[at] * expected, abs=1.5)


def test_a_region_nobody_was_raised_in_is_closed():
    cohorts = young(600)
    for c in cohorts:
        c.area[c.area == 2] = 5
    employers = cleared(cohorts)
    assert not employers.posts[employers.region == 2].any()
    assert all(not (c.region == 2).any() for c in cohorts)


def test_posts_are_kept_unless_a_better_one_is_found():
    cohorts = young(600)
    cleared(cohorts)
    before = [c.copy() for c in cohorts]
    employers, places, now = Employers(), nine_areas(), scene(year=YEAR)
    recruitment.open_posts(employers, cohorts, places, demand(), now)
    recruitment.recruit(cohorts, employers, places, demand(), now)
    for old, new in zip(before, cohorts, strict=True):
        assert (new.job >= old.job).all()
        same = (new.job == old.job) & (old.job > 0)
        assert (new.region[same] == old.region[same]).all()


def test_vacancies_are_what_nobody_holds():
    cohorts = young(600)
    first = cleared(cohorts)
    again = Employers()
    recruitment.open_posts(again, cohorts, nine_areas(), demand(), scene())
    at = first.at(JOB_PROFESSIONAL)
    assert (again.vacancies[at] == first.posts[at] - first.filled[at]).all()


def test_steps_up_count_on_the_way_from_a_middle_to_a_professional_post():
    cohorts = young(900)
    cleared(cohorts)
    for c in cohorts:
        c.grade_of_job[:] = 2
    old = [c.copy() for c in cohorts]
    gone = [c.job == JOB_PROFESSIONAL for c in cohorts]
    for c, leave in zip(cohorts, gone, strict=True):  # everybody in a professional post leaves
        c.job[leave], c.market[leave], c.region[leave], c.entered[leave] = 0, -1, -1, 1
    employers = Employers()
    now = scene("beliefs.recruitment.search_again=0.3")
    recruitment.open_posts(employers, cohorts, nine_areas(), demand(), now)
    recruitment.recruit(cohorts, employers, nine_areas(), demand(), now)
    for was, c in zip(old, cohorts, strict=True):
        rose = (was.job == JOB_MIDDLE) & (c.job == JOB_PROFESSIONAL)
        fresh = (was.job == JOB_LOWER) & (c.job > JOB_LOWER)
        assert (c.grade_of_job[rose] == 2).all() and not c.grade_of_job[fresh].any()


def test_the_order_of_people_and_of_cohorts_changes_nothing():
    cohorts = young(400)
    shuffled = []
    for k, c in enumerate(cohorts):
        twin = c.copy()
        order = np.random.default_rng(k).permutation(c.rows)
        twin.data = {name: values[order].copy() for name, values in c.data.items()}
        shuffled.append((twin, order))
    cleared(cohorts)
    cleared([twin for twin, _ in shuffled][::-1])
    for c, (twin, order) in zip(cohorts, shuffled, strict=True):
        for name in ("job", "region", "moved", "left_to_get_on"):
            assert (twin.get(name) == c.get(name)[order]).all()


def test_jobs_by_origin_are_as_published():
    cohorts = young(6000)
    cleared(cohorts)
    got = professional_by_origin(cohorts, range(20, 25))
    assert got == pytest.approx([59.8, 46.2, 35.7], abs=4)


def test_attachment_and_outside_options_move_who_leaves():
    shares = []
    for overrides in (
        (),
        ("switches.attachment=false",),
        ("beliefs.recruitment.reserve=[4,2.5,2]",),
    ):
        cohorts = young(1500)
        cleared(cohorts, *overrides)
        shares.append(np.mean(np.concatenate([c.moved for c in cohorts])))
    with_home, without, bolder = shares
    assert without > 2 * with_home and bolder > with_home


def test_by_luck_alone_nothing_a_person_has_counts():
    cohorts = young(4000)
    cleared(cohorts, "switches.recruitment=false")
    old = cohorts[6:]
    rate = [
        np.mean(np.concatenate([c.job[(c.degree > 0) == d] for c in old]) == JOB_PROFESSIONAL)
        for d in (False, True)
    ]
    assert rate[1] == pytest.approx(rate[0], abs=0.02)


# ---- graduate schemes --------------------------------------------------------------------------


def schemes(*overrides, contextual=0.0, blind=0.0, groups=("working",), cohorts=6, size=120_000):
    total = None
    now = of_schemes(*overrides)
    places = int(now.beliefs.scheme_share * 0.483 * size)
    for seed in range(cohorts):
        people = cohort(size, 18, seed=100 + seed, first_id=(10 + seed) * 1_000_000)
        selection = funnel.Selection(places, contextual, blind, groups)
        cells = funnel.funnel(people, nine_areas().weight, selection, now)
        total = (
            cells
            if total is None
            else funnel.Cells(*(a + b for a, b in zip(total, cells, strict=True)))
        )
    return total


def chance_error(cells):
    return 1 / np.sqrt(cells.offered[2].sum())


def test_offers_fill_the_places_and_come_after_the_sift():
    cells = schemes(cohorts=1)
    assert cells.offered.sum() == int(0.037 * 0.483 * 120_000)
    assert cells.sifted.sum() == pytest.approx(cells.offered.sum() * 3.333, abs=2)
    assert (cells.offered <= cells.sifted).all() and (cells.sifted <= cells.applied).all()
    assert cells.offered.sum() / cells.applied.sum() == pytest.approx(0.09, abs=0.03)


def test_only_applicants_are_marked_and_people_of_weight_take_as_many_places():
    people = cohort(40_000, 18)
    weight = np.int64([3, 7, 1, 4, 9, 2, 5, 8, 6])
    cells = funnel.funnel(people, weight, funnel.Selection(3000, 0.1, 0.0, ("fsm",)), of_schemes())
    assert 3000 - 9 < cells.offered.sum() <= 3000
    assert weight[people.area[people.offer == OFFER_MADE]].sum() == cells.offered.sum()
    assert (people.degree[people.offer >= 0] > 0).all()
    assert (people.degree[people.offer >= 0] < 3).all()


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 1.0])
def test_the_raw_shortfall_in_offers_is_the_same_all_along_the_line(weight):
    cells = schemes(f"beliefs.funnel.credentials={weight}", contextual=0.1)
    assert funnel.raw_ratio(cells) == pytest.approx(0.68, abs=0.06)


def test_like_for_like_falls_as_credentials_count_less():
    ratios = [
        funnel.like_for_like(schemes(f"beliefs.funnel.credentials={k}")) for k in (0.0, 0.5, 1.0)
    ]
    assert ratios == pytest.approx([0.69, 0.87, 1.05], abs=0.08)


def test_without_background_like_is_treated_as_like_and_a_raw_gap_remains():
    cells = schemes("switches.after_school_background=false")
    assert abs(funnel.like_for_like(cells) - 1) < 2 * chance_error(cells)
    assert funnel.raw_ratio(cells) < 0.9  # what attainment and place imply


def test_contextual_recruitment_and_a_blind_sift_move_offers_not_their_number():
    now = schemes(contextual=0.1)
    contextual, blind = schemes(contextual=1.0), schemes(contextual=0.1, blind=1.0)
    assert contextual.offered.sum() == blind.offered.sum() == now.offered.sum()
    base = funnel.raw_ratio(now)
    assert funnel.raw_ratio(contextual) > base + 0.03
    assert base + 0.02 < funnel.raw_ratio(blind) < 1.0  # the interview still sees background
    favoured = schemes(contextual=1.0, groups=("fsm",))
    assert funnel.raw_ratio(favoured) > base  # FSM and low origin overlap


def test_an_offer_brings_a_professional_post():
    cohorts = young(3000)
    now = of_schemes()
    funnel.funnel(cohorts[4], nine_areas().weight, funnel.Selection(80, 0.1, 0, ("working",)), now)
    cleared(cohorts)
    assert (cohorts[4].job[cohorts[4].offer == OFFER_MADE] == JOB_PROFESSIONAL).all()


def test_ratios_of_nothing_are_not_numbers():
    nothing = funnel.Cells(*(np.zeros((3, funnel.CELLS), np.int64) for _ in range(3)))
    assert np.isnan(funnel.raw_ratio(nothing)) and np.isnan(funnel.like_for_like(nothing))


# ---- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("policy.hiring.contextual_adoption=1.2", "from 0 to 1"),
        ("policy.hiring.blind_sift_adoption=-0.1", "from 0 to 1"),
        ("policy.progression.reform_adoption=2", "from 0 to 1"),
        ("policy.hiring.groups=[workin]", "Did you mean 'working'?"),
        ("policy.hiring.groups=[]", "name at least one"),
        ("policy.hiring.groups=working", "not a list of groups"),
        ("policy.hiring.group=[fsm]", "Did you mean 'groups'?"),
        ("beliefs.recruitment.vacancy_response=1.5", "outside its range 0 to 1"),
        ("beliefs.recruitment.vacancy_response=-0.1", "outside its range 0 to 1"),
    ],
)
def test_levers_out_of_range_and_unknown_groups_are_refused(override, says):
    with pytest.raises(BadRequest, match=says.replace("?", r"\?")) as refused:
        compose("contextual_recruitment", [override])
    assert refused.value.exit_status == 2


def test_every_scenario_for_employers_moves_its_lever():
    assert compose("contextual_recruitment").policy.hiring.contextual_adoption == 1
    assert compose("blind_sift").policy.hiring.blind_sift_adoption == 1
    assert compose("fair_progression").policy.progression.reform_adoption == 1


def test_copies_share_nothing():
    employers = Employers()
    twin = copy.deepcopy(employers.data)
    employers.copy().posts[:] = 5
    assert (employers.posts == twin["posts"]).all()
