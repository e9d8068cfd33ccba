"""Nothing that leaves the model could name a school: the ground is real, the schools stand-ins."""

from __future__ import annotations

import numpy as np

from sim.data import ground
from tests.laws import worlds

PLACES = (
    "x",
    "y",
    "lat",
    "lon",
    "easting",
    "northing",
    "roll",
    "urn",
    "postcode",
    "gender",
    "faith",
)


def test_results_hold_no_position_of_a_school_and_nothing_of_its_site() -> None:
    results = worlds.cell("baseline")
    for name, values in results.variables.items():
        words = str(name).split("_")
        assert not set(words) & set(PLACES), name
        if "school" in values.dims and values.dtype.kind == "f":
            # No column of schools is a column of the table of sites in another unit.
            for site in ("x", "y", "roll", "sparsity_miles"):
                there = getattr(ground.sites(), site).astype(float)
                flat = values.values.reshape(len(results["school"]), -1)[:, -1]
                kept = there[: flat.size]
                if np.ptp(flat) > 0:
                    assert abs(np.corrcoef(flat, kept)[0, 1]) < 0.99, name


def test_a_school_goes_by_its_area_phase_and_a_number_that_says_nothing() -> None:
    results = worlds.cell("baseline")
    number = results["school"].values.astype(np.int64)
    assert np.unique(number).size == number.size
    assert (number % 1024 < 512).all()
