import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import BadRequest
from sim.record.variables import FULL_EXPOSURE
from sim.tabulate.windows import exposures, window

AGES = st.sampled_from(sorted(FULL_EXPOSURE))


@given(st.integers(1, 60), AGES)
def test_a_headline_never_mixes_exposures(years: int, age: str) -> None:
    chosen = window(np.arange(-3, years + 1), age)
    lived = exposures(chosen.years, age)
    if age != "none":
        assert len(set(lived.tolist())) <= 1
    if chosen.years:
        assert chosen.years[-1] == years
        assert 1 <= len(chosen.years) <= 5
        assert min(chosen.years) >= FULL_EXPOSURE[age]
    else:
        assert years < FULL_EXPOSURE[age]
        assert chosen.note.startswith("not reached")


def test_asked_years_stay_side_by_side() -> None:
    recorded = np.arange(-3, 23)
    assert window(recorded, "ks4", 8).pooled
    assert not window(recorded, "ks4", [8, 12]).pooled
    assert window(recorded, "ks4", "each").years == tuple(range(-3, 23))


@pytest.mark.parametrize("years", [23, [1, 40], []])
def test_years_that_were_not_recorded_are_refused(years: object) -> None:
    with pytest.raises(BadRequest, match="-3 to 22"):
        window(np.arange(-3, 23), "ks4", years)  # type: ignore[arg-type]
