"""The learning equations, worked by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.world import schooling
from sim.world.home import home_terms
from sim.world.pupils import Pupils
from sim.world.tables import Areas, Schools
from sim.year import learning
from tests.twins.cohorts import FIRST, KEY, NOBODY, SCHOOLS, believed, cohort, switches, values

EVER6 = 0b1111_1111
STAGES = [(range(1, 7), 1), (range(7, 12), 7)]
CALM: dict[str, Any] = {
    "noise_primary": 0.0, "noise_secondary": 0.0, "setting": 0.0, "peers_primary": 0.0,
    "peers_secondary": 0.0,
}  # fmt: skip


def nothing() -> list[np.ndarray]:
    return [np.zeros(FIRST + SCHOOLS, np.float32) for _ in range(4)]


def whole(terms: list[np.ndarray]) -> schooling.Taught:
    """All of it in the account of what fades."""
    return schooling.Taught(schooling.SchoolTerms(*terms), schooling.SchoolTerms(*terms))


def taught(grades: range, terms: list[np.ndarray], *, start: float = 0.0) -> Pupils:
    """A cohort without luck, peers, setting or background, after some years."""
    pupils = cohort(300)
    pupils.attain, pupils.made, pupils.income, pupils.parents = start, 0, 0, 0
    pupils.heritage, pupils.come = 0, 0
    quiet = believed(
        learning={**CALM, "heritage_primary": (0.0,) * 11, "heritage_secondary": (0.0,) * 11},
        people={"income_mean": 0.0},
    )
    for grade in grades:
        year = pupils.birth_year + 5 + grade
        learning.grow(pupils, year, KEY, quiet, switches(), EVER6, whole(terms))
    return pupils


@pytest.mark.parametrize(("grades", "grade"), STAGES)
def test_a_constant_push_adds_exactly_its_stage_effect_by_the_end(
    grades: range, grade: int
) -> None:
    terms = nothing()
    terms[0][:], terms[1][:] = 0.3, 0.1
    pupils = taught(grades, terms)
    here = pupils.school != NOBODY
    poor = (pupils.registered & EVER6) != 0
    assert pupils.attain[here & ~poor] == pytest.approx(0.3, abs=1e-6)
    assert pupils.attain[here & poor] == pytest.approx(0.4, abs=1e-6)
    assert set(pupils.attain[~here].tolist()) == {0.0}


@pytest.mark.parametrize(("grades", "grade"), STAGES)
def test_what_was_there_is_carried_over_by_the_stage_share(grades: range, grade: int) -> None:
    pupils = taught(grades, nothing(), start=2.0)
    poor = (pupils.registered & EVER6) != 0
    known = values().learning
    carried = known.carry_primary if grade == 1 else known.carry_secondary
    relative = 1.0 if grade == 1 else known.carry_disadvantaged
    assert pupils.attain[~poor] == pytest.approx(2 * carried, rel=1e-6)
    assert pupils.attain[poor] == pytest.approx(2 * carried * relative, rel=1e-6)


@pytest.mark.parametrize(("grades", "grade"), STAGES)
def test_yearly_noise_adds_up_to_that_of_the_stage(grades: range, grade: int) -> None:
    known = values().learning
    found = learning.stage(values(), switches(), grade)
    stage = known.noise_primary if grade == 1 else known.noise_secondary
    more = 1.0 if grade == 1 else known.noise_disadvantaged
    for carry, noise, total in (
        (found.carry, found.noise, stage),
        (found.carry_dis, found.noise_dis, stage * more),
    ):
        variance = sum((float(noise) * float(carry) ** k) ** 2 for k in range(len(grades)))
        assert variance == pytest.approx(total**2, rel=1e-5)


def test_a_flow_enters_as_it_is_and_wears_off_like_all_attainment() -> None:
    terms = nothing()
    terms[2][:], terms[3][:] = 0.05, 0.02
    once = taught(range(1, 2), terms)
    poor, here = (once.registered & EVER6) != 0, once.school != NOBODY
    assert once.attain[here & ~poor] == pytest.approx(0.05)
    assert once.attain[here & poor] == pytest.approx(0.07)
    assert np.array_equal(once.made, once.attain)


def test_what_schools_made_in_primary_is_kept_apart_and_a_part_is_lost_at_eleven() -> None:
    terms = nothing()
    terms[0][:] = 0.3
    pupils = taught(range(1, 7), terms, start=1.0)
    here = pupils.school != NOBODY
    assert pupils.made[here] == pytest.approx(0.3, abs=1e-6)
    before = pupils.attain.copy()
    learning.fade(pupils, values().learning, switches(fade=False))
    assert np.array_equal(pupils.attain, before)
    learning.fade(pupils, values().learning, switches())
    lost = values().learning.fade * 0.3
    assert (before - pupils.attain)[here] == pytest.approx(lost, abs=1e-6)


def test_reception_adds_only_what_money_adds() -> None:
    terms = nothing()
    terms[0][:], terms[2][:] = 9.0, 0.1
    pupils = taught(range(0, 1), terms, start=1.0)
    here = pupils.school != NOBODY
    assert pupils.attain[here] == pytest.approx(1.1)
    assert set(pupils.attain[~here].tolist()) == {1.0}


def test_peers_pull_towards_the_schools_mean_and_setting_harms_poor_pupils_below_it() -> None:
    pupils = Pupils(4, 2008)
    pupils.school, pupils.attain = FIRST, [1.0, -1.0, 1.0, -1.0]
    pupils.registered = [0, 0, 1, 1]
    pupils.sort(FIRST, SCHOOLS)
    pupils.attain = pupils.attain + 0.5
    quiet = believed(
        learning={
            **CALM,
            "peers_secondary": 0.1,
            "setting": 0.04,
            "carry_disadvantaged": 1.0,
            "heritage_secondary": (0.0,) * 11,
        },
        people={"income_mean": 0.0},
    )
    stage = learning.stage(quiet, switches(), 8)
    learning.grow(pupils, 2021, KEY, quiet, switches(), EVER6, whole(nothing()))
    mean, below = 0.5, 1.0
    for i, (start, poor) in enumerate([(1.5, 0), (-0.5, 0), (1.5, 1), (-0.5, 1)]):
        lost = 0.04 * poor * (below if start < mean else 0)
        expected = float(stage.carry) * start + float(stage.share) * (0.1 * mean - lost)
        assert pupils.attain[i] == pytest.approx(expected, abs=1e-6)


def test_switches_turn_single_terms_off() -> None:
    on = learning.stage(values(), switches(), 8)
    off = learning.stage(values(), switches(peers=False, setting=False), 8)
    assert (off.peers, off.setting) == (0, 0)
    assert off._replace(peers=on.peers, setting=on.setting) == on
    bare = switches(background=False)
    plain, home = learning.stage(values(), bare, 8), home_terms(values(), bare, 8)
    assert (home.income, home.education, plain.setting) == (0, 0, 0)
    assert (plain.carry_dis, plain.share_dis, plain.noise_dis) == (
        plain.carry, plain.share, plain.noise,
    )  # fmt: skip
    assert not home_terms(values(), bare, 3).progress.any()


def test_endowment_worked_by_hand() -> None:
    """Income 1 SD above the mean, parents 0.5, heritage 3, small area 7, a draw of 0.2."""
    pupils = Pupils(2, 2018)
    known = values()
    income = known.people.income_mean + known.people.income_sd
    pupils.income, pupils.parents, pupils.heritage, pupils.small = income, 0.5, 3, 7
    pupils.attain, pupils.registered = 0.2, [0, 1]
    support, residual = np.zeros(9, np.float32), np.zeros(9, np.float32)
    support[7], residual[7] = 0.3, -0.05
    learning.endow(pupils, known, switches(), learning.Ground(support, residual), EVER6)
    home = known.learning.income_early * (1 - known.learning.heritage_flatter[3])
    home += 0.5 * known.learning.education_early + known.learning.heritage_early[3]
    luck = known.learning.noise_early * 0.2 - 0.05
    assert pupils.attain.tolist() == pytest.approx([home + 0.15 + luck, home + 0.3 + luck])
    assert pupils.made.tolist() == pytest.approx([0.15, 0.3])


def test_critical_mass_starts_at_nothing_and_has_63_percent_at_its_scale() -> None:
    known = SimpleNamespace(mass_scale=10.0)
    found = schooling.primary_mass(np.array([0, 70, 700_000]), known)
    assert found.tolist() == pytest.approx([0, 1 - np.exp(-1), 1])
    steps = np.diff(schooling.primary_mass(np.arange(300), known))
    assert np.all(steps > 0) and np.all(np.diff(steps) < 0)


def test_what_a_school_adds_worked_by_hand() -> None:
    schools, areas = Schools(2), Areas(2)
    schools.area, schools.phase = [1, 0], [0, 1]
    schools.value_added, schools.differential = [0.2, 0.1], [0.05, 0.0]
    schools.ever6, schools.teaching = [70, 0], [0.01, -0.02]
    schools.flow_all = [[0.03, 9, 9, 9, 9]] * 2
    schools.flow_dis = [[0.04, 9, 9, 9, 9]] * 2
    areas.ks2_residual, areas.ks4_residual = [0.0, 0.06], [0.07, 0.0]
    known = believed(learning={"mass": 0.4, "mass_scale": 10.0, "mass_others": 0.25})
    mass = 0.4 * (1 - np.exp(-1))
    primary = schooling.school_terms(schools, areas, known, switches(), 0)
    assert [float(term[0]) for term in primary] == pytest.approx(
        [0.2 + 0.25 * mass + 0.06, 0.05 + 0.75 * mass, 0.04, 0.04]
    )
    secondary = schooling.school_terms(schools, areas, known, switches(), 1)
    assert [float(term[1]) for term in secondary] == pytest.approx([0.17, 0.0, 0.01, 0.04])
    bare = switches(value_added=False, critical_mass=False)
    assert schooling.school_terms(schools, areas, known, bare, 0)[0][0] == pytest.approx(0.06)
