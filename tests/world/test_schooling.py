"""What of a school's gains is lost at 11, by kind, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.codes import PRIMARY, SECONDARY
from sim.world.schooling import Fading, fading, school_terms, taught
from sim.world.tables import Areas, Schools
from sim.year import learning
from tests.twins.cohorts import FIRST, KEY, NOBODY, SCHOOLS, believed, cohort, switches, values

EVER6 = 0b1111_1111
CALM: dict[str, Any] = {
    "noise_primary": 0.0, "peers_primary": 0.0, "heritage_primary": (0.0,) * 11,
    "gap_primary": (0.0,) * 5,
    "income_primary": 0.0, "education_primary": 0.0, "carry_primary": 0.5,
}  # fmt: skip


def tables() -> tuple[Schools, Areas]:
    """Schools of one area: value added .3, nothing else but disadvantaged pupils."""
    schools, areas = Schools(FIRST + SCHOOLS), Areas(1)
    schools.value_added, schools.pupils, schools.ever6 = 0.3, 210, 63
    return schools, areas


def lost(on: Any, **beliefs: float) -> tuple[np.ndarray, np.ndarray]:
    """What children of six years of primary lose at 11, and what they have, from nought."""
    schools, areas = tables()
    pupils = cohort(200)
    pupils.attain, pupils.made, pupils.come = 0, 0, 0
    known = believed(learning=CALM | beliefs)
    at_school = taught(schools, areas, known, on, PRIMARY)
    for grade in range(1, 7):
        learning.grow(pupils, pupils.birth_year + 5 + grade, KEY, known, on, EVER6, at_school)
    before = pupils.attain.copy()
    learning.fade(pupils, known.learning, on)
    here = pupils.school != NOBODY
    return (before - pupils.attain)[here], before[here]


def test_each_kind_of_gain_loses_its_own_share() -> None:
    """.3 of value added loses half, .2 of critical mass a fifth, a push of .07 four fifths."""
    on = switches(fade_by_source=True, primary_push=True)
    mean = values().teachers.ever6_mean
    gone, had = lost(
        on, fade=0.5, fade_density=0.2, fade_push=0.8, mass=0.2, mass_scale=1e-9, mass_others=1.0,
        push_primary=0.07 / (0.3 - mean),
    )  # fmt: skip
    assert had == pytest.approx(0.3 + 0.2 + 0.07, abs=1e-5)
    assert gone == pytest.approx(0.5 * 0.3 + 0.2 * 0.2 + 0.8 * 0.07, abs=1e-5)


def test_a_kind_that_lasts_loses_nothing_and_where_all_last_nothing_is_lost() -> None:
    on = switches(fade_by_source=True)
    gone, _ = lost(on, fade=0.5, fade_density=0.0, mass=0.2, mass_scale=1e-9, mass_others=1.0)
    assert gone == pytest.approx(0.5 * 0.3, abs=1e-5)
    gone, _ = lost(on, fade=0.0, fade_density=0.5, mass=0.2, mass_scale=1e-9, mass_others=1.0)
    assert gone == pytest.approx(0.5 * 0.2, abs=1e-5)
    gone, _ = lost(on, fade=0.0, fade_density=0.0)
    assert set(gone.tolist()) == {0.0}


def test_with_equal_shares_and_where_it_is_off_all_fades_as_ever_bit_for_bit() -> None:
    plain = lost(switches(fade_by_source=False))
    for on, beliefs in (
        (switches(fade_by_source=True), {"fade_density": values().learning.fade}),
        (switches(fade_by_source=False), {"fade_density": 0.0, "push_primary": 0.6}),
    ):
        for one, other in zip(plain, lost(on, **beliefs), strict=True):
            assert one.tobytes() == other.tobytes()


def test_early_support_enters_the_account_as_it_fades() -> None:
    on, known = switches(fade_by_source=True), believed(learning={"fade": 0.5, "fade_density": 0.2})
    ground = learning.Ground(np.full(40, 0.3, np.float32), np.zeros(40, np.float32))
    made = []
    for one in (switches(fade_by_source=False), on):
        pupils = cohort(200)
        pupils.registered, pupils.come = 1, 0
        learning.endow(pupils, known, one, ground, EVER6)
        made.append((pupils.attain.copy(), pupils.made.copy()))
    assert np.array_equal(made[0][0], made[1][0])
    assert made[0][1] == pytest.approx(0.3)
    assert 0.5 * made[1][1] == pytest.approx(0.2 * 0.3)


def test_shares_are_told_relative_to_the_largest() -> None:
    known = believed(learning={"fade": 0.4, "fade_density": 0.2, "fade_push": 0.8}).learning
    assert fading(known, switches(fade_by_source=False)) == Fading(0.4)
    assert fading(known, switches(fade_by_source=True)) == Fading(0.4, density=0.5)
    both = fading(known, switches(fade_by_source=True, primary_push=True))
    assert both == Fading(0.8, programmes=0.5, density=0.25, push=1.0)


def test_a_push_is_for_primaries_and_nought_at_the_mean_and_without_pupils() -> None:
    schools, areas = tables()
    schools.value_added = 0
    share = values().teachers.ever6_mean
    schools.pupils, schools.ever6 = 1000, round(1000 * share)
    schools.pupils[0] = schools.ever6[0] = 0
    on, known = switches(primary_push=True), believed(learning={"mass": 0.0, "push_primary": 0.5})
    found = school_terms(schools, areas, known, on, PRIMARY).lasting
    assert found[0] == 0
    assert found[1:] == pytest.approx(0.5 * (schools.ever6[1] / 1000 - share), abs=1e-6)
    schools.ever6 = 500
    assert school_terms(schools, areas, known, on, SECONDARY).lasting.tolist() == [0.0] * 13
