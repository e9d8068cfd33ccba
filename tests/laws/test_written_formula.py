"""A run by the published file is a run by the published formula, in every number."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config import compose
from sim.study.cells import at, digest, simulate

WORDS = ["world=tiny", "years=2", "machine.threads=1"]


@pytest.mark.slow
def test_the_published_file_is_the_published_formula_in_every_variable() -> None:
    published = at(compose("baseline", WORDS), 0, 0)
    written = at(compose("baseline", [*WORDS, "policy.funding.rule=rates"]), 0, 0)
    assert digest(published) != digest(written)
    one, other = simulate(published), simulate(written)
    assert set(one.variables) == set(other.variables)
    for name, variable in one.variables.items():
        is_number = variable.dtype.kind == "f"
        assert np.array_equal(variable.values, other[name].values, equal_nan=is_number), name
