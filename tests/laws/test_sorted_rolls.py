"""Rolls are counted only where children are sorted by the schools of their phase."""

from __future__ import annotations

import pytest

from sim.model.census import census_of
from tests.laws import worlds


def test_children_who_are_not_sorted_are_refused_before_a_kernel_sees_them() -> None:
    model = worlds.model()
    nation, year = model.nation, model.year
    # The year has turned: a Reception is born, and Year 6 will sit at other schools in autumn.
    with pytest.raises(RuntimeError, match="sort by school before rolls are counted"):
        census_of(nation.world, year, nation.terms, nation.crew)
