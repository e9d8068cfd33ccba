"""How far results of areas persist, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config import compose
from sim.data import facts
from sim.errors import BadRequest
from sim.evidence.persistence import LAGS, LEAST_YEARS, persistence
from sim.evidence.scorecard import AFTER, PERSISTENCE, SAMPLE, _row, scorecard

ALIKE = np.array([1.0, 1, 1, 1, -1, -1, -1, -1])
DRAWS = [  # nothing in common with it or with each other
    np.array([1.0, 1, -1, -1, 1, 1, -1, -1]),
    np.array([1.0, -1, 1, -1, 1, -1, 1, -1]),
    np.array([1.0, -1, -1, 1, 1, -1, -1, 1]),
    np.array([1.0, 1, -1, -1, -1, -1, 1, 1]),
    np.array([1.0, -1, 1, -1, -1, 1, -1, 1]),
]


def walked(lost: float) -> list[dict[str, np.ndarray]]:
    years, keep = [ALIKE], 1 - lost
    for draw in DRAWS:
        years.append(keep * years[-1] + np.sqrt(1 - keep**2) * draw)
    return [{"progress8": values} for values in years]


def test_correlations_of_a_walk_are_the_share_kept_to_the_power_of_the_lag() -> None:
    found = persistence(walked(0.1))
    assert found == pytest.approx({f"persistence_progress8_{lag}": 0.9**lag for lag in LAGS})


def test_only_the_last_six_years_count_and_pairs_are_averaged() -> None:
    """Years that change sign come before six that stand still."""
    still = [{"progress8": ALIKE}] * LEAST_YEARS
    assert persistence([{"progress8": -ALIKE}, *still]) == pytest.approx(
        {f"persistence_progress8_{lag}": 1.0 for lag in LAGS}
    )
    halves = persistence([{"progress8": ALIKE}, {"progress8": ALIKE}, {"progress8": -ALIKE}])
    assert halves == pytest.approx({"persistence_progress8_1": 0.0})


def test_areas_where_nobody_sat_are_left_out_and_too_few_areas_say_nothing() -> None:
    gone = ALIKE.copy()
    gone[0] = np.nan
    found = persistence([{"progress8": gone}, {"progress8": -ALIKE}])
    assert found == pytest.approx({"persistence_progress8_1": -1.0})
    assert persistence([{"progress8": ALIKE[:2]}, {"progress8": ALIKE[:2]}]) == {}
    assert persistence([]) == {}


def test_without_years_after_year_0_the_scorecard_says_what_to_ask_for() -> None:
    targets = [target for target in facts.targets() if target.number == PERSISTENCE]
    assert len(targets) == 11
    for target in targets:
        row = _row(target, [{}], sample=False)
        assert (row["verdict"], row["why"]) == ("absent", AFTER)
        assert _row(target, [{}], sample=True)["why"] == SAMPLE
        low, high = target.tolerance
        seen = _row(target, [{target.name: (low + high) / 2}], sample=False)
        assert seen["verdict"] == "pass"


@pytest.mark.parametrize(
    ("world", "years", "said"),
    [
        ("england", 3, "Give --years-after 6 to 60"),
        ("england", -1, "Give --years-after 6 to 60"),
        ("england", 61, "Give --years-after 6 to 60"),
        ("tenth", 12, "Take world=england"),
    ],
)
def test_years_that_show_nothing_are_refused_before_anything_is_lived(
    world: str, years: int, said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        scorecard(compose("baseline", [f"world={world}"]), years)
